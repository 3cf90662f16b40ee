"""Nothing about few people can be worked out from all figures that are shown together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.gaps.suppression import FLOOR, publishable

Children = dict[int | None, list[int]]


@st.composite
def trees(draw: st.DrawFn) -> tuple[Children, dict[int | None, int]]:
    """A tree of up to seven units, and how many people stand directly in each."""
    count = draw(st.integers(0, 6))
    children: Children = {}
    for unit in range(count):
        parent = draw(st.sampled_from([None, *range(unit)]))
        children.setdefault(parent, []).append(unit)
    direct = {unit: draw(st.integers(0, 14)) for unit in [None, *range(count)]}
    return children, direct


def within(children: Mapping[int | None, Sequence[int]], unit: int | None) -> list[int | None]:
    found: list[int | None] = [unit]
    for child in children.get(unit, ()):
        found += within(children, child)
    return found


def sizes_of(children: Children, direct: dict[int | None, int]) -> dict[int | None, int]:
    return {unit: sum(direct[one] for one in within(children, unit)) for unit in direct}


def rank(rows: list[list[Fraction]]) -> int:
    rows, found = [row[:] for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows[found:] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(found, pivot)
        for place, row in enumerate(rows):
            if place != found and row[column]:
                factor = row[column] / pivot[column]
                rows[place] = [mine - factor * theirs for mine, theirs in zip(row, pivot, strict=True)]
        found += 1
    return found


def recovered(children: Children, direct: dict[int | None, int], shown: set[int | None], k: int) -> list[set[int | None]]:
    """Every group of fewer than k people whose figure follows from the shown ones by adding and subtracting, whichever these are."""
    atoms = [unit for unit, number in direct.items() if number]
    rows = [[Fraction(atom in within(children, unit)) for atom in atoms] for unit in sorted(shown, key=str)]
    before = rank(rows)
    groups = (group for size in range(1, len(atoms) + 1) for group in combinations(atoms, size))
    few = (group for group in groups if sum(direct[atom] for atom in group) < k)
    return [set(group) for group in few if rank([*rows, [Fraction(atom in group) for atom in atoms]]) == before]


@given(trees())
def test_no_group_of_fewer_than_ten_follows_from_what_is_shown(tree: tuple[Children, dict[int | None, int]]) -> None:
    children, direct = tree
    shown = publishable(children, sizes_of(children, direct))
    assert recovered(children, direct, shown, 10) == []


@given(trees())
def test_no_group_of_fewer_than_the_floor_follows_at_the_floor(tree: tuple[Children, dict[int | None, int]]) -> None:
    children, direct = tree
    shown = publishable(children, sizes_of(children, direct), FLOOR)
    assert recovered(children, direct, shown, FLOOR) == []


def test_the_script_finds_what_a_careless_choice_gives_away() -> None:
    children, direct = {None: [0, 1]}, {None: 0, 0: 12, 1: 4}
    assert recovered(children, direct, {None, 0}, 10) == [{1}]


def test_one_small_part_hides_the_smallest_of_its_neighbours_too() -> None:
    assert publishable({None: [0, 1, 2]}, {None: 40, 0: 24, 1: 12, 2: 4}) == {None, 0}


def test_parts_that_leave_nobody_over_are_all_shown() -> None:
    assert publishable({None: [0, 1]}, {None: 30, 0: 18, 1: 12}) == {None, 0, 1}


def test_an_organisation_of_few_shows_nothing() -> None:
    assert publishable({None: [0]}, {None: 9, 0: 5}) == set()


def test_nobody_goes_below_the_floor() -> None:
    with pytest.raises(ValueError, match="never shown"):
        publishable({}, {None: 100}, FLOOR - 1)
