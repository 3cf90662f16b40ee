"""Who may edit people chooses neither whom they see as a manager nor which badge administrator is still there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.people.test_import import brought, outcomes, ran
from tests.people.test_records import again, facts_of
from tests.web.pages import Visitor, text_of
from tests.world import World, make_world, run_jobs

from hexmark.access import Access, Actor
from hexmark.errors import NotPermitted
from hexmark.people.actions import grant_access, link_account, open_account
from hexmark.people.imports import run
from hexmark.people.models import Membership, Person, Team
from hexmark.people.queries import actor_for
from hexmark.people.records import come_back, edit_person, leave, leave_all, move_to_team, set_manager, today_of
from hexmark.people.teams import change_team, make_team


@pytest.fixture
def officer_person(acme: World) -> Person:
    """Somebody of human resources at acme, with an account, who leads nobody."""
    person = acme.person("Officer")
    link_account(person, account=open_account(email=person.email, name=person.name, password="four plain words"), actor=acme.system)
    grant_access(person, access=Access.HR, actor=acme.steward)
    return again(person)


@pytest.fixture
def officer(officer_person: Person) -> Actor:
    return actor_for(officer_person)


# One's own line --------------------------------------------------------------------------------------------------------------------


def make_oneself_manager(acme: World, me: Person, officer: Actor) -> None:
    set_manager(acme.member_person, manager=me, actor=officer)


def put_a_manager_below_oneself(acme: World, me: Person, officer: Actor) -> None:
    set_manager(acme.manager_person, manager=me, actor=officer)


def lead_their_team(acme: World, me: Person, officer: Actor) -> None:
    crew = make_team(acme.organisation, name="Crew", actor=officer)
    move_to_team(acme.member_person, team=crew, actor=officer)
    change_team(crew, name="Crew", parent=None, lead=me, actor=officer)


def take_them_into_ones_team(acme: World, me: Person, officer: Actor) -> None:
    move_to_team(acme.member_person, team=make_team(acme.organisation, name="Mine", lead=me, actor=officer), actor=officer)


def put_their_team_within_ones_own(acme: World, me: Person, officer: Actor) -> None:
    mine = make_team(acme.organisation, name="Mine", lead=me, actor=officer)
    crew = make_team(acme.organisation, name="Crew", actor=officer)
    move_to_team(acme.member_person, team=crew, actor=officer)
    change_team(crew, name="Crew", parent=mine, lead=None, actor=officer)


def through_somebody_who_reports_to_oneself(acme: World, me: Person, officer: Actor) -> None:
    report = acme.person("Report")
    set_manager(report, manager=me, actor=acme.steward)
    set_manager(acme.member_person, manager=report, actor=officer)


WAYS = [
    make_oneself_manager,
    put_a_manager_below_oneself,
    lead_their_team,
    take_them_into_ones_team,
    put_their_team_within_ones_own,
    through_somebody_who_reports_to_oneself,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_nobody_puts_people_below_themselves(
    acme: World, officer_person: Person, officer: Actor, way: Callable[[World, Person, Actor], None]
) -> None:
    with pytest.raises(NotPermitted, match="A badge administrator can do that"):
        way(acme, officer_person, officer)
    assert not Person.objects.visible_to(officer).filter(pk=acme.member_person.pk, manager=officer_person).exists()
    assert again(acme.member_person).manager == acme.manager_person


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_badge_administrator_does_it_for_them(acme: World, officer_person: Person, way: Callable[[World, Person, Actor], None]) -> None:
    way(acme, officer_person, acme.steward)


def test_who_manages_somebody_already_goes_on_arranging_their_own_line(acme: World, officer_person: Person, officer: Actor) -> None:
    for name in ("One", "Two"):
        set_manager(acme.person(name), manager=officer_person, actor=acme.steward)
    one, two = Person.objects.get(name="One"), Person.objects.get(name="Two")
    set_manager(two, manager=one, actor=officer)
    assert again(two).manager == one


def test_the_page_refuses_it_and_says_who_can(acme: World, officer_person: Person) -> None:
    member = acme.member_person
    typed = {"name": member.name, "email": member.email, "kind": "staff", "language": "en", "version": member.version}
    answer = Visitor(officer_person).post(f"/people/{member.public_id}/edit", typed | {"manager": officer_person.email})
    assert answer.status_code in (403, 422), text_of(answer)
    assert "A badge administrator can do that" in text_of(answer)
    assert again(member).manager == acme.manager_person


def test_a_list_puts_nobody_below_whoever_brings_it(acme: World, officer_person: Person, officer: Actor) -> None:
    make_team(acme.organisation, name="Mine", lead=officer_person, actor=acme.steward)
    text = (
        "email,name,team,manager\n"
        "member@acme.example,Acme Member,,officer@acme.example\n"
        "new@acme.example,New,,lead@acme.example\n"
        "lead@acme.example,Lead,,officer@acme.example\n"
        "other@acme.example,Other,mine,\n"
        "fine@acme.example,Fine,Crew,manager@acme.example\n"
    )
    whole = brought(acme, text, actor=officer)
    refused = [(line, "error", "NOT_PERMITTED") for line in (2, 3, 4, 5)]
    assert outcomes(whole) == [*refused, (6, "new", "")]
    assert [code for _, _, code in outcomes(brought(acme, text))] == [""] * 5


def test_a_list_is_asked_again_when_it_is_run(acme: World, officer_person: Person, officer: Actor) -> None:
    whole = brought(acme, "email,name,team\nmember@acme.example,Acme Member,Crew\n", actor=officer)
    make_team(acme.organisation, name="Crew", lead=officer_person, actor=acme.steward)
    run(whole, actor=officer)
    run_jobs()
    assert whole.rows.get(line=2).code == "NOT_PERMITTED"
    assert again(acme.member_person).team is None


# Badge administrators ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def second(acme: World) -> Person:
    """A second badge administrator: the first is not the last."""
    person = acme.person("Second")
    grant_access(person, access=Access.STEWARD, actor=acme.steward)
    return again(person)


def test_only_a_badge_administrator_ends_another_ones_time(acme: World, second: Person, officer: Actor) -> None:
    yesterday = today_of(acme.organisation) - timedelta(days=1)
    for days in (0, 10):
        with pytest.raises(NotPermitted, match="Only a badge administrator can end that"):
            edit_person(second, facts=facts_of(second, ends_on=yesterday + timedelta(days=days)), version=second.version, actor=officer)
    for act in (lambda: leave(second, actor=officer), lambda: leave_all([acme.member_person, second], actor=officer)):
        with pytest.raises(NotPermitted, match="Only a badge administrator can end that"):
            act()
    assert Membership.objects.filter(person=second, access=Access.STEWARD).exists()
    assert again(acme.member_person).left_at is None
    leave(second, actor=acme.steward)


def test_nor_does_a_list(acme: World, second: Person, officer: Actor) -> None:
    whole = ran(acme, "email,end\nsecond@acme.example,2020-01-31\nmember@acme.example,2020-01-31\n", actor=officer)
    assert outcomes(whole) == [(2, "error", "NOT_PERMITTED"), (3, "changed", "")]
    assert again(second).left_at is None
    assert again(acme.member_person).left_at is not None


def test_who_has_less_access_than_that_is_ended_by_human_resources(acme: World, officer: Actor) -> None:
    grant_access(acme.member_person, access=Access.AUDITOR, actor=acme.steward)
    leave(acme.member_person, actor=officer)
    assert not Membership.objects.filter(person=acme.member_person).exclude(access=Access.MEMBER).exists()


# Coming back -----------------------------------------------------------------------------------------------------------------------


def test_who_comes_back_manages_and_leads_nobody(acme: World) -> None:
    team = make_team(acme.organisation, name="Crew", lead=acme.manager_person, actor=acme.steward)
    other = make_world("other")
    leave(acme.manager_person, actor=acme.steward)
    come_back(again(acme.manager_person), actor=acme.steward)
    assert again(acme.member_person).manager is None
    assert Team.objects.get(pk=team.pk).lead is None
    assert again(other.member_person).manager == other.manager_person


def test_nor_by_a_list(acme: World) -> None:
    make_team(acme.organisation, name="Crew", lead=acme.manager_person, actor=acme.steward)
    leave(acme.manager_person, actor=acme.steward)
    ran(acme, "email,end\nmanager@acme.example,\n")
    assert again(acme.manager_person).left_at is None
    assert again(acme.member_person).manager is None
    assert Team.objects.get().lead is None
