"""Charts as SVG made here: no script, and a table with the same figures always stands beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 640
ROW = 40
BAR = 12
LETTERS = 64


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with its words, in the units of the drawing."""

    label: str
    text: str
    width: float
    text_y: int
    bar_y: int


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart, lying; drawn by `charts/bars.html`."""

    width: int
    height: int
    thickness: int
    bars: Sequence[Bar]


def bars(values: Sequence[tuple[str, int]], *, most: int) -> Bars:
    """The values as bars of which the longest possible stands for `most`."""
    drawn = [
        Bar(
            label=label if len(label) <= LETTERS else f"{label[: LETTERS - 1]}…",
            text=f"{value} of {most}",
            width=round(WIDTH * value / most, 1) if most else 0,
            text_y=number * ROW + 14,
            bar_y=number * ROW + 20,
        )
        for number, (label, value) in enumerate(values)
    ]
    return Bars(width=WIDTH, height=max(1, len(drawn)) * ROW, thickness=BAR, bars=drawn)
