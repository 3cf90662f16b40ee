"""Decisions about people that need no database."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from email.utils import getaddresses

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from hexmark.errors import Invalid

#: Unicode categories that never belong in a name: controls, and marks that turn the direction of the line around them.
_HIDDEN = frozenset({"Cc", "Cs", "Co"})
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
_SEPARATORS = re.compile(r"[\n;]+")


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody as typed: an address, and a name if one was given."""

    email: str
    name: str


def clean_name(name: str) -> str:
    """The name in NFC without blanks at its ends; nothing else is changed.

    Raises:
        Invalid: it is empty, longer than 200 characters, or holds control or direction characters.
    """
    cleaned = unicodedata.normalize("NFC", name).strip()
    if not cleaned or len(cleaned) > 200:
        raise Invalid("A name has between 1 and 200 characters.", field="name")
    if any(unicodedata.category(c) in _HIDDEN or c in _DIRECTION for c in cleaned):
        raise Invalid("The name holds hidden characters. Type it again instead of pasting it.", field="name")
    return cleaned


def clean_email(email: str) -> str:
    """The address without blanks at its ends and with a lower-case domain.

    Raises:
        Invalid: it is not an e-mail address.
    """
    cleaned = unicodedata.normalize("NFC", email).strip()
    try:
        validate_email(cleaned)
    except ValidationError as error:
        raise Invalid(f"“{cleaned[:80]}” is not an e-mail address.", field="email") from error
    local, _, domain = cleaned.rpartition("@")
    return f"{local}@{domain.lower()}"


def parse_addressees(text: str) -> list[Addressee]:
    """People from typed text: one a line (or separated by ; or ,), as `a@b.org` or `Name <a@b.org>`; doubles counted once.

    Raises:
        Invalid: nobody is named, or an entry is no address; the message names the entry.
    """
    addressees: dict[str, Addressee] = {}
    for line in _SEPARATORS.split(text):
        if not line.strip():
            continue
        # Python 3.11.10 made this stricter, with a parameter that earlier ones do not know: what it lets through, clean_email judges.
        for name, email in getaddresses([line]):
            if not email:
                raise Invalid(f"“{line.strip()[:80]}” holds no e-mail address.", field="to")
            cleaned = clean_email(email)
            addressees.setdefault(cleaned.lower(), Addressee(email=cleaned, name=clean_name(name) if name.strip() else ""))
    if not addressees:
        raise Invalid("Name at least one person by e-mail address.", field="to")
    return list(addressees.values())
