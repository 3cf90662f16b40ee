"""How awards, their credentials and runs look in the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from pydantic import Field, StringConstraints, model_validator

from hexmark.api.v1.shapes import Given, Line, Moment, Next, PublicId, Shown
from hexmark.awarding.models import Award, AwardRun
from hexmark.awarding.rules import LONGEST_NARRATIVE
from hexmark.issuing.models import Credential
from hexmark.issuing.rules import is_expired

MOST_AT_ONCE = 1000
#: held: nothing is signed yet. refused: the right to award was gone when it was to be signed.
State = Literal["held", "signing", "valid", "paused", "revoked", "expired", "refused"]


class Earner(Given):
    """Somebody to award, named by exactly one of `person`, `email` and `employee_id`."""

    person: Annotated[PublicId | None, Field(description="The id that the API gave.")] = None
    email: Annotated[str | None, Field(min_length=3, max_length=254)] = None
    employee_id: Annotated[str | None, Field(min_length=1, max_length=60)] = None
    name: Annotated[Line | None, Field(description="With `email`: somebody unknown is added under it, if the key may do that.")] = None

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        if sum(value is not None for value in (self.person, self.email, self.employee_id)) != 1:
            raise ValueError("Name each person by exactly one of person, email and employee_id.")
        if self.name is not None and self.email is None:
            raise ValueError("A name goes with an email.")
        return self


class NewAwards(Given):
    """A decision to award one achievement to one or many people."""

    achievement: Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]{1,80}$")]
    to: Annotated[list[Earner], Field(min_length=1, max_length=MOST_AT_ONCE)]
    narrative: Annotated[
        str, Field(max_length=LONGEST_NARRATIVE, description="What they did. It stands in the signed file of each of them.")
    ] = ""
    decided_at: Annotated[Moment | None, Field(description="For a decision taken earlier, elsewhere: validity counts from it.")] = None


class PersonNamed(Shown):
    """A person in short."""

    id: str
    name: str


class CredentialShown(Shown):
    """The signed document of an award, and what its issuer says of it now."""

    id: Annotated[str, Field(description="The `id` of the signed document: the award's public page.")]
    sha256: str
    issued_at: datetime
    valid_from: datetime
    valid_until: datetime | None
    revoked_at: datetime | None
    revocation_reason: str
    paused_at: datetime | None
    pause_reason: str

    @classmethod
    def of(cls, credential: Credential) -> CredentialShown:
        """As it stands."""
        plain = {name: getattr(credential, name) for name in cls.model_fields if hasattr(credential, name) and name != "id"}
        return cls(**plain | {"id": credential.url, "sha256": credential.document_sha256})


class AwardShown(Shown):
    """The decision that one person met the criteria."""

    id: str
    run: str
    achievement: str
    version: int
    person: PersonNamed
    state: State
    awarded_at: datetime
    awarded_by: str
    refusal: Annotated[str, Field(description="Why it was refused at signing.")]
    credential: CredentialShown | None

    @classmethod
    def of(cls, award: Award) -> AwardShown:
        """As it stands, with version, person, run and credential that were read with it."""
        credential = _signed(award)
        return cls(
            id=award.public_id,
            run=award.run.public_id,
            achievement=award.version.achievement.slug,
            version=award.version.number,
            person=PersonNamed(id=award.person.public_id, name=award.person.name),
            state=_state(award, credential),
            awarded_at=award.awarded_at,
            awarded_by=award.run.awarded_by_label,
            refusal=award.refusal,
            credential=CredentialShown.of(credential) if credential else None,
        )


class AwardsShown(Shown):
    """A page of awards, newest first."""

    items: list[AwardShown]
    next: Next


class RunShown(Shown):
    """One decision to award one version to one or many people, and how far its signing is."""

    id: str
    achievement: str
    version: int
    awarded_at: datetime
    awarded_by: str
    narrative: str
    release_at: Annotated[datetime, Field(description="Until then the run can be undone and nothing is signed.")]
    undone_at: datetime | None
    total: int
    signed: int
    refused: int

    @classmethod
    def of(cls, run: AwardRun) -> RunShown:
        """As it stands, with the counts that were read with it."""
        plain = {name: getattr(run, name) for name in cls.model_fields if hasattr(run, name) and name not in ("id", "version")}
        given = {
            "id": run.public_id,
            "achievement": run.version.achievement.slug,
            "version": run.version.number,
            "awarded_by": run.awarded_by_label,
        }
        return cls(**plain | given)


class RunsShown(Shown):
    """A page of runs, newest first."""

    items: list[RunShown]
    next: Next


class Awarded(Shown):
    """What one call made."""

    run: RunShown
    awards: list[AwardShown]
    already_held_by: Annotated[list[PersonNamed], Field(description="Who holds this version already and was passed over.")]


def _signed(award: Award) -> Credential | None:
    try:
        credential = award.credential
    except ObjectDoesNotExist:
        return None
    return credential if credential.issued_at else None


def _state(award: Award, credential: Credential | None) -> State:
    now = timezone.now()
    if credential is None:
        if award.refusal:
            return "refused"
        return "held" if now < award.release_at else "signing"
    if credential.revoked_at:
        return "revoked"
    if credential.paused_at:
        return "paused"
    return "expired" if is_expired(credential.valid_until, now) else "valid"
