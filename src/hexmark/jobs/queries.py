"""Reading the queue: what waits, and what failed. The queue serves every organisation of the installation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from hexmark.jobs.registry import registered_jobs, wake

MOST_FAILED = 50


@dataclass(frozen=True, slots=True)
class QueueState:
    """How many wake-up calls wait, work and failed, and since when the oldest waits."""

    waiting: int
    working: int
    failed: int
    oldest_waits_since: datetime | None


@dataclass(frozen=True, slots=True)
class FailedJob:
    """One call that ended with an error within the last day."""

    id: str
    name: str
    arguments: tuple[str | int, ...]
    failed_at: datetime | None
    kind: str
    reason: str


def queue_state() -> QueueState:
    """The queue in numbers."""
    counts = dict(DBTaskResult.objects.values_list("status").annotate(number=Count("pk")).order_by())
    oldest = DBTaskResult.objects.filter(status=TaskResultStatus.READY).aggregate(oldest=Min("enqueued_at"))["oldest"]
    return QueueState(
        waiting=counts.get(TaskResultStatus.READY, 0),
        working=counts.get(TaskResultStatus.RUNNING, 0),
        failed=counts.get(TaskResultStatus.FAILED, 0),
        oldest_waits_since=oldest,
    )


def failed_jobs() -> list[FailedJob]:
    """What failed lately, newest first. A job that failed is brought back by its sweep; what stays here is only a call."""
    failed = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).order_by("-finished_at", "-pk")[:MOST_FAILED]
    return [_as_failed(result) for result in failed]


def run_again(result_id: str) -> bool:
    """The job is called again with the same arguments, and its failure is gone; False if it is not there any more."""
    try:
        key = UUID(result_id)
    except ValueError:
        return False
    result = DBTaskResult.objects.filter(pk=key, status=TaskResultStatus.FAILED).first()
    if result is None:
        return False
    job = _as_failed(result)
    if job.name not in registered_jobs():
        return False
    result.delete()
    wake(job.name, *job.arguments)
    return True


def _as_failed(result: DBTaskResult[..., object]) -> FailedJob:
    given = result.args_kwargs.get("args") or ["?", []]
    return FailedJob(
        id=str(result.pk),
        name=str(given[0]),
        arguments=tuple(given[1]),
        failed_at=result.finished_at,
        kind=result.exception_class_path.rpartition(".")[2],
        reason=(result.traceback.strip().splitlines() or [""])[-1][:300],
    )
