"""Two accounts of one human become one. Both must be proved: one by being signed in, the other by its password or its mail."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import transaction
from django.utils import timezone

from hexmark.access import Actor, system
from hexmark.errors import Conflict, Invalid
from hexmark.events.log import record
from hexmark.passport.addresses import send_link, use_link
from hexmark.passport.letters import about_account, send
from hexmark.passport.models import AccountLink, Collection, CollectionItem, Entry, Export, Objection, Profile, Share
from hexmark.passport.ownership import allow_self
from hexmark.people.event_types import EventType
from hexmark.people.models import Account, Person

#: The same words whether the address is unknown or the password wrong.
_WRONG = "Address and password do not belong together."


def merge_by_password(account: Account, *, email: str, password: str, actor: Actor) -> None:
    """The account of this address and password is part of this one. The caller limits how often that may be tried.

    Raises:
        NotPermitted: the account is another's.
        Invalid: address and password do not belong together.
        Conflict: it is this very account, or has a second step.
    """
    allow_self(actor, account)
    other = _account_of(email)
    if other is None:
        # A wrong address must take as long as a wrong password.
        Account().set_password(password)
    if other is None or not other.check_password(password):
        raise Invalid(_WRONG, field="password")
    merge(account, other)


@transaction.atomic
def ask_merge_by_mail(account: Account, *, email: str, actor: Actor) -> None:
    """If an account has this address, a link is on its way there. Whether one has is not said.

    Raises:
        NotPermitted: the account is another's.
    """
    allow_self(actor, account)
    other = _account_of(email)
    if other is not None and other.pk != account.pk:
        send_link(account, email=email.strip(), purpose=AccountLink.Purpose.MERGE)


@transaction.atomic
def confirm_merge(token: str, *, actor: Actor) -> None:
    """The account that has the link's address is part of the one that asked for it, which is signed in.

    Raises:
        NotPermitted: the link does not work, or not for this account.
        Conflict: no account has the address any more, or it has a second step.
    """
    link = use_link(token, purpose=AccountLink.Purpose.MERGE, actor=actor)
    other = _account_of(link.email)
    if other is None:
        raise Conflict("No account has that address any more.")
    merge(link.account, other)


@transaction.atomic
def merge(account: Account, other: Account) -> None:
    """Everything of the other account belongs to this one, each credential once, and nobody can sign in with the other any more.

    Raises:
        Conflict: they are the same, one was closed, or the other has a second step.
    """
    if account.pk == other.pk:
        raise Conflict("That is the account with which you are signed in.")
    # In one order whoever merges whom, so that two who merge each other wait instead of blocking.
    locked = {one.pk: one for one in Account.objects.select_for_update().filter(pk__in=[account.pk, other.pk]).order_by("pk")}
    if not all(one.is_active for one in locked.values()):
        raise Conflict("One of the two accounts is closed.")
    if _has_second_step(other):
        # Password or mail would otherwise be a way around it.
        raise Conflict("The other account has a second step of signing in. Sign in to it, remove that step, and merge then.")
    addresses = [*_move_addresses(account, other), account.email]
    _move_people(account, other)
    _move_passport(account, other)
    if apps.is_installed("allauth.socialaccount"):
        apps.get_model("socialaccount", "SocialAccount")._default_manager.filter(user=other).update(user=account)
    _close(other)
    send(about_account(account, "accounts_merged", to=dict.fromkeys(addresses)))


def _has_second_step(account: Account) -> bool:
    return apps.is_installed("allauth.mfa") and apps.get_model("mfa", "Authenticator")._default_manager.filter(user=account).exists()


def _account_of(email: str) -> Account | None:
    """The account that has verified this address."""
    found: Iterable[Account] = filter_users_by_email(email.strip(), is_active=True, prefer_verified=True)
    verified = EmailAddress.objects.filter(email=email.strip().lower(), verified=True).values_list("user_id", flat=True)
    return next((account for account in found if account.pk in set(verified)), None)


def _move_addresses(account: Account, other: Account) -> list[str]:
    """The other's verified addresses are this account's; returns them. What it had only claimed is dropped."""
    theirs = EmailAddress.objects.filter(user=other)
    verified = list(theirs.filter(verified=True).values_list("email", flat=True))
    theirs.delete()
    EmailAddress.objects.filter(user=account, email__in=verified).delete()
    EmailAddress.objects.bulk_create(EmailAddress(user=account, email=email, verified=True, primary=False) for email in verified)
    return verified


def _move_people(account: Account, other: Account) -> None:
    people = list(Person.objects.filter(account=other))
    Person.objects.filter(account=other).update(account=account)
    for person in people:
        record(EventType.ACCOUNT_LINKED, person, actor=system(person.organisation_id, label=account.name), merged=True)


def _move_passport(account: Account, other: Account) -> None:
    """Collections of one name become one, in which each credential stands once; everything else only changes its owner."""
    own = {collection.name: collection for collection in Collection.objects.filter(account=account)}
    for collection in Collection.objects.filter(account=other).prefetch_related("items"):
        if (same := own.get(collection.name)) is not None:
            _pour(collection, same)
    if Profile.objects.filter(account=account).exists():
        Profile.objects.filter(account=other).delete()
    for model in (Entry, Collection, Share, Objection, Profile):
        model._default_manager.filter(account=other).update(account=account)
    # Archives of half of what there is now.
    Export.objects.filter(account=other).delete()
    AccountLink.objects.filter(account=other).delete()


def _pour(collection: Collection, into: Collection) -> None:
    present = set(into.items.values_list("entry_id", flat=True))
    last = max(into.items.values_list("position", flat=True), default=0)
    new = [item for item in collection.items.all() if item.entry_id not in present]
    items = (CollectionItem(collection=into, entry_id=item.entry_id, position=last + place) for place, item in enumerate(new, start=1))
    CollectionItem.objects.bulk_create(items)
    if collection.published_at is None or into.published_at is not None:
        collection.delete()


def _close(other: Account) -> None:
    """The row stays, because others may name it; nothing in it tells who it was."""
    other.set_unusable_password()
    closed = {"email": f"closed-{other.pk}@closed.invalid", "name": "Merged account", "is_active": False, "password": other.password}
    Account.objects.filter(pk=other.pk).update(**closed, last_login=timezone.now())
