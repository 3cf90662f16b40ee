"""Rebuilding from rows what the signer signs: credentials and status lists.

Everything that goes into a signed file is decided here and nowhere else. No name, target, score or review of a person goes in:
the subject is a pseudonym and a salted hash of the address.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from django.utils import timezone

from hexmark.catalogue.models import AchievementVersion
from hexmark.issuing.models import Credential, Purpose, StatusList
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
    Profile,
    identity_hash,
)
from hexmark.openbadges.status_list import set_bit, status_list_credential
from hexmark.organisations.identity import profile
from hexmark.people.models import Person

_RELATED = ("award__version__achievement__organisation", "award__run", "award__person", "register", "organisation")


def unsigned_credentials(row_ids: Sequence[int]) -> Iterator[Unsigned]:
    """The credentials of these rows that are not signed yet, in order of key."""
    rows = Credential.objects.filter(pk__in=row_ids, issued_at__isnull=True).select_related(*_RELATED).order_by("pk")
    achievements: dict[int, Achievement] = {}
    issuers: dict[int, Profile] = {}
    for row in rows:
        version, organisation = row.award.version, row.organisation
        achievement = achievements.get(version.pk) or achievements.setdefault(version.pk, achievement_document(version))
        issuer = issuers.get(organisation.pk) or issuers.setdefault(organisation.pk, profile(organisation))
        document = _credential(row, achievement, issuer).to_json()
        yield Unsigned(
            row_id=row.pk, organisation_id=organisation.pk, controller=organisation.did, document=document, created=row.sign_as_of
        )


def achievement_document(version: AchievementVersion) -> Achievement:
    """The version as it stands in credentials (Open Badges 3.0, Achievement)."""
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
        in_language=version.language,
        version=str(version.number),
    )


def unsigned_status_lists(row_ids: Sequence[int]) -> Iterator[Unsigned]:
    """These lists as their registers stand now."""
    now = timezone.now()
    for row in StatusList.objects.filter(pk__in=row_ids).select_related("organisation", "register").order_by("pk"):
        document = status_list_credential(row.url, issuer=row.organisation.did, purpose=row.purpose, bits=_bits(row), valid_from=now)
        yield Unsigned(row_id=row.pk, organisation_id=row.organisation_id, controller=row.organisation.did, document=document, created=now)


def recipient_identity(person: Person, salt: str) -> IdentityObject:
    """The earner's address as a salted hash."""
    return IdentityObject(hashed=True, identity_hash=identity_hash(person.email, salt), identity_type="emailAddress", salt=salt)


def _credential(row: Credential, achievement: Achievement, issuer: Profile) -> OpenBadgeCredential:
    award = row.award
    subject = AchievementSubject(
        id=row.subject_id,
        identifier=(recipient_identity(award.person, row.salt),),
        achievement=achievement,
        narrative=award.run.narrative or None,
    )
    return OpenBadgeCredential(
        id=award.url,
        name=award.version.name,
        issuer=issuer,
        valid_from=timestamps.write(row.valid_from),
        valid_until=timestamps.write(row.valid_until) if row.valid_until else None,
        awarded_date=timestamps.write(award.awarded_at),
        credential_subject=subject,
        credential_status=tuple(map(partial(_status_entry, row), Purpose.values)),
    )


def _status_entry(row: Credential, purpose: str) -> CredentialStatus:
    list_url = f"{row.organisation.url}/status/{purpose}/{row.register.number}"
    return CredentialStatus(
        id=f"{list_url}#{row.status_index}",
        type="BitstringStatusListEntry",
        status_purpose=purpose,
        status_list_index=str(row.status_index),
        status_list_credential=list_url,
    )


def _alignment(alignment: Any) -> Alignment:
    return Alignment(
        target_name=alignment.target_name,
        target_url=alignment.target_url,
        target_code=alignment.target_code or None,
        target_framework=alignment.target_framework or None,
    )


def _bits(row: StatusList) -> bytearray:
    column = "revoked_at__isnull" if row.purpose == Purpose.REVOCATION else "paused_at__isnull"
    bits = bytearray(row.register.entries // 8)
    for index in Credential.objects.filter(register=row.register, **{column: False}).values_list("status_index", flat=True):
        set_bit(bits, index, on=True)
    return bits
