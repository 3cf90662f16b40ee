"""Random organisations, written straight into the tables: what is counted must not depend on how it came there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tests.world import World

from hexmark.holdings.models import Holding, HoldingSkill
from hexmark.organisations.assurance import Assurance
from hexmark.people.models import JobRole, Person, RoleAssignment, Team
from hexmark.skills.models import Framework, RoleRequirement, Skill


@dataclass
class Grown:
    """What was written."""

    teams: list[Team]
    people: list[Person]
    skills: list[Skill]


def grow(world: World, random: Random, *, at: datetime, people: int = 40, skills: int = 4) -> Grown:
    """Teams within teams, people with one or two roles, needs of every sort, and holdings that are over, paused, early or right."""
    organisation = world.organisation
    framework = Framework.objects.create(organisation=organisation, name="Craft")
    made = [
        Skill.objects.create(
            organisation=organisation, framework=framework, name=f"Skill {n}", url=f"https://s.example/{n}", minimum_holders=n
        )
        for n in range(skills)
    ]
    teams: list[Team] = []
    for number in range(6):
        parent = random.choice([None, *teams])
        teams.append(Team.objects.create(organisation=organisation, name=f"Team {number}", parent=parent))
    roles = [JobRole.objects.create(organisation=organisation, name=f"Role {n}") for n in range(3)]
    today = at.date()
    for role in roles:
        for skill in random.sample(made, random.randint(1, skills)):
            RoleRequirement.objects.create(
                organisation=organisation,
                role=role,
                skill=skill,
                level=random.randint(1, 4),
                critical=random.random() < 0.5,
                importance=random.randint(1, 3),
                assurance_at_least=random.choice(Assurance.values[:4]),
                issuers=random.choice([[], [], ["did:web:other.example"], ["did:web:other.example", organisation.did]]),
                max_age_months=random.choice([None, None, 6, 12]),
                starts_on=today + timedelta(days=random.choice([-400, -1, 0, 1])),
                ends_on=random.choice([None, None, today + timedelta(days=1), today + timedelta(days=2)]),
            )
    them = []
    for number in range(people):
        person = Person.objects.create(
            organisation=organisation,
            name=f"Person {number}",
            email=f"p{number}@acme.example",
            team=random.choice([None, *teams]),
            left_at=at - timedelta(days=10) if random.random() < 0.1 else None,
        )
        them.append(person)
        for role in random.sample(roles, random.choice([0, 1, 1, 2])):
            RoleAssignment.objects.create(
                person=person,
                role=role,
                starts_on=today - timedelta(days=random.choice([500, 1, 0])),
                ends_on=random.choice([None, None, today]),
            )
        for place in range(random.randint(0, 4)):
            _hold(world, random, person, made, place, at)
    return Grown(teams, them, made)


def _hold(world: World, random: Random, person: Person, skills: list[Skill], place: int, at: datetime) -> None:
    holding = Holding.objects.create(
        organisation=world.organisation,
        person=person,
        kind="credential",
        ref=f"https://a.example/{person.pk}/{place}",
        achievement=f"https://a.example/b/{place}",
        issuer=random.choice([world.organisation.did, world.organisation.did, "did:web:other.example", "did:web:third.example"]),
        assurance=random.randint(0, 4),
        data={"name": "Something"},
        valid_from=at - timedelta(days=random.choice([800, 300, 100, 1, 0, -1])),
        valid_until=random.choice([None, at + timedelta(days=random.choice([-1, 0, 1, 60, 89, 91, 150, 250, 500]))]),
        ended_at=at if random.random() < 0.15 else None,
        paused_at=at if random.random() < 0.1 else None,
    )
    for skill in random.sample(skills, random.randint(1, 2)):
        HoldingSkill.objects.create(holding=holding, person=person, skill=skill, level=random.randint(0, 5))
