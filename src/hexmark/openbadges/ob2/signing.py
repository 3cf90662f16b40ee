"""Signed badges: a compact JWS, and the key for it, which the issuer's own profile must list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from hexmark.openbadges import jws
from hexmark.openbadges.algorithms import rsa as rsa_keys
from hexmark.openbadges.checks.sources import Document, Sources, items_of, refusal, unknown
from hexmark.openbadges.checks.words import who
from hexmark.openbadges.errors import FormatError, InvalidKey, Unreachable
from hexmark.openbadges.jws import Jws
from hexmark.openbadges.keys import PublicKey
from hexmark.openbadges.ob2.parts import Part, hosted_part, id_of, is_same
from hexmark.openbadges.report import Axis, Check, Outcome

#: A PEM of an RSA key of 8,192 bits has some 1,500 characters.
_PEM_CHARACTERS = 8192


@dataclass(frozen=True, slots=True)
class _Found:
    key: PublicKey | None
    check: Check


def check_signed(token: Jws, assertion: Document, issuer: Part, *, sources: Sources) -> tuple[Check, Check]:
    """The checks on integrity and issuer.

    Source: Open Badges 2.0, "Signed Badges"; RFC 7515, 5.2.
    """
    found = _key(assertion, issuer, sources=sources)
    try:
        if found.key is None:
            jws.algorithm_of(token)
            sentence = "Whether the content is unchanged could not be checked: the key to check it with could not be had."
            return Check(Axis.INTEGRITY, Outcome.UNKNOWN, sentence, found.check.code, found.check.details), found.check
        jws.check(token, found.key)
    except FormatError as error:
        return refusal(Axis.INTEGRITY, error, "The content is not what was signed: " if error.code == "SIG_INVALID" else ""), found.check
    return Check(
        Axis.INTEGRITY, Outcome.PASSED, "Content unchanged since it was signed.", details={"key": found.key.multibase}
    ), found.check


def public_key(document: Document) -> PublicKey:
    """The key of a CryptographicKey, RSA being the only kind that badges of version 2 are signed with.

    Raises:
        InvalidKey: it holds none, or a weak one. Source: Open Badges 2.0, CryptographicKey.
    """
    pem = document.get("publicKeyPem")
    if not isinstance(pem, str) or len(pem) > _PEM_CHARACTERS or "PRIVATE" in pem:
        raise InvalidKey("What stands as the issuer's key holds no public key.")
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise InvalidKey("What stands as the issuer's key cannot be read.") from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise InvalidKey("Badges of version 2 are signed with RSA keys, and this is another kind.")
    numbers = key.public_numbers()
    return PublicKey("RSA", rsa_keys.encoded(numbers.n, numbers.e))


def _key(assertion: Document, issuer: Part, *, sources: Sources) -> _Found:
    """The key that the badge names, and whether it is the issuer's."""
    if issuer.document is None or issuer.url is None:
        return _Found(None, _issuer_unknown(issuer))
    listed = items_of(issuer.document.get("publicKey"))
    creator = _creator(assertion)
    chosen = [link for link in listed if creator is None or is_same(id_of(link), creator)]
    if not chosen:
        words = f"{who(issuer.url)} lists no key of its own that this badge was signed with."
        return _Found(None, Check(Axis.ISSUER, Outcome.FAILED, words, "ISSUER_KEY_MISMATCH", {"issuer": issuer.url, "key": creator}))
    part = Part(chosen[0], id_of(chosen[0])) if isinstance(chosen[0], Mapping) else hosted_part(chosen[0], "key", sources=sources)
    before = f"Whether {who(issuer.url)} controls the signing key could not be found out: "
    if part.document is None:
        assert part.error is not None
        return _Found(None, unknown(Axis.ISSUER, part.error, before))
    owner = id_of(part.document.get("owner"))
    if not is_same(owner, issuer.url):
        words = f"The signing key says that it belongs to {who(owner) if owner else 'nobody'}, not to {who(issuer.url)}."
        return _Found(None, Check(Axis.ISSUER, Outcome.FAILED, words, "ISSUER_KEY_MISMATCH", {"issuer": issuer.url, "key": part.url}))
    try:
        key = public_key(part.document)
    except InvalidKey as error:
        return _Found(None, refusal(Axis.ISSUER, error))
    words = f"The issuer's identity: {who(issuer.url)} lists this key as its own."
    return _Found(key, Check(Axis.ISSUER, Outcome.PASSED, words, details={"issuer": issuer.url}))


def _creator(assertion: Document) -> str | None:
    """The address of the key; `url` is what version 1.1 calls it."""
    verification = assertion.get("verification", assertion.get("verify"))
    if not isinstance(verification, Mapping):
        return None
    return id_of(verification.get("creator", verification.get("url")))


def _issuer_unknown(issuer: Part) -> Check:
    assert issuer.error is not None
    before = "Who issued this could not be checked: "
    if isinstance(issuer.error, Unreachable) or issuer.error.code in {"PARSING_ERROR", "PAYLOAD_TOO_LARGE"}:
        return unknown(Axis.ISSUER, issuer.error, before)
    return refusal(Axis.ISSUER, issuer.error, before)
