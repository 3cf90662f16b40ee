"""An opening of acme's with a gate, and Jo, who has all of it but her manager's consent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from tests.world import World, run_jobs

from hexmark.awarding.actions import award, release_now
from hexmark.catalogue.models import AchievementVersion
from hexmark.events.subscriptions import deliver
from hexmark.holdings.actions import hold
from hexmark.opportunities.models import Opportunity
from hexmark.opportunities.offering import Offer, create_opportunity, open_opportunity, set_gate
from hexmark.people.models import Person
from hexmark.people.records import give_role
from hexmark.requirements import ReviewMarkFact

TITLE = "Team lead, North"


@dataclass(frozen=True, slots=True)
class Opening:
    """The opening, and the two achievements that its gate names."""

    opportunity: Opportunity
    coaching: AchievementVersion
    safety: AchievementVersion


def achievement_leaf(version: AchievementVersion, assurance: int = 3) -> dict[str, Any]:
    """The part of a rule that asks for this achievement."""
    leaf: dict[str, Any] = {"type": "achievement", "achievement": version.achievement.url, "name": version.name}
    return leaf | ({"assurance_at_least": assurance} if assurance else {})


def north_rule(coaching: AchievementVersion, safety: AchievementVersion) -> dict[str, Any]:
    """Both badges, judged; eighteen months as an engineer; a mark of three; and the manager's consent."""
    return {
        "type": "all",
        "parts": [
            achievement_leaf(coaching),
            achievement_leaf(safety),
            {"type": "tenure", "role": "Engineer", "months_at_least": 18},
            {"type": "review_mark", "at_least": 3},
            {"type": "consent", "by": "manager"},
        ],
    }


def offered(acme: World, rule: dict[str, Any] | None = None, **facts: Any) -> Opportunity:
    """An opening of acme's that takes interest now."""
    made = create_opportunity(acme.organisation, Offer(**{"title": TITLE, **facts}), actor=acme.steward)
    if rule is not None:
        set_gate(made, rule, actor=acme.steward)
    open_opportunity(made, actor=acme.steward)
    settle()
    made.refresh_from_db()
    return made


def north(acme: World) -> Opening:
    """“Team lead, North”, open to acme's staff."""
    coaching = acme.achievement("Coaching", assurance="A3")
    safety = acme.achievement("Safety", assurance="A3")
    return Opening(offered(acme, north_rule(coaching, safety)), coaching, safety)


def give(acme: World, version: AchievementVersion, person: Person) -> None:
    """The person holds it, signed, and everybody who wants to know has been told."""
    run = award(version, to=[person], actor=acme.steward).run
    release_now(run, actor=acme.steward)
    settle()


def all_but_consent(acme: World, opening: Opening, person: Person) -> None:
    """The person shows everything but the consent of their manager."""
    served(acme, person)
    marked(acme, person)
    give(acme, opening.coaching, person)
    give(acme, opening.safety, person)


def served(acme: World, person: Person, months: int = 24) -> None:
    """The person has been an engineer for so long."""
    give_role(person, name="Engineer", starts_on=date.today() - timedelta(days=31 * months), actor=acme.steward)
    settle()


def marked(acme: World, person: Person, mark: str = "4", at: datetime | None = None) -> None:
    """The person's last review ended with this mark."""
    hold(person, ReviewMarkFact("cycle-1", Decimal(mark), at or timezone.now() - timedelta(days=40)), actor=acme.system)
    settle()


def settle() -> None:
    """Every job has run, and every subscriber was told of what is in the log."""
    run_jobs()
    deliver()
    run_jobs()
