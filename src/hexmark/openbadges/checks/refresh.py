"""Is there a newer version? The issuer may say where to look (1EdTechCredentialRefresh); it is looked once, and only remarked on.

What is found there is a document of a stranger like any other: it counts only if it verifies by itself and is by the same issuer
about the same credential. Its own refresh service is never asked, so nothing can lead round in circles.

Source: 1EdTech Credential Refresh Service 1.0; Open Badges 3.0, 8.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from hexmark.openbadges import schema, timestamps
from hexmark.openbadges.checks.period import check_period
from hexmark.openbadges.checks.signature import check_signature
from hexmark.openbadges.checks.sources import Document, Sources, issuer_id, items_of
from hexmark.openbadges.checks.status import check_status
from hexmark.openbadges.checks.words import day
from hexmark.openbadges.errors import FormatError, Unreachable
from hexmark.openbadges.report import Outcome

SERVICE_TYPE = "1EdTechCredentialRefresh"


def refresh_remarks(document: Document, *, sources: Sources, at: datetime) -> list[str]:
    """What to say about a newer version: nothing if none is declared or it is the same. The caller has checked the proof."""
    url = _service_url(document)
    if url is None:
        return []
    try:
        found = sources.linked(url)
    except (FormatError, Unreachable) as error:
        return [f"Whether the issuer has a newer version of this could not be found out: {error} (REFRESH_UNKNOWN)"]
    if found == document:
        return []
    if not _is_later(found, document):
        return []
    if not _holds(found, document, sources=sources, at=at):
        return [
            "What stands where the issuer keeps a newer version of this could not be confirmed, so it was not counted (REFRESH_UNCONFIRMED)"
        ]
    since = f", valid from {day(timestamps.parse(found['validFrom']))}" if "validFrom" in found else ""
    return [f"The issuer has a newer version of this{since}, at {url[:200]} (NEWER_VERSION)"]


def _service_url(document: Document) -> str | None:
    for service in items_of(document.get("refreshService")):
        if isinstance(service, Mapping) and SERVICE_TYPE in items_of(service.get("type")) and isinstance(service.get("id"), str):
            return str(service["id"])
    return None


def _is_later(found: Document, document: Document) -> bool:
    """Not from before the one at hand: an old copy on a server is no news."""
    try:
        return timestamps.parse(found.get("validFrom")) >= timestamps.parse(document.get("validFrom"))
    except FormatError:
        return True


def _holds(found: Document, document: Document, *, sources: Sources, at: datetime) -> bool:
    if (issuer_id(found), found.get("id")) != (issuer_id(document), document.get("id")):
        return False
    if any(not problem.is_warning for problem in schema.problems(found)):
        return False
    if not check_signature(found, sources=sources, at=at).holds:
        return False
    others = [*check_period(found, at=at), *check_status(found, sources=sources, at=at)]
    return all(check.outcome in (Outcome.PASSED, Outcome.SKIPPED) for check in others)
