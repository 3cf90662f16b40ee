"""Decisions about figures that need no database: what a value may be, how it is written, and which records a filter lets through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from hexmark.errors import Invalid
from hexmark.files.text import hides_in_line

#: Sixteen digits before the point are more than any figure of an organisation has.
LARGEST = Decimal(10) ** 16
STEP = Decimal("0.0001")
EARLIEST = date(1990, 1, 1)
#: What a filter may ask of, besides the further columns that a list has.
RECORD_FIELDS = ("stage", "amount", "date")
MOST_CONDITIONS = 10
MOST_WORDS = 50


@dataclass(frozen=True, slots=True)
class Figure:
    """What a measure says of somebody over some time. Of a rate, both parts are known, so that it can be put together with others."""

    numerator: Decimal | None
    #: None for what is no rate.
    denominator: Decimal | None = None
    multiplier: Decimal = Decimal(1)
    #: From how many values or records.
    count: int = 0

    @property
    def value(self) -> Decimal | None:
        """The figure; None where nothing is known, and of a rate where nothing happened."""
        if self.numerator is None:
            return None
        if self.denominator is None:
            return self.numerator
        return stored(self.numerator * self.multiplier / self.denominator) if self.denominator else None


NOTHING = Figure(None)


def together(figures: Sequence[Figure]) -> Figure:
    """One figure of all: amounts are added, rates are counted anew from their parts. Never a mean of means."""
    known = [figure for figure in figures if figure.numerator is not None]
    if not known:
        return NOTHING
    rate = any(figure.denominator is not None for figure in known)
    return Figure(
        numerator=sum((figure.numerator for figure in known if figure.numerator is not None), Decimal(0)),
        denominator=sum((figure.denominator for figure in known if figure.denominator is not None), Decimal(0)) if rate else None,
        multiplier=known[0].multiplier,
        count=sum(figure.count for figure in known),
    )


def stored(value: Decimal) -> Decimal:
    """The value as the database keeps it: to four places."""
    return value.quantize(STEP)


def read_number(text: str, *, field: str = "value") -> Decimal:
    """The number that somebody wrote: digits with a point before the decimals, and nothing else.

    Raises:
        Invalid: it is none, or larger than any figure here.
    """
    cleaned = text.strip().replace("\u2212", "-")
    if not cleaned:
        raise Invalid("A number is missing.", field=field)
    try:
        # Python would also read "1_000", "NaN" and digits of every script.
        number = Decimal(cleaned) if cleaned.isascii() and "_" not in cleaned else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise Invalid(f"“{cleaned[:30]}” is not a number. Write it like 1250.5, without signs between thousands.", field=field)
    return checked_number(number, field=field)


def checked_number(number: Decimal, *, field: str = "value") -> Decimal:
    """The number as it can be kept.

    Raises:
        Invalid: it is larger than any figure here, or not a number.
    """
    if not number.is_finite() or abs(number) >= LARGEST:
        raise Invalid("The number is too large.", field=field)
    return stored(number)


def read_day(text: str, *, field: str = "on") -> date:
    """The day that somebody wrote as 2026-03-14.

    Raises:
        Invalid: it is none.
    """
    cleaned = text.strip()
    try:
        if len(cleaned) != 10:
            raise ValueError(cleaned)
        return date.fromisoformat(cleaned)
    except ValueError as error:
        said = f"“{cleaned[:30]}” is not a day" if cleaned else "The day is missing"
        raise Invalid(f"{said}. Write it like 2026-03-14.", field=field) from error


def check_day(day: date, *, today: date) -> None:
    """Pass if a value can be of this day.

    Raises:
        Invalid: it lies in the future, or before anything that is measured here.
    """
    if day > today:
        raise Invalid(f"{day.isoformat()} lies in the future. Values are of what happened.", field="on")
    if day < EARLIEST:
        raise Invalid(f"{day.isoformat()} is too long ago.", field="on")


def in_words(value: Decimal | None, unit: str = "") -> str:
    """The value with its unit, to two decimals, without empty ones: 1,250.5 visits, 83.2 %."""
    if value is None:
        return "no value"
    plain = f"{value:,.2f}".rstrip("0").rstrip(".")
    return f"{plain} {unit}".strip()


def clean_filter(conditions: Any) -> list[dict[str, Any]]:
    """The filter as it is kept: a list of conditions that must all hold.

    Raises:
        Invalid: one of them cannot be understood.
    """
    if not isinstance(conditions, list) or len(conditions) > MOST_CONDITIONS:
        raise Invalid(f"A filter is a list of at most {MOST_CONDITIONS} conditions.", field="record_filter")
    return [_clean_condition(one) for one in conditions]


def _clean_condition(condition: Any) -> dict[str, Any]:
    if not isinstance(condition, Mapping) or len(condition) != 2:
        raise Invalid("A condition names one field and what it must be.", field="record_filter")
    field = str(condition.get("field", "")).strip()
    if not field or len(field) > 60 or hides_in_line(field):
        raise Invalid("A condition names the field that it asks of.", field="record_filter")
    key = next(name for name in condition if name != "field")
    asked = condition[key]
    if key == "is" and field not in ("amount", "date"):
        words = [str(word).strip() for word in (asked if isinstance(asked, list) else [asked])]
        if not words or len(words) > MOST_WORDS or any(not word or len(word) > 120 for word in words):
            raise Invalid(f"Say which words “{field}” may be, at most {MOST_WORDS}.", field="record_filter")
        return {"field": field, "is": words}
    if key in ("at_least", "at_most") and field == "amount":
        return {"field": field, key: str(read_number(str(asked), field="record_filter"))}
    if key in ("at_least", "at_most") and field == "date":
        return {"field": field, key: read_day(str(asked), field="record_filter").isoformat()}
    raise Invalid(f"“{field}” cannot be asked for “{str(key)[:20]}”.", field="record_filter")


def filter_in_words(conditions: Sequence[Mapping[str, Any]]) -> str:
    """The filter as a sentence's part: "stage is Won, amount is at least 1,000"."""
    said = []
    for one in conditions:
        field = str(one["field"]).replace("_", " ")
        if "is" in one:
            said.append(f"{field} is {' or '.join(one['is'])}")
        elif "at_least" in one:
            said.append(f"{field} is at least {_bare(one['at_least'])}")
        else:
            said.append(f"{field} is at most {_bare(one['at_most'])}")
    return ", ".join(said) or "all records"


def _bare(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
