"""Housekeeping of the API's own tables."""

from hexmark.api.allowances import forget_old_windows
from hexmark.api.idempotency import forget_old_calls
from hexmark.jobs import sweep


@sweep("api.forget", every_seconds=600)
def forget() -> None:
    """Answers that were kept for a day and counts of windows that are over are gone."""
    forget_old_calls()
    forget_old_windows()
