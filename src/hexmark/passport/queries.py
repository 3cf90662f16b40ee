"""Reading passports with a meaning."""

from __future__ import annotations

from django.core.exceptions import ObjectDoesNotExist

from hexmark.access import ANONYMOUS, Actor, ActorKind, Permission
from hexmark.issuing.models import Credential
from hexmark.passport.audience import Audience
from hexmark.passport.models import Entry

RELATED = ("award__version__achievement__organisation", "award__person", "award__run", "organisation", "entry")


def entry_of(credential: Credential) -> Entry | None:
    """The credential's place with its holder; None while the passport has not been told of it."""
    try:
        return credential.entry
    except ObjectDoesNotExist:
        return None


def may_see(credential: Credential, *, actor: Actor) -> bool:
    """Whether this actor may see any form of this award: page, file, picture, card, certificate or answer of the API.

    The issuer's own people with the right to view awards may, and its holder; whoever else only what was accepted, by its audience.
    """
    if actor.organisation_id == credential.organisation_id and actor.may(Permission.VIEW_AWARDS):
        return True
    entry = entry_of(credential)
    if is_holder(credential, entry, actor):
        return True
    if entry is None:
        # Signed this moment, and the passport not told yet: as it will decide.
        return credential.award.person.account_id is not None
    if not entry.is_kept or entry.audience == Audience.ONLY_ME:
        return False
    if entry.audience == Audience.ORGANISATION:
        return actor.kind is ActorKind.PERSON and actor.organisation_id == credential.organisation_id
    return True


def is_holder(credential: Credential, entry: Entry | None, actor: Actor) -> bool:
    """Whether the actor's account holds this, or stands behind the person to whom it was just given."""
    if actor.account_id is None:
        return False
    return actor.account_id == (entry.account_id if entry and entry.account_id else credential.award.person.account_id)


def is_for_everybody(credential: Credential) -> bool:
    """Whether whoever has the link may see it, so that a cache may keep it."""
    return may_see(credential, actor=ANONYMOUS)


def visible_credential(award_public_id: str, *, actor: Actor) -> Credential | None:
    """The signed credential of this award where the actor may see it; None otherwise, and where there never was one."""
    found = Credential.objects.issued().filter(award__public_id=award_public_id).select_related(*RELATED).first()
    return found if found is not None and may_see(found, actor=actor) else None
