"""The addresses of an account: each was proved by its human, and any of them signs in.

An address is added in two steps, and the second only works for the account that asked: else whoever reads a mail could be made to give
their address to a stranger's account.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from hexmark.access import Actor
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.passport.letters import about_account, about_link, send
from hexmark.passport.models import AccountLink
from hexmark.passport.ownership import allow_self
from hexmark.people.accounts import language_of
from hexmark.people.joining import prove_address
from hexmark.people.models import Account, OneTimeLink, Person
from hexmark.people.rules import clean_email

LINK_LIFE = timedelta(hours=24)
MOST_ADDRESSES = 10


@transaction.atomic
def ask_address(account: Account, *, email: str, actor: Actor) -> None:
    """A mail with a link is on its way to the address; it belongs to the account when the link was opened with this account.

    Whether another account has the address is not said here: only whoever reads its mail learns that.

    Raises:
        NotPermitted: the account is another's.
        Invalid: it is no address.
        Conflict: the account has it already, or too many.
    """
    allow_self(actor, account)
    email = clean_email(email)
    if has_proved(account, email):
        raise Conflict("That address is yours already.")
    if EmailAddress.objects.filter(user=account).count() >= MOST_ADDRESSES:
        raise Conflict(f"An account has at most {MOST_ADDRESSES} addresses. Remove one first.")
    send_link(account, email=email, purpose=AccountLink.Purpose.ADDRESS)


def send_link(account: Account, *, email: str, purpose: AccountLink.Purpose) -> None:
    """A link of this purpose, for this account alone, is on its way to the address; earlier ones to it stop working."""
    AccountLink.objects.filter(account=account, purpose=purpose, email__iexact=email, used_at__isnull=True).delete()
    token = secrets.token_urlsafe(24)
    link = AccountLink.objects.create(
        account=account, purpose=purpose, email=email, token_sha256=OneTimeLink.digest(token), expires_at=timezone.now() + LINK_LIFE
    )
    send([about_link(link, token, language=language_of(account))])


def link_of_token(token: str) -> AccountLink | None:
    """The link that this token opens now; None for one that is unknown, used or too old."""
    live = AccountLink.objects.filter(token_sha256=OneTimeLink.digest(token), used_at__isnull=True, expires_at__gt=timezone.now())
    return live.select_related("account").first()


def use_link(token: str, *, purpose: AccountLink.Purpose, actor: Actor) -> AccountLink:
    """The link is used up, by the account that asked for it.

    Raises:
        NotPermitted: it is unknown, used, too old, for something else, or another account asked for it; one message for all.
    """
    link = link_of_token(token)
    used = AccountLink.objects.filter(pk=link.pk, used_at__isnull=True) if link else AccountLink.objects.none()
    if link is None or link.purpose != purpose or link.account_id != actor.account_id or not used.update(used_at=timezone.now()):
        raise NotPermitted("This link was used, is too old, or another account asked for it.")
    return link


@transaction.atomic
def confirm_address(token: str, *, actor: Actor) -> str:
    """The address is the account's, which is signed in; returns the address.

    Raises:
        NotPermitted: the link does not work, or not for this account.
        Conflict: another account has verified the address.
    """
    link = use_link(token, purpose=AccountLink.Purpose.ADDRESS, actor=actor)
    prove_address(link.account, link.email)
    tell_of_address(link.account, link.email)
    return link.email


def has_proved(account: Account, email: str) -> bool:
    """Whether the account signs in with this address already."""
    return bool(EmailAddress.objects.filter(user=account, email=email.lower(), verified=True).exists())


def tell_of_address(account: Account, email: str) -> None:
    """Every other address of the account is told that this one signs in to it from now on."""
    others = EmailAddress.objects.filter(user=account, verified=True).exclude(email=email.lower())
    send(about_account(account, "address_changed", to=others.values_list("email", flat=True), added=email))


@transaction.atomic
def make_primary(account: Account, *, email: str, actor: Actor) -> None:
    """Mail about the account goes to this address.

    Raises:
        NotPermitted: the account is another's.
        Invalid: it is not one of the account's verified addresses.
    """
    allow_self(actor, account)
    found = EmailAddress.objects.filter(user=account, email=email.lower(), verified=True).first()
    if found is None:
        raise Invalid("Choose one of your confirmed addresses.", field="email")
    _prefer(account, found)


@transaction.atomic
def remove_address(account: Account, *, email: str, actor: Actor) -> None:
    """The address no longer belongs to the account: it cannot sign in with it, and gets no more mail there.

    Raises:
        NotPermitted: the account is another's.
        Invalid: it is not one of the account's.
        Conflict: it is the last one that was verified.
    """
    allow_self(actor, account)
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    if not EmailAddress.objects.filter(user=account, email=email.lower()).exists():
        raise Invalid("That is not one of your addresses.", field="email")
    if not _remove(account, email):
        raise Conflict("This is your only confirmed address. Add another one first, or you could not sign in any more.")
    send(about_account(account, "address_changed", to={account.email, email.lower()}, removed=email))


@transaction.atomic
def leave_behind(person: Person) -> bool:
    """The account of somebody who left no longer has the address of that organisation; whether that was possible.

    The organisation reads that mail from now on: with it anybody there could ask for a new password. Who has no other address keeps
    it, for they could not sign in at all without one, and is asked for another each time. A customer's or guest's address is no
    employer's: it stays theirs whatever the organisation says.
    """
    if person.account is None or person.left_at is None or person.kind != Person.Kind.STAFF:
        return False
    return _remove(person.account, person.email)


@dataclass(frozen=True, slots=True)
class Standing:
    """How safe an account's addresses are from a change of employer."""

    verified: tuple[str, ...]
    #: The only address, if an organisation that the human left reads its mail.
    only_of_former_employer: str | None
    #: Whether every address is one that an organisation gave, so that leaving would cost more than the job.
    needs_personal: bool


def standing_of(account: Account) -> Standing:
    """How the account's addresses stand."""
    verified = tuple(EmailAddress.objects.filter(user=account, verified=True).values_list("email", flat=True))
    persons = list(Person.objects.filter(account=account).values_list("email", "kind", "left_at"))
    left = {email.lower() for email, _, left_at in persons if left_at is not None}
    given = {email.lower() for email, kind, _ in persons if kind == Person.Kind.STAFF}
    return Standing(
        verified=verified,
        only_of_former_employer=verified[0] if len(verified) == 1 and verified[0] in left else None,
        needs_personal=bool(verified) and set(verified) <= given,
    )


def _remove(account: Account, email: str) -> bool:
    """Whether the address is gone; the last one that was verified stays."""
    addresses = EmailAddress.objects.filter(user=account)
    remaining = addresses.filter(verified=True).exclude(email=email.lower()).order_by("-primary", "pk")
    new_primary = remaining.first()
    if new_primary is None:
        return False
    addresses.filter(email=email.lower()).delete()
    AccountLink.objects.filter(account=account, email__iexact=email, used_at__isnull=True).delete()
    if account.email.lower() == email.lower() or not new_primary.primary:
        _prefer(account, new_primary)
    return True


def _prefer(account: Account, address: EmailAddress) -> None:
    EmailAddress.objects.filter(user=account, primary=True).exclude(pk=address.pk).update(primary=False)
    EmailAddress.objects.filter(pk=address.pk).update(primary=True)
    Account.objects.filter(pk=account.pk).update(email=address.email)
    account.email = address.email
