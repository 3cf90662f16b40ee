"""What happened in the organisation, in order, for programs that follow it."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from django.conf import settings
from ninja import Query, Router
from pydantic import Field

from hexmark.access import Scope
from hexmark.api.callers import ApiRequest, Key
from hexmark.api.cursors import read_cursor, write_cursor
from hexmark.api.v1.shapes import PageAsked, Shown
from hexmark.awarding.event_types import EventType as OfAwards
from hexmark.catalogue.models import Achievement, AchievementVersion
from hexmark.events.following import BEGINNING, events_after
from hexmark.events.models import Event

router = Router(tags=["Events"])
AWARDED = OfAwards.AWARDED.value


class EventsAsked(PageAsked):
    """Which events."""

    type: Annotated[str | None, Field(max_length=64, description="Only events of this type, such as credential.issued.")] = None


class EventShown(Shown):
    """One thing that happened. It never changes."""

    id: Annotated[str, Field(description="The same whenever it is read: by it a program knows what it has seen.")]
    type: str
    happened_at: datetime
    actor: Annotated[str, Field(description="Who did it, as the log says it for ever.")]
    actor_kind: str
    subject_type: str
    subject: Annotated[str | None, Field(description="The public id of what it is about, where it has one.")]
    data: dict[str, Any]


class EventsShown(Shown):
    """Events, oldest first."""

    items: list[EventShown]
    next: Annotated[str, Field(description="Where to read on, now or later: also on the last page.")]
    more: Annotated[bool, Field(description="Whether there are more already.")]


@router.get("/events", response=EventsShown, auth=Key(Scope.EVENTS_READ), operation_id="listEvents", summary="Follow events")
def events(request: ApiRequest, asked: Query[EventsAsked]) -> EventsShown:
    """Every event of the organisation from the beginning, in the order in which they became final; none is left out or comes twice."""
    of = f"events {request.auth.actor.organisation_id} {asked.type}"
    transaction, event_id = read_cursor(asked.cursor, of=of) if asked.cursor else BEGINNING
    rows = events_after(request.auth.actor, (transaction, event_id))
    if asked.type is not None:
        rows = rows.filter(event_type=asked.type)
    found = list(rows[: asked.limit + 1])
    shown = found[: asked.limit]
    last = (shown[-1].transaction_id, shown[-1].pk) if shown else (transaction, event_id)
    names = Names.of(shown)
    return EventsShown(items=[_shown(event, names) for event in shown], next=write_cursor(list(last), of=of), more=len(found) > len(shown))


@dataclass(frozen=True, slots=True)
class Names:
    """Public names of what events tell of by database keys, looked up for a whole page."""

    achievements: dict[str, str]
    versions: dict[int, tuple[str, int]]

    @classmethod
    def of(cls, events: Sequence[Event]) -> Names:
        """In two queries."""
        achievements = {event.subject_id for event in events if event.subject_type == "catalogue.Achievement"}
        versions = {event.data.get("version") for event in events if event.event_type == AWARDED}
        slugs = Achievement.objects.filter(pk__in=achievements).values_list("pk", "slug")
        numbers = AchievementVersion.objects.filter(pk__in=versions - {None}).values_list("pk", "achievement__slug", "number")
        return cls({str(pk): slug for pk, slug in slugs}, {pk: (slug, number) for pk, slug, number in numbers})

    def subject(self, event: Event) -> str | None:
        """The public name of what the event is about."""
        if event.subject_type == "catalogue.Achievement":
            return self.achievements.get(event.subject_id)
        if event.subject_id.isdigit():
            # A credential is named by its award.
            return event.data.get("award") if event.subject_type == "issuing.Credential" else None
        return event.subject_id

    def data(self, event: Event) -> dict[str, Any]:
        """What the event says besides, without database keys."""
        if event.event_type != AWARDED:
            return dict(event.data)
        slug, number = self.versions.get(event.data.get("version", 0), (None, None))
        return {**event.data, "achievement": slug, "version": number}


def _shown(event: Event, names: Names) -> EventShown:
    return EventShown(
        id=_public_id(event),
        type=event.event_type,
        happened_at=event.happened_at,
        actor=event.actor_label,
        actor_kind=event.actor_kind,
        subject_type=event.subject_type,
        subject=names.subject(event),
        data=names.data(event),
    )


def _public_id(event: Event) -> str:
    """A name of the event that tells nothing of how many there are."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), b"hexmark.api.events\x00%d" % event.pk, hashlib.sha256)
    return base64.b32encode(digest[:16]).decode().rstrip("=").lower()
