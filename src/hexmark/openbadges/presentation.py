"""Presentations: whether whoever shows credentials holds the key that they show them with. What is inside is verified like any other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hexmark.openbadges import dids, guard, proofs
from hexmark.openbadges.checks.binding import controller_document
from hexmark.openbadges.checks.sources import Document, Sources, items_of
from hexmark.openbadges.errors import Malformed, ProofError
from hexmark.openbadges.proofs import Expected

_TYPE = "VerifiablePresentation"
#: Credentials in one presentation; each is verified by itself.
MOST_CREDENTIALS = 20


def credentials_in(document: Document) -> list[Mapping[str, Any] | str]:
    """What is shown: documents, or tokens as text.

    Raises:
        Malformed: it is no presentation, or shows what is no credential, or too many.
    Source: VCDM 2.0, 4.13.
    """
    if _TYPE not in items_of(document.get("type")):
        raise Malformed(f"A presentation has the type {_TYPE}.", pointer="/type")
    shown = items_of(document["verifiableCredential"]) if "verifiableCredential" in document else []
    if len(shown) > MOST_CREDENTIALS:
        raise Malformed(f"At most {MOST_CREDENTIALS} credentials can be shown at once here.", pointer="/verifiableCredential")
    if not all(isinstance(each, Mapping) for each in shown):
        raise Malformed("What a presentation shows are credentials, each an object.", pointer="/verifiableCredential")
    return shown


def check_presentation(
    document: Document, *, sources: Sources, at: datetime, challenge: str | None = None, domain: str | None = None
) -> None:
    """Pass silently if each proof of the presentation holds, is for `authentication`, and is by the key of its holder.

    A presentation without a challenge proves that somebody once showed this, and not that they show it now.

    Raises:
        FormatError: it does not hold; the code says why.
        Unreachable: a key could not be had.
    Source: VCDM 2.0, 4.13 and 7.1; W3C VC Data Integrity 1.0, 4.4.
    """
    guard.guard_context(document)
    guard.guard_structure({name: value for name, value in document.items() if name != "proof"})
    holder = document.get("holder")
    holder = holder.get("id") if isinstance(holder, Mapping) else holder
    expected = Expected(purpose="authentication", domain=domain, challenge=challenge, at=at)
    for proof in proofs.proofs_of(document):
        if not proofs.supported(proof):
            raise ProofError("The presentation is signed in a way that is not known here.", detail="UNKNOWN_CRYPTOSUITE")
        method = proof.get("verificationMethod")
        if not isinstance(method, str):
            raise ProofError("The proof does not name a key.", code="INVALID_VERIFICATION_METHOD_URL")
        controller = dids.controller_of(method)
        if holder is not None and holder != controller:
            raise ProofError("The presentation is signed with the key of somebody who is not its holder.", detail="HOLDER")
        key = dids.verification_key(controller_document(controller, sources=sources), method, purpose="authentication", at=at)
        proofs.check_proof(
            document, proof, key, expected=expected, canonicalize=sources.canonicalize, canonicalize_later=sources.canonicalize_later
        )
