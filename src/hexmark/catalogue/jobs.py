"""Sweeps of the catalogue, and what it does when others record."""

from __future__ import annotations

from collections.abc import Sequence

from hexmark.catalogue.listing import list_missing, list_organisation
from hexmark.events.models import Event
from hexmark.events.subscriptions import subscribe
from hexmark.jobs import sweep
from hexmark.organisations.event_types import EventType


@sweep("catalogue.list_missing", every_seconds=300)
def list_what_is_missing() -> None:
    """The directory lacks nothing that is published, and names nothing that is not."""
    list_missing()


@subscribe("catalogue.directory", EventType.ORGANISATION_CHANGED)
def relist(events: Sequence[Event]) -> None:
    """An issuer that has another name, or other words, is found by them."""
    for organisation_id in {event.organisation_id for event in events}:
        list_organisation(organisation_id)
