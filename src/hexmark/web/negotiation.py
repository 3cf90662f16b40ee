"""Content negotiation (RFC 9110, 12.5.1): which of our forms an `Accept` header prefers."""

from __future__ import annotations

from collections.abc import Sequence

from django.http.request import MediaType


def preferred(accept: str, offered: Sequence[str]) -> str:
    """The offered media type that the header ranks highest; among equals the first offered, which also answers `*/*` and nothing."""
    if not accept.strip():
        return offered[0]
    wanted = [MediaType(part) for part in accept.split(",")[:50] if part.strip()]
    return max(offered, key=lambda kind: (_quality(kind, wanted), -offered.index(kind)))


def _quality(kind: str, wanted: Sequence[MediaType]) -> float:
    matching = [media for media in wanted if media.match(kind)]
    # The most specific range decides, so that "text/html;q=0.1, */*" does not ask for HTML.
    return max(((media.specificity, media.quality) for media in matching), default=(0, 0.0))[1]
