"""What follows for holdings when skills were changed."""

from __future__ import annotations

from collections.abc import Sequence

from hexmark.events.models import Event
from hexmark.events.subscriptions import subscribe
from hexmark.jobs import wake
from hexmark.skills.event_types import EventType as Skills


@subscribe("holdings.skills", Skills.FRAMEWORK_IMPORTED, Skills.SKILL_CHANGED)
def link_to_new_skills(events: Sequence[Event]) -> None:
    """What people hold is linked to skills that are known since, of the addresses that their credentials named all along."""
    for organisation_id in sorted({event.organisation_id for event in events}):
        wake("holdings.match_skills", organisation_id)
