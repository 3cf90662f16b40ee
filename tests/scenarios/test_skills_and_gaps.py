"""Scenarios of skills and gaps, and why a rule decided: HX-7, IBM-5, MS-8, SIE-4."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests.web.pages import Visitor, text_of
from tests.world import World, run_jobs

from hexmark.awarding.actions import award
from hexmark.catalogue.models import Alignment
from hexmark.catalogue.skill_links import link_to
from hexmark.gaps.experts import set_findable
from hexmark.holdings.decisions import record_decision, replay
from hexmark.issuing.actions import revoke
from hexmark.issuing.models import Credential
from hexmark.people.models import Person
from hexmark.people.queries import actor_for
from hexmark.people.records import give_role, job_role, move_to_team
from hexmark.people.teams import make_team
from hexmark.skills.actions import add_skill, create_framework
from hexmark.skills.drafts import SkillDraft
from hexmark.skills.models import Skill
from hexmark.skills.needs import Need, ask_for

TODAY = date.today()


def a_skill(world: World, name: str) -> Skill:
    framework = create_framework(world.organisation, name=f"About {name}", actor=world.steward)
    return add_skill(framework, draft=SkillDraft(key="1", name=name, where=""), actor=world.steward)


def holds(world: World, person: Person, skill: Skill, level: int, name: str, **text: object) -> None:
    version = world.achievement(name, **text)
    link_to(Alignment(version=version), skill, level).save()
    award(version, to=[person], actor=world.system)
    run_jobs()


def test_IBM_5_expertise_finder(acme: World) -> None:  # noqa: N802
    kubernetes = a_skill(acme, "Kubernetes")
    tom, rana, eve, old = (acme.person(name) for name in ("Tom Hall", "Rana Aziz", "Eve Noor", "Old Hand"))
    for number, person in enumerate((tom, rana, eve)):
        holds(acme, person, kubernetes, 4, f"Cloud {number}", validity_months=12)
        set_findable(person, findable=person != rana, country="DE" if person == eve else "GB", actor=actor_for(person))
    holds(acme, old, kubernetes, 2, "Cloud Basics")
    page = text_of(Visitor(acme.manager_person).get("/experts?skill=Kubernetes&level=4&country=GB"))
    assert "Tom Hall" in page
    assert "Cloud 0" in page
    assert str((TODAY + timedelta(days=365)).year) in page
    assert not any(name in page for name in ("Rana Aziz", "Eve Noor", "Old Hand"))


def test_SIE_4_skill_refresh(acme: World) -> None:  # noqa: N802
    skill = a_skill(acme, "Industrial AI")
    give_role(acme.member_person, name="Controls Engineer", starts_on=date(2024, 1, 1), actor=acme.system)
    version = acme.achievement("AI on the Line")
    link_to(Alignment(version=version), skill, 2).save()
    role = job_role(acme.organisation.pk, "Controls Engineer")
    ask_for(role, Need(skill, 2, date(2026, 1, 1), emerging=True), actor=acme.steward)
    mine = text_of(Visitor(acme.member_person).get("/me/skills"))
    assert "0 of 1 needs shown" in mine
    assert "Emerging" in mine
    assert "Next: AI on the Line" in mine
    team = text_of(Visitor(acme.manager_person).get("/team/gaps"))
    assert "AI on the Line closes Industrial AI" in team


def test_MS_8_reporting_that_is_more_than_raw(acme: World) -> None:  # noqa: N802
    skill = a_skill(acme, "Safety")
    ask_for(job_role(acme.organisation.pk, "Fitter"), Need(skill, 1, TODAY - timedelta(days=60)), actor=acme.steward)
    large, small = (make_team(acme.organisation, name=name, actor=acme.steward) for name in ("Large", "Small"))
    people = [acme.person(f"Fitter {number}") for number in range(17)]
    for number, person in enumerate(people):
        Person.objects.filter(pk=person.pk).update(manager=acme.manager_person, employee_id=f"E{number}")
        give_role(person, name="Fitter", starts_on=TODAY - timedelta(days=60), actor=acme.system)
        move_to_team(person, team=small if number < 2 else large, actor=acme.steward)
    version = acme.achievement("Safe", validity_months=2)
    link_to(Alignment(version=version), skill, 1).save()
    award(version, to=people[2:12], actor=acme.system)
    run_jobs()
    manager = Visitor(acme.manager_person)
    page = text_of(manager.get("/team/report"))
    assert "Small Hidden" in page
    table = b"".join(manager.get("/team/report.csv").streaming_content).decode()
    # Ten of fifteen arrived after 60 days, and what they hold ends within 90.
    # With the small team hidden, the others and nobody's team must not give it away either.
    assert large.public_id in table
    by_person = b"".join(manager.get("/team/report-people.csv").streaming_content).decode()
    assert all(f'"E{number}"' in by_person for number in range(17))
    assert people[0].public_id in by_person


def test_HX_7_why_and_why_not(acme: World, credential: Credential) -> None:  # noqa: N802
    achievement = credential.award.version.achievement.url
    rule = {"type": "achievement", "achievement": achievement}
    about = {"organisation": acme.organisation, "person": acme.member_person, "rule": rule, "actor": acme.system}
    first = record_decision(**about, about="Crew lead", rule_version=3, at=timezone.now())
    revoke(credential, actor=acme.steward, reason="Awarded in error")
    run_jobs()
    second = record_decision(**about, about="Crew lead again", rule_version=3, at=timezone.now())
    assert (first.met, second.met) == (True, False)
    for decision in (first, second):
        assert replay(decision).to_json() == decision.explanation
    member = Visitor(acme.member_person)
    assert "Crew lead again" in text_of(member.get("/me/decisions"))
    page = text_of(member.get(f"/decisions/{second.public_id}"))
    assert "Version 3" in page
    assert "What was missing" in page
    assert "the rule says the same" in page
    assert member.get("/decisions/" + "a" * 26).status_code == 404


@pytest.mark.parametrize("path", ["/team/gaps", "/team/report", "/experts"])
def test_whoever_leads_nobody_sees_no_teams_pages(acme: World, path: str) -> None:
    assert Visitor(acme.member_person).get(path).status_code == 404
