"""What a badge's art is made from. A recipe is data: stored with the achievement, hashed, and drawn again byte by byte."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from enum import StrEnum

from hexmark.pressout.icons import icon_names

#: Raised when the same recipe would be drawn differently. Issued badges keep the version they were drawn with.
ART_VERSION = 1
LEVELS = range(1, 6)
TITLE_CHARACTERS = 200
#: Control characters, lone surrogates and noncharacters: outside the production Char of XML 1.0, or of no use in a title.
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class RecipeError(ValueError):
    """The recipe cannot be drawn; the message says what to write instead."""


class Domain(StrEnum):
    """The field that a badge belongs to, told by the colour of its enamel."""

    GENERAL = "general"
    DATA = "data"
    TECHNOLOGY = "technology"
    SUSTAINABILITY = "sustainability"
    CARE = "care"
    LEADERSHIP = "leadership"
    SAFETY = "safety"
    CRAFT = "craft"


@dataclass(frozen=True, slots=True)
class Recipe:
    """A badge to draw: its title (for the text alternative), level 1 to 5 (metal), domain (enamel) and icon.

    Raises:
        RecipeError: the title is empty, too long or holds control characters; the level, domain, icon or version is unknown.
    """

    title: str
    level: int
    domain: Domain
    icon: str
    art_version: int = ART_VERSION

    def __post_init__(self) -> None:
        if not self.title.strip() or len(self.title) > TITLE_CHARACTERS:
            raise RecipeError(f"Give the badge a title of 1 to {TITLE_CHARACTERS} characters.")
        if _UNWRITABLE.search(self.title):
            raise RecipeError("The title holds a character that cannot be written in a picture.")
        if isinstance(self.level, bool) or self.level not in LEVELS:
            raise RecipeError(f"The level is a number from {LEVELS[0]} to {LEVELS[-1]}, not {self.level!r}.")
        if self.domain not in list(Domain):
            raise RecipeError(f"There is no domain {self.domain!r}. Choose one of: {', '.join(Domain)}.")
        if self.icon not in icon_names():
            raise RecipeError(f"There is no icon {self.icon!r}. Choose one of: {', '.join(icon_names())}.")
        if self.art_version != ART_VERSION:
            raise RecipeError(f"Art of version {self.art_version!r} cannot be drawn here; this is version {ART_VERSION}.")

    @property
    def digest(self) -> str:
        """SHA-256 of the recipe in hexadecimal: equal recipes, equal art."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()
