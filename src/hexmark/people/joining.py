"""Links with which somebody whom an organisation knows gets an account behind their record.

Whoever opens such a link has read a mail to the person's address. That proves the address, and nothing else: the account that is
linked is the one that signs in, or is opened, in that browser.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from hexmark.access import Actor, ActorKind, Permission, allow, system
from hexmark.errors import Conflict, NotPermitted
from hexmark.people.actions import link_account
from hexmark.people.models import Account, OneTimeLink, Person

JOIN_LINK_LIFE = timedelta(days=90)


@transaction.atomic
def join_link(person: Person, *, actor: Actor) -> str:
    """An address that whoever reads the person's mail can join with, for 90 days; earlier ones stay valid.

    Raises:
        NotPermitted: the actor may not edit people here.
        Conflict: an account stands behind the person already.
    """
    allow(actor, Permission.EDIT_PEOPLE, person)
    if person.account_id is not None:
        raise Conflict(f"{person.name} has an account already and signs in with it.")
    return join_links([person])[person.pk]


def join_links(people: Iterable[Person]) -> dict[int, str]:
    """An address of that kind for each of these people, by the person's key. For letters of the organisation itself."""
    tokens = {person.pk: secrets.token_urlsafe(24) for person in people}
    expires_at = timezone.now() + JOIN_LINK_LIFE
    links = (
        OneTimeLink(person_id=key, purpose=OneTimeLink.Purpose.JOIN, token_sha256=OneTimeLink.digest(token), expires_at=expires_at)
        for key, token in tokens.items()
    )
    OneTimeLink.objects.bulk_create(links, batch_size=500)
    return {key: f"{settings.PUBLIC_URL}/join/{token}" for key, token in tokens.items()}


def person_of_link(token: str) -> Person | None:
    """Whom the link was sent to; None for one that is unknown, too old, used up or refused. They may have an account by now."""
    links = OneTimeLink.objects.filter(purpose=OneTimeLink.Purpose.JOIN, token_sha256=OneTimeLink.digest(token))
    open_ = links.filter(used_at__isnull=True, expires_at__gt=timezone.now()).select_related("person__organisation", "person__account")
    link = open_.first()
    return link.person if link else None


def reader_of(person: Person) -> Actor:
    """Whoever reads the person's mail: may answer for what was given to the person, and nothing else."""
    return Actor(kind=ActorKind.PERSON, organisation_id=person.organisation_id, label=person.name, person_id=person.pk)


@transaction.atomic
def join(token: str, *, account: Account) -> Person:
    """The account stands behind the person to whom the link was sent, has verified their address, and the link is used up.

    Raises:
        NotPermitted: the link is unknown, used or too old; one message for all three.
        Conflict: an account stands behind the person, or the address is verified by another one.
    """
    person = person_of_link(token)
    if person is None:
        raise NotPermitted("This link was used or is too old. Ask whoever sent it for a new one.")
    if person.account_id is not None:
        raise Conflict("An account stands behind this already. Sign in with it.")
    prove_address(account, person.email)
    link_account(person, account=account, actor=system(person.organisation_id, label=account.name))
    OneTimeLink.objects.filter(token_sha256=OneTimeLink.digest(token)).update(used_at=timezone.now())
    return person


@transaction.atomic
def prove_address(account: Account, email: str) -> None:
    """The address is one that the account has verified. Whoever calls has proof that its human reads it.

    Raises:
        Conflict: another account has verified it.
    """
    email = email.lower()
    taken = EmailAddress.objects.filter(email=email, verified=True).exclude(user=account)
    others_own = Account.objects.filter(email__iexact=email).exclude(pk=account.pk)
    if taken.exists() or others_own.exists():
        raise Conflict(f"{email} belongs to another account. Sign in with that one, or merge the two in your settings.")
    try:
        with transaction.atomic():
            EmailAddress.objects.update_or_create(user=account, email=email, defaults={"verified": True})
    except IntegrityError as error:
        # Another account verified it at this very moment.
        raise Conflict(f"{email} belongs to another account. Sign in with that one.") from error


def close_join_links(person: Person) -> None:
    """No link to this person works any more: whoever reads that mail is somebody else."""
    OneTimeLink.objects.filter(person=person, purpose=OneTimeLink.Purpose.JOIN, used_at__isnull=True).update(used_at=timezone.now())
