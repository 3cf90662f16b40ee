"""What a story is made of: houses (organisations), groups of people, named persons, and chapters (achievements with a history)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: The story is the same each time: every draw begins from this number.
SEED = 1923


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill in the demo's own framework."""

    name: str
    code: str

    @property
    def url(self) -> str:
        """Its address, which nobody serves."""
        return f"https://skills.hexham.example/{self.code.lower()}"


@dataclass(frozen=True, slots=True)
class Group:
    """People of one kind who do the same work, in teams. The first of each team leads it."""

    key: str
    #: The team that all these teams stand in; empty for none.
    department: str
    teams: tuple[str, ...]
    people: int
    role: str
    kind: str = "staff"
    #: Where each team has an employer of its own, its mail domain; without them all have the house's.
    domains: tuple[str, ...] = ()
    small_teams: int = 2
    small_people: int = 10


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody whose name the story gives, because their case is to be seen."""

    name: str
    group: str
    #: What there is to see when they sign in; empty for somebody without an account.
    case: str
    accesses: tuple[str, ...] = ("member",)
    #: Stands at the head of their group's department.
    heads: bool = False
    #: Their own address, with which they sign in after they left.
    personal: str = ""
    started_days_ago: int = 1500
    #: Known here, but under the address that they have elsewhere on this host.
    email: str = ""


@dataclass(frozen=True, slots=True)
class Own:
    """A decision about one named person."""

    name: str
    days_ago: int
    narrative: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One achievement and its history: which share of which groups earned it, in how many sittings, over how many past days."""

    name: str
    description: str
    criteria: str
    assurance: str = "A2"
    level: int = 0
    achievement_type: str = "Badge"
    validity_months: int | None = None
    of: tuple[str, ...] = ()
    share: float = 0.0
    sittings: int = 6
    days_back: int = 880
    #: Only who holds that one, for longer than this.
    needs: str = ""
    own: tuple[Own, ...] = ()
    narrative: str = ""
    tags: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    hours: float = 0.0
    evidence: str = ""
    assessment: str = ""
    language: str = "en"
    skills: tuple[Skill, ...] = field(default=())
    #: Whether the small demo has it.
    small: bool = False
    #: `published`, `draft`, or `retired` after its history.
    ends: str = "published"
    #: The next version of the chapter of this name, with its own history.
    is_next_version: bool = False


@dataclass(frozen=True, slots=True)
class House:
    """One organisation."""

    slug: str
    name: str
    description: str
    mail_domain: str
    steward: str
    groups: tuple[Group, ...]
    personas: tuple[Persona, ...]
    chapters: tuple[Chapter, ...]
    settings: Mapping[str, str] = field(default_factory=dict)
