"""Jobs and sweeps of the passport."""

from hexmark.jobs import job, sweep, wake
from hexmark.passport.exports import forget_old_exports, make_export, unmade_exports
from hexmark.passport.models import Export
from hexmark.passport.telling import BATCH, may_begin, tell_batch


@job("passport.export")
def export(export_id: int) -> None:
    """The archive is ready, unless its account has another by now."""
    found = Export.objects.select_related("account").filter(pk=export_id).first()
    if found is not None:
        make_export(found)


@job("passport.tell")
def tell() -> None:
    """A batch of people is told what they were given; more are told by the next call."""
    if may_begin() and tell_batch() == BATCH:
        wake("passport.tell")


@sweep("passport.tell", every_seconds=15)
def wake_to_tell() -> None:
    """Letters that waited for signing, or whose wake-up call was lost."""
    if may_begin():
        wake("passport.tell")


@sweep("passport.export", every_seconds=60)
def wake_for_exports() -> None:
    """Archives whose wake-up call was lost, or whose maker died."""
    for export_id in unmade_exports():
        wake("passport.export", export_id)


@sweep("passport.forget_exports", every_seconds=3600)
def forget_exports() -> None:
    """Archives are not kept for longer than a week."""
    forget_old_exports()
