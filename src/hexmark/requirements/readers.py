"""Strict readers of single JSON values: what they accept, they return; otherwise they say where and why not."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from re import compile as pattern
from typing import Any, Final

#: A person reads a requirement; what goes beyond these numbers, nobody would.
MOST_PARTS: Final = 500
DEEPEST: Final = 12
LONGEST_TEXT: Final = 2000
MOST_COUNT: Final = 1_000_000
MOST_MONTHS: Final = 1200
MOST_DAYS: Final = 36_500
LEAST: Final = Decimal(0)
_LARGEST: Final = Decimal(10) ** 12
_NUMBER: Final = pattern(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?")
_DAY: Final = pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Place:
    """Where in the document something stands, and how much has been read so far."""

    path: str = ""
    depth: int = 0
    seen: list[None] = field(default_factory=list, compare=False)

    def at(self, name: str | int) -> Place:
        """The place of a member or item of this one."""
        escaped = str(name).replace("~", "~0").replace("/", "~1")
        return Place(f"{self.path}/{escaped}", self.depth + 1, self.seen)

    def count(self) -> None:
        """Refuses when there is too much of it."""
        self.seen.append(None)
        if len(self.seen) > MOST_PARTS:
            raise RequirementError("TOO_LARGE", self, f"This has more than {MOST_PARTS} parts.")
        # Each part lies two steps of the path deeper: its list, and its place in the list.
        if self.depth > 2 * DEEPEST:
            raise RequirementError("TOO_DEEP", self, f"Parts are nested more than {DEEPEST} deep.")


class RequirementError(ValueError):
    """A document that is no requirement: a code for programs, the path of what is wrong, and a sentence."""

    def __init__(self, code: str, place: Place, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.path = place.path
        self.message = message

    def __str__(self) -> str:
        return f"{self.path or '/'}: {self.message}"


def members(value: object, place: Place) -> Mapping[str, Any]:
    """An object's members."""
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise RequirementError("NOT_AN_OBJECT", place, "An object is needed here.")
    return value


def refuse_more(found: Mapping[str, Any], known: Collection[str], place: Place) -> None:
    """Nothing stands here that nobody would read: a misspelt condition must not open a gate."""
    for name in found:
        if name not in known:
            shown = name if len(name) < 60 else f"{name[:60]}…"
            raise RequirementError(
                "UNKNOWN_MEMBER", place.at(shown), f"“{shown}” has no meaning here; known are {', '.join(sorted(known))}."
            )


def items(value: object, place: Place, least: int) -> list[Any]:
    """A list with at least so many items."""
    if not isinstance(value, list | tuple):
        raise RequirementError("NOT_A_LIST", place, "A list is needed here.")
    if len(value) > MOST_PARTS:
        raise RequirementError("TOO_LARGE", place, f"A list has at most {MOST_PARTS} items.")
    if len(value) < least:
        raise RequirementError("EMPTY", place, "At least one is needed here.")
    return list(value)


def text(value: object, place: Place) -> str:
    """A text that shows something, without characters that hide."""
    if not isinstance(value, str):
        raise RequirementError("NOT_A_TEXT", place, "A text is needed here.")
    if not value.strip():
        raise RequirementError("EMPTY", place, "This may not be empty.")
    if len(value) > LONGEST_TEXT:
        raise RequirementError("TOO_LONG", place, f"A text has at most {LONGEST_TEXT} characters.")
    if any(unicodedata.category(one) in ("Cc", "Cs") for one in value):
        raise RequirementError("HIDDEN_CHARACTERS", place, "This holds characters that cannot be shown.")
    return value


def texts(found: Mapping[str, Any], name: str, place: Place) -> tuple[str, ...]:
    """A list of texts, empty where the member is left out."""
    if name not in found:
        return ()
    inside = place.at(name)
    return tuple(text(one, inside.at(index)) for index, one in enumerate(items(found[name], inside, 1)))


def whole(value: object, place: Place, least: int, most: int) -> int:
    """A whole number within bounds."""
    if isinstance(value, float) and value.is_integer():
        # JSON knows one kind of number: 3.0 is 3.
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise RequirementError("NOT_A_WHOLE_NUMBER", place, "A whole number is needed here.")
    if not least <= value <= most:
        raise RequirementError("OUT_OF_BOUNDS", place, f"A number from {least} to {most:,} is needed here.")
    return value


def number(value: object, place: Place, least: Decimal | None = None) -> Decimal:
    """A number, written as a number or, so that no digit is lost, as a text such as "0.15"; at most six places."""
    read = _decimal(value)
    if read is None:
        raise RequirementError("NOT_A_NUMBER", place, "A number with at most six decimal places is needed here.")
    if abs(read) >= _LARGEST or (least is not None and read < least):
        raise RequirementError("OUT_OF_BOUNDS", place, "This number is too large." if read > 0 else "This number may not be negative.")
    return read


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value) if abs(value) < 10**15 else Decimal(10) ** 15
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        value = format(Decimal(repr(value)).normalize(), "f")
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        return None
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def day_of(value: object, place: Place) -> date:
    """A day, written as 2026-01-31."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise RequirementError("NOT_A_DAY", place, "A day like 2026-01-31 is needed here.")


def flag(found: Mapping[str, Any], name: str, place: Place) -> bool:
    """True or false; false where the member is left out."""
    value = found.get(name, False)
    if not isinstance(value, bool):
        raise RequirementError("NOT_A_FLAG", place.at(name), "true or false is needed here.")
    return value


def choice(value: object, place: Place, known: tuple[str, ...]) -> str:
    """One of these words."""
    if not isinstance(value, str) or value not in known:
        raise RequirementError("UNKNOWN_TYPE", place, f"One of these is needed here: {', '.join(known)}.")
    return value
