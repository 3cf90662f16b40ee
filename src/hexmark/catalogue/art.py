"""The drawing of a version: which recipe it follows, and what it looks like.

A draft's recipe is what its editor chose, on top of what its text suggests, so that it follows the text where nobody chose.
At publication the whole recipe is kept, and never changes again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from hexmark.catalogue.models import AchievementVersion
from hexmark.errors import Invalid
from hexmark.files import store
from hexmark.files.images import rasterise
from hexmark.pressout import Recipe, RecipeError, compact_badge, flat_badge, full_badge, suggest_art

#: What an editor may choose; the rest follows from the text.
CHOICES = ("title", "domain", "icon", "body", "metal", "rim", "arc", "pips")
#: Shown smaller than this, words cannot be read, and then not even relief.
FULL_FROM, COMPACT_FROM = 160, 40


def suggested_recipe(version: AchievementVersion) -> Recipe:
    """What the text of the version suggests: its name first, then its tags, subjects and skills.

    Raises:
        Invalid: the name holds something that cannot be drawn.
    """
    skills = [alignment.target_name for alignment in version.alignments.all()] if version.pk else []
    hints = [*version.tags, *version.subjects, *skills]
    issuer, shown_by = version.achievement.organisation.name, version.get_assurance_display()
    try:
        return suggest_art(version.name, version.level, hints, issuer=issuer, shown_by=shown_by)
    except RecipeError as error:
        raise Invalid(str(error), field="name") from error


def recipe_of(version: AchievementVersion) -> Recipe:
    """The recipe that the version is drawn from: as it was published, or for a draft what was chosen and the rest suggested.

    Raises:
        Invalid: it cannot be drawn, for the reason that is said.
    """
    if version.state != AchievementVersion.State.DRAFT and version.drawn_svg and version.art:
        return Recipe.from_json(json.dumps(version.art))
    return composed(suggested_recipe(version), version.art or {})


def composed(suggested: Recipe, chosen: Mapping[str, Any]) -> Recipe:
    """The suggestion with what was chosen in its place.

    Raises:
        Invalid: they do not make a recipe.
    """
    members = asdict(suggested) | {name: value for name, value in chosen.items() if name in CHOICES}
    # Studs tell a level: where there is none, none are shown.
    members["pips"] = suggested.pips and bool(members["pips"])
    try:
        return Recipe.from_json(json.dumps(members))
    except RecipeError as error:
        raise Invalid(str(error), field="art") from error


def is_first_generation(version: AchievementVersion) -> bool:
    """Whether its picture was drawn before there were recipes: in one size, without words, and never again otherwise."""
    return bool(version.drawn_svg) and not version.art and version.state != AchievementVersion.State.DRAFT


def drawing_of(version: AchievementVersion, *, size: int = 512) -> str:
    """The SVG that the version shows at this size in pixels when nobody uploads a picture.

    Raises:
        Invalid: it cannot be drawn, for the reason that is said.
    """
    return drawn(recipe_of(version), size=size)


def drawn(recipe: Recipe, *, size: int = 512) -> str:
    """The badge as it is shown at this size: with its words, without them, or as a plain sign.

    Raises:
        Invalid: a contrast is too low, or words have no letters.
    """
    draw = full_badge if size >= FULL_FROM else compact_badge if size >= COMPACT_FROM else flat_badge
    try:
        return draw(recipe)
    except RecipeError as error:
        raise Invalid(str(error), field="art") from error


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finished drawing: its recipe, and its files by their SHA-256."""

    recipe: Recipe
    drawn_svg: str
    image_png: str

    def columns(self) -> dict[str, Any]:
        """What of it stands in a published version."""
        return {"art": json.loads(self.recipe.to_json()), "drawn_svg": self.drawn_svg, "image_png": self.image_png}


def finished_drawing(version: AchievementVersion) -> Drawn | None:
    """The drawing in its files, or None where a picture was uploaded. It takes a third of a second: never inside a transaction.

    Raises:
        Invalid: it cannot be drawn, for the reason that is said.
    """
    if version.image_png:
        return None
    recipe = recipe_of(version)
    svg = drawn(recipe)
    return Drawn(recipe, store.put(svg.encode()), store.put(rasterise(svg)))


def choices_of(version: AchievementVersion) -> dict[str, Any] | None:
    """What of the version's recipe was chosen and not suggested by its text; None where nothing was."""
    if is_first_generation(version) or not version.art:
        return None
    return differing(recipe_of(version), suggested_recipe(version))


def differing(recipe: Recipe, suggested: Recipe) -> dict[str, Any] | None:
    """The members of the recipe that an editor may choose and that are not as suggested; None where all are."""
    members, others = asdict(recipe), asdict(suggested)
    return {name: members[name] for name in CHOICES if members[name] != others[name]} or None
