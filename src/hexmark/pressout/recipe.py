"""What a badge's art is made from. A recipe is data: stored with the achievement, hashed, and drawn again byte by byte."""

import difflib
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from hexmark.pressout.icons import icon_names

#: The version that a recipe has when it names none. Issued badges keep the version they were drawn with.
ART_VERSION = 1
#: Every version that is drawn: 1 has a large icon and pips; 2 adds plaque, words, body styles and free metals.
ART_VERSIONS = (1, 2)
LEVELS = range(1, 6)
TITLE_CHARACTERS = 200
WORDS_CHARACTERS = 24
#: Longest JSON text that is read as a recipe.
JSON_CHARACTERS = 10_000
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


class Body(StrEnum):
    """What fills the recess: enamel over rays, enamel over a perforated mesh, or the bare metal, turned on a lathe."""

    RAYS = "rays"
    MESH = "mesh"
    SPUN = "spun"


class MetalName(StrEnum):
    """Metals that may be chosen in place of the one that the level gives."""

    STEEL = "steel"
    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"
    PLATINUM = "platinum"
    COPPER = "copper"
    TITANIUM = "titanium"
    IRON = "iron"
    GUNMETAL = "gunmetal"
    COBALT = "cobalt"
    EMERALD = "emerald"
    RUBY = "ruby"


@dataclass(frozen=True, slots=True)
class Rim:
    """Words stamped on the four sloping sides of the rim, each at most WORDS_CHARACTERS long; empty where there are none."""

    upper_left: str = ""
    upper_right: str = ""
    lower_right: str = ""
    lower_left: str = ""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A badge to draw: its title, level 1 to 5 (metal and pips), domain (enamel) and icon; from version 2 on also what follows them.

    Raises:
        RecipeError: the title is empty, too long or holds control characters; a word, level, domain, icon or version is unknown;
            version 1 is given what only version 2 draws.
    """

    title: str
    level: int
    domain: Domain
    icon: str
    art_version: int = ART_VERSION
    body: Body = Body.RAYS
    metal: MetalName | None = None
    rim: Rim = Rim()
    arc: str = ""
    #: Whether the studs of the level are shown; an achievement outside a ladder does without.
    pips: bool = True

    def __post_init__(self) -> None:
        if not isinstance(self.title, str) or not self.title.strip() or len(self.title) > TITLE_CHARACTERS:
            raise RecipeError(f"Give the badge a title of 1 to {TITLE_CHARACTERS} characters.")
        if _UNWRITABLE.search(self.title):
            raise RecipeError("The title holds a character that cannot be written in a picture.")
        if type(self.level) is not int or self.level not in LEVELS:
            raise RecipeError(f"The level is a number from {LEVELS[0]} to {LEVELS[-1]}, not {self.level!r}.")
        _refuse_unknown("domain", self.domain, tuple(Domain))
        _refuse_unknown("icon", self.icon, icon_names())
        if type(self.art_version) is not int or self.art_version not in ART_VERSIONS:
            known = " and ".join(map(str, ART_VERSIONS))
            raise RecipeError(f"Art of version {self.art_version!r} cannot be drawn here; known are versions {known}.")
        _refuse_unknown("body", self.body, tuple(Body))
        if self.metal is not None:
            _refuse_unknown("metal", self.metal, tuple(MetalName))
        for place, words in {**asdict(self.rim), "arc": self.arc}.items():
            _check_words(place, words)
        if not isinstance(self.pips, bool):
            raise RecipeError(f"Pips are true or false, not {self.pips!r}.")
        if self.art_version == 1 and (self.body, self.metal, self.rim, self.arc, self.pips) != (Body.RAYS, None, Rim(), "", True):
            raise RecipeError("Body, metal, rim, arc and pips are drawn from art_version 2 on.")

    @property
    def digest(self) -> str:
        """SHA-256 of the recipe in hexadecimal: equal recipes, equal art."""
        return hashlib.sha256(json.dumps(self._members(), sort_keys=True).encode()).hexdigest()

    def _members(self) -> dict[str, Any]:
        members = asdict(self)
        # What came later stays out of older recipes, so that their digests and identifiers never change.
        later = ("body", "metal", "rim", "arc", "pips") if self.art_version == 1 else ("pips",) if self.pips else ()
        return {name: value for name, value in members.items() if name not in later}

    def to_json(self) -> str:
        """The recipe as JSON text that `from_json` reads back to an equal recipe."""
        return json.dumps(self._members(), ensure_ascii=False, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> "Recipe":
        """The recipe that a JSON text describes.

        Raises:
            RecipeError: it is no JSON object, has a member twice, an unknown member or lacks one, or a value cannot be drawn.
        """
        if len(text) > JSON_CHARACTERS:
            raise RecipeError(f"A recipe has at most {JSON_CHARACTERS:,} characters.")
        try:
            read = json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            if isinstance(error, RecipeError):
                raise
            raise RecipeError("The recipe is not JSON.") from error
        members = _members(read, cls, "recipe")
        if "rim" in members:
            members["rim"] = Rim(**_members(members["rim"], Rim, "rim"))
        missing = [name for name in ("title", "level", "domain", "icon") if name not in members]
        if missing:
            raise RecipeError(f"The recipe lacks {', '.join(missing)}.")
        return cls(**members)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise RecipeError("The recipe names a member twice.")
    return members


def _refuse_constant(name: str) -> None:
    raise RecipeError(f"{name} is no number of JSON.")


def _members(read: object, kind: type, called: str) -> dict[str, Any]:
    if not isinstance(read, Mapping):
        raise RecipeError(f"The {called} is a JSON object.")
    known = {field.name for field in fields(kind)}
    for name in read:
        if name not in known:
            raise RecipeError(f"The {called} has no member {name!r}. It may have: {', '.join(sorted(known))}.")
    return dict(read)


def _refuse_unknown(what: str, value: object, known: tuple[str, ...]) -> None:
    if isinstance(value, str) and value in known:
        return
    if len(known) > 20:
        near = difflib.get_close_matches(str(value)[:60], known, n=6, cutoff=0.4) or list(known[:6])
        raise RecipeError(f"There is no {what} {value!r}. Near it: {', '.join(near)}; there are {len(known)}.")
    raise RecipeError(f"There is no {what} {value!r}. Choose one of: {', '.join(known)}.")


def _check_words(place: str, words: object) -> None:
    if not isinstance(words, str) or len(words) > WORDS_CHARACTERS or _UNWRITABLE.search(words):
        raise RecipeError(f"The words of {place} are text of at most {WORDS_CHARACTERS} characters, without control characters.")
