"""The log as people look through it: what happened in an organisation, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from hexmark.access import Actor, Permission
from hexmark.events.models import Event


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What is looked for; empty means everything. `since` is within, `before` is not."""

    kind: str = ""
    actor: str = ""
    thing: str = ""
    since: datetime | None = None
    before: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is looked for."""
        return self == EventFilter()


def visible_events(actor: Actor, wanted: EventFilter | None = None) -> QuerySet[Event]:
    """The organisation's events that the actor may see, narrowed to what is wanted, newest first; none without the right to."""
    if actor.organisation_id is None or not actor.may(Permission.VIEW_EVENTS):
        return Event.objects.none()
    events = Event.objects.filter(organisation_id=actor.organisation_id)
    wanted = wanted or EventFilter()
    if wanted.kind:
        events = events.filter(event_type=wanted.kind)
    if wanted.actor:
        events = events.filter(actor_label__icontains=wanted.actor)
    if wanted.thing:
        events = events.filter(Q(subject_id=wanted.thing) | Q(subject_type__iexact=wanted.thing))
    if wanted.since:
        events = events.filter(happened_at__gte=wanted.since)
    if wanted.before:
        events = events.filter(happened_at__lt=wanted.before)
    return events.order_by("-pk")


def kinds_of_events(actor: Actor) -> list[str]:
    """Every kind of event that the actor may see one of, in order."""
    return list(visible_events(actor).order_by("event_type").values_list("event_type", flat=True).distinct())


def rows_of(events: QuerySet[Event]) -> Iterator[tuple[object, ...]]:
    """The events as rows of a table, read as they are written out."""
    for event in events.iterator(chunk_size=2000):
        yield (
            event.pk,
            event.happened_at.isoformat(timespec="seconds"),
            event.event_type,
            event.actor_kind,
            event.actor_label,
            event.subject_type,
            event.subject_id,
            event.data,
        )
