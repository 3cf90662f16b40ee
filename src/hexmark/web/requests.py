"""The request as our views see it: with the actor who makes it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
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


class WithoutNul:
    """Leaves U+0000 out of what is asked in an address: nobody types it, and PostgreSQL refuses to compare anything with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer to the rest of the question."""
        asked = request.META.get("QUERY_STRING", "")
        if "%00" in asked and not request.path_info.startswith("/api/"):
            # Before anything reads `request.GET`, which is made of this. Programs are told instead (api/door.py).
            request.META["QUERY_STRING"] = asked.replace("%00", "")
        return self.get_response(request)
