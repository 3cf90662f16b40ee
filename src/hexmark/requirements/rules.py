"""The language of requirements: one frozen dataclass for each kind of rule. `codec` reads and writes them, `evaluate` asks them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """An issuer whose credentials count here, and for how much assurance at most (0 to 4) where it is not ourselves."""

    id: str
    name: str = ""
    assurance: int = 0


@dataclass(frozen=True, slots=True)
class Conditions:
    """What more is asked of each fact that counts. The first three are about credentials only.

    `issuers`: only these count; empty: any that is not foreign. `held_for_months`: held without a gap for as long;
    `max_age_months`: not older than that; `valid_for_days`: still valid so many days ahead; `valid_on`: valid on that day too;
    `grace_days`: expired for no longer than that.
    """

    assurance_at_least: int = 0
    issuers: tuple[TrustedIssuer, ...] = ()
    held_for_months: int = 0
    max_age_months: int = 0
    valid_for_days: int = 0
    valid_on: date | None = None
    grace_days: int = 0


ANY = Conditions()


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part is met."""

    type: ClassVar[str] = "all"
    parts: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part is met."""

    type: ClassVar[str] = "any"
    parts: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A category of parts of which at least so many must be met; those met count to the whole."""

    name: str
    at_least: int
    parts: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class KOfN:
    """At least `at_least` of all parts are met, in groups or not, and in each group its own minimum."""

    type: ClassVar[str] = "k_of_n"
    at_least: int
    parts: tuple[Requirement, ...] = ()
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class Ladder:
    """The first `reach` steps are met, every one in order: a step above a missing one does not count. 0 means all steps."""

    type: ClassVar[str] = "ladder"
    steps: tuple[Requirement, ...]
    reach: int = 0


@dataclass(frozen=True, slots=True)
class Achievement:
    """A credential of this achievement is held, at this level of it or above."""

    type: ClassVar[str] = "achievement"
    achievement: str
    name: str = ""
    level_at_least: int = 0
    conditions: Conditions = ANY


@dataclass(frozen=True, slots=True)
class Skill:
    """A credential shows this skill at this level or above."""

    type: ClassVar[str] = "skill"
    skill: str
    name: str = ""
    level_at_least: int = 0
    conditions: Conditions = ANY


@dataclass(frozen=True, slots=True)
class Minimum:
    """Of what is counted, at least so many (and so many points) are of this category or label."""

    name: str
    at_least: int = 0
    points: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Count:
    """Credentials of so many different achievements are held: of those named, or with one of these labels, or any at all."""

    type: ClassVar[str] = "count"
    at_least: int
    achievements: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    minimums: tuple[Minimum, ...] = ()
    conditions: Conditions = ANY


@dataclass(frozen=True, slots=True)
class Points:
    """So many points were gathered by so many activities: in these categories (none: all), with a least of each named one.

    Of the conditions, only `max_age_months` has a meaning.
    """

    type: ClassVar[str] = "points"
    at_least: Decimal = Decimal(0)
    activities_at_least: int = 0
    categories: tuple[str, ...] = ()
    minimums: tuple[Minimum, ...] = ()
    conditions: Conditions = ANY


@dataclass(frozen=True, slots=True)
class Weighed:
    """One part of a score: value times weight, capped. The value is a measure's latest, or a category's points, or how many different
    achievements with a label are held; without a value it is 0. `minimum` is asked of the value before weighing."""

    name: str
    measure: str = ""
    category: str = ""
    label: str = ""
    weight: Decimal = Decimal(1)
    most: Decimal | None = None
    minimum: Decimal | None = None
    conditions: Conditions = ANY


@dataclass(frozen=True, slots=True)
class Score:
    """The weighed parts add up to so much, each reaches its own minimum, and, if `no_zero`, none of them is nothing."""

    type: ClassVar[str] = "score"
    at_least: Decimal
    parts: tuple[Weighed, ...]
    no_zero: bool = False


@dataclass(frozen=True, slots=True)
class Tenure:
    """So many months in a role ("": with the organisation), the one that goes on today."""

    type: ClassVar[str] = "tenure"
    months_at_least: int
    role: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class ReviewMark:
    """The latest review's mark (or that of the named cycle) is at least this."""

    type: ClassVar[str] = "review_mark"
    at_least: Decimal
    cycle: str = ""
    conditions: Conditions = ANY


@dataclass(frozen=True, slots=True)
class Consent:
    """Somebody ("manager", …) has agreed, to this very thing if `about` names it."""

    type: ClassVar[str] = "consent"
    by: str
    about: str = ""
    conditions: Conditions = ANY


@dataclass(frozen=True, slots=True)
class Measure:
    """The latest value of a measure is within these bounds."""

    type: ClassVar[str] = "measure"
    measure: str
    name: str = ""
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    conditions: Conditions = ANY


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something known about the person is there, is one of these values, or is a number of at least this."""

    type: ClassVar[str] = "attribute"
    attribute: str
    name: str = ""
    one_of: tuple[str, ...] = field(default=())
    at_least: Decimal | None = None


Composite = AllOf | AnyOf | KOfN | Ladder
Leaf = Achievement | Skill | Count | Points | Score | Tenure | ReviewMark | Consent | Measure | Attribute
Requirement = Composite | Leaf


def parts_of(requirement: Requirement) -> tuple[Requirement, ...]:
    """The requirements directly inside this one, in the order in which they are read; none in a leaf."""
    match requirement:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return parts
        case KOfN(parts=parts, groups=groups):
            return parts + tuple(part for group in groups for part in group.parts)
        case Ladder(steps=steps):
            return steps
    return ()
