"""How things are called in sentences for people: a domain is shown, never the name that a document gives itself."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit


def day(at: datetime) -> str:
    """`31 January 2026`, in UTC."""
    # The first and the last day of the calendar cannot be moved into another time zone.
    with suppress(OverflowError):
        at = at.astimezone(UTC)
    return f"{at.day} {at:%B} {at.year}"


def minute(at: datetime) -> str:
    """`31 January 2026, 10:41 UTC`."""
    return f"{day(at)}, {at.astimezone(UTC):%H:%M} UTC"


def who(identifier: str) -> str:
    """The part of an issuer's id that a person can recognise: its domain, and its path where it has one.

    A name inside the document could be anybody's; a domain belongs to somebody.
    """
    if identifier.startswith("did:web:"):
        host, *path = identifier.removeprefix("did:web:").split(":")
        return "/".join([unquote(host), *path])
    if identifier.startswith(("https://", "http://")):
        try:
            parts = urlsplit(identifier)
        except ValueError:
            return identifier[:80]
        return (parts.netloc + parts.path.rstrip("/"))[:120]
    return identifier[:80]


def host_of(identifier: str) -> str:
    """The host of a did:web or HTTPS id, or an empty text."""
    if identifier.startswith(("did:web:", "https://", "http://")):
        return who(identifier).partition("/")[0].partition(":")[0].lower()
    return ""
