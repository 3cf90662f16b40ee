"""The compact badge: a pressed-out hexagon with a large icon and its level as pips, for 32 pixels and more. No lettering."""

from dataclasses import dataclass

from hexmark.pressout.colour import ramp
from hexmark.pressout.drawing import Drawing, opaque
from hexmark.pressout.geometry import Hexagon, Point, cosine, number, plain_hexagon, polygon, sine
from hexmark.pressout.icons import GRID, icon_path
from hexmark.pressout.materials import ENAMEL_OF_DOMAIN, ENAMELS, METAL_OF_LEVEL, METALS, IconInk, Metal, bevel, grain, icon_ink, lit, sheen
from hexmark.pressout.recipe import LEVELS, Recipe

CENTRE: Point = (256, 250)
PIECE = Hexagon(*CENTRE, apothem=208, corner_radius=27)
#: The plate is this thick, seen straight below.
THICKNESS = 9
FACE = PIECE.inset(13)
RECESS_EDGE = PIECE.inset(13 + 30)
FLOOR = RECESS_EDGE.inset(9, sharpen=0.4)
ICON_SIZE = 232
ICON_CENTRE: Point = (256, 239)
PIP_RADIUS = 13
PIP_GAP = 32


@dataclass(frozen=True, slots=True)
class _Press:
    """What every part of one badge is drawn with."""

    drawing: Drawing
    metal: Metal
    ink: IconInk


def plain_badge(recipe: Recipe) -> str:
    """The badge as the text of an SVG of 512 by 512 units, at most 40 kB; equal recipes give equal text."""
    metal_name, enamel_name = METAL_OF_LEVEL[recipe.level], ENAMEL_OF_DOMAIN[recipe.domain]
    metal = METALS[metal_name]
    press = _Press(Drawing("b" + recipe.digest[:8]), metal, icon_ink(metal, ENAMELS[enamel_name]))
    _edge(press)
    _rim(press)
    _recess(press)
    _icon(press, recipe.icon)
    _pips(press, recipe.level)
    _gloss(press)
    description = f"{metal_name.capitalize()} hexagon, level {recipe.level} of {LEVELS[-1]}, domain {recipe.domain}."
    return press.drawing.document(title=recipe.title, description=description)


def _edge(press: _Press) -> None:
    """The thickness of the plate, with the two nubs that its tabs left when it was pressed out."""
    drawing, metal = press.drawing, press.metal
    x, y = CENTRE
    left, right = x - PIECE.apothem, x + PIECE.apothem
    for edge, out, tone in ((right, 1, 0.40), (left, -1, 0.62)):
        top = [(edge - 4 * out, y - 13), (edge + 4.6 * out, y - 9.5), (edge + 5.4 * out, y - 2), (edge + 4.2 * out, y + 9)]
        drawing.path(polygon([*top, (edge + 4.2 * out, y + 9 + THICKNESS), (edge - 4 * out, y + 13 + THICKNESS)]), ramp(metal, 0.16))
        drawing.path(polygon([*top, (edge - 4 * out, y + 13)]), ramp(metal, tone))
    tones = ((0, 0.05), (0.06, 0.42), (0.16, 0.14), (0.5, 0.08), (0.80, 0.2), (0.93, 0.38), (1, 0.04))
    wall = drawing.linear((left, 0), (right, 0), opaque((offset, ramp(metal, tone)) for offset, tone in tones))
    drawing.path(PIECE.moved(0, THICKNESS).path(), wall)
    half = PIECE.side(0)[1][1] - y
    drawing.path(polygon([(left, y - half), (right, y - half), (right, y + half + THICKNESS), (left, y + half + THICKNESS)]), wall)


def _rim(press: _Press) -> None:
    """Two chamfers, then the brushed face of the frame."""
    drawing, metal = press.drawing, press.metal
    drawing.path(PIECE.path(), ramp(metal, 0.5))
    bevel(drawing, PIECE, PIECE.inset(5), metal, base=0.56, amplitude=0.42)
    bevel(drawing, PIECE.inset(5), FACE, metal, base=0.50, amplitude=0.36)
    face = FACE.path()
    drawing.path(face, drawing.linear((66, 14), (406, 486), sheen(metal)))
    drawing.path(face, grain(drawing, 15.7, 0.085))
    drawing.path(face, grain(drawing, 9.1, 0.07))
    drawing.path(face, "none", stroke=ramp(metal, 0.98), stroke_opacity=0.55, stroke_width=1)


def _recess(press: _Press) -> None:
    """The sunken field: inner bevel, enamel over a sunburst, and the shadow that the frame throws on it."""
    drawing, metal, enamel = press.drawing, press.metal, press.ink.ground
    groove = RECESS_EDGE.inset(-2.2, sharpen=0)
    drawing.path(groove.path(), "none", stroke=ramp(metal, 0.08), stroke_opacity=0.55, stroke_width=1.4)
    drawing.path(RECESS_EDGE.path(), ramp(metal, 0.3))
    bevel(drawing, RECESS_EDGE, FLOOR, metal, raised=False, base=0.42, amplitude=0.42)
    floor = FLOOR.path()
    x, y = ICON_CENTRE
    drawing.path(floor, drawing.radial((x, y - 30), 250, opaque([(0, enamel.light), (0.5, enamel.base), (1, enamel.dark)])))
    drawing.group(clip_path=drawing.clip(floor))
    glow = drawing.radial(ICON_CENTRE, 230, [(0, "#ffffff", 0.0), (0.28, "#ffffff", 0.10), (1, "#ffffff", 0.05)])
    drawing.path(_sunburst(ICON_CENTRE, reach=280), glow)
    # A blurred shadow without a filter, which some renderers drop together with its shape: wide faint strokes under narrow ones.
    drawing.group(fill="none", stroke="#000000")
    shadow = drawing.shape(FLOOR.moved(2.2, 5.5).path())
    for width, opacity in ((30, 0.05), (22, 0.06), (15, 0.07), (9, 0.09), (4, 0.12)):
        drawing.use(shadow, "translate(0)", stroke_width=width, stroke_opacity=opacity)
    drawing.end_group()
    drawing.end_group()


def _sunburst(centre: Point, *, reach: float, rays: int = 36) -> str:
    x, y = centre
    parts = []
    for ray in range(rays):
        first, last = 360 * ray / rays, 360 * (ray + 0.5) / rays
        ends = [(x + reach * cosine(angle), y + reach * sine(angle)) for angle in (first, last)]
        parts.append("M{}".format("L".join(f"{number(px, 0)} {number(py, 0)}" for px, py in [centre, *ends])) + "Z")
    return "".join(parts)


def _icon(press: _Press, name: str) -> None:
    """The glyph in relief: contact shadow, extruded wall, a top that catches the light, and a bright edge."""
    drawing, metal, lift = press.drawing, press.metal, press.ink.lift
    glyph = drawing.shape(icon_path(name))
    scale = ICON_SIZE / GRID

    def stamp(right: float, down: float, **attributes: str | float) -> None:
        x, y = ICON_CENTRE[0] - ICON_SIZE / 2 + right, ICON_CENTRE[1] - ICON_SIZE / 2 + down
        drawing.use(glyph, f"translate({number(x)} {number(y)}) scale({number(scale, 4)})", **attributes)

    for right, down, width, opacity in ((4, 11, 18, 0.07), (3.4, 9.5, 10, 0.10), (3, 8, 4, 0.16)):
        shadow: dict[str, str | float] = {"stroke": "#000000", "stroke_opacity": opacity, "stroke_width": width, "stroke_linejoin": "round"}
        stamp(right, down, **shadow, fill="#000000", fill_opacity=opacity)
    stamp(2.6, 7, fill="#000000", fill_opacity=0.25)
    for depth in range(5, 0, -1):
        stamp(depth * 0.28, depth * 0.95, fill=ramp(metal, 0.10 + 0.05 * (5 - depth)))
    tones = ((0, 0.97), (0.18, 0.80), (0.36, 0.62), (0.5, 0.78), (0.62, 0.9), (0.78, 0.6), (1, 0.44))
    top = drawing.linear((40, 16), (190, 246), opaque((offset, ramp(metal, tone + lift)) for offset, tone in tones))
    stamp(0, 0, fill=top)
    edge = [(0, "#ffffff", 0.95), (0.3, "#ffffff", 0.5), (0.55, "#ffffff", 0.05), (1, "#000000", 0.35)]
    stamp(0, 0, fill="none", stroke=drawing.linear((30, 10), (200, 240), edge), stroke_width=1.5 / scale, stroke_linejoin="round")


def _pips(press: _Press, level: int) -> None:
    """One small hexagonal stud for each level reached, in the lower corner of the field."""
    for place in range(level):
        aside = PIP_GAP * (place - (level - 1) / 2)
        # A shallow V along the lower sides: in a straight row the outer ones of five would lie on the frame.
        _pip(press, (CENTRE[0] + aside, CENTRE[1] + 138 - 0.25 * abs(aside)))


def _pip(press: _Press, centre: Point) -> None:
    drawing, metal = press.drawing, press.metal
    x, y = centre
    drawing.path(polygon(plain_hexagon((x + 1.2, y + 2.6), PIP_RADIUS + 0.6)), "#000000", fill_opacity=0.4)
    outer, inner = plain_hexagon(centre, PIP_RADIUS), plain_hexagon(centre, PIP_RADIUS * 0.62)
    for k in range(6):
        colour = ramp(metal, lit(60 * (k + 1), base=0.55, amplitude=0.42))
        following = (k + 1) % 6
        facet = polygon([outer[k], outer[following], inner[following], inner[k]])
        drawing.path(facet, colour, stroke=colour, stroke_width=0.4)
    drawing.path(polygon(inner), ramp(metal, 0.86))


def _gloss(press: _Press) -> None:
    """A reflection that sweeps over the whole piece."""
    stops = [(0, 0.20), (0.30, 0.05), (0.42, 0.0), (0.47, 0.10), (0.53, 0.0), (1, 0.0)]
    paint = press.drawing.linear((56, 30), (376, 490), [(offset, "#ffffff", opacity) for offset, opacity in stops])
    press.drawing.path(PIECE.path(), paint)
