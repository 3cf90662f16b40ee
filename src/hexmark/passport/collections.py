"""Collections and the profile: what a holder puts together and publishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from hexmark.access import Actor
from hexmark.errors import Conflict, Invalid
from hexmark.passport import rules
from hexmark.passport.audience import Audience
from hexmark.passport.models import Collection, CollectionItem, Entry, Profile
from hexmark.passport.ownership import allow_own, allow_self
from hexmark.people.models import Account

MOST_COLLECTIONS = 50


@transaction.atomic
def make_collection(account: Account, *, name: str, actor: Actor) -> Collection:
    """The account has a collection of this name, with nothing in it, that nobody else sees.

    Raises:
        NotPermitted: the account is another's.
        Invalid: the name cannot be used.
        Conflict: there are too many.
    """
    allow_self(actor, account)
    if account.collections.count() >= MOST_COLLECTIONS:
        raise Conflict(f"You have {MOST_COLLECTIONS} collections. Delete one first.")
    return Collection.objects.create(account=account, name=rules.clean_line(name, field="name", longest=rules.LONGEST_NAME))


@transaction.atomic
def edit_collection(collection: Collection, *, name: str, text: str, positions: Mapping[int, int], actor: Actor) -> None:
    """The collection has this name and text, and its entries stand in the order of these numbers, by entry key.

    Raises:
        NotPermitted: it is another's.
        Invalid: name or text cannot be used.
    """
    allow_own(actor, collection)
    given = {
        "name": rules.clean_line(name, field="name", longest=rules.LONGEST_NAME),
        "text": rules.clean_text(text, field="text", longest=rules.LONGEST_TEXT),
    }
    Collection.objects.filter(pk=collection.pk).update(**given)
    items = {item.entry_id: item for item in collection.items.all()}
    for place, key in enumerate(rules.in_order(list(items), positions), start=1):
        items[key].position = place
    CollectionItem.objects.bulk_update(items.values(), ["position"])


@transaction.atomic
def put_into(collection: Collection, entries: Sequence[Entry], *, actor: Actor) -> int:
    """These entries stand in the collection, new ones at its end; returns how many are new.

    Raises:
        NotPermitted: collection or entry is another's.
        Conflict: one was not accepted, or there are too many.
    """
    allow_own(actor, collection)
    for entry in entries:
        allow_own(actor, entry)
        if not entry.is_kept:
            raise Conflict("Only what you accepted can stand in a collection.")
    present = set(collection.items.values_list("entry_id", flat=True))
    new = [entry for entry in entries if entry.pk not in present]
    if len(present) + len(new) > rules.MOST_COLLECTED:
        raise Conflict(f"A collection holds at most {rules.MOST_COLLECTED}.")
    last = max(collection.items.values_list("position", flat=True), default=0)
    items = (CollectionItem(collection=collection, entry=entry, position=last + place) for place, entry in enumerate(new, start=1))
    CollectionItem.objects.bulk_create(items)
    return len(new)


@transaction.atomic
def take_out(collection: Collection, entry: Entry, *, actor: Actor) -> None:
    """The entry no longer stands in the collection.

    Raises:
        NotPermitted: it is another's.
    """
    allow_own(actor, collection)
    collection.items.filter(entry=entry).delete()


@transaction.atomic
def publish_collection(collection: Collection, *, published: bool, actor: Actor) -> None:
    """Whoever has its address sees the collection, or nobody but its holder.

    Raises:
        NotPermitted: it is another's.
        Conflict: there is nothing in it.
    """
    allow_own(actor, collection)
    if published and not collection.items.exists():
        raise Conflict("Put something into it first.")
    Collection.objects.filter(pk=collection.pk).update(published_at=timezone.now() if published else None)


@transaction.atomic
def delete_collection(collection: Collection, *, actor: Actor) -> None:
    """The collection is gone; what stood in it stays.

    Raises:
        NotPermitted: it is another's.
    """
    allow_own(actor, collection)
    collection.delete()


@transaction.atomic
def save_profile(account: Account, *, handle: str, headline: str, published: bool, actor: Actor) -> Profile:
    """The account's page about its human stands at this handle, seen by everybody if it is published.

    Raises:
        NotPermitted: the account is another's.
        Invalid: handle or headline cannot be used.
        Conflict: the handle is taken.
    """
    allow_self(actor, account)
    given = {
        "handle": rules.clean_handle(handle),
        "headline": rules.clean_line(headline, field="headline", longest=rules.LONGEST_HEADLINE, required=False),
        "published_at": timezone.now() if published else None,
    }
    try:
        with transaction.atomic():
            return Profile.objects.update_or_create(account=account, defaults=given)[0]
    except IntegrityError as error:
        raise Conflict("That address is taken. Choose another.") from error


@transaction.atomic
def pin(entry: Entry, *, pinned: bool, actor: Actor) -> None:
    """The entry stands first on the holder's page, or in its turn.

    Raises:
        NotPermitted: it is another's.
        Invalid: it is not public, so that the page does not show it.
    """
    allow_own(actor, entry)
    if pinned and entry.audience != Audience.PUBLIC:
        raise Invalid("Only what is public stands on your page. Make it public first.", field="audience")
    Entry.objects.kept().filter(pk=entry.pk).update(pinned=pinned)
