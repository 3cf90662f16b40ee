"""Signing in by the word of an identity provider: whom it may vouch for, and which account that is."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from hexmark.access import system
from hexmark.errors import Conflict, NotPermitted
from hexmark.organisations.identity_providers import IdentityProvider
from hexmark.organisations.sign_in import may_vouch_for
from hexmark.people.accounts import open_account_without_password
from hexmark.people.actions import link_account
from hexmark.people.identities import LinkedIdentity
from hexmark.people.models import Account, Person

_NOBODY = "Nobody here has that address. Ask a badge administrator to add you, with the address that you have at the provider."


class NeedsProof(Conflict):
    """The person has an account of their own, which nobody signs in to by a provider's word alone before its owner agreed."""

    def __init__(self, account: Account) -> None:
        super().__init__("You have an account already. Sign in to it once, and the provider is connected with it.")
        self.account = account


def identity_of(provider: IdentityProvider, subject: str) -> LinkedIdentity | None:
    """Whose identity this is, if somebody signed in with it before and still belongs to the organisation."""
    found = LinkedIdentity.objects.filter(provider=provider, subject=subject).select_related("account").first()
    if found is None or not found.account.is_active:
        return None
    belongs = Person.objects.filter(account=found.account, organisation_id=provider.organisation_id, left_at__isnull=True)
    return found if belongs.exists() else None


@transaction.atomic
def account_for(provider: IdentityProvider, *, subject: str, email: str, verified: bool, proven: Account | None = None) -> Account:
    """The account that this identity signs in to; opened for a person of the organisation who has none.

    `proven` is the account that this browser signed in to by its own means a moment ago.

    Raises:
        NotPermitted: the provider may not vouch for this address, or nobody of the organisation has it.
        NeedsProof: the person has an account, and its owner has not connected the provider yet.
        Conflict: the account is connected with another identity of this provider.
    """
    known = identity_of(provider, subject)
    if known is not None:
        LinkedIdentity.objects.filter(pk=known.pk).update(last_used_at=timezone.now())
        return known.account
    # An address that nobody checked could be anybody's.
    if not verified or not may_vouch_for(provider, email):
        raise NotPermitted("The provider does not vouch for an address of this organisation's people.")
    person = _person(provider, email)
    account = person.account
    if account is None:
        account = open_account_without_password(email=person.email, name=person.name)
        link_account(person, account=account, actor=system(provider.organisation_id, label=provider.label))
    elif account != proven:
        raise NeedsProof(account)
    connect(provider, subject=subject, account=account)
    return account


def connect(provider: IdentityProvider, *, subject: str, account: Account) -> None:
    """From now on this identity signs in to this account.

    Raises:
        Conflict: the account is connected with another identity of this provider, or the identity with another account.
    """
    LinkedIdentity.objects.filter(provider=provider, subject=subject, account__is_active=False).delete()
    try:
        with transaction.atomic():
            LinkedIdentity.objects.create(provider=provider, subject=subject, account=account, last_used_at=timezone.now())
    except IntegrityError as error:
        raise Conflict("This account is connected with somebody else at the provider. Ask a badge administrator.") from error


def _person(provider: IdentityProvider, email: str) -> Person:
    people = Person.objects.filter(organisation_id=provider.organisation_id, left_at__isnull=True)
    person = people.filter(email__iexact=email).select_related("account", "organisation").first()
    if person is None or (person.account is not None and not person.account.is_active):
        raise NotPermitted(_NOBODY)
    return person
