"""Proofs of which the holder can show a part: the issuer adds the base proof, the holder derives from it what a verifier gets."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from hexmark.openbadges import disclosure, jsonld
from hexmark.openbadges.disclosure.proof import BaseKeys
from hexmark.openbadges.errors import ProofError
from hexmark.openbadges.guard import Document
from hexmark.openbadges.jsonld import Canonicalize
from hexmark.openbadges.proofs import options_hash, proof_options, proofs_of
from hexmark.openbadges.suites import ECDSA_SD_2023

__all__ = ["MANDATORY", "BaseKeys", "add_base_proof", "derive"]

#: What no verifier can do without, whatever the holder keeps back: who says it, until when, how to ask whether it still holds, and of what.
MANDATORY = (
    "/issuer",
    "/validFrom",
    "/validUntil",
    "/credentialStatus",
    "/credentialSchema",
    "/name",
    "/credentialSubject/achievement",
)


def add_base_proof(
    document: Document,
    *,
    keys: BaseKeys,
    verification_method: str,
    created: datetime,
    mandatory: Sequence[str],
    canonicalize: Canonicalize = jsonld.canonical,
) -> dict[str, Any]:
    """A copy of the document with one more proof, which is for its holder alone: it holds the key to what is not shown.

    `mandatory`: JSON pointers to what each derived proof must show. `keys.proof` and `keys.hmac_key` must be new for each document.

    Raises:
        as `jsonld.canonical`: the document holds something that the signature would not cover.
        Malformed: `POINTER`: a pointer names nothing.
        ProofError: `KEY_KIND`: the issuer's key or that of the proof is not of kind P-256.
    Source: W3C Data Integrity ECDSA Cryptosuites v1.0, 3.6.1.
    """
    if {keys.issuer.public.kind, keys.proof.public.kind} != {ECDSA_SD_2023.key_kind}:
        raise ProofError("ecdsa-sd-2023 needs keys of kind P-256.", detail="KEY_KIND")
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    options = proof_options(verification_method=verification_method, created=created, suite=ECDSA_SD_2023)
    proof_hash = options_hash(unsecured, options, suite=ECDSA_SD_2023, canonicalize=canonicalize)
    value = disclosure.base_value(unsecured, proof_hash, mandatory, keys, canonicalize=canonicalize)
    present = proofs_of(document) if "proof" in document else []
    return {**document, "proof": [*present, {**options, "proofValue": value}]}


def derive(document: Document, reveal: Sequence[str], *, canonicalize: Canonicalize = jsonld.canonical) -> dict[str, Any]:
    """What the holder gives a verifier: what is mandatory, what these JSON pointers name, and a proof of just that.

    Raises:
        ProofError: the document has no base proof of ecdsa-sd-2023, or it does not fit.
        Malformed: `POINTER`: a pointer names nothing.
    Source: W3C Data Integrity ECDSA Cryptosuites v1.0, 3.6.6.
    """
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    for proof in proofs_of(document):
        if proof.get("cryptosuite") == ECDSA_SD_2023.name:
            shown, value = disclosure.derived_value(unsecured, proof.get("proofValue"), reveal, canonicalize=canonicalize)
            return {**shown, "proof": [{**proof, "proofValue": value}]}
    raise ProofError("The document carries no proof of which a part could be shown.", detail="NO_PROOF")
