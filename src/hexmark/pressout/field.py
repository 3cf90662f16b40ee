"""The sunken field in the middle of a badge: its bevel, what fills it, and the shadow that the frame throws on it."""

from dataclasses import dataclass

from hexmark.pressout.colour import ramp
from hexmark.pressout.drawing import opaque
from hexmark.pressout.geometry import Hexagon, Point, cosine, number, plain_hexagon, polygon, sine
from hexmark.pressout.materials import LIGHT, Enamel, bevel
from hexmark.pressout.parts import CENTRE, Press
from hexmark.pressout.recipe import Body

#: Perforations of the mesh: distance between their middles, and their radius.
MESH_PITCH = 17
MESH_RADIUS = 6.3
#: Wedges of turned metal; fewer show as facets.
SPUN_WEDGES = 90
#: Irregularity of the wedges, -1 to 1, written down and not drawn by chance.
_TURNING = (0.25, 0.48, 0.59, 0.88, 0.48, 0.3, -0.9, -0.06, 0.73, -0.39, 0.6, -0.33, 0.85, -0.63, 0.14, -0.08, 0.41, -0.77, 0.02, -0.52)


@dataclass(frozen=True, slots=True)
class Field:
    """Where the field lies, where its pattern has its middle, and what fills it. `rings` draws two fine circles about the icon."""

    rim_edge: Hexagon
    middle: Point
    body: Body
    enamel: Enamel
    rings: bool = False

    @property
    def floor(self) -> Hexagon:
        """The flat ground within the bevel."""
        return self.rim_edge.inset(9, sharpen=0.4)


def field(press: Press, ground: Field) -> None:
    """The field, drawn from the groove at the rim to the shadow on its ground."""
    drawing, metal = press.drawing, press.metal
    groove = ground.rim_edge.inset(-2.2, sharpen=0)
    drawing.path(groove.path(), "none", stroke=ramp(metal, 0.08), stroke_opacity=0.55, stroke_width=1.4)
    drawing.path(ground.rim_edge.path(), ramp(metal, 0.3))
    bevel(drawing, ground.rim_edge, ground.floor, metal, raised=False, base=0.42, amplitude=0.42)
    if ground.body == Body.SPUN:
        drawing.path(ground.floor.path(), ramp(metal, 0.4))
    else:
        x, y = ground.middle
        enamel = opaque([(0, ground.enamel.light), (0.5, ground.enamel.base), (1, ground.enamel.dark)])
        drawing.path(ground.floor.path(), drawing.radial((x, y - 30), 250, enamel))
    drawing.group(clip_path=drawing.clip(ground.floor.path()))
    {Body.RAYS: _rays, Body.MESH: _mesh, Body.SPUN: _spun}[ground.body](press, ground)
    # A blurred shadow without a filter, which some renderers drop together with its shape: wide faint strokes under narrow ones.
    drawing.group(fill="none", stroke="#000000")
    shadow = drawing.shape(ground.floor.moved(2.2, 5.5).path())
    for width, opacity in ((30, 0.05), (22, 0.06), (15, 0.07), (9, 0.09), (4, 0.12)):
        drawing.use(shadow, "translate(0)", stroke_width=width, stroke_opacity=opacity)
    drawing.end_group()
    drawing.end_group()


def _rays(press: Press, ground: Field) -> None:
    """Guilloche rays under translucent enamel."""
    drawing, (x, y) = press.drawing, ground.middle
    glow = drawing.radial(ground.middle, 230, [(0, "#ffffff", 0.0), (0.28, "#ffffff", 0.10), (1, "#ffffff", 0.05)])
    drawing.path(_wedges(ground.middle, [(10 * ray, 10 * ray + 5) for ray in range(36)], reach=280), glow)
    if ground.rings:
        for radius, opacity in ((92, 0.16), (98, 0.10)):
            ring = f"M{number(x - radius)} {number(y)}a{radius} {radius} 0 1 0 {2 * radius} 0a{radius} {radius} 0 1 0 {-2 * radius} 0Z"
            drawing.path(ring, "none", stroke="#ffffff", stroke_opacity=opacity, stroke_width=1.2)


def _wedges(centre: Point, spans: list[tuple[float, float]], *, reach: float) -> str:
    x, y = centre
    parts = []
    for span in spans:
        ends = [(x + reach * cosine(angle), y + reach * sine(angle)) for angle in span]
        parts.append("M{}".format("L".join(f"{number(px, 0)} {number(py, 0)}" for px, py in [centre, *ends])) + "Z")
    return "".join(parts)


def _mesh(press: Press, _: Field) -> None:
    """Hexagonal perforations: one row, drawn again and again; each hole has a bright lower lip."""
    drawing = press.drawing
    row = drawing.shape(
        "".join(polygon(plain_hexagon((CENTRE[0] + place * MESH_PITCH, CENTRE[1]), MESH_RADIUS)) for place in range(-10, 11))
    )
    for right, down, colour, opacity in ((0.6, 1.3, "#ffffff", 0.13), (0, 0, "#000000", 0.30)):
        drawing.group(fill=colour, fill_opacity=opacity)
        for line in range(-12, 13):
            aside = right + (MESH_PITCH / 2 if line % 2 else 0)
            drawing.use(row, f"translate({number(aside)} {number(down + line * MESH_PITCH * cosine(30))})")
        drawing.end_group()


def _spun(press: Press, ground: Field) -> None:
    """Metal turned on a lathe: bright and dark cones that meet in the middle, and fine grooves around it."""
    drawing, metal = press.drawing, press.metal
    for wedge in range(SPUN_WEDGES):
        first, last = wedge * 360 / SPUN_WEDGES, (wedge + 1) * 360 / SPUN_WEDGES + 0.35
        angle = (first + last) / 2
        cones = 0.24 * cosine(2 * (angle - LIGHT + 8)) + 0.13 * cosine(4 * (angle - LIGHT + 20)) + 0.05 * cosine(6 * angle + 70)
        tone = 0.46 + cones + 0.025 * _TURNING[wedge % len(_TURNING)]
        drawing.path(_wedges(ground.middle, [(first, last)], reach=290), ramp(metal, tone))
    marks = ((0, "#000000", 0.10), (0.3, "#ffffff", 0.09), (0.52, "#000000", 0.07), (0.75, "#ffffff", 0.05), (1, "#000000", 0.10))
    drawing.path(ground.floor.path(), drawing.radial(ground.middle, 7.3, marks, repeat=True))
