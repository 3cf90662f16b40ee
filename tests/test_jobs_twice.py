"""Every job may run twice: generated over the registered jobs, so that a new one cannot be left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from hexmark.awarding.actions import award
from hexmark.awarding.batches import begin_batch, start
from hexmark.awarding.models import AwardRun, Batch
from hexmark.awarding.row_rules import GivenRow
from hexmark.catalogue.models import AchievementVersion, Alignment
from hexmark.gates.actions import publish_gate
from hexmark.issuing.actions import revoke
from hexmark.issuing.changing import begin_change
from hexmark.issuing.models import Credential, StatusChange, StatusList
from hexmark.jobs import registered_jobs, run
from hexmark.opportunities.models import Opportunity, Standing
from hexmark.passport.exports import ask_export
from hexmark.people import imports
from hexmark.people.models import PeopleImport
from hexmark.performance.models import Target
from hexmark.performance.review_models import Packet
from hexmark.skills.models import Framework, Skill
from tests.opportunities.openings import achievement_leaf, offered
from tests.performance.reviewing import a_review, closed
from tests.performance.targeting import agreed, rule_for
from tests.world import World, run_jobs


def a_due_award(acme: World, version: AchievementVersion) -> tuple[int]:
    """Something to sign."""
    award(version, to=[acme.member_person, acme.manager_person], actor=acme.system)
    return (acme.organisation.pk,)


def a_changed_list(acme: World, version: AchievementVersion) -> tuple[int]:
    """Something to publish."""
    award(version, to=[acme.member_person], actor=acme.system)
    run_jobs()
    credential = Credential.objects.select_related("award").get()
    revoke(credential, actor=acme.steward, reason="Awarded in error")
    return (StatusList.objects.get(purpose="revocation").pk,)


def a_list_to_check(acme: World, version: AchievementVersion) -> tuple[int]:
    """A list with rows to look at."""
    batch = begin_batch(version, rows=[GivenRow(2, "member@acme.example"), GivenRow(3, "bad")], source="staff.csv", actor=acme.steward)
    batch.rows.update(outcome="unchecked", reason="", key="")
    return (batch.pk,)


def a_list_to_run(acme: World, version: AchievementVersion) -> tuple[int]:
    """A list whose rows are to become awards."""
    (batch_id,) = a_list_to_check(acme, version)
    run("awarding.check", batch_id)
    start(Batch.objects.get(), actor=acme.steward)
    return (batch_id,)


def an_undone_run(acme: World, version: AchievementVersion) -> tuple[int]:
    """A run that was undone and is still to be cleared away."""
    undone = award(version, to=[acme.member_person, acme.manager_person], actor=acme.steward).run
    AwardRun.objects.update(undone_at=timezone.now())
    return (undone.pk,)


def a_change_of_many(acme: World, version: AchievementVersion) -> tuple[int]:
    """A decision to revoke that is still to be carried out."""
    award(version, to=[acme.member_person, acme.manager_person], actor=acme.system)
    run_jobs()
    them = Credential.objects.all()
    change = begin_change(acme.organisation, act=StatusChange.Act.REVOKE, credentials=them, reason="Awarded in error", actor=acme.steward)
    return (change.pk,)


def a_closed_review(acme: World, version: AchievementVersion) -> tuple[int]:
    """A packet to sign."""
    packet = closed(acme, a_review(acme))
    Packet.objects.update(document="", signed_at=None)
    return (packet.pk,)


def a_phase_that_began(acme: World, version: AchievementVersion) -> tuple[()]:
    """People to be told."""
    a_review(acme)
    return ()


def an_organisation(acme: World, version: AchievementVersion) -> tuple[int]:
    return (acme.organisation.pk,)


def a_holding_of_a_new_skill(acme: World, version: AchievementVersion) -> tuple[int]:
    url = "https://skills.example/welding"
    Alignment.objects.create(version=version, target_name="Welding", target_url=url, level=2)
    award(version, to=[acme.member_person], actor=acme.system)
    run_jobs()
    framework = Framework.objects.create(organisation=acme.organisation, name="Craft")
    Skill.objects.create(organisation=acme.organisation, framework=framework, name="Welding", url=url)
    return (acme.organisation.pk,)


def nothing(acme: World, version: AchievementVersion) -> tuple[()]:
    """The job takes no arguments: what there is to do stands in the tables."""
    return ()


def a_wanted_archive(acme: World, version: AchievementVersion) -> tuple[int]:
    """Something to put together."""
    account = acme.member_person.account
    assert account is not None
    return (ask_export(account, actor=acme.member).pk,)


def people_to_check(acme: World, version: AchievementVersion) -> tuple[int]:
    """A list of people whose rows nobody has looked at."""
    rows = b"name,email\nLin,lin@acme.example\nBad,bad\n"
    whole = imports.read(acme.organisation, data=rows, file_name="people.csv", actor=acme.steward)
    PeopleImport.objects.update(state=PeopleImport.State.CHECKING)
    return (whole.pk,)


def people_to_add(acme: World, version: AchievementVersion) -> tuple[int]:
    """A checked list of people that is to be written."""
    (import_id,) = people_to_check(acme, version)
    run("people.check_import", import_id)
    imports.run(PeopleImport.objects.get(), actor=acme.steward)
    return (import_id,)


def a_target_to_look_at(acme: World, version: AchievementVersion) -> tuple[()]:
    """Something that is shown already, and that a job has not looked at."""
    award(version, to=[acme.member_person], actor=acme.system)
    run_jobs()
    agreed(acme, rule=rule_for(version))
    Target.objects.update(state=Target.State.LIVE, stale=True, met_at=None)
    return ()


def a_gate_to_work_out(acme: World, version: AchievementVersion) -> tuple[int]:
    """An opening whose gate somebody meets, without anybody having noticed."""
    award(version, to=[acme.member_person], actor=acme.system)
    run_jobs()
    opening = offered(acme, achievement_leaf(version, 0))
    Standing.objects.all().delete()
    return (opening.pk,)


def somebody_to_look_at(acme: World, version: AchievementVersion) -> tuple[int]:
    """Somebody to whom a gate is open, without anybody having noticed."""
    a_gate_to_work_out(acme, version)
    return (acme.member_person.pk,)


def a_gate_to_tell_of(acme: World, version: AchievementVersion) -> tuple[()]:
    """Somebody who is owed a letter."""
    a_gate_to_work_out(acme, version)
    Standing.objects.create(opportunity=Opportunity.objects.get(), person=acme.member_person, is_met=True, changed_at=timezone.now())
    return ()


def an_unsigned_gate(acme: World, version: AchievementVersion) -> tuple[int]:
    """An open gate that waits for its signature."""
    rule = {"type": "tenure", "months_at_least": 1}
    return (publish_gate(acme.organisation, requirement=rule, title="Post", about="g" * 26, actor=acme.steward).pk,)


#: For each job, how to make work for it; what it returns are the job's arguments.
WORK: dict[str, Callable[[World, AchievementVersion], tuple[Any, ...]]] = {
    "awarding.check": a_list_to_check,
    "awarding.clear_undone": an_undone_run,
    "awarding.make": a_list_to_run,
    "events.deliver": nothing,
    "gaps.count": an_organisation,
    "gates.sign": an_unsigned_gate,
    "holdings.match_skills": a_holding_of_a_new_skill,
    "issuing.change": a_change_of_many,
    "issuing.publish_status_list": a_changed_list,
    "issuing.sign": a_due_award,
    "mail.deliver": nothing,
    "passport.export": a_wanted_archive,
    "performance.packets": a_closed_review,
    "performance.tell_phases": a_phase_that_began,
    "passport.tell": nothing,
    "people.check_import": people_to_check,
    "opportunities.stand": a_gate_to_work_out,
    "opportunities.stand_person": somebody_to_look_at,
    "opportunities.tell": a_gate_to_tell_of,
    "performance.check_targets": a_target_to_look_at,
    "people.run_import": people_to_add,
}


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of ours."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("hexmark.")]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in ours}


def test_every_job_is_tried_here() -> None:
    assert set(WORK) == set(registered_jobs())


@pytest.mark.parametrize("name", sorted(WORK))
def test_a_job_that_runs_twice_changes_nothing_the_second_time(name: str, acme: World, version: AchievementVersion) -> None:
    arguments = WORK[name](acme, version)
    run(name, *arguments)
    once = everything()
    run(name, *arguments)
    assert everything() == once


@pytest.mark.parametrize("name", sorted({name for name, make in WORK.items() if make is not nothing}))
def test_the_work_was_work(name: str, acme: World, version: AchievementVersion) -> None:
    arguments = WORK[name](acme, version)
    before = everything()
    run(name, *arguments)
    assert everything() != before
