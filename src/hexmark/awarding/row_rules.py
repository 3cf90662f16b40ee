"""Decisions about one row of a list that need no database: whether it can be read, and whom it is about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from hexmark.awarding.rules import LONGEST_NARRATIVE
from hexmark.errors import Invalid
from hexmark.files.text import hides_in_text
from hexmark.people.rules import clean_email, clean_name

#: The columns that a list may have. Only the first is needed for people who are known here.
COLUMNS = ("email", "name", "narrative", "decided_on")
#: Hardly any decision is older, and a year of two digits is none.
EARLIEST = date(1950, 1, 1)

#: `2026-03-14`, with the time that spreadsheets put behind it, and `14.03.2026`. With slashes nobody knows which is the month.
_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_DOTTED_DAY = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})")
#: Where dots before the @ do not tell two people apart, and two domains are one.
_DOTLESS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}


@dataclass(frozen=True, slots=True)
class GivenRow:
    """One line as somebody gave it. With a `problem` it could not even be taken apart; its texts are shown for mending."""

    line: int
    email: str = ""
    name: str = ""
    narrative: str = ""
    decided_on: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class CleanRow:
    """A line that can be understood. `name` is empty where none was given."""

    email: str
    name: str
    narrative: str
    decided_on: date | None

    def decided_at(self, zone: ZoneInfo) -> datetime | None:
        """The moment from which validity counts: the day's beginning where the organisation is."""
        return decision_moment(self.decided_on, zone)


def clean_row(given: Mapping[str, str], *, today: date) -> CleanRow:
    """The row's texts, each as it is to be kept.

    Raises:
        Invalid: one of them cannot be used; `field` names its column.
    """
    if not given["email"].strip():
        raise Invalid("There is no e-mail address.", field="email")
    email = clean_email(given["email"])
    name = clean_name(given["name"]) if given["name"].strip() else ""
    narrative = given["narrative"].strip()
    if len(narrative) > LONGEST_NARRATIVE or hides_in_text(narrative):
        raise Invalid(f"What they did is told in at most {LONGEST_NARRATIVE} characters, all of them visible.", field="narrative")
    return CleanRow(email=email, name=name, narrative=narrative, decided_on=_day(given["decided_on"].strip(), today))


def decision_moment(day: date | None, zone: ZoneInfo) -> datetime | None:
    """The beginning of this day where the organisation is."""
    return None if day is None else datetime.combine(day, time(), tzinfo=zone)


def mailbox_key(email: str) -> str:
    """What addresses of one mailbox have in common: without case, a part behind a plus, and dots where they do not count."""
    local, _, domain = unicodedata.normalize("NFC", email).lower().rpartition("@")
    untagged = local.partition("+")[0] or local
    domain = _DOTLESS.get(domain, domain)
    if domain in _DOTLESS:
        untagged = untagged.replace(".", "")
    return f"{untagged}@{domain}"[:300]


def _day(text: str, today: date) -> date | None:
    if not text:
        return None
    match = _DAY.fullmatch(text) or _DOTTED_DAY.fullmatch(text)
    try:
        day = date(*(int(match[part]) for part in ("year", "month", "day"))) if match else None
    except ValueError:
        day = None
    if day is None or day < EARLIEST:
        raise Invalid(f"“{text[:40]}” is no day. Write it like 2026-03-14.", field="decided_on")
    if day > today:
        raise Invalid("An award cannot be decided in the future.", field="decided_on")
    return day
