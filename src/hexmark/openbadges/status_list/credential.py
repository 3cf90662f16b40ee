"""The credential that carries a status list: building ours, unsigned, and reading one entry of a foreign one.

Source: W3C Bitstring Status List 1.0, 2.2 and 3.2.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from hexmark.openbadges import limits, timestamps
from hexmark.openbadges.contexts import CREDENTIALS_V2
from hexmark.openbadges.errors import Malformed, StatusError
from hexmark.openbadges.status_list.bits import decode, encode, value
from hexmark.openbadges.status_list.entries import StatusEntry, names_of

Document = Mapping[str, Any]

CREDENTIAL_TYPE = "BitstringStatusListCredential"
LIST_TYPE = "BitstringStatusList"
#: 2.2 of the standard: how long a list may be kept where it does not say so itself.
DEFAULT_TTL = timedelta(milliseconds=300_000)


def status_list_credential(
    list_url: str,
    *,
    issuer: str | Document,
    purpose: str | Sequence[str],
    bits: bytes | bytearray,
    valid_from: datetime,
    valid_until: datetime | None = None,
    ttl: timedelta | None = None,
) -> dict[str, Any]:
    """The unsigned BitstringStatusListCredential that is published at `list_url`, which is its id.

    Raises:
        StatusError: the list is too short or too long.
        ValueError: a time without a zone, or one that ends before it begins.
    Source: W3C Bitstring Status List 1.0, 2.2.
    """
    if valid_until is not None and valid_until < valid_from:
        raise ValueError("A status list cannot end before it begins.")
    subject: dict[str, Any] = {"id": f"{list_url}#list", "type": LIST_TYPE}
    subject["statusPurpose"] = purpose if isinstance(purpose, str) else list(purpose)
    subject["encodedList"] = encode(bits)
    if ttl is not None:
        subject["ttl"] = ttl // timedelta(milliseconds=1)
    document = {
        "@context": [CREDENTIALS_V2],
        "id": list_url,
        "type": ["VerifiableCredential", CREDENTIAL_TYPE],
        "issuer": issuer if isinstance(issuer, str) else dict(issuer),
        "validFrom": timestamps.write(valid_from),
    }
    if valid_until is not None:
        document["validUntil"] = timestamps.write(valid_until)
    return {**document, "credentialSubject": subject}


def entry_value(entry: StatusEntry, list_credential: Document, *, at: datetime) -> int:
    """The value that the list gives an entry at a moment. The caller has checked the list's proof and issuer.

    Raises:
        StatusError: STATUS_VERIFICATION_ERROR (another list or purpose, not a list, not yet valid), STATUS_STALE (no longer
            valid), STATUS_LIST_TOO_LARGE, STATUS_LIST_LENGTH_ERROR or RANGE_ERROR.
    Source: W3C Bitstring Status List 1.0, 3.2.
    """
    subject = _list_subject(list_credential)
    # An id is optional in a list; one that differs says that this is another list.
    if list_credential.get("id", entry.list_url) != entry.list_url:
        raise StatusError("This is another status list than the one that the credential names.", detail="LIST_ID")
    purposes = names_of(subject.get("statusPurpose"))
    if entry.purpose not in purposes:
        raise StatusError(f"The status list is not about {entry.purpose}.", detail="STATUS_PURPOSE")
    _require_current(list_credential, at)
    bits = decode(subject.get("encodedList"))
    if len(bits) * 8 // entry.size < limits.STATUS_LIST_ENTRIES:
        raise StatusError("The status list has fewer than 131,072 entries, which privacy demands.", code="STATUS_LIST_LENGTH_ERROR")
    return value(bits, entry.index, size=entry.size)


def check_entry(entry: StatusEntry, list_credential: Document, *, at: datetime) -> bool:
    """Whether the status is set (for `revocation`: revoked) at a moment. Errors as for `entry_value`."""
    return entry_value(entry, list_credential, at=at) != 0


def fresh_until(list_credential: Document, *, fetched_at: datetime) -> datetime:
    """Until when a fetched list may be used without asking again: its `ttl` (300 s if not said), but never past `validUntil`.

    Raises:
        StatusError: not a status list.
        Malformed: `validUntil` or `ttl` cannot be read.
    """
    ttl = _list_subject(list_credential).get("ttl", DEFAULT_TTL // timedelta(milliseconds=1))
    if not isinstance(ttl, int) or isinstance(ttl, bool) or ttl < 0:
        raise Malformed("The ttl of a status list is a number of milliseconds.", pointer="/credentialSubject/ttl")
    # A day is as good as for ever here, and keeps a huge number from overflowing the calendar.
    until = fetched_at + min(timedelta(milliseconds=min(ttl, 86_400_000)), timedelta(days=1))
    ends = list_credential.get("validUntil")
    return until if ends is None else min(until, timestamps.parse(ends))


def _list_subject(list_credential: Document) -> Document:
    subject = list_credential.get("credentialSubject")
    if isinstance(subject, list) and len(subject) == 1:
        subject = subject[0]
    is_list = isinstance(subject, Mapping) and LIST_TYPE in names_of(subject.get("type"))
    if not is_list or CREDENTIAL_TYPE not in names_of(list_credential.get("type")):
        raise StatusError("What the credential names as its status list is not one.", detail="NOT_A_LIST")
    assert isinstance(subject, Mapping)
    return subject


def _require_current(list_credential: Document, at: datetime) -> None:
    skew = timedelta(seconds=limits.CLOCK_SKEW_SECONDS)
    begins, ends = list_credential.get("validFrom"), list_credential.get("validUntil")
    if begins is not None and at + skew < timestamps.parse(begins):
        raise StatusError("The status list is not valid yet.", detail="NOT_YET_VALID")
    if ends is not None and at - skew > timestamps.parse(ends):
        raise StatusError("The status list is out of date, and no newer one was to be had.", code="STATUS_STALE")
