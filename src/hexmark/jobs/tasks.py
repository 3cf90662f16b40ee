"""The one task that the queue knows: call a job by its name."""

from django_tasks import task

from hexmark.jobs.registry import Argument, run


@task()
def run_job(name: str, arguments: list[Argument]) -> None:
    """Call the job. An error is logged by the queue; the sweep brings the work back."""
    run(name, *arguments)
