"""Which ink words and engraved glyphs have, by computed contrast: bright metal carries dark letters, metal polished darker bright ones."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from hexmark.pressout.colour import contrast, mix, ramp
from hexmark.pressout.geometry import Point
from hexmark.pressout.materials import ICON_CONTRAST, METALS, Enamel, IconInk, Metal, icon_ink, sheen
from hexmark.pressout.parts import PIECE
from hexmark.pressout.recipe import RecipeError

#: Least contrast of words with the metal about them. WCAG 2.2, 1.4.3 asks 3 of large text; the same words always stand in the page too.
WORDS_CONTRAST = 3.0
#: Words above the icon stand on a circle of this radius.
ARC_RADIUS = 94
#: The sheen on the rim runs between these two points.
SHEEN_AXIS: tuple[Point, Point] = ((66, 14), (406, 486))
#: Reflections along the title's plate: offset 0 to 1, brightness 0 to 1.
PLATE_SHEEN = ((0, 0.25), (0.16, 0.75), (0.30, 1.0), (0.44, 0.45), (0.60, 0.20), (0.74, 0.75), (0.86, 0.50), (1, 0.0))


@dataclass(frozen=True, slots=True)
class Finish:
    """How metal that carries words is polished: tones of rim and plate from darkest to brightest, and the letters' colours."""

    rim: tuple[float, float]
    plate: tuple[float, float]
    ink: str
    lip: str
    #: Down to the right where the letters are dark, up to the left where they are bright: the light falls into them from there.
    lip_side: int


def _finishes(metal: Metal) -> tuple[Finish, ...]:
    bright, dark = ((0.26, 0.96), (0.52, 0.92)), ((0.06, 0.46), (0.12, 0.40))
    return (
        Finish(*bright, ink=ramp(metal, 0), lip=ramp(metal, 1), lip_side=1),
        Finish(*dark, ink=mix(metal[4], "#ffffff", 0.5), lip="#000000", lip_side=-1),
    )


@lru_cache(maxsize=64)
def finish_of(metal: Metal) -> Finish:
    """The brightest finish whose words are told from the metal everywhere they may lie.

    Raises:
        RecipeError: in every finish the contrast is below WORDS_CONTRAST somewhere.
    """
    finish = best_finish(metal)
    least = words_contrast(metal, finish)
    if least >= WORDS_CONTRAST:
        return finish
    raise RecipeError(
        f"Words on this metal would have a contrast of {least:.1f} to 1, and {WORDS_CONTRAST:g} is the least. Choose another."
    )


@lru_cache(maxsize=64)
def best_finish(metal: Metal) -> Finish:
    """The brightest finish that is good enough, or else the one that comes nearest to it."""
    finishes = _finishes(metal)
    good = [finish for finish in finishes if words_contrast(metal, finish) >= WORDS_CONTRAST]
    return good[0] if good else max(finishes, key=lambda finish: words_contrast(metal, finish))


def words_contrast(metal: Metal, finish: Finish) -> float:
    """The least contrast of a finish's ink with the rim, where words may lie on it, and with the plate."""
    return min(rim_contrast(metal, finish), plate_contrast(metal, finish))


def plate_contrast(metal: Metal, finish: Finish) -> float:
    """The least contrast of a finish's ink with the title's plate."""
    low, high = finish.plate
    return min(contrast(finish.ink, ramp(metal, low + (high - low) * brightness)) for _, brightness in PLATE_SHEEN)


def rim_contrast(metal: Metal, finish: Finish) -> float:
    """The least contrast of a finish's ink with the rim, where words may lie on it."""
    words, grounds = PIECE.inset(25), []
    for side in (1, 2, 4, 5):
        (x0, y0), (x1, y1) = words.side(side)
        grounds += [_rim_colour(metal, finish, (x0 + (x1 - x0) * share, y0 + (y1 - y0) * share)) for share in (0.1, 0.3, 0.5, 0.7, 0.9)]
    return min(contrast(finish.ink, ground) for ground in grounds)


@dataclass(frozen=True, slots=True)
class ArcInk:
    """How words above the icon are told from the field: the letters' colour, the ring under them if one is needed, the least contrast."""

    ink: str
    band: str
    contrast: float


@lru_cache(maxsize=256)
def arc_ink(metal: Metal, enamel: Enamel | None) -> ArcInk:
    """The ink of words on an arc over this enamel; without enamel, over turned metal, whose dark cones ask for a polished ring.

    Raises:
        RecipeError: the contrast is below WORDS_CONTRAST.
    """
    if enamel is None:
        band = ramp(metal, 0.80)
        return ArcInk(ramp(metal, 0), band, contrast(ramp(metal, 0), band))
    grounds = _under_arc(enamel)
    # The warmer tone first; the brightest one where that is not enough.
    for ink in (ramp(metal, 0.94), mix(metal[4], "#ffffff", 0.5)):
        least = min(contrast(ink, ground) for ground in grounds)
        if least >= WORDS_CONTRAST:
            return ArcInk(ink, "", least)
    raise RecipeError(
        f"The words above the icon would have a contrast of {least:.1f} to 1, and {WORDS_CONTRAST:g} is the least. Choose another metal."
    )


def _under_arc(enamel: Enamel) -> list[str]:
    """What enamel shows under the arc: from its light middle to its sides, and with a ray over it."""
    grounds = []
    for distance in range(ARC_RADIUS - 26, ARC_RADIUS + 34, 6):
        share = distance / 125
        plain = mix(enamel.light, enamel.base, share) if share < 1 else mix(enamel.base, enamel.dark, share - 1)
        grounds += [plain, mix(plain, "#ffffff", 0.04)]
    return grounds


def _rim_colour(metal: Metal, finish: Finish, point: Point) -> str:
    (x0, y0), (x1, y1) = SHEEN_AXIS
    along = ((point[0] - x0) * (x1 - x0) + (point[1] - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2)
    stops = sheen(metal, *finish.rim)
    for (start, first, _), (end, last, _) in pairwise(stops):
        if start <= along <= end:
            return mix(first, last, (along - start) / (end - start))
    return stops[0][1] if along < 0 else stops[-1][1]


@lru_cache(maxsize=256)
def field_ink(metal: Metal, enamel: Enamel) -> IconInk:
    """As `icon_ink`, once for each pair.

    Raises:
        RecipeError: this metal cannot be told from this enamel.
    """
    try:
        return icon_ink(metal, enamel)
    except ValueError as error:
        raise RecipeError(f"The icon's contrast with the enamel would be below {ICON_CONTRAST:g} to 1. Choose another metal.") from error


def check_engraving(metal: Metal) -> None:
    """Return when a glyph engraved in turned metal is told from it.

    Raises:
        RecipeError: its contrast with the metal is below ICON_CONTRAST.
    """
    found = contrast(ramp(metal, 0.05), ramp(metal, 0.46))
    if found < ICON_CONTRAST:
        name = next((name for name, known in METALS.items() if known == metal), "this metal")
        raise RecipeError(
            f"An icon engraved in spun {name} would have a contrast of {found:.1f} to 1, and {ICON_CONTRAST:g} is the least. "
            "Choose another metal or body."
        )
