"""Is it this person's? Only asked when somebody gives an e-mail address to compare."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from hexmark.openbadges.checks.sources import Document, items_of
from hexmark.openbadges.report import Axis, Check, Outcome

_HASHES = {"sha256": hashlib.sha256, "md5": lambda data: hashlib.md5(data, usedforsecurity=False)}


def check_recipient(document: Document, email: str | None) -> list[Check]:
    """One check: the recipient's identity is this e-mail address; skipped if none was given.

    Compared as written and in lower case, since issuers hash either. Source: Open Badges 3.0, IdentityObject.
    """
    if email is None:
        return [Check(Axis.RECIPIENT, Outcome.SKIPPED, "Nobody asked whose it is: give an e-mail address to compare.")]
    spellings = {email, email.strip(), email.strip().lower()}
    identities = [identity for identity in _identities_of(document) if identity.get("identityType", "emailAddress") == "emailAddress"]
    mailboxes = [subject["id"] for subject in _subjects(document) if str(subject.get("id", "")).startswith("mailto:")]
    if not identities and not mailboxes:
        sentence = "The badge does not name its recipient by e-mail address, so there is nothing to compare."
        return [Check(Axis.RECIPIENT, Outcome.UNKNOWN, sentence, "RECIPIENT_NOT_NAMED")]
    named = any(_matches(identity, spelling) for identity in identities for spelling in spellings)
    if named or not {f"mailto:{spelling}" for spelling in spellings}.isdisjoint(mailboxes):
        return [Check(Axis.RECIPIENT, Outcome.PASSED, "The recipient is the person with this e-mail address.")]
    sentence = "The recipient is named by another e-mail address."
    return [Check(Axis.RECIPIENT, Outcome.FAILED, sentence, "RECIPIENT_MISMATCH")]


def _identities_of(document: Document) -> list[Mapping[str, Any]]:
    """The IdentityObjects of the subject."""
    found = [identity for subject in _subjects(document) for identity in items_of(subject.get("identifier"))]
    return [identity for identity in found if isinstance(identity, Mapping)]


def _subjects(document: Document) -> list[Mapping[str, Any]]:
    return [subject for subject in items_of(document.get("credentialSubject")) if isinstance(subject, Mapping)]


def _matches(identity: Mapping[str, Any], email: str) -> bool:
    written, salt = identity.get("identityHash"), identity.get("salt", "")
    if not isinstance(written, str) or not isinstance(salt, str):
        return False
    if identity.get("hashed") is not True:
        return written.lower() == email.lower()
    name, _, digest = written.partition("$")
    hash_of = _HASHES.get(name)
    if hash_of is None:
        return False
    return hmac.compare_digest(hash_of((email + salt).encode()).hexdigest().encode(), digest.lower().encode())
