"""Reading people with a meaning."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Case, Exists, OuterRef, Q, When
from django.db.models.functions import Lower
from django.utils import timezone

from hexmark.access import Access, Actor, ActorKind, permissions_of
from hexmark.organisations.models import Organisation
from hexmark.people.models import Account, Membership, OneTimeLink, Person, Team


def actor_for(person: Person) -> Actor:
    """The actor that this person is in their organisation; one who left has no permission at all."""
    accesses = [Access(value) for value in Membership.objects.filter(person=person).values_list("access", flat=True)]
    active = person.left_at is None and (person.account is None or person.account.is_active)
    return Actor(
        kind=ActorKind.PERSON,
        organisation_id=person.organisation_id,
        permissions=permissions_of(accesses) if active else frozenset(),
        label=person.name,
        person_id=person.pk,
        account_id=person.account_id,
    )


def persons_of(account: Account) -> list[Person]:
    """The persons that the account stands behind, each with `is_manager`; those who left are not among them.

    Where they work comes first, then by organisation name: whoever is a guest elsewhere signs in to their own house.
    """
    persons = Person.objects.present().filter(account=account).annotate(is_manager=_manages_or_leads())
    works_there = Case(When(kind=Person.Kind.STAFF, then=0), default=1)
    return list(persons.select_related("organisation", "account").order_by(works_there, "organisation__name", "pk"))


def is_manager(actor: Actor) -> bool:
    """Whether somebody who has not left reports to the actor, or the actor leads an open team."""
    if actor.person_id is None:
        return False
    return Person.objects.in_house(actor).present().filter(_manages_or_leads(), pk=actor.person_id).exists()


def _manages_or_leads() -> Q:
    reports = Person.objects.present().filter(manager_id=OuterRef("pk"))
    return Q(Exists(reports)) | Q(Exists(Team.objects.open().filter(lead_id=OuterRef("pk"))))


def people_by_email(organisation: Organisation, emails: Sequence[str]) -> dict[str, Person]:
    """The organisation's persons with these addresses, by address in lower case."""
    wanted = {email.lower() for email in emails}
    people = Person.objects.filter(organisation=organisation).annotate(lower_email=Lower("email")).select_related("account")
    if len(wanted) <= 500:
        people = people.filter(lower_email__in=wanted)
    return {person.email.lower(): person for person in people if person.email.lower() in wanted}


def people_by_public_id(organisation: Organisation, public_ids: Sequence[str]) -> dict[str, Person]:
    """The organisation's persons with these ids, by id."""
    people = Person.objects.filter(organisation=organisation, public_id__in=set(public_ids)).select_related("account")
    return {person.public_id: person for person in people}


def people_by_employee_id(organisation: Organisation, employee_ids: Sequence[str]) -> dict[str, Person]:
    """The organisation's persons with these employee ids, by employee id; an empty one is nobody's."""
    people = Person.objects.filter(organisation=organisation, employee_id__in=set(employee_ids) - {""}).select_related("account")
    return {person.employee_id: person for person in people}


def set_up_link_is_open(token: str) -> bool:
    """Whether the set-up page may be shown for this token."""
    return OneTimeLink.objects.filter(
        purpose=OneTimeLink.Purpose.SET_UP, token_sha256=OneTimeLink.digest(token), used_at__isnull=True, expires_at__gt=timezone.now()
    ).exists()


def needs_set_up() -> bool:
    """Whether nobody has founded an organisation here yet."""
    return not Organisation.objects.exists()
