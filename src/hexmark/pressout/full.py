"""Art of version 2: the full badge for 160 pixels and more, the compact one for 40 to 160, and the flat one below that."""

from dataclasses import replace

from hexmark.pressout.colour import contrast, mix, ramp
from hexmark.pressout.drawing import Drawing
from hexmark.pressout.field import Field, field
from hexmark.pressout.geometry import Point, cosine, polygon, sine
from hexmark.pressout.icons import GRID, icon_path
from hexmark.pressout.ink import ARC_RADIUS, Finish, arc_ink, check_engraving, field_ink, finish_of
from hexmark.pressout.lettering import arched, can_letter, line, straight
from hexmark.pressout.materials import ENAMEL_OF_DOMAIN, ENAMELS, METAL_OF_LEVEL, METALS, Enamel, IconInk, grain
from hexmark.pressout.parts import CENTRE, CHAMFER, PIECE, Press, disc, edge, empty_pip, gloss, pip, pip_row, rim, rivet
from hexmark.pressout.plaque import plaque
from hexmark.pressout.recipe import LEVELS, Body, Recipe, RecipeError, Rim
from hexmark.pressout.relief import engraved_icon, raised_icon, stamped

RIM_WIDTH = 26
COMPACT_RIM_WIDTH = 30
ICON_MIDDLE: Point = (CENTRE[0], CENTRE[1] - 42)
COMPACT_ICON_MIDDLE: Point = (CENTRE[0], CENTRE[1] - 10)
ICON_SIZE, ARCED_ICON_SIZE, UNTITLED_ICON_SIZE, COMPACT_ICON_SIZE, FLAT_ICON_SIZE = 156, 128, 210, 236, 250
WORDS_HEIGHT = 14.2
ARC_DEGREES = 230


def full_badge(recipe: Recipe) -> str:
    """The whole badge with its words as the text of an SVG of 512 by 512 units, at most 80 kB; equal recipes give equal text.

    A title in a script that has no letters here leaves out its plate.

    Raises:
        RecipeError: the recipe is of version 1; words on the rim or the arc have no letters here; a contrast is too low.
    """
    _check(recipe)
    press = Press(Drawing("f" + recipe.digest[:8]), METALS[metal_of(recipe)])
    draw_full(press, recipe)
    return press.drawing.document(title=recipe.title, description=describe(recipe))


def compact_badge(recipe: Recipe) -> str:
    """The badge without words, with a larger icon, at most 40 kB. Raises as `full_badge` does."""
    _check(recipe)
    press = Press(Drawing("c" + recipe.digest[:8]), METALS[metal_of(recipe)])
    ink = _ink(recipe)
    edge(press)
    rim(press)
    field(press, Field(PIECE.inset(CHAMFER + COMPACT_RIM_WIDTH), COMPACT_ICON_MIDDLE, recipe.body, ink.ground))
    _icon(press, recipe, ink, COMPACT_ICON_MIDDLE, COMPACT_ICON_SIZE)
    if recipe.pips:
        pip_row(press, recipe.level)
    gloss(press)
    return press.drawing.document(title=recipe.title, description=describe(recipe))


def flat_badge(recipe: Recipe) -> str:
    """The badge as a plain sign, at most 4 kB: a hexagon, a bright edge and the icon. Raises as `full_badge` does."""
    _check(recipe)
    metal, ink = METALS[metal_of(recipe)], _ink(recipe)
    drawing = Drawing("g" + recipe.digest[:8])
    bare = recipe.body == Body.SPUN
    ground = ramp(metal, 0.46) if bare else mix(ink.ground.base, ink.ground.light, 0.25)
    drawing.path(PIECE.moved(0, 8).path(), ramp(metal, 0.15))
    drawing.path(PIECE.path(), drawing.linear((150, 40), (360, 470), [(0, ramp(metal, 0.88), 1.0), (1, ramp(metal, 0.48), 1.0)]))
    drawing.path(PIECE.inset(38).path(), ground, stroke=ramp(metal, 0.12), stroke_width=6)
    bright = ramp(metal, 0.05) if bare else ramp(metal, 0.86)
    if not bare and contrast(bright, ground) < 4:
        bright = ramp(metal, 0.97)
    x, y = CENTRE[0] - FLAT_ICON_SIZE / 2, CENTRE[1] - FLAT_ICON_SIZE / 2
    drawing.group(transform=f"translate({x:.4g} {y:.4g}) scale({FLAT_ICON_SIZE / GRID:.4f})")
    drawing.path(icon_path(recipe.icon), bright)
    drawing.end_group()
    return drawing.document(title=recipe.title, description=describe(recipe))


def metal_of(recipe: Recipe) -> str:
    """The metal that was chosen, or else the level's."""
    return recipe.metal or METAL_OF_LEVEL[recipe.level]


def describe(recipe: Recipe) -> str:
    """What the picture shows, for those who do not see it."""
    words = [word for word in (*_words(recipe.rim), recipe.arc) if word]
    said = f" Words: {', '.join(words)}." if words else ""
    level = f"level {recipe.level} of {LEVELS[-1]}, " if recipe.pips else ""
    return f"{metal_of(recipe).capitalize()} hexagon, {level}domain {recipe.domain}.{said}"


def draw_full(press: Press, recipe: Recipe) -> None:
    """Put the full badge into a drawing, in its own units of 512 by 512. Raises as `full_badge` does."""
    finish, ink = finish_of(press.metal), _ink(recipe)
    titled = can_letter(recipe.title.upper())
    middle: Point = ICON_MIDDLE if titled else (CENTRE[0], CENTRE[1] - 16)
    ground = Field(PIECE.inset(CHAMFER + RIM_WIDTH), middle, recipe.body, ink.ground, rings=not recipe.arc)
    edge(press)
    rim(press, *finish.rim)
    field(press, ground)
    if titled:
        _corner_shade(press, ground)
    size = ARCED_ICON_SIZE if recipe.arc else ICON_SIZE if titled else UNTITLED_ICON_SIZE
    _icon(press, recipe, ink, (middle[0], middle[1] + (6 if recipe.arc else 0)), size)
    if recipe.arc:
        _arc(press, recipe, ink, (middle[0], middle[1] + 4))
    _rim_words(press, recipe.rim, finish)
    for side in (-1, 1):
        rivet(press, (CENTRE[0] + side * (PIECE.apothem - CHAMFER - RIM_WIDTH / 2 + 0.5), CENTRE[1]), 6.2)
    if titled:
        plaque(press, recipe.title, finish)
    if recipe.pips:
        _level(press, recipe.level)
    gloss(press)


def _check(recipe: Recipe) -> None:
    if recipe.art_version < 2:
        raise RecipeError("This recipe is of art_version 1, which is drawn as the plain badge.")
    for words in (*_words(recipe.rim), recipe.arc):
        if words and not can_letter(words.upper()):
            raise RecipeError(f"There are no letters for {words!r}: words in the picture are in Latin script. The title may be in any.")


def _words(words: Rim) -> tuple[str, str, str, str]:
    return words.upper_left, words.upper_right, words.lower_right, words.lower_left


def _ink(recipe: Recipe) -> IconInk:
    metal = METALS[metal_of(recipe)]
    if recipe.body == Body.SPUN:
        check_engraving(metal)
        return IconInk(0, Enamel(*(ramp(metal, tone) for tone in (0.1, 0.3, 0.5))))
    return field_ink(metal, ENAMELS[ENAMEL_OF_DOMAIN[recipe.domain]])


def _icon(press: Press, recipe: Recipe, ink: IconInk, middle: Point, size: float) -> None:
    if recipe.body == Body.SPUN:
        engraved_icon(press, recipe.icon, middle, size)
    else:
        raised_icon(press, recipe.icon, middle, size, lift=ink.lift)


def _corner_shade(press: Press, ground: Field) -> None:
    """Darkens the lower corner, so that the studs stand out."""
    x, y = CENTRE
    band = polygon([(x - 190, y + 100), (x + 190, y + 100), (x + 190, y + 230), (x - 190, y + 230)])
    press.drawing.group(clip_path=press.drawing.clip(ground.floor.path()))
    press.drawing.path(band, ramp(press.metal, 0) if ground.body == Body.SPUN else "#000000", fill_opacity=0.5)
    press.drawing.end_group()


def _arc(press: Press, recipe: Recipe, ink: IconInk, middle: Point) -> None:
    """Words on a circle above the icon: bright with a shadow on enamel; on turned metal dark, on a ring polished for them."""
    words = line(recipe.arc.upper(), 15, tracking=0.18).fitted(ARC_RADIUS * ARC_DEGREES * 3.14159 / 180)
    path = words.path(arched(middle, ARC_RADIUS))
    metal, found = press.metal, arc_ink(press.metal, None if recipe.body == Body.SPUN else ink.ground)
    if found.band:
        ring = disc(middle, ARC_RADIUS + words.capital / 2)
        for width, colour in ((words.capital + 17, ramp(metal, 0.22)), (words.capital + 14, found.band)):
            press.drawing.path(ring, "none", stroke=colour, stroke_width=width)
        press.drawing.path(ring, "none", stroke=grain(press.drawing, 9.1, 0.07), stroke_width=words.capital + 14)
        stamped(press.drawing, path, found.ink, depth=1.1, lip=ramp(metal, 1), strength=0.7)
    else:
        stamped(press.drawing, path, found.ink, depth=1.6, lip="#000000", strength=0.55)


def _rim_words(press: Press, words: Rim, finish: Finish) -> None:
    """Words stamped along the sloping sides; those below stand upright too."""
    middle = PIECE.inset(CHAMFER + RIM_WIDTH / 2 - 1)
    sides = ((words.upper_left, 4, 0.5), (words.upper_right, 5, 0.5), (words.lower_right, 1, 0.58), (words.lower_left, 2, 0.42))
    for text, side, share in sides:
        if not text:
            continue
        (x0, y0), (x1, y1) = middle.side(side)
        upright = side > 3
        length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 * (0.92 if upright else 0.62)
        set_words = line(text.upper(), WORDS_HEIGHT, tracking=0.16).fitted(length)
        down = -set_words.capital / 2 if upright else set_words.capital / 2
        start = (x0 + (x1 - x0) * share + cosine(60 * side) * down, y0 + (y1 - y0) * share + sine(60 * side) * down)
        path = set_words.path(straight(start, 60 * side + (90 if upright else 270)))
        stamped(press.drawing, path, finish.ink, depth=1.1 * finish.lip_side, lip=finish.lip, strength=0.7)


def _level(press: Press, level: int) -> None:
    """A small stud for each level reached, and holes for those to come, in a shallow V along the lower corner."""
    for place in range(LEVELS[-1]):
        off = place - (LEVELS[-1] - 1) / 2
        centre = (CENTRE[0] + 19.5 * off, CENTRE[1] + 136 + (2 - abs(off)) * 4.2)
        (pip if place < level else empty_pip)(press, centre, 7.4)


def upgraded(recipe: Recipe) -> Recipe:
    """The recipe in version 2, with the same title, level, domain and icon."""
    return replace(recipe, art_version=2)
