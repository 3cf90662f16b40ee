"""The only place where something is signed.

`sign(kind, row_ids)` takes no bytes from whoever calls it: it rebuilds the document from the rows, through the builder
that the room above registered for that kind. A web process that was taken over can therefore ask for a signature only over
what the tables already say. (Threat T1 of docs/explanation/security.md.)
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from hexmark.keys.store import open_active_key
from hexmark.openbadges.keys import SigningKey
from hexmark.openbadges.template import BadgeTemplates, Watch

logger = logging.getLogger("hexmark.keys")


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A document as the row says it, and who is to sign it. `controller` is the issuer's DID; `created` goes into the proof.

    Rows of one kind may share a document that has `Slot`s, each with `values` of its own to fill in: signing many is then some fifty
    times faster. Such a document must not be changed afterwards.
    """

    row_id: int
    organisation_id: int
    controller: str
    document: dict[str, Any]
    created: datetime
    values: Mapping[str, str] = field(default_factory=dict)


class Signed(dict[str, Any]):
    """A signed document. `text` is what is to be stored and served: the JSON as it was signed, compact and in its order."""

    def __init__(self, text: str) -> None:
        super().__init__(orjson.loads(text))
        self.text = text


Builder = Callable[[Sequence[int]], Iterator[Unsigned]]
_BUILDERS: dict[str, Builder] = {}


def register_builder(kind: str, builder: Builder) -> None:
    """Rows of this kind can be signed; the builder rebuilds their documents and passes over rows that are not to be signed."""
    _BUILDERS[kind] = builder


def sign(kind: str, row_ids: Sequence[int]) -> Iterator[tuple[int, Signed]]:
    """`(row id, signed document)` for each of these rows that is to be signed. Each key is opened once a call.

    Raises:
        LookupError: nothing of this kind can be signed.
        NotConfigured: a key is missing or does not open.
        UnsafeDocument: a document would say more than its signature covers.
    """
    keys: dict[int, SigningKey] = {}
    methods: dict[tuple[int, str], str] = {}
    for unsigned in _BUILDERS[kind](row_ids):
        issuer = (unsigned.organisation_id, unsigned.controller)
        key = keys.get(unsigned.organisation_id) or keys.setdefault(unsigned.organisation_id, open_active_key(unsigned.organisation_id))
        method = methods.get(issuer) or methods.setdefault(issuer, verification_method(unsigned.controller, key.public.multibase))
        text = _TEMPLATES.sign(unsigned.document, unsigned.values, key=key, verification_method=method, created=unsigned.created)
        yield unsigned.row_id, Signed(text)


def verification_method(controller: str, public_multibase: str) -> str:
    """The DID URL under which the controller's document lists this key."""
    return f"{controller}#{public_multibase}"


def _alarm(message: str) -> None:
    # What was signed since the last comparison may be wrong: look at it before anything else.
    logger.critical("%s Signing goes on without them.", message)


_TEMPLATES = BadgeTemplates(watch=Watch(alarm=_alarm))
