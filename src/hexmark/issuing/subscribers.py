"""What people hold follows from what is issued, revoked, paused and lifted here."""

from __future__ import annotations

from collections.abc import Sequence

from hexmark.events.models import Event
from hexmark.events.subscriptions import subscribe
from hexmark.issuing.event_types import EventType
from hexmark.issuing.projection import project


@subscribe(
    "issuing.holdings",
    EventType.CREDENTIAL_ISSUED,
    EventType.CREDENTIAL_REVOKED,
    EventType.CREDENTIAL_PAUSED,
    EventType.CREDENTIAL_LIFTED,
)
def keep_holdings(events: Sequence[Event]) -> None:
    """Each credential that something happened to is held as it is now. Being told twice, or of what is past by now, changes nothing.

    An installation that is older than its holdings is told everything from the beginning of its log, and so fills them.
    """
    for organisation_id in sorted({event.organisation_id for event in events}):
        project(organisation_id, {event.data["award"] for event in events if event.organisation_id == organisation_id})
