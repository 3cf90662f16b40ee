"""Pages of people and teams: who is shown to whom, what can be changed, and what a form says when it cannot."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.web.pages import Visitor, errors_beside, text_of
from tests.world import World, run_jobs

from hexmark.access import Access
from hexmark.awarding.actions import award, release_now
from hexmark.catalogue.models import AchievementVersion
from hexmark.files.tables import read_table
from hexmark.issuing.models import Credential
from hexmark.mail.models import Message
from hexmark.people.actions import add_person, grant_access, link_account, open_account
from hexmark.people.models import OneTimeLink, Person, Team
from hexmark.people.records import give_role, leave, move_to_team
from hexmark.people.teams import make_team

PASSWORD = "four plain words here"


def with_access(world: World, access: Access) -> Visitor:
    """Somebody with this access alone, signed in."""
    person = add_person(world.organisation, name="Only This", email="only@acme.example", actor=world.system)
    link_account(person, account=open_account(email=person.email, name=person.name, password=PASSWORD), actor=world.system)
    grant_access(person, access=access, actor=world.system)
    return Visitor(Person.objects.select_related("account").get(pk=person.pk))


def facts(**changes: str) -> dict[str, str]:
    """A filled form."""
    return {"name": "Ada Lovelace", "email": "ada@acme.example", "kind": "staff", "language": "en"} | changes


# The list ------------------------------------------------------------------------------------------------------------------------------


def test_the_list_is_searched_and_narrowed_by_team_kind_role_and_who_left(acme: World, steward: Visitor) -> None:
    team = make_team(acme.organisation, name="Kiln Crew", actor=acme.steward)
    zoe, ben, gone = acme.person("Zoe Potter"), acme.person("Ben Lund"), acme.person("Gone Away")
    move_to_team(zoe, team=team, actor=acme.steward)
    Person.objects.filter(pk=ben.pk).update(kind="partner", employee_id="E77")
    role = give_role(zoe, name="Welder", starts_on=timezone.localdate(), actor=acme.steward).role
    leave(gone, actor=acme.steward)
    expected = {
        "q=potter": "Zoe Potter",
        "q=E77": "Ben Lund",
        "q=ben.lund@": "Ben Lund",
        f"team={team.public_id}": "Zoe Potter",
        "kind=partner": "Ben Lund",
        f"role={role.pk}": "Zoe Potter",
        "state=left": "Gone Away",
    }
    for query, name in expected.items():
        found = {one for one in ("Zoe Potter", "Ben Lund", "Gone Away", "Acme Member") if one in text_of(steward.get(f"/people?{query}"))}
        assert found == {name}, query
    assert "Nobody matches" in text_of(steward.get("/people?q=nobody+at+all"))
    assert "Zoe Potter" in text_of(steward.get("/people?team=nonsense&kind=x&role=%27"))


def test_the_list_shows_fifty_a_page_and_exports_what_it_shows(acme: World, steward: Visitor) -> None:
    for number in range(60):
        acme.person(f"Colleague {number:02}")
    assert "Colleague 47" not in text_of(steward.get("/people"))
    assert "of 63 people" in text_of(steward.get("/people?page=2"))
    response = steward.get("/people/export.csv?q=colleague+1")
    table = read_table(b"".join(response.streaming_content), file_name="x.csv")  # type: ignore[attr-defined]
    assert [row.values["name"] for row in table.rows] == [f"Colleague {number}" for number in range(10, 20)]
    assert response.headers["Content-Disposition"] == 'attachment; filename="people.csv"'


def test_pages_ask_as_often_for_two_hundred_people_as_for_three(acme: World, steward: Visitor) -> None:
    team = make_team(acme.organisation, name="Kiln Crew", actor=acme.steward)
    pages = ("/people", "/teams", f"/teams/{team.public_id}", f"/people/{acme.manager_person.public_id}")

    def asked() -> list[int]:
        counts = []
        for page in pages:
            steward.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert steward.get(page).status_code == 200
            counts.append(len(queries))
        return counts

    few = asked()
    for number in range(200):
        acme.person(f"Colleague {number:03}")
    Person.objects.filter(name__startswith="Colleague").update(team=team, manager=acme.manager_person)
    for number in range(30):
        make_team(acme.organisation, name=f"Crew {number}", parent=team, lead=acme.manager_person, actor=acme.steward)
    many = asked()
    # Pages of a list count their rows once there are several.
    assert [more - before for more, before in zip(many, few, strict=True) if more > before + 1] == []
    assert max(many) <= 20


@pytest.mark.parametrize("access", [Access.AUDITOR, Access.HR, Access.PROGRAMME_OWNER])
def test_who_may_view_people_sees_the_list_and_only_who_may_edit_them_sees_how(acme: World, access: Access) -> None:
    page = text_of(with_access(acme, access).get("/people"))
    assert "Acme Member" in page
    assert ("Bring a list" in page) == (access is Access.HR)


def test_the_bar_leads_managers_to_their_team_and_nobody_else(acme: World, steward: Visitor, member: Visitor) -> None:
    manager = Visitor(acme.manager_person)
    assert b'href="/team"' in manager.get("/me").content
    assert b'href="/team"' not in member.get("/me").content
    assert b'href="/people"' in steward.get("/me").content
    assert b'href="/people"' not in manager.get("/me").content


# Adding and editing --------------------------------------------------------------------------------------------------------------------


def test_somebody_is_added_with_team_manager_and_role(acme: World, steward: Visitor) -> None:
    team = make_team(acme.organisation, name="Kiln Crew", actor=acme.steward)
    given = facts(team=team.public_id, manager="manager@acme.example", role="Welder", started_on="2024-02-01", employee_id="E1")
    response = steward.post("/people/new", given, follow=True)
    added = Person.objects.get(email="ada@acme.example")
    assert response.redirect_chain == [(f"/people/{added.public_id}", 302)]  # type: ignore[attr-defined]
    assert (added.team, added.manager, added.employee_id) == (team, acme.manager_person, "E1")
    page = text_of(response)
    assert "Ada Lovelace" in page
    assert "Welder" in page
    assert "1 February 2024" in page


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"name": ""}, "name", "A name is needed"),
        ({"name": "A\u202eda"}, "name", "hidden characters"),
        ({"email": "nobody"}, "email", "valid"),
        ({"manager": "nobody@acme.example"}, "manager", "Nobody here"),
        ({"team": "aaaaaaaaaaaaaaaaaaaaaaaaaa"}, "team", "not there any more"),
        ({"started_on": "1 March"}, "started_on", "2026-03-31"),
        ({"ends_on": "2024-01-01", "started_on": "2024-02-01"}, "ends_on", "before the first"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field_and_nothing_is_lost(
    acme: World, steward: Visitor, changes: dict[str, str], field: str, says: str
) -> None:
    response = steward.post("/people/new", facts(role="Kept Role", **changes))
    assert response.status_code == 422
    assert says in errors_beside(response, f"id_{field}")
    assert b"Kept Role" in response.content
    assert not Person.objects.filter(name="Ada Lovelace").exists()


def test_an_address_that_is_taken_is_said_and_nothing_is_added(acme: World, steward: Visitor) -> None:
    response = steward.post("/people/new", facts(email="MEMBER@acme.example"))
    assert response.status_code == 422
    assert "already has the address" in text_of(response)


def test_a_person_is_edited_with_team_and_manager_or_not_at_all(acme: World, steward: Visitor) -> None:
    member = acme.member_person
    team = make_team(acme.organisation, name="Kiln Crew", actor=acme.steward)
    address = f"/people/{member.public_id}/edit"
    form = facts(name="Mem Ber", email=member.email, team=team.public_id, manager="", version="1")
    # The member reports to the manager, so the manager cannot report to the member.
    refused = steward.post(
        f"/people/{acme.manager_person.public_id}/edit", facts(email="manager@acme.example", manager=member.email, version="1")
    )
    assert refused.status_code == 422
    assert "reports to" in errors_beside(refused, "id_manager")
    acme.manager_person.refresh_from_db()
    assert acme.manager_person.name == "Acme Manager"
    assert steward.post(address, form).status_code == 302
    member.refresh_from_db()
    assert (member.name, member.team, member.manager) == ("Mem Ber", team, None)
    late = steward.post(address, form | {"name": "Too Late"})
    assert late.status_code == 422
    assert "meanwhile" in text_of(late)


# One person ----------------------------------------------------------------------------------------------------------------------------


def test_a_person_page_shows_what_they_hold_in_the_organisations_words(acme: World, steward: Visitor, credential: Credential) -> None:
    acme.organisation.word_badge_plural = "micro-credentials"
    acme.organisation.save()
    page = steward.get(f"/people/{acme.member_person.public_id}")
    assert "Micro-credentials" in text_of(page)
    assert f'href="/awards/{credential.award.public_id}"'.encode() in page.content
    assert f"/award?to={acme.member_person.public_id}".encode() in page.content


def test_a_person_page_shows_fifty_of_what_they_hold_and_leads_to_the_rest(acme: World, steward: Visitor, credential: Credential) -> None:
    for number in range(51):
        award(acme.achievement(f"Subject {number:02}"), to=[acme.member_person], actor=acme.system)
    run_jobs()
    address = f"/people/{acme.member_person.public_id}"
    first, second = text_of(steward.get(address)), text_of(steward.get(f"{address}?page=2"))
    assert "50 of 52 badges" in first
    assert (first.count("Subject"), second.count("Subject")) == (50, 1)
    assert "Safety Champion" in second


def test_pages_of_a_person_and_a_team_lead_to_their_sheets(acme: World, steward: Visitor, credential: Credential) -> None:
    team = make_team(acme.organisation, name="Kiln Crew", actor=acme.steward)
    move_to_team(acme.member_person, team=team, actor=acme.steward)
    hr = with_access(acme, Access.HR)
    for page in (f"/people/{acme.member_person.public_id}", f"/teams/{team.public_id}"):
        assert f'href="{page}/sheet.pdf"'.encode() in steward.get(page).content
        assert steward.get(f"{page}/sheet.svg").status_code == 200
        # Who sees nobody's awards would be told that nobody holds anything.
        assert b"sheet.pdf" not in hr.get(page).content
        assert hr.get(f"{page}/sheet.svg").status_code == 404


def test_a_manager_sees_their_person_and_what_they_hold_but_not_their_access(acme: World, credential: Credential) -> None:
    manager = Visitor(acme.manager_person)
    page = manager.get(f"/people/{acme.member_person.public_id}")
    assert "Safety Champion" in text_of(page)
    assert "Access" not in text_of(page)
    assert b"/awards/" not in page.content
    assert manager.get(f"/people/{acme.steward_person.public_id}").status_code == 404


def test_everybody_sees_what_is_noted_of_themselves(acme: World, member: Visitor) -> None:
    assert "member@acme.example" in text_of(member.get(f"/people/{acme.member_person.public_id}"))


def test_human_resources_see_nothing_of_what_others_hold(acme: World, credential: Credential) -> None:
    page = text_of(with_access(acme, Access.HR).get(f"/people/{acme.member_person.public_id}"))
    assert "Acme Member" in page
    assert "Safety Champion" not in page


def test_recognising_leads_to_the_award_form_with_the_person_filled_in(acme: World, steward: Visitor, version: AchievementVersion) -> None:
    page = steward.get(f"/award?to={acme.member_person.public_id}")
    assert b"member@acme.example" in page.content


def test_somebody_without_an_account_is_invited_by_mail(acme: World, steward: Visitor) -> None:
    new = acme.person("New Here")
    assert b"/invite" in steward.get(f"/people/{new.public_id}").content
    steward.post(f"/people/{new.public_id}/invite")
    message = Message.objects.get(to=new.email)
    assert "/join/" in message.text
    assert OneTimeLink.objects.filter(person=new).count() == 1
    assert steward.post(f"/people/{acme.member_person.public_id}/invite").status_code == 409


def test_leaving_is_asked_once_more_and_coming_back_is_one_button(acme: World, steward: Visitor) -> None:
    address = f"/people/{acme.manager_person.public_id}"
    assert "1 person reports to them" in text_of(steward.get(f"{address}/leave"))
    steward.post(f"{address}/leave")
    assert "Left" in text_of(steward.get(address))
    assert steward.post(f"{address}/leave").status_code == 409
    steward.post(f"{address}/return")
    acme.manager_person.refresh_from_db()
    assert acme.manager_person.left_at is None


def test_a_job_role_is_given_and_ended_on_the_persons_page(acme: World, steward: Visitor) -> None:
    address = f"/people/{acme.member_person.public_id}"
    steward.post(f"{address}/roles", {"role": "Welder", "starts_on": "2024-01-01"})
    held = acme.member_person.role_assignments.get()
    assert "Welder" in text_of(steward.get(address))
    wrong = steward.post(f"{address}/roles", {"role": "", "starts_on": "soon"})
    assert wrong.status_code == 422
    assert "Name the job role" in text_of(wrong)
    steward.post(f"{address}/roles/{held.pk}/end")
    held.refresh_from_db()
    assert held.ends_on == timezone.localdate()
    other = f"/people/{acme.manager_person.public_id}/roles/{held.pk}/end"
    assert steward.post(other).status_code == 404


# Teams ---------------------------------------------------------------------------------------------------------------------------------


def test_a_team_is_made_changed_and_closed(acme: World, steward: Visitor) -> None:
    steward.post("/teams/new", {"name": "Plant"})
    plant = Team.objects.get()
    steward.post("/teams/new", {"name": "Kiln Crew", "parent": plant.public_id, "lead": "manager@acme.example"})
    crew = Team.objects.get(name="Kiln Crew")
    assert (crew.parent, crew.lead) == (plant, acme.manager_person)
    move_to_team(acme.member_person, team=crew, actor=acme.steward)
    page = text_of(steward.get("/teams"))
    assert "Kiln Crew Plant Acme Manager 1" in page
    assert "Acme Member" in text_of(steward.get(f"/teams/{crew.public_id}"))
    assert "Kiln Crew" in text_of(steward.get(f"/teams/{plant.public_id}"))
    double = steward.post(f"/teams/{crew.public_id}/edit", {"name": "plant"})
    assert double.status_code == 422
    assert "called plant already" in errors_beside(double, "id_name")
    steward.post(f"/teams/{crew.public_id}/edit", {"name": "Kiln Crew 2"})
    assert "1 person stands in no team" in text_of(steward.get(f"/teams/{crew.public_id}/close"))
    assert steward.post(f"/teams/{crew.public_id}/close").status_code == 302
    assert steward.get(f"/teams/{crew.public_id}").status_code == 404


def test_long_names_stay_whole(acme: World, steward: Visitor) -> None:
    long = "Wolfeschlegelsteinhausenbergerdorff " * 5
    steward.post("/people/new", facts(name=long.strip()))
    assert long.strip() in text_of(steward.get("/people"))


def test_an_award_that_waits_is_not_shown_to_a_manager(acme: World, version: AchievementVersion) -> None:
    run = award(version, to=[acme.member_person], actor=acme.steward).run
    manager, address = Visitor(acme.manager_person), f"/people/{acme.member_person.public_id}"
    assert "Safety Champion" not in text_of(manager.get(address))
    release_now(run, actor=acme.steward)
    run_jobs()
    assert "Safety Champion" in text_of(manager.get(address))
