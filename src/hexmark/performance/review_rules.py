"""Decisions about reviews without a database: scales, phases, lengths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from hexmark.errors import Invalid

LONGEST_WORDS = 20_000
LONGEST_AGREEMENT = 10_000
LONGEST_NOTE = 5_000
MOST_MARKS = 9


@dataclass(frozen=True, slots=True)
class Mark:
    """One step of an organisation's scale. `value` is a number as text, so that 3 and 3.5 stay what was typed."""

    value: str
    label: str

    def __str__(self) -> str:
        return f"{self.value}: {self.label}" if self.label else self.value


def read_scale(text: str) -> list[dict[str, str]]:
    """The scale of lines like `3 Meets what was agreed`, from low to high; empty for no marks.

    Raises:
        Invalid: a line begins with no number, values repeat or fall, or there are too many.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    scale = [_step(line) for line in lines]
    values = [Decimal(step["value"]) for step in scale]
    if any(later <= earlier for earlier, later in pairwise(values)):
        raise Invalid("Write the marks from low to high, each number once.", field="scale")
    if len(scale) == 1 or len(scale) > MOST_MARKS:
        raise Invalid(f"A scale has two to {MOST_MARKS} marks. Leave it empty for reviews without marks.", field="scale")
    return scale


def _step(line: str) -> dict[str, str]:
    value, _, label = line.partition(" ")
    value = value.rstrip(":.)")
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 <= number <= 100 or len(value) > 6 or not value.isascii():
        raise Invalid(f"Begin each line of the scale with a number from 0 to 100: “{line[:40]}” does not.", field="scale")
    return {"value": value, "label": label.strip()[:80]}


def marks_of(scale: Sequence[Mapping[str, str]]) -> list[Mark]:
    """The steps of a stored scale."""
    return [Mark(step["value"], step.get("label", "")) for step in scale]


def checked_mark(mark: str, scale: Sequence[Mapping[str, str]]) -> str:
    """The mark, or nothing.

    Raises:
        Invalid: it is none of the scale.
    """
    if mark and mark not in {step["value"] for step in scale}:
        raise Invalid("Choose a mark of the scale, or none.", field="mark")
    return mark


def checked_text(text: str, *, most: int, field: str = "text", missing: str = "") -> str:
    """The text without blanks around it, its line ends as one character.

    Raises:
        Invalid: it is too long, or empty although `missing` says what to do then.
    """
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > most:
        raise Invalid(f"That is longer than {most:,} characters. Shorten it, or keep part of it elsewhere.", field=field)
    if missing and not text:
        raise Invalid(missing, field=field)
    return text


@dataclass(frozen=True, slots=True)
class Dates:
    """First and last day of a phase."""

    starts_on: date
    ends_on: date


def checked_phases(phases: Mapping[str, Dates], order: Sequence[str]) -> dict[str, Dates]:
    """The phases in their order.

    Raises:
        Invalid: one ends before it begins, or begins before the one that comes first.
    """
    if not phases:
        raise Invalid("Give at least one phase its dates.", field="phases")
    given = [(kind, phases[kind]) for kind in order if kind in phases]
    for kind, dates in given:
        if dates.ends_on < dates.starts_on:
            raise Invalid("This phase ends before it begins.", field=f"{kind}_ends_on")
    for (_, earlier), (kind, later) in pairwise(given):
        if later.starts_on < earlier.starts_on:
            raise Invalid("This phase begins before the one above it. They may overlap, but not change places.", field=f"{kind}_starts_on")
    return dict(given)
