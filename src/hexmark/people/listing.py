"""Finding people and teams for the pages that list them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from hexmark.access import Actor
from hexmark.people.models import JobRole, Person, RoleAssignment, Team


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of people is narrowed to; empty means everything, except that who left is asked for."""

    search: str = ""
    team: str = ""
    kind: str = ""
    role: str = ""
    #: `left`, `all`, or empty for those who are here.
    state: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything is left away that would be shown without it."""
        return bool(self.search or self.team or self.kind or self.role or self.state)


def found_people(actor: Actor, wanted: Wanted) -> QuerySet[Person]:
    """The people whom the actor may see and who match, by name."""
    people = Person.objects.visible_to(actor).select_related("team", "manager")
    if wanted.search:
        named = Q(name__icontains=wanted.search) | Q(email__icontains=wanted.search) | Q(employee_id__iexact=wanted.search)
        people = people.filter(named)
    if wanted.team:
        people = people.filter(team__isnull=True) if wanted.team == "none" else people.filter(team__public_id=wanted.team)
    if wanted.kind:
        people = people.filter(kind=wanted.kind)
    if wanted.role:
        held = _current(RoleAssignment.objects.filter(role_id=int(wanted.role)) if wanted.role.isdigit() else RoleAssignment.objects.none())
        people = people.filter(pk__in=held.values("person_id"))
    if wanted.state != "all":
        people = people.filter(left_at__isnull=wanted.state != "left")
    return people.order_by("name", "pk")


def job_roles(actor: Actor) -> QuerySet[JobRole]:
    """The organisation's job roles that somebody holds, by name."""
    held = _current(RoleAssignment.objects.filter(role__organisation_id=actor.organisation_id or 0))
    return JobRole.objects.filter(pk__in=held.values("role_id")).order_by("name")


def in_natural_order(teams: Iterable[Team]) -> list[Team]:
    """The teams by name as people count: Team 2 before Team 10, whatever the case."""
    return sorted(teams, key=lambda team: _as_counted(team.name))


def _as_counted(name: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"([0-9]{1,18})", name.casefold())
    return [(0, int(part), "") if place % 2 else (1, 0, part) for place, part in enumerate(parts)]


def open_teams(actor: Actor) -> QuerySet[Team]:
    """The open teams that the actor may see, each with `size`, by name."""
    here = Count("people", filter=Q(people__left_at__isnull=True))
    return Team.objects.visible_to(actor).open().select_related("lead", "parent").annotate(size=here).order_by("name")


def person_called(actor: Actor, text: str) -> Person | None:
    """Whoever here has this address or employee id, as somebody typed it."""
    word = text.strip()
    people = Person.objects.visible_to(actor).present()
    return people.filter(email__iexact=word).first() if "@" in word else people.filter(employee_id=word).exclude(employee_id="").first()


def roles_of(person: Person) -> list[RoleAssignment]:
    """Every job role that the person ever held, the current ones first."""
    assignments = list(person.role_assignments.select_related("role").order_by("-starts_on", "role__name"))
    return sorted(assignments, key=lambda one: not one.is_current)


def _current(assignments: QuerySet[RoleAssignment]) -> QuerySet[RoleAssignment]:
    today = timezone.localdate()
    return assignments.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
