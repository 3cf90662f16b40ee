"""Whom a credential is about, named without being named: hashed and plain identifiers of the recipient."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hexmark.openbadges.errors import Malformed
from hexmark.openbadges.model.json_object import JsonObject

EMAIL = "emailAddress"
#: md5 is read because old credentials have it. It is never written.
_DIGESTS = {"sha256": hashlib.sha256, "md5": lambda data: hashlib.md5(data, usedforsecurity=False)}


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityObject(JsonObject):
    """An identifier of the recipient. `identity_hash` is the identifier itself where `hashed` is false."""

    type: str = "IdentityObject"
    hashed: bool
    identity_hash: str
    identity_type: str
    salt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifierEntry(JsonObject):
    """An identifier of an achievement or a profile, and in which system."""

    type: str = "IdentifierEntry"
    identifier: str
    identifier_type: str


def identity_hash(identity: str, salt: str) -> str:
    """`sha256$` and the hexadecimal SHA-256 of the UTF-8 identity followed by the salt.

    Source: Open Badges 3.0, IdentityHash.
    """
    return "sha256$" + hashlib.sha256((identity + salt).encode()).hexdigest()


def matches_identity(identity_object: IdentityObject | Mapping[str, Any], email: str) -> bool:
    """Whether the identity is this e-mail address. False for an identity that cannot be read, and for other kinds of identity.

    Case: hardly any mail system tells addresses apart by case, and a hash cannot be compared without it. So the address is
    tried as it is given, in lower case, and with only its domain in lower case; a plain identity is compared without case.
    """
    if not isinstance(identity_object, IdentityObject):
        try:
            identity_object = IdentityObject.from_json(identity_object)
        except Malformed:
            return False
    if identity_object.identity_type != EMAIL or not email:
        return False
    if not identity_object.hashed:
        return identity_object.identity_hash.casefold() == email.casefold()
    algorithm, _, expected = identity_object.identity_hash.partition("$")
    digest = _DIGESTS.get(algorithm)
    if digest is None:
        return False
    local, at, domain = email.rpartition("@")
    spellings = {email, email.lower(), f"{local}{at}{domain.lower()}"}
    salt = identity_object.salt or ""
    return any(digest((spelling + salt).encode(errors="replace")).hexdigest() == expected.lower() for spelling in spellings)
