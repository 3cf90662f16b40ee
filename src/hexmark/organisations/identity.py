"""An organisation's public identity as documents: DID document and issuer profile.

Both are built from the organisation's row and its published keys; no private part is near them.
"""

from __future__ import annotations

from typing import Any

from hexmark.keys.signer import verification_method
from hexmark.keys.store import published_keys
from hexmark.openbadges.jwk import jwk_of
from hexmark.openbadges.model import CONTEXTS, Profile
from hexmark.openbadges.multibase import decode_multikey
from hexmark.organisations.models import Organisation

#: Controlled Identifiers 1.0: the document and its Multikeys.
DID_CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
#: The same, of JSON Web Keys; named where there is one.
JWK_CONTEXT = "https://w3id.org/security/jwk/v1"


def did_document(organisation: Organisation) -> dict[str, Any]:
    """The controller document of the organisation's DID, with every key it ever signed with."""
    methods = _methods(organisation)
    return {"@context": _contexts(methods), "id": organisation.did, "alsoKnownAs": [organisation.url]} | methods


def profile(organisation: Organisation) -> Profile:
    """The issuer profile as it stands in credentials (Open Badges 3.0, Profile)."""
    return Profile(
        id=organisation.did,
        name=organisation.name,
        url=organisation.website or organisation.url,
        description=organisation.description or None,
        email=organisation.email or None,
    )


def profile_document(organisation: Organisation) -> dict[str, Any]:
    """The profile as a document of its own at the organisation's HTTPS address, naming the same keys as the DID document."""
    methods = _methods(organisation)
    # The first two know profiles, the others know keys: without them a reader of JSON-LD would pass over the keys.
    contexts = {"@context": [*CONTEXTS, *_contexts(methods)]}
    return contexts | profile(organisation).to_json() | {"alsoKnownAs": [organisation.url]} | methods


def _methods(organisation: Organisation) -> dict[str, Any]:
    methods = []
    for key in published_keys(organisation.pk):
        method: dict[str, Any] = {
            "id": verification_method(organisation.did, key.public_multibase),
            "type": "Multikey",
            "controller": organisation.did,
        }
        if key.kind == "RSA":
            # Readers of Multikeys know curves; an RSA key is known to those who read JSON Web Keys.
            method |= {"type": "JsonWebKey", "publicKeyJwk": jwk_of(decode_multikey(key.public_multibase))}
        else:
            method["publicKeyMultibase"] = key.public_multibase
        methods.append(method)
    return {"verificationMethod": methods, "assertionMethod": [method["id"] for method in methods]}


def _contexts(methods: dict[str, Any]) -> list[str]:
    has_web_key = any(method["type"] == "JsonWebKey" for method in methods["verificationMethod"])
    return [*DID_CONTEXTS, JWK_CONTEXT] if has_web_key else DID_CONTEXTS
