"""What follows for opportunities when holdings change, somebody joins, leaves or moves, or an account is linked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hexmark.events.models import Event
from hexmark.events.subscriptions import subscribe
from hexmark.holdings.event_types import EventType as Held
from hexmark.jobs import wake
from hexmark.people.event_types import EventType as People
from hexmark.people.models import Person


@subscribe("opportunities.holdings", Held.HOLDINGS_CHANGED, Held.HOLDING_EXPIRED)
def look_again(events: Sequence[Event]) -> None:
    """Whoever holds something else than before stands anew at every gate: here, and wherever else the same account is known."""
    _stand(key for event in events for key in (*event.data.get("people", ()), event.data.get("person")) if isinstance(key, int))


@subscribe("opportunities.people", People.ROLE_GIVEN, People.ROLE_ENDED, People.ACCOUNT_LINKED, People.PERSON_CHANGED, People.PERSON_ADDED)
def look_at_people(events: Sequence[Event]) -> None:
    """Months in a role and what an account brings with it count from now on."""
    ids = {event.subject_id for event in events}
    _stand(Person.objects.filter(public_id__in=ids).values_list("pk", flat=True))


def _stand(keys: Iterable[int]) -> None:
    wanted = set(keys)
    accounts = Person.objects.filter(pk__in=wanted, account__isnull=False).values("account_id")
    wanted |= set(Person.objects.present().filter(account_id__in=accounts).values_list("pk", flat=True))
    for person_id in sorted(wanted):
        wake("opportunities.stand_person", person_id)
