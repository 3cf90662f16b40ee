"""People by the API."""

from __future__ import annotations

from collections.abc import Callable

from tests.api.programs import Program, problem, read
from tests.world import World

from hexmark.access import Scope
from hexmark.people.models import Person


def test_a_person_is_added_and_read_again(full: Program) -> None:
    answer = full.call("POST", "/people", {"name": "Amara Osei", "email": "amara@acme.example", "employee_id": "0042"})
    added = read(answer, 201)
    assert answer.headers["Location"] == f"/api/v1/people/{added['id']}"
    assert read(full.call("GET", f"/people/{added['id']}")) == added
    assert added["employee_id"] == "0042"
    assert Person.objects.get(public_id=added["id"]).name == "Amara Osei"


def test_an_address_that_somebody_has_is_a_conflict(full: Program, acme: World) -> None:
    answer = full.call("POST", "/people", {"name": "Somebody", "email": "MEMBER@acme.example"})
    assert "already has the address" in problem(answer, 409, "conflict")["detail"]


def test_what_cannot_be_used_is_named_by_a_pointer(full: Program, acme: World) -> None:
    answer = full.call("POST", "/people", {"name": "Somebody", "email": "not an address"})
    [error] = problem(answer, 422, "invalid")["errors"]
    assert error["pointer"] == "/email"
    answer = full.call("POST", "/people", {"name": "", "email": "a@b.example", "organisation": "globex"})
    errors = problem(answer, 422, "invalid")["errors"]
    assert [error["pointer"] for error in errors] == ["/name", "/organisation"]


def test_people_are_listed_a_page_at_a_time(full: Program, acme: World) -> None:
    for number in range(5):
        acme.person(f"Colleague {number}")
    seen, cursor = [], ""
    while True:
        answer = full.call("GET", "/people?limit=3" + (f"&cursor={cursor}" if cursor else ""))
        page = read(answer)
        seen += [person["name"] for person in page["items"]]
        if page["next"] is None:
            assert "Link" not in answer.headers
            break
        assert answer.headers["Link"] == f'<https://badges.acme.example/api/v1/people?limit=3&cursor={page["next"]}>; rel="next"'
        cursor = page["next"]
    assert seen == list(Person.objects.order_by("pk").values_list("name", flat=True))


def test_people_are_found_by_address_and_by_employee_id(full: Program, acme: World) -> None:
    assert [one["name"] for one in read(full.call("GET", "/people?email=Member@acme.example"))["items"]] == ["Acme Member"]
    assert read(full.call("GET", "/people?employee_id=0815"))["items"] == []
    assert read(full.call("GET", "/people?kind=guest"))["items"] == []


def test_reading_needs_one_scope_and_adding_another(program: Callable[..., Program], acme: World) -> None:
    reader = program(Scope.PEOPLE_READ)
    read(reader.call("GET", "/people"))
    answer = reader.call("POST", "/people", {"name": "Somebody", "email": "a@b.example"})
    assert "people:write" in problem(answer, 403, "not-permitted")["detail"]
    assert 'scope="people:write"' in answer.headers["WWW-Authenticate"]


def test_a_person_of_others_and_one_that_never_was_are_the_same(foreign: Program, acme: World) -> None:
    theirs = foreign.call("GET", f"/people/{acme.member_person.public_id}")
    never = foreign.call("GET", f"/people/{'a' * 26}")
    problem(theirs, 404, "not-found")
    assert theirs.content == never.content
