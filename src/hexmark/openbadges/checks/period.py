"""Is it in date? The time is the caller's; two honest clocks may differ a little."""

from __future__ import annotations

from datetime import datetime, timedelta

from hexmark.openbadges import limits, timestamps
from hexmark.openbadges.checks.sources import Document, refusal
from hexmark.openbadges.checks.words import day
from hexmark.openbadges.errors import FormatError
from hexmark.openbadges.report import Axis, Check, Outcome

#: What the older data model 1.1 calls the same things.
_BEGINS = ("validFrom", "issuanceDate")
_ENDS = ("validUntil", "expirationDate")


def check_period(document: Document, *, at: datetime) -> list[Check]:
    """One check: in date, not yet, no longer; skipped if the document names no time.

    The beginning allows for clocks that differ (`limits.CLOCK_SKEW_SECONDS`); the end does not.
    Source: VCDM 2.0, 4.9.
    """
    try:
        begins, ends = _moment(document, _BEGINS), _moment(document, _ENDS)
    except FormatError as error:
        return [refusal(Axis.TIME, error)]
    if begins is None and ends is None:
        return [Check(Axis.TIME, Outcome.SKIPPED, "The document names no time from or until which it is valid.")]
    if begins is not None and begins > at + timedelta(seconds=limits.CLOCK_SKEW_SECONDS):
        details = {"validFrom": begins.isoformat()}
        return [Check(Axis.TIME, Outcome.FAILED, f"Not valid yet: it begins on {day(begins)}.", "NOT_YET_VALID", details)]
    if ends is not None and ends < at:
        details = {"validUntil": ends.isoformat()}
        return [Check(Axis.TIME, Outcome.FAILED, f"Expired on {day(ends)}.", "EXPIRED", details)]
    words = f"In date: valid until {day(ends)}." if ends is not None else "In date: it does not expire."
    return [Check(Axis.TIME, Outcome.PASSED, words)]


def _moment(document: Document, names: tuple[str, str]) -> datetime | None:
    for name in names:
        if name in document:
            try:
                return timestamps.parse(document[name])
            except FormatError as error:
                error.pointer = f"/{name}"
                raise
    return None
