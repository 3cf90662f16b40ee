"""Making the two kinds of proof value of ecdsa-sd-2023, and checking either. No randomness: keys come as arguments."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hexmark.openbadges import multibase
from hexmark.openbadges.disclosure import grouping
from hexmark.openbadges.disclosure.selection import select
from hexmark.openbadges.disclosure.values import BaseValue, DerivedValue, read
from hexmark.openbadges.errors import FormatError, ProofError
from hexmark.openbadges.guard import Document
from hexmark.openbadges.jsonld import Canonicalize
from hexmark.openbadges.keys import PublicKey, SigningKey


@dataclass(frozen=True, slots=True)
class BaseKeys:
    """What signs: the issuer's own key; a key used for this document alone; 32 random bytes that hide what is not shown."""

    issuer: SigningKey
    proof: SigningKey
    hmac_key: bytes


def base_value(unsecured: Document, proof_hash: bytes, pointers: Sequence[str], keys: BaseKeys, *, canonicalize: Canonicalize) -> str:
    """The proof value for the holder. `proof_hash`: of the canonical options. `pointers`: what every derived proof must show.

    Raises:
        Malformed: a pointer names nothing; or as `jsonld.canonical`.
    Source: 3.5.2, 3.6.2 to 3.6.5.
    """
    named = grouping.with_ids(unsecured)
    whole = grouping.statements(named, keys.hmac_key, canonicalize=canonicalize)
    mandatory = grouping.group(named, pointers, whole, canonicalize=canonicalize)
    shown, rest = _split(whole.lines, mandatory)
    signature = keys.issuer.sign(_signed(proof_hash, keys.proof.public, shown))
    signatures = [keys.proof.sign(line.encode()) for line in rest]
    return BaseValue(signature, keys.proof.public, keys.hmac_key, signatures, pointers).text()


def derived_value(unsecured: Document, value: object, reveal: Sequence[str], *, canonicalize: Canonicalize) -> tuple[dict[str, Any], str]:
    """What the holder shows: the document with what is mandatory and what these pointers name, and the proof value for it.

    Raises:
        ProofError: `PROOF_VALUE`: the proof is not the issuer's base proof, or does not fit this document.
        Malformed: nothing would be shown, or a pointer names nothing.
    Source: 3.5.4, 3.5.5, 3.6.6.
    """
    base = read(value)
    if not isinstance(base, BaseValue):
        raise ProofError("Only the issuer's own proof can be shortened.", detail="PROOF_VALUE")
    pointers = [*base.pointers, *reveal]
    document = select(pointers, unsecured)
    if document is None:
        raise ProofError("Nothing would be shown.", detail="PROOF_VALUE")
    named = grouping.with_ids(unsecured)
    whole = grouping.statements(named, base.hmac_key, canonicalize=canonicalize)
    mandatory = set(grouping.group(named, base.pointers, whole, canonicalize=canonicalize))
    combined = grouping.group(named, pointers, whole, canonicalize=canonicalize)
    others = [index for index in range(len(whole.lines)) if index not in mandatory]
    if len(others) != len(base.signatures):
        raise ProofError("The proof is of another document.", detail="PROOF_VALUE")
    shown = set(combined)
    signatures = [signature for index, signature in zip(others, base.signatures, strict=True) if index in shown]
    lines = [whole.lines[index] for index in combined]
    positions = [position for position, index in enumerate(combined) if index in mandatory]
    labels = grouping.shown_labels(lines)
    return document, DerivedValue(base.base_signature, base.proof_key, signatures, labels, positions).text()


def check(unsecured: Document, proof_hash: bytes, value: object, key: PublicKey, *, canonicalize: Canonicalize) -> None:
    """Pass silently if the issuer's key stands behind every statement of this document, under these options.

    Raises:
        ProofError: it does not, or the proof value is malformed.
        FormatError: as `jsonld.canonical`.
    Source: 3.5.8, 3.6.7 (derived proofs). A base proof is checked as its holder would: every statement has a signature.
    """
    parts = read(value)
    try:
        if isinstance(parts, DerivedValue):
            shown, rest = _split(grouping.relabel(canonicalize(unsecured), parts.labels), parts.mandatory)
        else:
            named = grouping.with_ids(unsecured)
            whole = grouping.statements(named, parts.hmac_key, canonicalize=canonicalize)
            shown, rest = _split(whole.lines, grouping.group(named, parts.pointers, whole, canonicalize=canonicalize))
    except FormatError as error:
        if error.detail in ("LABELS", "POINTER"):
            # Both come from the proof: it is one of another document.
            raise ProofError(f"The proof does not fit this document. {error}", detail="SIGNATURE") from None
        raise
    if len(rest) != len(parts.signatures):
        raise ProofError("The proof has another number of signatures than this document has statements.", detail="SIGNATURE")
    key.verify(_signed(proof_hash, parts.proof_key, shown), parts.base_signature)
    for line, signature in zip(rest, parts.signatures, strict=True):
        parts.proof_key.verify(line.encode(), signature)


def _signed(proof_hash: bytes, proof_key: PublicKey, mandatory: Sequence[str]) -> bytes:
    """What the issuer's own key signs. Source: 3.4.17 (serializeSignData)."""
    key = multibase.decode(proof_key.multibase, length=35)
    return proof_hash + key + hashlib.sha256("".join(mandatory).encode()).digest()


def _split(lines: Sequence[str], chosen: Sequence[int]) -> tuple[list[str], list[str]]:
    if chosen and max(chosen) >= len(lines):
        raise ProofError("The proof counts more statements than this document makes.", detail="SIGNATURE")
    of = set(chosen)
    return [line for index, line in enumerate(lines) if index in of], [line for index, line in enumerate(lines) if index not in of]
