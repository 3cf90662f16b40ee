"""The nightly count of a whole organisation, and reading it. A unit's figures are those of its teams, added up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count as CountOf
from django.db.models import Q
from django.utils import timezone

from hexmark.gaps.counting import Count, Place, count
from hexmark.gaps.models import Cell, Headcount, Snapshot
from hexmark.gaps.reading import critical_levels, people_with_needs
from hexmark.organisations.models import Organisation
from hexmark.people.models import Person, Team

#: Of older ones, the first of each month is kept.
KEPT_DAYS = 62
YEAR = timedelta(days=365)


def take_snapshot(organisation: Organisation, *, at: datetime | None = None) -> Snapshot:
    """The organisation is counted as it stands; a count of the same day is replaced. It reads for long and writes in the end."""
    at = at or timezone.now()
    on = at.astimezone(organisation.zone).date()
    levels = critical_levels(organisation, on)
    counts, heads = count(people_with_needs(organisation, at=at), at=at, critical_levels=levels)
    left = _left_within(organisation, at)
    with transaction.atomic():
        Snapshot.objects.filter(organisation=organisation, taken_on=on).delete()
        snapshot = Snapshot.objects.create(organisation=organisation, taken_on=on, taken_at=at, complete_at=timezone.now())
        Cell.objects.bulk_create((_cell(snapshot, place, one) for place, one in counts.items()), batch_size=500)
        teams = sorted({*heads, *left}, key=str)
        rows = [Headcount(snapshot=snapshot, team_id=team, people=heads.get(team, 0), left=left.get(team, 0)) for team in teams]
        Headcount.objects.bulk_create(rows, batch_size=500)
        _forget_old(organisation, snapshot)
    return snapshot


def due_for_counting(now: datetime) -> list[int]:
    """Keys of organisations that were not counted on the day that it is where they are."""
    due = []
    for organisation in Organisation.objects.order_by("pk"):
        on = now.astimezone(organisation.zone).date()
        if not Snapshot.objects.filter(organisation=organisation, taken_on=on, complete_at__isnull=False).exists():
            due.append(organisation.pk)
    return due


def latest_snapshot(organisation: Organisation) -> Snapshot | None:
    """The last whole count, if there is one."""
    whole = Snapshot.objects.filter(organisation=organisation, complete_at__isnull=False)
    return whole.order_by("-taken_on").first()


@dataclass(frozen=True, slots=True)
class Tree:
    """An organisation's teams as they stand within each other; None is the organisation itself, and where people without a team stand."""

    teams: dict[int, Team]
    children: dict[int | None, list[int]]

    def within(self, team_id: int | None) -> list[int | None]:
        """Keys of the unit and everything within it."""
        found: list[int | None] = []
        waiting: list[int | None] = [team_id]
        while waiting:
            found.append(waiting.pop())
            waiting.extend(self.children.get(found[-1], ()))
        return found


def tree_of(organisation: Organisation) -> Tree:
    """The organisation's teams, closed ones too: people may stand in one until they are moved."""
    teams = {team.pk: team for team in Team.objects.filter(organisation=organisation).order_by("name", "pk")}
    children: dict[int | None, list[int]] = {}
    for team in teams.values():
        children.setdefault(team.parent_id, []).append(team.pk)
    return Tree(teams, children)


@dataclass(frozen=True, slots=True)
class Counted:
    """A snapshot, read: what was counted of every unit with all within it."""

    snapshot: Snapshot
    tree: Tree
    counts: dict[Place, Count]
    people: dict[int | None, int]
    left: dict[int | None, int]
    skills: Sequence[int]

    def of(self, unit: int | None, skill_id: int) -> Count:
        """What was counted of one skill in the unit and all within it."""
        return self.counts.get((unit, skill_id)) or Count()


def read_snapshot(snapshot: Snapshot) -> Counted:
    """The whole count, each team's figures added to those of all units around it."""
    tree = tree_of(snapshot.organisation)
    around = {team: _around(team, tree) for team in [None, *tree.teams]}
    counts: dict[Place, Count] = {}
    skills: set[int] = set()
    columns = ("required", "met", "below", "unknown", "expiring", "missing_levels", "holders", "holders_3", "holders_6", "holders_12")
    for team_id, skill_id, *figures in snapshot.cells.values_list("team_id", "skill_id", *columns):
        one = Count(*figures[:6])
        one.holders = figures[6:]
        skills.add(skill_id)
        for unit in around.get(team_id, [None]):
            counts.setdefault((unit, skill_id), Count()).add(one)
    people: dict[int | None, int] = {}
    left: dict[int | None, int] = {}
    for team_id, present, gone in snapshot.headcounts.values_list("team_id", "people", "left"):
        for unit in around.get(team_id, [None]):
            people[unit] = people.get(unit, 0) + present
            left[unit] = left.get(unit, 0) + gone
    return Counted(snapshot, tree, counts, people, left, sorted(skills))


def _around(team_id: int | None, tree: Tree) -> list[int | None]:
    """The team, every unit that it stands in, and the organisation."""
    found: list[int | None] = []
    here = team_id
    while here is not None and here not in found:
        found.append(here)
        here = tree.teams[here].parent_id if here in tree.teams else None
    return [*found, None]


def _cell(snapshot: Snapshot, place: Place, one: Count) -> Cell:
    team_id, skill_id = place
    return Cell(
        snapshot=snapshot,
        team_id=team_id,
        skill_id=skill_id,
        required=one.required,
        met=one.met,
        below=one.below,
        unknown=one.unknown,
        expiring=one.expiring,
        missing_levels=one.missing_levels,
        holders=one.holders[0],
        holders_3=one.holders[1],
        holders_6=one.holders[2],
        holders_12=one.holders[3],
    )


def _left_within(organisation: Organisation, at: datetime) -> dict[int | None, int]:
    """How many who had stood in each team left in the twelve months before."""
    gone = Person.objects.filter(Q(left_at__gt=at - YEAR, left_at__lte=at), organisation=organisation)
    return dict(gone.order_by().values_list("team_id").annotate(number=CountOf("pk")))


def _forget_old(organisation: Organisation, newest: Snapshot) -> None:
    old = Snapshot.objects.filter(organisation=organisation, taken_on__lt=newest.taken_on - timedelta(days=KEPT_DAYS))
    months: set[tuple[int, int]] = set()
    for snapshot in old.order_by("taken_on"):
        month = (snapshot.taken_on.year, snapshot.taken_on.month)
        if month in months:
            snapshot.delete()
        months.add(month)
