"""Metals, enamels and light. A metal is five anchors from shadow to specular; a surface's tone on that scale follows from its slope."""

from dataclasses import dataclass

from hexmark.pressout.colour import contrast, mix, ramp
from hexmark.pressout.drawing import Drawing, Stop, opaque
from hexmark.pressout.geometry import Hexagon, cosine, polygon
from hexmark.pressout.recipe import Domain

#: shadow, low, mid, high, specular
Metal = tuple[str, str, str, str, str]

METALS: dict[str, Metal] = {
    "steel": ("#262c33", "#56616c", "#8a96a2", "#c0cad3", "#f5f9fc"),
    "bronze": ("#271009", "#6a3a20", "#a2643d", "#d6a17c", "#fff0e2"),
    "silver": ("#3a4048", "#79838d", "#b3bcc5", "#e0e6eb", "#ffffff"),
    "gold": ("#452c02", "#8f640c", "#cb9a28", "#efce69", "#fff8d8"),
    "platinum": ("#33373a", "#737a7d", "#aab0b0", "#dcdedb", "#fffffb"),
    "copper": ("#30100a", "#7c331d", "#b55c3b", "#de9878", "#ffeae0"),
    "titanium": ("#1b2636", "#415675", "#6f88aa", "#a9bed8", "#eef5ff"),
    "iron": ("#1d1b1a", "#453f3b", "#756c65", "#a89f97", "#e2dcd5"),
    "gunmetal": ("#0b0e11", "#23292f", "#424a52", "#727d88", "#c3ccd4"),
    "cobalt": ("#06122f", "#143580", "#2b60c4", "#74a2f0", "#e0ecff"),
    "emerald": ("#03231a", "#0b5740", "#1f8f6b", "#6fcfaa", "#dcfff0"),
    "ruby": ("#2e0410", "#7a0f2a", "#b82a4a", "#ec7f93", "#ffe2e6"),
}
#: The plate of a dark press-out sheet: coated, so that no badge is made of it.
BLACKPLATE: Metal = ("#030405", "#14191e", "#2a3138", "#414a54", "#97a3ae")
METAL_OF_LEVEL = {1: "steel", 2: "bronze", 3: "silver", 4: "gold", 5: "platinum"}


@dataclass(frozen=True, slots=True)
class Enamel:
    """Glass over engraved metal: dark at the rim, light in the middle."""

    dark: str
    base: str
    light: str


ENAMELS: dict[str, Enamel] = {
    "slate": Enamel("#141c26", "#33465a", "#5f7d9b"),
    "navy": Enamel("#071a2f", "#12395f", "#2c6aa0"),
    "teal": Enamel("#03292c", "#0a5a5c", "#1f9490"),
    "forest": Enamel("#06261a", "#14563a", "#339166"),
    "crimson": Enamel("#34050e", "#851a2b", "#c24454"),
    "plum": Enamel("#210f30", "#512c6b", "#8757ab"),
    "amber": Enamel("#4a2503", "#a05a08", "#dc9430"),
    "charcoal": Enamel("#0b0d10", "#22272d", "#4a525b"),
}
ENAMEL_OF_DOMAIN = {
    Domain.GENERAL: "slate",
    Domain.DATA: "navy",
    Domain.TECHNOLOGY: "teal",
    Domain.SUSTAINABILITY: "forest",
    Domain.CARE: "crimson",
    Domain.LEADERSHIP: "plum",
    Domain.SAFETY: "amber",
    Domain.CRAFT: "charcoal",
}

#: One light for everything, up and a little left: direction in degrees, clockwise from the right.
LIGHT = 250.0

#: Bands of an anisotropic reflection across brushed metal: offset, brightness.
_SHEEN = (
    (0, 0.44), (0.07, 0.66), (0.15, 1.0), (0.20, 0.86), (0.30, 0.50), (0.42, 0.30), (0.49, 0.40),
    (0.58, 0.80), (0.63, 0.96), (0.69, 0.78), (0.80, 0.40), (0.90, 0.26), (1, 0.40),
)  # fmt: skip

#: Brush marks, -1 black to 1 white. Written down and not drawn by chance: the same recipe must give the same bytes for ever.
_BRUSH: dict[float, tuple[float, ...]] = {
    15.7: (-0.35, -0.7, 0.3, -0.86, 0.07, -0.26, -0.88, 0.02, -0.92, -0.12, -0.87, 0.96, -0.22, 0.28, 0.8, -0.38, 0.63, -0.52, 0.42, 0.74),
    9.1: (-0.09, 0.12, 0.75, -0.4, 0.51, 0.94, -0.75, 0.2, -0.62, 0.34, -0.97, 0.58, 0.05, -0.49, 0.83, -0.17, 0.68, -0.8, 0.26, -0.3),
}

#: Least contrast of the icon with the enamel around it (WCAG 2.2, 1.4.11 asks 3 of graphics).
ICON_CONTRAST = 3.0


def lit(direction: float, *, raised: bool = True, base: float = 0.5, amplitude: float = 0.44) -> float:
    """The tone (0 to 1) of a slope that faces `direction`; a sunken slope is lit from the other side."""
    away = direction - (LIGHT if raised else LIGHT + 180)
    return base + amplitude * cosine(away) + 0.06 * cosine(3 * away + 40)


def sheen(metal: Metal, low: float = 0.26, high: float = 0.96) -> list[Stop]:
    """Gradient stops of brushed metal, with tones from `low` to `high`."""
    return opaque((offset, ramp(metal, low + (high - low) * brightness)) for offset, brightness in _SHEEN)


def grain(drawing: Drawing, period: float, strength: float) -> str:
    """A paint of fine horizontal brush lines that repeat every `period` units. Coarser or stronger it would read as wood."""
    marks = (*_BRUSH[period], _BRUSH[period][0])
    stops = [
        (index / (len(marks) - 1), "#ffffff" if mark > 0 else "#000000", round(abs(mark) * strength, 3)) for index, mark in enumerate(marks)
    ]
    return drawing.linear((0, 0), (0, period), stops, repeat=True)


def bevel(drawing: Drawing, outer: Hexagon, inner: Hexagon, metal: Metal, *, raised: bool = True, base: float, amplitude: float) -> None:
    """The sloping ring between two hexagons: six sides with a soft gradient along them, five flat strips round every corner."""
    strips = 5
    for j in range(6):
        start, end = outer.side(j)
        inner_start, inner_end = inner.side(j)
        tone = lit(60 * j, raised=raised, base=base, amplitude=amplitude)
        along = [(0, tone - 0.07), (0.35, tone + 0.05), (0.6, tone), (1, tone - 0.05)]
        paint = drawing.linear(start, end, opaque((offset, ramp(metal, value)) for offset, value in along))
        # Each strip carries a stroke of its own colour: without it, hairlines of the ground show through where they meet.
        drawing.path(polygon([start, end, inner_end, inner_start]), paint, stroke=paint, stroke_width=0.6)
        for strip in range(strips):
            first, last = 60 * j + 60 * strip / strips, 60 * j + 60 * (strip + 1) / strips
            colour = ramp(metal, lit((first + last) / 2, raised=raised, base=base, amplitude=amplitude))
            corner = [outer.at(j, first), outer.at(j, last), inner.at(j, last), inner.at(j, first)]
            drawing.path(polygon(corner), colour, stroke=colour, stroke_width=0.6)


@dataclass(frozen=True, slots=True)
class IconInk:
    """How the icon stands out: its tones are raised by `lift`, the enamel lies on `ground`."""

    lift: float
    ground: Enamel

    def face(self, metal: Metal) -> str:
        """The middle colour of the icon's top."""
        return ramp(metal, 0.68 + self.lift)

    @property
    def around(self) -> str:
        """The enamel that the icon's edge lies on."""
        return mix(self.ground.light, self.ground.base, 0.5)


def icon_ink(metal: Metal, enamel: Enamel) -> IconInk:
    """The plainest ink whose contrast with the enamel is at least ICON_CONTRAST: brighter metal first, then darker enamel.

    Raises:
        ValueError: no such ink exists, so this metal must not meet this enamel.
    """
    for step in range(13):
        lift = min(step, 4) * 0.05
        darker = max(0, step - 4) * 0.1
        ground = Enamel(enamel.dark, mix(enamel.base, enamel.dark, darker), mix(enamel.light, enamel.dark, darker))
        ink = IconInk(lift, ground)
        if contrast(ink.face(metal), ink.around) >= ICON_CONTRAST:
            return ink
    raise ValueError("This metal cannot be told from this enamel.")
