"""Whoever may edit people does not thereby choose whom they manage or lead: what a manager sees follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db.models import F

from hexmark.access import Access, Actor, Permission
from hexmark.errors import NotPermitted
from hexmark.people.lines import people_led_by
from hexmark.people.models import Membership, Person, Team


def chooses_freely(actor: Actor) -> bool:
    """Whether the actor may put people below themselves: who grants access may, and who is no person has nobody below."""
    return actor.may(Permission.GRANT_ACCESS) or actor.person_id is None


def led_by(actor: Actor) -> set[int]:
    """Keys of everybody whom the actor manages or leads now."""
    led = Person.objects.filter(pk__in=people_led_by(actor.person_id or 0))
    return set(led.values_list("pk", flat=True))


@contextmanager
def nobody_new_below(actor: Actor) -> Iterator[None]:
    """Whatever is written within the block, the actor manages and leads nobody afterwards whom they did not before.

    Raises:
        NotPermitted: it would be so, directly or through others; the transaction around the block must be undone.
    """
    if chooses_freely(actor):
        yield
        return
    before = led_by(actor)
    yield
    if led_by(actor) - before:
        raise NotPermitted("Nobody puts people into their own line or team. A badge administrator can do that.")


def check_may_end(person: Person, actor: Actor) -> None:
    """Pass silently where the actor may end this person's time here, and with it their access.

    Raises:
        NotPermitted: the person is a badge administrator, and the actor is none.
    """
    if not actor.may(Permission.GRANT_ACCESS) and Membership.objects.filter(person=person, access=Access.STEWARD).exists():
        raise NotPermitted(f"{person.name} is a badge administrator. Only a badge administrator can end that.")


def manage_nobody(person_ids: Sequence[int]) -> None:
    """Nobody reports to these people any more, and they lead no team: who comes back does not come back to that."""
    Person.objects.filter(manager__in=person_ids).update(manager=None, version=F("version") + 1)
    Team.objects.filter(lead__in=person_ids).update(lead=None)
