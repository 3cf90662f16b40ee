"""What can be done with a run before all of it is signed: undo and sign now within the hold, pause and resume at any time.

These are actions like those of `awarding.actions`, which offers them too; they stand here because they share the run's lock.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from hexmark.access import Actor, Permission, allow
from hexmark.awarding.clearing import AT_ONCE
from hexmark.awarding.event_types import EventType
from hexmark.awarding.making import TO_MAKE
from hexmark.awarding.models import Award, AwardRun, Batch, BatchRow
from hexmark.awarding.rules import may_be_undone
from hexmark.errors import Conflict
from hexmark.events.log import record
from hexmark.jobs import wake

_HOLD_IS_OVER = "The ten minutes are over. What was signed can be revoked, with a reason."


@transaction.atomic
def undo(run: AwardRun, *, actor: Actor) -> int:
    """The run's awards never were; returns how many. Nothing was signed, so nothing has to be revoked.

    Raises:
        NotPermitted: the actor may not award here.
        Conflict: the hold is over, or it was undone before.
    """
    allow(actor, Permission.AWARD, run)
    waiting, now = _locked(run)
    if not may_be_undone(waiting, now):
        raise Conflict(_HOLD_IS_OVER)
    awards = Award.objects.filter(run=run)
    undone = awards.count() + BatchRow.objects.filter(batch__run=run, outcome__in=TO_MAKE).count()
    if undone > AT_ONCE:
        if awards.filter(reserved_at__isnull=False).exists():
            raise Conflict(_HOLD_IS_OVER)
        wake("awarding.clear_undone", run.pk)
    else:
        _delete(run)
    AwardRun.objects.filter(pk=run.pk).update(undone_at=now)
    record(EventType.UNDONE, run, actor=actor, awards=undone)
    return undone


@transaction.atomic
def release_now(run: AwardRun, *, actor: Actor) -> None:
    """The hold is over: signing begins.

    Raises:
        NotPermitted: the actor may not award here.
        Conflict: the hold is over already, or the run was undone.
    """
    allow(actor, Permission.AWARD, run)
    waiting, now = _locked(run)
    if not may_be_undone(waiting, now):
        raise Conflict("This run is not waiting any more.")
    AwardRun.objects.filter(pk=run.pk).update(release_at=now)
    released = Award.objects.filter(run=run).update(release_at=now)
    record(EventType.RELEASED, run, actor=actor, awards=released)
    wake("issuing.sign", run.organisation_id)


@transaction.atomic
def pause_signing(run: AwardRun, *, actor: Actor) -> None:
    """Nothing more of the run is signed until somebody resumes it; what is being signed at this moment is finished.

    Raises:
        NotPermitted: the actor may not award here.
        Conflict: it is paused, or it was undone.
    """
    allow(actor, Permission.AWARD, run)
    going_on = AwardRun.objects.filter(pk=run.pk, paused_at__isnull=True, undone_at__isnull=True)
    if not going_on.update(paused_at=timezone.now()):
        raise Conflict("Signing of this run is paused already, or the run was undone.")
    record(EventType.RUN_PAUSED, run, actor=actor)


@transaction.atomic
def resume_signing(run: AwardRun, *, actor: Actor) -> None:
    """What is due of the run is signed again.

    Raises:
        NotPermitted: the actor may not award here.
        Conflict: it is not paused, or it was undone.
    """
    allow(actor, Permission.AWARD, run)
    paused = AwardRun.objects.filter(pk=run.pk, paused_at__isnull=False, undone_at__isnull=True)
    if not paused.update(paused_at=None):
        raise Conflict("Signing of this run is not paused.")
    record(EventType.RUN_RESUMED, run, actor=actor)
    wake("issuing.sign", run.organisation_id)


def _delete(run: AwardRun) -> None:
    awards = Award.objects.filter(run=run)
    # Locked before anything is deleted, so that signing either has its rows by now, which is seen below, or passes over these.
    list(awards.select_for_update().values_list("pk", flat=True))
    try:
        awards.delete()
    except (ProtectedError, IntegrityError) as error:
        raise Conflict(_HOLD_IS_OVER) from error


def _locked(run: AwardRun) -> tuple[AwardRun, datetime]:
    """The run as it stands, which waits for nobody else now, and the moment: whoever waited for the lock may have waited too long."""
    # First the list, whose awards may just be being made: they would have the run's old times.
    list(Batch.objects.select_for_update().filter(run=run).values_list("pk", flat=True))
    waiting = AwardRun.objects.select_for_update().get(pk=run.pk)
    return waiting, timezone.now()
