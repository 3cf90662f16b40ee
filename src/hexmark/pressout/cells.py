"""The cells of a press-out sheet. Each criterion met cuts one side clean through; when all are met, the badge presses out."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from hexmark.pressout.colour import mix, ramp
from hexmark.pressout.drawing import Drawing, Stop, opaque
from hexmark.pressout.full import draw_full, metal_of
from hexmark.pressout.geometry import Hexagon, Point, number, polygon
from hexmark.pressout.icons import GRID, icon_path
from hexmark.pressout.lettering import Family, can_letter, line, straight
from hexmark.pressout.materials import METALS, Metal, grain
from hexmark.pressout.parts import CENTRE, PIECE, Press
from hexmark.pressout.plaque import set_title
from hexmark.pressout.recipe import Recipe
from hexmark.pressout.relief import stamped

APOTHEM = 108
#: The sheet below, seen through the cuts.
LINER = "#18d0b4"
AMBER = "#e8a33a"
#: Order in which sides are cut. The right and the left one come last: they leave the nubs.
CUT_ORDER = (5, 1, 4, 2, 0, 3)


class State(StrEnum):
    """How far a person has come with a badge."""

    LOCKED = "locked"
    AVAILABLE = "available"
    PROGRESS = "progress"
    EARNED = "earned"
    RENEW = "renew"


@dataclass(frozen=True, slots=True)
class Cell:
    """One badge on a sheet. `done` of `total` criteria count in the state PROGRESS only.

    Raises:
        ValueError: `done` is not between 0 and `total`, or `total` is below 1.
    """

    recipe: Recipe
    state: State = State.LOCKED
    done: int = 0
    total: int = 6

    def __post_init__(self) -> None:
        if self.total < 1 or not 0 <= self.done <= self.total:
            raise ValueError("A cell has done some of its criteria: 0 to as many as there are, and there is at least one.")

    @property
    def described(self) -> str:
        """The cell in words."""
        if self.state == State.PROGRESS:
            return f"{self.recipe.title}: {self.done} of {self.total} criteria met."
        return f"{self.recipe.title}: {self.state}."

    @property
    def cut(self) -> frozenset[int]:
        """The sides that are cut: floor(6 · done / total), at most five, so that a badge never presses out early."""
        if self.state != State.PROGRESS:
            return frozenset()
        return frozenset(CUT_ORDER[: min(5, 6 * self.done // self.total)])


@dataclass(frozen=True, slots=True)
class Plate:
    """The sheet that cells are drawn on; a dark one is coated, and words on it are cut through to bright metal."""

    drawing: Drawing
    metal: Metal
    dark: bool

    @property
    def line(self) -> str:
        """Colour of etched lines."""
        return ramp(self.metal, 1.0 if self.dark else 0.10)

    @property
    def words(self) -> str:
        """Colour of words on the plate."""
        return "#e6ebf0" if self.dark else ramp(self.metal, 0.03)

    def glint(self, opacity: float) -> float:
        """How strong the bright lip of an edge is: weak on a coated plate."""
        return opacity * (0.3 if self.dark else 1.0)

    def stamp(self, data: str, *, depth: float, ink: str = "") -> None:
        """Words sunk into the plate."""
        if self.dark:
            stamped(self.drawing, data, ink or self.words, depth=-0.8 * depth, lip="#000000", strength=0.8)
        else:
            stamped(self.drawing, data, ink or self.words, depth=depth, lip=ramp(self.metal, 1), strength=0.75)


def draw_cell(plate: Plate, cell: Cell, centre: Point) -> None:
    """Draw one cell about its middle."""
    hexagon = Hexagon(*centre, apothem=APOTHEM, corner_radius=15)
    draw: dict[State, Callable[[Plate, Cell, Hexagon], None]] = {
        State.LOCKED: _locked, State.AVAILABLE: _open, State.PROGRESS: _open, State.EARNED: _earned, State.RENEW: _renew,
    }  # fmt: skip
    draw[cell.state](plate, cell, hexagon)


def _glyph(plate: Plate, cell: Cell, centre: Point, size: float) -> Callable[..., None]:
    shape = plate.drawing.shape(icon_path(cell.recipe.icon))

    def place(right: float, down: float, **attributes: str | float) -> None:
        x, y = centre[0] - size / 2 + right, centre[1] - size / 2 + down
        plate.drawing.use(shape, f"translate({number(x)} {number(y)}) scale({number(size / GRID, 4)})", **attributes)

    return place


def _words(plate: Plate, cell: Cell, middle: Point, *, capital: float = 13.5, ink: str = "") -> None:
    """The title in the lower half, on one line or two."""
    title = cell.recipe.title
    if not can_letter(title.upper()):
        return
    lines = set_title(title, width=142, one=capital, two=capital * 0.94, least=9.5, tracking=0.08)
    leading = lines[0].capital * 1.42
    start = middle[1] - (len(lines) - 1) * leading * 0.3
    for place, words in enumerate(lines):
        plate.stamp(words.path(straight((middle[0], start + place * leading))), depth=0.9, ink=ink)


def _locked(plate: Plate, cell: Cell, hexagon: Hexagon) -> None:
    """An etched hairline."""
    drawing, outline = plate.drawing, hexagon.inset(4)
    drawing.path(outline.moved(0.7, 1.1).path(), "none", stroke="#ffffff", stroke_opacity=plate.glint(0.6), stroke_width=1.4)
    drawing.path(outline.path(), "none", stroke=plate.line, stroke_opacity=0.5, stroke_width=1.2)
    glyph = _glyph(plate, cell, (hexagon.x, hexagon.y - 17), 66)
    glyph(0.7, 1.1, fill="none", stroke="#ffffff", stroke_opacity=plate.glint(0.6), stroke_width=5)
    glyph(0, 0, fill="none", stroke=plate.line, stroke_opacity=0.6, stroke_width=4.5)
    faded = mix(ramp(plate.metal, 0.6), plate.words, 0.8)
    _words(plate, cell, (hexagon.x, hexagon.y + 48), ink=faded)


def _open(plate: Plate, cell: Cell, hexagon: Hexagon) -> None:
    """A perforated piece, lifted a hair, with its icon in relief; cut sides show the liner."""
    drawing, metal = plate.drawing, plate.metal
    _piece(plate, hexagon)
    glyph = _glyph(plate, cell, (hexagon.x, hexagon.y - 18), 88)
    glyph(1.8, 2.6, fill="#000000", fill_opacity=0.22)
    glyph(1.1, 1.6, fill=ramp(metal, 0.12), fill_opacity=0.65)
    glyph(-0.9, -1.3, fill=ramp(metal, 1), fill_opacity=0.9)
    glyph(0, 0, fill=ramp(metal, 0.88 if plate.dark else 0.70))
    _words(plate, cell, (hexagon.x, hexagon.y + 52))
    slots: dict[str, str | float] = {"stroke_linecap": "round", "stroke_dasharray": "7 8.4"}
    line_ = hexagon.inset(2.2)
    drawing.path(line_.moved(0.7, 1.2).path(), "none", stroke="#ffffff", stroke_opacity=plate.glint(0.8), stroke_width=4.4, **slots)
    drawing.path(line_.path(), "none", stroke=ramp(metal, 0.02), stroke_opacity=0.92, stroke_width=3.8, **slots)
    for side in sorted(cell.cut):
        _cut(plate, line_, side)
    if cell.state == State.PROGRESS:
        _count(plate, cell, hexagon)


def _piece(plate: Plate, hexagon: Hexagon) -> None:
    drawing, metal, a = plate.drawing, plate.metal, hexagon.apothem
    x, y = hexagon.x, hexagon.y
    tones = ((0, 0.93), (0.28, 0.78), (0.5, 0.66), (0.62, 0.82), (0.72, 0.74), (1, 0.56))
    face = drawing.linear((x - a, y - a), (x + a * 0.8, y + a), opaque((offset, ramp(metal, tone)) for offset, tone in tones))
    piece = hexagon.inset(6)
    drawing.path(piece.path(), face)
    drawing.path(piece.path(), grain(drawing, 15.7, 0.06))
    ends = ((x - a * 0.6, y - a), (x + a * 0.6, y + a))
    lip: list[Stop] = [(0, "#ffffff", 1.0), (0.45, "#ffffff", 0.25), (0.6, ramp(metal, 0.1), 0.15), (1, ramp(metal, 0.02), 0.75)]
    drawing.path(piece.inset(1).path(), "none", stroke=drawing.linear(*ends, lip), stroke_width=2.2)
    inner: list[Stop] = [(0, ramp(metal, 0.05), 0.55), (0.5, ramp(metal, 0.3), 0.1), (1, "#ffffff", plate.glint(0.9))]
    drawing.path(hexagon.inset(17).path(), "none", stroke=drawing.linear(*ends, inner), stroke_width=1.6)


def _cut(plate: Plate, outline: Hexagon, side: int) -> None:
    """One side cut clean through, round its two corners a little."""
    data = plate.drawing.shape(_side_path(outline, side))
    strokes = (
        (0.8, 1.5, 12, "#ffffff", plate.glint(0.85)),
        (0, 0, 11, ramp(plate.metal, 0.0), 1),
        (0.5, 1.8, 6.6, mix(LINER, "#000000", 0.42), 1),
        (0.7, 2.4, 4.2, LINER, 1),
    )
    plate.drawing.group(fill="none", stroke_linecap="round")
    for right, down, width, colour, opacity in strokes:
        plate.drawing.use(data, f"translate({right} {down})", stroke=colour, stroke_opacity=opacity, stroke_width=width)
    plate.drawing.end_group()


def _count(plate: Plate, cell: Cell, hexagon: Hexagon) -> None:
    """A dark plate that says how many criteria are met."""
    x, y = hexagon.x, hexagon.y + 78
    words = line(f"{cell.done}/{cell.total}", 13.5, tracking=0.06)
    half = words.width / 2 + 13
    corners = [(x - half, y - 11.5), (x + half, y - 11.5), (x + half + 6, y), (x + half, y + 11.5), (x - half, y + 11.5), (x - half - 6, y)]
    plate.drawing.path(polygon([(px + 0.8, py + 1.4) for px, py in corners]), "#ffffff", fill_opacity=plate.glint(0.8))
    plate.drawing.path(polygon(corners), "#11181d")
    plate.drawing.path(words.path(straight((x, y + 6.8))), LINER)


def _renew(plate: Plate, cell: Cell, hexagon: Hexagon) -> None:
    """The hole of a badge that has run out, stencilled RENEW."""
    _hole(plate, hexagon)
    word = line("RENEW", 17, tracking=0.16, family=Family.STENCIL)
    plate.drawing.path(word.path(straight((hexagon.x, hexagon.y + 4))), AMBER)
    if can_letter(cell.recipe.title.upper()):
        lines = set_title(cell.recipe.title, width=140, one=12, two=11.5, least=9, tracking=0.1)
        for place, words in enumerate(lines):
            plate.drawing.path(words.path(straight((hexagon.x, hexagon.y + 31 + place * 17))), "#b9c3cc")


def _earned(plate: Plate, cell: Cell, hexagon: Hexagon) -> None:
    """The badge, pressed out and laid over its hole, lifted six units with a soft shadow."""
    drawing = plate.drawing
    _hole(plate, hexagon)
    for step in range(8):
        shadow = Hexagon(hexagon.x + 5 + step * 0.5, hexagon.y + 13 + step * 0.5, APOTHEM + 5 - step * 1.5, 18)
        drawing.path(shadow.path(), "#05090d", fill_opacity=0.075)
    scale = (APOTHEM - 3) / PIECE.apothem
    x, y = hexagon.x - CENTRE[0] * scale - 1, hexagon.y - CENTRE[1] * scale - 6
    drawing.group(transform=f"translate({number(x)} {number(y)}) scale({number(scale, 4)})")
    draw_full(Press(drawing, METALS[metal_of(cell.recipe)], grain=0.6), cell.recipe)
    drawing.end_group()


def _hole(plate: Plate, hexagon: Hexagon) -> None:
    drawing, metal = plate.drawing, plate.metal
    x, y, a = hexagon.x, hexagon.y, hexagon.apothem
    drawing.path(hexagon.moved(0.9, 1.5).path(), "none", stroke="#ffffff", stroke_opacity=plate.glint(0.85), stroke_width=2.4)
    depth = drawing.linear((x, y - a * 1.15), (x, y + a * 1.15), opaque([(0, "#05080a"), (0.25, "#0f151a"), (1, "#1d262d")]))
    drawing.path(hexagon.path(), depth)
    drawing.group(clip_path=drawing.clip(hexagon.path()), fill="none")
    drawing.path(hexagon.path(), "none", stroke=ramp(metal, 0.36), stroke_width=5)
    for width, opacity in ((26, 0.10), (16, 0.14), (9, 0.2)):
        drawing.path(hexagon.moved(2, 5).path(), "none", stroke="#000000", stroke_opacity=opacity, stroke_width=width)
    drawing.end_group()
    for side, out in ((x + a, -1), (x - a, 1)):
        nub = [(side - out, y - 9), (side + out * 4, y - 6), (side + out * 4.6, y), (side + out * 4, y + 6), (side - out, y + 9)]
        drawing.path(polygon(nub), ramp(metal, 0.55))


def sign(plate: Plate, state: State, centre: Point) -> None:
    """A cell's state, small, for the legend."""
    drawing, hexagon = plate.drawing, Hexagon(*centre, apothem=11, corner_radius=3)
    dashes: dict[str, str | float] = {"stroke": plate.line, "stroke_width": 2, "stroke_dasharray": "2 2.2"}
    if state == State.EARNED:
        gold = METALS["gold"]
        for shape, colour in ((hexagon, 0.35), (hexagon.inset(2), 0.78)):
            drawing.path(shape.path(), ramp(gold, colour))
        drawing.path(hexagon.inset(4.5).path(), "#12395f")
    elif state == State.PROGRESS:
        drawing.path(hexagon.path(), "none", stroke_opacity=0.5, **dashes)
        for side in (4, 5, 0):
            ends = "L".join(f"{number(x, 1)} {number(y, 1)}" for x, y in hexagon.side(side))
            drawing.path(f"M{ends}", "none", stroke="#0d1216", stroke_width=5)
            drawing.path(f"M{ends}", "none", stroke=LINER, stroke_width=2.6)
    elif state == State.AVAILABLE:
        drawing.path(hexagon.path(), "none", **dashes)
    elif state == State.LOCKED:
        drawing.path(hexagon.path(), "none", stroke=plate.line, stroke_opacity=0.7, stroke_width=1.1)
    else:
        drawing.path(hexagon.path(), "#11161b")
        drawing.path(hexagon.moved(0.4, 0.9).path(), "none", stroke="#ffffff", stroke_opacity=plate.glint(0.7), stroke_width=1.2)


#: A piece of a sheet by itself, for pages that draw their own plate: this many units wide and high.
PIECE_WIDTH, PIECE_HEIGHT = 2 * APOTHEM, 246
_ALONE = Hexagon(APOTHEM, PIECE_HEIGHT / 2, apothem=APOTHEM, corner_radius=15).inset(6)


def outline_path() -> str:
    """Path data of one piece by itself, in a picture of PIECE_WIDTH by PIECE_HEIGHT units."""
    return _ALONE.path()


def cut_paths(sides: frozenset[int]) -> list[str]:
    """Path data of these sides of the piece, each round its two corners a little."""
    return [_side_path(_ALONE, side) for side in sorted(sides)]


def _side_path(outline: Hexagon, side: int) -> str:
    normal, radius = 60 * side, number(outline.corner_radius)
    turns = [outline.at(side - 1, normal - 16), outline.at(side - 1, normal), outline.at(side, normal), outline.at(side, normal + 16)]
    first, start, end, last = (f"{number(x, 1)} {number(y, 1)}" for x, y in turns)
    return f"M{first}A{radius} {radius} 0 0 1 {start}L{end}A{radius} {radius} 0 0 1 {last}"
