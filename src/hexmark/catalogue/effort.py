"""How long something takes, as people write and read it. Whole minutes in the database; no database here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hexmark.errors import Invalid

MINUTES_AN_HOUR = 60
#: A working day: nobody means 24 hours by "2 days".
MINUTES_A_DAY = 8 * MINUTES_AN_HOUR
_UNITS = {"d": MINUTES_A_DAY, "h": MINUTES_AN_HOUR, "m": 1}
_PART = re.compile(r"(\d{1,6}(?:[.,]\d{1,2})?)\s*(d|days?|h|hours?|hrs?|m|min|mins|minutes?)\b\.?")


@dataclass(frozen=True, slots=True)
class Band:
    """A span of effort that people look for: from its first minute until before its end."""

    value: str
    label: str
    starts_at_minutes: int
    ends_before_minutes: int | None


BANDS = (
    Band("under-1h", "Under 1 hour", 0, MINUTES_AN_HOUR),
    Band("1-4h", "1 to 4 hours", MINUTES_AN_HOUR, 4 * MINUTES_AN_HOUR),
    Band("4-8h", "4 to 8 hours", 4 * MINUTES_AN_HOUR, MINUTES_A_DAY),
    Band("1-5d", "1 to 5 days", MINUTES_A_DAY, 5 * MINUTES_A_DAY),
    Band("over-5d", "5 days and more", 5 * MINUTES_A_DAY, None),
)


def band_of(minutes: int | None) -> Band | None:
    """The band of this effort; None where nobody has said how long it takes."""
    if minutes is None:
        return None
    return next(band for band in reversed(BANDS) if minutes >= band.starts_at_minutes)


def effort_in_words(minutes: int | None) -> str:
    """`150` as “2 h 30 min”; empty where nobody has said."""
    if not minutes:
        return ""
    hours, rest = divmod(minutes, MINUTES_AN_HOUR)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest))


def minutes_of(text: str) -> int | None:
    """What was typed, such as “45 min”, “2 h 30 min”, “1.5 hours” or “3 days” of 8 hours, in whole minutes; None for nothing.

    Raises:
        Invalid: it is none of these. A bare number is refused, because it may mean hours as well as minutes.
    """
    text = text.strip().lower()
    if not text:
        return None
    if _PART.sub("", text).strip(" ,") or not (parts := _PART.findall(text)):
        raise Invalid("Write how long it takes as 45 min, 2 h 30 min or 3 days.", field="effort_minutes")
    minutes = round(sum(float(number.replace(",", ".")) * _UNITS[unit[0]] for number, unit in parts))
    if minutes < 1:
        raise Invalid("It takes at least a minute.", field="effort_minutes")
    return minutes
