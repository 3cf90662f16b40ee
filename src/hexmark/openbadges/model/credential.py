"""The document that is signed: a credential about a subject, with its evidence, result and status; and the endorsement.

Moments are texts as they stand in the document (`timestamps.write` makes them), because what was signed must stay as it is.
Proofs and embedded endorsements are documents of their own and stay verbatim.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from hexmark.openbadges.contexts import CREDENTIALS_V2, OPEN_BADGES_V3
from hexmark.openbadges.model.achievement import Achievement, Alignment
from hexmark.openbadges.model.identity import IdentityObject
from hexmark.openbadges.model.json_object import ALONE, Document, JsonObject
from hexmark.openbadges.model.profile import Image, Profile

#: Whoever writes a `credential_schema` of the type 1EdTechJsonSchemaValidator2019 adds `contexts.OPEN_BADGES_EXTENSIONS`, which
#: alone defines it.
CONTEXTS = (CREDENTIALS_V2, OPEN_BADGES_V3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(JsonObject):
    """What supports an award: a page (`id`), a text in Markdown (`narrative`), or both."""

    id: str | None = None
    type: tuple[str, ...] = ("Evidence",)
    narrative: str | None = None
    name: str | None = None
    description: str | None = None
    genre: str | None = None
    audience: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(JsonObject):
    """What the recipient reached. `result_description` is the id of the scale; `status` is one of `vocabulary.RESULT_STATUSES`."""

    type: tuple[str, ...] = ("Result",)
    achieved_level: str | None = None
    alignment: tuple[Alignment, ...] = ()
    result_description: str | None = None
    status: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AchievementSubject(JsonObject):
    """Whom the credential is about, and what was achieved. One of `id` and `identifier` is required."""

    id: str | None = None
    type: tuple[str, ...] = ("AchievementSubject",)
    activity_end_date: str | None = None
    activity_start_date: str | None = None
    achievement: Achievement
    credits_earned: int | float | None = None
    identifier: tuple[IdentityObject, ...] = ()
    image: Image | None = None
    license_number: str | None = None
    narrative: str | None = None
    result: tuple[Result, ...] = ()
    role: str | None = None
    source: Profile | str | None = None
    term: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialStatus(JsonObject):
    """Where the status stands. `status_list.StatusEntry` builds and reads what is needed for a bitstring status list."""

    id: str | None = None
    type: str
    status_purpose: str | None = None
    status_list_index: str | None = None
    status_list_credential: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialSchema(JsonObject):
    """A JSON Schema that the issuer names. We never fetch it."""

    id: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshService(JsonObject):
    """Where a newer version of the credential can be had."""

    id: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsOfUse(JsonObject):
    """Under which terms the credential was issued."""

    id: str | None = None
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBadgeCredential(JsonObject):
    """The signed document that states an award. `credential_status` holds one entry, or one a purpose (revocation, suspension)."""

    context: tuple[Any, ...] = CONTEXTS
    id: str
    type: tuple[str, ...] = ("VerifiableCredential", "OpenBadgeCredential")
    name: str | None = None
    description: str | None = None
    image: Image | None = None
    issuer: Profile | str
    valid_from: str
    valid_until: str | None = None
    awarded_date: str | None = None
    credential_subject: AchievementSubject
    credential_status: Annotated[tuple[CredentialStatus, ...], ALONE] = ()
    credential_schema: tuple[CredentialSchema, ...] = ()
    refresh_service: RefreshService | None = None
    terms_of_use: tuple[TermsOfUse, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    endorsement: tuple[Document, ...] = ()
    endorsement_jwt: tuple[str, ...] = ()
    proof: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EndorsementSubject(JsonObject):
    """The issuer, achievement or credential that is endorsed."""

    id: str
    type: tuple[str, ...] = ("EndorsementSubject",)
    endorsement_comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndorsementCredential(JsonObject):
    """A third party's signed statement about an issuer, achievement or credential."""

    context: tuple[Any, ...] = CONTEXTS
    id: str
    type: tuple[str, ...] = ("VerifiableCredential", "EndorsementCredential")
    name: str
    description: str | None = None
    issuer: Profile | str
    valid_from: str
    valid_until: str | None = None
    awarded_date: str | None = None
    credential_subject: EndorsementSubject
    credential_status: Annotated[tuple[CredentialStatus, ...], ALONE] = ()
    credential_schema: tuple[CredentialSchema, ...] = ()
    refresh_service: RefreshService | None = None
    terms_of_use: tuple[TermsOfUse, ...] = ()
    proof: tuple[Document, ...] = ()
