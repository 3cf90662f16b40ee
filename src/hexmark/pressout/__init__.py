"""Badge art: a recipe goes in, the text of an SVG comes out.

A badge is a hexagon pressed out of a metal sheet. Two channels that do not disturb each other: the metal tells the level, the enamel
the domain. Everything here is pure (no files but the shipped glyphs and letters, no clock, no chance), so the same recipe gives the same
bytes on every machine, and the art of an issued badge can be told by its hash.

Only what every renderer draws alike is used: paths, gradients, clip paths and `use`. No text, filter, mask, blend mode or style sheet.
"""

from hexmark.pressout.badge import plain_badge
from hexmark.pressout.card import Card, card
from hexmark.pressout.cells import Cell, State
from hexmark.pressout.full import compact_badge, flat_badge, full_badge, upgraded
from hexmark.pressout.icons import find_icons, icon_groups, icon_names
from hexmark.pressout.readings import Reading, TitleSetting, readings, title_setting
from hexmark.pressout.recipe import Body, Domain, MetalName, Recipe, RecipeError, Rim
from hexmark.pressout.sheet import Heading, sheet
from hexmark.pressout.suggest import suggest, suggest_art

__all__ = [
    "Body",
    "Card",
    "Cell",
    "Domain",
    "Heading",
    "MetalName",
    "Reading",
    "Recipe",
    "RecipeError",
    "Rim",
    "State",
    "TitleSetting",
    "card",
    "compact_badge",
    "find_icons",
    "flat_badge",
    "full_badge",
    "icon_groups",
    "icon_names",
    "plain_badge",
    "readings",
    "sheet",
    "suggest",
    "suggest_art",
    "title_setting",
    "upgraded",
]
