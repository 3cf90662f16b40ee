"""The only place where something is signed.

`sign(kind, row_ids)` takes no bytes from whoever calls it: it rebuilds the document from the rows, through the builder
that the room above registered for that kind. A web process that was taken over can therefore ask for a signature only over
what the tables already say. (Threat T1 of docs/explanation/security.md.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hexmark.keys.store import open_active_key
from hexmark.openbadges.keys import SigningKey
from hexmark.openbadges.proofs import add_proof


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A document as the row says it, and who is to sign it. `controller` is the issuer's DID; `created` goes into the proof."""

    row_id: int
    organisation_id: int
    controller: str
    document: dict[str, Any]
    created: datetime


Builder = Callable[[Sequence[int]], Iterator[Unsigned]]
_BUILDERS: dict[str, Builder] = {}


def register_builder(kind: str, builder: Builder) -> None:
    """Rows of this kind can be signed; the builder rebuilds their documents and passes over rows that are not to be signed."""
    _BUILDERS[kind] = builder


def sign(kind: str, row_ids: Sequence[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    """`(row id, signed document)` for each of these rows that is to be signed. Each key is opened once a call.

    Raises:
        LookupError: nothing of this kind can be signed.
        NotConfigured: a key is missing or does not open.
        UnsafeDocument: a document would say more than its signature covers.
    """
    keys: dict[int, SigningKey] = {}
    for unsigned in _BUILDERS[kind](row_ids):
        key = keys.get(unsigned.organisation_id) or keys.setdefault(unsigned.organisation_id, open_active_key(unsigned.organisation_id))
        method = verification_method(unsigned.controller, key.public.multibase)
        yield unsigned.row_id, add_proof(unsigned.document, key=key, verification_method=method, created=unsigned.created)


def verification_method(controller: str, public_multibase: str) -> str:
    """The DID URL under which the controller's document lists this key."""
    return f"{controller}#{public_multibase}"
