"""Targets that a badge meets, figures that records make, plans by day, partners' scores, and what roles bring."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.clock import Clock
from tests.performance.targeting import ADJUSTMENTS, CONSEQUENCE, Reader, a_cycle, a_measure, earned, rule_for, time_goes_by
from tests.world import World, run_jobs

from hexmark.awarding.actions import award
from hexmark.catalogue.models import AchievementVersion
from hexmark.events.models import Event
from hexmark.holdings.models import Decision
from hexmark.issuing.actions import pause, revoke
from hexmark.issuing.models import Credential
from hexmark.mail.models import Message
from hexmark.measures.models import ImportedRecord, Measure
from hexmark.measures.records import GivenRecord, bring_records
from hexmark.measures.values import Value, bring_values
from hexmark.people.models import JobRole, Person
from hexmark.people.records import give_role, leave, move_to_team
from hexmark.people.teams import make_team
from hexmark.performance.models import Cycle, Target
from hexmark.performance.plans.actions import Step, assign_plan, make_outline
from hexmark.performance.plans.queries import plan_today
from hexmark.performance.plans.scores import Category, make_scorecard, score_today
from hexmark.performance.targets.queries import in_words, targets_for_review
from hexmark.performance.targets.roles import Need, ask_of_role
from hexmark.performance.targets.rules import Status, status_of


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Now is what the test says."""
    return Clock(monkeypatch)


@pytest.fixture
def discovery(acme: World) -> AchievementVersion:
    """Discovery Practitioner, which is valid for a month and a half."""
    return acme.achievement("Discovery Practitioner", validity_months=1)


def as_typed(acme: World, version: AchievementVersion, cycle: Cycle) -> dict[str, str]:
    """The form of a new target, as the manager fills it."""
    return {
        "person": acme.member_person.email,
        "title": "Discovery Practitioner by 31 January",
        "kind": "badge",
        "achievement": str(version.pk),
        "due_on": "2026-01-31",
        "why": "Calls should begin with the customer's question.",
        "cycle": str(cycle.pk),
    }


def test_SF_2_a_target_is_agreed_by_both_met_by_the_credential_and_reads_met_then_expired(  # noqa: N802
    acme: World, discovery: AchievementVersion, clock: Clock
) -> None:
    clock.set("2025-12-01")
    cycle = a_cycle(acme, consequence="", adjustments="")
    manager, member = Reader(acme.manager_person), Reader(acme.member_person)
    manager.send("/targets/new", as_typed(acme, discovery, cycle), 302)
    target = Target.objects.get()
    # What follows and which adjustments there are must be said before: the target does not go live without both.
    page = member.send(f"/targets/{target.public_id}/agree", {"version": "1"}, 409)
    assert "which reasonable adjustments there are" in page
    Cycle.objects.filter(pk=cycle.pk).update(consequence=CONSEQUENCE, adjustments=ADJUSTMENTS)
    member.send(f"/targets/{target.public_id}/agree", {"version": "1"}, 302)
    target.refresh_from_db()
    assert target.state == Target.State.LIVE
    assert (target.consequence, target.adjustments) == (CONSEQUENCE, ADJUSTMENTS)
    clock.set("2026-01-20")
    credential = earned(acme, discovery)
    target.refresh_from_db()
    assert (target.state, in_words(target)) == (Target.State.MET, "Met 20 Jan 2026")
    assert credential.award.public_id in target.met_ref
    assert f"{discovery.name}" in member.look(f"/targets/{target.public_id}")
    clock.set("2026-03-03")
    time_goes_by()
    target.refresh_from_db()
    assert target.state == Target.State.LAPSED
    assert in_words(target).startswith("Met 20 Jan 2026; expired 20 Feb 2026")
    assert [in_words(one) for one in targets_for_review(acme.member_person, cycle)] == [in_words(target)]
    assert in_words(target) in manager.look(f"/targets/{target.public_id}")


@pytest.mark.parametrize("how", ["expires", "is paused", "is revoked"])
def test_HX_6_what_lapses_is_told_once_to_the_person_and_the_manager_with_the_way_back(  # noqa: N802
    acme: World, discovery: AchievementVersion, clock: Clock, how: str
) -> None:
    clock.set("2025-12-01")
    cycle = a_cycle(acme)
    manager, member = Reader(acme.manager_person), Reader(acme.member_person)
    manager.send("/targets/new", as_typed(acme, discovery, cycle), 302)
    target = Target.objects.get()
    member.send(f"/targets/{target.public_id}/agree", {"version": "1"}, 302)
    clock.set("2026-01-20")
    credential = earned(acme, discovery)
    clock.set("2026-02-10")
    word = {
        "expires": "expired 20 Feb 2026",
        "is paused": "paused by its issuer 10 Feb 2026",
        "is revoked": "revoked by its issuer 10 Feb 2026",
    }
    if how == "is revoked":
        revoke(credential, actor=acme.steward, reason="Awarded in error")
    elif how == "is paused":
        pause(credential, actor=acme.steward, reason="Being looked into")
    else:
        clock.set("2026-03-03")
    run_jobs()
    for _ in range(3):
        time_goes_by()
    target.refresh_from_db()
    assert in_words(target) == f"Met 20 Jan 2026; {word[how]}"
    told = Message.objects.filter(template="target_lapsed").order_by("to")
    assert [message.to for message in told] == [acme.manager_person.email, acme.member_person.email]
    assert all(f"/targets/{target.public_id}" in message.text for message in told)
    # The way back stands on the page: the badge to earn again.
    assert "Earn it again" in member.look(f"/targets/{target.public_id}")
    assert [decision.met for decision in Decision.objects.order_by("pk")] == [True, False]


def test_SF_3_a_plan_that_is_assigned_on_a_saturday_begins_on_monday_and_says_31_of_40(acme: World, clock: Clock) -> None:  # noqa: N802
    clock.set("2026-03-02")
    calls, meetings = a_measure(acme, "Calls"), a_measure(acme, "Discovery meetings", unit="meetings")
    pipeline, deals = a_measure(acme, "Pipeline", unit="GBP"), a_measure(acme, "Qualified deals", unit="deals")
    steps = [
        Step("exercise", "Listen to five recorded calls", 5),
        Step("milestone", "40 calls", 14, calls, Decimal(40)),
        Step("milestone", "10 discovery meetings", 45, meetings, Decimal(10)),
        Step("milestone", "A pipeline of 150,000", 75, pipeline, Decimal(150_000)),
        Step("outcome", "3 qualified deals", 90, deals, Decimal(3)),
    ]
    outline = make_outline(acme.organisation, name="First 90 days", steps=steps, actor=acme.steward)
    clock.set("2026-03-07")
    plan = assign_plan(outline, to=acme.member_person, actor=acme.manager)
    assert plan.starts_on == date(2026, 3, 9)
    assert next(step.due_on for step in plan.steps.order_by("place") if step.measure_id) == date(2026, 3, 23)
    clock.set("2026-03-20")
    given = [Value(person=acme.member_person, on=date(2026, 3, day), value=Decimal(value)) for day, value in ((7, 9), (9, 12), (12, 19))]
    bring_values(calls, given, source="telephone", actor=acme.steward)
    now = plan_today(plan, today=date(2026, 3, 20))
    # What happened on the Saturday before does not count.
    assert [step.progress for step in now.steps][:3] == ["", "31/40", "0/10"]
    page = Reader(acme.member_person).look(f"/plans/{plan.public_id}")
    assert "31/40" in page
    assert "23 Mar 2026" in page
    assert "31/40" in Reader(acme.manager_person).look(f"/plans/{plan.public_id}")


def test_SF_4_what_is_counted_from_records_is_counted_again_when_one_is_corrected(acme: World, clock: Clock) -> None:  # noqa: N802
    clock.set("2026-03-02")
    won = a_measure(acme, "Won", unit="GBP", record_source="crm", record_count="sum", record_filter=[{"field": "stage", "is": ["Won"]}])
    member = acme.member_person
    records = [
        GivenRecord("D-1", member, date(2026, 3, 1), "Won", Decimal(4000)),
        GivenRecord("D-2", member, date(2026, 3, 2), "Lost", Decimal(9000)),
        GivenRecord("D-3", acme.manager_person, date(2026, 3, 2), "Won", Decimal(7000)),
        GivenRecord("D-4", member, date(2026, 3, 2), "Won", Decimal(2500)),
    ]
    bring_records(acme.organisation, records, source="crm", actor=acme.steward)
    form = {
        "person": member.email,
        "title": "Sell for 6,000",
        "kind": "figure",
        "measure": str(won.pk),
        "value": "6000",
        "counts_from": "2026-03-01",
        "due_on": "2026-03-31",
        "consequence": CONSEQUENCE,
        "adjustments": ADJUSTMENTS,
    }
    Reader(acme.manager_person).send("/targets/new", form, 302)
    target = Target.objects.get()
    visitor = Reader(member)
    visitor.send(f"/targets/{target.public_id}/agree", {"version": "1"}, 302)
    run_jobs()
    target.refresh_from_db()
    assert (target.state, target.current) == (Target.State.MET, Decimal(6500))
    page = visitor.look(f"/targets/{target.public_id}")
    assert "D-1" in page
    assert "D-4" in page
    assert "D-2" not in page
    assert "D-3" not in page
    corrected = [GivenRecord("D-4", member, date(2026, 3, 2), "Won", Decimal(1500))]
    bring_records(acme.organisation, corrected, source="crm", actor=acme.steward)
    run_jobs()
    target.refresh_from_db()
    assert (target.state, target.current) == (Target.State.LIVE, Decimal(5500))
    assert "5,500" in visitor.look(f"/targets/{target.public_id}")
    assert ImportedRecord.objects.filter(external_id="D-4").count() == 2


@pytest.mark.parametrize(("points", "designated"), [((35, 4, 0), False), ((20, 3, 20), True)], ids=["a zero", "70 without"])
def test_MS_9_a_partner_is_designated_by_its_total_and_by_no_category_at_nothing(  # noqa: N802
    acme: World, clock: Clock, points: tuple[int, int, int], designated: bool
) -> None:
    clock.set("2026-03-02")
    performance, skilling, success = points
    tyne = make_team(acme.organisation, name="Tyne Test Ltd", actor=acme.steward)
    certification = acme.achievement("Test Systems Developer", validity_months=24)
    figures = [a_measure(acme, name, per="team", unit="points", form="level") for name in ("Partner performance", "Partner success")]
    for figure, value in zip(figures, (performance, success), strict=True):
        bring_values(figure, [Value(team=tyne, on=date(2026, 3, 1), value=Decimal(value))], source="partners", actor=acme.steward)
    people = [acme.person(f"Engineer {n}") for n in range(skilling)]
    for person in people:
        move_to_team(person, team=tyne, actor=acme.steward)
    award(certification, to=people, actor=acme.system)
    run_jobs()
    card = make_scorecard(
        acme.organisation,
        team=tyne,
        name="Designation",
        minimum_total=70,
        categories=[
            Category("Performance", 40, measure=figures[0]),
            Category("Skilling", 40, achievements=(certification.achievement.url,), points_each=10),
            Category("Customer success", 40, measure=figures[1]),
        ],
        actor=acme.steward,
    )
    score = score_today(card)
    assert score.total == (75 if not designated else 70)
    assert score.is_designated is designated
    page = Reader(acme.steward_person).look(f"/scores/{card.public_id}")
    assert ("Not designated" in page) is not designated
    assert "Engineer 0" in page
    assert "2 Mar 2028" in page
    if not designated:
        assert "Customer success" in score.empty


def test_SSSC_11_core_badges_come_with_the_role_are_due_after_six_months_and_wait_for_who_left(acme: World, clock: Clock) -> None:  # noqa: N802
    clock.set("2026-01-05")
    core = [acme.achievement(f"Core {n}") for n in range(4)]
    give_role(acme.member_person, name="Support worker", starts_on=date(2026, 1, 5), actor=acme.steward)
    role = JobRole.objects.get(name="Support worker")
    needs = [Need(version.name, rule_for(version)) for version in core]
    ask_of_role(role, needs, due_months=6, consequence=CONSEQUENCE, adjustments=ADJUSTMENTS, actor=acme.steward)
    run_jobs()
    targets = Target.objects.filter(person=acme.member_person).order_by("title")
    assert [target.due_on for target in targets] == [date(2026, 7, 5)] * 4
    earned(acme, core[0])
    manager = Reader(acme.manager_person)

    def shown(day: date) -> list[Status]:
        return [status_of(target.state, target.due_on, day) for target in targets.all()]

    assert shown(date(2026, 2, 1)) == [Status.MET, *[Status.ON_TIME] * 3]
    assert shown(date(2026, 6, 20)) == [Status.MET, *[Status.SOON] * 3]
    assert shown(date(2026, 7, 6)) == [Status.MET, *[Status.OVERDUE] * 3]
    clock.set("2026-07-06")
    page = manager.look("/team/targets")
    assert "Overdue" in page
    assert "Core 1" in page
    leave(acme.member_person, actor=acme.steward)
    run_jobs()
    assert shown(date(2026, 7, 6)) == [Status.MET, *[Status.PAUSED] * 3]
    assert not Message.objects.filter(template="target_due").exists()


def test_HX_12_a_figure_about_people_needs_purpose_and_notice_and_leaves_out_who_objects(acme: World, clock: Clock) -> None:  # noqa: N802
    clock.set("2026-03-02")
    steward = Reader(acme.steward_person)
    steward.send("/measures/new", {"name": "Calls", "unit": "calls", "per": "person", "form": "amount", "direction": "up"}, 302)
    measure = Measure.objects.get()
    page = steward.send(f"/measures/{measure.public_id}/switch", {"on": "1"}, 422)
    assert "needs a purpose" in page
    Measure.objects.update(purpose="To see who needs time.", notice="You and your manager see it.")
    steward.send(f"/measures/{measure.public_id}/switch", {"on": "1"}, 302)
    measure.refresh_from_db()
    for person, value in ((acme.member_person, 5), (acme.manager_person, 7)):
        bring_values(measure, [Value(person=person, on=date(2026, 3, 1), value=Decimal(value))], source="telephone", actor=acme.steward)
    Reader(acme.member_person).send(f"/measures/{measure.public_id}/object", {"reason": "I was on loan."}, 302)
    page = steward.look(f"/measures/{measure.public_id}")
    assert "1 person objects" in page
    assert acme.member_person.name not in page


def test_SF_2_nobody_else_sees_the_target_and_a_manager_who_changes_team_loses_sight_at_once(  # noqa: N802
    acme: World, discovery: AchievementVersion, clock: Clock
) -> None:
    clock.set("2025-12-01")
    Reader(acme.manager_person).send("/targets/new", as_typed(acme, discovery, a_cycle(acme)), 302)
    target = Target.objects.get()
    assert Reader(acme.manager_person).look(f"/targets/{target.public_id}")
    Person.objects.filter(pk=acme.member_person.pk).update(manager=None)
    Reader(acme.manager_person).look(f"/targets/{target.public_id}", 404)
    assert Event.objects.filter(subject_id=target.public_id).exists()
    assert Credential.objects.count() == 0
