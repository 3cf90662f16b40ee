"""The real queue and the real worker: processes that are started, killed and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django_tasks_db.management.commands.db_worker import Worker as QueueWorker
from django_tasks_db.models import DBTaskResult
from tests.faults.installation import Installation, installation
from tests.world import make_world

from hexmark.awarding.actions import award
from hexmark.issuing.models import Credential
from hexmark.jobs import wake, worker
from hexmark.jobs.worker import Worker


@pytest.fixture
def real_queue(transactional_db: None, settings: Any) -> None:
    """Wake-up calls go to the queue in the database, as they do outside tests."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}


def calls_of(job: str, *, status: str) -> list[DBTaskResult]:
    """The calls of this job in the queue."""
    return [call for call in DBTaskResult.objects.filter(status=status) if call.args_kwargs["args"][0] == job]


def test_a_wake_up_call_waits_in_the_database_until_the_queue_is_worked_off(real_queue: None) -> None:
    acme = make_world("acme")
    award(acme.achievement(), to=[acme.member_person], actor=acme.system)
    assert len(calls_of("issuing.sign", status="READY")) == 1
    assert not Credential.objects.exists()
    drain()
    assert Credential.objects.issued().count() == 1
    assert not DBTaskResult.objects.exclude(status="SUCCESSFUL").exists()


def test_working_off_answers_the_calls_that_jobs_make_themselves(real_queue: None) -> None:
    acme = make_world("acme")
    people = [acme.person(f"Colleague {n}") for n in range(130)]
    award(acme.achievement(), to=people, actor=acme.system)
    drain()
    assert Credential.objects.issued().count() == 130
    # Signing records events, which wakes those who deliver them.
    assert calls_of("events.deliver", status="SUCCESSFUL")
    assert not DBTaskResult.objects.exclude(status="SUCCESSFUL").exists()


def test_a_job_that_fails_does_not_stop_the_queue(real_queue: None) -> None:
    acme = make_world("acme")
    wake("issuing.publish_status_list", 987_654_321)
    award(acme.achievement(), to=[acme.member_person], actor=acme.system)
    drain()
    assert Credential.objects.issued().count() == 1
    assert DBTaskResult.objects.get(status="FAILED").exception_class_path.endswith("DoesNotExist")


def test_the_queue_command_takes_every_queue_and_waits_half_a_second() -> None:
    command = worker.queue_command()
    assert command[:4] == [sys.executable, "-m", "hexmark.jobs.queue_process", str(os.getpid())]
    assert command[command.index("--queue-name") + 1] == "*"
    assert command[command.index("--interval") + 1] == "0.5"
    assert "--no-reload" in command


def test_a_queue_process_that_is_killed_is_started_again_and_the_work_is_done(tmp_path: Path) -> None:
    with installation(tmp_path) as here:
        here.ask("build", "3")
        with running_worker(here) as process:
            first = wait_for(lambda: queue_processes(process.pid))
            os.kill(first[0], signal.SIGKILL)
            second = wait_for(lambda: [pid for pid in queue_processes(process.pid) if pid != first[0]])
            assert second != first
            assert here.ask("wait", "30") == {"done": True}
    assert here.data_dir.is_dir()


def test_the_worker_ends_its_queue_process_when_it_is_asked_to_stop(tmp_path: Path) -> None:
    with installation(tmp_path) as here:
        here.ask("build", "1")
        with running_worker(here) as process:
            [queue] = wait_for(lambda: queue_processes(process.pid))
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=30)
        assert process.returncode == 0, errors
        assert not Path(f"/proc/{queue}").exists()


def test_a_queue_process_ends_when_its_worker_is_killed(tmp_path: Path) -> None:
    with installation(tmp_path) as here:
        here.ask("build", "1")
        with running_worker(here) as process:
            [queue] = wait_for(lambda: queue_processes(process.pid))
            # Not its process group: the queue process is told nothing.
            process.kill()
            process.wait(timeout=30)
            try:
                assert wait_for(lambda: [] if runs(queue) else [queue])
            finally:
                if runs(queue):
                    os.kill(queue, signal.SIGKILL)


def test_a_queue_process_whose_worker_was_gone_before_it_began_does_not_work(tmp_path: Path) -> None:
    with installation(tmp_path) as here:
        here.ask("build", "1")
        gone = here.start("-c", "")
        gone.communicate(timeout=30)
        code, _, errors = here.run("-m", "hexmark.jobs.queue_process", str(gone.pid), "--interval", "0.5", "--no-reload", seconds=60)
    assert code in (0, 1, -signal.SIGTERM), errors


def test_a_queue_process_that_cannot_be_started_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "queue_command", lambda: ["/no/such/program"])
    tried = restarts_within(2.0)
    assert tried >= 2


def test_a_queue_process_that_ends_at_once_is_started_again_more_and_more_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "queue_command", lambda: [sys.executable, "-S", "-c", "raise SystemExit(3)"])
    # At once, after 0.5 s and after 1.5 s; the fourth would come after 3.5 s.
    assert 2 <= restarts_within(2.6) <= 3


def drain() -> None:
    """Every wake-up call that is ready has been answered in this process, and those that these made."""
    QueueWorker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="in-process",
        excluded_queue_names=[],
    ).run()


def restarts_within(seconds: float) -> int:
    """How often a worker without any sweeps had to start its queue process again."""
    tested = Worker()
    keeper = threading.Thread(target=tested._keep_alive)
    keeper.start()
    time.sleep(seconds)
    tested.stop()
    keeper.join(timeout=10)
    assert not keeper.is_alive()
    return tested.restarts


@contextmanager
def running_worker(here: Installation) -> Iterator[subprocess.Popen[str]]:
    """`hexmark worker`, ended whatever happens."""
    process = here.start("-c", "from hexmark.cli import main; main()", "worker")
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.communicate(timeout=40)


def queue_processes(parent: int) -> list[int]:
    """The children of a process that work off the queue."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            of_parent = f"\nPPid:\t{parent}\n" in (folder / "status").read_text()
            if of_parent and b"queue_process" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


def runs(pid: int) -> bool:
    """Whether the process is there and does not only wait to be noticed as dead."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def wait_for(look: Callable[[], list[int]], seconds: float = 20) -> list[int]:
    """What is found, as soon as something is."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError("Nothing was found in time.")
