"""Who is who: the people of a house, always the same ones, with their teams, managers, roles and first days."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hexmark.demo.names import full_names
from hexmark.demo.tale import SEED, Group, House, Persona

#: More than all houses have people.
POOL = 1500
#: The demo tells at most so many days; who has been here longer can have earned anything.
LONGEST_STAY_DAYS = 3200


@dataclass(frozen=True, slots=True)
class Figure:
    """One person of the story."""

    name: str
    email: str
    employee_id: str
    kind: str
    group: str
    team: str
    role: str
    leads: bool
    #: Whom they report to, by address; empty for nobody.
    manager: str
    started_days_ago: int
    persona: Persona | None = None


def cast(house: House, *, names: Iterator[str], small: bool) -> list[Figure]:
    """The people of the house, leads before those whom they lead."""
    figures: list[Figure] = []
    draw = random.Random(f"{SEED} {house.slug}")  # noqa: S311 (a story, not a secret)
    for group in house.groups:
        teams = group.teams[: group.small_teams] if small else group.teams
        count = group.small_people if small else group.people
        named = [persona for persona in house.personas if persona.group == group.key]
        figures += _group(house, group, teams, _filled(named, names, count), draw, start=len(figures))
    return figures


def names_in_order(houses: Sequence[House]) -> Iterator[str]:
    """Names for everybody whom the story does not name, each once."""
    taken = {persona.name for house in houses for persona in house.personas}
    return (name for name in full_names(POOL) if name not in taken)


def _filled(named: list[Persona], names: Iterator[str], count: int) -> list[Persona | str]:
    """The head first, then leads, then the named ones among the others."""
    heads = [one for one in named if one.heads]
    others: list[Persona | str] = [one for one in named if not one.heads]
    nameless: list[Persona | str] = [next(names) for _ in range(max(0, count - len(named)))]
    leads = 0 if heads else 1
    return [*heads, *nameless[:leads], *others, *nameless[leads:]]


def _group(
    house: House, group: Group, teams: tuple[str, ...], people: list[Persona | str], draw: random.Random, *, start: int
) -> list[Figure]:
    head, figures = "", []
    leads: dict[str, str] = {}
    for number, one in enumerate(people):
        persona = one if isinstance(one, Persona) else None
        name = one.name if isinstance(one, Persona) else one
        place = number % len(teams)
        team = teams[place]
        is_lead = team not in leads
        email = persona.email if persona and persona.email else _email(name, _domain(house, group, place))
        leads.setdefault(team, email)
        head = head or email
        figures.append(
            Figure(
                name=name,
                email=email,
                employee_id=f"{house.slug[0].upper()}{1000 + start + number}",
                kind=group.kind,
                group=group.key,
                team=team,
                role=group.role,
                leads=is_lead,
                manager="" if email == head or group.kind == "customer" else head if is_lead else leads[team],
                started_days_ago=persona.started_days_ago if persona else _stay(draw),
                persona=persona,
            )
        )
    return figures


def _domain(house: House, group: Group, place: int) -> str:
    return group.domains[place] if group.domains else house.mail_domain


def _stay(draw: random.Random) -> int:
    """Seven of eight were here before the story begins; the others came while it went on."""
    return draw.randint(950, LONGEST_STAY_DAYS) if draw.random() < 0.875 else draw.randint(30, 900)


def _email(name: str, domain: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return f"{'.'.join(plain.split())}@{domain}"
