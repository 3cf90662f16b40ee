"""Decisions about credentials that need no database."""

from __future__ import annotations

import calendar
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

#: The second one, where the clocks go back over midnight and this moment comes twice: the last day counts to its end.
LAST_MOMENT = time(23, 59, 59, fold=1)


def valid_until(awarded_at: datetime, *, months: int | None, zone: ZoneInfo) -> datetime | None:
    """The end of the last valid day in the organisation's time zone, or None for ever. The last day counts."""
    if months is None:
        return None
    last_day = _months_later(awarded_at.astimezone(zone).date(), months)
    return datetime.combine(last_day, LAST_MOMENT, tzinfo=zone)


def _months_later(day: date, months: int) -> date:
    """The same day of the month so many months later, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def is_expired(valid_until_: datetime | None, at: datetime) -> bool:
    """Whether the active period is over."""
    return valid_until_ is not None and at > valid_until_
