"""JSON Web Keys, read strictly and written: one key has one text here, and what contradicts itself is no key.

Symmetric and private keys are never read: where one stands in the open, that is the finding.
"""

from collections.abc import Mapping
from typing import Any

from hexmark.openbadges.algorithms import ecdsa, rsa
from hexmark.openbadges.errors import InvalidKey, Malformed
from hexmark.openbadges.keys import ALGORITHMS, CURVES, Algorithm, KeyKind, PublicKey
from hexmark.openbadges.multibase import b64url_decode, b64url_encode

#: OKP and EC `d`, RSA `p`…, and the key of `oct` itself. Source: RFC 7518, 6.
_SECRET_MEMBERS = ("d", "p", "q", "dp", "dq", "qi", "oth", "k")
#: (kty, crv) -> kind, and the members in which each kty writes its key.
_KINDS: Mapping[tuple[str, str | None], KeyKind] = {
    ("OKP", "Ed25519"): "Ed25519",
    ("EC", "P-256"): "P-256",
    ("EC", "P-384"): "P-384",
    ("RSA", None): "RSA",
}
_MEMBERS = {"OKP": {"crv", "x"}, "EC": {"crv", "x", "y"}, "RSA": {"n", "e"}}
#: RFC 9864 gives EdDSA with this one curve a name of its own.
_SYNONYMS = {"Ed25519": "EdDSA"}


def public_key(jwk: object) -> PublicKey:
    """The public key of a JSON Web Key of type OKP (Ed25519), EC (P-256, P-384) or RSA; with its `alg`, if it names one.

    Raises:
        InvalidKey: another kind, malformed, contradicting itself, or not allowed to verify; `KEY_PRIVATE` if it holds a secret;
            `KEY_WEAK`.
    Source: RFC 7517, 4; RFC 7518, 6; RFC 8037, 2.
    """
    if not isinstance(jwk, dict):
        raise InvalidKey("A JSON Web Key is an object.")
    if any(member in jwk for member in _SECRET_MEMBERS):
        raise InvalidKey("A secret key was published. It must be replaced.", code="KEY_PRIVATE")
    kind = _kind(jwk)
    _check_purpose(jwk)
    try:
        raw = _raw(kind, jwk)
    except Malformed as error:
        raise InvalidKey(f"This JSON Web Key is malformed. {error}") from None
    return PublicKey(kind, raw, _algorithm(kind, jwk))


def jwk_of(key: PublicKey) -> dict[str, str]:
    """The JSON Web Key of a public key: its required members, and `alg` if the key is for one algorithm only.

    Source: RFC 7518, 6; RFC 8037, 2.
    """
    if key.kind == "Ed25519":
        members = {"kty": "OKP", "crv": "Ed25519", "x": b64url_encode(key.raw)}
    elif key.kind == "RSA":
        modulus, exponent = rsa.numbers(key.raw)
        members = {"kty": "RSA", "n": _unsigned_text(modulus), "e": _unsigned_text(exponent)}
    else:
        x, y = ecdsa.coordinates(CURVES[key.kind], key.raw)
        members = {"kty": "EC", "crv": key.kind, "x": b64url_encode(x), "y": b64url_encode(y)}
    return {**members, "alg": key.algorithm} if key.algorithm else members


def _kind(jwk: Mapping[str, Any]) -> KeyKind:
    kty, crv = jwk.get("kty"), jwk.get("crv")
    kind = _KINDS.get((kty, crv)) if isinstance(kty, str) and isinstance(crv, (str, type(None))) else None
    if kind is None or not isinstance(kty, str):
        raise InvalidKey("JSON Web Keys of this kind are not known here.")
    # A member of another type would be read by somebody who goes by members instead of by `kty`.
    foreign = set().union(*_MEMBERS.values()) - _MEMBERS[kty]
    if not foreign.isdisjoint(jwk):
        raise InvalidKey("This JSON Web Key has members of two types.")
    return kind


def _check_purpose(jwk: Mapping[str, Any]) -> None:
    operations = jwk.get("key_ops", ["verify"])
    texts = isinstance(operations, list) and all(isinstance(operation, str) for operation in operations)
    if not texts or len(set(operations)) != len(operations) or "verify" not in operations or jwk.get("use", "sig") != "sig":
        raise InvalidKey("This JSON Web Key is not for verifying signatures.")
    if not isinstance(jwk.get("kid", ""), str):
        raise InvalidKey("The name of this JSON Web Key is not a text.")


def _algorithm(kind: KeyKind, jwk: Mapping[str, Any]) -> Algorithm | None:
    if "alg" not in jwk:
        return None
    named = jwk["alg"]
    for algorithm in ALGORITHMS[kind]:
        if isinstance(named, str) and _SYNONYMS.get(named, named) == algorithm:
            return algorithm
    raise InvalidKey("This JSON Web Key is for an algorithm that does not go with it, or is not known here.")


def _raw(kind: KeyKind, jwk: Mapping[str, Any]) -> bytes:
    if kind == "Ed25519":
        return _bytes(jwk, "x")
    if kind == "RSA":
        return rsa.encoded(_unsigned(jwk, "n"), _unsigned(jwk, "e"))
    return ecdsa.compressed(CURVES[kind], _bytes(jwk, "x"), _bytes(jwk, "y"))


def _bytes(jwk: Mapping[str, Any], member: str) -> bytes:
    value = jwk.get(member)
    return b64url_decode(value if isinstance(value, str) else "?")


def _unsigned(jwk: Mapping[str, Any], member: str) -> int:
    """Source: RFC 7518, 2 (Base64urlUInt): as few bytes as the number needs."""
    data = _bytes(jwk, member)
    if not data or data[0] == 0:
        raise Malformed("A number is written with more bytes than it needs.", detail="BASE64URL")
    return int.from_bytes(data)


def _unsigned_text(number: int) -> str:
    return b64url_encode(number.to_bytes((number.bit_length() + 7) // 8))
