"""Access by group: nothing about few people, by itself or taken from something else."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.opportunities.openings import offered
from tests.world import World

from hexmark.errors import NotPermitted
from hexmark.opportunities.fairness import STATEMENT, access_figures, suppressed
from hexmark.opportunities.interests import raise_hand
from hexmark.people.queries import actor_for
from hexmark.people.records import move_to_team
from hexmark.people.teams import make_team

K = 5
ROWS = st.lists(st.tuples(*[st.integers(0, 30)] * 4).map(lambda row: sorted(row, reverse=True)), min_size=1, max_size=5)


@given(ROWS)
def test_no_figure_and_no_difference_of_figures_tells_of_few_people(rows: list[list[int]]) -> None:
    figures = suppressed({f"g{place}": row for place, row in enumerate(rows)}, by="team", k=K)
    told = []
    for group in figures.groups:
        chain = [one for one in (group.offered, group.could, group.raised, group.chosen) if one is not None]
        told += chain
        # Within a group each figure is contained in the one before it.
        told += [larger - smaller for larger, smaller in itertools.combinations(chain, 2)]
    if figures.of is not None:
        told.append(figures.of - sum(group.offered or 0 for group in figures.groups))
    assert all(one == 0 or one >= K for one in told)


def test_groups_are_counted_by_team_and_by_kind(acme: World) -> None:
    opening = offered(acme)
    for name in ("North", "South"):
        team = make_team(acme.organisation, name=name, actor=acme.steward)
        for number in range(12):
            person = acme.person(f"{name} {number}")
            move_to_team(person, team=team, actor=acme.steward)
            if name == "North":
                raise_hand(opening, person, actor=actor_for(person), shows=True)
    figures = access_figures(opening, by="team", actor=acme.steward)
    [shown] = figures.groups
    assert (shown.name, shown.offered, shown.raised) in {("South", 12, None), ("North", 12, 12)}
    # Three are in no team: with both teams and the whole, they would be told of.
    assert figures.left_out == 2
    by_kind = access_figures(opening, by="kind", actor=acme.steward)
    assert [(group.name, group.offered) for group in by_kind.groups] == [("Staff", 27)]
    assert "association, not cause" in STATEMENT


def test_only_who_may_view_what_is_offered_reads_them(acme: World, globex: World) -> None:
    opening = offered(acme)
    for actor in (acme.member, acme.manager, globex.steward):
        with pytest.raises(NotPermitted):
            access_figures(opening, by="team", actor=actor)


def test_nobody_may_set_the_floor_lower(acme: World) -> None:
    with pytest.raises(ValueError, match="never shown"):
        access_figures(offered(acme), by="team", actor=acme.steward, k=4)
