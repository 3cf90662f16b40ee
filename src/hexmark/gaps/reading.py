"""Reading what is asked of people and what they show, person by person, so that a hundred thousand need no more memory than one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from hexmark.gaps.judging import Asked, Shown
from hexmark.holdings.models import HoldingSkill
from hexmark.organisations.models import Organisation
from hexmark.people.models import Person, RoleAssignment
from hexmark.skills.models import RoleRequirement

CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Someone:
    """A person as gaps see them: where they stand, what their roles ask for, and what they show, by skill."""

    person_id: int
    team_id: int | None
    needs: Sequence[Asked]
    shown: Mapping[int, Sequence[Shown]]


def needs_in_force(organisation: Organisation, on: date) -> dict[int, list[Asked]]:
    """What each job role asks for that day, by key of the role."""
    needs = RoleRequirement.objects.filter(organisation=organisation, starts_on__lte=on)
    found: dict[int, list[Asked]] = {}
    for need in needs.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on)).order_by("pk"):
        found.setdefault(need.role_id, []).append(asked(need, organisation))
    return found


def asked(need: RoleRequirement, organisation: Organisation) -> Asked:
    """The need, ready to be asked. Where it names no issuer, the organisation's own word counts."""
    return Asked(
        key=need.pk,
        skill_id=need.skill_id,
        level=need.level,
        importance=need.importance,
        critical=need.critical,
        emerging=need.emerging,
        assurance=int(need.assurance_at_least[1]),
        issuers=frozenset(need.issuers or [organisation.did]),
        max_age_months=need.max_age_months,
    )


def people_with_needs(organisation: Organisation, *, at: datetime, only: Collection[int] | None = None) -> Iterator[Someone]:
    """Everybody who has not left (of `only`, by key, if it is given), in order of key, with what their roles of that day ask for.

    Asked in a handful of statements for all, and read in step.
    """
    on = at.astimezone(organisation.zone).date()
    roles = needs_in_force(organisation, on)
    people = Person.objects.present().filter(organisation=organisation).order_by("pk")
    held = RoleAssignment.objects.filter(person__organisation=organisation, starts_on__lte=on)
    held = held.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on)).order_by("person_id", "pk")
    if only is not None:
        people, held = people.filter(pk__in=only), held.filter(person_id__in=only)
    roles_of = _in_step(held.values_list("person_id", "role_id").iterator(chunk_size=CHUNK))
    shown_by = _in_step(_shown(organisation, at, only).iterator(chunk_size=CHUNK))
    for person_id, team_id in people.values_list("pk", "team_id").iterator(chunk_size=CHUNK):
        needs = [need for (_, role_id) in roles_of(person_id) for need in roles.get(role_id, ())]
        yield Someone(person_id, team_id, needs, _by_skill(shown_by(person_id)))


def shown_of(person: Person, at: datetime) -> Mapping[int, Sequence[Shown]]:
    """What one person shows, by key of the skill."""
    return _by_skill(_shown(person.organisation, at, [person.pk]))


def _shown(organisation: Organisation, at: datetime, only: Collection[int] | None) -> QuerySet[HoldingSkill, Any]:
    # What began counts at a later moment too, so only what is over, taken back or paused is left out.
    shown = HoldingSkill.objects.filter(holding__organisation=organisation, holding__ended_at__isnull=True, holding__paused_at__isnull=True)
    shown = shown.filter(Q(holding__valid_until__isnull=True) | Q(holding__valid_until__gte=at))
    if only is not None:
        shown = shown.filter(person_id__in=only)
    columns = ("level", "holding__assurance", "holding__issuer", "holding__valid_from", "holding__valid_until", "holding__ref")
    return shown.order_by("person_id").values_list("person_id", "skill_id", *columns)


def _by_skill(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[Shown]]:
    skills: dict[int, list[Shown]] = {}
    for _, skill_id, *columns in rows:
        skills.setdefault(skill_id, []).append(Shown(*columns))
    return skills


class _in_step:  # noqa: N801 (called as a function is)
    """Rows in order of the person that they begin with, given out person by person in the same order."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def __call__(self, person_id: int) -> list[tuple[Any, ...]]:
        found = []
        while self._next is not None and self._next[0] <= person_id:
            if self._next[0] == person_id:
                found.append(self._next)
            self._next = next(self._rows, None)
        return found


def skills_asked(people: Iterable[Someone]) -> set[int]:
    """Keys of all skills that are asked of anybody of these."""
    return {need.skill_id for someone in people for need in someone.needs}


def critical_levels(organisation: Organisation, on: date) -> dict[int, int]:
    """The highest level that a critical need of any role asks for that day, by key of the skill; skills that none asks for are absent."""
    levels: dict[int, int] = {}
    critical = RoleRequirement.objects.filter(organisation=organisation, critical=True, starts_on__lte=on)
    for skill_id, level in critical.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on)).values_list(F("skill_id"), "level"):
        levels[skill_id] = max(levels.get(skill_id, 0), level)
    return levels
