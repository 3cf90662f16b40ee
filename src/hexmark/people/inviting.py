"""Inviting people whom the organisation knows: a mail with a link to join."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from hexmark.access import Actor
from hexmark.errors import Conflict
from hexmark.mail.actions import queue
from hexmark.mail.letters import Letter
from hexmark.mail.models import Message
from hexmark.organisations.models import Organisation
from hexmark.people.joining import join_link
from hexmark.people.models import Person

DAY = timedelta(days=1)
MOST_TO_ONE = 3
MOST_TO_ALL = 2000


@transaction.atomic
def invite(person: Person, *, actor: Actor) -> None:
    """A mail is on its way to the person, in their language, with a link to open an account or to join with one.

    Raises:
        NotPermitted: the actor may not edit people here.
        Conflict: they have an account here already, have left, or were invited often enough today.
    """
    if person.left_at is not None:
        raise Conflict(f"{person.name} has left. Have them back first.")
    _check_number(person)
    context = {"sender": person.organisation.name, "name": person.name, "by": actor.label, "link": join_link(person, actor=actor)}
    queue(Letter(person.email, "invitation", person.language, context, person.organisation_id, about=person.public_id, secret=True))


def _check_number(person: Person) -> None:
    """Mail in somebody's name is not to become a flood: neither to one person nor to many."""
    # The organisation's row is held, so that two who press at the same moment are counted one after the other.
    Organisation.objects.select_for_update(no_key=True).get(pk=person.organisation_id)
    today = Message.objects.filter(organisation_id=person.organisation_id, queued_at__gt=timezone.now() - DAY, template="invitation")
    if today.filter(about=person.public_id).count() >= MOST_TO_ONE:
        raise Conflict(f"{person.name} was invited {MOST_TO_ONE} times within a day. Ask them to look where their mail programs keep spam.")
    if today.count() >= MOST_TO_ALL:
        raise Conflict(f"{MOST_TO_ALL:,} people were invited within a day. Go on tomorrow.")
