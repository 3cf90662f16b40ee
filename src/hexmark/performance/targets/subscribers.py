"""What follows for targets when others record something. Each only marks what is to be looked at again; a job looks."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from hexmark.events.models import Event
from hexmark.events.subscriptions import subscribe
from hexmark.holdings.event_types import EventType as Holdings
from hexmark.measures.event_types import EventType as Measures
from hexmark.people.event_types import EventType as People
from hexmark.people.models import Person
from hexmark.performance.targets.checking import mark_stale, mark_stale_of_people
from hexmark.performance.targets.roles import give_to_person, pause_of_person, resume_of_person


@subscribe("performance.targets_held", Holdings.HOLDINGS_CHANGED, Holdings.HOLDING_EXPIRED)
def look_at_held(events: Sequence[Event]) -> None:
    """What people hold changed: their targets may be met, or not any more."""
    people: set[int] = set()
    for event in events:
        people.update(int(key) for key in event.data.get("people", ()))
        if "person" in event.data:
            people.add(int(event.data["person"]))
    mark_stale_of_people(people)


@subscribe("performance.targets_measured", Measures.VALUES_CHANGED, Measures.OBJECTED, Measures.OBJECTION_WITHDRAWN)
def look_at_measured(events: Sequence[Event]) -> None:
    """Values changed: targets of these figures may have another answer."""
    mark_stale(Q(measure__public_id__in=sorted({event.subject_id for event in events})))


@subscribe("performance.targets_counted", Measures.RECORDS_CHANGED)
def look_at_counted(events: Sequence[Event]) -> None:
    """Records changed: targets of figures that are counted from them may have another answer."""
    for organisation_id, source in sorted({(event.organisation_id, str(event.data.get("source", ""))) for event in events}):
        mark_stale(Q(measure__organisation_id=organisation_id, measure__record_source=source))


@subscribe("performance.targets_people", People.PERSON_LEFT, People.PERSON_RETURNED, People.ROLE_GIVEN)
def follow_people(events: Sequence[Event]) -> None:
    """Who left has nothing due; who is back goes on; who came into a role has what it brings."""
    persons = {person.public_id: person for person in _people(events)}
    for event in events:
        person = persons.get(event.subject_id)
        if person is None:
            continue
        if person.left_at is not None:
            pause_of_person(person)
        elif event.event_type == People.PERSON_RETURNED.value:
            resume_of_person(person)
        else:
            give_to_person(person)


def _people(events: Sequence[Event]) -> list[Person]:
    ids = {event.subject_id for event in events}
    return list(Person.objects.filter(public_id__in=ids).select_related("organisation"))
