"""How many people meet what is asked of them, by unit and skill. Figures are pooled: people are added up, shares never averaged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from hexmark.gaps.judging import State, holds_at, horizons, judge
from hexmark.gaps.reading import Someone

#: A unit and a skill: the key of the team in which people stand directly (None for none), and that of the skill.
Place = tuple[int | None, int]


@dataclass(slots=True)
class Count:
    """What was counted in one place. Counts of places with different people can be added."""

    required: int = 0
    met: int = 0
    below: int = 0
    unknown: int = 0
    expiring: int = 0
    missing_levels: int = 0
    #: Who shows the skill at its critical level now, and still in 3, 6 and 12 months.
    holders: list[int] = field(default_factory=lambda: [0, 0, 0, 0])

    def add(self, other: Count) -> None:
        """This counts the other's people too."""
        for name in ("required", "met", "below", "unknown", "expiring", "missing_levels"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.holders = [mine + theirs for mine, theirs in zip(self.holders, other.holders, strict=True)]

    @property
    def covered(self) -> float | None:
        """The share of those of whom it is required who meet it, from 0 to 1; None where it is required of nobody."""
        return self.met / self.required if self.required else None

    @property
    def gaps(self) -> int:
        """How many are still to show it."""
        return self.required - self.met

    @property
    def depth(self) -> float | None:
        """By how many levels people fall short, on the average of all of whom it is required."""
        return self.missing_levels / self.required if self.required else None


def count(people: Iterable[Someone], *, at: datetime, critical_levels: dict[int, int]) -> tuple[dict[Place, Count], dict[int | None, int]]:
    """The counts of every place where something is required or held, and how many people stand in each team."""
    counts: dict[Place, Count] = {}
    heads: dict[int | None, int] = {}
    moments = horizons(at)
    for someone in people:
        heads[someone.team_id] = heads.get(someone.team_id, 0) + 1
        for judged in judge(someone.needs, someone.shown, at):
            place = counts.setdefault((someone.team_id, judged.skill_id), Count())
            place.required += 1
            place.met += judged.state is State.MET
            place.below += judged.state is State.BELOW
            place.unknown += judged.state is State.UNKNOWN
            place.expiring += judged.expiring
            place.missing_levels += judged.missing_levels
        for skill_id, shown in someone.shown.items():
            level = critical_levels.get(skill_id)
            if level is None or not holds_at(shown, level, at):
                continue
            holders = counts.setdefault((someone.team_id, skill_id), Count()).holders
            for number, moment in enumerate(moments):
                # Whoever holds it later was counted as holding it now: what is not held today is no promise.
                holders[number] += holds_at(shown, level, moment)
    return counts, heads


def pooled(counts: Iterable[Count]) -> Count:
    """All of these together."""
    total = Count()
    for one in counts:
        total.add(one)
    return total
