"""Whose key it is: from an issuer's id to its controller document, and from that to the key that may speak for it.

Nothing is fetched here. A caller asks `controller_url` (or `did_web_url`) where to look, fetches, and hands the document back.
Methods: did:key and did:jwk (need no fetching), did:web, and HTTPS ids whose document is an issuer profile with keys.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from hexmark.openbadges import jwk, limits, strict_json, timestamps
from hexmark.openbadges.errors import DidError, FormatError, InvalidKey
from hexmark.openbadges.guard import Document
from hexmark.openbadges.keys import PublicKey
from hexmark.openbadges.multibase import b64url_decode, decode_multikey

#: More than any honest path has; each is a directory on somebody's server.
_PATH_SEGMENTS = 16
_LABEL = r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?").fullmatch
_PORT = re.compile(r"[0-9]{1,5}").fullmatch
_SEGMENT = re.compile(r"(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+").fullmatch
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
# What an escape may not hide: path and query syntax, a second escape, controls and spaces.
_HIDDEN = frozenset(b"/\\.%?#:;@") | frozenset(range(0x21)) | {0x7F}

_SECRET_MEMBERS = ("secretKeyMultibase", "privateKeyMultibase", "secretKeyJwk", "privateKeyJwk", "privateKeyBase58")


def did_web(host: str, *path: str) -> str:
    """The did:web of a host (with `:port` if it has one) and path segments.

    Raises:
        DidError: it would not be one.
    Source: did:web Method Specification, 3.1.
    """
    did = ":".join(["did:web", host.replace(":", "%3A"), *(quote(segment, safe="") for segment in path)])
    did_web_url(did)
    return did


def did_web_url(did: str) -> str:
    """The HTTPS URL of a did:web's document, its host in lower case and without a final dot.

    Raises:
        DidError: `DID_MALFORMED`: too long, an empty or hidden path segment, a host or port that is none.
    Source: did:web Method Specification, 3.2.
    """
    if not did.startswith("did:web:") or len(did) > limits.DID_CHARACTERS:
        raise _malformed(did)
    rest = did.removeprefix("did:web:")
    if rest.startswith("["):
        # An address of IP version 6 is no host of a did:web; named as such, so that the door to the network can refuse it.
        raise DidError("A did:web names a host, not an address.", code="SSRF_BLOCKED")
    authority, *segments = rest.split(":")
    host, colon, port = re.sub("%3a", "%3A", authority).partition("%3A")
    if not _HOST(host) or len(host) > 253 or (colon and not _PORT(port)) or len(segments) > _PATH_SEGMENTS:
        raise _malformed(did)
    for segment in segments:
        hidden = any(int(match, 16) in _HIDDEN for match in _ESCAPE.findall(segment))
        if not _SEGMENT(segment) or hidden or not segment.strip("."):
            raise _malformed(did)
    path = "/".join(segments) if segments else ".well-known"
    return f"https://{host.lower().removesuffix('.')}{':' + port if port else ''}/{path}/did.json"


def lookalike(url: str) -> bool:
    """Whether a URL's host has an international label, which can look like another host's. A warning, not a fault."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        # No host at all: whoever asks it is told so.
        return False
    return not host.isascii() or any(label.startswith("xn--") for label in host.split("."))


def controller_of(method_id: str) -> str:
    """The id of the controller document that a verification method's id points into: the part before `#`.

    Raises:
        DidError: not a DID URL or HTTPS URL (`INVALID_DID`, `URL_MALFORMED`).
    Source: W3C Controlled Identifiers v1.0, 3.3.
    """
    controller = method_id.partition("#")[0]
    if len(method_id) > limits.DID_CHARACTERS or not method_id.isascii() or not method_id.isprintable() or " " in method_id:
        raise DidError("The id of this key is not a URL.", code="URL_MALFORMED")
    if controller.startswith("did:"):
        if not re.fullmatch(r"did:[a-z0-9]+:[A-Za-z0-9._:%-]+", controller):
            raise DidError(f"{controller[:80]!a} is not a DID.")
        return controller
    _check_https(controller)
    return controller


def controller_url(controller: str) -> str:
    """Where the controller document of an issuer id is fetched from: its did.json, or the HTTPS id itself.

    Raises:
        DidError: no document is fetched for such an id (did:key, other methods), or it is malformed.
    """
    if controller.startswith("did:web:"):
        return did_web_url(controller)
    if controller.startswith("did:"):
        raise DidError(f"{controller[:80]!a} has no document that could be fetched.", detail="METHOD")
    _check_https(controller)
    return controller


def did_key_document(did: str) -> dict[str, Any]:
    """The controller document of a did:key, computed from the key itself.

    Raises:
        DidError: `INVALID_DID`: not a did:key with a key that we know.
    Source: did:key Method v0.9, 3.1.
    """
    value = did.removeprefix("did:key:")
    if value == did:
        raise DidError(f"{did[:80]!a} is not a did:key.")
    try:
        key = decode_multikey(value)
    except InvalidKey as error:
        raise DidError(f"This did:key holds no usable key. {error}") from None
    method = f"{did}#{value}"
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": [{"id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": key.multibase}],
        "authentication": [method],
        "assertionMethod": [method],
    }


def did_jwk_document(did: str) -> dict[str, Any]:
    """The controller document of a did:jwk, computed from the key itself; its one method is `#0`.

    Raises:
        DidError: `INVALID_DID`: not a did:jwk with a key that we know and that may verify; `KEY_PRIVATE`.
    Source: did:jwk Method Specification, "Read".
    """
    value = did.removeprefix("did:jwk:")
    if value == did or len(did) > limits.DID_CHARACTERS:
        raise DidError(f"{did[:80]!a} is not a did:jwk.")
    try:
        found = strict_json.parse(b64url_decode(value))
        jwk.public_key(found)
    except FormatError as error:
        code = error.code if error.code == "KEY_PRIVATE" else None
        raise DidError(f"This did:jwk holds no usable key. {error}", code=code) from None
    method = f"{did}#0"
    return {
        "@context": ["https://www.w3.org/ns/did/v1"],
        "id": did,
        "verificationMethod": [{"id": method, "type": "JsonWebKey", "controller": did, "publicKeyJwk": found}],
        "authentication": [method],
        "assertionMethod": [method],
    }


def computed_document(did: str) -> dict[str, Any] | None:
    """The controller document of a DID that is its own key (did:key, did:jwk), or None: that of another has to be fetched.

    Raises:
        DidError: as `did_key_document` and `did_jwk_document`.
    """
    if did.startswith("did:key:"):
        return did_key_document(did)
    return did_jwk_document(did) if did.startswith("did:jwk:") else None


def verification_key(
    controller_document: Document, method_id: str, *, purpose: str = "assertionMethod", at: datetime, controller: str | None = None
) -> PublicKey:
    """The public key with this id, if its controller allows it for this purpose at this moment.

    `at` is when the proof says it was made; `controller` is the id that the document was asked for, by default that in `method_id`.

    Raises:
        DidError: `INVALID_CONTROLLED_IDENTIFIER_DOCUMENT`, `INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID`.
        InvalidKey: `INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD`, `ISSUER_KEY_MISMATCH`, `INVALID_VERIFICATION_METHOD`
            (with `KEY_REVOKED` where it was revoked or had expired), `KEY_PRIVATE`.
    Source: W3C Controlled Identifiers v1.0, 3.3.
    """
    if not isinstance(controller_document, Mapping):
        raise DidError("The controller document is not an object.", code="INVALID_CONTROLLED_IDENTIFIER_DOCUMENT")
    # Steps 5 and 6: the document is about the id that was asked for.
    asked = controller if controller is not None else controller_of(method_id)
    if controller_document.get("id") != asked:
        raise DidError(f"The document of {asked[:200]!a} is about another id.", code="INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID")
    # Step 9 before step 7: a key that is not listed for this purpose need not be looked at. By reference only: an embedded
    # key could carry an id that another key of this document has too.
    listed = [item for item in _array(controller_document, purpose) if isinstance(item, str)]
    if method_id not in {_absolute(item, asked) for item in listed}:
        raise InvalidKey(f"{asked[:200]!a} does not list this key under {purpose}.", code="INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD")
    method = _method(controller_document, method_id, asked)
    # Step 8: the method says itself that it belongs to the document.
    if method.get("controller") != asked:
        raise InvalidKey("The key belongs to somebody else than the document that lists it.", code="ISSUER_KEY_MISMATCH")
    _check_period(method, at)
    return method_key(method)


def method_key(method: Mapping[str, Any]) -> PublicKey:
    """The public key of one verification method, its two forms agreeing if it has both.

    Raises:
        InvalidKey: malformed, of an unknown kind, or contradicting itself; `KEY_PRIVATE` if it holds a secret.
    Source: W3C Controlled Identifiers v1.0, 2.2.2 and 2.2.3.
    """
    if any(member in method for member in _SECRET_MEMBERS):
        raise InvalidKey("A secret key was published beside the public one. It must be replaced.", code="KEY_PRIVATE")
    if method.get("type") not in ("Multikey", "JsonWebKey", "JsonWebKey2020", "Ed25519VerificationKey2020"):
        raise InvalidKey(f"Verification methods of type {str(method.get('type'))[:80]!a} are not known here.")
    keys = []
    if "publicKeyMultibase" in method:
        keys.append(decode_multikey(method["publicKeyMultibase"]))
    if "publicKeyJwk" in method:
        keys.append(jwk.public_key(method["publicKeyJwk"]))
    if not keys:
        raise InvalidKey("The verification method holds no public key.")
    if keys[0] != keys[-1]:
        raise InvalidKey("The two forms of this key are two different keys.")
    if method["type"] == "Ed25519VerificationKey2020" and keys[-1].kind != "Ed25519":
        raise InvalidKey("The key is of another kind than its verification method.")
    # The last one: a JSON Web Key may say for which algorithm alone it is.
    return keys[-1]


def _method(document: Document, method_id: str, controller: str) -> Mapping[str, Any]:
    methods = [item for item in _array(document, "verificationMethod") if isinstance(item, dict)]
    found = [item for item in methods if isinstance(item.get("id"), str) and _absolute(item["id"], controller) == method_id]
    if not found:
        raise InvalidKey("The document lists a key that it does not hold.", code="INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD")
    if len(found) > 1:
        raise InvalidKey("Two keys of this document have one id.")
    return found[0]


def _check_period(method: Mapping[str, Any], at: datetime) -> None:
    for member in ("revoked", "expires"):
        if member not in method:
            continue
        try:
            ended = timestamps.parse(method[member])
        except FormatError as error:
            raise InvalidKey(f"The key has a malformed {member!r}. {error}") from None
        if ended <= at:
            raise InvalidKey(f"The key was no longer valid when this was signed ({member} {method[member]}).", detail="KEY_REVOKED")


def _array(document: Document, member: str) -> list[Any]:
    value = document.get(member, [])
    return value if isinstance(value, list) else [value]


def _absolute(reference: str, controller: str) -> str:
    return controller + reference if reference.startswith("#") else reference


def _check_https(url: str) -> None:
    """G15: nothing that one reader takes for a host and another for something else."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise DidError("This is not an HTTPS URL.", code="URL_MALFORMED") from None
    plain = parts.hostname is not None and "@" not in parts.netloc and not re.search(r"[\s\\\x00-\x20\x7f]", url)
    if parts.scheme != "https" or not plain or port == 0:
        raise DidError(f"{url[:80]!a} is not an HTTPS URL.", code="URL_MALFORMED")


def _malformed(did: str) -> DidError:
    return DidError(f"{did[:80]!a} is not a did:web.", code="DID_MALFORMED")
