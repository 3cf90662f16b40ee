"""Bad inputs of family J that concern the API, tried on every operation that takes a body."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.api.programs import Program, problem
from tests.world import World

from hexmark.api.description import operations
from hexmark.people.models import Person

#: Every operation that changes something, by method and address.
CHANGES = sorted({(method, path) for path, method, _ in operations() if method in ("POST", "PUT", "PATCH")})
UNREADABLE = {
    "deep": '{"a":' * 60 + "1" + "}" * 60,
    "huge number": '{"name": ' + "9" * 400 + "}",
    "stands twice": '{"name": "A", "name": "B"}',
}


def address(path: str) -> str:
    """The address with ids that nothing has; what is unreadable is refused before anything is looked up."""
    short = path.removeprefix("/api/v1")
    return re.sub(r"\{[^}]+\}", "a" * 26, short if short.startswith("/") else f"/{short}")


def test_j37_what_cannot_be_read_is_refused_everywhere(full: Program, settings: Any) -> None:
    settings.API_KEY_RATE = 0
    assert len(CHANGES) > 10
    for method, path in CHANGES:
        for body in UNREADABLE.values():
            answer = full.call(method, address(path), body=body, Content_Type="application/json", Idempotency_Key="one")
            assert 400 <= answer.status_code < 500, (method, path, answer.content)
            if answer.status_code == 400:
                problem(answer, 400, "unreadable")


def test_j08_an_id_in_the_body_moves_nothing_to_another(full: Program, acme: World) -> None:
    member, manager = acme.member_person, acme.manager_person
    for field in ("id", "public_id", "person_id"):
        problem(full.call("PATCH", f"/people/{member.public_id}", {field: manager.public_id, "name": "Changed"}), 422, "invalid")
    assert not Person.objects.filter(name="Changed").exists()


@pytest.mark.parametrize("query", ["?tenant=a&tenant=b", "?email=a@x.example&email=b@x.example", "?limit[]=1", "?email[0]=a"])
def test_j21_a_parameter_that_could_be_read_two_ways_is_refused(full: Program, query: str) -> None:
    problem(full.call("GET", f"/people{query}"), 422, "invalid")


@pytest.mark.parametrize("value", [["A"], {"a": 1}, 7, True, None], ids=["list", "object", "number", "yes", "nothing"])
def test_j21_another_kind_of_value_is_refused(full: Program, value: object) -> None:
    problem(full.call("POST", "/people", {"name": value, "email": "a@acme.example"}), 422, "invalid")
    assert not Person.objects.filter(email="a@acme.example").exists()
