"""What tests of targets need: people on both sides, something to hold, figures, and jobs that have run."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone
from tests.web.pages import BACKEND, Visitor, text_of
from tests.world import World, run_jobs

from hexmark.access import Access, Actor
from hexmark.awarding.actions import award
from hexmark.catalogue.models import AchievementVersion
from hexmark.holdings.actions import record_expired
from hexmark.issuing.models import Credential
from hexmark.jobs import run
from hexmark.measures.definitions import Definition, define_measure, switch_on
from hexmark.measures.models import Measure
from hexmark.people.actions import grant_access
from hexmark.people.models import Person
from hexmark.people.queries import actor_for
from hexmark.performance.models import Cycle, Target
from hexmark.performance.targets.actions import agree_target, propose_target
from hexmark.performance.targets.jobs import wake_to_check
from hexmark.performance.targets.terms import Proposal

CONSEQUENCE = "We look at it together in the review; nothing follows by itself."
ADJUSTMENTS = "More time, a quiet room, or another way to show it: ask."


def rule_for(version: AchievementVersion) -> dict[str, object]:
    """What is asked: this achievement is held."""
    return {"type": "achievement", "achievement": version.achievement.url, "name": version.name}


def a_cycle(acme: World, **given: object) -> Cycle:
    """A year, with both words that people must know."""
    values = {"name": "FY26", "starts_on": date(2025, 2, 1), "ends_on": date(2026, 4, 30)}
    values |= {"consequence": CONSEQUENCE, "adjustments": ADJUSTMENTS} | given  # type: ignore[assignment]
    return Cycle.objects.create(organisation=acme.organisation, **values)


def today(acme: World) -> date:
    """Where acme is."""
    return timezone.localdate(timezone=acme.organisation.zone)


def proposed(acme: World, *, actor: Actor | None = None, **given: object) -> Target:
    """The manager proposes something to the member."""
    values: dict[str, object] = {"title": "Discovery Practitioner", "due_on": today(acme) + timedelta(days=60)}
    if "team" not in given:
        values["person"] = acme.member_person
    values |= {"consequence": CONSEQUENCE, "adjustments": ADJUSTMENTS} | given
    return propose_target(acme.organisation, Proposal(**values), actor=actor or acme.manager)  # type: ignore[arg-type]


def agreed(acme: World, **given: object) -> Target:
    """Both agreed."""
    target = proposed(acme, **given)
    agree_target(target, version=target.version, actor=acme.member)
    run_jobs()
    target.refresh_from_db()
    return target


def earned(acme: World, version: AchievementVersion, *, by: Person | None = None) -> Credential:
    """The member earns it, and everything that follows has followed."""
    award(version, to=[by or acme.member_person], actor=acme.system)
    run_jobs()
    return Credential.objects.select_related("award").filter(award__version=version).latest("pk")


def time_goes_by() -> None:
    """What the clock alone brings has been seen."""
    record_expired(timezone.now())
    run_jobs()
    wake_to_check()
    run_jobs()


def a_measure(acme: World, name: str = "Calls", **given: object) -> Measure:
    """A figure about single people that is switched on."""
    values: dict[str, object] = {
        "per": "person",
        "unit": "calls",
        "purpose": "To see who needs time.",
        "notice": "You and your manager see it.",
    }
    measure = define_measure(acme.organisation, definition=Definition(name=name, **(values | given)), actor=acme.steward)  # type: ignore[arg-type]
    switch_on(measure, actor=acme.steward)
    measure.refresh_from_db()
    return measure


def somebody(acme: World, name: str, access: Access | None = Access.MEMBER, *, manager: Person | None = None) -> tuple[Person, Actor]:
    """Somebody new, who may act."""
    person = acme.person(name)
    if access is not None:
        grant_access(person, access=access, actor=acme.system)
    if manager is not None:
        Person.objects.filter(pk=person.pk).update(manager=manager)
    person.refresh_from_db()
    return person, actor_for(person)


def number(text: str) -> Decimal:
    """As a figure is kept."""
    return Decimal(text)


def check_now() -> None:
    """The job has looked at what is stale."""
    run("performance.check_targets")


class Reader(Visitor):
    """A visitor whose pages are read as text, and who signs in again whenever the clock was moved past their session."""

    def __init__(self, person: Person) -> None:
        super().__init__(person)
        self.person = person

    def sign_in_again(self) -> None:
        """As the same person."""
        self.force_login(self.person.account, backend=BACKEND)

    def look(self, path: str, status: int = 200) -> str:
        """What the page says."""
        self.sign_in_again()
        response = self.get(path)
        assert response.status_code == status, (response.status_code, text_of(response)[:500])
        return text_of(response)

    def send(self, path: str, data: dict[str, str], status: int = 302) -> str:
        """What is answered to a form."""
        self.sign_in_again()
        response = self.post(path, data)
        assert response.status_code == status, (response.status_code, text_of(response)[:1500])
        return text_of(response)
