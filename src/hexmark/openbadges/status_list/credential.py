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
from hexmark.openbadges.status_list.entries import ENTRY_TYPE, ENTRY_TYPE_2021, StatusEntry, names_of

Document = Mapping[str, Any]

CREDENTIAL_TYPE = "BitstringStatusListCredential"
LIST_TYPE = "BitstringStatusList"
#: What stands at the other end of each kind of entry: the type of the credential and that of its subject.
_TYPES = {ENTRY_TYPE: (CREDENTIAL_TYPE, LIST_TYPE), ENTRY_TYPE_2021: ("StatusList2021Credential", "StatusList2021")}
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
    subject = _list_subject(list_credential, entry.type)
    # An id is optional in a list; one that differs says that this is another list.
    if list_credential.get("id", entry.list_url) != entry.list_url:
        raise StatusError("This is another status list than the one that the credential names.", detail="LIST_ID")
    purposes = names_of(subject.get("statusPurpose"))
    if entry.purpose not in purposes:
        raise StatusError(f"The status list is not about {entry.purpose}.", detail="STATUS_PURPOSE")
    _require_current(list_credential, at)
    encoded = subject.get("encodedList")
    # The predecessor has no multibase letter in front.
    bits = decode(f"u{encoded}" if entry.type == ENTRY_TYPE_2021 and isinstance(encoded, str) else encoded)
    if len(bits) * 8 // entry.size < limits.STATUS_LIST_ENTRIES:
        raise StatusError("The status list has fewer than 131,072 entries, which privacy demands.", code="STATUS_LIST_LENGTH_ERROR")
    return value(bits, entry.index, size=entry.size)


def check_entry(entry: StatusEntry, list_credential: Document, *, at: datetime) -> bool:
    """Whether the status is set (for `revocation`: revoked) at a moment. Errors as for `entry_value`."""
    return entry_value(entry, list_credential, at=at) != 0


def is_status_list(document: Document) -> bool:
    """Whether the document is a bitstring status list or one of its predecessor's, going by its types."""
    return any(credential_type in names_of(document.get("type")) for credential_type, _ in _TYPES.values())


def fresh_until(list_credential: Document, *, fetched_at: datetime) -> datetime:
    """Until when a fetched list may be used without asking again: its `ttl` (300 s if not said), but never past `validUntil`.

    Raises:
        StatusError: not a status list.
        Malformed: `validUntil` or `ttl` cannot be read.
    """
    is_older = ENTRY_TYPE_2021 if CREDENTIAL_TYPE not in names_of(list_credential.get("type")) else ENTRY_TYPE
    ttl = _list_subject(list_credential, is_older).get("ttl", DEFAULT_TTL // timedelta(milliseconds=1))
    if not isinstance(ttl, int) or isinstance(ttl, bool) or ttl < 0:
        raise Malformed("The ttl of a status list is a number of milliseconds.", pointer="/credentialSubject/ttl")
    # A day is as good as for ever here, and keeps a huge number from overflowing the calendar.
    until = fetched_at + min(timedelta(milliseconds=min(ttl, 86_400_000)), timedelta(days=1))
    ends = list_credential.get("validUntil")
    return until if ends is None else min(until, timestamps.parse(ends))


def begins_at(list_credential: Document) -> datetime | None:
    """From when on a list is valid, by which an older one can be told from a newer; None if it does not say.

    Raises:
        Malformed: it cannot be read.
    """
    begins = list_credential.get("validFrom", list_credential.get("issuanceDate"))
    return None if begins is None else timestamps.parse(begins)


def _list_subject(list_credential: Document, entry_type: str = ENTRY_TYPE) -> Document:
    credential_type, list_type = _TYPES[entry_type]
    subject = list_credential.get("credentialSubject")
    if isinstance(subject, list) and len(subject) == 1:
        subject = subject[0]
    is_list = isinstance(subject, Mapping) and list_type in names_of(subject.get("type"))
    if not is_list or credential_type not in names_of(list_credential.get("type")):
        raise StatusError("What the credential names as its status list is not one.", detail="NOT_A_LIST")
    assert isinstance(subject, Mapping)
    return subject


def _require_current(list_credential: Document, at: datetime) -> None:
    skew = timedelta(seconds=limits.CLOCK_SKEW_SECONDS)
    begins, ends = begins_at(list_credential), list_credential.get("validUntil", list_credential.get("expirationDate"))
    if begins is not None and at + skew < begins:
        raise StatusError("The status list is not valid yet.", detail="NOT_YET_VALID")
    if ends is not None and at - skew > timestamps.parse(ends):
        raise StatusError("The status list is out of date, and no newer one was to be had.", code="STATUS_STALE")
