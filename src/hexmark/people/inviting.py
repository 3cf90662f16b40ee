"""Inviting people whom the organisation knows: a mail with a link to join."""

from __future__ import annotations

from django.db import transaction

from hexmark.access import Actor
from hexmark.errors import Conflict
from hexmark.mail.actions import queue
from hexmark.mail.letters import Letter
from hexmark.people.joining import join_link
from hexmark.people.models import Person


@transaction.atomic
def invite(person: Person, *, actor: Actor) -> None:
    """A mail is on its way to the person, in their language, with a link to open an account or to join with one.

    Raises:
        NotPermitted: the actor may not edit people here.
        Conflict: they have an account here already, or have left.
    """
    if person.left_at is not None:
        raise Conflict(f"{person.name} has left. Have them back first.")
    context = {"sender": person.organisation.name, "name": person.name, "by": actor.label, "link": join_link(person, actor=actor)}
    queue(Letter(person.email, "invitation", person.language, context, person.organisation_id, about=person.public_id, secret=True))
