"""Working off the queue in this process, for commands that want the effect before they go on."""

from __future__ import annotations

from django_tasks_db.management.commands.db_worker import Worker as QueueWorker


def drain() -> None:
    """Every wake-up call that is ready has been answered, and those that these made."""
    worker = QueueWorker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="in-process",
        excluded_queue_names=[],
    )
    worker.run()
