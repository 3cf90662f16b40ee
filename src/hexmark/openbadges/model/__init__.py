"""Open Badges 3.0 as Python objects: frozen, with the specification's names in Python's spelling, lossless from and to JSON.

Here belongs what a document is made of. Whether a document follows the standard is said by `schema`, whether it is true by
`verify`.

Source: Open Badges 3.0, Appendix B (data models).
"""

from hexmark.openbadges.model.achievement import (
    Achievement,
    Alignment,
    Criteria,
    Related,
    ResultDescription,
    RubricCriterionLevel,
)
from hexmark.openbadges.model.credential import (
    CONTEXTS,
    AchievementSubject,
    CredentialSchema,
    CredentialStatus,
    EndorsementCredential,
    EndorsementSubject,
    Evidence,
    OpenBadgeCredential,
    RefreshService,
    Result,
    TermsOfUse,
)
from hexmark.openbadges.model.identity import IdentifierEntry, IdentityObject, identity_hash, matches_identity
from hexmark.openbadges.model.json_object import JsonObject
from hexmark.openbadges.model.profile import Address, GeoCoordinates, Image, Profile
from hexmark.openbadges.model.vocabulary import (
    ACHIEVEMENT_TYPES,
    IDENTIFIER_TYPES,
    RESULT_STATUSES,
    RESULT_TYPES,
    TARGET_TYPES,
    is_word,
)

__all__ = [
    "ACHIEVEMENT_TYPES",
    "CONTEXTS",
    "IDENTIFIER_TYPES",
    "RESULT_STATUSES",
    "RESULT_TYPES",
    "TARGET_TYPES",
    "Achievement",
    "AchievementSubject",
    "Address",
    "Alignment",
    "CredentialSchema",
    "CredentialStatus",
    "Criteria",
    "EndorsementCredential",
    "EndorsementSubject",
    "Evidence",
    "GeoCoordinates",
    "IdentifierEntry",
    "IdentityObject",
    "Image",
    "JsonObject",
    "OpenBadgeCredential",
    "Profile",
    "RefreshService",
    "Related",
    "Result",
    "ResultDescription",
    "RubricCriterionLevel",
    "TermsOfUse",
    "identity_hash",
    "is_word",
    "matches_identity",
]
