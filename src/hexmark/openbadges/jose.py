"""Credentials as JWT: in the profile of Open Badges 3.0 and in that of the W3C (`vc+jwt`); issued, read and checked.

The payload is the credential with the claims of JWT beside its members. Claims that say something else than the credential are
refused: two readers, one of claims and one of members, would believe two different badges.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hexmark.openbadges import guard, jws, strict_json, timestamps
from hexmark.openbadges.errors import FormatError, Malformed, TokenError
from hexmark.openbadges.guard import Document
from hexmark.openbadges.jws import Jws
from hexmark.openbadges.keys import PublicKey, SigningKey

#: Claims that stand beside the members of a credential and are none of them. Source: RFC 7519, 4.1.
CLAIMS = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti"})
#: Claim -> the member that says the same, as the data models 2.0 and 1.1 call it.
_MOMENTS = {"nbf": ("validFrom", "issuanceDate"), "exp": ("validUntil", "expirationDate")}
#: The last second of the year 9999, beyond which no document can name a moment.
_LAST_SECOND = 253_402_300_799
# An object in base64url begins so (`{"`, `{` and a new line, `{}`); or three long parts, whatever they are.
_COMPACT = re.compile(r"e[wy3][A-Za-z0-9_-]*\.|[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\Z").match
_ENVELOPE, _ENVELOPE_DATA = "EnvelopedVerifiableCredential", "data:application/vc+jwt,"


class Profile(StrEnum):
    """How a credential is written as JWT; the value is the `typ` of its header."""

    OPEN_BADGES = "JWT"
    W3C = "vc+jwt"


_HEADER = {
    Profile.OPEN_BADGES: frozenset({"alg", "kid", "jwk", "typ"}),
    Profile.W3C: jws.HEADER_MEMBERS,
}


@dataclass(frozen=True, slots=True)
class Jwt:
    """A token that was read and not yet checked: nobody stands for anything in it."""

    jws: Jws
    payload: Mapping[str, Any]

    @property
    def header(self) -> Mapping[str, Any]:
        """The protected header."""
        return self.jws.header

    @property
    def credential(self) -> dict[str, Any]:
        """The credential in it: the payload without claims, or what an older issuer put under `vc`."""
        members = {name: value for name, value in self.payload.items() if name not in CLAIMS and name != "vc"}
        inner = self.payload.get("vc")
        return dict(inner) if not members and isinstance(inner, dict) else members


def sign_jwt(document: Document, *, key: SigningKey, verification_method: str, profile: Profile = Profile.OPEN_BADGES) -> str:
    """The credential as a compact JWT, signed by the first algorithm of the key's kind (EdDSA, ES256, ES384 or RS256).

    Raises:
        Malformed: it lacks an id, issuer or beginning, which the claims of the Open Badges profile repeat.
        FormatError: as `guard.guard_context` and `guard.guard_structure`: what we would not believe, we do not sign.
    Source: Open Badges 3.0, 8.2.1 to 8.2.4; W3C Securing VCs using JOSE and COSE, 3.1.1.
    """
    guard.guard_context(document)
    guard.guard_structure({name: value for name, value in document.items() if name != "proof"})
    payload = document if profile is Profile.W3C else {**document, **text_claims(document), **moment_claims(document)}
    return jws.sign(strict_json.dump(payload), header_of(verification_method, profile), key=key)


def header_of(verification_method: str, profile: Profile) -> dict[str, str]:
    """The header of a token, without its algorithm."""
    header = {"kid": verification_method, "typ": profile.value}
    return {**header, "cty": "vc"} if profile is Profile.W3C else header


def is_compact(text: str) -> bool:
    """Whether this text means to be a token and not JSON. Only a look at it: it may still be malformed."""
    return bool(_COMPACT(text))


def enveloped(document: Document) -> str | None:
    """The token that a JSON document only wraps, or None for a document that is one itself.

    Raises:
        TokenError: `JWS_PARTS`: it is a token in one of the JSON forms, which may have many signatures.
        Malformed: the envelope holds something else than a `vc+jwt`.
    Source: VCDM 2.0, 4.13; RFC 7515, 7.2.
    """
    if "payload" in document and ("signatures" in document or "signature" in document):
        raise TokenError("Of the forms of a signed token, only the compact one is accepted.", code="JWS_PARTS")
    types = document.get("type")
    if _ENVELOPE not in (types if isinstance(types, list) else [types]):
        return None
    identifier = document.get("id")
    if not isinstance(identifier, str) or not identifier.startswith(_ENVELOPE_DATA):
        raise Malformed(f"An enveloped credential here is {_ENVELOPE_DATA}…", pointer="/id")
    return identifier.removeprefix(_ENVELOPE_DATA)


def read_jwt(token: str) -> Jwt:
    """The parts of a token, unverified.

    Raises:
        TokenError, TooLarge: as `jws.split`.
        FormatError: as `strict_json.parse`: its payload is not one object of strict JSON.
    """
    parts = jws.split(token)
    return Jwt(parts, strict_json.parse(parts.payload))


def profile_of(jwt: Jwt) -> Profile:
    """The profile that the header claims, all of the header being as that profile allows.

    Raises:
        TokenError: `TYP_MISMATCH`, a token for another use; `JWS_HEADER_FORBIDDEN`, `JWS_ALG`, `JWS_HEADER` as `jws.algorithm_of`.
    Source: Open Badges 3.0, 8.2.3; W3C Securing VCs using JOSE and COSE, 3.1.1; RFC 8725, 3.11.
    """
    jws.algorithm_of(jwt.jws)
    typ = str(jwt.header.get("typ", Profile.OPEN_BADGES.value)).removeprefix("application/")
    for profile in Profile:
        if typ.lower() == profile.value.lower():
            jws.algorithm_of(jwt.jws, members=_HEADER[profile])
            if jwt.header.get("cty", "vc").removeprefix("application/") != "vc":
                break
            return profile
    raise TokenError("This token is made for another use than as a credential.", code="TYP_MISMATCH")


def check_jwt(jwt: Jwt, key: PublicKey) -> dict[str, Any]:
    """The credential of a token that was signed with this key and whose claims say what the credential says.

    Whose key it is, and what the credential says, is not asked here.

    Raises:
        TokenError: as `profile_of`; `KEY_ALG`, `SIG_INVALID`, `CLAIM_MISMATCH`, `INVALID_DOMAIN_ERROR`.
        Malformed: a moment in the claims is none.
    """
    profile = profile_of(jwt)
    jws.check(jwt.jws, key, members=_HEADER[profile])
    check_claims(jwt)
    return jwt.credential


def check_claims(jwt: Jwt) -> None:
    """Pass silently if no claim says something else than the credential.

    Raises:
        TokenError: `CLAIM_MISMATCH`; `INVALID_DOMAIN_ERROR`, it was made for somebody who is not its subject.
        Malformed: a moment in the claims is none.
    Source: Open Badges 3.0, 8.2.4.2; W3C Securing VCs using JOSE and COSE, 3.1.3.
    """
    credential = jwt.credential
    if jwt.payload.get("vc", credential) != credential:
        raise _mismatch("vc")
    subject = _subject_id(credential)
    said = {"iss": _issuer_id(credential), "jti": credential.get("id"), "sub": subject}
    for claim, value in said.items():
        if claim in jwt.payload and jwt.payload[claim] != value:
            raise _mismatch(claim)
    if "iss" in jwt.header and jwt.header["iss"] != said["iss"]:
        raise _mismatch("iss")
    for claim in ("iat", *_MOMENTS):
        if claim in jwt.payload:
            _check_moment(claim, jwt.payload[claim], credential)
    audience = jwt.payload.get("aud", [])
    if any(name != subject for name in (audience if isinstance(audience, list) else [audience])):
        raise TokenError("The token was made for another domain.", code="INVALID_DOMAIN_ERROR")


def missing_claims(jwt: Jwt) -> list[str]:
    """Claims that the Open Badges profile demands and that are not there. The credential itself says the same, so none decides."""
    if profile_of(jwt) is Profile.W3C:
        return []
    try:
        expected = [*text_claims(jwt.credential), *moment_claims(jwt.credential)]
    except FormatError:
        return []
    return [claim for claim in expected if claim not in jwt.payload]


def text_claims(document: Document) -> dict[str, str]:
    """The claims that repeat ids of a credential: `iss`, `jti`, and `sub` if its subject has one.

    Raises:
        Malformed: it lacks an id, or an issuer with one.
    Source: Open Badges 3.0, 8.2.4.1.
    """
    issuer, identifier, subject = _issuer_id(document), document.get("id"), _subject_id(document)
    if issuer is None or not isinstance(identifier, str):
        raise Malformed("A credential in the compact form needs an id and an issuer with an id.", pointer="/id")
    claims = {"iss": issuer, "jti": identifier}
    return claims if subject is None else {**claims, "sub": subject}


def moment_claims(document: Document) -> dict[str, int]:
    """The claims that repeat moments of a credential: `nbf`, and `exp` if it ends.

    Raises:
        Malformed: it does not say when it begins, or a moment is none.
    Source: Open Badges 3.0, 8.2.4.1.
    """
    claims = {"nbf": _seconds(document, "nbf")}
    if any(name in document for name in _MOMENTS["exp"]):
        claims["exp"] = _seconds(document, "exp")
    return claims


def _check_moment(claim: str, value: object, credential: Document) -> None:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not 0 <= value <= _LAST_SECOND:  # type: ignore[operator]
        raise Malformed(f"The claim {claim} is not a moment in seconds.", detail="NUMERIC_DATE")
    if claim in _MOMENTS:
        try:
            expected = _seconds(credential, claim)
        except FormatError:
            raise _mismatch(claim) from None
        if int(value) != expected:  # type: ignore[call-overload]
            raise _mismatch(claim)


def _seconds(document: Document, claim: str) -> int:
    """The moment of the member that says the same as this claim, in whole seconds (RFC 7519, 2, NumericDate)."""
    for name in _MOMENTS[claim]:
        if name in document:
            return int(timestamps.parse(document[name]).timestamp() // 1)
    raise Malformed(f"The credential does not say what the claim {claim} says.", pointer=f"/{_MOMENTS[claim][0]}")


def _issuer_id(document: Document) -> str | None:
    issuer = document.get("issuer")
    identifier = issuer.get("id") if isinstance(issuer, Mapping) else issuer
    return identifier if isinstance(identifier, str) else None


def _subject_id(document: Document) -> str | None:
    subject = document.get("credentialSubject")
    if isinstance(subject, list) and len(subject) == 1:
        subject = subject[0]
    identifier = subject.get("id") if isinstance(subject, Mapping) else None
    return identifier if isinstance(identifier, str) else None


def _mismatch(claim: str) -> TokenError:
    return TokenError(
        f"The claim {claim} of this token says something else than the credential in it.", code="CLAIM_MISMATCH", detail=claim
    )
