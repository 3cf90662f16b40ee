"""A call that names a key happens once, however often it is sent."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from tests.api.programs import Program, problem, read
from tests.world import World, make_world

from hexmark.access import Scope
from hexmark.api.idempotency import DEAD_AFTER, KEPT_FOR
from hexmark.api.jobs import forget
from hexmark.api.models import Allowance, IdempotentCall
from hexmark.catalogue.models import AchievementVersion
from hexmark.organisations.actions import make_api_key
from hexmark.people.models import Person

SOMEBODY = {"name": "Amara Osei", "email": "amara@acme.example"}


def test_the_same_call_gives_the_same_answer_and_happens_once(full: Program) -> None:
    once = full.call("POST", "/people", SOMEBODY, Idempotency_Key="one")
    again = full.call("POST", "/people", SOMEBODY, Idempotency_Key="one")
    assert read(once, 201) == read(again, 201)
    assert again.headers["Location"] == once.headers["Location"]
    assert (once.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (None, "true")
    assert Person.objects.filter(email=SOMEBODY["email"]).count() == 1


def test_without_a_key_each_call_is_one_of_its_own(full: Program) -> None:
    read(full.call("POST", "/people", SOMEBODY), 201)
    problem(full.call("POST", "/people", SOMEBODY), 409, "conflict")


@pytest.mark.parametrize("other", [SOMEBODY | {"name": "Another"}, SOMEBODY | {"kind": "guest"}])
def test_the_same_key_for_another_body_is_refused(full: Program, other: dict[str, str]) -> None:
    read(full.call("POST", "/people", SOMEBODY, Idempotency_Key="one"), 201)
    problem(full.call("POST", "/people", other, Idempotency_Key="one"), 422, "key-reused")


def test_the_same_key_for_another_address_is_refused(full: Program, acme: World) -> None:
    read(full.call("POST", "/people", SOMEBODY, Idempotency_Key="one"), 201)
    path = f"/people/{acme.member_person.public_id}/leave"
    problem(full.call("POST", path, Idempotency_Key="one"), 422, "key-reused")


def test_what_was_refused_may_be_mended_and_sent_again(full: Program) -> None:
    problem(full.call("POST", "/people", SOMEBODY | {"email": "none"}, Idempotency_Key="one"), 422, "invalid")
    read(full.call("POST", "/people", SOMEBODY, Idempotency_Key="one"), 201)


def test_two_programs_may_use_the_same_key(full: Program, foreign: Program) -> None:
    read(full.call("POST", "/people", SOMEBODY, Idempotency_Key="one"), 201)
    read(foreign.call("POST", "/people", SOMEBODY, Idempotency_Key="one"), 201)
    assert Person.objects.filter(email=SOMEBODY["email"]).count() == 2


@pytest.mark.parametrize("name", ["", "a b", "x" * 256, "é"])
def test_a_key_that_cannot_be_used_is_named(full: Program, name: str) -> None:
    [error] = problem(full.call("POST", "/people", SOMEBODY, Idempotency_Key=name), 422, "invalid")["errors"]
    assert error["header"] == "Idempotency-Key"


def test_who_lost_the_scope_gets_no_kept_answer(acme: World) -> None:
    made = make_api_key(acme.organisation, label="Shrinking", scopes=[Scope.PEOPLE_WRITE], actor=acme.steward)
    program = Program(made.token)
    read(program.call("POST", "/people", SOMEBODY, Idempotency_Key="one"), 201)
    type(made.key).objects.update(scopes=["verify"])
    problem(program.call("POST", "/people", SOMEBODY, Idempotency_Key="one"), 403, "not-permitted")


def test_a_call_that_is_being_answered_is_not_answered_twice(full: Program) -> None:
    read(full.call("POST", "/people", SOMEBODY, Idempotency_Key="one"), 201)
    IdempotentCall.objects.update(status=None, begun_at=timezone.now())
    answer = full.call("POST", "/people", SOMEBODY, Idempotency_Key="one")
    problem(answer, 409, "in-progress")
    assert answer.headers["Retry-After"] == "1"


def test_a_process_that_died_is_not_waited_for(full: Program) -> None:
    full.call("POST", "/people", SOMEBODY, Idempotency_Key="one")
    # It died before its transaction ended: neither the person nor the answer was kept.
    Person.objects.filter(email=SOMEBODY["email"]).delete()
    IdempotentCall.objects.update(status=None, begun_at=timezone.now() - DEAD_AFTER - timedelta(seconds=1))
    read(full.call("POST", "/people", SOMEBODY, Idempotency_Key="one"), 201)


def test_a_surprise_leaves_neither_the_change_nor_the_key(full: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(person: Person) -> None:
        raise RuntimeError("after the person was added")

    with monkeypatch.context() as patched:
        patched.setattr("hexmark.api.v1.people.PersonShown.of", broken)
        problem(full.call("POST", "/people", SOMEBODY, Idempotency_Key="one"), 500, "internal")
    assert not Person.objects.filter(email=SOMEBODY["email"]).exists()
    read(full.call("POST", "/people", SOMEBODY, Idempotency_Key="one"), 201)


def test_answers_are_kept_for_a_day(full: Program) -> None:
    full.call("POST", "/people", SOMEBODY, Idempotency_Key="one")
    IdempotentCall.objects.update(begun_at=timezone.now() - KEPT_FOR + timedelta(minutes=1))
    Allowance.objects.update(window_start=0)
    forget()
    assert IdempotentCall.objects.count() == 1
    assert not Allowance.objects.exists()
    IdempotentCall.objects.update(begun_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))
    problem(full.call("POST", "/people", SOMEBODY, Idempotency_Key="one"), 409, "conflict")
    IdempotentCall.objects.update(begun_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))
    forget()
    assert not IdempotentCall.objects.exists()


def test_publishing_twice_with_one_key_publishes_once(full: Program, acme: World) -> None:
    text = {"name": "First Aid", "description": "Helps first.", "criteria": "Attend the course and pass the test."}
    slug = read(full.call("POST", "/achievements", text), 201)["achievement"]
    answers = [full.call("POST", f"/achievements/{slug}/versions/1/publish", Idempotency_Key="p") for _ in range(2)]
    assert read(answers[0]) == read(answers[1])
    assert AchievementVersion.objects.get().state == "published"


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer, and its threads share one connection in memory")
def test_fifty_at_once_have_one_effect(transactional_db: None) -> None:
    acme = make_world("acme")
    token = make_api_key(acme.organisation, label="Eager", scopes=list(Scope), actor=acme.steward).token
    name, start = uuid.uuid4().hex, threading.Barrier(8)

    def call(_: int) -> int:
        try:
            start.wait(timeout=30)
            answer: Any = Program(token).call("POST", "/people", SOMEBODY, Idempotency_Key=name)
            return int(answer.status_code)
        finally:
            connection.close()

    statuses: list[int] = []
    for _ in range(7):
        with ThreadPoolExecutor(8) as pool:
            statuses += pool.map(call, range(8))
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert Person.objects.filter(email=SOMEBODY["email"]).count() == 1
