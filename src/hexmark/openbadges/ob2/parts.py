"""The parts of a badge of version 2 (assertion, BadgeClass, issuer) and the links between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from hexmark.openbadges.checks.sources import Document, Sources, items_of
from hexmark.openbadges.errors import FormatError, Malformed, Unreachable

_CONTEXT = "https://w3id.org/openbadges/v2"
_SIGNED = frozenset({"signed", "SignedBadge"})


def stub(url: str) -> dict[str, Any]:
    """An assertion of which nothing is known but its address: what a picture holds that only links to its badge."""
    return {"@context": _CONTEXT, "type": "Assertion", "id": url, "verification": {"type": "hosted"}}


def is_stub(assertion: Document) -> bool:
    """Whether nothing is known of this assertion but its address."""
    return assertion.keys() <= {"@context", "type", "id", "verification"}


def types_of(document: Document) -> set[str]:
    """The names of its types."""
    return {name for name in items_of(document.get("type")) if isinstance(name, str)}


def says_signed(assertion: Document) -> bool:
    """Whether the assertion means to be a signed one. What says nothing is hosted."""
    verification = assertion.get("verification", assertion.get("verify"))
    return isinstance(verification, Mapping) and not _SIGNED.isdisjoint(types_of(verification))


def id_of(link: object) -> str | None:
    """The id that a link is, or that the object standing in its place has."""
    if isinstance(link, Mapping):
        link = link.get("id")
    return link if isinstance(link, str) and link else None


def secure(url: str) -> str:
    """The address over TLS. Badges of that time often say http, and mean the same page; nothing is ever asked without TLS."""
    return f"https://{url[7:]}" if url.startswith("http://") else url


def is_same(one: str | None, other: str | None) -> bool:
    """Whether two ids are the same but for http and https."""
    return one is not None and other is not None and secure(one) == secure(other)


def origin(url: str) -> tuple[str, int] | None:
    """Host and port of an address over TLS, or None if it is none."""
    try:
        parts = urlsplit(secure(url))
        port = parts.port or 443
    except ValueError:
        return None
    if parts.scheme != "https" or not parts.hostname or parts.username is not None:
        return None
    return parts.hostname.lower(), port


@dataclass(frozen=True, slots=True)
class Part:
    """A part and the address it was had from, or why it could not be had."""

    document: Document | None = None
    url: str | None = None
    error: FormatError | Unreachable | None = None


def hosted_part(link: object, name: str, *, sources: Sources) -> Part:
    """The part as its own address shows it now; what stands in the document in its place is not looked at."""
    url = id_of(link)
    if url is None or origin(url) is None:
        return Part(url=url, error=Malformed(f"The {name} has no web address, so nobody can be asked about it.", detail="NO_ADDRESS"))
    try:
        return Part(sources.linked(secure(url)), url)
    except (FormatError, Unreachable) as error:
        return Part(url=url, error=error)


def badge_class_of(assertion: Document, *, sources: Sources) -> Part:
    """The BadgeClass: as the assertion holds it, which the issuer vouches for with the rest, or from its address."""
    link = assertion.get("badge")
    if isinstance(link, Mapping):
        return Part(link, id_of(link))
    return hosted_part(link, "BadgeClass", sources=sources)


def issuer_of(badge_class: Part, *, sources: Sources) -> Part:
    """The issuer's profile, always from its own address: it says which keys and addresses are the issuer's."""
    if badge_class.document is None:
        return Part(error=badge_class.error)
    return hosted_part(badge_class.document.get("issuer"), "issuer", sources=sources)
