"""The one task that the queue knows: call a job by its name."""

import logging

from django_tasks import task

from hexmark.jobs.registry import Argument, run

logger = logging.getLogger("hexmark.jobs")


@task()
def run_job(name: str, arguments: list[Argument]) -> None:
    """Call the job. An error is logged; the sweep brings the work back."""
    try:
        run(name, *arguments)
    except Exception:
        # Here, because the queue keeps what went wrong to itself.
        logger.exception("The job %s%r failed. What it left will be found by its sweep.", name, tuple(arguments))
        raise
