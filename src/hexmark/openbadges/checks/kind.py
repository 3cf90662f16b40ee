"""What kind of document this is: decides how it can be checked, and whether it can be checked yet."""

from __future__ import annotations

from enum import StrEnum

from hexmark.openbadges.checks.sources import Document, items_of

_MODEL_1 = "https://www.w3.org/2018/credentials/v1"
_OPEN_BADGES_2 = ("https://w3id.org/openbadges/v1", "https://w3id.org/openbadges/v2")
_TYPES_2 = frozenset({"Assertion", "BadgeClass"})


class Kind(StrEnum):
    """Kinds of badge documents."""

    OPEN_BADGES_3 = "Open Badges 3.0"
    ENDORSEMENT = "endorsement of Open Badges 3.0"
    DATA_MODEL_1 = "Open Badges 3.0 in the older data model 1.1"
    OPEN_BADGES_2 = "Open Badges 2.0"


def kind_of(document: Document) -> Kind:
    """The kind that the document's contexts and types claim; what claims none is held to Open Badges 3.0."""
    contexts = [context for context in items_of(document.get("@context")) if isinstance(context, str)]
    if contexts[:1] == [_MODEL_1]:
        return Kind.DATA_MODEL_1
    types = {name for name in items_of(document.get("type")) if isinstance(name, str)}
    if "VerifiableCredential" in types and "EndorsementCredential" in types:
        return Kind.ENDORSEMENT
    if not contexts or "VerifiableCredential" in types:
        return Kind.OPEN_BADGES_3
    if types & _TYPES_2 and any(context in _OPEN_BADGES_2 for context in contexts):
        return Kind.OPEN_BADGES_2
    return Kind.OPEN_BADGES_3
