"""Hosted badges: what the issuer's server says, and whether that server is one where the issuer publishes."""

from __future__ import annotations

from typing import Any

from hexmark.openbadges.checks.sources import Document, items_of
from hexmark.openbadges.errors import FormatError
from hexmark.openbadges.ob2 import moments
from hexmark.openbadges.ob2.parts import id_of, is_same, origin, types_of

#: Members that do not have to agree: how the document is to be read, and how it is to be verified, which the hosted one decides.
_NOT_COMPARED = frozenset({"@context", "verification", "verify", "uid"})
_LINKS = frozenset({"id", "badge", "image"})
_MOMENTS = frozenset({"issuedOn", "expires"})


def is_in_scope(url: str, issuer_url: str, profile: Document) -> bool:
    """Whether the issuer publishes assertions at this address: under what its profile allows, else on its own origin.

    A `startsWith` counts only within the origin it names: as plain text, `https://a.example` would also begin
    `https://a.example.mallory.example`.

    Source: Open Badges 2.0, VerificationObject: `startsWith`, `allowedOrigins`.
    """
    verification = profile.get("verification")
    policy: Document = verification if isinstance(verification, dict) else {}
    prefixes = [text for text in items_of(policy.get("startsWith")) if isinstance(text, str)]
    origins = [text for text in items_of(policy.get("allowedOrigins")) if isinstance(text, str)]
    if not prefixes and not origins:
        return origin(url) is not None and origin(url) == origin(issuer_url)
    if prefixes and not any(url.startswith(prefix) and origin(prefix) is not None and origin(prefix) == origin(url) for prefix in prefixes):
        return False
    return not origins or any(_allows(allowed, url) for allowed in origins)


def _allows(allowed: str, url: str) -> bool:
    """An allowed origin is the name of a host; some write a whole origin."""
    expected = origin(allowed if "://" in allowed else f"https://{allowed}")
    return expected is not None and expected == origin(url)


def differing_members(assertion: Document, hosted: Document) -> list[str]:
    """Members in which a copy says something that the hosted assertion does not say. That the hosted one says more is no difference."""
    if "Assertion" not in types_of(hosted):
        return ["type"]
    names = [name for name, value in assertion.items() if value is not None and name not in _NOT_COMPARED]
    return [name for name in names if not _agrees(name, assertion[name], hosted.get(name))]


def _agrees(name: str, copy: Any, hosted: Any) -> bool:
    if name in _LINKS:
        return is_same(id_of(copy), id_of(hosted))
    if name in _MOMENTS:
        try:
            return moments.parse(copy) == moments.parse(hosted)
        except FormatError:
            return bool(copy == hosted)
    if name == "type":
        return {str(each) for each in items_of(copy)} <= {str(each) for each in items_of(hosted)}
    return items_of(copy) == items_of(hosted)
