"""Jobs and sweeps of issuing."""

import time
from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from hexmark.awarding.queries import due_for_signing
from hexmark.issuing.actions import publish_status_list, unpublished_status_lists
from hexmark.issuing.changing import carry_out_some
from hexmark.issuing.models import StatusChange, StatusChangeItem, StatusList
from hexmark.issuing.signing import sign_batch, unsigned_and_free
from hexmark.jobs import job, sweep, wake

TURN_SECONDS = 2.0
#: A change whose items are still being written down after so long is one whose request was cut off.
CUT_OFF_AFTER = timedelta(hours=1)


@job("issuing.sign")
def sign(organisation_id: int) -> None:
    """The organisation's due awards are signed for some seconds; more are signed by the next call."""
    # Then others have their turn: the jobs of all organisations stand in one queue.
    ends = time.monotonic() + TURN_SECONDS
    while sign_batch(organisation_id):
        if time.monotonic() > ends:
            wake("issuing.sign", organisation_id)
            return


@job("issuing.publish_status_list")
def publish(status_list_id: int) -> None:
    """The list is served as its register stands."""
    publish_status_list(StatusList.objects.get(pk=status_list_id))


@job("issuing.change")
def change(change_id: int) -> None:
    """The change of many is carried out for some seconds; the next call goes on."""
    ends = time.monotonic() + TURN_SECONDS
    while carry_out_some(change_id):
        if time.monotonic() > ends:
            wake("issuing.change", change_id)
            return


@sweep("issuing.sign", every_seconds=5)
def wake_for_due_awards() -> None:
    """Holds that ended, and what a crash left unsigned."""
    due = set(due_for_signing(timezone.now()).order_by().values_list("organisation_id", flat=True).distinct())
    unsigned = set(unsigned_and_free(timezone.now()).order_by().values_list("organisation_id", flat=True).distinct())
    for organisation_id in sorted(due | unsigned):
        wake("issuing.sign", organisation_id)


@sweep("issuing.publish_status_lists", every_seconds=15)
def wake_for_unpublished_lists() -> None:
    """Lists whose wake-up call was lost."""
    for status_list in unpublished_status_lists():
        wake("issuing.publish_status_list", status_list.pk)


@sweep("issuing.changes", every_seconds=10)
def wake_for_changes() -> None:
    """Changes of many that a crash left half done. What was never written down whole was never decided, and goes."""
    waiting = StatusChangeItem.objects.filter(change=OuterRef("pk"), outcome=StatusChangeItem.Outcome.WAITING)
    unfinished = StatusChange.objects.filter(Exists(waiting), complete_at__isnull=False)
    for pk in unfinished.order_by("pk").values_list("pk", flat=True):
        wake("issuing.change", pk)
    StatusChange.objects.filter(complete_at__isnull=True, decided_at__lt=timezone.now() - CUT_OFF_AFTER).delete()
