"""Telling subscribers: everything, in order, at least once, each at its own place; on PostgreSQL also what commits late."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import Any

import pytest
from django.db import connection, transaction
from django_tasks import default_task_backend
from tests.world import World, make_world

from hexmark.events import subscriptions
from hexmark.events.jobs import wake_if_behind
from hexmark.events.log import record, record_many
from hexmark.events.models import Cursor, Event
from hexmark.events.sql import NO_HORIZON, current_transaction, horizon
from hexmark.events.subscriptions import DeliveryFailed, Subscription, deliver, is_behind, subscribe, unsubscribe
from hexmark.jobs import run
from hexmark.people.models import Person


class Kind(StrEnum):
    """Events of these tests."""

    FIRED = "kiln.fired"
    COOLED = "kiln.cooled"


@pytest.fixture
def acme(transactional_db: None, settings: Any) -> World:
    """Acme, in transactions that are really committed; wake-up calls are kept and not answered."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": []}}
    return make_world("acme")


@pytest.fixture(autouse=True)
def _nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what a test subscribes is told."""
    monkeypatch.setattr(subscriptions, "_SUBSCRIPTIONS", {})


@pytest.fixture
def told() -> Iterator[list[object]]:
    """What the subscriber "tests.kiln" was told: the numbers in the events."""
    heard: list[object] = []

    @subscribe("tests.kiln", Kind.FIRED)
    def hear(events: Sequence[Event]) -> None:
        heard.extend(event.data["number"] for event in events)

    yield heard
    unsubscribe("tests.kiln")


def fire(world: World, *numbers: int, kind: Kind = Kind.FIRED) -> None:
    """An event for each number."""
    with transaction.atomic():
        record_many(kind, [(world.organisation, {"number": number}) for number in numbers], actor=world.steward)


def test_a_subscriber_is_told_the_events_of_its_types_in_order(acme: World, told: list[object]) -> None:
    fire(acme, 1, 2)
    fire(acme, 99, kind=Kind.COOLED)
    fire(acme, 3)
    assert deliver() == 3
    assert told == [1, 2, 3]


def test_a_subscriber_is_told_once_where_nothing_goes_wrong(acme: World, told: list[object]) -> None:
    fire(acme, 1)
    deliver()
    assert deliver() == 0
    fire(acme, 2)
    deliver()
    assert told == [1, 2]


def test_whoever_subscribes_late_is_told_what_was_before(acme: World) -> None:
    fire(acme, 1, 2)
    heard: list[Event] = []
    subscribe("tests.late", Kind.FIRED)(heard.extend)
    deliver()
    assert [event.data["number"] for event in heard] == [1, 2]


def test_a_long_log_comes_in_batches_in_order(acme: World) -> None:
    batches: list[list[int]] = []
    subscribe("tests.batches", Kind.FIRED)(lambda events: batches.append([event.data["number"] for event in events]))
    fire(acme, *range(450))
    assert deliver() == 450
    assert [len(batch) for batch in batches] == [200, 200, 50]
    assert [number for batch in batches for number in batch] == list(range(450))


def test_a_handler_that_fails_is_told_the_same_again(acme: World) -> None:
    attempts: list[list[int]] = []

    @subscribe("tests.fails", Kind.FIRED)
    def hear(events: Sequence[Event]) -> None:
        attempts.append([event.data["number"] for event in events])
        if len(attempts) == 1:
            raise RuntimeError("the other system is down")

    fire(acme, 1, 2)
    with pytest.raises(DeliveryFailed, match=r"tests\.fails"):
        deliver()
    fire(acme, 3)
    deliver()
    assert attempts == [[1, 2], [1, 2, 3]]


def test_what_a_handler_wrote_before_it_failed_is_undone(acme: World) -> None:
    @subscribe("tests.writes", Kind.FIRED)
    def hear(events: Sequence[Event]) -> None:
        Person.objects.filter(pk=acme.member_person.pk).update(name="Half done")
        raise RuntimeError("too soon")

    fire(acme, 1)
    with pytest.raises(DeliveryFailed):
        deliver()
    assert Person.objects.get(pk=acme.member_person.pk).name == "Acme Member"


def test_one_handler_that_fails_does_not_disturb_another(acme: World, told: list[object], caplog: pytest.LogCaptureFixture) -> None:
    @subscribe("tests.a_first_one", Kind.FIRED)
    def fail(events: Sequence[Event]) -> None:
        raise RuntimeError("never works")

    fire(acme, 1)
    with caplog.at_level(logging.ERROR), pytest.raises(DeliveryFailed):
        deliver()
    assert told == [1]
    assert "tests.a_first_one" in caplog.text
    fire(acme, 2)
    with pytest.raises(DeliveryFailed):
        deliver()
    assert told == [1, 2]


def test_each_subscriber_has_its_own_place_in_the_log(acme: World, told: list[object]) -> None:
    fire(acme, 1)
    deliver()
    heard: list[Event] = []
    subscribe("tests.second", Kind.FIRED, Kind.COOLED)(heard.extend)
    fire(acme, 2)
    deliver()
    assert told == [1, 2]
    assert [event.data["number"] for event in heard] == [1, 2]
    assert Cursor.objects.filter(subscriber__startswith="tests.").count() == 2


def test_who_unsubscribes_and_comes_back_goes_on_where_it_was(acme: World, told: list[object]) -> None:
    fire(acme, 1)
    deliver()
    kept = subscriptions._SUBSCRIPTIONS["tests.kiln"]
    unsubscribe("tests.kiln")
    fire(acme, 2)
    deliver()
    assert told == [1]
    subscriptions._SUBSCRIPTIONS["tests.kiln"] = Subscription(kept.name, kept.event_types, kept.handler)
    deliver()
    assert told == [1, 2]


def test_a_change_wakes_the_delivery_after_commit(acme: World, told: list[object], settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": []}}
    with transaction.atomic():
        fire(acme, 1)
        assert told == []
    assert told == [1]


def test_what_a_crash_swallowed_is_seen_and_made_good_by_the_sweep(acme: World, told: list[object], settings: Any) -> None:
    fire(acme, 1)
    assert is_behind()
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": []}}
    wake_if_behind()
    assert told == [1]
    assert not is_behind()


def test_the_sweep_wakes_nobody_when_everybody_was_told(acme: World, told: list[object]) -> None:
    fire(acme, 1)
    deliver()
    woken = len(default_task_backend.results)
    wake_if_behind()
    assert len(default_task_backend.results) == woken


def test_the_job_tells_everybody(acme: World, told: list[object]) -> None:
    fire(acme, 1)
    run("events.deliver")
    assert told == [1]


def test_events_that_a_handler_records_are_told_in_the_same_delivery(acme: World) -> None:
    heard: list[str] = []

    @subscribe("tests.chain", Kind.FIRED, Kind.COOLED)
    def hear(events: Sequence[Event]) -> None:
        for event in events:
            heard.append(event.event_type)
            if event.event_type == Kind.FIRED:
                fire(acme, 0, kind=Kind.COOLED)

    fire(acme, 1)
    deliver()
    assert heard == [Kind.FIRED, Kind.COOLED]


@pytest.mark.skipif("postgres" not in os.environ.get("HEXMARK_TEST_DATABASE_URL", ""), reason="only PostgreSQL commits out of order")
class TestOnPostgresql:
    """A transaction that began early may commit late, with smaller ids than events that were told meanwhile."""

    def test_events_of_a_transaction_that_commits_late_are_not_skipped(self, acme: World, told: list[object]) -> None:
        recorded, may_commit = threading.Event(), threading.Event()

        def slowly() -> None:
            with transaction.atomic():
                record(Kind.FIRED, acme.organisation, actor=acme.steward, number=1)
                recorded.set()
                assert may_commit.wait(20)
            connection.close()

        slow = in_thread(slowly)
        assert recorded.wait(20)
        fire(acme, 2)
        deliver()
        assert told == [], "what came after an open transaction is not final yet"
        may_commit.set()
        slow.join()
        deliver()
        assert told == [1, 2]

    def test_a_late_event_with_a_smaller_id_is_told_after_one_that_was_final_before(self, acme: World, told: list[object]) -> None:
        fire(acme, 1)
        deliver()
        fire(acme, 2)
        deliver()
        assert told == [1, 2]
        assert current_transaction() > 0
        assert horizon() < NO_HORIZON

    def test_two_processes_never_tell_one_subscriber_at_the_same_time(self, acme: World) -> None:
        inside, most, heard = 0, 0, []
        lock = threading.Lock()

        @subscribe("tests.alone", Kind.FIRED)
        def hear(events: Sequence[Event]) -> None:
            nonlocal inside, most
            with lock:
                inside += 1
                most = max(most, inside)
            heard.extend(event.data["number"] for event in events)
            with lock:
                inside -= 1

        fire(acme, *range(600))

        def tell() -> None:
            deliver()
            connection.close()

        for thread in [in_thread(tell) for _ in range(4)]:
            thread.join()
        assert most == 1
        assert heard == list(range(600))


def in_thread(work: Callable[[], None]) -> threading.Thread:
    """The work has begun in a thread of its own, on a connection of its own."""
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_on_sqlite_every_committed_event_is_final(db: None) -> None:
    if connection.vendor == "sqlite":
        assert (current_transaction(), horizon()) == (0, NO_HORIZON)
