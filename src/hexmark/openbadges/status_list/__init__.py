"""Bitstring status lists: packing bits into a list and reading one entry of it, bounded and without ever guessing.

A list that cannot be read, is for something else or is too short raises: no fault may ever be taken for "not revoked".
Whether the list's own proof holds and whether it comes from the credential's issuer is decided by `verify`, which has
the keys; the list's own `credentialStatus`, if it has one, is never followed (it could point at itself).

Source: W3C Bitstring Status List 1.0.
"""

from hexmark.openbadges.status_list.bits import bit, decode, encode, set_bit, set_value, value
from hexmark.openbadges.status_list.credential import (
    CREDENTIAL_TYPE,
    DEFAULT_TTL,
    LIST_TYPE,
    begins_at,
    check_entry,
    entry_value,
    fresh_until,
    is_status_list,
    status_list_credential,
)
from hexmark.openbadges.status_list.entries import ENTRY_TYPE, ENTRY_TYPE_2021, StatusEntry, entries_of
from hexmark.openbadges.status_list.permutation import permuted_index

__all__ = [
    "CREDENTIAL_TYPE",
    "DEFAULT_TTL",
    "ENTRY_TYPE",
    "ENTRY_TYPE_2021",
    "LIST_TYPE",
    "StatusEntry",
    "begins_at",
    "bit",
    "check_entry",
    "decode",
    "encode",
    "entries_of",
    "entry_value",
    "fresh_until",
    "is_status_list",
    "permuted_index",
    "set_bit",
    "set_value",
    "status_list_credential",
    "value",
]
