"""Housekeeping: what nobody needs any more goes."""

from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from hexmark.jobs.registry import sweep

KEEP_FINISHED = timedelta(days=1)


@sweep("jobs.forget_finished", every_seconds=600)
def forget_finished() -> None:
    """Wake-up calls that ended, or began and died, more than a day ago are gone: their effects stand in the domain tables."""
    before = timezone.now() - KEEP_FINISHED
    DBTaskResult.objects.filter(Q(finished_at__lt=before) | Q(finished_at__isnull=True, started_at__lt=before)).delete()


@sweep("jobs.forget_sessions", every_seconds=24 * 3600)
def forget_sessions() -> None:
    """Sessions that have expired are gone: nobody can sign in with them, and they say who was here."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
