"""The ticker: calls each sweep when it is due, and outlives the sweeps that fail."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tests.world import World, run_jobs

from hexmark.awarding.actions import award
from hexmark.catalogue.models import AchievementVersion
from hexmark.gaps.jobs import count_organisation
from hexmark.issuing.actions import revoke
from hexmark.issuing.models import Credential, StatusList
from hexmark.jobs import registry, sweep, sweeps, ticker
from hexmark.jobs.housekeeping import forget_finished, forget_sessions
from hexmark.jobs.tasks import run_job


@pytest.fixture
def swept(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The only sweeps are two of this test: "quick" every second and "slow" every minute."""
    monkeypatch.setattr(registry, "_SWEEPS", {})
    names: list[str] = []
    sweep("quick", every_seconds=1)(lambda: names.append("quick"))
    sweep("slow", every_seconds=60)(lambda: names.append("slow"))
    return names


def test_at_first_every_sweep_is_due(swept: list[str]) -> None:
    ticker.tick({}, now=1000.0)
    assert swept == ["quick", "slow"]


def test_later_each_sweep_comes_at_its_own_pace(swept: list[str]) -> None:
    due_at: dict[str, float] = {}
    for second in range(121):
        ticker.tick(due_at, now=1000.0 + second)
    assert swept.count("quick") == 121
    assert swept.count("slow") == 3


def test_ticks_that_come_late_are_not_made_up_for(swept: list[str]) -> None:
    due_at: dict[str, float] = {}
    ticker.tick(due_at, now=0.0)
    ticker.tick(due_at, now=3600.0)
    assert swept == ["quick", "slow"] * 2


@pytest.mark.parametrize("error", [RuntimeError("a bug"), OperationalError("database is locked"), KeyError("zone")])
def test_a_sweep_that_fails_keeps_no_other_from_running(swept: list[str], error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise error

    sweep("a failing one", every_seconds=1)(fail)
    due_at: dict[str, float] = {}
    with caplog.at_level(logging.WARNING, logger="hexmark.jobs"):
        ticker.tick(due_at, now=0.0)
        ticker.tick(due_at, now=1.0)
    assert swept == ["quick", "slow", "quick"]
    assert [entry.getMessage().startswith("The sweep a failing one") for entry in caplog.records] == [True, True]


def test_the_ticker_runs_until_it_is_asked_to_stop(swept: list[str], db: None) -> None:
    answers = iter([False, False, False, True])
    ticker.run_forever(lambda: next(answers), pause_seconds=0)
    assert swept == ["quick", "slow"]


def test_an_award_whose_wake_up_call_was_lost_is_signed_after_the_sweep(acme: World, version: AchievementVersion) -> None:
    award(version, to=[acme.member_person], actor=acme.system)
    forget_wake_up_calls()
    run_every_sweep()
    run_jobs()
    assert Credential.objects.issued().count() == 1


def test_a_list_whose_wake_up_call_was_lost_is_published_after_the_sweep(acme: World, credential: Credential) -> None:
    revoke(credential, actor=acme.steward, reason="Awarded in error")
    forget_wake_up_calls()
    run_every_sweep()
    run_jobs()
    changed = StatusList.objects.get(purpose="revocation")
    assert changed.published_revision == changed.revision == 2


def test_sweeps_wake_nobody_when_there_is_nothing_to_do(acme: World, credential: Credential) -> None:
    count_organisation(acme.organisation.pk)
    forget_wake_up_calls()
    run_every_sweep()
    assert waiting_calls() == 0


@pytest.mark.parametrize(
    ("status", "started", "finished", "kept"),
    [
        ("SUCCESSFUL", 49, 49, False),
        ("FAILED", 49, 49, False),
        ("SUCCESSFUL", 2, 1, True),
        ("FAILED", 2, 1, True),
        # Its process was killed: nobody will ever finish it.
        ("RUNNING", 49, None, False),
        ("RUNNING", 1, None, True),
        ("READY", None, None, True),
    ],
)
def test_wake_up_calls_that_are_over_for_a_day_are_forgotten(
    status: str, started: int | None, finished: int | None, kept: bool, db: None
) -> None:
    def ago(hours: int | None) -> object:
        return None if hours is None else timezone.now() - timedelta(hours=hours)

    DBTaskResult.objects.create(
        status=status,
        started_at=ago(started),
        finished_at=ago(finished),
        args_kwargs={"args": [], "kwargs": {}},
        task_path=run_job.module_path,
        queue_name="default",
        backend_name="default",
        run_after=timezone.now(),
        exception_class_path="",
        traceback="",
    )
    forget_finished()
    assert DBTaskResult.objects.exists() is kept


def test_sessions_that_have_expired_are_forgotten_and_others_are_not(db: None) -> None:
    for key, days in (("expired", -1), ("in use", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=timezone.now() + timedelta(days=days))
    forget_sessions()
    assert [session.session_key for session in Session.objects.all()] == ["in use"]


def run_every_sweep() -> None:
    """Whatever its interval. What fails, fails the test."""
    for entry in sweeps():
        entry.function()


def forget_wake_up_calls() -> None:
    """A crash has swallowed what was to happen after commit."""
    from django.db import connection

    connection.run_on_commit = []


def waiting_calls() -> int:
    """How many calls wait for the commit."""
    from django.db import connection

    return len(connection.run_on_commit)
