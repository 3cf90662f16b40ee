"""What people of the demo agreed to reach, the figures that say how far they are, a plan, what a role brings, and a partner's score."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from hexmark.access import system
from hexmark.awarding.actions import award
from hexmark.catalogue.models import Achievement
from hexmark.catalogue.queries import published_versions
from hexmark.demo.settling import Settled
from hexmark.events.subscriptions import deliver
from hexmark.issuing.models import Credential
from hexmark.issuing.signing import sign_batch
from hexmark.measures.definitions import Definition, define_measure, switch_on
from hexmark.measures.models import Measure
from hexmark.measures.records import GivenRecord, bring_records
from hexmark.measures.values import Value, bring_values
from hexmark.people.actions import add_person
from hexmark.people.models import JobRole, Person, Team
from hexmark.people.queries import actor_for
from hexmark.people.records import move_to_team
from hexmark.people.teams import make_team
from hexmark.performance.models import Target
from hexmark.performance.plans.actions import Step, assign_plan, make_outline
from hexmark.performance.plans.scores import Category, make_scorecard
from hexmark.performance.targets.actions import agree_target, propose_target
from hexmark.performance.targets.checking import check, check_batch
from hexmark.performance.targets.roles import Need, ask_of_role
from hexmark.performance.targets.terms import Proposal

CONSEQUENCE = "We look at it together in the review and decide what comes next. Nothing follows by itself."
ADJUSTMENTS = "More time, a quiet room, another way to show it, somebody at your side: say what you need."
NOTICE = "You and whoever you report to see it, and human resources by right. It is never used to compare people."
DAY = timedelta(days=1)


def tell(houses: Sequence[Settled]) -> None:
    """Targets, figures, plans and scores stand, and each says what it says today."""
    by_name = {settled.house.slug: settled for settled in houses}
    hexham, care = by_name["hexham"], by_name["care-register-north"]
    figures = _figures(hexham)
    _met_then_expired(hexham)
    _open(hexham, figures)
    _plan(hexham, figures)
    _partner(hexham, figures)
    _core(care)
    deliver()
    while check_batch():
        pass
    deliver()
    # Whatever was woken on the way was done here, at once.
    DBTaskResult.objects.all().delete()


def _figures(hexham: Settled) -> dict[str, Measure]:
    """Calls and sales of people, and how often a field team mends something the first time."""
    per_person: dict[str, Any] = {"per": "person", "purpose": "To see where somebody needs time or help.", "notice": NOTICE}
    defined = {
        "calls": Definition(name="Calls", unit="calls", description="Conversations of more than five minutes.", **per_person),
        "won": Definition(
            name="Sales won",
            unit="GBP",
            description="What customers signed, by the day on which they did.",
            record_source="CRM",
            record_count="sum",
            record_filter=[{"field": "stage", "is": ["Won"]}],
            **per_person,
        ),
        "fixed": Definition(
            name="Fixed at the first visit",
            unit="%",
            form="rate",
            multiplier=Decimal(100),
            description="Visits after which nobody had to come again within two weeks.",
        ),
        "partner": Definition(name="Partner performance", unit="points", form="level", description="Set by the partner team each year."),
        "success": Definition(name="Partner customer success", unit="points", form="level", description="From what their customers say."),
    }
    made = {}
    for key, definition in defined.items():
        measure = define_measure(hexham.organisation, definition=definition, actor=hexham.by)
        switch_on(measure, actor=hexham.by)
        measure.refresh_from_db()
        made[key] = measure
    _fixed(hexham, made["fixed"])
    _calls(hexham, made["calls"])
    _sales(hexham)
    return made


def _fixed(hexham: Settled, measure: Measure) -> None:
    """A year by month, of a few field teams."""
    teams = (
        Team.objects.filter(organisation=hexham.organisation, name__startswith="Field ", people__isnull=False).distinct().order_by("name")
    )
    today = timezone.localdate()
    values = []
    for place, team in enumerate(teams[:4]):
        for month in range(12):
            visits = 40 + (month * 7 + place * 5) % 13
            fixed = visits * (68 + month + place * 2) // 100
            on = today.replace(day=1) - timedelta(days=1 + 30 * (11 - month))
            values.append(Value(on=on, team=team, numerator=Decimal(fixed), denominator=Decimal(visits)))
    bring_values(measure, values, source="Service desk", actor=hexham.by)


def _calls(hexham: Settled, measure: Measure) -> None:
    """Eight weeks of everybody in sales."""
    today = timezone.localdate()
    values = [
        Value(on=today - timedelta(days=7 * week + 1), person=person, value=Decimal(11 + (week * 5 + place * 3) % 9))
        for place, person in enumerate(_sales_people(hexham))
        for week in range(8)
    ]
    bring_values(measure, values, source="Telephone", actor=hexham.by)
    wrong = values[0]
    better = Value(on=wrong.on, person=wrong.person, value=(wrong.value or Decimal(0)) + 4, reason="Four calls were booked to a colleague.")
    bring_values(measure, [better], source="Telephone", actor=hexham.by)


def _sales(hexham: Settled) -> None:
    """Some of Femi's deals, one of which was corrected."""
    femi, today = hexham.named("Femi Adeyemi"), timezone.localdate()
    deals = [("Won", 12_400), ("Won", 8_600), ("Lost", 19_000), ("Won", 15_250), ("Offer", 22_000), ("Won", 9_750)]
    given = [
        GivenRecord(f"D-{2041 + place}", femi, today - timedelta(days=6 * place + 2), stage, Decimal(amount))
        for place, (stage, amount) in enumerate(deals)
    ]
    bring_records(hexham.organisation, given, source="CRM", actor=hexham.by)
    first = given[0]
    corrected = GivenRecord(first.external_id, femi, first.date, "Won", Decimal(10_400), reason="The customer took one instrument less.")
    bring_records(hexham.organisation, [corrected], source="CRM", actor=hexham.by)


def _met_then_expired(hexham: Settled) -> None:
    """Femi met a target with a credential that has ended since, and so did Callum."""
    for name, title, badge in (
        ("Femi Adeyemi", "Discovery Practitioner, before the spring campaign", "Discovery Practitioner"),
        ("Callum Marsh", "Stay a Test Systems Developer", "Test Systems Developer"),
    ):
        achievement = Achievement.objects.filter(organisation=hexham.organisation, versions__name=badge).first()
        held = Credential.objects.issued().filter(award__person=hexham.named(name), award__version__achievement=achievement)
        credential = held.select_related("award").order_by("award__awarded_at").last()
        if achievement is None or credential is None:
            continue
        rule = {"type": "achievement", "achievement": achievement.url, "name": badge, "assurance_at_least": 3}
        target = _agreed(hexham, hexham.named(name), title, rule=rule, why="Customers notice when somebody asks before they offer.")
        _told_since(target, begins=credential.award.awarded_at - 60 * DAY, due=credential.award.awarded_at + 11 * DAY)
        # As it was looked at then, and as it is looked at now.
        check([target], at=credential.award.awarded_at + DAY)
        check([Target.objects.select_related("organisation", "person__manager", "person__team__lead").get(pk=target.pk)], at=timezone.now())


def _told_since(target: Target, *, begins: datetime, due: datetime) -> None:
    """The story is told afterwards: the target was agreed to on its day, and not today."""
    days = {"counts_from": begins.date(), "due_on": due.date()}
    agreed = {"created_at": begins, "agreed_by_person_at": begins, "agreed_by_manager_at": begins, "live_at": begins}
    Target.objects.filter(pk=target.pk).update(**days, **agreed, stale=False)
    target.refresh_from_db()


def _open(hexham: Settled, figures: dict[str, Measure]) -> None:
    """What is under way: of Femi a figure, of Callum the renewal, and one that waits for an answer."""
    today = timezone.localdate()
    femi, callum = hexham.named("Femi Adeyemi"), hexham.named("Callum Marsh")
    quarter = {"measure": figures["won"], "value": Decimal(60_000), "counts_from": today - timedelta(days=45)}
    _agreed(hexham, femi, "Sell for 60,000 this quarter", due_on=today + timedelta(days=40), why="The plan of Sales North.", **quarter)
    developer = Achievement.objects.filter(organisation=hexham.organisation, versions__name="Test Systems Developer").first()
    if developer is not None:
        rule = {"type": "achievement", "achievement": developer.url, "name": "Test Systems Developer"}
        _agreed(
            hexham, callum, "Renew Test Systems Developer", rule=rule, due_on=today + timedelta(days=21), why="Two customers ask for it."
        )
    jo = hexham.named("Jo Carter")
    manager = _leader(jo)
    coaching = Achievement.objects.filter(organisation=hexham.organisation, versions__name="Coaching").first()
    if manager is not None and coaching is not None:
        rule = {"type": "achievement", "achievement": coaching.url, "name": "Coaching"}
        proposal = Proposal("Coach a second newcomer", today + timedelta(days=120), person=jo, rule=rule, why="You are good at it.")
        propose_target(hexham.organisation, proposal, actor=actor_for(manager))


def _plan(hexham: Settled, figures: dict[str, Measure]) -> None:
    """The first ninety days of whoever came to sales last."""
    steps = [
        Step("exercise", "Listen to five recorded conversations", 5),
        Step("milestone", "40 calls", 14, figures["calls"], Decimal(40)),
        Step("exercise", "Lead a discovery conversation with a colleague beside you", 30),
        Step("milestone", "120 calls", 60, figures["calls"], Decimal(120)),
        Step("outcome", "Sell for 20,000", 90, figures["won"], Decimal(20_000)),
    ]
    outline = make_outline(
        hexham.organisation,
        name="First 90 days in sales",
        description="From the first day to the first deals.",
        steps=steps,
        actor=hexham.by,
    )
    newest = max(_sales_people(hexham), key=lambda person: (person.started_on or date.min, person.pk))
    for person in dict.fromkeys([newest, hexham.named("Femi Adeyemi")]):
        leader = _leader(person)
        assign_plan(outline, to=person, on=timezone.localdate() - timedelta(days=16), actor=actor_for(leader) if leader else hexham.by)


def _partner(hexham: Settled, figures: dict[str, Measure]) -> None:
    """Tyne Test Ltd, which has enough points and yet is not designated."""
    tyne = make_team(hexham.organisation, name="Tyne Test Ltd", actor=hexham.by)
    version = next((one for one in published_versions(hexham.organisation) if one.name == "Test Systems Associate"), None)
    if version is None:
        return
    people = []
    for name in ("Una Pybus", "Wilf Charlton", "Greta Heslop", "Idris Nixon"):
        email = f"{name.lower().replace(' ', '.')}@tyne-test.example"
        person = add_person(hexham.organisation, name=name, email=email, kind=Person.Kind.PARTNER, actor=hexham.by)
        move_to_team(person, team=tyne, actor=hexham.by)
        people.append(person)
    award(version, to=people, actor=system(hexham.organisation.pk, label="the demo"), decided_at=timezone.now() - timedelta(days=400))
    while sign_batch(hexham.organisation.pk):
        pass
    for key, value in (("partner", 35), ("success", 0)):
        yesterday = timezone.localdate() - DAY
        bring_values(figures[key], [Value(on=yesterday, team=tyne, value=Decimal(value))], source="Partner team", actor=hexham.by)
    make_scorecard(
        hexham.organisation,
        team=tyne,
        name="Solutions partner",
        minimum_total=70,
        categories=[
            Category("Performance", 40, measure=figures["partner"]),
            Category("Skilling", 40, achievements=(version.achievement.url,), points_each=10),
            Category("Customer success", 40, measure=figures["success"]),
        ],
        actor=hexham.by,
    )


def _core(care: Settled) -> None:
    """Support workers hold four core badges within six months."""
    role = JobRole.objects.filter(organisation=care.organisation, name="Support worker").first()
    core = [one for one in published_versions(care.organisation) if one.name in ("Starter", "CPL Dignity", "CPL Recording", "Thing 12")]
    if role is None or not core:
        return
    needs = [Need(one.name, {"type": "achievement", "achievement": one.achievement.url, "name": one.name}) for one in core]
    since = timezone.localdate() - timedelta(days=160)
    ask_of_role(role, needs, due_months=6, consequence=CONSEQUENCE, adjustments=ADJUSTMENTS, since=since, actor=care.by)


def _agreed(hexham: Settled, person: Person, title: str, *, due_on: date | None = None, **terms: object) -> Target:
    """Proposed by whoever leads the person, and agreed to by them."""
    leader = _leader(person)
    by = actor_for(leader) if leader else hexham.by
    due_on = due_on or timezone.localdate() + timedelta(days=60)
    words = {"consequence": CONSEQUENCE, "adjustments": ADJUSTMENTS}
    target = propose_target(hexham.organisation, Proposal(title, due_on, person=person, **words, **terms), actor=by)  # type: ignore[arg-type]
    agree_target(target, version=target.version, actor=actor_for(person))
    return Target.objects.select_related("organisation", "person__manager", "person__team__lead").get(pk=target.pk)


def _leader(person: Person) -> Person | None:
    """The person's manager, or who leads their team."""
    fresh = Person.objects.select_related("manager", "team__lead").get(pk=person.pk)
    return fresh.manager or (fresh.team.lead if fresh.team and fresh.team.lead_id != fresh.pk else None)


def _sales_people(hexham: Settled) -> list[Person]:
    """Everybody in sales, in order of name."""
    return [hexham.people[figure.email] for figure in sorted(hexham.figures, key=lambda one: one.name) if figure.group == "sales"]
