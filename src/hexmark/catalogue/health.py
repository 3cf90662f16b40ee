"""What is wanting in a catalogue, so that somebody can mend it: nothing here is an error, and nothing keeps anybody from awarding.

When something was last earned, and how many hold it, is known downstream: whoever asks brings it along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hexmark.catalogue.models import AchievementVersion
from hexmark.organisations.assurance import Assurance

#: Shorter ones are a title, not something that anybody could be judged by.
SHORT_CRITERIA = 80
UNUSED_AFTER = timedelta(days=365)
DAYS_A_MONTH = 30.44
_STATE = AchievementVersion.State


@dataclass(frozen=True, slots=True)
class Use:
    """What was done with one achievement, whatever the version."""

    last_earned_at: datetime | None = None
    holders: int = 0


NEVER_USED = Use()


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that may be wanting, with why it matters and how it is mended."""

    code: str
    title: str
    sentence: str
    is_wanting: Callable[[AchievementVersion, Use, datetime], bool]


@dataclass(frozen=True, slots=True)
class Finding:
    """Everything for which one check is wanting something."""

    check: Check
    versions: Sequence[AchievementVersion]


def findings(versions: Iterable[AchievementVersion], *, uses: Mapping[int, Use], now: datetime) -> list[Finding]:
    """Each check with what it found among these versions, the newest public one of each achievement; `uses` by key of the achievement."""
    every = list(versions)
    return [
        Finding(check, [one for one in every if check.is_wanting(one, uses.get(one.achievement_id, NEVER_USED), now)]) for check in CHECKS
    ]


def _is_judged(version: AchievementVersion) -> bool:
    return version.assurance >= Assurance.JUDGED and version.state == _STATE.PUBLISHED


def _is_stale(version: AchievementVersion, now: datetime) -> bool:
    if version.state != _STATE.PUBLISHED or not version.validity_months or version.published_at is None:
        return False
    return version.published_at + timedelta(days=version.validity_months * DAYS_A_MONTH) < now


def _is_unused(version: AchievementVersion, use: Use, now: datetime) -> bool:
    if version.state != _STATE.PUBLISHED or version.achievement.created_at > now - UNUSED_AFTER:
        return False
    return use.last_earned_at is None or use.last_earned_at < now - UNUSED_AFTER


CHECKS = (
    Check(
        "criteria",
        "Hardly says how to earn it",
        "One line is too little for anybody to be judged by. Say what has to be done or shown, step by step.",
        lambda version, _use, _now: version.state == _STATE.PUBLISHED and len(version.criteria.strip()) < SHORT_CRITERIA,
    ),
    Check(
        "evidence",
        "Somebody judges, but what has to be shown is not said",
        "Where somebody judges, people need to know what to hand in or demonstrate.",
        lambda version, _use, _now: _is_judged(version) and not version.evidence.strip(),
    ),
    Check(
        "assessment",
        "How it is judged is not described",
        "Say who looks at it, by which measure, and what happens if it is not enough yet.",
        lambda version, _use, _now: _is_judged(version) and not version.assessment.strip(),
    ),
    Check(
        "skill",
        "Shows no skill",
        "A link to a skill in a public framework lets others compare it.",
        # Prefetched by whoever asks, so that a thousand achievements take one query.
        lambda version, _use, _now: version.state == _STATE.PUBLISHED and not version.alignments.all(),
    ),
    Check(
        "effort",
        "How long it takes is not said",
        "People who plan look for what fits their time.",
        lambda version, _use, _now: version.state == _STATE.PUBLISHED and not version.effort_minutes,
    ),
    Check(
        "finding",
        "Names neither a role nor a subject",
        "In the directory it is found by its name only.",
        lambda version, _use, _now: version.state == _STATE.PUBLISHED and not (version.roles or version.subjects),
    ),
    Check(
        "language",
        "Its language is not named",
        "Readers and programs need to know in which language it is written.",
        lambda version, _use, _now: version.state == _STATE.PUBLISHED and not version.language.strip(),
    ),
    Check(
        "stale",
        "Not looked at for longer than it is valid",
        "Everybody who earned it when it was published has had to renew it since. Is it still what is asked for?",
        lambda version, _use, now: _is_stale(version, now),
    ),
    Check(
        "unused",
        "Earned by nobody in twelve months",
        "Retire it, or find out what keeps people from it.",
        _is_unused,
    ),
    Check(
        "retired",
        "Retired, and people still hold it",
        "They may ask what comes after it. A new version can be begun from the retired one.",
        lambda version, use, _now: version.state == _STATE.RETIRED and use.holders > 0,
    ),
)
