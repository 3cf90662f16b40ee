"""Signing what is no credential: compact tokens over a payload that the room above rebuilds from its rows.

The same rule as in `signer`: whoever calls names rows and never gives bytes. A token has a type (`typ`) of its own, so that it can
neither be shown as a credential nor a credential as it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from hexmark.keys.signer import verification_method
from hexmark.keys.store import open_active_key
from hexmark.openbadges import jws


@dataclass(frozen=True, slots=True)
class UnsignedToken:
    """What a row says is to be signed, and by whom. `controller` is the issuer's DID."""

    row_id: int
    organisation_id: int
    controller: str
    typ: str
    payload: bytes


TokenBuilder = Callable[[Sequence[int]], Iterator[UnsignedToken]]
_BUILDERS: dict[str, TokenBuilder] = {}


def register_token_builder(kind: str, builder: TokenBuilder) -> None:
    """Rows of this kind can be signed as tokens."""
    _BUILDERS[kind] = builder


def sign_tokens(kind: str, row_ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    """`(row id, compact token)` for each of these rows that is to be signed.

    Raises:
        LookupError: nothing of this kind can be signed.
        NotConfigured: a key is missing or does not open.
    """
    for unsigned in _BUILDERS[kind](row_ids):
        key = open_active_key(unsigned.organisation_id)
        method = verification_method(unsigned.controller, key.public.multibase)
        yield unsigned.row_id, jws.sign(unsigned.payload, {"kid": method, "typ": unsigned.typ}, key=key)
