"""The press-out sheet: a metal plate with hexagons cut into it, one for each badge of a pathway. Six sides, six steps."""

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

from hexmark.pressout.cells import APOTHEM, Cell, Plate, State, draw_cell, sign
from hexmark.pressout.colour import ramp
from hexmark.pressout.drawing import Drawing, Stop, opaque
from hexmark.pressout.geometry import Point, cosine, number
from hexmark.pressout.lettering import Family, can_letter, line, straight
from hexmark.pressout.materials import BLACKPLATE, METALS, grain
from hexmark.pressout.parts import disc

GAP, MARGIN, HEAD, FOOT, AIR = 30, 74, 150, 112, 40
PITCH = 2 * APOTHEM + GAP
ROW = PITCH * cosine(30)
#: From a cell's middle to its upper corner.
REACH = APOTHEM / cosine(30) - 4
#: Bands of reflection across the plate: offset, tone.
_REFLECTION = (
    (0, 0.80), (0.10, 0.92), (0.20, 0.74), (0.33, 0.60), (0.44, 0.66), (0.52, 0.88),
    (0.57, 0.93), (0.64, 0.76), (0.78, 0.58), (0.90, 0.70), (1, 0.55),
)  # fmt: skip
LEGEND = (
    (State.EARNED, "Pressed out"),
    (State.PROGRESS, "Sides cut = criteria met"),
    (State.AVAILABLE, "Available"),
    (State.LOCKED, "Not yet open"),
    (State.RENEW, "Renew"),
)


@dataclass(frozen=True, slots=True)
class Heading:
    """The words on a sheet: what it is of, a line below that, whose it is and a stencilled mark. What has no letters is left out."""

    title: str
    subtitle: str = ""
    owner: str = ""
    mark: str = ""


def sheet(cells: Sequence[Cell], heading: Heading, *, columns: int = 5, dark: bool = False, legend: bool = True) -> str:
    """The sheet as the text of an SVG. Rows of `columns` cells alternate with rows of one less; equal arguments give equal text.

    Raises:
        RecipeError: an earned badge's recipe cannot be drawn as `full_badge`.
        ValueError: there is no cell, or fewer than two columns.
    """
    if not cells or columns < 2:
        raise ValueError("A sheet has at least one cell and two columns.")
    facts = [heading.title, heading.subtitle, heading.owner, heading.mark, columns, dark, legend]
    key = json.dumps([*facts, *([cell.recipe.digest, cell.state, cell.done, cell.total] for cell in cells)])
    plate = Plate(Drawing("s" + hashlib.sha256(key.encode()).hexdigest()[:8]), BLACKPLATE if dark else METALS["steel"], dark)
    places = _places(len(cells), columns)
    width = 2 * MARGIN + columns * PITCH - GAP
    height = HEAD + FOOT + (places[-1][1] + REACH)
    _body(plate, width, height)
    _headings(plate, heading, width)
    for cell, (x, y) in zip(cells, places, strict=True):
        draw_cell(plate, cell, (AIR + MARGIN + x, AIR + HEAD + y))
    _marks(plate, places, columns)
    if legend:
        _legend(plate, width, height)
    _count(plate, cells, width, height)
    # Whole numbers: at a fraction of a pixel, renderers place the picture differently.
    size = {"width": math.ceil(width + 2 * AIR), "height": math.ceil(height + 2 * AIR + 10)}
    return plate.drawing.document(title=heading.title, description=_described(cells), **size)


def _places(count: int, columns: int) -> list[Point]:
    """The middles of the cells, from the first cell's upper left."""
    places: list[Point] = []
    row = 0
    while len(places) < count:
        short = row % 2
        across = min(columns - short, count - len(places))
        places += [(APOTHEM + place * PITCH + short * PITCH / 2, REACH + row * ROW) for place in range(across)]
        row += 1
    return places


def _marks(plate: Plate, places: Sequence[Point], columns: int) -> None:
    """Registration marks of the die, in the corners that short rows leave free."""
    aside = PITCH / 4 - 26
    for row in sorted({round(y, 3) for _, y in places})[1::2]:
        for x in (aside, columns * PITCH - GAP - aside):
            middle = (AIR + MARGIN + x, AIR + HEAD + row)
            left, top = number(middle[0] - 17), number(middle[1] - 17)
            cross = f"M{left} {number(middle[1])}h34M{number(middle[0])} {top}v34{disc(middle, 10)}"
            mark = plate.drawing.shape(cross)
            plate.drawing.use(mark, "translate(0.6 1)", fill="none", stroke="#ffffff", stroke_opacity=plate.glint(0.7), stroke_width=1.5)
            plate.drawing.use(mark, "translate(0)", fill="none", stroke=plate.line, stroke_opacity=0.5, stroke_width=1.5)


def _described(cells: Sequence[Cell]) -> str:
    earned = sum(cell.state == State.EARNED for cell in cells)
    return f"{earned} of {len(cells)} badges earned. " + " ".join(cell.described for cell in cells)


def rounded(corner: Point, width: float, height: float, radius: float) -> str:
    """Path data of a rectangle with round corners."""
    x, y = corner
    r = number(radius)
    right, bottom = x + width, y + height
    return (
        f"M{number(x + radius)} {number(y)}H{number(right - radius)}A{r} {r} 0 0 1 {number(right)} {number(y + radius)}"
        f"V{number(bottom - radius)}A{r} {r} 0 0 1 {number(right - radius)} {number(bottom)}H{number(x + radius)}"
        f"A{r} {r} 0 0 1 {number(x)} {number(bottom - radius)}V{number(y + radius)}A{r} {r} 0 0 1 {number(x + radius)} {number(y)}Z"
    )


def _body(plate: Plate, width: float, height: float) -> None:
    """The plate with its shadow, its thickness, four holes and the slot it hangs by."""
    drawing, metal = plate.drawing, plate.metal
    for step in range(9):
        shadow = rounded((AIR - 8 + step * 2, AIR + 10 + step * 2.2), width + 16 - step * 4, height + 14 - step * 4, 34)
        drawing.path(shadow, "#0a1018", fill_opacity=0.035)
    holes = [(AIR + x, AIR + y) for x in (36, width - 36) for y in (36, height - 36)]
    slot = rounded((AIR + width / 2 - 62, AIR + 24), 124, 20, 10)
    through = "".join(disc(hole, 13) for hole in holes) + slot
    drawing.path(rounded((AIR, AIR + 7), width, height, 30) + through, ramp(metal, 0.16), fill_rule="evenodd")
    face = drawing.shape(rounded((AIR, AIR), width, height, 30) + through)
    reflection = opaque((offset, ramp(metal, tone)) for offset, tone in _REFLECTION)
    paints = [drawing.linear((AIR, AIR), (AIR + width * 0.86, AIR + height * 1.15), reflection)]
    paints += [grain(drawing, 15.7, 0.045), grain(drawing, 9.1, 0.035)]
    for paint in paints:
        drawing.use(face, "translate(0)", fill=paint, fill_rule="evenodd")
    edge: list[Stop] = [(0, "#ffffff", 0.95), (0.5, "#ffffff", 0.35), (1, ramp(metal, 0.1), 0.6)]
    lip = drawing.linear((AIR, AIR), (AIR + width * 0.6, AIR + height), edge)
    drawing.path(rounded((AIR + 1, AIR + 1), width - 2, height - 2, 29), "none", stroke=lip, stroke_width=2)
    for opening in (*(disc(hole, 13) for hole in holes), slot):
        drawing.path(opening, "none", stroke=ramp(metal, 0.1), stroke_width=1.8, stroke_opacity=0.85)
    for hole in holes:
        y, left = number(hole[1]), number(hole[0] - 13)
        shade = f"M{left} {y}A13 13 0 0 1 {number(hole[0] + 13)} {y}A14.6 14.6 0 0 0 {left} {y}Z"
        drawing.path(shade, ramp(metal, 0.04), fill_opacity=0.75)
        drawing.path(
            disc((hole[0] + 0.4, hole[1] + 0.8), 14.6), "none", stroke="#ffffff", stroke_opacity=plate.glint(0.55), stroke_width=1.2
        )


def _headings(plate: Plate, heading: Heading, width: float) -> None:
    left, right = AIR + MARGIN, AIR + width - MARGIN
    room = (width - 2 * MARGIN) / 2
    words = (
        (heading.title, 27, 0.06, (left, AIR + 96), 0.0, Family.PLATE, 1.3 * room),
        (heading.subtitle, 14, 0.14, (left, AIR + 124), 0.0, Family.PLATE, room),
        (heading.mark, 19, 0.10, (right, AIR + 94), 1.0, Family.STENCIL, 0.6 * room),
        (heading.owner, 14, 0.14, (right, AIR + 124), 1.0, Family.PLATE, room * 0.9),
    )
    for text, capital, tracking, start, anchor, family, most in words:
        if can_letter(text.upper(), family):
            set_words = line(text.upper(), float(capital), tracking=tracking, family=family).fitted(most)
            plate.stamp(set_words.path(straight(start), anchor=anchor), depth=capital / 20)


def _legend(plate: Plate, width: float, height: float) -> None:
    lines = [(state, line(text.upper(), 12.5, tracking=0.12)) for state, text in LEGEND]
    need = sum(24 + words.width + 42 for _, words in lines) + 60
    scale = min(1.0, (width - 2 * MARGIN) / need)
    x, y = AIR + MARGIN + 8.0, AIR + height - 46
    for state, words in lines:
        sign(plate, state, (x, y))
        small = words.fitted(words.width * scale)
        plate.stamp(small.path(straight((x + 24, y + small.capital / 2)), anchor=0), depth=0.9)
        x += 24 + small.width + 42 * scale


def _count(plate: Plate, cells: Sequence[Cell], width: float, height: float) -> None:
    earned = sum(cell.state == State.EARNED for cell in cells)
    words = line(f"{earned} / {len(cells)}", 24, tracking=0.06)
    plate.stamp(words.path(straight((AIR + width - MARGIN, AIR + height - 34)), anchor=1), depth=1.3)
