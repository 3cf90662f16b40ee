"""Whose key is it? A signature says that somebody signed; only the issuer's own document says that the issuer did.

Threat T3: a key in a URL fragment, or a did:key beside another issuer, proves nothing about the issuer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hexmark.openbadges import dids, multibase, timestamps
from hexmark.openbadges.checks.sources import Document, Sources, issuer_id, refusal, unknown
from hexmark.openbadges.checks.words import who
from hexmark.openbadges.errors import FormatError, InvalidKey, Unreachable
from hexmark.openbadges.keys import PublicKey
from hexmark.openbadges.report import Axis, Check, Outcome

#: Refused before anybody was asked: the address itself is the finding.
_REFUSED = frozenset({"SSRF_BLOCKED", "PORT_BLOCKED", "URL_MALFORMED"})
#: The controller document was there and is sound, but does not list the key.
_NOT_LISTED = "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"
#: DIDs that are a key and nothing else.
_BARE_KEYS = ("did:key:", "did:jwk:")
#: How a Multikey of each kind begins: Ed25519, P-256, P-384, RSA of 2048 and 4096 bits.
_MULTIKEYS = ("z6Mk", "zDn", "z82L", "z4MX", "zgghB")


@dataclass(frozen=True, slots=True)
class Binding:
    """The answer about the issuer, and the key to check the content with: the issuer's, or else the one that the proof itself names."""

    check: Check
    key: PublicKey | None
    #: False if nobody but the proof says whose key it is.
    key_is_issuers: bool = False
    #: What is wrong with a key that the proof itself spells out.
    key_error: FormatError | None = None


def bind(document: Document, proof: Document, *, sources: Sources, at: datetime) -> Binding:
    """Who controls the key of this proof.

    Source: W3C Controlled Identifiers v1.0, 3.3 (Retrieve Verification Method).
    """
    issuer, method = issuer_id(document), proof.get("verificationMethod")
    if issuer is None:
        return Binding(_failed("The document does not say who issued it.", "MALFORMED_VALUE_ERROR"), None)
    if not isinstance(method, str):
        error = InvalidKey("The proof does not name a key.", code="INVALID_VERIFICATION_METHOD_URL")
        return Binding(refusal(Axis.ISSUER, error), None, key_error=error)
    try:
        controller = dids.controller_of(method)
    except FormatError as error:
        return Binding(refusal(Axis.ISSUER, error), None, key_error=error)
    spelled, key_error = _spelled(method)
    if controller != issuer:
        return Binding(another(issuer, controller), spelled, key_error=key_error)
    try:
        key = _issuers_key(issuer, method, proof, sources=sources, at=at)
    except (FormatError, Unreachable) as error:
        return Binding(not_had(error, issuer, method), spelled, key_error=key_error)
    return bound(issuer, key)


def bound(issuer: str, key: PublicKey) -> Binding:
    """The answer where the issuer's own document says that the key is the issuer's."""
    return Binding(Check(Axis.ISSUER, Outcome.PASSED, _controls(issuer), details={"issuer": issuer}), key, key_is_issuers=True)


def spelled_key(method: str) -> PublicKey | None:
    """The key that a verification method's own text spells out (did:key, did:jwk, or `https://…#z6Mk…`), or None.

    Good to check the content with; worth nothing as evidence of who signed.

    Raises:
        FormatError: it means to spell a key out, but that is none.
    """
    base, _, fragment = method.partition("#")
    if base.startswith("did:key:"):
        return multibase.decode_multikey(base.removeprefix("did:key:"))
    if base.startswith("did:jwk:"):
        return dids.method_key(dids.did_jwk_document(base)["verificationMethod"][0])
    if fragment.startswith(_MULTIKEYS):
        return multibase.decode_multikey(fragment)
    return None


def _spelled(method: str) -> tuple[PublicKey | None, FormatError | None]:
    try:
        return spelled_key(method), None
    except FormatError as error:
        return None, error


def _issuers_key(issuer: str, method: str, proof: Document, *, sources: Sources, at: datetime) -> PublicKey:
    return dids.verification_key(controller_document(issuer, sources=sources), method, at=_signed_at(proof, at))


def controller_document(issuer: str, *, sources: Sources) -> Document:
    """The document that says which keys are this issuer's.

    Raises:
        Unreachable: it could not be had; `ISSUER_UNBOUND`: there is none for such an id.
        FormatError: it is malformed.
    """
    document: Document | None = dids.computed_document(issuer)
    if document is not None:
        return document
    if issuer.startswith(("did:web:", "https://")):
        return sources.controller(dids.controller_url(issuer))
    raise Unreachable("There is no way here to look up who that is.", code="ISSUER_UNBOUND")


def _signed_at(proof: Document, at: datetime) -> datetime:
    """When the key has to have been good: when it signed. An unreadable or future moment counts as now."""
    try:
        return min(timestamps.parse(proof.get("created")), at)
    except FormatError:
        return at


def another(issuer: str, controller: str) -> Check:
    """The answer where the key is controlled by somebody who is not the issuer."""
    details = {"issuer": issuer, "controller": controller}
    if controller.startswith(_BARE_KEYS) and not issuer.startswith("did:"):
        words = f"Nothing binds the signing key to {who(issuer)}: it is a bare key that anybody could have made."
        return Check(Axis.ISSUER, Outcome.UNKNOWN, words, "ISSUER_UNBOUND", details)
    return _failed(f"It is signed with a key of {who(controller)}, not of its issuer {who(issuer)}.", "ISSUER_KEY_MISMATCH", details)


def not_had(error: FormatError | Unreachable, issuer: str, method: str) -> Check:
    """What it means that the issuer's key could not be had."""
    before = f"Whether {who(issuer)} controls the signing key could not be found out: "
    in_a_fragment = issuer.startswith("http") and method.partition("#")[2].startswith(_MULTIKEYS)
    if isinstance(error, Unreachable):
        # The proof brings its key along; without the issuer's word for it, that stays somebody's key.
        hidden = in_a_fragment and error.code not in _REFUSED
        return unknown(Axis.ISSUER, error, before, code="ISSUER_KEY_UNRESOLVED" if hidden else None)
    if error.code in {"PARSING_ERROR", "PAYLOAD_TOO_LARGE"}:
        return unknown(Axis.ISSUER, error, before)
    if error.code == _NOT_LISTED and issuer.startswith("http"):
        # A plain profile that lists no such key says neither yes nor no; a DID document that leaves a key out says no.
        return unknown(Axis.ISSUER, error, before, code="ISSUER_KEY_UNRESOLVED")
    return refusal(Axis.ISSUER, error, f"{who(issuer)} does not vouch for the signing key: ")


def _controls(issuer: str) -> str:
    if issuer.startswith(_BARE_KEYS):
        return "The issuer is a key and nothing else: it signed this, but no domain says who holds it."
    return f"The issuer's identity: {who(issuer)} controls this key."


def _failed(sentence: str, code: str, details: dict[str, Any] | None = None) -> Check:
    return Check(Axis.ISSUER, Outcome.FAILED, sentence, code, details or {})
