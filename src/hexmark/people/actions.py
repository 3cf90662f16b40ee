"""The only writers of accounts, persons, memberships and one-time links."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from hexmark.access import Access, Actor, Permission, allow, system
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.events.log import record, record_many
from hexmark.organisations.models import Organisation
from hexmark.people.event_types import EventType
from hexmark.people.models import Account, Membership, OneTimeLink, Person
from hexmark.people.rules import clean_email, clean_employee_id, clean_name

SET_UP_LINK_LIFE = timedelta(hours=1)


@transaction.atomic
def open_account(*, email: str, name: str, password: str) -> Account:
    """An account exists that can sign in with this address and password. Whoever calls has proof that the address is theirs.

    Raises:
        Invalid: name, address or password cannot be used.
        Conflict: the address has an account.
    """
    account = Account(email=clean_email(email), name=clean_name(name))
    try:
        validate_password(password, user=account)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="password") from error
    account.set_password(password)
    try:
        with transaction.atomic():
            account.save()
            # The sign-in library looks addresses up in lower case.
            EmailAddress.objects.create(user=account, email=account.email.lower(), verified=True, primary=True)
    except IntegrityError as error:
        raise Conflict("This address has an account. Sign in instead.") from error
    return account


@transaction.atomic
def add_person(
    organisation: Organisation, *, name: str, email: str, actor: Actor, kind: str = Person.Kind.STAFF, employee_id: str = ""
) -> Person:
    """The organisation knows this person.

    Raises:
        NotPermitted: the actor may not edit people here.
        Invalid: name or address cannot be used.
        Conflict: somebody here has that address or employee id.
    """
    allow(actor, Permission.EDIT_PEOPLE, organisation)
    employee_id = clean_employee_id(employee_id)
    person = Person(organisation=organisation, kind=kind, name=clean_name(name), email=clean_email(email), employee_id=employee_id)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise Conflict(f"Somebody here already has the address {person.email} or that employee id.") from error
    record(EventType.PERSON_ADDED, person, actor=actor)
    return person


@transaction.atomic
def add_people(organisation: Organisation, *, named: Iterable[tuple[str, str]], actor: Actor) -> list[Person]:
    """The organisation knows all of these, each a name and an address, as by `add_person`; or none of them.

    Raises:
        NotPermitted: the actor may not edit people here.
        Invalid: a name or address cannot be used.
        Conflict: somebody here has one of the addresses.
    """
    allow(actor, Permission.EDIT_PEOPLE, organisation)
    people = [Person(organisation=organisation, name=clean_name(name), email=clean_email(email)) for name, email in named]
    try:
        with transaction.atomic():
            Person.objects.bulk_create(people, batch_size=100)
    except IntegrityError as error:
        raise Conflict("Somebody here already has one of these addresses.") from error
    record_many(EventType.PERSON_ADDED, ((person, {}) for person in people), actor=actor)
    return people


@transaction.atomic
def grant_access(person: Person, *, access: Access, actor: Actor) -> None:
    """The person has this access here; granting it twice changes nothing.

    Raises:
        NotPermitted: the actor may not grant access here.
    """
    allow(actor, Permission.GRANT_ACCESS, person)
    _, granted = Membership.objects.get_or_create(person=person, access=access.value)
    if granted:
        record(EventType.ACCESS_GRANTED, person, actor=actor, access=access.value)


@transaction.atomic
def end_access(person: Person, *, access: Access, actor: Actor) -> None:
    """The person no longer has this access; ending it twice changes nothing.

    Raises:
        NotPermitted: the actor may not grant access here.
        Conflict: it is the organisation's last badge administrator.
    """
    allow(actor, Permission.GRANT_ACCESS, person)
    # Under a lock: two administrators who end each other's access at the same moment would leave nobody.
    Organisation.objects.select_for_update(no_key=True).get(pk=person.organisation_id)
    if access is Access.STEWARD and not _other_stewards(person).exists():
        raise Conflict("An organisation needs at least one badge administrator. Make somebody else one first.")
    ended, _ = Membership.objects.filter(person=person, access=access.value).delete()
    if ended:
        record(EventType.ACCESS_ENDED, person, actor=actor, access=access.value)


def _other_stewards(person: Person) -> QuerySet[Membership]:
    """Whoever left has no access any more, whatever the table says."""
    stewards = Membership.objects.filter(person__organisation_id=person.organisation_id, access=Access.STEWARD)
    return stewards.filter(person__left_at__isnull=True).exclude(person=person)


@transaction.atomic
def link_account(person: Person, *, account: Account, actor: Actor) -> None:
    """The account stands behind the person.

    Raises:
        NotPermitted: the actor may not edit people here.
        Conflict: another account stands behind the person, or the address is not one that the account has verified.
    """
    allow(actor, Permission.EDIT_PEOPLE, person)
    if not EmailAddress.objects.filter(user=account, email__iexact=person.email, verified=True).exists():
        raise Conflict("The account has not verified this person's address.")
    if not Person.objects.filter(pk=person.pk, account__isnull=True).update(account=account):
        raise Conflict("This person already has an account.")
    person.account = account
    record(EventType.ACCOUNT_LINKED, person, actor=actor)


@transaction.atomic
def make_set_up_link() -> str:
    """A token that opens `/setup` once within the hour; earlier ones that were not used stop working.

    Raises:
        Conflict: the installation is set up.
    """
    if Organisation.objects.exists():
        raise Conflict("This installation is set up already. Sign in, or ask a badge administrator for access.")
    OneTimeLink.objects.filter(purpose=OneTimeLink.Purpose.SET_UP, used_at__isnull=True).delete()
    token = secrets.token_urlsafe(24)
    OneTimeLink.objects.create(
        purpose=OneTimeLink.Purpose.SET_UP, token_sha256=OneTimeLink.digest(token), expires_at=timezone.now() + SET_UP_LINK_LIFE
    )
    return token


def use_set_up_link(token: str) -> None:
    """The link is used up.

    Raises:
        NotPermitted: it is unknown, used or too old; one message for all three.
    """
    live = OneTimeLink.objects.filter(
        purpose=OneTimeLink.Purpose.SET_UP, token_sha256=OneTimeLink.digest(token), used_at__isnull=True, expires_at__gt=timezone.now()
    )
    if not live.update(used_at=timezone.now()):
        raise NotPermitted("This set-up link was used or is too old. Make a new one with `hexmark init`.")


@transaction.atomic
def welcome_first_steward(organisation: Organisation, *, name: str, email: str, password: str) -> Person:
    """The organisation has its first badge administrator, who can sign in.

    Raises:
        Invalid: name, address or password cannot be used.
        Conflict: the address has an account.
    """
    own = system(organisation.pk)
    account = open_account(email=email, name=name, password=password)
    person = add_person(organisation, name=name, email=email, actor=own)
    link_account(person, account=account, actor=own)
    grant_access(person, access=Access.STEWARD, actor=own)
    return person
