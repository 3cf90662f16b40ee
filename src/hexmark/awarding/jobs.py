"""Jobs and sweeps of awarding: lists are checked and run, and what was undone is cleared away."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from hexmark.awarding.checking import check_some
from hexmark.awarding.clearing import clear_some, uncleared_runs
from hexmark.awarding.making import TO_MAKE, make_some
from hexmark.awarding.models import Batch, BatchRow
from hexmark.jobs import job, sweep, wake

#: Then others have their turn: the jobs of all organisations stand in one queue.
TURN_SECONDS = 2.0
#: A list that is still being stored after so long is one whose upload was cut off.
CUT_OFF_AFTER = timedelta(hours=1)
#: Lists hold names and addresses: what nobody has run for so long goes.
KEEP_UNUSED = timedelta(days=90)


@job("awarding.check")
def check(batch_id: int) -> None:
    """The list's rows are checked for some seconds; the next call goes on."""
    batch = Batch.objects.select_related("organisation", "created_by__account").filter(pk=batch_id, state=Batch.State.OPEN).first()
    if batch is not None and _goes_on(lambda: check_some(batch)):
        wake("awarding.check", batch_id)


@job("awarding.make")
def make(batch_id: int) -> None:
    """The list's ready rows become awards for some seconds; the next call goes on."""
    if _goes_on(lambda: make_some(batch_id)):
        wake("awarding.make", batch_id)


@job("awarding.clear_undone")
def clear(run_id: int) -> None:
    """The undone run's awards are deleted for some seconds; the next call goes on."""
    if _goes_on(lambda: clear_some(run_id)):
        wake("awarding.clear_undone", run_id)


@sweep("awarding.batches", every_seconds=10)
def wake_for_batches() -> None:
    """Lists that a crash left half checked or half run, and undone runs that are not cleared away."""
    rows = BatchRow.objects.filter(batch=OuterRef("pk"))
    unchecked = Batch.objects.filter(Exists(rows.filter(outcome=BatchRow.Outcome.UNCHECKED)), state=Batch.State.OPEN)
    for pk in unchecked.order_by("pk").values_list("pk", flat=True):
        wake("awarding.check", pk)
    unmade = Batch.objects.filter(Exists(rows.filter(outcome__in=TO_MAKE)), state=Batch.State.RUN, run__undone_at__isnull=True)
    for pk in unmade.order_by("pk").values_list("pk", flat=True):
        wake("awarding.make", pk)
    for pk in uncleared_runs():
        wake("awarding.clear_undone", pk)


@sweep("awarding.forget_lists", every_seconds=3600)
def forget_lists() -> None:
    """Lists that never arrived whole, and lists that nobody ran, are gone when their time is over."""
    now = timezone.now()
    Batch.objects.filter(state=Batch.State.ARRIVING, created_at__lt=now - CUT_OFF_AFTER).delete()
    Batch.objects.filter(state=Batch.State.OPEN, created_at__lt=now - KEEP_UNUSED).delete()


def _goes_on(work: Callable[[], int]) -> bool:
    """Whether there may be more to do when the turn is over."""
    ends = time.monotonic() + TURN_SECONDS
    while work():
        if time.monotonic() > ends:
            return True
    return False
