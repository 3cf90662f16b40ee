"""Cells of one row, cleaned: each is as it will be stored, or the row says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hexmark.errors import Invalid
from hexmark.files.text import hides_in_line
from hexmark.people.imports.days import Ambiguous, parsed_day
from hexmark.people.imports.planned import Fault
from hexmark.people.models import Person
from hexmark.people.rules import clean_email, clean_employee_id, clean_label, clean_language, clean_name

#: Between the job roles of somebody who holds several.
BETWEEN_ROLES = ";"
_KINDS = {name.casefold(): value for value, label in Person.Kind.choices for name in (value, label)}


def cleaned(given: Mapping[str, str], *, date_order: str) -> dict[str, Any]:
    """Values by field; None or empty where the cell is empty, days as ISO texts.

    Raises:
        Fault: a cell cannot be used. Its code is CSV_UNSAFE_TEXT, DATE_AMBIGUOUS or CSV_VALUE.
    """
    values: dict[str, Any] = {}
    for field, text in given.items():
        try:
            if field in ("start", "end"):
                values[field] = parsed_day(text, date_order).isoformat() if text else None
            else:
                values[field] = _CLEANERS[field](text)
        except Ambiguous as error:
            raise Fault("DATE_AMBIGUOUS", f"{field}: {error} Say whether day or month comes first.") from error
        except (Invalid, ValueError) as error:
            # Marks that turn the line around and the like; the sentence of the cleaner says what to do.
            unsafe = hides_in_line(text)
            raise Fault("CSV_UNSAFE_TEXT" if unsafe else "CSV_VALUE", f"{field}: {error}") from error
    if values.get("start") and values.get("end") and values["end"] < values["start"]:
        raise Fault("CSV_VALUE", "end: The last day is before the first one.")
    return values


def _kind(text: str) -> str:
    if not text:
        return ""
    if text.casefold() not in _KINDS:
        raise ValueError(f"“{text[:40]}” is not one of {', '.join(Person.Kind.values)}.")
    return _KINDS[text.casefold()]


def _version(text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ValueError(f"“{text[:40]}” is no version. Leave the column as it was exported, or empty.")
    return int(text)


def _roles(text: str) -> list[str]:
    return [clean_label(part, field="role") for part in text.split(BETWEEN_ROLES) if part.strip()]


def _plain(text: str) -> str:
    if hides_in_line(text):
        raise ValueError("The cell holds hidden characters. Type it again instead of pasting it.")
    return text.strip()


_CLEANERS: Mapping[str, Callable[[str], Any]] = {
    "id": _plain,
    "version": _version,
    "employee_id": clean_employee_id,
    "email": lambda text: clean_email(text) if text else "",
    "name": lambda text: clean_name(text) if text else "",
    "team": lambda text: clean_label(text, field="team") if text else "",
    "manager": _plain,
    "role": _roles,
    "kind": _kind,
    "language": lambda text: clean_language(text) if text else "",
}
