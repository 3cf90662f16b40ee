"""Teams, and people's places in them, by the API."""

from __future__ import annotations

import pytest
from tests.api.programs import Program, problem, read
from tests.world import World

from hexmark.access import Access
from hexmark.people.actions import grant_access
from hexmark.people.models import Membership, Person


def test_a_team_is_made_changed_and_closed(full: Program, acme: World) -> None:
    answer = full.call("POST", "/teams", {"name": "Kiln", "lead": acme.manager_person.public_id})
    kiln = read(answer, 201)
    assert answer.headers["Location"] == f"/api/v1/teams/{kiln['id']}"
    inner = read(full.call("POST", "/teams", {"name": "Night Shift", "parent": kiln["id"]}), 201)
    person = read(full.call("PATCH", f"/people/{acme.member_person.public_id}", {"team": inner["id"]}))
    assert person["team"] == inner["id"]
    assert [one["id"] for one in read(full.call("GET", f"/people?team={inner['id']}"))["items"]] == [person["id"]]
    renamed = read(full.call("PATCH", f"/teams/{inner['id']}", {"name": "Late Shift"}))
    assert (renamed["name"], renamed["parent"]) == ("Late Shift", kiln["id"])
    assert read(full.call("PATCH", f"/teams/{inner['id']}", {"parent": None}))["parent"] is None
    assert read(full.call("POST", f"/teams/{inner['id']}/close"))["closed_at"] is not None
    assert read(full.call("GET", f"/people/{acme.member_person.public_id}"))["team"] is None
    problem(full.call("POST", f"/teams/{inner['id']}/close"), 409, "conflict")
    assert len(read(full.call("GET", "/teams"))["items"]) == 2


def test_a_name_that_another_team_has_is_a_conflict(full: Program) -> None:
    read(full.call("POST", "/teams", {"name": "Kiln"}), 201)
    [error] = problem(full.call("POST", "/teams", {"name": "KILN"}), 409, "conflict")["errors"]
    assert error["pointer"] == "/name"


@pytest.mark.parametrize("field", ["team", "manager"])
def test_whoever_is_not_known_here_can_be_nobodys_manager_or_team(full: Program, acme: World, globex: World, field: str) -> None:
    path = f"/people/{acme.member_person.public_id}"
    answers = [full.call("PATCH", path, {field: one}) for one in (globex.manager_person.public_id, "a" * 26)]
    for answer in answers:
        [error] = problem(answer, 422, "invalid")["errors"]
        assert error["pointer"] == f"/{field}"
    assert answers[0].content == answers[1].content


def test_a_record_says_what_is_given_and_keeps_the_rest(full: Program, acme: World) -> None:
    path = f"/people/{acme.member_person.public_id}"
    changed = read(full.call("PATCH", path, {"employee_id": "0042", "started_on": "2026-01-05", "manager": None}))
    assert (changed["employee_id"], changed["started_on"], changed["manager"], changed["name"]) == (
        "0042",
        "2026-01-05",
        None,
        "Acme Member",
    )
    assert read(full.call("PATCH", path, {"started_on": None}))["started_on"] is None


@pytest.mark.parametrize("day", ["5.1.2026", "2026-13-01", "2026-01-05T00:00:00Z", 5, ""])
def test_what_is_no_day_is_pointed_at(full: Program, acme: World, day: object) -> None:
    answer = full.call("PATCH", f"/people/{acme.member_person.public_id}", {"started_on": day})
    [error] = problem(answer, 422, "invalid")["errors"]
    assert error["pointer"] == "/started_on"


def test_a_change_that_is_refused_changes_nothing(full: Program, acme: World) -> None:
    path = f"/people/{acme.member_person.public_id}"
    problem(full.call("PATCH", path, {"manager": None, "email": "not an address"}), 422, "invalid")
    assert Person.objects.get(pk=acme.member_person.pk).manager_id == acme.manager_person.pk


def test_leaving_and_coming_back(full: Program, acme: World) -> None:
    path = f"/people/{acme.member_person.public_id}"
    assert read(full.call("POST", f"{path}/leave"))["left_at"] is not None
    problem(full.call("POST", f"{path}/leave"), 409, "conflict")
    assert read(full.call("POST", f"{path}/return"))["left_at"] is None


def test_a_key_takes_over_nobody_with_more_access(full: Program, acme: World) -> None:
    second = acme.person("Second Steward")
    grant_access(second, access=Access.STEWARD, actor=acme.system)
    answer = full.call("PATCH", f"/people/{second.public_id}", {"email": "mine@evil.example"})
    problem(answer, 403, "not-permitted")
    assert Person.objects.get(pk=second.pk).email == second.email
    assert Membership.objects.filter(person=second).count() == 1
