"""Is the content as it was signed, and who signed it? Asked alike of a credential, of a status list and of an endorsement."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hexmark.openbadges import guard, proofs
from hexmark.openbadges.checks.binding import Binding, bind
from hexmark.openbadges.checks.sources import Document, Sources, refusal, unknown
from hexmark.openbadges.checks.words import who
from hexmark.openbadges.errors import FormatError, ProofError, Unreachable
from hexmark.openbadges.report import Axis, Check, Outcome
from hexmark.openbadges.suites import suites_of

#: Proofs of one document that are worked out; the others are named as not checked.
PROOFS = 4
#: Sound ways of signing that this version does not know yet: neither a yes nor a no.
LATER_SUITES = frozenset({"bbs-2023"})
LATER_TYPES = frozenset({"Ed25519Signature2018", "EcdsaSecp256k1Signature2019", "JsonWebSignature2020"})


@dataclass(frozen=True, slots=True)
class Signature:
    """What the proofs of one document say: one check each on integrity and issuer, and remarks about proofs not counted."""

    integrity: Check
    issuer: Check
    remarks: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """The content is unchanged and the issuer's own key signed it."""
        return self.integrity.outcome is Outcome.PASSED and self.issuer.outcome is Outcome.PASSED


def check_signature(document: Document, *, sources: Sources, at: datetime) -> Signature:
    """The answer about integrity and issuer; nothing is raised.

    Of several proofs, the one that the issuer's own key made counts; one that does not hold fails the document, and one that
    cannot be checked is named in a remark.

    Source: W3C VC Data Integrity 1.0, 4.3 to 4.5.
    """
    try:
        found = proofs.proofs_of(document)
    except FormatError as error:
        return Signature(Check(Axis.INTEGRITY, Outcome.FAILED, f"Nobody has signed this. {error}", "NO_PROOF"), nobody())
    known = [proof for proof in found if proofs.supported(proof)][:PROOFS]
    others = [proof for proof in found if not any(proof is each for each in known)]
    if not known:
        return Signature(_uncheckable(found), nobody("Who signed this could not be checked."))
    answers = [_check(document, proof, sources=sources, at=at) for proof in known]
    best = min(answers, key=rank)
    remarks = [_not_checked(proof) for proof in others]
    remarks += ["Another proof, which is not by the issuer, was not counted." for answer in answers if answer is not best]
    return replace(best, remarks=tuple(remarks))


def _check(document: Document, proof: Document, *, sources: Sources, at: datetime) -> Signature:
    binding = bind(document, proof, sources=sources, at=at)
    return Signature(_integrity(document, proof, binding, sources=sources, at=at), binding.check)


def _integrity(document: Document, proof: Document, binding: Binding, *, sources: Sources, at: datetime) -> Check:
    try:
        if any(suite.form == "JCS" for suite in suites_of(proof)):
            # Canonical JSON covers every member, but not what contexts make of it: only known ones say what we show.
            guard.guard_context(document)
            guard.guard_structure({name: value for name, value in document.items() if name != "proof"})
        if binding.key is not None:
            proofs.check_proof(
                document,
                proof,
                binding.key,
                expected=proofs.Expected(at=at),
                canonicalize=sources.canonicalize,
                canonicalize_later=sources.canonicalize_later,
            )
            return Check(Axis.INTEGRITY, Outcome.PASSED, unchanged(binding), details={"key": binding.key.multibase})
        # Without a key there is no yes. What would not be covered by any signature is a no all the same.
        sources.canonicalize({name: value for name, value in document.items() if name != "proof"})
    except FormatError as error:
        return refusal(Axis.INTEGRITY, error, _altered(error))
    except Unreachable as error:
        return unknown(Axis.INTEGRITY, error)
    return without_key(binding)


def without_key(binding: Binding) -> Check:
    """The answer about the content where no key could be had to check it with."""
    if binding.key_error is not None:
        return refusal(Axis.INTEGRITY, binding.key_error)
    sentence = "Whether the content is unchanged could not be checked: the key to check it with could not be had."
    return Check(Axis.INTEGRITY, Outcome.UNKNOWN, sentence, binding.check.code or "ISSUER_KEY_UNRESOLVED", binding.check.details)


def unchanged(binding: Binding) -> str:
    """That the content is as it was signed, and how far that goes."""
    if binding.key_is_issuers:
        return "Content unchanged since it was signed."
    return "Content unchanged since it was signed, checked with the key that the document itself names."


def _altered(error: FormatError) -> str:
    return "The content is not what was signed: " if error.code == "PROOF_VERIFICATION_ERROR" and error.detail == "SIGNATURE" else ""


def rank(answer: Signature) -> tuple[bool, int]:
    """A proof that does not hold decides over all; then the issuer's own."""
    order = (Outcome.PASSED, Outcome.UNKNOWN, Outcome.FAILED, Outcome.SKIPPED)
    return (answer.integrity.outcome is not Outcome.FAILED, order.index(answer.issuer.outcome))


def _uncheckable(found: list[dict[str, Any]]) -> Check:
    later = [proof for proof in found if _type(proof) in LATER_TYPES or _suite(proof) in LATER_SUITES]
    kinds = ", ".join(sorted({_kind(proof) for proof in later or found}))
    if later:
        sentence = f"This document is signed in a way that cannot be checked here yet: {kinds}."
        return Check(Axis.INTEGRITY, Outcome.UNKNOWN, sentence, "UNSUPPORTED_PROOF", {"proofs": kinds})
    error = ProofError(f"This document is signed in a way that no standard names: {kinds}.", detail="UNKNOWN_CRYPTOSUITE")
    return refusal(Axis.INTEGRITY, error)


def _suite(proof: Document) -> str:
    suite = proof.get("cryptosuite")
    return suite if isinstance(suite, str) and proof.get("type") == "DataIntegrityProof" else ""


def _type(proof: Document) -> str:
    kind = proof.get("type")
    return kind if isinstance(kind, str) else ""


def _kind(proof: Document) -> str:
    return (_suite(proof) or _type(proof) or "unnamed")[:60]


def _not_checked(proof: Document) -> str:
    method = proof.get("verificationMethod")
    by = f" by {who(method.partition('#')[0])}" if isinstance(method, str) else ""
    return f"A further proof of the kind {_kind(proof)}{by} was not checked."


def nobody(sentence: str = "Without a proof, nobody stands for this document.") -> Check:
    """The answer about the issuer where nothing says who signed."""
    return Check(Axis.ISSUER, Outcome.UNKNOWN, sentence, "ISSUER_UNBOUND")
