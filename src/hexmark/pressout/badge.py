"""Art of version 1: a pressed-out hexagon with a large icon and its level as pips, for 32 pixels and more. No lettering.

It must not change any more: badges that were issued with it are drawn again from their recipes.
"""

from hexmark.pressout.drawing import Drawing
from hexmark.pressout.field import Field, field
from hexmark.pressout.geometry import Point
from hexmark.pressout.materials import ENAMEL_OF_DOMAIN, ENAMELS, METAL_OF_LEVEL, METALS, icon_ink
from hexmark.pressout.parts import PIECE, Press, edge, gloss, pip_row, rim
from hexmark.pressout.recipe import LEVELS, Body, Recipe
from hexmark.pressout.relief import raised_icon

RECESS_EDGE = PIECE.inset(13 + 30)
ICON_SIZE = 232
ICON_CENTRE: Point = (256, 239)


def plain_badge(recipe: Recipe) -> str:
    """The badge as the text of an SVG of 512 by 512 units, at most 40 kB; equal recipes give equal text."""
    metal_name, enamel_name = METAL_OF_LEVEL[recipe.level], ENAMEL_OF_DOMAIN[recipe.domain]
    metal = METALS[metal_name]
    press = Press(Drawing("b" + recipe.digest[:8]), metal)
    ink = icon_ink(metal, ENAMELS[enamel_name])
    edge(press)
    rim(press)
    field(press, Field(RECESS_EDGE, ICON_CENTRE, Body.RAYS, ink.ground))
    raised_icon(press, recipe.icon, ICON_CENTRE, ICON_SIZE, lift=ink.lift)
    pip_row(press, recipe.level)
    gloss(press)
    description = f"{metal_name.capitalize()} hexagon, level {recipe.level} of {LEVELS[-1]}, domain {recipe.domain}."
    return press.drawing.document(title=recipe.title, description=description)
