"""Data Integrity proofs: signing a document, and checking that a signature covers it.

What belongs here: W3C Data Integrity 1.0 and its cryptosuites, clause by clause. What does not: whose key it is and whether
that key may speak for the issuer (`dids`), what the document says (`schema`), and whether it still counts (`status_list`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hexmark.openbadges import canonical_json, contexts, disclosure, jsonld, multibase, timestamps
from hexmark.openbadges.errors import FormatError, Malformed, ProofError, UnsafeDocument
from hexmark.openbadges.guard import Document
from hexmark.openbadges.jsonld import Canonicalize
from hexmark.openbadges.keys import PublicKey, SigningKey
from hexmark.openbadges.suites import EDDSA_RDFC_2022, PROOF_TYPE, SUITES, Suite, suite_for_signing, suites_of

__all__ = [
    "EDDSA_RDFC_2022",
    "PROOF_TYPE",
    "SUITES",
    "Canonicalize",
    "Expected",
    "Proof",
    "Suite",
    "add_proof",
    "canonical_hash",
    "check_proof",
    "hash_data",
    "options_hash",
    "proof_options",
    "proofs_of",
    "supported",
]

Proof = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a verifier demands of a proof besides its signature. No `at`: an expiry is read, but not compared with any clock."""

    purpose: str = "assertionMethod"
    domain: str | None = None
    challenge: str | None = None
    at: datetime | None = None


def canonical_hash(document: Document, *, suite: Suite = EDDSA_RDFC_2022, canonicalize: Canonicalize = jsonld.canonical) -> bytes:
    """The hash of a document without its proofs.

    Raises:
        as `jsonld.canonical`: the document holds something that no signature could cover.
    Source: W3C Data Integrity EdDSA Cryptosuites v1.0, 3.2.3 and 3.2.4.
    """
    return suite.digest(_canonical(_without(document, "proof"), suite, canonicalize))


def proof_options(*, verification_method: str, created: datetime, suite: Suite = EDDSA_RDFC_2022) -> dict[str, Any]:
    """A proof before it is signed.

    Raises:
        ValueError: `created` has no time zone.
    """
    return {
        "type": PROOF_TYPE,
        "cryptosuite": suite.name,
        "created": timestamps.write(created),
        "verificationMethod": verification_method,
        "proofPurpose": "assertionMethod",
    }


def add_proof(
    document: Document, *, key: SigningKey, verification_method: str, created: datetime, cryptosuite: str | None = None
) -> dict[str, Any]:
    """A copy of the document with one more proof, `proof` being an array; proofs that it has stay as they are.

    The proof is by the named cryptosuite, or by the preferred one for the kind of the key.

    Raises:
        as `jsonld.canonical`: the document holds something that the signature would not cover.
        ProofError: `KEY_KIND`: no such cryptosuite signs with such a key.
        ValueError: `created` has no time zone.
    Source: W3C Data Integrity EdDSA Cryptosuites v1.0, 3.2.1 and 3.3.1; ECDSA Cryptosuites v1.0, 3.2.1 and 3.3.1.
    """
    suite = suite_for_signing(key.public.kind, cryptosuite)
    # Step 1: the proof begins as a copy of the options.
    options = proof_options(verification_method=verification_method, created=created, suite=suite)
    if suite.form == "JCS" and "@context" in document:
        # 3.3.1, step 2: here the proof itself says under which contexts it was made.
        options["@context"] = document["@context"]
    # Steps 2 to 4: configuration, transformation and hashing.
    data = hash_data(_without(document, "proof"), options, suite=suite)
    # Step 5: the signature. Step 6: written as base58btc multibase.
    proof = {**options, "proofValue": multibase.encode(key.sign(data))}
    present = proofs_of(document) if "proof" in document else []
    return {**document, "proof": [*present, proof]}


def proofs_of(document: Document) -> list[dict[str, Any]]:
    """The proofs of a document in their order, as copies; at least one.

    Raises:
        ProofError: `INVALID/NO_PROOF`, it has none; `PARSING_ERROR/NO_PROOF`, what stands there is no proof.
    """
    if "proof" not in document:
        raise ProofError("The document carries no proof.", code="INVALID", detail="NO_PROOF")
    value = document["proof"]
    proofs = value if isinstance(value, list) else [value]
    if not proofs or not all(isinstance(proof, dict) and proof for proof in proofs):
        raise ProofError("What stands as proof of this document is not a proof.", code="PARSING_ERROR", detail="NO_PROOF", pointer="/proof")
    return [dict(proof) for proof in proofs]


def supported(proof: Proof) -> bool:
    """Whether `check_proof` knows this kind of proof. One that it does not know proves nothing, and harms no other beside it."""
    return bool(suites_of(proof))


def check_proof(
    document: Document,
    proof: Proof,
    key: PublicKey,
    *,
    expected: Expected = Expected(),
    canonicalize: Canonicalize = jsonld.canonical,
    canonicalize_later: Canonicalize = jsonld.canonical_later,
) -> None:
    """Pass silently if this proof of the document was made with this key and is what the verifier expects.

    `canonicalize_later` reads contexts in their last published revision; asked only if one of them has several and the
    first reading fails for its signature or for a term that is defined later.

    Raises:
        ProofError: unknown suite, malformed or expired proof, another key or another document; `INVALID_PROOF_PURPOSE`,
            `INVALID_DOMAIN_ERROR`, `INVALID_CHALLENGE_ERROR`.
        FormatError: as `jsonld.canonical`, the document holds something that no signature covers.
    Source: W3C Data Integrity 1.0, 4.4; EdDSA Cryptosuites v1.0, 3.2.2 and 3.3.2; ECDSA Cryptosuites v1.0, 3.2.2 and 3.3.2.
    """
    suite = _suite(proof, key)
    _check_options(proof, expected)
    # 3.2.2, step 3: the signature in bytes.
    signature = b"" if suite.discloses else _signature(proof, suite)
    # Step 4: the contexts under which the proof was made.
    _check_context(document, proof)
    # Step 1: the document without proofs, but with those that this one builds upon.
    unsecured = _without(document, "proof") | _previous(document, proof)
    # Step 2: the options are the proof without its value.
    options = _without(proof, "proofValue")
    readings = (canonicalize, canonicalize_later)[: contexts.revisions(document) if suite.form == "RDFC-1.0" else 1]
    # The first refusal is the one to show: the later revision is the rarer one.
    first: FormatError | None = None
    for reading in readings:
        try:
            # Steps 5 to 7: transformation, hashing, verification.
            if suite.discloses:
                proof_hash = options_hash(unsecured, options, suite=suite, canonicalize=reading)
                return disclosure.check(unsecured, proof_hash, proof.get("proofValue"), key, canonicalize=reading)
            return key.verify(hash_data(unsecured, options, suite=suite, canonicalize=reading), signature)
        except (ProofError, UnsafeDocument) as error:
            first = first or error
    raise first or ProofError("The proof was not checked.")


def hash_data(
    unsecured: Document,
    options: Proof,
    *,
    suite: Suite = EDDSA_RDFC_2022,
    canonicalize: Canonicalize = jsonld.canonical,
) -> bytes:
    """What is signed: the hash of the canonical options, then the hash of the canonical document.

    Raises:
        as `jsonld.canonical`.
    Source: W3C Data Integrity EdDSA Cryptosuites v1.0, 3.2.3 to 3.2.5 and 3.3.3 to 3.3.5.
    """
    document_hash = suite.digest(_canonical(unsecured, suite, canonicalize))
    return options_hash(unsecured, options, suite=suite, canonicalize=canonicalize) + document_hash


def options_hash(
    unsecured: Document, options: Proof, *, suite: Suite = EDDSA_RDFC_2022, canonicalize: Canonicalize = jsonld.canonical
) -> bytes:
    """The hash of the canonical options of a proof of this document.

    Raises:
        as `jsonld.canonical`.
    Source: W3C Data Integrity EdDSA Cryptosuites v1.0, 3.2.5 and 3.3.5.
    """
    if suite.form == "RDFC-1.0":
        # 3.2.5, step 4: the options are read under the contexts of the document, whatever they say themselves.
        options = {**options, "@context": unsecured.get("@context")}
    return suite.digest(_canonical(options, suite, canonicalize))


def _canonical(document: Document, suite: Suite, canonicalize: Canonicalize) -> bytes:
    if suite.form == "JCS":
        return canonical_json.canonical(document)
    # The default is left out, so that a reading which knows only that one can be given too.
    return canonicalize(document) if suite.hash_name == "SHA-256" else canonicalize(document, hash_name=suite.hash_name)


def _suite(proof: Proof, key: PublicKey) -> Suite:
    suites = suites_of(proof)
    if not suites and proof.get("type") != PROOF_TYPE:
        raise ProofError(f"Proofs of type {str(proof.get('type'))[:80]!a} are not known here.", detail="UNKNOWN_PROOF_TYPE")
    if not suites:
        raise ProofError(f"The cryptosuite {str(proof.get('cryptosuite'))[:80]!a} is not known here.", detail="UNKNOWN_CRYPTOSUITE")
    for suite in suites:
        if suite.key_kind == key.kind:
            return suite
    kinds = " or ".join(suite.key_kind for suite in suites)
    raise ProofError(f"{suites[0].name} needs a key of kind {kinds}, not {key.kind}.", detail="KEY_KIND")


def _check_options(proof: Proof, expected: Expected) -> None:
    # Data Integrity 1.0, 4.4, steps 5 to 8, and 2.1 for what each member may be.
    if proof.get("proofPurpose") != expected.purpose:
        raise ProofError(f"The proof was not made for {expected.purpose}.", code="INVALID_PROOF_PURPOSE")
    if not isinstance(proof.get("verificationMethod"), str):
        raise ProofError("The proof does not name the key that made it.", detail="VERIFICATION_METHOD")
    for member in ("created", "expires"):
        try:
            moment = timestamps.parse(proof[member]) if member in proof else None
        except Malformed as error:
            raise ProofError(f"The proof has a malformed {member!r}. {error}", detail="TIMESTAMP") from None
        if member == "expires" and moment and expected.at and moment <= expected.at:
            raise ProofError(f"The proof held until {proof['expires']}.", detail="PROOF_EXPIRED")
    # A proof made for one verifier says nothing to another, so an unexpected domain is as wrong as a missing one.
    if _strings(proof, "domain") != ([expected.domain] if expected.domain is not None else []):
        raise ProofError("The proof was made for another domain.", code="INVALID_DOMAIN_ERROR")
    if _strings(proof, "challenge") != ([expected.challenge] if expected.challenge is not None else []):
        raise ProofError("The proof answers another challenge.", code="INVALID_CHALLENGE_ERROR")


def _strings(proof: Proof, member: str) -> list[Any]:
    value = proof.get(member, [])
    return value if isinstance(value, list) else [value]


def _signature(proof: Proof, suite: Suite) -> bytes:
    value = proof.get("proofValue")
    try:
        return multibase.decode(value if isinstance(value, str) else "", length=suite.signature_bytes)
    except Malformed as error:
        raise ProofError(f"The proof has a malformed signature. {error}", detail="PROOF_VALUE") from None


def _check_context(document: Document, proof: Proof) -> None:
    # The suite allows the document to have contexts beyond those of the proof. No signature covers a context that adds
    # nothing, so we demand the same ones: then nobody can append any.
    if "@context" in proof and proof["@context"] != document.get("@context"):
        raise ProofError("The proof was made under other contexts than the document has.", detail="PROOF_CONTEXT")


def _previous(document: Document, proof: Proof) -> dict[str, Any]:
    """The proofs that this one names as made before it, as the `proof` member that it signed over.

    Raises:
        ProofError: one is missing, or two of them each claim to be the later.
    Source: W3C Data Integrity 1.0, 4.5 (proof chains).
    """
    if "previousProof" not in proof:
        return {}
    by_id = {other["id"]: other for other in proofs_of(document) if isinstance(other.get("id"), str)}
    named, seen = _strings(proof, "previousProof"), {proof.get("id")}
    waiting = [*named]
    if not waiting:
        raise ProofError("The proof names no earlier proof.", detail="PREVIOUS_PROOF")
    while waiting:
        identifier = waiting.pop()
        if not isinstance(identifier, str) or identifier not in by_id:
            raise ProofError("The proof builds upon one that is not there.", detail="PREVIOUS_PROOF")
        if identifier == proof.get("id"):
            raise ProofError("The proofs of this document each claim to be the later.", detail="PREVIOUS_PROOF")
        if identifier not in seen:
            seen.add(identifier)
            waiting += _strings(by_id[identifier], "previousProof")
    return {"proof": [by_id[identifier] for identifier in named]}


def _without(mapping: Mapping[str, Any], member: str) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if name != member}
