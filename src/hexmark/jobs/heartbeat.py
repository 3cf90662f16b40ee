"""A sign of life of the worker, so that a page can say whether anything works off the queue."""

from datetime import datetime

from django.core.cache import cache
from django.utils import timezone

from hexmark.jobs.registry import sweep

_SEEN = "jobs.worker.seen"
#: The ticker writes every half minute; after four times as long without a sign nobody is there.
SILENT_AFTER_SECONDS = 120


@sweep("jobs.heartbeat", every_seconds=30)
def beat() -> None:
    """It is noted that the worker is alive now."""
    cache.set(_SEEN, timezone.now(), timeout=24 * 3600)


def worker_seen_at() -> datetime | None:
    """When the worker last gave a sign of life; None if it has not for a day."""
    seen = cache.get(_SEEN)
    return seen if isinstance(seen, datetime) else None


def worker_is_alive() -> bool:
    """Whether the worker gave a sign of life lately."""
    seen = worker_seen_at()
    return seen is not None and (timezone.now() - seen).total_seconds() < SILENT_AFTER_SECONDS
