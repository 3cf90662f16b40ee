"""Jobs by name: registered once, woken after commit and only then, and errors that somebody gets to read."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from tests.world import World, run_jobs

import hexmark
from hexmark.jobs import job, registered_jobs, registry, run, sweep, sweeps, wake


@pytest.fixture
def calls() -> Iterator[list[tuple[object, ...]]]:
    """What the job "tests.note" was called with."""
    noted: list[tuple[object, ...]] = []

    @job("tests.note")
    def note(*arguments: object) -> None:
        noted.append(arguments)

    yield noted
    del registry._JOBS["tests.note"]


def test_a_job_is_called_once_the_transaction_is_committed(calls: list[object], transactional_db: None) -> None:
    with transaction.atomic():
        wake("tests.note", 7, "seven")
        assert calls == []
    assert calls == [(7, "seven")]


def test_a_job_is_not_called_when_the_transaction_is_rolled_back(calls: list[object], transactional_db: None) -> None:
    with transaction.atomic():
        wake("tests.note", 1)
        transaction.set_rollback(True)
    assert calls == []


def test_a_job_woken_in_a_savepoint_that_was_rolled_back_is_not_called(calls: list[object], transactional_db: None) -> None:
    with transaction.atomic():
        wake("tests.note", "outer")
        with transaction.atomic():
            wake("tests.note", "inner")
            transaction.set_rollback(True)
    assert calls == [("outer",)]


def test_without_a_transaction_a_job_is_called_at_once(calls: list[object], transactional_db: None) -> None:
    wake("tests.note")
    assert calls == [()]


def test_jobs_are_called_in_the_order_in_which_they_were_woken(calls: list[object], transactional_db: None) -> None:
    with transaction.atomic():
        for number in range(5):
            wake("tests.note", number)
    assert calls == [(0,), (1,), (2,), (3,), (4,)]


def test_waking_a_job_that_nobody_registered_is_refused_at_once(db: None) -> None:
    with pytest.raises(LookupError, match=r"issuing\.sing"):
        wake("issuing.sing", 1)


def test_a_name_belongs_to_one_function() -> None:
    def usurper() -> None:
        """Another function."""

    with pytest.raises(ValueError, match="taken"):
        job("issuing.sign")(usurper)
    assert registered_jobs()["issuing.sign"].__name__ == "sign"


def test_registering_the_same_function_again_is_no_mistake() -> None:
    function = registered_jobs()["issuing.sign"]
    assert job("issuing.sign")(function) is function


def test_the_list_of_jobs_cannot_be_changed_from_outside() -> None:
    registered_jobs().clear()  # type: ignore[attr-defined]
    assert "issuing.sign" in registered_jobs()


def test_a_job_can_be_run_here_and_now(calls: list[object]) -> None:
    run("tests.note", 3)
    assert calls == [(3,)]


def test_every_job_and_sweep_is_named_after_its_room() -> None:
    rooms = {path.name for path in Path(hexmark.__file__).parent.iterdir() if (path / "__init__.py").exists()}
    names = [*registered_jobs(), *(entry.name for entry in sweeps())]
    assert {name.partition(".")[0] for name in names} <= rooms


def test_sweeps_come_in_order_of_name() -> None:
    assert [entry.name for entry in sweeps()] == sorted(entry.name for entry in sweeps())


def test_sweeps_that_look_for_lost_work_never_idle_for_more_than_ten_minutes_and_housekeeping_for_no_more_than_a_day() -> None:
    for entry in sweeps():
        assert 1 <= entry.every_seconds <= (24 * 3600 if ".forget_" in entry.name else 600), entry.name


def test_a_sweep_registered_again_replaces_the_first() -> None:
    before = len(sweeps())
    sweep("tests.sweep", every_seconds=5)(lambda: None)
    sweep("tests.sweep", every_seconds=9)(lambda: None)
    [added] = [entry for entry in sweeps() if entry.name == "tests.sweep"]
    del registry._SWEEPS["tests.sweep"]
    assert added.every_seconds == 9
    assert len(sweeps()) == before


def test_a_job_that_fails_is_logged_with_its_name_arguments_and_trace(acme: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="hexmark.jobs"):
        wake("issuing.publish_status_list", 987_654_321)
        with pytest.raises(AssertionError, match=r"issuing\.publish_status_list"):
            run_jobs()
    [entry] = [entry for entry in caplog.records if entry.name == "hexmark.jobs"]
    assert "issuing.publish_status_list(987654321,) failed" in entry.getMessage()
    assert entry.exc_info is not None


def test_a_queue_that_cannot_be_reached_does_not_make_committed_work_look_failed(
    calls: list[object], transactional_db: None, caplog: pytest.LogCaptureFixture, settings: object
) -> None:
    def unreachable(*_: object) -> None:
        raise DatabaseError("the queue's table is locked")

    with transaction.atomic():
        # What the queue's own insert does when it cannot: the wake-up call behind it must still be made.
        wake("tests.note", "before")
        connection.run_on_commit.append((set(), unreachable, connection.run_on_commit[-1][2]))
        wake("tests.note", "after")
    assert calls == [("before",), ("after",)]
    assert "the queue's table is locked" in caplog.text
