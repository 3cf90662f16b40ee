"""The only writers of entries: what was given to somebody, and what they said to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from hexmark.access import Actor, system
from hexmark.errors import Conflict, NotPermitted
from hexmark.events.log import record, record_many
from hexmark.issuing.actions import revoke
from hexmark.issuing.models import Credential
from hexmark.passport.audience import Audience
from hexmark.passport.event_types import EventType
from hexmark.passport.models import CollectionItem, Entry
from hexmark.people.joining import close_join_links
from hexmark.people.models import Account, Person

DECLINED = "Declined by the person to whom it was awarded."
#: How many credentials are entered at a time.
BATCH = 500
NOT_ME = "Sent to an address that belongs to somebody else, who says so."


def enter(credentials: Iterable[Credential], *, tell: bool = False) -> list[Entry]:
    """Each of these credentials has its entry; returns those that are new.

    Who has an account has accepted, and can decline later; for anybody else nothing is public until they accept. With `tell`, the
    subscriber still sends the letter about it.
    """
    keys = [credential.pk for credential in credentials]
    return [entry for start in range(0, len(keys), BATCH) for entry in _entered(keys[start : start + BATCH], tell=tell)]


def _entered(keys: Sequence[int], *, tell: bool) -> list[Entry]:
    now = timezone.now()
    new = Credential.objects.issued().filter(pk__in=keys, entry__isnull=True).values_list("pk", "award__person__account_id")
    entries = [_new_entry(pk, account_id, now, told_at=None if tell else now) for pk, account_id in new]
    # Two processes may be told of the same credential at once.
    Entry.objects.bulk_create(entries, ignore_conflicts=True)
    return list(Entry.objects.filter(credential_id__in=[entry.credential_id for entry in entries]))


def _new_entry(credential_id: int, account_id: int | None, now: datetime, *, told_at: datetime | None) -> Entry:
    accepted_at = None if account_id is None else now
    return Entry(credential_id=credential_id, account_id=account_id, accepted_at=accepted_at, told_at=told_at)


def catch_up(account: Account) -> None:
    """Everything that was given to the account's persons stands in its passport, whatever the subscriber has been told so far."""
    theirs = Credential.objects.issued().filter(award__person__account=account)
    behind = list(theirs.filter(Q(entry__isnull=True) | Q(entry__account__isnull=True, entry__disowned_email="")).only("pk"))
    if behind:
        with transaction.atomic():
            enter(behind, tell=True)
            Entry.objects.filter(credential__in=behind, account__isnull=True, disowned_email="").update(account=account)


def see(entry: Entry, *, actor: Actor) -> None:
    """The holder has looked at it: it is not new any more. Looking again changes nothing."""
    if entry.seen_at is None and entry.account_id is not None and entry.account_id == actor.account_id:
        Entry.objects.filter(pk=entry.pk, seen_at__isnull=True).update(seen_at=timezone.now())


@transaction.atomic
def accept(entries: Sequence[Entry], *, actor: Actor, audience: str = Audience.LINK) -> int:
    """These are the holder's, seen by whoever the audience says; returns how many were waiting for that.

    Raises:
        NotPermitted: one is not the actor's.
    """
    for entry in entries:
        _own(entry, actor)
    waiting = Entry.objects.filter(pk__in=[entry.pk for entry in entries], accepted_at__isnull=True, declined_at__isnull=True)
    accepted = list(waiting.select_for_update(of=("self",)).select_related("credential__award"))
    now = timezone.now()
    Entry.objects.filter(pk__in=[entry.pk for entry in accepted]).update(
        accepted_at=now, seen_at=now, audience=Audience(audience), account_id=actor.account_id
    )
    record_many(EventType.ACCEPTED, ((entry, {"award": entry.public_id}) for entry in accepted), actor=actor)
    return len(accepted)


@transaction.atomic
def decline(entry: Entry, *, actor: Actor) -> None:
    """The holder does not want it: it is revoked as declined, and no page shows it.

    Raises:
        NotPermitted: it is not the actor's.
        Conflict: it was declined before.
    """
    _own(entry, actor)
    if not Entry.objects.filter(pk=entry.pk, declined_at__isnull=True).update(declined_at=timezone.now(), pinned=False):
        raise Conflict("This was declined already.")
    CollectionItem.objects.filter(entry=entry).delete()
    entry.shares.clear()
    record(EventType.DECLINED, entry, actor=actor, award=entry.public_id)
    _revoke(entry.credential, DECLINED, actor)


@transaction.atomic
def disown(person: Person, *, actor: Actor) -> int:
    """Whoever reads the person's mail is somebody else: what waits is revoked, no link works, and no more is sent to that address.

    Raises:
        NotPermitted: the actor does not read that person's mail.
        Conflict: an account stands behind the person.
    """
    if actor.person_id != person.pk:
        raise NotPermitted("There is nothing here that you may change.")
    if person.account_id is not None:
        raise Conflict("This was accepted with an account. Sign in with it.")
    waiting = Entry.objects.filter(
        credential__award__person=person, account__isnull=True, accepted_at__isnull=True, declined_at__isnull=True
    )
    entries = list(waiting.select_related("credential__award"))
    Entry.objects.filter(pk__in=[entry.pk for entry in entries]).update(declined_at=timezone.now(), disowned_email=person.email.lower())
    for entry in entries:
        record(EventType.DECLINED, entry, actor=actor, award=entry.public_id, not_me=True)
        _revoke(entry.credential, NOT_ME, actor)
    close_join_links(person)
    return len(entries)


@transaction.atomic
def show_to(entry: Entry, audience: str, *, actor: Actor) -> None:
    """The entry is seen by whoever this audience says.

    Raises:
        NotPermitted: it is not the actor's.
        Conflict: it was not accepted, or declined.
    """
    _own(entry, actor)
    chosen = Audience(audience)
    # Pinned is shown on a public page.
    pinned = entry.pinned and chosen is Audience.PUBLIC
    if not Entry.objects.kept().filter(pk=entry.pk).update(audience=chosen, pinned=pinned):
        raise Conflict("Accept it first; then choose who sees it.")


def _own(entry: Entry, actor: Actor) -> None:
    """Pass silently if the actor's account holds the entry, or the actor reads the mail of whom nobody else holds it for."""
    if entry.account_id is not None:
        mine = entry.account_id == actor.account_id
    else:
        mine = actor.person_id is not None and entry.credential.award.person_id == actor.person_id
    if not mine:
        raise NotPermitted("There is nothing here that you may change.")


def _revoke(credential: Credential, reason: str, actor: Actor) -> None:
    """Revoked in the issuer's name, unless the issuer did so before: what nobody wants must not verify."""
    fresh = Credential.objects.select_related("award").get(pk=credential.pk)
    if fresh.revoked_at is None:
        revoke(fresh, actor=system(fresh.organisation_id, label=actor.label), reason=reason)
