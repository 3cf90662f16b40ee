"""Rebuilding from rows what the signer signs: credentials and status lists.

Everything that goes into a signed file is decided here and nowhere else. No name, target, score or review of a person goes in:
the subject is a pseudonym and a salted hash of the address.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Case, When
from django.utils import timezone

from hexmark.awarding.models import award_url
from hexmark.catalogue.models import AchievementVersion
from hexmark.issuing.choosing import signed_form_of
from hexmark.issuing.models import Credential, Purpose, StatusList
from hexmark.issuing.settings_models import RequestedCredential
from hexmark.keys.signer import Unsigned
from hexmark.openbadges import timestamps
from hexmark.openbadges.model import (
    Achievement,
    AchievementSubject,
    Alignment,
    CredentialStatus,
    Criteria,
    IdentityObject,
    Image,
    OpenBadgeCredential,
    ResultDescription,
    identity_hash,
)
from hexmark.openbadges.signed_form import SignedForm
from hexmark.openbadges.status_list import set_bit, status_list_credential
from hexmark.openbadges.template import Slot
from hexmark.organisations.assurance import Assurance
from hexmark.organisations.identity import profile
from hexmark.organisations.models import Organisation

#: A verifier may keep a list this long (without it the standard says five minutes), so that a revocation is seen within the minute.
STATUS_LIST_LIFE = timedelta(seconds=60)

#: The scale on which an achievement says how surely it is shown (Open Badges 3.0, ResultType, extension).
ASSURANCE_TYPE = "ext:Assurance"


class _Row(NamedTuple):
    """What of a credential's row, its award, run, person and register goes into the document."""

    pk: int
    organisation_id: int
    version_id: int
    register_number: int
    public_id: str
    email: str
    narrative: str
    subject_id: str
    salt: str
    status_index: int
    valid_from: datetime
    valid_until: datetime | None
    awarded_at: datetime
    sign_as_of: datetime
    signed_form: str


#: As `Award.why`: the award's own words, or those of its run.
_WHY = Case(When(award__narrative="", then="award__run__narrative"), default="award__narrative")
# Columns and not models: making eight objects a row took longer than signing it (measured).
_COLUMNS = (
    *(
        "pk",
        "organisation_id",
        "award__version_id",
        "register__number",
        "award__public_id",
        "award__person__email",
        "narrative",
    ),
    *("subject_id", "salt", "status_index", "valid_from", "valid_until", "award__awarded_at", "sign_as_of", "signed_form"),
)


def unsigned_credentials(row_ids: Sequence[int]) -> Iterator[Unsigned]:
    """The credentials of these rows that are not signed yet, in order of key.

    Credentials that differ in texts only share one document with slots, and each has the texts to fill in.
    """
    waiting = Credential.objects.filter(pk__in=row_ids, issued_at__isnull=True).annotate(narrative=_WHY).order_by("pk")
    rows = [_Row(*columns) for columns in waiting.values_list(*_COLUMNS)]
    organisations = Organisation.objects.in_bulk({row.organisation_id for row in rows})
    versions = AchievementVersion.objects.select_related("achievement__organisation").in_bulk({row.version_id for row in rows})
    achievements = {pk: achievement_document(version) for pk, version in versions.items()}
    drafts: dict[tuple[object, ...], dict[str, Any]] = {}
    moments: dict[datetime, str] = {}
    forms: dict[str, SignedForm] = {}
    for row in rows:
        organisation = organisations[row.organisation_id]
        outline = _outline(row)
        if outline not in drafts:
            drafts[outline] = _draft(row, organisation, achievements[row.version_id]).to_json()
        yield Unsigned(
            row_id=row.pk,
            organisation_id=row.organisation_id,
            controller=organisation.did,
            document=drafts[outline],
            created=row.sign_as_of,
            values=_values(row, organisation, moments),
            form=forms.get(row.signed_form) or forms.setdefault(row.signed_form, SignedForm.parse(row.signed_form)),
        )


def achievement_document(version: AchievementVersion) -> Achievement:
    """The version as it stands in credentials (Open Badges 3.0, Achievement).

    How surely it is shown is the standard's `resultDescription` with the value that this achievement requires; its words are ours and
    not the organisation's, so that they never change. Subjects are its `fieldOfStudy`, which is one text. The standard has no place for
    the roles that it is for, the effort that it takes and the words about evidence and judging: they are on the page that `id` names.
    """
    return Achievement(
        id=version.url,
        name=version.name,
        description=version.description,
        criteria=Criteria(narrative=version.criteria),
        achievement_type=version.achievement_type,
        creator=profile(version.achievement.organisation),
        image=Image(id=version.image_url, caption=f"{version.name} badge"),
        alignment=tuple(map(_alignment, version.alignments.order_by("pk"))),
        tag=tuple(version.tags),
        field_of_study=", ".join(version.subjects) or None,
        result_description=(_assurance(version),),
        in_language=version.language,
        version=str(version.number),
    )


def unsigned_status_lists(row_ids: Sequence[int]) -> Iterator[Unsigned]:
    """These lists as their registers stand now."""
    now = timezone.now()
    for row in StatusList.objects.filter(pk__in=row_ids).select_related("organisation", "register").order_by("pk"):
        # A clock that was set back must not keep a revocation from being published.
        begins = max(now, row.published_at or now)
        document = status_list_credential(
            row.url, issuer=row.organisation.did, purpose=row.purpose, bits=_bits(row), valid_from=begins, ttl=STATUS_LIST_LIFE
        )
        form = signed_form_of(row.organisation_id).for_lists
        owner = (row.pk, row.organisation_id, row.organisation.did)
        yield Unsigned(*owner, document=document, created=now, form=form)


def unsigned_requested_credentials(row_ids: Sequence[int]) -> Iterator[Unsigned]:
    """What programs asked to have signed and is not signed yet, as it was written down when they asked."""
    waiting = RequestedCredential.objects.filter(pk__in=row_ids, issued_at__isnull=True).select_related("organisation")
    for row in waiting.order_by("pk"):
        owner = (row.pk, row.organisation_id, row.organisation.did)
        yield Unsigned(*owner, document=row.unsigned, created=row.asked_at, form=SignedForm.parse(row.signed_form))


def _outline(row: _Row) -> tuple[object, ...]:
    """What two credentials have in common if one document with slots does for both."""
    awarded_later = row.awarded_at != row.valid_from
    return (row.organisation_id, row.version_id, row.register_number, bool(row.narrative), bool(row.valid_until), awarded_later)


def _draft(row: _Row, organisation: Organisation, achievement: Achievement) -> OpenBadgeCredential:
    """The credential with a slot for each text that is this award's own. The earner's address is there as a salted hash only."""
    subject = AchievementSubject(
        id=Slot("subject"),
        identifier=(IdentityObject(hashed=True, identity_hash=Slot("identity_hash"), identity_type="emailAddress", salt=Slot("salt")),),
        achievement=achievement,
        narrative=Slot("narrative") if row.narrative else None,
    )
    return OpenBadgeCredential(
        id=Slot("award"),
        name=achievement.name,
        issuer=profile(organisation),
        valid_from=Slot("valid_from"),
        valid_until=Slot("valid_until") if row.valid_until else None,
        # One slot where both are one moment, as they are unless somebody backdates: equal texts in two slots take the slow path.
        awarded_date=Slot("awarded_date" if row.awarded_at != row.valid_from else "valid_from"),
        credential_subject=subject,
        credential_status=tuple(_status_entry(_list_url(row, organisation, purpose), purpose) for purpose in Purpose.values),
    )


def _values(row: _Row, organisation: Organisation, moments: dict[datetime, str]) -> dict[str, str]:
    values = {
        "award": award_url(row.public_id),
        "subject": row.subject_id,
        # In lower case: whoever checks it may know the address in any spelling, and a hash cannot be compared without case.
        "identity_hash": identity_hash(row.email.lower(), row.salt),
        "salt": row.salt,
        "narrative": row.narrative,
        "valid_from": _written(row.valid_from, moments),
        "awarded_date": _written(row.awarded_at, moments),
        "status_index": str(row.status_index),
    }
    if row.valid_until:
        values["valid_until"] = _written(row.valid_until, moments)
    return values | {f"{purpose}_entry": f"{_list_url(row, organisation, purpose)}#{row.status_index}" for purpose in Purpose.values}


def _written(moment: datetime, moments: dict[datetime, str]) -> str:
    # Awards of one run have one moment.
    return moments.get(moment) or moments.setdefault(moment, timestamps.write(moment))


def _list_url(row: _Row, organisation: Organisation, purpose: str) -> str:
    return f"{organisation.url}/status/{purpose}/{row.register_number}"


def _status_entry(list_url: str, purpose: str) -> CredentialStatus:
    return CredentialStatus(
        id=Slot(f"{purpose}_entry"),
        type="BitstringStatusListEntry",
        status_purpose=purpose,
        status_list_index=Slot("status_index"),
        status_list_credential=list_url,
    )


def _alignment(alignment: Any) -> Alignment:
    return Alignment(
        target_name=alignment.target_name,
        target_description=alignment.target_description or None,
        target_url=alignment.target_url,
        target_code=alignment.target_code or None,
        target_framework=alignment.target_framework or None,
    )


def _assurance(version: AchievementVersion) -> ResultDescription:
    return ResultDescription(
        id=f"{version.url}#assurance",
        name="How surely it is shown",
        result_type=ASSURANCE_TYPE,
        # Without `allowedValue`: its list has no names in the graph, and what has none cannot be signed by template (openbadges/template).
        required_value=Assurance(version.assurance).label,
    )


def _bits(row: StatusList) -> bytearray:
    column = "revoked_at__isnull" if row.purpose == Purpose.REVOCATION else "paused_at__isnull"
    bits = bytearray(row.register.entries // 8)
    for table in (Credential, RequestedCredential):
        for index in table.objects.filter(register=row.register, **{column: False}).values_list("status_index", flat=True):
            set_bit(bits, index, on=True)
    return bits
