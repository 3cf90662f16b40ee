"""Charts as SVG made here: no script, and a table with the same figures always stands beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

#: Of a line, in units of its drawing; bars are as wide as the page lets them.
WIDTH = 640
ROW = 40
BAR = 12
LETTERS = 64


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with its words: its length in hundredths of the drawing's width, the rest in pixels, so that words keep their size."""

    label: str
    text: str
    width: float
    text_y: int
    bar_y: int


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart, lying; drawn by `charts/bars.html`."""

    height: int
    thickness: int
    bars: Sequence[Bar]


def bars(values: Sequence[tuple[str, int]], *, most: int) -> Bars:
    """The values as bars of which the longest possible stands for `most`."""
    drawn = [
        Bar(
            label=label if len(label) <= LETTERS else f"{label[: LETTERS - 1]}…",
            text=f"{value} of {most}",
            width=round(100 * value / most, 2) if most else 0,
            text_y=number * ROW + 14,
            bar_y=number * ROW + 20,
        )
        for number, (label, value) in enumerate(values)
    ]
    return Bars(height=max(1, len(drawn)) * ROW, thickness=BAR, bars=drawn)


#: The line chart's drawing, and the room for its words at the left and below.
LINE_HEIGHT = 220
LEFT, BELOW, ABOVE = 64, 28, 12
STEPS = 4


@dataclass(frozen=True, slots=True)
class Tick:
    """A word beside the drawing, and where."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line over days, in the units of the drawing; drawn by `charts/line.html`."""

    width: int
    height: int
    left: int
    points: Sequence[tuple[float, float]]
    path: str
    levels: Sequence[Tick]
    days: Sequence[Tick]


def line_chart(values: Sequence[tuple[date, float]]) -> Line | None:
    """The values as a line; None where there is nothing to draw. The lowest level is nothing, unless a value is below it."""
    if len(values) < 2:
        return None
    low, high = min(0.0, *(value for _, value in values)), max(value for _, value in values)
    high = high if high > low else low + 1
    first, span = values[0][0], max(1, (values[-1][0] - values[0][0]).days)
    inside = LINE_HEIGHT - BELOW - ABOVE

    def across(day: date) -> float:
        return round(LEFT + (WIDTH - LEFT - 8) * (day - first).days / span, 1)

    def up(value: float) -> float:
        return round(ABOVE + inside * (1 - (value - low) / (high - low)), 1)

    points = [(across(day), up(value)) for day, value in values]
    levels = [Tick(LEFT - 8, up(level), _level(level)) for level in (low + (high - low) * step / STEPS for step in range(STEPS + 1))]
    shown = [values[0][0], values[-1][0]] if len(values) < 8 else [values[0][0], values[len(values) // 2][0], values[-1][0]]
    days = [Tick(across(day), LINE_HEIGHT - 6, f"{day.day} {day:%b %Y}") for day in shown]
    path = " ".join(f"{x},{y}" for x, y in points)
    return Line(width=WIDTH, height=LINE_HEIGHT, left=LEFT, points=points, path=path, levels=levels, days=days)


def _level(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:,.1f}".removesuffix(".0")
