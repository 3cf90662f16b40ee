"""What becomes of the log when it is restored into another database."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Max

from hexmark.events.models import NEVER_TOLD, Cursor, Event


@transaction.atomic
def place_before_new_transactions() -> None:
    """What the log holds comes before whatever is recorded from now on, in the order that it had; nobody is told anything again.

    A new PostgreSQL cluster numbers its transactions from the start, and SQLite not at all: left as they are, the restored events
    would stand behind the new ones, and the cursors beyond what is recorded next, which nobody would ever be told.
    """
    newest = max(model.objects.aggregate(newest=Max("transaction_id"))["newest"] or 0 for model in (Event, Cursor))
    if newest <= 0:
        return
    # All moved by as much, so that the order and each subscriber's place in it stay what they were.
    Event.objects.update(transaction_id=F("transaction_id") - newest)
    Cursor.objects.filter(transaction_id__gt=NEVER_TOLD).update(transaction_id=F("transaction_id") - newest)
