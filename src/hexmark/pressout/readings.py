"""How well the words and the icon of a recipe can be read: what a designer's meters show, and why a recipe is refused."""

from dataclasses import dataclass

from hexmark.pressout.colour import contrast, ramp
from hexmark.pressout.full import metal_of
from hexmark.pressout.ink import WORDS_CONTRAST, arc_ink, best_finish, field_ink, plate_contrast, rim_contrast
from hexmark.pressout.lettering import can_letter
from hexmark.pressout.materials import ENAMEL_OF_DOMAIN, ENAMELS, ICON_CONTRAST, METALS
from hexmark.pressout.plaque import LEAST, ONE_LINE, TWO_LINES, WORDS_WIDTH, set_title
from hexmark.pressout.recipe import Body, Recipe, RecipeError


@dataclass(frozen=True, slots=True)
class Reading:
    """One text, or the icon: its least contrast with what it lies on, and the least that is accepted. None where no ink was found."""

    place: str
    contrast: float | None
    least: float

    @property
    def passes(self) -> bool:
        """Whether it can be told from its ground."""
        return self.contrast is not None and self.contrast >= self.least


@dataclass(frozen=True, slots=True)
class TitleSetting:
    """How the title stands on its plate: on how many lines, in letters how high (of LARGEST), and whether it had to be cut."""

    lines: int
    capital: float
    cut: bool

    LARGEST = ONE_LINE
    LEAST = LEAST


def readings(recipe: Recipe) -> list[Reading]:
    """The icon, the title, and the rim and the arc where they hold words, each with its contrast."""
    metal = METALS[metal_of(recipe)]
    finish = best_finish(metal)
    found = [Reading("icon", _icon_contrast(recipe), ICON_CONTRAST)]
    if can_letter(recipe.title.upper()):
        found.append(Reading("title", plate_contrast(metal, finish), WORDS_CONTRAST))
    if any((recipe.rim.upper_left, recipe.rim.upper_right, recipe.rim.lower_left, recipe.rim.lower_right)):
        found.append(Reading("rim", rim_contrast(metal, finish), WORDS_CONTRAST))
    if recipe.arc:
        found.append(Reading("arc", _arc_contrast(recipe), WORDS_CONTRAST))
    return found


def title_setting(title: str) -> TitleSetting | None:
    """How this title is set; None for one in letters that are not shipped, which has no plate at all."""
    if not can_letter(title.upper()):
        return None
    lines = set_title(title, width=WORDS_WIDTH, one=ONE_LINE, two=TWO_LINES, least=LEAST)
    shown = sum(len(line.glyphs) for line in lines)
    whole = len(" ".join(title.split())) - (len(lines) - 1)
    return TitleSetting(len(lines), lines[0].capital, shown < whole)


def _icon_contrast(recipe: Recipe) -> float | None:
    metal = METALS[metal_of(recipe)]
    if recipe.body == Body.SPUN:
        return contrast(ramp(metal, 0.05), ramp(metal, 0.46))
    try:
        ink = field_ink(metal, ENAMELS[ENAMEL_OF_DOMAIN[recipe.domain]])
    except RecipeError:
        return None
    return contrast(ink.face(metal), ink.around)


def _arc_contrast(recipe: Recipe) -> float | None:
    metal = METALS[metal_of(recipe)]
    try:
        ground = None if recipe.body == Body.SPUN else field_ink(metal, ENAMELS[ENAMEL_OF_DOMAIN[recipe.domain]]).ground
        return arc_ink(metal, ground).contrast
    except RecipeError:
        return None
