"""Jobs and sweeps by name, and `wake`, which calls a job after the transaction has been committed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from django.db import transaction

Argument = str | int
Job = Callable[..., None]

_JOBS: dict[str, Job] = {}
_SWEEPS: dict[str, Sweep] = {}


@dataclass(frozen=True, slots=True)
class Sweep:
    """A function that looks into domain tables for work that nobody was woken for, and wakes the job again."""

    name: str
    every_seconds: int
    function: Callable[[], None]


def job(name: str) -> Callable[[Job], Job]:
    """Register a function as the job of this name (`"issuing.sign"`).

    Raises:
        ValueError: the name is taken by another function.
    """

    def register(function: Job) -> Job:
        if _JOBS.get(name, function).__qualname__ != function.__qualname__:
            raise ValueError(f"The job name {name!r} is taken.")
        _JOBS[name] = function
        return function

    return register


def sweep(name: str, *, every_seconds: int) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a function that the ticker calls this often, in whole seconds ≥ 1."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        _SWEEPS[name] = Sweep(name=name, every_seconds=every_seconds, function=function)
        return function

    return register


def registered_jobs() -> Mapping[str, Job]:
    """Every job by its name."""
    return dict(_JOBS)


def sweeps() -> list[Sweep]:
    """Every sweep, in order of name."""
    return [_SWEEPS[name] for name in sorted(_SWEEPS)]


def wake(name: str, *arguments: Argument) -> None:
    """Have the job called once this transaction is committed; nothing happens if it is rolled back.

    Raises:
        LookupError: no job has this name.
    """
    if name not in _JOBS:
        raise LookupError(f"No job is called {name!r}.")
    # Robust: the work is committed and a sweep will find it, so a queue that cannot be reached must not look like a failure.
    transaction.on_commit(partial(_enqueue, name, *arguments), robust=True)


def run(name: str, *arguments: Argument) -> None:
    """Call the job now, in this process."""
    _JOBS[name](*arguments)


def _enqueue(name: str, *arguments: Argument) -> None:
    # Imported late: the task decorator reads Django's settings.
    from hexmark.jobs.tasks import run_job

    run_job.enqueue(name, list(arguments))
