"""The request as our views see it: with the actor who makes it."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from hexmark.access import Actor
from hexmark.people.models import Person


class Request(HttpRequest):
    """A request after our middleware. `person` is the signed-in human's record in the active organisation."""

    actor: Actor
    person: Person | None
    #: Whether rights are withheld until the account has a second factor.
    needs_second_factor: bool
    htmx: HtmxDetails
