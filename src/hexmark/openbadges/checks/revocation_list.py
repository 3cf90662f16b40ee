"""The revocation lists of 1EdTech: a plain list of what was taken back, with reasons. Read, never issued.

Such a list is not signed. It counts because the signed badge names its address and it names the badge's issuer; whatever keeps
us from reading it, all of it, leaves the question open.

Source: 1EdTech Revocation List Status Method 1.0, 2 and 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from hexmark.openbadges.checks.sources import Document, Sources, issuer_id, unknown
from hexmark.openbadges.checks.words import minute, who
from hexmark.openbadges.errors import FormatError, StatusError, Unreachable
from hexmark.openbadges.report import Axis, Check, Outcome

ENTRY_TYPE = "1EdTechRevocationList"
_BEFORE = "Whether it was revoked could not be checked: "
_REASON_CHARACTERS = 300


def check_revocation_list(document: Document, entry: Document, *, sources: Sources, at: datetime) -> Check:
    """One check on the status: revoked, with the issuer's reason; not on the list; or unknown."""
    try:
        listed = _read_list(document, entry, sources=sources)
        reason = revocation_reason(listed, document.get("id"))
    except (FormatError, Unreachable) as error:
        return unknown(Axis.STATUS, error, _BEFORE)
    checked, details = f"(list checked {minute(at)})", {"purpose": "revocation", "list": entry.get("id")}
    if reason is None:
        return Check(Axis.STATUS, Outcome.PASSED, f"Not revoked {checked}.", details=details)
    because = f" Reason: {reason[:_REASON_CHARACTERS]}" if reason else ""
    return Check(Axis.STATUS, Outcome.FAILED, f"Revoked by issuer {checked}.{because}", "REVOKED", {**details, "reason": reason})


def revocation_reason(listed: Document, identifier: object) -> str | None:
    """Why the credential with this id was revoked according to a list, empty if no reason is given; None if it was not.

    Raises:
        StatusError: detail REVOCATION_LIST, the list is not one, or an item of it cannot be understood.
    """
    items = listed.get("revokedCredential")
    if not isinstance(items, list):
        raise _malformed("it has no array revokedCredential.")
    if not isinstance(identifier, str) or not identifier:
        raise _malformed("the badge has no id that it could list.")
    found: str | None = None
    for item in items:
        # One item that cannot be understood could be the very one that names this badge.
        if not isinstance(item, Mapping) or not isinstance(item.get("id"), str) or not isinstance(item.get("revoked", True), bool):
            raise _malformed("an item of it cannot be understood.")
        if item["id"] == identifier and item.get("revoked", True):
            reason = item.get("revocationReason")
            found = reason if isinstance(reason, str) else found or ""
    return found


def _read_list(document: Document, entry: Document, *, sources: Sources) -> Document:
    url = entry.get("id")
    if not isinstance(url, str) or not url:
        raise StatusError("The badge does not say where its revocation list stands.", detail="REVOCATION_LIST")
    listed = sources.status_list(url)
    if listed.get("id", url) != url:
        raise StatusError("This is another revocation list than the one that the badge names.", detail="LIST_ID")
    issuer = issuer_id(listed)
    if issuer != issuer_id(document):
        raise StatusError(
            f"The revocation list is by {who(issuer) if issuer else 'nobody'}, not by the badge's issuer.", detail="LIST_ISSUER"
        )
    return listed


def _malformed(why: str) -> StatusError:
    return StatusError(f"The revocation list cannot be used: {why}", detail="REVOCATION_LIST")
