"""Decisions about targets that need no database: days, whether a value is reached, how far many are together, and in which words."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from hexmark.errors import Invalid
from hexmark.measures.rules import Figure, together

#: What is due within these days is due soon.
SOON = timedelta(days=30)
#: Nobody plans further ahead than this.
FURTHEST = timedelta(days=366 * 10)
#: What is shown of a share; the figures themselves stand beside it.
MOST_SHOWN = Decimal("1.5")


class Status(StrEnum):
    """How a target stands today, for whoever may see it. The three colours that managers know stand beside words."""

    WAITING = "waiting"
    ON_TIME = "on_time"
    SOON = "soon"
    OVERDUE = "overdue"
    MET = "met"
    LAPSED = "lapsed"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"


#: What a status is called, and its tone: green, amber, red, or neither.
WORDS: dict[Status, tuple[str, str]] = {
    Status.WAITING: ("Waits for agreement", "info"),
    Status.ON_TIME: ("On time", "info"),
    Status.SOON: ("Due soon", "warn"),
    Status.OVERDUE: ("Overdue", "bad"),
    Status.MET: ("Met", "ok"),
    Status.LAPSED: ("Met, then ended", "bad"),
    Status.PAUSED: ("Paused", "info"),
    Status.WITHDRAWN: ("Withdrawn", "info"),
}
#: What needs somebody first. Of people there is no order but the alphabet.
URGENCY = (
    Status.LAPSED,
    Status.OVERDUE,
    Status.SOON,
    Status.WAITING,
    Status.ON_TIME,
    Status.PAUSED,
    Status.MET,
    Status.WITHDRAWN,
)


def status_of(state: str, due_on: date, today: date) -> Status:
    """How a target in this state stands on this day. The last day counts."""
    fixed = {
        "proposed": Status.WAITING,
        "met": Status.MET,
        "lapsed": Status.LAPSED,
        "paused": Status.PAUSED,
        "withdrawn": Status.WITHDRAWN,
    }
    if state in fixed:
        return fixed[state]
    if due_on < today:
        return Status.OVERDUE
    return Status.SOON if due_on - today <= SOON else Status.ON_TIME


def is_reached(actual: Decimal | None, value: Decimal, *, less_is_better: bool, adds_up: bool, is_over: bool) -> bool:
    """Whether the figure reached the value. Of what is added up and should stay low, that is known only when its time is over."""
    if actual is None:
        # Nothing was counted: less than nothing cannot be, once the time is over.
        return less_is_better and adds_up and is_over
    if less_is_better:
        return actual <= value and (is_over or not adds_up)
    return actual >= value


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last one where it is shorter."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def first_working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= 5 else day


def check_due(due_on: date, today: date) -> None:
    """Pass if somebody can agree to reach something by this day.

    Raises:
        Invalid: it is over, or too far away.
    """
    if due_on < today:
        raise Invalid(f"{due_on.isoformat()} is over. Choose a day from today on.", field="due_on")
    if due_on > today + FURTHEST:
        raise Invalid("That is more than ten years ahead.", field="due_on")


@dataclass(frozen=True, slots=True)
class Part:
    """One target as a part of many: what is to be reached, what is there, and whether it is met."""

    value: Decimal | None
    figure: Figure
    is_met: bool


@dataclass(frozen=True, slots=True)
class RolledUp:
    """Many targets of one measure, or of one requirement, together. `share` is Σ actual / Σ target, never a mean of shares."""

    count: int
    met: int
    actual: Decimal | None
    target: Decimal | None

    @property
    def share(self) -> Decimal | None:
        """How much of what was agreed is there; of a requirement, how many of the targets are met."""
        if self.target is None:
            return Decimal(self.met) / self.count if self.count else None
        return (self.actual or Decimal(0)) / self.target if self.target else None

    @property
    def percent(self) -> int | None:
        """The share in whole per cent, as it is drawn: at most 150."""
        return None if self.share is None else int(max(Decimal(0), min(self.share, MOST_SHOWN)) * 100)


def roll_up(parts: Sequence[Part]) -> RolledUp:
    """These together: amounts are added; a rate is counted anew from its parts, and its targets weigh as much as they were tried."""
    valued = [part for part in parts if part.value is not None]
    met = sum(part.is_met for part in parts)
    if not valued:
        return RolledUp(count=len(parts), met=met, actual=None, target=None)
    return RolledUp(count=len(parts), met=met, actual=together([part.figure for part in valued]).value, target=_target(valued))


def _target(parts: Sequence[Part]) -> Decimal:
    weights = [part.figure.denominator for part in parts]
    if any(weight is not None for weight in weights):
        tried = sum((weight or Decimal(0) for weight in weights), Decimal(0))
        asked = _sum((part.value or Decimal(0)) * (part.figure.denominator or Decimal(0)) for part in parts)
        if tried:
            return asked / tried
        return _sum(part.value or Decimal(0) for part in parts) / len(parts)
    return _sum(part.value or Decimal(0) for part in parts)


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))


def progress_in_words(actual: Decimal | None, value: Decimal) -> str:
    """ "31/40", with as many decimals as there are."""
    return f"{_plain(actual or Decimal(0))}/{_plain(value)}"


def _plain(value: Decimal) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")
