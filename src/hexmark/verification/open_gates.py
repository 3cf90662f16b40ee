"""Open gates: a requirement as a signed document that anybody can take away, and checking it.

The document is a verifiable credential of the W3C's data model whose subject is the requirement itself, signed by canonical JSON
(eddsa-jcs-2022). It is served compact and in its order, so that a file with any byte changed is known to be another one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hexmark.openbadges import limits, strict_json, timestamps
from hexmark.openbadges.checks.signature import check_signature
from hexmark.openbadges.checks.sources import Sources
from hexmark.openbadges.errors import FormatError, Malformed, TooLarge
from hexmark.openbadges.report import Axis, Check, Outcome
from hexmark.requirements import Requirement, RequirementError, parse

CONTEXT = "https://www.w3.org/ns/credentials/v2"
MEDIA_TYPE = "application/vc"
TYPE = "OpenGateCredential"
SUITE = "eddsa-jcs-2022"


@dataclass(frozen=True, slots=True)
class Gate:
    """What an open gate says: who may pass. `issuer` is "" where a bare requirement was given that nobody signed."""

    requirement: Requirement
    title: str = ""
    url: str = ""
    issuer: str = ""
    issuer_name: str = ""
    version: int = 0
    published_at: datetime | None = None
    document: Mapping[str, Any] | None = None
    is_verbatim: bool = True


def gate_document(
    requirement: Mapping[str, Any], *, url: str, title: str, version: int, issuer: Mapping[str, str], published_at: datetime
) -> dict[str, Any]:
    """The document to sign."""
    return {
        "@context": [CONTEXT],
        "id": url,
        "type": ["VerifiableCredential", TYPE],
        "name": title,
        "issuer": dict(issuer),
        "validFrom": timestamps.write(published_at),
        "credentialSubject": {"id": f"{url}#requirement", "type": "Requirement", "version": version, "requirement": requirement},
    }


def gate_of(data: bytes) -> Gate:
    """The gate in these bytes, or the bare requirement. Nothing of it is believed yet.

    Raises:
        FormatError: it cannot be read, or is another document.
        RequirementError: what it asks for cannot be understood.
    """
    if len(data) > limits.DOCUMENT_BYTES:
        raise TooLarge(f"The document is larger than {limits.DOCUMENT_BYTES} bytes.", detail="DOCUMENT_BYTES")
    document = strict_json.parse(data)
    if "credentialSubject" not in document:
        return Gate(parse(document))
    try:
        if TYPE not in document["type"]:
            raise Malformed("This is another document than “who can apply”.")
        subject, issuer = document["credentialSubject"], document["issuer"]
        return Gate(
            requirement=parse(subject["requirement"]),
            title=str(document["name"]),
            url=str(document["id"]),
            issuer=str(issuer["id"]),
            issuer_name=str(issuer.get("name", "")),
            version=int(subject["version"]),
            published_at=timestamps.parse(document["validFrom"]),
            document=document,
            is_verbatim=strict_json.dump(document) == data.strip(),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, FormatError | RequirementError):
            raise
        raise Malformed("This does not hold what an open gate holds.") from None


def check_gate(gate: Gate, *, controller: Callable[[str], Mapping[str, Any]], at: datetime, trusted_key: str = "") -> list[Check]:
    """Whether it is as its organisation signed it: a check of the content and one of the issuer.

    `trusted_key` is the organisation's public key (multibase), known to whoever asks: nobody need be asked then.
    """
    if gate.document is None:
        return [
            Check(Axis.INTEGRITY, Outcome.UNKNOWN, "Nobody signed this requirement: it counts as far as you trust the file.", "NO_PROOF")
        ]
    asked = _named(gate.issuer, trusted_key) if trusted_key else controller
    signature = check_signature(gate.document, sources=Sources(controller=asked, status_list=asked), at=at)
    if not gate.is_verbatim:
        words = "The file is not the one that was published: something was changed in how it is written."
        return [Check(Axis.INTEGRITY, Outcome.FAILED, words, "NOT_VERBATIM"), signature.issuer]
    return [signature.integrity, signature.issuer]


def _named(issuer: str, key: str) -> Callable[[str], Mapping[str, Any]]:
    """The issuer's document as if it named this key alone."""
    method = {"id": f"{issuer}#{key}", "type": "Multikey", "controller": issuer, "publicKeyMultibase": key}
    contexts = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
    document = {"@context": contexts, "id": issuer, "verificationMethod": [method], "assertionMethod": [method["id"]]}
    return lambda _url: document
