"""How achievements, their versions and skills look in the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from hexmark.api.v1.shapes import Given, Line, Next, Shown
from hexmark.catalogue.models import MOST_EFFORT_MINUTES, Achievement, AchievementVersion, Alignment
from hexmark.openbadges.model import ACHIEVEMENT_TYPES

State = Literal["draft", "published", "retired"]
Assurance = Literal["A0", "A1", "A2", "A3", "A4"]
AchievementType = Literal[*ACHIEVEMENT_TYPES]  # type: ignore[valid-type]
#: As the form of a draft allows.
MOST_TAGS, LONGEST_TAG = 20, 40


def _each_once(words: list[str]) -> list[str]:
    return list(dict.fromkeys(cleaned for word in words if (cleaned := " ".join(word.split()))))


Words = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TAG)]], Field(max_length=MOST_TAGS), AfterValidator(_each_once)
]


class Skill(Given):
    """A skill in a framework (Open Badges 3.0, Alignment)."""

    name: Line
    url: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    code: Annotated[str, StringConstraints(max_length=60)] = ""
    framework: Annotated[str, StringConstraints(max_length=200)] = ""

    @classmethod
    def of(cls, alignment: Alignment) -> Skill:
        """As it stands."""
        return cls.model_construct(
            name=alignment.target_name, url=alignment.target_url, code=alignment.target_code, framework=alignment.target_framework
        )

    def alignment(self, kept: list[Alignment]) -> Alignment:
        """The row of the version that says this already, or a new one."""
        same = next((one for one in kept if Skill.of(one) == self), None)
        if same is not None:
            kept.remove(same)
            return same
        return Alignment(target_name=self.name, target_url=self.url, target_code=self.code, target_framework=self.framework)


class Text(Given):
    """The text of a draft. What is left out stays as it is."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=120)] | None = None
    description: Annotated[str, StringConstraints(max_length=1000)] | None = None
    criteria: Annotated[str, Field(max_length=10_000, description="How to earn it, in Markdown.")] | None = None
    evidence: Annotated[str, StringConstraints(max_length=2000)] | None = None
    assessment: Annotated[str, StringConstraints(max_length=2000)] | None = None
    achievement_type: AchievementType | None = None
    assurance: Assurance | None = None
    level: Annotated[int, Field(strict=True, ge=0, le=5, description="0 is outside any ladder.")] | None = None
    tags: Words | None = None
    roles: Words | None = None
    subjects: Words | None = None
    effort_minutes: Annotated[int, Field(strict=True, ge=1, le=MOST_EFFORT_MINUTES)] | None = None
    validity_months: Annotated[int, Field(strict=True, ge=1, le=600, description="null for ever.")] | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", max_length=12)] | None = None
    skills: Annotated[list[Skill], Field(max_length=20)] | None = None

    def text(self) -> dict[str, Any]:
        """The fields that the request names, as the version has them."""
        return {name: value for name, value in self.model_dump(exclude={"skills"}).items() if name in self._said()}

    def _said(self) -> set[str]:
        """Null is a value only where the version can have none."""
        empty_is_a_value = {"effort_minutes", "validity_months"}
        return {name for name in self.model_fields_set if getattr(self, name) is not None or name in empty_is_a_value}


class NewAchievement(Text):
    """A new achievement begins as a draft."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]


class VersionShown(Shown):
    """What an achievement asked for at one time. Published, it never changes."""

    achievement: str
    number: int
    state: State
    url: str
    image_url: str | None
    name: str
    description: str
    criteria: str
    evidence: str
    assessment: str
    achievement_type: str
    assurance: Assurance
    kind: Literal["unassessed", "assessed"]
    level: int
    tags: list[str]
    roles: list[str]
    subjects: list[str]
    effort_minutes: int | None
    validity_months: int | None
    language: str
    skills: list[Skill]
    published_at: datetime | None
    retired_at: datetime | None

    @classmethod
    def of(cls, version: AchievementVersion) -> VersionShown:
        """As it stands, with the skills that were read with it."""
        plain = {name: getattr(version, name) for name in cls.model_fields if hasattr(version, name)}
        skills = sorted(version.alignments.all(), key=lambda alignment: alignment.pk)
        given = {
            "achievement": version.achievement.slug,
            "image_url": version.image_url if version.image_png else None,
            "skills": [Skill.of(alignment) for alignment in skills],
        }
        return cls(**plain | given)


class VersionNamed(Shown):
    """One version of an achievement, in short."""

    number: int
    state: State
    name: str


class AchievementShown(Shown):
    """Something that can be accomplished, under an address of its own."""

    slug: str
    url: str
    name: Annotated[str, Field(description="Of the newest version that the key may see.")]
    published: Annotated[int | None, Field(description="The number of the version that can be awarded now.")]
    versions: list[VersionNamed]

    @classmethod
    def of(cls, achievement: Achievement, versions: list[AchievementVersion]) -> AchievementShown:
        """As it stands, with these of its versions, newest first."""
        published = next((version.number for version in versions if version.state == AchievementVersion.State.PUBLISHED), None)
        named = [VersionNamed(number=one.number, state=one.state, name=one.name) for one in versions]  # type: ignore[arg-type]
        return cls(slug=achievement.slug, url=achievement.url, name=versions[0].name, published=published, versions=named)


class AchievementsShown(Shown):
    """A page of achievements, by address."""

    items: list[AchievementShown]
    next: Next
