"""Things that stand out of the metal or are sunk into it: glyphs in relief, engraved glyphs, stamped words."""

from collections.abc import Callable

from hexmark.pressout.colour import ramp
from hexmark.pressout.drawing import Drawing, opaque
from hexmark.pressout.geometry import Point, number
from hexmark.pressout.icons import GRID, icon_path
from hexmark.pressout.parts import Press

#: Draw the glyph moved by so much to the right and down, with these attributes.
_Stamp = Callable[..., None]


def _stamp(press: Press, name: str, centre: Point, size: float) -> _Stamp:
    glyph = press.drawing.shape(icon_path(name))

    def stamp(right: float, down: float, **attributes: str | float) -> None:
        x, y = centre[0] - size / 2 + right, centre[1] - size / 2 + down
        press.drawing.use(glyph, f"translate({number(x)} {number(y)}) scale({number(size / GRID, 4)})", **attributes)

    return stamp


def raised_icon(press: Press, name: str, centre: Point, size: float, *, lift: float = 0.0) -> None:
    """The glyph in relief: contact shadow, extruded wall, a top that catches the light (brighter by `lift`), and a bright edge."""
    drawing, metal = press.drawing, press.metal
    stamp = _stamp(press, name, centre, size)
    for right, down, width, opacity in ((4, 11, 18, 0.07), (3.4, 9.5, 10, 0.10), (3, 8, 4, 0.16)):
        shadow: dict[str, str | float] = {"stroke": "#000000", "stroke_opacity": opacity, "stroke_width": width, "stroke_linejoin": "round"}
        stamp(right, down, **shadow, fill="#000000", fill_opacity=opacity)
    stamp(2.6, 7, fill="#000000", fill_opacity=0.25)
    for depth in range(5, 0, -1):
        stamp(depth * 0.28, depth * 0.95, fill=ramp(metal, 0.10 + 0.05 * (5 - depth)))
    tones = ((0, 0.97), (0.18, 0.80), (0.36, 0.62), (0.5, 0.78), (0.62, 0.9), (0.78, 0.6), (1, 0.44))
    top = drawing.linear((40, 16), (190, 246), opaque((offset, ramp(metal, tone + lift)) for offset, tone in tones))
    stamp(0, 0, fill=top)
    rim = [(0, "#ffffff", 0.95), (0.3, "#ffffff", 0.5), (0.55, "#ffffff", 0.05), (1, "#000000", 0.35)]
    line = drawing.linear((30, 10), (200, 240), rim)
    stamp(0, 0, fill="none", stroke=line, stroke_width=1.5 / (size / GRID), stroke_linejoin="round")


def engraved_icon(press: Press, name: str, centre: Point, size: float) -> None:
    """The glyph cut into bare metal: a dark ground, a dark upper wall and a lower lip that catches the light."""
    metal = press.metal
    stamp = _stamp(press, name, centre, size)
    stamp(1.0, 1.9, fill=ramp(metal, 1), fill_opacity=0.8)
    stamp(-0.8, -1.2, fill=ramp(metal, 0), fill_opacity=0.85)
    tones = opaque((offset, ramp(metal, tone)) for offset, tone in ((0, 0.0), (0.5, 0.05), (1, 0.20)))
    stamp(0, 0, fill=press.drawing.linear((0, 20), (0, 236), tones))


def stamped(drawing: Drawing, data: str, ink: str, *, depth: float, lip: str, strength: float = 0.75) -> None:
    """Words sunk into the metal: letters in `ink`, under their lower right a lip in the colour `lip`, as strong as 0 to 1."""
    letters = drawing.shape(data)
    drawing.use(letters, f"translate({number(depth * 0.45)} {number(depth)})", fill=lip, fill_opacity=strength)
    drawing.use(letters, "translate(0)", fill=ink)
