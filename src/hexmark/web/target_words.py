"""What pages of targets say: what showed one, the way back to it, and what happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from hexmark.awarding.models import Award
from hexmark.catalogue.models import AchievementVersion
from hexmark.events.models import Event
from hexmark.performance.models import Target
from hexmark.performance.targets.event_types import EventType

_HAPPENED = {
    EventType.PROPOSED: ("Proposed", "plus"),
    EventType.CHANGED: ("Terms changed", "pencil"),
    EventType.AGREED: ("Agreed by one side", "check"),
    EventType.LIVE: ("Agreed; it counts from here on", "check"),
    EventType.MET: ("Met", "award"),
    EventType.LAPSED: ("What showed it ended", "clock"),
    EventType.SHOWN_AGAIN: ("Shown again", "award"),
    EventType.UNMET: ("Counted again, and not reached", "undo-2"),
    EventType.PAUSED: ("Paused", "circle-pause"),
    EventType.RESUMED: ("Resumed", "check"),
    EventType.WITHDRAWN: ("Withdrawn", "x"),
    EventType.RESTORED: ("Brought back", "undo-2"),
    EventType.COMMENTED: ("Commented", "pencil"),
}
_FIELDS = {
    "due_on": "by when",
    "title": "what",
    "why": "why",
    "value": "value",
    "rule": "what is held",
    "measure": "figure",
    "cycle": "cycle",
    "consequence": "what follows",
    "adjustments": "adjustments",
}


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the history."""

    title: str
    icon: str
    at: datetime
    by: str
    changes: tuple[tuple[str, str, str], ...]
    said: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What showed it: a name, and where it stands for whoever may see it."""

    name: str
    link: str


def happened(event: Event) -> Happened:
    """What this event says to both sides: who did what, and what was before."""
    title, icon = _HAPPENED.get(EventType(event.event_type), (event.event_type, "info"))
    before, after = event.data.get("before") or {}, event.data.get("after") or {}
    changes = tuple((_FIELDS.get(name, name), _plain(before.get(name)), _plain(after.get(name))) for name in sorted({*before, *after}))
    said = str(event.data.get("reason") or event.data.get("because") or "")
    return Happened(title, icon, event.happened_at, event.actor_label, changes, said)


def proofs(target: Target) -> list[Proof]:
    """What showed that it is met: our own credentials by name, with their pages; others by what they are called."""
    refs = target.met_ref.splitlines()
    if not refs:
        return []
    ids = {ref.rstrip("/").rpartition("/")[2]: ref for ref in refs}
    own = Award.objects.filter(organisation_id=target.organisation_id, public_id__in=ids).select_related("version")
    names = {award.public_id: award.version.name for award in own}
    counted = {one.get("ref"): one.get("what", "") for one in (target.explanation or {}).get("counted", ())}
    return [
        Proof(names[public_id], reverse("award", args=[public_id])) if public_id in names else Proof(counted.get(ref) or ref, "")
        for public_id, ref in ids.items()
    ]


def way_back(target: Target) -> list[Proof]:
    """What can be earned to show it again, or at all: achievements that the requirement names and that are missing."""
    if target.rule is None or target.state == Target.State.MET:
        return []
    urls = sorted(_achievements(target.rule))
    slugs = {url.rstrip("/").rpartition("/")[2] for url in urls}
    own = AchievementVersion.objects.filter(
        achievement__organisation_id=target.organisation_id, achievement__slug__in=slugs, state=AchievementVersion.State.PUBLISHED
    ).select_related("achievement")
    return [Proof(version.name, reverse("achievement", args=[version.achievement.slug])) for version in own.order_by("name")]


def _achievements(rule: Any) -> set[str]:
    if isinstance(rule, dict):
        own = {str(rule["achievement"])} if rule.get("type") == "achievement" and "achievement" in rule else set()
        return own.union(*(_achievements(value) for value in rule.values()))
    return set().union(*(_achievements(one) for one in rule)) if isinstance(rule, list) else set()


def _plain(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return str(value.get("name") or value.get("type") or "a requirement")
    return str(value)
