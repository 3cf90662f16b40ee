"""The parts of every badge: the plate's edge with its nubs, the rim, rivets, pips and the reflection over all."""

from dataclasses import dataclass

from hexmark.pressout.colour import ramp
from hexmark.pressout.drawing import Drawing, opaque
from hexmark.pressout.geometry import Hexagon, Point, number, plain_hexagon, polygon
from hexmark.pressout.materials import Metal, bevel, grain, lit, sheen

CENTRE: Point = (256, 250)
PIECE = Hexagon(*CENTRE, apothem=208, corner_radius=27)
#: The plate is this thick, seen straight below.
THICKNESS = 9
#: The two chamfers take this much of every side.
CHAMFER = 13
FACE = PIECE.inset(CHAMFER)


@dataclass(frozen=True, slots=True)
class Press:
    """What every part of one badge is drawn with. `grain` scales the brush lines: weaker where a badge is shown small."""

    drawing: Drawing
    metal: Metal
    grain: float = 1.0


def edge(press: Press) -> None:
    """The thickness of the plate, with the two nubs that its tabs left when it was pressed out."""
    drawing, metal = press.drawing, press.metal
    x, y = CENTRE
    left, right = x - PIECE.apothem, x + PIECE.apothem
    for side, out, tone in ((right, 1, 0.40), (left, -1, 0.62)):
        top = [(side - 4 * out, y - 13), (side + 4.6 * out, y - 9.5), (side + 5.4 * out, y - 2), (side + 4.2 * out, y + 9)]
        drawing.path(polygon([*top, (side + 4.2 * out, y + 9 + THICKNESS), (side - 4 * out, y + 13 + THICKNESS)]), ramp(metal, 0.16))
        drawing.path(polygon([*top, (side - 4 * out, y + 13)]), ramp(metal, tone))
    tones = ((0, 0.05), (0.06, 0.42), (0.16, 0.14), (0.5, 0.08), (0.80, 0.2), (0.93, 0.38), (1, 0.04))
    wall = drawing.linear((left, 0), (right, 0), opaque((offset, ramp(metal, tone)) for offset, tone in tones))
    drawing.path(PIECE.moved(0, THICKNESS).path(), wall)
    half = PIECE.side(0)[1][1] - y
    drawing.path(polygon([(left, y - half), (right, y - half), (right, y + half + THICKNESS), (left, y + half + THICKNESS)]), wall)


def rim(press: Press, low: float = 0.26, high: float = 0.96) -> None:
    """Two chamfers, then the brushed face of the frame, in tones from `low` to `high`."""
    drawing, metal = press.drawing, press.metal
    drawing.path(PIECE.path(), ramp(metal, 0.5))
    bevel(drawing, PIECE, PIECE.inset(5), metal, base=0.56, amplitude=0.42)
    bevel(drawing, PIECE.inset(5), FACE, metal, base=0.50, amplitude=0.36)
    face = FACE.path()
    drawing.path(face, drawing.linear((66, 14), (406, 486), sheen(metal, low, high)))
    drawing.path(face, grain(drawing, 15.7, 0.085 * press.grain))
    drawing.path(face, grain(drawing, 9.1, 0.07 * press.grain))
    drawing.path(face, "none", stroke=ramp(metal, 0.98), stroke_opacity=0.55, stroke_width=1)


def rivet(press: Press, centre: Point, radius: float) -> None:
    """A round head, lit from the upper left, with the shadow it throws."""
    drawing, metal = press.drawing, press.metal
    x, y = centre
    drawing.path(disc((x + 0.8, y + 1.8), radius + 1), "#000000", fill_opacity=0.35)
    stops = opaque((offset, ramp(metal, tone)) for offset, tone in ((0, 1), (0.35, 0.8), (0.8, 0.45), (1, 0.2)))
    head = drawing.radial((x - radius * 0.35, y - radius * 0.45), radius * 1.6, stops)
    drawing.path(disc(centre, radius), head, stroke=ramp(metal, 0.06), stroke_opacity=0.7, stroke_width=0.8)


def disc(centre: Point, radius: float) -> str:
    """Path data of a circle."""
    x, y, r = centre[0], number(centre[1]), number(radius)
    left, right = number(x - radius), number(x + radius)
    return f"M{left} {y}A{r} {r} 0 1 0 {right} {y}A{r} {r} 0 1 0 {left} {y}Z"


def pip(press: Press, centre: Point, radius: float) -> None:
    """A hexagonal stud: one level reached."""
    drawing, metal = press.drawing, press.metal
    x, y = centre
    drawing.path(polygon(plain_hexagon((x + 1.2, y + 2.6), radius + 0.6)), "#000000", fill_opacity=0.4)
    outer, inner = plain_hexagon(centre, radius), plain_hexagon(centre, radius * 0.62)
    for k in range(6):
        colour = ramp(metal, lit(60 * (k + 1), base=0.55, amplitude=0.42))
        following = (k + 1) % 6
        facet = polygon([outer[k], outer[following], inner[following], inner[k]])
        drawing.path(facet, colour, stroke=colour, stroke_width=0.4)
    drawing.path(polygon(inner), ramp(metal, 0.86))


def empty_pip(press: Press, centre: Point, radius: float) -> None:
    """The hole for a stud that is still to come."""
    x, y = centre
    press.drawing.path(polygon(plain_hexagon((x + 0.5, y + 1), radius)), "#ffffff", fill_opacity=0.22)
    press.drawing.path(polygon(plain_hexagon(centre, radius)), "#000000", fill_opacity=0.5)
    press.drawing.path(polygon(plain_hexagon((x, y + 1.3), radius * 0.84)), "#ffffff", fill_opacity=0.05)


def pip_row(press: Press, level: int) -> None:
    """One large stud for each level reached, in the lower corner of a field without words."""
    for place in range(level):
        aside = PIP_GAP * (place - (level - 1) / 2)
        # A shallow V along the lower sides: in a straight row the outer ones of five would lie on the frame.
        pip(press, (CENTRE[0] + aside, CENTRE[1] + 138 - 0.25 * abs(aside)), PIP_RADIUS)


PIP_RADIUS = 13
PIP_GAP = 32


def gloss(press: Press) -> None:
    """A reflection that sweeps over the whole piece."""
    stops = [(0, 0.20), (0.30, 0.05), (0.42, 0.0), (0.47, 0.10), (0.53, 0.0), (1, 0.0)]
    paint = press.drawing.linear((56, 30), (376, 490), [(offset, "#ffffff", opacity) for offset, opacity in stops])
    press.drawing.path(PIECE.path(), paint)
