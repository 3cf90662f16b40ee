"""Is a compact credential (JWT) as it was signed, and who signed it? The answers are those of a document with a proof.

A key in the token's own header checks the content and says nothing about the issuer. A `kid` says something only if it leads
into the issuer's own document, or to a key on the issuer's host that this document lists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import urlsplit

from hexmark.openbadges import dids, guard, jose, jwk, limits, timestamps
from hexmark.openbadges.checks.binding import Binding, another, bind, bound, controller_document, not_had
from hexmark.openbadges.checks.signature import Signature, check_signature, nobody, rank, unchanged, without_key
from hexmark.openbadges.checks.sources import Document, Sources, issuer_id, items_of, refusal, unknown
from hexmark.openbadges.checks.words import who
from hexmark.openbadges.errors import DidError, FormatError, InvalidKey, Unreachable
from hexmark.openbadges.jose import Jwt
from hexmark.openbadges.keys import PublicKey
from hexmark.openbadges.report import Axis, Check, Outcome

#: Keys of one issuer that another key is compared with.
_KEYS = 16
# What no URL holds, and escapes of what would change a path: one reader undoes them, another does not.
_NOT_IN_A_URL = re.compile(r"[^\x21-\x7e]|[\\<>\"'`{}|^]|%(?:2[ef5]|5c)", re.IGNORECASE).search


def check_token(jwt: Jwt, *, sources: Sources, at: datetime) -> Signature:
    """The answer about integrity and issuer; nothing is raised.

    A proof inside the credential is checked as well, and one that does not hold fails the token.

    Source: Open Badges 3.0, 8.2.5; W3C Securing VCs using JOSE and COSE, 3.1.3.
    """
    try:
        jose.profile_of(jwt)
    except FormatError as error:
        # Before anybody is asked for a key: what such a header asks for is not followed.
        return Signature(refusal(Axis.INTEGRITY, error), nobody("Who signed this could not be checked."))
    credential = jwt.credential
    binding = _bind(jwt, credential, sources=sources, at=at)
    answer = Signature(_integrity(jwt, credential, binding), binding.check, _remarks(jwt))
    if "proof" not in credential:
        return answer
    return min(answer, check_signature(credential, sources=sources, at=at), key=rank)


def _integrity(jwt: Jwt, credential: Document, binding: Binding) -> Check:
    try:
        guard.guard_context(credential)
        guard.guard_structure({name: value for name, value in credential.items() if name != "proof"})
        if binding.key is None:
            jose.check_claims(jwt)
            return without_key(binding)
        jose.check_jwt(jwt, binding.key)
    except FormatError as error:
        return refusal(Axis.INTEGRITY, error, "The content is not what was signed: " if error.code == "SIG_INVALID" else "")
    return Check(Axis.INTEGRITY, Outcome.PASSED, unchanged(binding), details={"key": binding.key.multibase})


def _remarks(jwt: Jwt) -> tuple[str, ...]:
    missing = jose.missing_claims(jwt)
    if not missing:
        return ()
    return (f"The compact form lacks what the standard asks it to repeat: {', '.join(missing)} (CLAIM_MISSING).",)


def _bind(jwt: Jwt, credential: Document, *, sources: Sources, at: datetime) -> Binding:
    issuer = issuer_id(credential)
    named = {"verificationMethod": None, "created": _signed_at(jwt, credential)}
    if issuer is None:
        return bind(credential, named, sources=sources, at=at)
    try:
        method = _method(jwt, issuer)
    except FormatError as error:
        return Binding(refusal(Axis.ISSUER, error), None, key_error=error)
    if method is None and "jwk" in jwt.header:
        return _in_the_header(jwt, issuer)
    if method is not None and method.startswith("https://") and method.partition("#")[0] != issuer:
        return _at_an_address(issuer, method, sources=sources, at=at)
    return bind(credential, {**named, "verificationMethod": method}, sources=sources, at=at)


def _signed_at(jwt: Jwt, credential: Document) -> object:
    """When the token says that it was signed: the claim `iat`, or else when the credential begins."""
    issued = jwt.payload.get("iat")
    if isinstance(issued, (int, float)) and not isinstance(issued, bool):
        with suppress(OverflowError, ValueError, OSError):
            return timestamps.write(datetime.fromtimestamp(issued, tz=UTC))
    return credential.get("validFrom", credential.get("issuanceDate"))


def _method(jwt: Jwt, issuer: str) -> str | None:
    """The verification method that signed, as an absolute URL; None if the header names none.

    Raises:
        InvalidKey: `INVALID_VERIFICATION_METHOD_URL`: the `kid` is no such URL. DidError: the issuer is a DID that is none.
    """
    computed = dids.computed_document(issuer)
    own: str | None = computed["assertionMethod"][0] if computed else None
    if "kid" not in jwt.header:
        return own
    kid = jwt.header["kid"]
    if not kid or len(kid) > limits.DID_CHARACTERS or _NOT_IN_A_URL(kid) or not {".", ".."}.isdisjoint(kid.split("/")):
        raise InvalidKey("The id of this token's key is not a URL.", code="INVALID_VERIFICATION_METHOD_URL")
    if own is not None and kid in (issuer, own.partition("#")[2]):
        return own
    if ":" not in kid:
        return f"{issuer}#{kid.removeprefix('#')}"
    if not kid.startswith(("did:", "https://")):
        raise InvalidKey("The id of this token's key is not a DID URL or HTTPS URL.", code="INVALID_VERIFICATION_METHOD_URL")
    return str(kid)


def _in_the_header(jwt: Jwt, issuer: str) -> Binding:
    words = f"The token brings its key along, and nothing says that the key belongs to {who(issuer)}: anybody could have made it."
    check = Check(Axis.ISSUER, Outcome.UNKNOWN, words, "ISSUER_UNBOUND", {"issuer": issuer})
    try:
        return Binding(check, jwk.public_key(jwt.header["jwk"]))
    except InvalidKey as error:
        return Binding(check, None, key_error=error)


def _at_an_address(issuer: str, address: str, *, sources: Sources, at: datetime) -> Binding:
    """The profile of Open Badges: `kid` is the address of a JSON Web Key. Source: Open Badges 3.0, 8.2.3."""
    if not _same_origin(issuer, address):
        return Binding(another(issuer, address.partition("#")[0]), None)
    try:
        key = jwk.public_key(sources.controller(dids.controller_url(address.partition("#")[0])))
    except (FormatError, Unreachable) as error:
        return Binding(not_had(error, issuer, address), None, key_error=error if isinstance(error, FormatError) else None)
    # Many people can publish on one host: where a key lies is not yet the issuer's word for it.
    try:
        listed = _listed(controller_document(issuer, sources=sources), issuer, at=at)
    except (FormatError, Unreachable) as error:
        before = f"Whether this is a key of {who(issuer)} could not be found out: "
        return Binding(unknown(Axis.ISSUER, error, before, code="ISSUER_KEY_UNRESOLVED"), key)
    if address in listed or key in listed.values():
        return bound(issuer, key)
    words = f"The key lies on the same host as {who(issuer)}, which does not say that it is its own."
    return Binding(Check(Axis.ISSUER, Outcome.UNKNOWN, words, "ISSUER_KEY_UNRESOLVED", {"issuer": issuer}), key)


def _listed(document: Document, issuer: str, *, at: datetime) -> dict[str, PublicKey | None]:
    """What the issuer's document lists for making assertions, with the keys that it holds itself and that can be used.

    Raises:
        DidError: the document is about somebody else.
    """
    if not isinstance(document, Mapping) or document.get("id") != issuer:
        raise DidError(f"The document of {issuer[:200]!a} is about another id.", code="INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID")
    found: dict[str, PublicKey | None] = {}
    for method in [name for name in items_of(document.get("assertionMethod")) if isinstance(name, str)][:_KEYS]:
        absolute = issuer + method if method.startswith("#") else method
        found[absolute] = None
        with suppress(FormatError):
            found[absolute] = dids.verification_key(document, absolute, at=at, controller=issuer)
    return found


def _same_origin(issuer: str, address: str) -> bool:
    try:
        one, other = urlsplit(issuer), urlsplit(address)
        return (one.scheme, one.hostname, one.port or 443) == (other.scheme, other.hostname, other.port or 443)
    except ValueError:
        return False
