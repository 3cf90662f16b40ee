"""Months and days: adding them to moments without leaving the calendar, and saying them in words."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, tzinfo

#: What counts for ever counts until here.
NEVER = datetime.max.replace(tzinfo=UTC)
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_INSTANT = timedelta(microseconds=1)


def months_after(moment: datetime, months: int) -> datetime:
    """The same day so many months later; the month's last day where it has no such day, NEVER beyond the calendar."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    if year > date.max.year:
        return NEVER
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def days_after(moment: datetime, days: int) -> datetime:
    """So many days later (or earlier, if negative), held within the calendar."""
    try:
        return moment + timedelta(days=days)
    except OverflowError:
        return NEVER if days > 0 else datetime.min.replace(tzinfo=UTC)


def just_before(moment: datetime) -> datetime:
    """The last moment before this one."""
    return days_after(moment, 0) - _INSTANT


def begin_of(day: date, zone: tzinfo | None) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time.min, zone)


def end_of(day: date, zone: tzinfo | None) -> datetime:
    """The last moment of a day."""
    return datetime.combine(day, time.max, zone)


def full_months(since: date, until: date) -> int:
    """How many months have passed, by which the day of the month has come round again."""
    months = (until.year - since.year) * 12 + until.month - since.month
    return months - (until.day < min(since.day, monthrange(until.year, until.month)[1]))


def day(moment: date) -> str:
    """A day in words, such as 3 March 2026."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def months(number: int) -> str:
    """A number of months in words, in years where it is whole years from two on."""
    if number >= 24 and number % 12 == 0:
        return f"{number // 12} years"
    return f"{number} month{'s' if number != 1 else ''}"
