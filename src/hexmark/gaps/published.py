"""What may be shown of an organisation's counts to people who do not see everybody by name: a matrix of units and skills, masked.

For each skill, the units that may be shown together are chosen over the whole tree of teams, so that no two pages of it can be combined
into what neither shows. A unit's total adds up the skills that are shown of it and nothing else, so it gives nothing more away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hexmark.gaps.counting import Count, pooled
from hexmark.gaps.snapshots import Counted
from hexmark.gaps.suppression import DEFAULT_K, publishable
from hexmark.skills.models import Skill


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit with its cells, in the order of the skills; a cell that may not be shown, or where nothing is required, is None."""

    unit: int | None
    name: str
    public_id: str
    cells: Sequence[Count | None]
    #: Whether the cell is hidden; otherwise an empty one is of a skill that nobody there needs.
    hidden: Sequence[bool]
    total: Count
    has_parts: bool

    @property
    def pairs(self) -> list[tuple[Count | None, bool]]:
        """Each cell with whether it is hidden."""
        return list(zip(self.cells, self.hidden, strict=True))


@dataclass(frozen=True, slots=True)
class Matrix:
    """The unit itself first, then its parts."""

    skills: Sequence[Skill]
    rows: Sequence[UnitRow]
    k: int


def published_cells(counted: Counted, k: int = DEFAULT_K) -> dict[int, set[int | None]]:
    """By key of each skill, the units whose figures may be shown."""
    shown = {}
    for skill_id in counted.skills:
        sizes = {unit: counted.of(unit, skill_id).required for unit in [None, *counted.tree.teams]}
        shown[skill_id] = publishable(counted.tree.children, sizes, k)
    return shown


def published_units(counted: Counted, k: int = DEFAULT_K) -> set[int | None]:
    """The units of which may be said how many of their people can do something: counted by heads, whatever their roles need."""
    return publishable(counted.tree.children, counted.people, k)


def published_matrix(counted: Counted, unit: int | None, *, whole: str, k: int = DEFAULT_K) -> Matrix:
    """The unit (None: everybody, called `whole`) and its parts against every skill that is asked for within it, largest gaps first."""
    shown = published_cells(counted, k)
    asked = [skill_id for skill_id in counted.skills if counted.of(unit, skill_id).required]
    known = Skill.objects.in_bulk(asked)
    # In an order that hidden figures have no say in.
    order = sorted(known.values(), key=lambda one: (-(counted.of(unit, one.pk).gaps if unit in shown[one.pk] else 0), one.name, one.pk))
    units: list[int | None] = [unit, *counted.tree.children.get(unit, ())]
    # Parts in which nobody stands are closed teams and empty shells.
    rows = [_row(counted, one, order, shown, whole) for one in units if one == unit or counted.people.get(one)]
    return Matrix(order, rows, k)


def _row(counted: Counted, unit: int | None, skills: Sequence[Skill], shown: dict[int, set[int | None]], whole: str) -> UnitRow:
    team = counted.tree.teams[unit] if unit is not None else None
    counts = [counted.of(unit, skill.pk) for skill in skills]
    cells = [one if one.required and unit in shown[skill.pk] else None for one, skill in zip(counts, skills, strict=True)]
    hidden = [bool(one.required) and cell is None for one, cell in zip(counts, cells, strict=True)]
    return UnitRow(
        unit=unit,
        name=team.name if team else whole,
        public_id=team.public_id if team else "",
        cells=cells,
        hidden=hidden,
        total=pooled(cell for cell in cells if cell is not None),
        has_parts=bool(counted.tree.children.get(unit)),
    )
