"""The score of a partner organisation: weighed categories, a least total, and none of them nothing.

The rule is one of the requirement language and evaluated like every other; here its values are gathered, and it is said who counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from hexmark.access import Actor, Permission, allow
from hexmark.errors import Conflict, Invalid
from hexmark.events.log import record
from hexmark.files.text import hides_in_line
from hexmark.holdings.queries import holdings_of_many
from hexmark.measures.models import Measure
from hexmark.measures.queries import figures_of_teams
from hexmark.measures.rules import NOTHING
from hexmark.organisations.models import Organisation
from hexmark.people.models import Person, Team
from hexmark.performance.models import Scorecard
from hexmark.performance.targets.event_types import EventType
from hexmark.performance.targets.figures import people_of
from hexmark.requirements import CredentialFact, Explanation, Holdings, MeasureFact
from hexmark.requirements.codec import parse
from hexmark.requirements.evaluate import evaluate

#: Figures of the last year count.
YEAR = timedelta(days=365)
MOST_CATEGORIES = 10


@dataclass(frozen=True, slots=True)
class Category:
    """One part of the score: a figure of the partner's team, or points for each of its people who hold one of some achievements."""

    name: str
    most: int
    measure: Measure | None = None
    achievements: tuple[str, ...] = ()
    points_each: int = 0

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        kept: dict[str, Any] = {"name": self.name.strip(), "most": self.most}
        if self.measure is not None:
            return kept | {"measure": self.measure.public_id}
        return kept | {"achievements": list(self.achievements), "points_each": self.points_each}


@dataclass(frozen=True, slots=True)
class Certified:
    """Somebody who counts, by what, and until when."""

    person: Person
    name: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Scored:
    """One category with its points today, and who makes them."""

    name: str
    most: int
    points: Decimal
    certified: Sequence[Certified]


@dataclass(frozen=True, slots=True)
class Score:
    """A partner's score today. `is_designated` is what the rule says: enough in total, and nothing in no category."""

    card: Scorecard
    categories: Sequence[Scored]
    total: Decimal
    explanation: Explanation

    @property
    def is_designated(self) -> bool:
        """Whether the rule is met."""
        return self.explanation.met

    @property
    def empty(self) -> list[str]:
        """Categories with no points at all."""
        return [one.name for one in self.categories if not one.points]

    @property
    def next_to_lapse(self) -> Certified | None:
        """Whoever counts and ends first."""
        ends = [one for scored in self.categories for one in scored.certified if one.until is not None]
        return min(ends, key=lambda one: (one.until, one.person.name), default=None)


@transaction.atomic
def make_scorecard(
    organisation: Organisation, *, team: Team, name: str, minimum_total: int, categories: Sequence[Category], actor: Actor
) -> Scorecard:
    """The partner, which is a team here, is scored like this.

    Raises:
        NotPermitted: the actor may not edit measures here.
        Invalid: a category cannot be counted.
        Conflict: there is one of this name.
    """
    allow(actor, Permission.EDIT_MEASURES, organisation)
    if team.organisation_id != organisation.pk:
        raise Invalid("There is no such team here.", field="team")
    if not name.strip() or len(name) > 120 or hides_in_line(name):
        raise Invalid("Give the score a name of at most 120 characters.", field="name")
    if not 1 <= len(categories) <= MOST_CATEGORIES:
        raise Invalid(f"A score has 1 to {MOST_CATEGORIES} categories.", field="categories")
    for one in categories:
        _check(organisation, one)
    if not 0 < minimum_total <= sum(one.most for one in categories):
        raise Invalid("The total to be reached is more than nothing, and no more than the categories give together.", field="minimum_total")
    kept = [one.to_json() for one in categories]
    try:
        with transaction.atomic():
            card = Scorecard.objects.create(
                organisation=organisation, team=team, name=name.strip(), minimum_total=minimum_total, categories=kept
            )
    except IntegrityError as error:
        raise Conflict(f"{team.name} has a score called “{name.strip()}” already.") from error
    record(EventType.SCORECARD_MADE, card, actor=actor, name=card.name)
    return card


def score_today(card: Scorecard, *, at: datetime | None = None) -> Score:
    """The partner's score at this moment (now), with the people who count and what lapses next."""
    at = timezone.localtime(at or timezone.now(), timezone=card.organisation.zone)
    today = at.date()
    people = {person.pk: person for person in Person.objects.filter(pk__in=people_of(card.team_id))}
    holdings = holdings_of_many(people)
    scored = [
        _measured(card, one, today) if "measure" in one else _certified(one, [(people[key], held) for key, held in holdings.items()], at)
        for one in card.categories
    ]
    facts = Holdings(measures=tuple(MeasureFact(f"category {place}", one.points, at) for place, one in enumerate(scored)))
    return Score(card, scored, sum((one.points for one in scored), Decimal(0)), evaluate(parse(rule_of(card)), facts, at))


def rule_of(card: Scorecard) -> dict[str, Any]:
    """The score as a requirement over its categories' points."""
    parts = [{"name": one["name"], "measure": f"category {place}", "most": str(one["most"])} for place, one in enumerate(card.categories)]
    return {"type": "score", "at_least": str(card.minimum_total), "no_zero": True, "parts": parts}


def _measured(card: Scorecard, category: dict[str, Any], today: date) -> Scored:
    measure = Measure.objects.filter(organisation_id=card.organisation_id, public_id=category["measure"]).first()
    found = figures_of_teams(measure, [card.team_id], since=today - YEAR, until=today) if measure else {}
    points = found.get(card.team_id, NOTHING).value or Decimal(0)
    return Scored(category["name"], category["most"], max(Decimal(0), min(points, Decimal(category["most"]))), ())


def _certified(category: dict[str, Any], people: Sequence[tuple[Person, Holdings]], at: datetime) -> Scored:
    wanted = set(category["achievements"])
    certified = []
    for person, held in people:
        counting = [fact for fact in held.credentials if fact.achievement in wanted and _counts(fact, at)]
        if counting:
            # Each person counts once, by what lasts longest.
            best = max(counting, key=lambda fact: (fact.valid_until is None, fact.valid_until or at))
            certified.append(Certified(person, best.name, best.valid_until))
    certified.sort(key=lambda one: (one.person.name.lower(), one.person.pk))
    points = min(Decimal(category["points_each"] * len(certified)), Decimal(category["most"]))
    return Scored(category["name"], category["most"], points, certified)


def _counts(fact: CredentialFact, at: datetime) -> bool:
    over = fact.valid_until is not None and fact.valid_until < at
    return fact.ended_at is None and fact.paused_at is None and not over and fact.held_from <= at


def _check(organisation: Organisation, one: Category) -> None:
    if not one.name.strip() or len(one.name) > 80 or hides_in_line(one.name):
        raise Invalid("Give each category a name of at most 80 characters.", field="categories")
    if not 0 < one.most <= 1000:
        raise Invalid(f"“{one.name}”: a category gives 1 to 1,000 points.", field="categories")
    if (one.measure is None) == (not one.achievements):
        raise Invalid(f"“{one.name}”: it is counted from a figure, or from what people hold.", field="categories")
    if one.measure is not None and (one.measure.organisation_id != organisation.pk or one.measure.per != Measure.Per.TEAM):
        raise Invalid(f"“{one.name}”: the figure is not one of teams here.", field="categories")
    if one.achievements and not 0 < one.points_each <= 1000:
        raise Invalid(f"“{one.name}”: say how many points each person gives.", field="categories")
