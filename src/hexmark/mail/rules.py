"""Decisions about messages that need no database."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from random import Random

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from hexmark.errors import Invalid

#: RFC 5321, 4.5.4.1: give up after some days, not hours. What is older nobody expects any more.
PATIENCE = timedelta(days=3)
FIRST_WAIT_SECONDS = 60
LONGEST_WAIT_SECONDS = 4 * 3600

LONGEST_ADDRESS = 254
LONGEST_SUBJECT = 250
LONGEST_TEXT = 100_000
LONGEST_HTML = 200_000
#: A new line, whatever its name, would begin a header of its own; the rest shows nothing.
_NEVER_IN_A_HEADER = frozenset({"Cc", "Cs", "Cn", "Zl", "Zp"})


def breaks_a_header(text: str) -> bool:
    """Whether the text holds a line break of any kind or another control character."""
    return any(unicodedata.category(character) in _NEVER_IN_A_HEADER for character in text)


def checked_address(address: str) -> str:
    """The address, which may stand in a header and in an SMTP command.

    Raises:
        Invalid: it is not one address, is quoted, too long, or would break the header.
    """
    if not address.isprintable() or len(address) > LONGEST_ADDRESS or address.startswith('"'):
        raise Invalid("This is not an address that mail can be sent to.", field="to")
    try:
        validate_email(address)
    except ValidationError as error:
        raise Invalid("This is not an address that mail can be sent to.", field="to") from error
    return address


def checked_subject(subject: str) -> str:
    """The subject without blanks at its ends.

    Raises:
        Invalid: it is empty, too long or would break the header.
    """
    cleaned = subject.strip(" \t")
    if not cleaned or len(cleaned) > LONGEST_SUBJECT or breaks_a_header(cleaned):
        raise Invalid(f"A subject has between 1 and {LONGEST_SUBJECT} characters on one line.", field="subject")
    return cleaned


def next_attempt_at(now: datetime, *, attempts: int, chance: Random) -> datetime:
    """When a message is tried again after so many attempts: each wait about twice the last, up to four hours, never all at one moment."""
    wait_seconds = min(FIRST_WAIT_SECONDS * 2 ** min(attempts - 1, 20), LONGEST_WAIT_SECONDS)
    return now + timedelta(seconds=wait_seconds * chance.uniform(0.75, 1.25))
