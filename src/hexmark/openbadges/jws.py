"""Compact JWS, strict: three parts of canonical base64url, few header members, and an algorithm that the key decides.

What a header may ask for (keys from elsewhere, extensions, unencoded or compressed payloads) is where tokens were forged before;
whatever is not in the list below is refused, before anything is fetched or verified.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hexmark.openbadges import limits, strict_json
from hexmark.openbadges.errors import FormatError, Malformed, ProofError, TokenError, TooLarge
from hexmark.openbadges.keys import ALGORITHMS, Algorithm, KeyKind, PublicKey, SigningKey
from hexmark.openbadges.multibase import b64url_decode, b64url_encode

#: What a header may hold; a profile of tokens may allow less.
HEADER_MEMBERS = frozenset({"alg", "kid", "jwk", "typ", "cty", "iss"})

#: The names of JOSE -> ours. RFC 9864 gives EdDSA with Ed25519 a name of its own.
_NAMES: Mapping[str, Algorithm] = {name: name for names in ALGORITHMS.values() for name in names} | {"Ed25519": "EdDSA"}
#: Of the other base64 and its wrappings; all else that is no base64url is what lenient readers skip.
_OTHER_BASE64 = frozenset("+/= \t\r\n")


@dataclass(frozen=True, slots=True)
class Jws:
    """The parts of a token, decoded and not yet believed. `signing_input` is what the signature covers."""

    header: Mapping[str, Any]
    payload: bytes
    signature: bytes
    signing_input: bytes = field(repr=False)


def split(token: str) -> Jws:
    """The parts of a compact JWS.

    Raises:
        TooLarge: longer than a document may be; nothing of it was decoded.
        TokenError: `JWS_PARTS`, `JWS_B64`, `JWS_B64_NONCANONICAL`, or `JWS_HEADER`: the header is not one JSON object.
    Source: RFC 7515, 5.2, steps 1 to 7.
    """
    if len(token) > limits.DOCUMENT_BYTES:
        raise TooLarge(f"The token is longer than {limits.DOCUMENT_BYTES} characters.", detail="DOCUMENT_BYTES")
    if token.count(".") != 2:
        raise TokenError("A compact credential has three parts with two dots between them.", code="JWS_PARTS")
    header, payload, signature = token.split(".")
    try:
        members = strict_json.parse(_decoded(header))
    except TokenError:
        raise
    except FormatError as error:
        raise TokenError(f"The header of this token is not one that can be read. {error}", code="JWS_HEADER", detail=error.detail) from None
    return Jws(members, _decoded(payload), _decoded(signature), f"{header}.{payload}".encode())


def algorithm_of(jws: Jws, *, members: frozenset[str] = HEADER_MEMBERS) -> Algorithm:
    """The algorithm that the header names, all of the header being as it may be. Not a choice: the key has to agree.

    Raises:
        TokenError: `JWS_HEADER_FORBIDDEN`, a member that is not in `members`; `JWS_ALG`, none or another algorithm (`none`
            among them); `JWS_HEADER`, a member of another type, or two keys at once.
    Source: RFC 7515, 4.1; RFC 8725, 3.1.
    """
    forbidden = sorted(jws.header.keys() - members)
    if forbidden:
        words = ", ".join(repr(name[:20]) for name in forbidden[:4])
        raise TokenError(f"The header of this token holds what no badge may: {words}.", code="JWS_HEADER_FORBIDDEN")
    named = jws.header.get("alg")
    algorithm = _NAMES.get(named) if isinstance(named, str) else None
    if algorithm is None:
        raise TokenError(f"Tokens signed by {str(named)[:40]!a} are not accepted here.", code="JWS_ALG")
    texts = ("kid", "typ", "cty", "iss")
    if any(not isinstance(jws.header[name], str) for name in texts if name in jws.header):
        raise TokenError("A member of this token's header is not a text.", code="JWS_HEADER")
    if "kid" in jws.header and "jwk" in jws.header:
        raise TokenError("The header of this token names two keys.", code="JWS_HEADER")
    return algorithm


def check(jws: Jws, key: PublicKey, *, members: frozenset[str] = HEADER_MEMBERS) -> None:
    """Pass silently if this token was signed with this key.

    Raises:
        TokenError: as `algorithm_of`; `KEY_ALG`, the key is not for the algorithm; `SIG_INVALID`.
    Source: RFC 7515, 5.2, step 8.
    """
    algorithm = algorithm_of(jws, members=members)
    if algorithm not in key.algorithms:
        raise TokenError(f"The token says {algorithm}, but its key is for {' or '.join(key.algorithms)}.", code="KEY_ALG")
    try:
        key.verify(jws.signing_input, jws.signature, algorithm=algorithm)
    except ProofError as error:
        raise TokenError(f"The signature does not fit the token and the key. {error}", code="SIG_INVALID") from None


def sign(payload: bytes, header: Mapping[str, Any], *, key: SigningKey) -> str:
    """A compact JWS of these bytes; `alg`, by the kind of the key, stands first in its header.

    Source: RFC 7515, 5.1.
    """
    return sign_part(header_part(header, kind=key.public.kind), payload, key=key)


def header_part(header: Mapping[str, Any], *, kind: KeyKind) -> str:
    """The first part of a token that a key of this kind will sign; the same for all tokens with this header."""
    return b64url_encode(strict_json.dump({"alg": ALGORITHMS[kind][0], **header}))


def sign_part(first: str, payload: bytes, *, key: SigningKey) -> str:
    """As `sign`, the first part being made already, for a key of the same kind."""
    signing_input = f"{first}.{b64url_encode(payload)}"
    return f"{signing_input}.{b64url_encode(key.sign(signing_input.encode()))}"


def _decoded(part: str) -> bytes:
    try:
        return b64url_decode(part)
    except Malformed as error:
        strange = set(part) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        plain = not strange and len(part) % 4 == 1
        code = "JWS_B64" if plain or (strange and strange <= _OTHER_BASE64) else "JWS_B64_NONCANONICAL"
        raise TokenError(f"A part of this token cannot be decoded. {error}", code=code) from None
