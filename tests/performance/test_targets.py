"""Targets: what both sides may do, what becomes of them, who sees them, and how many are put together."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from tests.clock import Clock
from tests.performance.targeting import (
    ADJUSTMENTS,
    CONSEQUENCE,
    Reader,
    a_measure,
    agreed,
    check_now,
    earned,
    proposed,
    rule_for,
    somebody,
    time_goes_by,
    today,
)
from tests.web.pages import text_of
from tests.world import World, run_jobs

from hexmark.access import Access, Actor
from hexmark.awarding.actions import award
from hexmark.catalogue.models import AchievementVersion
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.holdings.models import Decision
from hexmark.mail.models import Message
from hexmark.measures.models import Measure
from hexmark.measures.rules import Figure
from hexmark.measures.values import Value, bring_values
from hexmark.people.models import Person
from hexmark.people.queries import actor_for
from hexmark.people.records import come_back, leave, set_manager
from hexmark.people.teams import make_team
from hexmark.performance.models import Plan, Target
from hexmark.performance.plans.actions import Step, assign_plan, make_outline
from hexmark.performance.targets.actions import agree_target, change_target, comment_on, propose_target
from hexmark.performance.targets.jobs import remind
from hexmark.performance.targets.queries import history, in_words, rolled_up
from hexmark.performance.targets.rules import Part, first_working_day, roll_up
from hexmark.performance.targets.standing import pause_target, restore_target, resume_target, withdraw_target
from hexmark.performance.targets.terms import Proposal

State = Target.State


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Now is what the test says."""
    return Clock(monkeypatch)


# What both sides may do -------------------------------------------------------------------------------------------------------------


def test_a_target_counts_once_both_sides_have_agreed(acme: World, version: AchievementVersion) -> None:
    target = proposed(acme, rule=rule_for(version))
    assert (target.state, bool(target.agreed_by_manager_at), target.agreed_by_person_at) == (State.PROPOSED, True, None)
    agree_target(target, version=1, actor=acme.member)
    target.refresh_from_db()
    assert target.state == State.LIVE
    assert Message.objects.filter(template="target_agreed").count() == 2


def test_a_day_that_is_over_is_refused(acme: World, version: AchievementVersion) -> None:
    with pytest.raises(Invalid, match="is over"):
        proposed(acme, rule=rule_for(version), due_on=today(acme) - timedelta(days=1))
    assert not Target.objects.exists()


def test_a_rule_that_is_none_is_refused_with_a_sentence(acme: World) -> None:
    with pytest.raises(Invalid) as refused:
        proposed(acme, rule={"type": "no such thing"})
    assert refused.value.field == "rule"


def test_nobody_agrees_to_terms_that_changed_after_they_read_them(acme: World, version: AchievementVersion) -> None:
    target = proposed(acme, rule=rule_for(version))
    words = {"consequence": CONSEQUENCE, "adjustments": ADJUSTMENTS}
    other = Proposal("Discovery, twice", today(acme) + timedelta(days=9), person=acme.member_person, rule=rule_for(version), **words)
    change_target(target, other, version=1, actor=acme.manager)
    with pytest.raises(Conflict, match="changed this target meanwhile"):
        agree_target(target, version=1, actor=acme.member)
    agree_target(target, version=2, actor=acme.member)
    changed = next(event for event in history(target) if event.event_type == "target.changed")
    assert changed.data["before"]["title"] == "Discovery Practitioner"


def test_changing_what_was_agreed_asks_the_other_side_again_and_keeps_the_baseline(acme: World) -> None:
    backlog = a_measure(acme, "Backlog", form="level", direction="down")
    bring_values(backlog, [Value(on=today(acme), person=acme.member_person, value=Decimal(30))], source="test", actor=acme.steward)
    target = agreed(acme, title="Backlog below 10", measure=backlog, value=Decimal(10))
    assert target.baseline == 30
    bring_values(backlog, [Value(on=today(acme), person=acme.member_person, value=Decimal(25))], source="test", actor=acme.steward)
    words = {"consequence": CONSEQUENCE, "adjustments": ADJUSTMENTS}
    softer = Proposal("Backlog below 20", target.due_on, person=acme.member_person, measure=backlog, value=Decimal(20), **words)
    change_target(target, softer, version=1, actor=acme.member)
    target.refresh_from_db()
    assert (target.state, target.agreed_by_manager_at, target.baseline) == (State.PROPOSED, None, 30)


def test_what_both_agreed_to_the_person_alone_cannot_withdraw(acme: World, version: AchievementVersion) -> None:
    target = agreed(acme, rule=rule_for(version))
    with pytest.raises(NotPermitted, match="together"):
        withdraw_target(target, actor=acme.member)
    withdraw_target(target, actor=acme.manager, reason="Another role now")
    restore_target(target, actor=acme.manager)
    target.refresh_from_db()
    assert (target.state, target.withdrawn_because) == (State.LIVE, "")


def test_a_pause_moves_the_day_by_as_long_as_it_lasted(acme: World, version: AchievementVersion, clock: Clock) -> None:
    clock.set("2026-03-02")
    target = agreed(acme, rule=rule_for(version))
    due = target.due_on
    with pytest.raises(NotPermitted):
        pause_target(target, actor=acme.member)
    pause_target(target, actor=acme.manager, because="Parental leave")
    clock.set("2026-05-02")
    resume_target(target, actor=acme.manager)
    target.refresh_from_db()
    assert target.due_on - due == timedelta(days=61)


def test_leaving_pauses_what_is_open_and_coming_back_resumes_it(acme: World, version: AchievementVersion) -> None:
    target = agreed(acme, rule=rule_for(version))
    leave(acme.member_person, actor=acme.steward)
    run_jobs()
    target.refresh_from_db()
    assert target.state == State.PAUSED
    come_back(acme.member_person, actor=acme.steward)
    run_jobs()
    target.refresh_from_db()
    assert target.state == State.LIVE


def test_many_are_proposed_by_list_after_every_row_was_tried(acme: World, version: AchievementVersion) -> None:
    due = today(acme) + timedelta(days=30)
    rows = f"person,title,due_on,achievement\nmember@acme.example,Learn,{due},{version.name}\n"
    rows += f"steward@acme.example,Not mine,{due},{version.name}\n"
    rows += f"member@acme.example,Too late,2020-01-01,{version.name}\nmember@acme.example,Unknown,{due},No such thing\n"
    manager = Reader(acme.manager_person)
    response = manager.post("/targets/import", {"file": SimpleUploadedFile("targets.csv", rows.encode())})
    page = text_of(response)
    assert "Propose the 1 good row" in page
    for why in ("Nobody here whom you manage", "2020-01-01 is over", "No such thing"):
        assert why in page
    assert not Target.objects.exists()
    found = re.search(r'name="rows" value="([^"]+)"', response.content.decode())
    assert found
    manager.send("/targets/import", {"rows": found[1]})
    assert [target.title for target in Target.objects.all()] == ["Learn"]


def test_a_list_that_somebody_changed_on_the_way_is_refused(acme: World) -> None:
    Reader(acme.manager_person).send("/targets/import", {"rows": "W10:made:up"})
    assert not Target.objects.exists()


# What becomes of them ---------------------------------------------------------------------------------------------------------------


def test_what_is_held_already_meets_a_target_as_soon_as_it_is_live(acme: World, version: AchievementVersion) -> None:
    credential = earned(acme, version)
    target = agreed(acme, rule=rule_for(version))
    assert target.state == State.MET
    assert credential.award.public_id in target.met_ref
    assert Decision.objects.filter(met=True, purpose="target").count() == 1


def test_looking_twice_changes_nothing_and_tells_nobody_again(acme: World, version: AchievementVersion) -> None:
    target = agreed(acme, rule=rule_for(version))
    earned(acme, version)
    told = Message.objects.count()
    for _ in range(3):
        Target.objects.update(stale=True)
        check_now()
        time_goes_by()
    assert Message.objects.count() == told
    target.refresh_from_db()
    assert target.state == State.MET


def test_a_team_meets_a_requirement_with_so_many_of_its_people(acme: World, version: AchievementVersion) -> None:
    team = make_team(acme.organisation, name="Crew", lead=acme.member_person, actor=acme.steward)
    crew = [acme.person(f"Crew {n}") for n in range(4)]
    Person.objects.filter(pk__in=[one.pk for one in crew]).update(team=team)
    target = agreed(acme, team=team, title="Three of four", rule=rule_for(version), value=Decimal(75))
    award(version, to=crew[:2], actor=acme.system)
    run_jobs()
    target.refresh_from_db()
    assert (target.state, target.current) == (State.LIVE, 50)
    award(version, to=crew[2:3], actor=acme.system)
    run_jobs()
    target.refresh_from_db()
    assert (target.state, target.current, target.denominator) == (State.MET, 75, 4)


def test_people_are_reminded_once_of_what_is_due_soon(acme: World, version: AchievementVersion, clock: Clock) -> None:
    clock.set("2026-03-02")
    agreed(acme, rule=rule_for(version))
    clock.set("2026-04-25")
    assert (remind(), remind()) == (1, 0)
    assert [message.to for message in Message.objects.filter(template="target_due")] == [acme.member_person.email]


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_letters_are_written_in_the_readers_language(acme: World, version: AchievementVersion, language: str) -> None:
    Person.objects.filter(pk=acme.member_person.pk).update(language=language)
    acme.member_person.refresh_from_db()
    target = agreed(acme, rule=rule_for(version))
    earned(acme, version)
    letters = Message.objects.filter(to=acme.member_person.email, template__startswith="target_")
    assert {letter.template for letter in letters} == {"target_proposed", "target_agreed", "target_met"}
    assert {letter.language for letter in letters} == {language}
    assert all(f"/targets/{target.public_id}" in letter.text for letter in letters)


@pytest.mark.slow
def test_a_signed_credential_shows_in_the_target_within_two_seconds(acme: World, version: AchievementVersion) -> None:
    others = [somebody(acme, f"Colleague {n}")[0] for n in range(20)]
    for other in others:
        Person.objects.filter(pk=other.pk).update(manager=acme.manager_person)
        made = proposed(acme, person=other, rule=rule_for(version))
        agree_target(made, version=1, actor=actor_for(other))
    target = agreed(acme, rule=rule_for(version))
    started = time.monotonic()
    award(version, to=[acme.member_person, *others], actor=acme.system)
    run_jobs()
    target.refresh_from_db()
    assert target.state == State.MET
    assert time.monotonic() - started < 2 * (4 if connection.vendor == "postgresql" else 3)


# Who sees them ----------------------------------------------------------------------------------------------------------------------


def standing(acme: World, globex: World) -> dict[str, Actor]:
    """Everybody who might look, by what they are to the member."""
    actors = {"person": acme.member, "own manager": acme.manager, "stranger": globex.steward}
    for word, access in (
        ("HR", Access.HR),
        ("auditor", Access.AUDITOR),
        ("programme owner", Access.PROGRAMME_OWNER),
        ("peer", Access.MEMBER),
    ):
        actors[word] = somebody(acme, f"The {word}", access)[1]
    boss, actors["other manager"] = somebody(acme, "Other Manager")
    acme_report, _ = somebody(acme, "Other Report", manager=boss)
    assert acme_report.manager_id == boss.pk
    actors["guest"] = somebody(acme, "A Guest", None)[1]
    return actors


SEES = {"person", "own manager", "HR"}


def test_each_object_is_seen_by_its_person_their_manager_and_hr_and_by_nobody_else(
    acme: World, globex: World, version: AchievementVersion
) -> None:
    actors = standing(acme, globex)
    agreed(acme, rule=rule_for(version))
    outline = make_outline(acme.organisation, name="Plan", steps=[Step("exercise", "Look", 1)], actor=acme.steward)
    assign_plan(outline, to=acme.member_person, actor=acme.manager)
    calls = a_measure(acme)
    bring_values(calls, [Value(on=today(acme), person=acme.member_person, value=Decimal(4))], source="test", actor=acme.steward)
    for objects in (Target.objects, Plan.objects, calls.observations):
        assert {word for word, actor in actors.items() if objects.visible_to(actor).exists()} == SEES  # type: ignore[attr-defined]


def test_nobody_else_may_do_anything_with_a_target(acme: World, globex: World, version: AchievementVersion) -> None:
    actors = standing(acme, globex)
    target = agreed(acme, rule=rule_for(version))
    proposal = Proposal("Mine", target.due_on, person=acme.member_person, rule=rule_for(version))
    for word, actor in actors.items():
        if word in SEES:
            continue
        for act in (pause_target, resume_target, withdraw_target, restore_target):
            with pytest.raises(NotPermitted):
                act(target, actor=actor)
        with pytest.raises(NotPermitted):
            comment_on(target, text="Mine", actor=actor)
        with pytest.raises(NotPermitted):
            propose_target(acme.organisation, proposal, actor=actor)


def test_a_manager_who_changes_team_loses_sight_the_same_moment(acme: World, version: AchievementVersion) -> None:
    agreed(acme, rule=rule_for(version))
    other, other_actor = somebody(acme, "New Manager")
    assert Target.objects.visible_to(acme.manager).exists()
    set_manager(acme.member_person, manager=other, actor=acme.steward)
    assert not Target.objects.visible_to(acme.manager).exists()
    assert Target.objects.visible_to(other_actor).exists()


# Many together ----------------------------------------------------------------------------------------------------------------------

amounts = st.tuples(st.integers(1, 1000), st.integers(0, 1500))
rates = st.tuples(st.integers(1, 100), st.integers(0, 60), st.integers(1, 60))


@given(st.lists(amounts, min_size=1, max_size=40))
def test_amounts_roll_up_as_what_is_there_over_what_was_agreed(pairs: list[tuple[int, int]]) -> None:
    whole = roll_up([Part(Decimal(value), Figure(Decimal(actual)), actual >= value) for value, actual in pairs])
    assert whole.share == Decimal(sum(actual for _, actual in pairs)) / sum(value for value, _ in pairs)
    assert (whole.count, whole.met) == (len(pairs), sum(actual >= value for value, actual in pairs))


@given(st.lists(rates, min_size=1, max_size=40))
def test_rates_roll_up_from_their_parts(triples: list[tuple[int, int, int]]) -> None:
    parts = [Part(Decimal(value), Figure(Decimal(over), Decimal(under), Decimal(100), 1), False) for value, over, under in triples]
    whole = roll_up(parts)
    tried = sum(under for _, _, under in triples)
    assert whole.actual == (Decimal(100 * sum(over for _, over, _ in triples)) / tried).quantize(Decimal("0.0001"))
    assert whole.target == Decimal(sum(value * under for value, _, under in triples)) / tried


def test_a_random_organisation_rolls_up_as_a_recount_says(acme: World) -> None:
    calls = a_measure(acme)
    expected_actual = expected_target = 0
    for place in range(12):
        person, actor = somebody(acme, f"Person {place}", manager=acme.manager_person)
        value, actual = 10 + place * 7 % 5, (place * 13) % 22
        target = proposed(acme, person=person, title="Calls", measure=calls, value=Decimal(value))
        agree_target(target, version=1, actor=actor)
        if actual:
            bring_values(calls, [Value(on=today(acme), person=person, value=Decimal(actual))], source="test", actor=acme.steward)
        expected_actual, expected_target = expected_actual + actual, expected_target + value
    run_jobs()
    ((name, measure, whole),) = rolled_up(Target.objects.select_related("measure"))
    assert (name, isinstance(measure, Measure)) == ("Calls", True)
    assert (whole.actual, whole.target, whole.count) == (expected_actual, expected_target, 12)
    assert whole.met == Target.objects.filter(state=State.MET).count()


@given(st.dates())
def test_a_plan_begins_on_a_working_day_and_never_earlier(day) -> None:  # type: ignore[no-untyped-def]
    if day.year > 9990:
        return
    begins = first_working_day(day)
    assert begins.weekday() < 5
    assert 0 <= (begins - day).days <= 2
    assert in_words(Target(state=State.LIVE, due_on=begins)).startswith("Due ")
