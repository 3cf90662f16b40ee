"""What organisations have for somebody whose address an account has verified, and who has not said yet that it is them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models.functions import Lower

from hexmark.access import Actor, system
from hexmark.errors import NotPermitted
from hexmark.organisations.sign_in import speaks_for
from hexmark.passport.actions import accept, catch_up, disown
from hexmark.passport.models import Entry
from hexmark.people.actions import link_account
from hexmark.people.identities import LinkedIdentity
from hexmark.people.joining import reader_of
from hexmark.people.models import Account, Person


@dataclass(frozen=True, slots=True)
class Offer:
    """A person whom an organisation knows by one of the account's addresses, and what waits for them."""

    person: Person
    entries: Sequence[Entry]


def offers_for(account: Account) -> list[Offer]:
    """Each person, in any organisation, with a verified address of this account and no account, by organisation name.

    An address that one organisation's provider may vouch for opens nothing of another organisation: nobody checked that its mail is
    read here. The link in the letter does that.
    """
    addresses = list(EmailAddress.objects.filter(user=account, verified=True).values_list("email", flat=True))
    unknown = Person.objects.filter(account__isnull=True).annotate(lower_email=Lower("email")).filter(lower_email__in=addresses)
    found = unknown.select_related("organisation").order_by("organisation__name", "pk")
    people = [person for person in found if not _is_vouched_for_elsewhere(account, person)]
    if not people:
        return []
    waiting = Entry.objects.filter(credential__award__person__in=people, declined_at__isnull=True, account__isnull=True)
    entries = list(waiting.select_related("credential__award__person", "credential__award__version__achievement__organisation"))
    return [Offer(person, [entry for entry in entries if entry.credential.award.person_id == person.pk]) for person in people]


@transaction.atomic
def take(person: Person, *, account: Account, audience: str, actor: Actor) -> int:
    """The account stands behind the person, and what waited is accepted, seen by whoever the audience says; returns how much.

    Raises:
        NotPermitted: the actor is not signed in with the account, or the account has not verified the person's address.
        Conflict: another account stands behind the person by now.
    """
    _allow_reader(person, account, actor)
    link_account(person, account=account, actor=system(person.organisation_id, label=account.name))
    catch_up(account)
    waiting = Entry.objects.filter(credential__award__person=person, account=account, accepted_at__isnull=True, declined_at__isnull=True)
    return accept(list(waiting.select_related("credential__award")), audience=audience, actor=actor)


@transaction.atomic
def refuse(person: Person, *, account: Account, actor: Actor) -> int:
    """The organisation meant somebody else: what waits is revoked with that reason; returns how much.

    Raises:
        NotPermitted: the actor is not signed in with the account, or the account has not verified the person's address.
        Conflict: an account stands behind the person.
    """
    _allow_reader(person, account, actor)
    return disown(person, actor=reader_of(person))


def _allow_reader(person: Person, account: Account, actor: Actor) -> None:
    verified = EmailAddress.objects.filter(user=account, verified=True, email=person.email.lower())
    mine = actor.account_id is not None and actor.account_id == account.pk
    if not mine or not verified.exists() or _is_vouched_for_elsewhere(account, person):
        raise NotPermitted("There is nothing here that you may change.")


def _is_vouched_for_elsewhere(account: Account, person: Person) -> bool:
    """Whether another organisation's provider signs in to this account and is believed about this address."""
    identities = LinkedIdentity.objects.filter(account=account).exclude(provider__organisation_id=person.organisation_id)
    return any(speaks_for(identity.provider, person.email) for identity in identities.select_related("provider"))
