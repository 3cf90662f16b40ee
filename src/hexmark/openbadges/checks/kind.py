"""What kind of document this is: decides how it can be checked, and whether it can be checked yet."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from hexmark.openbadges import contexts
from hexmark.openbadges.checks.sources import Document, items_of

_OPEN_BADGES_2 = ("https://w3id.org/openbadges/v1", "https://w3id.org/openbadges/v2")
_TYPES_2 = frozenset({"Assertion", "BadgeClass"})


class Kind(StrEnum):
    """Kinds of badge documents."""

    OPEN_BADGES_3 = "Open Badges 3.0"
    ENDORSEMENT = "endorsement of Open Badges 3.0"
    DATA_MODEL_1 = "Open Badges 3.0 in the older data model 1.1"
    OPEN_BADGES_2 = "Open Badges 2.0"
    LEARNER_RECORD = "Comprehensive Learner Record 2.0"


def kind_of(document: Document) -> Kind:
    """The kind that the document's contexts and types claim; what claims none is held to Open Badges 3.0."""
    named = [context for context in items_of(document.get("@context")) if isinstance(context, str)]
    if named[:1] == [contexts.CREDENTIALS_V1]:
        return Kind.DATA_MODEL_1
    types = {name for name in items_of(document.get("type")) if isinstance(name, str)}
    if "VerifiableCredential" in types and "EndorsementCredential" in types:
        return Kind.ENDORSEMENT
    if "VerifiableCredential" in types and "ClrCredential" in types:
        return Kind.LEARNER_RECORD
    if not named or "VerifiableCredential" in types:
        return Kind.OPEN_BADGES_3
    if types & _TYPES_2 and any(context in _OPEN_BADGES_2 for context in named):
        return Kind.OPEN_BADGES_2
    return Kind.OPEN_BADGES_3


#: What the older data model calls the same things.
_RENAMED = {"issuanceDate": "validFrom", "expirationDate": "validUntil"}


def lifted(document: Document) -> dict[str, Any]:
    """A document of the data model 1.1 with the context and names of 2.0, so that the rest of its form can be looked at.

    Never to be checked against a signature. Source: VCDM 2.0, appendix "Differences".
    """
    named = items_of(document.get("@context"))
    own = [contexts.CREDENTIALS_V2 if context == contexts.CREDENTIALS_V1 else context for context in named]
    renamed = {_RENAMED.get(name, name): value for name, value in document.items() if name not in _RENAMED.values()}
    return {**renamed, "@context": own}
