"""The queue's own housekeeping."""

from datetime import timedelta

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from hexmark.jobs.registry import sweep

KEEP_FINISHED = timedelta(days=1)


@sweep("jobs.forget_finished", every_seconds=600)
def forget_finished() -> None:
    """Wake-up calls that ended more than a day ago are gone: their effects stand in the domain tables."""
    DBTaskResult.objects.filter(finished_at__lt=timezone.now() - KEEP_FINISHED).delete()
