"""Lists and entries for the tests of status lists."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from hexmark.openbadges import limits, status_list
from hexmark.openbadges.errors import FormatError
from hexmark.openbadges.status_list import StatusEntry

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
LIST_URL = "https://acme.example/status/7"
ISSUER = "did:web:acme.example"
EMPTY = bytes(limits.STATUS_LIST_ENTRIES // 8)


def with_bits(*indexes: int) -> bytes:
    bits = bytearray(EMPTY)
    for index in indexes:
        status_list.set_bit(bits, index, True)
    return bytes(bits)


def a_list(bits: bytes = EMPTY, **changes):
    began = AT - timedelta(days=1)
    document = status_list.status_list_credential(LIST_URL, issuer=ISSUER, purpose="revocation", bits=bits, valid_from=began)
    document["credentialSubject"] |= changes.pop("subject", {})
    return document | changes


def an_entry(index: int = 5, **changes) -> StatusEntry:
    return StatusEntry(**({"purpose": "revocation", "index": index, "list_url": LIST_URL} | changes))


def raw_entry(**changes):
    entry = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": LIST_URL,
    } | changes
    return {name: member for name, member in entry.items() if member is not None}


def multibase(data: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def refusal(error: type[FormatError], call, *arguments, **keywords) -> str:
    with pytest.raises(error) as caught:
        call(*arguments, **keywords)
    return caught.value.full_code
