"""How long it takes to show what a role asks for: from the day on which it was asked, to the day on which it was shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from hexmark.gaps.judging import Asked
from hexmark.gaps.reading import asked
from hexmark.holdings.models import HoldingSkill
from hexmark.organisations.models import Organisation
from hexmark.people.models import RoleAssignment
from hexmark.skills.models import RoleRequirement


@dataclass(frozen=True, slots=True)
class Journey:
    """One person on the way to one need of their role."""

    person_id: int
    skill_id: int
    days: int
    #: Whether they arrived; otherwise they are still on the way, or left.
    arrived: bool


def median_days(journeys: Iterable[tuple[int, bool]]) -> int | None:
    """After how many days half of all have arrived; None while fewer than half have (Kaplan and Meier, 1958).

    Whoever has not arrived counts for as long as they were on the way. Leaving them out would make it look faster than it is.
    """
    waiting = sorted(journeys)
    at_risk, surviving = len(waiting), 1.0
    place = 0
    while place < len(waiting):
        days = waiting[place][0]
        same = [arrived for other, arrived in waiting[place:] if other == days]
        surviving *= 1 - sum(same) / at_risk
        if surviving <= 0.5:
            return days
        at_risk -= len(same)
        place += len(same)
    return None


def journeys_of(organisation: Organisation, person_ids: Sequence[int], *, at: datetime) -> list[Journey]:
    """Every journey of these people to what their roles ask for today. Who showed it before it was asked made none."""
    on = at.astimezone(organisation.zone).date()
    in_force = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    needs: dict[int, list[tuple[Asked, date]]] = {}
    for row in RoleRequirement.objects.filter(in_force, organisation=organisation, starts_on__lte=on):
        needs.setdefault(row.role_id, []).append((asked(row, organisation), row.starts_on))
    shown: dict[tuple[int, int], list[HoldingSkill]] = {}
    for one in HoldingSkill.objects.filter(person_id__in=person_ids, holding__ended_at__isnull=True).select_related("holding"):
        shown.setdefault((one.person_id, one.skill_id), []).append(one)
    found = []
    for role in RoleAssignment.objects.filter(in_force, person_id__in=person_ids, starts_on__lte=on).order_by("pk"):
        for need, since in needs.get(role.role_id, ()):
            held = shown.get((role.person_id, need.skill_id), ())
            days = [one.holding.valid_from.astimezone(organisation.zone).date() for one in held if _is_enough(need, one)]
            began, first = max(since, role.starts_on), min((day for day in days if day <= on), default=None)
            if first is None or first >= began:
                found.append(Journey(role.person_id, need.skill_id, ((first or on) - began).days, first is not None))
    return found


def _is_enough(need: Asked, one: HoldingSkill) -> bool:
    return one.level >= need.level and one.holding.assurance >= need.assurance and one.holding.issuer in need.issuers
