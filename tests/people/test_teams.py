"""Teams, and who sees whom: managers their reporting line, leads their teams, nobody anybody else."""

from __future__ import annotations

import pytest
from tests.world import World, run_jobs

from hexmark.access import ANONYMOUS, Access
from hexmark.awarding.actions import award, release_now
from hexmark.awarding.models import Award
from hexmark.catalogue.models import AchievementVersion
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.issuing.models import Credential
from hexmark.people.actions import grant_access, link_account, open_account
from hexmark.people.listing import in_natural_order, open_teams
from hexmark.people.models import Person, Team
from hexmark.people.queries import actor_for, is_manager
from hexmark.people.records import leave, move_to_team, set_manager
from hexmark.people.teams import change_team, close_team, make_team


def named(people: object) -> set[str]:
    """Their names."""
    return {person.name for person in people}  # type: ignore[attr-defined]


def test_a_team_has_a_name_of_its_own_whatever_its_case(acme: World, globex: World) -> None:
    team = make_team(acme.organisation, name="  Kiln   Crew ", actor=acme.steward)
    assert team.name == "Kiln Crew"
    with pytest.raises(Conflict, match="called"):
        make_team(acme.organisation, name="kiln crew", actor=acme.steward)
    make_team(globex.organisation, name="Kiln Crew", actor=globex.steward)
    close_team(team, actor=acme.steward)
    make_team(acme.organisation, name="Kiln Crew", actor=acme.steward)


def test_a_team_is_renamed_moved_and_led(acme: World) -> None:
    plant = make_team(acme.organisation, name="Plant", actor=acme.steward)
    team = make_team(acme.organisation, name="Crew", parent=plant, lead=acme.manager_person, actor=acme.steward)
    change_team(team, name="Crew 2", parent=None, lead=acme.member_person, actor=acme.steward)
    team.refresh_from_db()
    assert (team.name, team.parent, team.lead) == ("Crew 2", None, acme.member_person)
    with pytest.raises(Conflict, match="called"):
        change_team(team, name="plant", parent=None, lead=None, actor=acme.steward)


def test_a_team_does_not_stand_within_itself(acme: World) -> None:
    plant = make_team(acme.organisation, name="Plant", actor=acme.steward)
    hall = make_team(acme.organisation, name="Hall", parent=plant, actor=acme.steward)
    crew = make_team(acme.organisation, name="Crew", parent=hall, actor=acme.steward)
    for parent in (plant, hall, crew):
        with pytest.raises(Invalid, match="stands within"):
            change_team(plant, name="Plant", parent=parent, lead=None, actor=acme.steward)


def test_what_is_not_of_the_house_or_not_there_any_more_is_refused(acme: World, globex: World) -> None:
    theirs = make_team(globex.organisation, name="Theirs", actor=globex.steward)
    closed = make_team(acme.organisation, name="Closed", actor=acme.steward)
    close_team(closed, actor=acme.steward)
    for parent in (theirs, closed):
        with pytest.raises(Invalid):
            make_team(acme.organisation, name="New", parent=parent, actor=acme.steward)
    with pytest.raises(Invalid):
        make_team(acme.organisation, name="New", lead=globex.member_person, actor=acme.steward)
    for act in (
        lambda: close_team(closed, actor=acme.steward),
        lambda: change_team(closed, name="X", parent=None, lead=None, actor=acme.steward),
    ):
        with pytest.raises(Conflict):
            act()


def test_closing_a_team_leaves_its_people_without_one_and_moves_its_parts_up(acme: World) -> None:
    plant = make_team(acme.organisation, name="Plant", actor=acme.steward)
    hall = make_team(acme.organisation, name="Hall", parent=plant, actor=acme.steward)
    crew = make_team(acme.organisation, name="Crew", parent=hall, actor=acme.steward)
    move_to_team(acme.member_person, team=hall, actor=acme.steward)
    assert close_team(hall, actor=acme.steward) == 1
    crew.refresh_from_db()
    assert crew.parent == plant
    assert Person.objects.get(pk=acme.member_person.pk).team is None


@pytest.mark.parametrize("who", ["member", "manager", "stranger"])
def test_only_who_may_edit_people_changes_teams(acme: World, globex: World, who: str) -> None:
    actor = {"member": acme.member, "manager": acme.manager, "stranger": globex.steward}[who]
    team = make_team(acme.organisation, name="Crew", lead=acme.manager_person, actor=acme.steward)
    for act in (
        lambda: make_team(acme.organisation, name="X", actor=actor),
        lambda: change_team(team, name="X", parent=None, lead=None, actor=actor),
        lambda: close_team(team, actor=actor),
    ):
        with pytest.raises(NotPermitted):
            act()


# Who sees whom -------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def house(acme: World) -> dict[str, Person]:
    """The manager over the member over a report; a lead of a hall with a crew within; somebody beside them all."""
    people = {"manager": acme.manager_person, "member": acme.member_person}
    for name in ("report", "lead", "crew", "beside"):
        people[name] = acme.person(name.title())
    set_manager(people["report"], manager=people["member"], actor=acme.steward)
    hall = make_team(acme.organisation, name="Hall", lead=people["lead"], actor=acme.steward)
    inner = make_team(acme.organisation, name="Crew", parent=hall, actor=acme.steward)
    move_to_team(people["crew"], team=inner, actor=acme.steward)
    return people


def test_a_manager_sees_the_whole_line_and_nobody_beside_it(acme: World, house: dict[str, Person]) -> None:
    assert named(Person.objects.visible_to(acme.manager)) == {"Acme Manager", "Acme Member", "Report"}
    assert named(Person.objects.led_by(acme.manager)) == {"Acme Member", "Report"}
    assert named(Person.objects.visible_to(acme.member)) == {"Acme Member", "Report"}


def test_a_lead_sees_the_team_and_the_teams_within(acme: World, house: dict[str, Person]) -> None:
    lead = actor_for(house["lead"])
    assert is_manager(lead)
    assert named(Person.objects.visible_to(lead)) == {"Lead", "Crew"}
    assert named(Team.objects.visible_to(lead)) == {"Hall"}
    Team.objects.filter(name="Hall").update(lead=None)
    assert named(Person.objects.visible_to(lead)) == {"Lead"}
    assert not is_manager(lead)


def test_a_lead_of_a_closed_team_sees_nobody(acme: World, house: dict[str, Person]) -> None:
    close_team(Team.objects.get(name="Hall"), actor=acme.steward)
    assert named(Person.objects.visible_to(actor_for(house["lead"]))) == {"Lead"}


def test_the_line_goes_through_somebody_who_left(acme: World, house: dict[str, Person]) -> None:
    leave(acme.member_person, actor=acme.steward)
    assert "Report" in named(Person.objects.visible_to(acme.manager))


def test_strangers_and_visitors_see_nobody_of_the_line(acme: World, globex: World, house: dict[str, Person]) -> None:
    assert named(Person.objects.visible_to(globex.manager)) == {"Globex Manager", "Globex Member"}
    assert not Person.objects.visible_to(ANONYMOUS).exists()
    assert not Team.objects.visible_to(ANONYMOUS).exists()
    assert not Person.objects.led_by(acme.system).exists()


def test_a_loop_in_the_table_ends_the_question(acme: World, house: dict[str, Person]) -> None:
    Person.objects.filter(pk=acme.manager_person.pk).update(manager=house["report"])
    assert named(Person.objects.led_by(acme.manager)) == {"Acme Member", "Report"}


def test_a_manager_sees_what_their_people_hold_once_it_is_signed(
    acme: World, globex: World, house: dict[str, Person], version: AchievementVersion
) -> None:
    run = award(version, to=[acme.member_person, house["report"], house["beside"]], actor=acme.steward).run
    assert not Award.objects.visible_to(acme.manager).exists()
    release_now(run, actor=acme.steward)
    run_jobs()
    assert {one.person.name for one in Award.objects.visible_to(acme.manager)} == {"Acme Member", "Report"}
    assert {one.award.person.name for one in Credential.objects.visible_to(acme.manager)} == {"Acme Member", "Report"}
    assert not Credential.objects.visible_to(globex.manager).exists()
    set_manager(acme.member_person, manager=None, actor=acme.steward)
    assert not Credential.objects.visible_to(acme.manager).exists()


def test_a_lead_sees_what_the_team_holds(acme: World, house: dict[str, Person], version: AchievementVersion) -> None:
    own = acme.system
    link_account(house["lead"], account=open_account(email=house["lead"].email, name="Lead", password="four plain words here"), actor=own)
    grant_access(house["lead"], access=Access.MEMBER, actor=own)
    run = award(version, to=[house["crew"]], actor=acme.steward).run
    release_now(run, actor=acme.steward)
    run_jobs()
    assert Credential.objects.visible_to(actor_for(house["lead"])).count() == 1


def test_teams_are_listed_as_people_count(acme: World) -> None:
    for name in ("Team 10", "team 2", "Team 1", "Crew", "2nd Crew"):
        make_team(acme.organisation, name=name, actor=acme.steward)
    listed = [team.name for team in in_natural_order(open_teams(acme.steward))]
    assert listed == ["2nd Crew", "Crew", "Team 1", "team 2", "Team 10"]
