"""Deleting the awards of long runs that were undone, a chunk at a time: in one go it would stop every other writer for too long."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef

from hexmark.awarding.models import Award, AwardRun

#: A run of up to so many awards is cleared in the transaction that undoes it.
AT_ONCE = 1000
CHUNK = 500


def clear_some(run_id: int) -> int:
    """Up to a chunk of an undone run's awards are gone; returns how many there were."""
    with transaction.atomic():
        awards = Award.objects.filter(run_id=run_id, run__undone_at__isnull=False)
        keys = list(awards.order_by("pk").values_list("pk", flat=True)[:CHUNK])
        Award.objects.filter(pk__in=keys).delete()
    return len(keys)


def forget_undone(version_id: int, person_ids: Sequence[int]) -> None:
    """What these people were awarded in runs that were undone is gone, so that it does not stand in the way of a new award."""
    undone = AwardRun.objects.filter(version_id=version_id, undone_at__isnull=False)
    uncleared = list(undone.filter(Exists(Award.objects.filter(run=OuterRef("pk")))).values_list("pk", flat=True))
    for begin in range(0, len(person_ids) if uncleared else 0, CHUNK):
        Award.objects.filter(run_id__in=uncleared, person_id__in=person_ids[begin : begin + CHUNK]).delete()


def uncleared_runs() -> list[int]:
    """Runs, in every organisation, that were undone and have awards left."""
    undone = AwardRun.objects.filter(Exists(Award.objects.filter(run=OuterRef("pk"))), undone_at__isnull=False)
    return list(undone.order_by("pk").values_list("pk", flat=True))
