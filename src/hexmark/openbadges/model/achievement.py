"""What can be accomplished: Achievement, how it is earned, what it counts towards and how it is judged."""

from dataclasses import dataclass

from hexmark.openbadges.model.identity import IdentifierEntry
from hexmark.openbadges.model.json_object import Document, JsonObject
from hexmark.openbadges.model.profile import Image, Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria(JsonObject):
    """What must be shown: a page (`id`), a text in Markdown (`narrative`), or both; at least one is required."""

    id: str | None = None
    narrative: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment(JsonObject):
    """A link to a skill, standard or credential in a framework. `target_type` is one of `vocabulary.TARGET_TYPES` or `ext:…`."""

    type: tuple[str, ...] = ("Alignment",)
    target_code: str | None = None
    target_description: str | None = None
    target_name: str
    target_framework: str | None = None
    target_type: str | None = None
    target_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Related(JsonObject):
    """Another version or language of the same achievement."""

    id: str
    type: tuple[str, ...] = ("Related",)
    in_language: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricCriterionLevel(JsonObject):
    """One described step of a result."""

    id: str
    type: tuple[str, ...] = ("RubricCriterionLevel",)
    alignment: tuple[Alignment, ...] = ()
    description: str | None = None
    level: str | None = None
    name: str
    points: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultDescription(JsonObject):
    """The scale an achievement is judged on. `allowed_value` goes from low to high; bounds and values are texts."""

    id: str
    type: tuple[str, ...] = ("ResultDescription",)
    alignment: tuple[Alignment, ...] = ()
    allowed_value: tuple[str, ...] = ()
    name: str
    required_level: str | None = None
    required_value: str | None = None
    result_type: str
    rubric_criterion_level: tuple[RubricCriterionLevel, ...] = ()
    value_max: str | None = None
    value_min: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Achievement(JsonObject):
    """A definition of something that can be accomplished. `achievement_type` is one of `vocabulary.ACHIEVEMENT_TYPES` or `ext:…`."""

    id: str
    type: tuple[str, ...] = ("Achievement",)
    alignment: tuple[Alignment, ...] = ()
    achievement_type: str | None = None
    creator: Profile | str | None = None
    credits_available: int | float | None = None
    criteria: Criteria
    description: str
    endorsement: tuple[Document, ...] = ()
    endorsement_jwt: tuple[str, ...] = ()
    field_of_study: str | None = None
    human_code: str | None = None
    image: Image | None = None
    in_language: str | None = None
    name: str
    other_identifier: tuple[IdentifierEntry, ...] = ()
    related: tuple[Related, ...] = ()
    result_description: tuple[ResultDescription, ...] = ()
    specialization: str | None = None
    tag: tuple[str, ...] = ()
    version: str | None = None
