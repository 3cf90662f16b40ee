"""The only place where something is signed.

`sign(kind, row_ids)` takes no bytes from whoever calls it: it rebuilds the document from the rows, through the builder
that the room above registered for that kind. A web process that was taken over can therefore ask for a signature only over
what the tables already say. (Threat T1 of docs/explanation/security.md.)
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from hexmark.keys.store import open_active_key
from hexmark.openbadges.keys import KeyKind, SigningKey
from hexmark.openbadges.signed_form import USUAL, SignedForm
from hexmark.openbadges.template import BadgeTemplates, Watch

logger = logging.getLogger("hexmark.keys")

_LONGEST_FRAGMENT = 100


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
    form: SignedForm = USUAL


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed document, as it is to be stored and served: the JSON as it was signed, compact and in its order, or the token.

    `token`: the token beside the JSON; empty where there is none, or nothing but it.
    """

    text: str
    token: str = ""

    @property
    def document(self) -> dict[str, Any]:
        """What stands in the JSON."""
        read: dict[str, Any] = orjson.loads(self.text)
        return read


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
    ring = _Ring()
    for unsigned in _BUILDERS[kind](row_ids):
        yield unsigned.row_id, _signed(unsigned, ring)


def verification_method(controller: str, public_multibase: str) -> str:
    """The DID URL under which the controller's document lists this key."""
    # An RSA key is longer than the id of a key may be for many a reader, so its id is made of its hash.
    short = len(public_multibase) <= _LONGEST_FRAGMENT
    return f"{controller}#{public_multibase if short else 'key-' + hashlib.sha256(public_multibase.encode()).hexdigest()[:32]}"


def _signed(unsigned: Unsigned, ring: _Ring) -> Signed:
    form, given = unsigned.form, (unsigned.document, unsigned.values)
    text = token = ""
    if form.suite_key:
        key, method = ring.of(unsigned, form.suite_key)
        text = _TEMPLATES.sign(*given, key=key, verification_method=method, created=unsigned.created, cryptosuite=form.suite)
    if form.token_key and form.profile:
        key, method = ring.of(unsigned, form.token_key)
        token = _TEMPLATES.token(*given, key=key, verification_method=method, profile=form.profile)
    return Signed(text, token) if text else Signed(token)


class _Ring:
    """The keys of one call, each opened once."""

    def __init__(self) -> None:
        self._keys: dict[tuple[int, str, KeyKind], tuple[SigningKey, str]] = {}

    def of(self, unsigned: Unsigned, kind: KeyKind) -> tuple[SigningKey, str]:
        """The issuer's key of this kind, and the id under which verifiers find it."""
        which = (unsigned.organisation_id, unsigned.controller, kind)
        found = self._keys.get(which)
        if found is None:
            key = open_active_key(unsigned.organisation_id, kind=kind)
            found = self._keys[which] = (key, verification_method(unsigned.controller, key.public.multibase))
        return found


def _alarm(message: str) -> None:
    # What was signed since the last comparison may be wrong: look at it before anything else.
    logger.critical("%s Signing goes on without them.", message)


_TEMPLATES = BadgeTemplates(watch=Watch(alarm=_alarm))
