"""What an organisation notes of people: facts, team, manager, job roles, leaving and coming back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.web.pages import Visitor
from tests.world import World

from hexmark.access import Access
from hexmark.awarding.models import Award
from hexmark.errors import Conflict, DomainError, Invalid, NotPermitted
from hexmark.events.models import Event
from hexmark.issuing.models import Credential
from hexmark.people.actions import add_person, grant_access
from hexmark.people.event_types import EventType
from hexmark.people.joining import join_link, person_of_link
from hexmark.people.models import JobRole, Membership, OneTimeLink, Person
from hexmark.people.queries import actor_for, is_manager, persons_of
from hexmark.people.records import (
    Facts,
    come_back,
    edit_person,
    end_role,
    give_role,
    leave,
    move_to_team,
    set_manager,
    today_of,
)
from hexmark.people.teams import make_team


def facts_of(person: Person, **changes: object) -> Facts:
    """The person's facts, with these changed."""
    kept = Facts(name=person.name, email=person.email, kind=person.kind, employee_id=person.employee_id, language=person.language)
    return replace(kept, **changes)  # type: ignore[arg-type]


def again(person: Person) -> Person:
    """The person as the database knows them now."""
    return Person.objects.select_related("organisation", "account").get(pk=person.pk)


# Facts -------------------------------------------------------------------------------------------------------------------------------


def test_facts_are_changed_and_what_changed_is_recorded_without_its_content(acme: World) -> None:
    member = acme.member_person
    changes = {"name": "Mem Ber", "kind": Person.Kind.PARTNER, "employee_id": "7", "language": "de", "started_on": date(2020, 1, 1)}
    edit_person(member, facts=facts_of(member, **changes), version=1, actor=acme.steward)
    found = again(member)
    assert {field: getattr(found, field) for field in changes} == changes
    assert found.version == 2
    event = Event.objects.get(event_type=EventType.PERSON_CHANGED)
    assert event.data == {"fields": ["name", "kind", "employee_id", "language", "started_on"]}


def test_changing_nothing_changes_nothing(acme: World) -> None:
    edit_person(acme.member_person, facts=facts_of(acme.member_person), version=1, actor=acme.steward)
    assert again(acme.member_person).version == 1
    assert not Event.objects.filter(event_type=EventType.PERSON_CHANGED).exists()


def test_a_form_that_was_opened_before_a_change_does_not_undo_it(acme: World) -> None:
    member = acme.member_person
    edit_person(member, facts=facts_of(member, name="First"), version=1, actor=acme.steward)
    with pytest.raises(Conflict, match="meanwhile"):
        edit_person(member, facts=facts_of(member, name="Second"), version=1, actor=acme.steward)
    assert again(member).name == "First"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"email": "nobody"}, "email"),
        ({"kind": "robot"}, "kind"),
        ({"language": "Klingon, please"}, "language"),
        ({"employee_id": "x" * 61}, "employee_id"),
        ({"started_on": date(2026, 2, 1), "ends_on": date(2026, 1, 1)}, "ends_on"),
    ],
)
def test_facts_that_cannot_be_used_are_refused_at_their_field(acme: World, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        edit_person(acme.member_person, facts=facts_of(acme.member_person, **changes), version=1, actor=acme.steward)
    assert refused.value.field == field


def test_an_address_that_somebody_else_has_is_refused(acme: World) -> None:
    with pytest.raises(Conflict, match="Somebody else"):
        edit_person(
            acme.member_person, facts=facts_of(acme.member_person, email=acme.manager_person.email.upper()), version=1, actor=acme.steward
        )


def test_links_to_join_that_went_to_the_earlier_address_stop_working(acme: World) -> None:
    person = acme.person("New Here")
    token = join_link(person, actor=acme.steward).rsplit("/", 1)[1]
    edit_person(person, facts=facts_of(person, email="other@acme.example"), version=1, actor=acme.steward)
    assert person_of_link(token) is None
    assert not OneTimeLink.objects.filter(person=person).exists()


def test_who_may_not_grant_access_cannot_take_it_over_by_changing_an_address(acme: World) -> None:
    hr = add_person(acme.organisation, name="H R", email="hr@acme.example", actor=acme.system)
    grant_access(hr, access=Access.HR, actor=acme.system)
    waiting = acme.person("Next Steward")
    grant_access(waiting, access=Access.STEWARD, actor=acme.system)
    with pytest.raises(NotPermitted, match="more access"):
        edit_person(waiting, facts=facts_of(waiting, email="hr2@acme.example"), version=1, actor=actor_for(hr))
    edit_person(waiting, facts=facts_of(waiting, name="Renamed Steward"), version=1, actor=actor_for(hr))
    edit_person(again(waiting), facts=facts_of(again(waiting), email="new@acme.example"), version=2, actor=acme.steward)
    assert again(waiting).email == "new@acme.example"


@pytest.mark.parametrize("who", ["member", "manager", "stranger"])
def test_nobody_else_may_change_anything(acme: World, globex: World, who: str) -> None:
    actor = {"member": acme.member, "manager": acme.manager, "stranger": globex.steward}[who]
    member = acme.member_person
    role = give_role(member, name="Welder", starts_on=date(2026, 1, 1), actor=acme.steward)
    acts = (
        lambda: edit_person(member, facts=facts_of(member, name="X"), version=1, actor=actor),
        lambda: move_to_team(member, team=None, actor=actor),
        lambda: set_manager(member, manager=None, actor=actor),
        lambda: give_role(member, name="Coach", starts_on=date(2026, 1, 1), actor=actor),
        lambda: end_role(role, on=date(2026, 2, 1), actor=actor),
        lambda: leave(member, actor=actor),
        lambda: come_back(member, actor=actor),
    )
    for act in acts:
        with pytest.raises(NotPermitted):
            act()
    assert again(member).manager == acme.manager_person


# Manager and team ----------------------------------------------------------------------------------------------------------------------


def test_being_a_manager_follows_from_the_reporting_line_and_ends_with_it(acme: World) -> None:
    assert (is_manager(acme.manager), is_manager(acme.member)) == (True, False)
    assert [one.is_manager for one in persons_of(acme.manager_person.account)] == [True]  # type: ignore[arg-type, attr-defined]
    set_manager(acme.member_person, manager=None, actor=acme.steward)
    assert not is_manager(acme.manager)
    assert list(Person.objects.visible_to(acme.manager)) == [acme.manager_person]


@pytest.mark.parametrize("above", ["self", "report", "report of a report"])
def test_a_reporting_line_has_no_loop(acme: World, above: str) -> None:
    top, middle, low = acme.manager_person, acme.member_person, acme.person("Low Down")
    set_manager(low, manager=middle, actor=acme.steward)
    with pytest.raises(Invalid, match="Choose another manager"):
        set_manager(top, manager={"self": top, "report": middle, "report of a report": low}[above], actor=acme.steward)
    assert again(top).manager is None


def test_a_manager_belongs_to_the_house_and_has_not_left(acme: World, globex: World) -> None:
    for manager in (globex.steward_person, gone(acme)):
        with pytest.raises(Invalid, match="left"):
            set_manager(acme.member_person, manager=manager, actor=acme.steward)


def test_a_team_belongs_to_the_house(acme: World, globex: World) -> None:
    theirs = make_team(globex.organisation, name="Theirs", actor=globex.steward)
    with pytest.raises(Invalid, match="no such team"):
        move_to_team(acme.member_person, team=theirs, actor=acme.steward)


def test_moving_to_the_team_where_one_stands_changes_nothing(acme: World) -> None:
    team = make_team(acme.organisation, name="Line 4", actor=acme.steward)
    for _ in range(2):
        move_to_team(acme.member_person, team=team, actor=acme.steward)
    assert (again(acme.member_person).team, again(acme.member_person).version) == (team, 2)


# Roles ---------------------------------------------------------------------------------------------------------------------------------


def test_a_job_role_is_held_from_one_day_to_another(acme: World) -> None:
    today = today_of(acme.organisation)
    role = give_role(acme.member_person, name=" Kiln  Operator ", starts_on=today - timedelta(days=3), actor=acme.steward)
    assert role.role.name == "Kiln Operator"
    assert role.is_current
    with pytest.raises(Conflict, match="already"):
        give_role(acme.member_person, name="kiln operator", starts_on=today, actor=acme.steward)
    end_role(role, on=today - timedelta(days=1), actor=acme.steward)
    role.refresh_from_db()
    assert not role.is_current
    give_role(acme.member_person, name="KILN OPERATOR", starts_on=today, actor=acme.steward)
    assert JobRole.objects.count() == 1
    assert again(acme.member_person).version == 4


def test_a_role_does_not_end_before_it_starts(acme: World) -> None:
    with pytest.raises(Invalid):
        give_role(acme.member_person, name="Welder", starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1), actor=acme.steward)
    role = give_role(acme.member_person, name="Welder", starts_on=date(2026, 2, 1), actor=acme.steward)
    with pytest.raises(Invalid, match=r"01\.02\.2026"):
        end_role(role, on=date(2026, 1, 31), actor=acme.steward)


# Leaving -------------------------------------------------------------------------------------------------------------------------------


def gone(world: World) -> Person:
    """Somebody who has left."""
    person = world.person("Gone Away")
    leave(person, actor=world.steward)
    return again(person)


def test_leaving_ends_access_at_once_and_leaves_awards_and_account(acme: World, credential: Credential) -> None:
    member = acme.member_person
    grant_access(member, access=Access.AUDITOR, actor=acme.steward)
    visitor = Visitor(member)
    assert visitor.get("/catalogue").status_code == 200
    leave(member, actor=acme.steward)
    assert visitor.get("/catalogue").status_code == 404
    assert visitor.get("/me").status_code == 200
    assert not actor_for(again(member)).permissions
    assert Award.objects.filter(person=member, closed_at__isnull=True).count() == 1
    assert again(member).account is not None
    assert Event.objects.get(event_type=EventType.PERSON_LEFT).data == {"accesses": ["auditor"]}


def test_coming_back_brings_a_member_back_and_no_other_access(acme: World) -> None:
    member = acme.member_person
    grant_access(member, access=Access.AUDITOR, actor=acme.steward)
    leave(member, actor=acme.steward)
    come_back(member, actor=acme.steward)
    assert [one.access for one in Membership.objects.filter(person=member)] == [Access.MEMBER]
    assert again(member).ends_on is None
    with pytest.raises(Conflict, match="has not left"):
        come_back(member, actor=acme.steward)


def test_a_manager_who_left_sees_nobody(acme: World) -> None:
    leave(acme.manager_person, actor=acme.steward)
    assert not is_manager(acme.manager)
    assert not Person.objects.led_by(acme.manager).exists()


def test_nobody_marks_themselves_as_left_nor_the_last_administrator(acme: World) -> None:
    with pytest.raises(Conflict, match="themselves"):
        leave(acme.steward_person, actor=acme.steward)
    with pytest.raises(Conflict, match="at least one"):
        leave(acme.steward_person, actor=acme.system)


def test_leaving_twice_is_refused(acme: World) -> None:
    with pytest.raises(Conflict, match="already"):
        leave(gone(acme), actor=acme.steward)


def test_a_last_day_that_is_over_means_having_left_and_one_to_come_does_not(acme: World) -> None:
    today, member = today_of(acme.organisation), acme.member_person
    edit_person(member, facts=facts_of(member, ends_on=today), version=1, actor=acme.steward)
    assert again(member).left_at is None
    edit_person(member, facts=facts_of(member, ends_on=today - timedelta(days=1)), version=2, actor=acme.steward)
    assert again(member).left_at is not None
    assert again(member).ends_on == today - timedelta(days=1)


def test_a_day_that_was_planned_is_no_longer_the_last_one_when_somebody_leaves_before(acme: World) -> None:
    today, member = today_of(acme.organisation), acme.member_person
    Person.objects.filter(pk=member.pk).update(ends_on=today + timedelta(days=40))
    leave(member, actor=acme.steward)
    assert again(member).ends_on == today


def test_refusals_are_sentences(acme: World) -> None:
    with pytest.raises(DomainError) as refused:
        leave(acme.steward_person, actor=acme.steward)
    assert str(refused.value).endswith(".")
