"""Reading passports with a meaning."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q

from hexmark.access import ANONYMOUS, Actor, ActorKind, Permission
from hexmark.issuing.models import Credential
from hexmark.passport.audience import Audience
from hexmark.passport.models import Collection, Entry, EntryQuerySet, Profile
from hexmark.people.models import Account, Person

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
        return actor.organisation_id == credential.organisation_id and _works_there(actor)
    return True


def _works_there(actor: Actor) -> bool:
    """Whether the actor is of the organisation's staff: customers, partners and guests have accounts there, too."""
    if actor.kind is not ActorKind.PERSON or actor.person_id is None:
        return False
    return Person.objects.present().filter(pk=actor.person_id, kind=Person.Kind.STAFF).exists()


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


def _with_credential(entries: EntryQuerySet) -> EntryQuerySet:
    """With everything that a list or page shows, but without the signed text."""
    related = (f"credential__{name}" for name in RELATED if name != "entry")
    return entries.select_related(*related).defer("credential__document")


def entries_of(account: Account) -> EntryQuerySet:
    """Everything that the account holds or was offered, whoever gave it, newest first."""
    return _with_credential(Entry.objects.filter(account=account)).order_by("-credential__valid_from", "-pk")


def waiting_for(person: Person) -> list[Entry]:
    """What was given to somebody without an account and not answered yet, oldest first."""
    waiting = Entry.objects.filter(
        credential__award__person=person, account__isnull=True, accepted_at__isnull=True, declined_at__isnull=True
    )
    return list(_with_credential(waiting).order_by("credential__valid_from", "pk"))


def own_entry(award_public_id: str, *, actor: Actor) -> Entry | None:
    """The actor's own entry of this award, with its signed text; None where it is another's and where there is none."""
    found = _with_credential(Entry.objects.visible_to(actor)).defer(None)
    return found.filter(credential__award__public_id=award_public_id).first()


def in_force(entries: EntryQuerySet, at: datetime) -> EntryQuerySet:
    """Those that are kept, in date, and neither revoked nor paused."""
    valid = Q(credential__valid_until__isnull=True) | Q(credential__valid_until__gte=at)
    return entries.kept().filter(valid, credential__revoked_at__isnull=True, credential__paused_at__isnull=True)


class Viewer(StrEnum):
    """As whom a holder looks at their own badges."""

    PUBLIC = "public"
    ORGANISATION = "organisation"
    LINK = "link"


def is_seen_by(entry: Entry, viewer: Viewer) -> bool:
    """Whether somebody of this kind sees the entry: who comes by, a colleague at its issuer, or whoever was given its address."""
    if not entry.is_kept:
        return False
    if viewer is Viewer.PUBLIC:
        return entry.audience == Audience.PUBLIC
    if viewer is Viewer.ORGANISATION:
        return entry.audience != Audience.ONLY_ME
    return may_see(entry.credential, actor=ANONYMOUS)


def public_entries(account: Account) -> EntryQuerySet:
    """What the account's human shows to everybody, pinned ones first."""
    return _with_credential(Entry.objects.kept().filter(account=account, audience=Audience.PUBLIC)).order_by(
        "-pinned", "-credential__valid_from", "-pk"
    )


def published_profile(handle: str) -> Profile | None:
    """The page at this handle, if its human wants one."""
    return Profile.objects.filter(handle=handle, published_at__isnull=False, account__is_active=True).select_related("account").first()


def published_collection(public_id: str) -> Collection | None:
    """The collection with this id, if it is published."""
    shown = Collection.objects.filter(public_id=public_id, published_at__isnull=False, account__is_active=True)
    return shown.select_related("account").first()


def collected(collection: Collection) -> list[Entry]:
    """What stands in the collection, in its order; what was declined since is left out."""
    kept = Entry.objects.kept().filter(collection_items__collection=collection, account_id=collection.account_id)
    return list(_with_credential(kept).order_by("collection_items__position", "collection_items__pk"))
