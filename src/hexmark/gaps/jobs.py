"""Jobs and sweeps of gaps."""

from django.utils import timezone

from hexmark.gaps.snapshots import due_for_counting, take_snapshot
from hexmark.jobs import job, sweep, wake
from hexmark.organisations.models import Organisation


@job("gaps.count")
def count_organisation(organisation_id: int) -> None:
    """The organisation is counted for today."""
    if organisation_id in due_for_counting(timezone.now()):
        take_snapshot(Organisation.objects.get(pk=organisation_id))


@sweep("gaps.count", every_seconds=600)
def wake_to_count() -> None:
    """Every organisation is counted once a day, soon after its midnight."""
    for organisation_id in due_for_counting(timezone.now()):
        wake("gaps.count", organisation_id)
