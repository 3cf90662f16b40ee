"""Skills that too few can do: now, and in 3, 6 and 12 months as awards end. Of groups only; nobody is predicted to leave.

At risk is decided by what ends, which is known. Beside it stands what is to be expected if people leave and renew as they did in the
year before: the unit's own rate for all of it together, and the skill's own rate of renewal.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hexmark.gaps.judging import HORIZONS
from hexmark.gaps.snapshots import Counted
from hexmark.holdings.models import HoldingSkill
from hexmark.organisations.models import Organisation
from hexmark.skills.models import Skill

#: A rate of renewal needs so many that ended; of fewer, nothing is renewed as far as anybody knows.
LEAST_HISTORY = 10
RENEWED_WITHIN = timedelta(days=92)
LOOKED_BACK = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Risk:
    """One skill of one unit whose holders are, or will be, fewer than it needs."""

    skill: Skill
    level: int
    #: Now, and after 3, 6 and 12 months if nothing is renewed.
    holders: Sequence[int]
    #: The same months, if people leave and renew as they did before.
    expected: Sequence[float]
    renewal_rate: float | None

    @property
    def minimum(self) -> int:
        """So few are needed."""
        return self.skill.minimum_holders

    @property
    def months(self) -> int:
        """In how many months it is at risk; 0 for now."""
        return next(month for month, number in zip((0, *HORIZONS), self.holders, strict=True) if number < self.minimum)


def leaving_rate(people: int, left: int) -> float:
    """The share of a unit that leaves in a month, after how many did in twelve; the unit's, never a person's."""
    average = people + left / 2
    return min(1.0, left / average / 12) if average else 0.0


def expected_holders(staying: int, ending: int, months: int, *, leaving: float, renewal: float) -> float:
    """How many hold it after so many months: (1 - q)^h (stay + r x end)."""
    return (1 - leaving) ** months * (staying + renewal * ending)


def skills_at_risk(counted: Counted, unit: int | None, levels: dict[int, int], *, at: datetime) -> list[Risk]:
    """Critical skills of the unit that fewer hold than are needed, now or within twelve months; the nearest first.

    `levels` says which skills are critical, and at which level. A skill that nobody in the unit needs is at no risk there.
    """
    skills = Skill.objects.in_bulk([key for key in levels if counted.of(unit, key).required])
    found = {key: counted.of(unit, key).holders for key in skills}
    risky = {key: holders for key, holders in found.items() if holders[-1] < skills[key].minimum_holders}
    rates = renewal_rates(counted.snapshot.organisation, risky, at=at)
    leaving = leaving_rate(counted.people.get(unit, 0), counted.left.get(unit, 0))
    risks = []
    for key, holders in risky.items():
        rate = rates.get(key)
        expected = [
            expected_holders(later, holders[0] - later, months, leaving=leaving, renewal=rate or 0.0)
            for months, later in zip(HORIZONS, holders[1:], strict=True)
        ]
        risks.append(Risk(skills[key], levels[key], holders, expected, rate))
    return sorted(risks, key=lambda one: (one.months, one.holders[0] - one.minimum, one.skill.name, one.skill.pk))


def renewal_rates(organisation: Organisation, skill_ids: Collection[int], *, at: datetime) -> dict[int, float]:
    """Of what ended in the two years before, which share was followed by the same achievement of the same person; by key of the skill."""
    ended = HoldingSkill.objects.filter(
        holding__organisation=organisation,
        skill__in=list(skill_ids),
        holding__ended_at__isnull=True,
        holding__valid_until__lt=at - RENEWED_WITHIN,
        holding__valid_until__gte=at - LOOKED_BACK,
    )
    rows = list(ended.values_list("skill_id", "person_id", "holding__achievement", "holding__valid_until", "holding__valid_from"))
    held: dict[tuple[int, str], list[datetime]] = {}
    again = HoldingSkill.objects.filter(holding__organisation=organisation, skill__in=list(skill_ids), holding__ended_at__isnull=True)
    for person_id, achievement, begun in again.values_list("person_id", "holding__achievement", "holding__valid_from"):
        held.setdefault((person_id, achievement), []).append(begun)
    counts: dict[int, list[int]] = {}
    for skill_id, person_id, achievement, until, begun in rows:
        renewed = until is not None and any(begun < other <= until + RENEWED_WITHIN for other in held[person_id, achievement])
        one = counts.setdefault(skill_id, [0, 0])
        one[0] += renewed
        one[1] += 1
    return {key: renewed / number for key, (renewed, number) in counts.items() if number >= LEAST_HISTORY}
