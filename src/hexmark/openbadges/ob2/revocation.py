"""Was it taken back? A hosted badge says so itself; of a signed one, the issuer publishes a list.

Source: Open Badges 2.0, Assertion (`revoked`), RevocationList.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from hexmark.openbadges.checks.sources import Document, Sources, unknown
from hexmark.openbadges.checks.words import minute
from hexmark.openbadges.errors import FormatError, StatusError, Unreachable
from hexmark.openbadges.ob2.parts import Part, id_of, is_same, secure, types_of
from hexmark.openbadges.report import Axis, Check, Outcome

_BEFORE = "Whether it was revoked could not be checked: "
_REASON_CHARACTERS = 300
#: Status 410 is how a hosted badge without a word left is taken back. Source: Open Badges 2.0, "Revoking Hosted Badges".
_GONE = "GONE"


def check_hosted_status(hosted: Part, *, at: datetime) -> Check:
    """One check: whether the hosted assertion says that it is revoked."""
    if hosted.document is None:
        assert hosted.error is not None
        if isinstance(hosted.error, Unreachable) and hosted.error.code == _GONE:
            return _revoked(None, at)
        return unknown(Axis.STATUS, hosted.error, _BEFORE)
    revoked = hosted.document.get("revoked", False)
    # Whatever else than a clear no stands there, the issuer did not mean to say yes to this badge.
    if revoked is not False and revoked is not None:
        return _revoked(hosted.document.get("revocationReason"), at)
    return Check(Axis.STATUS, Outcome.PASSED, f"Not revoked (asked {minute(at)}).")


def check_listed_status(assertion: Document, issuer: Part, *, sources: Sources, at: datetime) -> Check:
    """One check: whether the issuer's revocation list names the assertion; skipped if the issuer has none."""
    if issuer.document is None:
        assert issuer.error is not None
        return unknown(Axis.STATUS, issuer.error, _BEFORE)
    link = issuer.document.get("revocationList")
    if link is None:
        return Check(Axis.STATUS, Outcome.SKIPPED, "The issuer declared no way to take this badge back.")
    try:
        reason = listed_reason(_list(link, issuer, sources=sources), assertion)
    except (FormatError, Unreachable) as error:
        return unknown(Axis.STATUS, error, _BEFORE)
    if reason is not None:
        return _revoked(reason, at)
    return Check(Axis.STATUS, Outcome.PASSED, f"Not revoked (list checked {minute(at)}).")


def listed_reason(listed: Document, assertion: Document) -> str | None:
    """Why a list says that the assertion is revoked, empty if it does not say why; None if it does not name it.

    Raises:
        StatusError: detail REVOCATION_LIST, it is no list, or an item of it names nothing.
    """
    items = listed.get("revokedAssertions")
    if "RevocationList" not in types_of(listed) or not isinstance(items, list):
        raise StatusError("What the issuer names as its revocation list is not one.", detail="REVOCATION_LIST")
    found: str | None = None
    for item in items:
        entry = item if isinstance(item, Mapping) else {"id": item}
        identifier, uid = entry.get("id"), entry.get("uid")
        if not isinstance(identifier, str) and not isinstance(uid, str):
            # One item that cannot be understood could be the very one that names this badge.
            raise StatusError("An item of the issuer's revocation list cannot be understood.", detail="REVOCATION_LIST")
        if is_same(id_of(identifier), id_of(assertion)) or (isinstance(uid, str) and uid == assertion.get("uid")):
            reason = entry.get("revocationReason")
            found = reason if isinstance(reason, str) else found or ""
    return found


def _list(link: object, issuer: Part, *, sources: Sources) -> Document:
    if isinstance(link, Mapping) and "revokedAssertions" in link:
        return link
    url = id_of(link)
    if url is None:
        raise StatusError("The issuer names no address of its revocation list.", detail="REVOCATION_LIST")
    listed = sources.status_list(secure(url))
    owner = id_of(listed.get("issuer"))
    if owner is not None and not is_same(owner, issuer.url):
        raise StatusError("The revocation list is another issuer's.", detail="LIST_ISSUER")
    return listed


def _revoked(reason: object, at: datetime) -> Check:
    words = reason[:_REASON_CHARACTERS] if isinstance(reason, str) else ""
    because = f" Reason: {words}" if words else ""
    return Check(Axis.STATUS, Outcome.FAILED, f"Revoked by issuer (asked {minute(at)}).{because}", "REVOKED", {"reason": words})
