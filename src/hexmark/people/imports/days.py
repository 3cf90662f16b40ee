"""Days as people and programs write them. What could be two days is asked about, never guessed."""

from __future__ import annotations

import re
from datetime import date

from hexmark.people.import_tables import PeopleImport

DAY_FIRST, MONTH_FIRST = PeopleImport.DateOrder.DAY_FIRST, PeopleImport.DateOrder.MONTH_FIRST
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
#: Points stand between day, month and year, in this order, wherever points are used.
_POINTS = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})")
_LOCAL = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")


class Ambiguous(ValueError):
    """The day could be two days."""


def parsed_day(text: str, order: str = "") -> date:
    """The day that this text means, by the order of day and month where it matters (`day_first`, `month_first` or not known).

    Raises:
        Ambiguous: it could be two days, and the order is not known.
        ValueError: it is no day of the calendar, or its year is written with two digits.
    """
    for form, places in ((_ISO, (1, 2, 3)), (_YEAR_FIRST, (1, 2, 3)), (_POINTS, (3, 2, 1))):
        found = form.fullmatch(text)
        if found:
            return _day(text, *(int(found[place]) for place in places))
    found = _LOCAL.fullmatch(text)
    if not found:
        raise ValueError(f"“{text[:40]}” is no date such as 2026-03-31.")
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    if not order and first != second and first <= 12 and second <= 12:
        raise Ambiguous(f"“{text}” could be two days.")
    if order == DAY_FIRST or (not order and first > 12):
        return _day(text, year, second, first)
    return _day(text, year, first, second)


def _day(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueError(f"“{text[:40]}” is no day of the calendar.") from error


def order_of(texts: list[str]) -> str:
    """Which of both orders the days of a list are written in, as far as one of them shows it; empty if none does, or two differ."""
    shown = set()
    for text in texts:
        found = _LOCAL.fullmatch(text)
        if found and (int(found[1]) > 12) != (int(found[2]) > 12):
            shown.add(DAY_FIRST if int(found[1]) > 12 else MONTH_FIRST)
    return shown.pop() if len(shown) == 1 else ""
