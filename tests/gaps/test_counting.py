"""The matrix, what single people show and what is at risk equal a count by hand, on organisations that chance made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

import pytest
from tests.gaps.organisations import grow
from tests.world import World

from hexmark.gaps.judging import SOON, State
from hexmark.gaps.reading import critical_levels
from hexmark.gaps.risk import expected_holders, leaving_rate, skills_at_risk
from hexmark.gaps.snapshots import Counted, read_snapshot, take_snapshot
from hexmark.gaps.standing import standings_of
from hexmark.holdings.models import Holding, HoldingSkill
from hexmark.people.models import Person, Team
from hexmark.requirements.moments import months_after
from hexmark.skills.models import RoleRequirement, Skill

AT = datetime(2026, 6, 15, 12, tzinfo=UTC)
TODAY = AT.date()


def by_hand_needs(person: Person) -> Iterator[RoleRequirement]:
    """What is asked of them, row by row."""
    for assignment in person.role_assignments.all():
        if assignment.starts_on <= TODAY and (assignment.ends_on is None or assignment.ends_on >= TODAY):
            for need in RoleRequirement.objects.filter(role=assignment.role):
                if need.starts_on <= TODAY and (need.ends_on is None or need.ends_on >= TODAY):
                    yield need


def by_hand_valid(person: Person, skill: Skill, at: datetime) -> list[HoldingSkill]:
    found = []
    for one in HoldingSkill.objects.filter(person=person, skill=skill).select_related("holding"):
        held = one.holding
        alive = held.ended_at is None and held.paused_at is None and held.valid_from <= at
        if alive and (held.valid_until is None or at <= held.valid_until):
            found.append(one)
    return found


def by_hand_level(person: Person, need: RoleRequirement, at: datetime) -> int:
    own = person.organisation.did
    levels = [0]
    for one in by_hand_valid(person, need.skill, at):
        held = one.holding
        trusted = held.issuer in (need.issuers or [own])
        young = need.max_age_months is None or at <= months_after(held.valid_from, need.max_age_months)
        if trusted and young and held.assurance >= int(need.assurance_at_least[1]):
            levels.append(one.level)
    return max(levels)


def by_hand_state(person: Person, skill: Skill, at: datetime) -> State | None:
    needs = [need for need in by_hand_needs(person) if need.skill == skill]
    if not needs:
        return None
    if all(by_hand_level(person, need, at) >= need.level for need in needs):
        return State.MET
    return State.BELOW if by_hand_valid(person, skill, at) else State.UNKNOWN


def within(team: Team | None, person: Person) -> bool:
    here = person.team
    while here is not None:
        if team is not None and here.pk == team.pk:
            return True
        here = here.parent
    return team is None


def compare(world: World, counted: Counted) -> None:
    people = list(Person.objects.filter(organisation=world.organisation, left_at=None))
    skills = list(Skill.objects.filter(organisation=world.organisation))
    standings = standings_of(world.organisation, people, at=AT)
    states = {(person.pk, skill.pk): by_hand_state(person, skill, AT) for person in people for skill in skills}
    for person in people:
        mine = [states[person.pk, skill.pk] for skill in skills]
        standing = standings[person.pk]
        assert (standing.shown, len(standing.needs)) == (mine.count(State.MET), len(mine) - mine.count(None))
    for team in [None, *Team.objects.filter(organisation=world.organisation)]:
        inside = [person for person in people if within(team, person)]
        assert counted.people.get(team.pk if team else None, 0) == len(inside)
        for skill in skills:
            mine = [states[person.pk, skill.pk] for person in inside]
            cell = counted.of(team.pk if team else None, skill.pk)
            assert (cell.met, cell.below, cell.unknown) == tuple(mine.count(state) for state in State)
            assert cell.required == len(mine) - mine.count(None)
            depth = 0
            expiring = 0
            for person in inside:
                needs = [need for need in by_hand_needs(person) if need.skill == skill]
                depth += max((max(0, need.level - by_hand_level(person, need, AT)) for need in needs), default=0)
                lapses = any(by_hand_level(person, need, AT + SOON) < need.level for need in needs)
                expiring += states[person.pk, skill.pk] is State.MET and lapses
            assert (cell.missing_levels, cell.expiring) == (depth, expiring)


def compare_risk(world: World, counted: Counted) -> None:
    levels = critical_levels(world.organisation, TODAY)
    for team in [None, *Team.objects.filter(organisation=world.organisation)]:
        unit = team.pk if team else None
        inside = [person for person in Person.objects.filter(organisation=world.organisation, left_at=None) if within(team, person)]
        expected = {}
        for skill in Skill.objects.filter(organisation=world.organisation, pk__in=levels):
            now = [person for person in inside if any(one.level >= levels[skill.pk] for one in by_hand_valid(person, skill, AT))]
            numbers = [len(now)]
            for months in (3, 6, 12):
                later = months_after(AT, months)
                numbers.append(sum(any(one.level >= levels[skill.pk] for one in by_hand_valid(person, skill, later)) for person in now))
            needed = any(by_hand_state(person, skill, AT) for person in inside)
            if needed and numbers[-1] < skill.minimum_holders:
                expected[skill.pk] = numbers
        found = {one.skill.pk: list(one.holders) for one in skills_at_risk(counted, unit, levels, at=AT)}
        assert found == expected


@pytest.mark.parametrize("seed", range(4))
def test_everything_counted_is_what_a_count_by_hand_gives_before_and_after_revocations(acme: World, seed: int) -> None:
    random = Random(seed)
    grow(acme, random, at=AT, people=12)
    counted = read_snapshot(take_snapshot(acme.organisation, at=AT))
    compare(acme, counted)
    compare_risk(acme, counted)
    gone = random.sample(list(Holding.objects.filter(ended_at=None).values_list("pk", flat=True)), 8)
    Holding.objects.filter(pk__in=gone).update(ended_at=AT)
    counted = read_snapshot(take_snapshot(acme.organisation, at=AT))
    compare(acme, counted)
    compare_risk(acme, counted)


def test_a_units_figures_are_pooled_and_no_mean_of_means(acme: World) -> None:
    grow(acme, Random(3), at=AT, people=30)
    counted = read_snapshot(take_snapshot(acme.organisation, at=AT))
    for skill in counted.skills:
        whole = counted.of(None, skill)
        direct = list(counted.snapshot.cells.filter(skill_id=skill))
        assert (whole.met, whole.required) == (sum(one.met for one in direct), sum(one.required for one in direct))


def test_counting_the_same_day_again_replaces_the_count(acme: World) -> None:
    grow(acme, Random(1), at=AT, people=5)
    take_snapshot(acme.organisation, at=AT)
    take_snapshot(acme.organisation, at=AT)
    assert acme.organisation.gap_snapshots.count() == 1


def test_of_old_counts_the_first_of_each_month_is_kept(acme: World) -> None:
    for day in (datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2026, 1, 20, 12, tzinfo=UTC), datetime(2026, 2, 3, 12, tzinfo=UTC), AT):
        take_snapshot(acme.organisation, at=day)
    kept = acme.organisation.gap_snapshots.order_by("taken_on").values_list("taken_on", flat=True)
    assert [str(day) for day in kept] == ["2026-01-01", "2026-02-03", "2026-06-15"]


def test_what_is_expected_follows_from_the_units_own_rates() -> None:
    # 12 of 114 on average left in twelve months: a month's share is a twelfth of that.
    assert leaving_rate(108, 12) == pytest.approx(12 / 114 / 12)
    assert leaving_rate(0, 0) == 0
    assert expected_holders(3, 2, 3, leaving=0.1, renewal=0.5) == pytest.approx(0.9**3 * 4)
