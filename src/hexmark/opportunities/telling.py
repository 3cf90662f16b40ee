"""Letters about decisions, once the time in which they can be undone is over."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from hexmark.opportunities import letters
from hexmark.opportunities.interest_tables import Interest, InterestQuerySet, Standing
from hexmark.opportunities.rules import HOLD

AT_ONCE = 200


def tell_decisions() -> int:
    """Some of those about whom it was decided have their letter; returns how many."""
    told = 0
    for interest in _owed().select_related("opportunity__organisation", "person__organisation", "person__account").order_by("pk")[:AT_ONCE]:
        told += _tell(interest)
    return told


def is_anything_owed() -> bool:
    """Whether a letter about a decision or a gate is due."""
    return _owed().exists() or Standing.objects.filter(told_at__isnull=True).exists()


def _owed() -> InterestQuerySet:
    return Interest.objects.filter(told_at__isnull=True, decided_at__lte=timezone.now() - HOLD)


@transaction.atomic
def _tell(interest: Interest) -> int:
    """The letter is in the outbox. The decision is read again under its lock: it may have been undone a moment ago."""
    owed = _owed().filter(pk=interest.pk, decided_at=interest.decided_at)
    if not owed.update(told_at=timezone.now()):
        return 0
    letters.send([letters.decided(interest)])
    return 1
