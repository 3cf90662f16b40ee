"""Pages of skills, job roles, gaps, experts and decisions, as somebody uses them."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.pages import Visitor, text_of
from tests.world import World

from hexmark.catalogue.models import Alignment
from hexmark.catalogue.skill_links import link_to
from hexmark.gaps.models import Unfindable
from hexmark.gaps.snapshots import take_snapshot
from hexmark.people.models import Person
from hexmark.people.records import give_role, job_role
from hexmark.skills.actions import add_skill, create_framework
from hexmark.skills.drafts import SkillDraft
from hexmark.skills.models import Framework, RoleRequirement, Skill
from hexmark.skills.needs import Need, ask_for


def today() -> date:
    """The day that it is where acme is."""
    return date.today()


@pytest.fixture
def skill(acme: World) -> Skill:
    """A skill that a role of acme's member asks for, and something to earn that shows it."""
    framework = create_framework(acme.organisation, name="Craft", actor=acme.steward)
    made = add_skill(framework, draft=SkillDraft(key="1", name="Welding", where="", code="W-1"), actor=acme.steward)
    ask_for(job_role(acme.organisation.pk, "Welder"), Need(made, 2, today(), critical=True), actor=acme.steward)
    give_role(acme.member_person, name="Welder", starts_on=today(), actor=acme.system)
    link_to(Alignment(version=acme.achievement("Arc Welder")), made, 3).save()
    return made


def as_steward(acme: World) -> Visitor:
    return Visitor(acme.steward_person)


def test_a_framework_is_begun_filled_and_taken_away(acme: World) -> None:
    steward = as_steward(acme)
    page = steward.post("/skills/new", {"new-name": "Craft", "new-description": "What we do"}, follow=True)
    framework = Framework.objects.get()
    assert "No skills in it yet" in text_of(page)
    typed = {"name": "Welding", "code": "W-1", "minimum_holders": "3", "level_1": "Tacks", "level_2": "Seams"}
    page = steward.post(f"/skills/{framework.public_id}/new", typed, follow=True)
    assert "Welding" in text_of(page)
    taken = b"".join(steward.get(f"/skills/{framework.public_id}/skills.csv").streaming_content).decode()
    assert '"W-1","Welding"' in taken
    assert Skill.objects.get().level_texts == ["Tacks", "Seams"]


def test_a_case_file_is_read_and_a_broken_one_named_by_its_place(acme: World) -> None:
    steward = as_steward(acme)
    item = {"identifier": "i1", "uri": "https://case.example/i1", "fullStatement": "Welds arches"}
    document = {"CFDocument": {"identifier": "d", "uri": "https://case.example/d", "title": "Craft"}, "CFItems": [item]}
    good = SimpleUploadedFile("craft.json", json.dumps(document).encode())
    assert "1 new" in text_of(steward.post("/skills/new", {"import": "1", "file-file": good}, follow=True))
    del item["uri"]
    bad = SimpleUploadedFile("craft.json", json.dumps(document).encode())
    refused = steward.post("/skills/new", {"import": "1", "file-file": bad})
    assert refused.status_code == 422
    assert "CFItems[0].uri" in text_of(refused)


def test_a_role_asks_for_a_skill_and_stops(acme: World, skill: Skill) -> None:
    role = job_role(acme.organisation.pk, "Welder")
    steward = as_steward(acme)
    assert "Critical" in text_of(steward.get(f"/roles/{role.pk}"))
    typed = {"skill": "W-1", "level": "3", "importance": "3", "assurance_at_least": "A0"}
    refused = steward.post(f"/roles/{role.pk}", typed)
    assert refused.status_code == 422
    assert "asks for Welding from" in text_of(refused)
    need = RoleRequirement.objects.get()
    steward.post(f"/roles/needs/{need.public_id}/end")
    assert RoleRequirement.objects.count() == 0
    assert steward.post(f"/roles/{role.pk}", typed).status_code == 302


def test_members_read_what_roles_ask_for_and_change_nothing(acme: World, skill: Skill) -> None:
    role = job_role(acme.organisation.pk, "Welder")
    member = Visitor(acme.member_person)
    assert "Ask for a skill" not in text_of(member.get(f"/roles/{role.pk}"))
    assert member.post(f"/roles/{role.pk}", {"skill": "W-1", "level": "3"}).status_code == 404


def test_a_table_of_needs_is_taken_whole_or_not_at_all(acme: World, skill: Skill) -> None:
    steward = as_steward(acme)
    table = b"role,skill,level\nFitter,W-1,1\nFitter,Juggling,2\n"
    refused = steward.post("/roles/import", {"file": SimpleUploadedFile("needs.csv", table)})
    assert refused.status_code == 422
    assert "line 3" in text_of(refused)
    assert RoleRequirement.objects.count() == 1
    steward.post(
        "/roles/import", {"file": SimpleUploadedFile("needs.csv", table.replace(b"Juggling", b"Welding").replace(b"Fitter", b"Smith", 1))}
    )
    assert RoleRequirement.objects.count() == 3


def test_my_skills_says_what_is_asked_and_what_closes_it(acme: World, skill: Skill) -> None:
    page = text_of(Visitor(acme.member_person).get("/me/skills"))
    assert "0 of 1 needs shown" in page
    assert "Next: Arc Welder" in page
    assert "nothing of yours shows it yet" in page


def test_whoever_nothing_is_asked_of_is_told_so(acme: World) -> None:
    assert "Nothing is asked of you yet" in text_of(Visitor(acme.member_person).get("/me/skills"))


def test_not_to_be_found_is_ones_own_say(acme: World) -> None:
    member = Visitor(acme.member_person)
    member.post("/me/skills", {"country": "gb"})
    assert Unfindable.objects.filter(person=acme.member_person).exists()
    member.post("/me/skills", {"findable": "on", "country": "GB"})
    assert not Unfindable.objects.exists()
    assert member.post("/me/skills", {"country": "Britain"}).status_code == 422


def test_the_teams_matrix_names_people_states_and_next_steps(acme: World, skill: Skill) -> None:
    manager = Visitor(acme.manager_person)
    page = text_of(manager.get("/team/gaps"))
    assert "0 of 1" in page
    assert "No evidence; level 2 needed" in page
    assert "Arc Welder closes Welding" in page
    rows = b"".join(manager.get("/team/gaps.csv").streaming_content).decode()
    assert '"Welding","W-1",2,0,"unknown","yes","no","no"' in rows


def test_a_report_of_few_hides_them(acme: World, skill: Skill) -> None:
    manager = Visitor(acme.manager_person)
    assert "Too few people" in text_of(manager.get("/team/report"))
    people = b"".join(manager.get("/team/report-people.csv").streaming_content).decode()
    assert acme.member_person.public_id in people


def test_the_organisations_page_shows_groups_that_are_large_enough(acme: World, skill: Skill) -> None:
    steward = as_steward(acme)
    assert "Not counted yet" in text_of(steward.get("/gaps"))
    take_snapshot(acme.organisation)
    assert "Too few" in text_of(steward.get("/gaps"))
    for number in range(11):
        give_role(acme.person(f"Welder {number}"), name="Welder", starts_on=today(), actor=acme.system)
    take_snapshot(acme.organisation)
    page = text_of(steward.get("/gaps"))
    assert "0 of 12" in page
    assert "Welding" in text_of(steward.get("/gaps/at-risk"))
    table = b"".join(steward.get("/gaps.csv").streaming_content).decode()
    assert '"W-1","Welding",12,0,0,12,0,0' in table


def test_a_stranger_sees_no_unit_of_another_organisation(acme: World, globex: World) -> None:
    from hexmark.people.teams import make_team

    team = make_team(globex.organisation, name="Theirs", actor=globex.steward)
    take_snapshot(acme.organisation)
    assert as_steward(acme).get(f"/gaps?unit={team.public_id}").status_code == 404


def test_the_public_page_of_a_skill_says_what_its_levels_mean(acme: World, skill: Skill) -> None:
    Skill.objects.filter(pk=skill.pk).update(level_texts=["Tacks", "Seams"])
    page = text_of(Visitor().get(f"/skill/{skill.public_id}"))
    assert "Seams" in page
    assert "Craft" in page


def test_pages_ask_as_much_of_the_database_for_many_people_as_for_few(
    acme: World, skill: Skill, django_assert_max_num_queries: object
) -> None:
    for number in range(30):
        person = acme.person(f"Welder {number}")
        Person.objects.filter(pk=person.pk).update(manager=acme.manager_person)
        give_role(person, name="Welder", starts_on=today(), actor=acme.system)
    manager = Visitor(acme.manager_person)
    manager.get("/team/gaps")
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        manager.get("/team/gaps")
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        manager.get("/team/report")
