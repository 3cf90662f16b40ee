"""Whether one person shows what is asked of them: the one definition that lists, matrices, nightly counts and reports share. No database.

Three answers and never a score: *met*, *below* (something is shown, and not enough) and *unknown* (nothing is). Not to have been assessed
is not to have failed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from hexmark.requirements.moments import months_after

#: What will not be shown any more so soon is coloured, though it is met today.
SOON = timedelta(days=90)
HORIZONS = (3, 6, 12)


class State(StrEnum):
    """How a need stands."""

    MET = "met"
    BELOW = "below"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Shown:
    """A skill that something held shows, with the times between which it counts. What was taken back or is paused is none."""

    level: int
    assurance: int
    issuer: str
    valid_from: datetime
    valid_until: datetime | None
    #: By which holding, for whoever wants to look at it.
    ref: str = ""

    def counts_at(self, moment: datetime) -> bool:
        """Whether it has begun and not ended; its last moment counts."""
        return self.valid_from <= moment and (self.valid_until is None or self.valid_until >= moment)


@dataclass(frozen=True, slots=True)
class Asked:
    """A need of a role, ready to be asked of many people."""

    key: int
    skill_id: int
    level: int
    importance: int
    critical: bool
    emerging: bool
    assurance: int
    #: Whose word counts: the organisation's own id where the need names nobody.
    issuers: frozenset[str]
    max_age_months: int | None

    def accepts(self, shown: Shown, moment: datetime) -> bool:
        """Whether this counts for the need at that moment, whatever its level."""
        if not shown.counts_at(moment) or shown.assurance < self.assurance or shown.issuer not in self.issuers:
            return False
        return self.max_age_months is None or months_after(shown.valid_from, self.max_age_months) >= moment

    def level_shown(self, shown: Iterable[Shown], moment: datetime) -> int:
        """The highest level that counts; 0 for none."""
        return max((one.level for one in shown if self.accepts(one, moment)), default=0)


@dataclass(frozen=True, slots=True)
class Judged:
    """How one skill stands that is asked of one person, in all their roles together."""

    skill_id: int
    #: The highest level that is asked for, and the highest that counts.
    level: int
    shown: int
    state: State
    #: Met today, and not in 90 days if nothing is renewed.
    expiring: bool
    missing_levels: int
    critical: bool
    emerging: bool
    importance: int
    needs: Sequence[Asked] = field(default_factory=tuple)


def judge(needs: Iterable[Asked], shown: Mapping[int, Sequence[Shown]], at: datetime) -> list[Judged]:
    """How each skill stands that these needs ask of somebody who shows this; a skill asked twice is met where both are."""
    skills: dict[int, list[Asked]] = {}
    for need in needs:
        skills.setdefault(need.skill_id, []).append(need)
    return [_judged(skill_id, asked, shown.get(skill_id, ()), at) for skill_id, asked in skills.items()]


def _judged(skill_id: int, asked: Sequence[Asked], shown: Sequence[Shown], at: datetime) -> Judged:
    levels = [need.level_shown(shown, at) for need in asked]
    met = all(level >= need.level for need, level in zip(asked, levels, strict=True))
    some = met or any(one.counts_at(at) for one in shown)
    later = at + SOON
    return Judged(
        skill_id=skill_id,
        level=max(need.level for need in asked),
        shown=min(levels),
        state=State.MET if met else State.BELOW if some else State.UNKNOWN,
        expiring=met and any(need.level_shown(shown, later) < need.level for need in asked),
        missing_levels=max(max(0, need.level - level) for need, level in zip(asked, levels, strict=True)),
        critical=any(need.critical for need in asked),
        emerging=any(need.emerging for need in asked),
        importance=max(need.importance for need in asked),
        needs=tuple(asked),
    )


def holds_at(shown: Iterable[Shown], level: int, moment: datetime) -> bool:
    """Whether the skill is shown at this level at that moment, in whatever way."""
    return any(one.level >= level and one.counts_at(moment) for one in shown)


def horizons(at: datetime) -> tuple[datetime, ...]:
    """Now, and in 3, 6 and 12 months."""
    return (at, *(months_after(at, months) for months in HORIZONS))
