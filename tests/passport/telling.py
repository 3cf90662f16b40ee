"""Telling the passport what happened, on every database: on PostgreSQL the log gives nothing of a transaction that is still open."""

from __future__ import annotations

from hexmark.events.models import Event
from hexmark.events.subscriptions import subscriptions
from hexmark.jobs import run
from hexmark.passport.models import Entry


def tell(*names: str) -> None:
    """The passport's subscribers (or those of these names) were told everything from the beginning."""
    for one in subscriptions():
        if one.name.startswith("passport.") and (not names or one.name in names):
            one.handler(list(Event.objects.filter(event_type__in=one.event_types).order_by("pk")))
    while Entry.objects.filter(told_at__isnull=True).exists():
        run("passport.tell")
