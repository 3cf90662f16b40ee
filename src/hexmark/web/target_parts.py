"""Parts of a target's page: what its reader may do, the records that count, how much is there, and the form of its terms."""

from __future__ import annotations

from typing import Any

from hexmark.catalogue.models import AchievementVersion
from hexmark.measures.models import Measure
from hexmark.measures.queries import contributing
from hexmark.performance.models import Target
from hexmark.performance.targets.policy import is_side_of_manager, is_side_of_subject
from hexmark.web.requests import Request

MOST_RECORDS = 50
State = Target.State


def sides_of(request: Request, found: Target) -> dict[str, bool]:
    """What the reader may do here."""
    subject = is_side_of_subject(request.actor, person=found.person, team=found.team)
    manager = is_side_of_manager(request.actor, person=found.person, team=found.team)
    proposed = found.state == State.PROPOSED
    mine = (subject and found.agreed_by_person_at is None) or (manager and found.agreed_by_manager_at is None)
    return {
        "is_subject": subject,
        "may_touch": subject or manager,
        "may_agree": proposed and mine,
        "may_change": (subject or manager) and found.state in (State.PROPOSED, State.LIVE) and found.role_target_id is None,
        "may_pause": manager and found.state in (State.PROPOSED, State.LIVE),
        "may_resume": manager and found.state == State.PAUSED,
        "may_withdraw": found.state != State.WITHDRAWN and (manager or (subject and found.live_at is None)),
        "may_restore": found.state == State.WITHDRAWN and (manager or (subject and found.live_at is None)),
    }


def records_of(found: Target) -> list[Any]:
    """The records that a figure was counted from; for the sides of a person's target."""
    measure = found.measure
    if measure is None or not measure.is_counted or found.person_id is None:
        return []
    return list(contributing(measure, [found.person_id], since=found.counts_from, until=found.due_on)[: MOST_RECORDS + 200])


def percent_of(found: Target) -> int | None:
    """How much of an amount is there; of anything else a bar would say nothing."""
    adds_up = found.measure.adds_up and found.measure.direction == Measure.Direction.UP if found.measure else found.team_id is not None
    if not found.value or not adds_up:
        return None
    return int(max(0, min(1, float((found.current or 0) / found.value))) * 100)


def terms_of(found: Target) -> dict[str, Any]:
    """The form as it stands."""
    rule = found.rule or {}
    version = None
    if rule.get("type") == "achievement":
        slug = str(rule["achievement"]).rpartition("/")[2]
        published = AchievementVersion.objects.filter(achievement__organisation_id=found.organisation_id, achievement__slug=slug)
        version = published.filter(state=AchievementVersion.State.PUBLISHED).first()
    return {
        "person": found.person.email if found.person else "",
        "team": found.team,
        "title": found.title,
        "kind": "figure" if found.measure_id else "badge",
        "achievement": version,
        "assurance": str(rule.get("assurance_at_least", 0)),
        "measure": found.measure,
        "value": found.value.normalize() if found.value is not None else None,
        "counts_from": found.counts_from,
        "due_on": found.due_on,
        "why": found.why,
        "cycle": found.cycle,
        "consequence": found.consequence,
        "adjustments": found.adjustments,
    }
