"""Facts about what one person holds, as a requirement sees them. Whoever keeps them (a database, a file) turns its rows into these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

#: The most that a credential can be assured: examined.
HIGHEST_ASSURANCE = 4
HIGHEST_LEVEL = 5


class FactKind(StrEnum):
    """What sort of fact it is; stored with it."""

    CREDENTIAL = "credential"
    POINTS = "points"
    TENURE = "tenure"
    REVIEW_MARK = "review_mark"
    CONSENT = "consent"
    MEASURE = "measure"
    ATTRIBUTE = "attribute"


@dataclass(frozen=True, slots=True)
class SkillLevel:
    """A credential shows this skill at this level (1 to 5; 0 where no level was said)."""

    skill: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class CredentialFact:
    """Somebody holds a credential, with its state. All times are aware; `valid_until` is the last moment at which it counts.

    `ref` is the credential's id, quoted in explanations; `achievement` and `issuer` are ids too. `labels` are words that the
    achievement carries: tags, type, kind. A `foreign` one was issued by somebody else: it counts only where a requirement names its
    issuer, and for no more assurance than the requirement trusts that issuer with; its `assurance` is what it states of itself, or
    4 where it states nothing.
    """

    ref: str
    achievement: str
    name: str
    issuer: str
    assurance: int
    level: int
    held_from: datetime
    valid_until: datetime | None = None
    ended_at: datetime | None = None
    paused_at: datetime | None = None
    skills: tuple[SkillLevel, ...] = ()
    labels: frozenset[str] = frozenset()
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class PointsFact:
    """Points for one activity, in one category."""

    ref: str
    category: str
    points: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class TenureFact:
    """In this role since a day; `role` "" is employment itself. `until` is the last day."""

    role: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ReviewMarkFact:
    """The mark that a review of one cycle ended with."""

    cycle: str
    mark: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class ConsentFact:
    """Somebody agreed ("manager", …) to something (`about`: an opportunity's id, or "" for anything)."""

    by: str
    about: str
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class MeasureFact:
    """A measure's value for this person at a time; the latest one counts."""

    measure: str
    value: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class AttributeFact:
    """Something known about the person: registration number, profile completeness, country."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Holdings:
    """All facts about one person."""

    credentials: tuple[CredentialFact, ...] = ()
    points: tuple[PointsFact, ...] = ()
    tenures: tuple[TenureFact, ...] = ()
    marks: tuple[ReviewMarkFact, ...] = ()
    consents: tuple[ConsentFact, ...] = ()
    measures: tuple[MeasureFact, ...] = ()
    attributes: tuple[AttributeFact, ...] = ()
