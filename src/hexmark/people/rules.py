"""Decisions about people that need no database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from hexmark.errors import Invalid
from hexmark.files.text import hides_in_line

LONGEST_NAME = 200
LONGEST_EMPLOYEE_ID = 60
LONGEST_LABEL = 120
LONGEST_LANGUAGE = 12
#: What the column holds, and all that SMTP can carry (RFC 5321, 4.5.3.1.3).
LONGEST_EMAIL = 254

#: Letters and symbols that show nothing: a name of these alone could not be read, and one with these passes for another.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
#: An entry ends at a line's end, a semicolon or a comma, unless these stand in quotes.
_ENTRY = re.compile(r'((?:"[^"\r\n]*"|[^;,\r\n])*)([;,\r\n]|$)')


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody as typed: an address, and a name if one was given."""

    email: str
    name: str


def clean_name(name: str) -> str:
    """The name in NFC without blanks at its ends; nothing else is changed.

    Raises:
        Invalid: it is empty or longer than 200 characters, shows nothing, or holds hidden characters.
    """
    cleaned = unicodedata.normalize("NFC", name).strip()
    if not cleaned or len(cleaned) > LONGEST_NAME:
        raise Invalid(f"A name has between 1 and {LONGEST_NAME} characters.", field="name")
    if _hides(cleaned) or all(unicodedata.category(character)[0] in "CMZ" for character in cleaned):
        raise Invalid("The name holds hidden characters. Type it again instead of pasting it.", field="name")
    return cleaned


def clean_email(email: str) -> str:
    """The address without blanks at its ends and with a lower-case domain.

    Raises:
        Invalid: it is not an e-mail address, or one that hardly any mail system takes (quoted, or longer than 254 characters).
    """
    cleaned = unicodedata.normalize("NFC", email).strip()
    local, _, domain = cleaned.rpartition("@")
    cleaned = f"{local}@{domain.lower()}"
    try:
        validate_email(cleaned)
    except ValidationError as error:
        raise _no_address(email) from error
    # A quoted local part may hold blanks, controls and a second @; in a header it could pass for something else.
    if local.startswith('"') or len(cleaned) > LONGEST_EMAIL or _hides(cleaned):
        raise _no_address(email)
    return cleaned


def clean_employee_id(employee_id: str) -> str:
    """The id without blanks at its ends; empty for somebody who has none.

    Raises:
        Invalid: it is longer than 60 characters or holds hidden ones.
    """
    cleaned = employee_id.strip()
    if len(cleaned) > LONGEST_EMPLOYEE_ID or _hides(cleaned):
        raise Invalid(f"An employee id has at most {LONGEST_EMPLOYEE_ID} characters, all of them visible.", field="employee_id")
    return cleaned


def clean_label(text: str, *, field: str) -> str:
    """The name of a team or job role, with single blanks and none at its ends.

    Raises:
        Invalid: it is empty or longer than 120 characters, or holds hidden characters.
    """
    cleaned = " ".join(unicodedata.normalize("NFC", text).split())
    if not 0 < len(cleaned) <= LONGEST_LABEL or _hides(cleaned):
        raise Invalid(f"Such a name has between 1 and {LONGEST_LABEL} characters, all of them visible.", field=field)
    return cleaned


def clean_language(language: str) -> str:
    """The tag of a language; English where none is given.

    Raises:
        Invalid: it is no tag as `de` or `pt-BR` is (BCP 47).
    """
    cleaned = language.strip() or "en"
    if not _LANGUAGE.fullmatch(cleaned) or len(cleaned) > LONGEST_LANGUAGE:
        raise Invalid(f"“{cleaned[:20]}” is not the tag of a language, such as en, de or pt-BR.", field="language")
    return cleaned


def has_ended(ends_on: date | None, today: date) -> bool:
    """Whether the last day is over; it counts itself."""
    return ends_on is not None and ends_on < today


def parse_addressees(text: str) -> list[Addressee]:
    """People from typed text, one a line or separated by ; or , as `a@b.org`, `Name <a@b.org>` or `Last, First <a@b.org>`; doubles once.

    Raises:
        Invalid: nobody is named, or an entry is no address; the message names the entry.
    """
    addressees: dict[str, Addressee] = {}
    for entry in _entries(text):
        name, _, email = entry[:-1].rpartition("<") if entry.endswith(">") else ("", "", entry)
        name = name.strip().strip('"').replace('\\"', '"').strip()
        if "@" not in email:
            raise Invalid(f"“{entry[:80]}” holds no e-mail address.", field="to")
        cleaned = clean_email(email)
        if "@" in name:
            # One address shown for another is how people are deceived; the same one twice is how some programs write.
            if name.lower() != cleaned.lower():
                raise Invalid(f"“{entry[:80]}” holds two addresses. Separate them by a comma.", field="to")
            name = ""
        addressees.setdefault(cleaned.lower(), Addressee(email=cleaned, name=clean_name(name) if name else ""))
    if not addressees:
        raise Invalid("Name at least one person by e-mail address.", field="to")
    return list(addressees.values())


def _entries(text: str) -> Iterator[str]:
    waiting = ""
    for match in _ENTRY.finditer(text):
        piece = waiting + match[1].strip()
        if match[2] == "," and piece and "@" not in piece and len(piece) <= LONGEST_NAME:
            # The comma of a name with the family name first, as address books write it.
            waiting = f"{piece}, "
            continue
        waiting = ""
        if piece:
            yield piece.strip()


def _hides(text: str) -> bool:
    return hides_in_line(text) or not _BLANK.isdisjoint(text)


def _no_address(email: str) -> Invalid:
    return Invalid(f"“{email.strip()[:80]}” is not an e-mail address.", field="email")
