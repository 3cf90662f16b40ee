"""What an organisation knows of its people now, in memory, so that thousands of rows are compared without asking for each."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from hexmark.access import Access, Actor, Permission
from hexmark.organisations.models import Organisation
from hexmark.people.lines import teams_led_by
from hexmark.people.models import JobRole, Membership, Person, RoleAssignment, Team
from hexmark.people.own_line import chooses_freely, led_by
from hexmark.people.records import today_of

_GMAIL = frozenset({"gmail.com", "googlemail.com"})


def folded(text: str) -> str:
    """The text as it is compared: without difference of case or composition."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())


def address_key(email: str) -> str:
    """The address as it is compared within an organisation."""
    return unicodedata.normalize("NFC", email).lower()


def mailbox_of(email: str) -> str:
    """The mailbox behind an address, as far as it shows: without `+tag`, and without points where the provider ignores them."""
    local, _, domain = address_key(email).rpartition("@")
    local = local.partition("+")[0] or local
    return f"{local.replace('.', '')}@gmail.com" if domain in _GMAIL else f"{local}@{domain}"


def ignores_points(email: str) -> bool:
    """Whether the provider delivers all spellings of the mailbox to one person."""
    return address_key(email).rpartition("@")[2] in _GMAIL


@dataclass(slots=True)
class House:
    """The organisation's people by each of their names, with teams and roles."""

    today: date
    people: dict[int, Person]
    by_public_id: dict[str, Person]
    by_employee_id: dict[str, Person]
    by_email: dict[str, Person]
    #: Names as they are written, by how they are compared.
    teams: dict[str, str]
    roles: dict[str, str]
    #: Names of the job roles that a person holds today.
    held: dict[int, list[str]]
    #: Persons with more access than a member, and those who are badge administrators.
    privileged: set[int]
    stewards: set[int]
    actor_person_id: int | None
    may_grant_access: bool
    #: Whom the actor manages or leads, and the names of the teams that they lead, where they may not choose that themselves.
    led: set[int]
    led_teams: set[str]
    #: Whom the list takes away from the badge administrators, as it is read.
    leaving_stewards: set[int] = field(default_factory=set)

    def person(self, key: int | None) -> Person | None:
        """Somebody by their key in the database."""
        return self.people.get(key) if key is not None else None


def house_of(organisation: Organisation, *, actor: Actor) -> House:
    """Everything that a list is compared with, in eight queries at most."""
    people = {person.pk: person for person in Person.objects.filter(organisation=organisation).select_related("team")}
    more = Membership.objects.filter(person__organisation=organisation, person__left_at__isnull=True).exclude(access=Access.MEMBER)
    accesses = list(more.values_list("person_id", "access"))
    today = today_of(organisation)
    free = chooses_freely(actor)
    return House(
        today=today,
        people=people,
        by_public_id={person.public_id: person for person in people.values()},
        by_employee_id={person.employee_id: person for person in people.values() if person.employee_id},
        by_email={address_key(person.email): person for person in people.values()},
        teams=_names(Team.objects.open().filter(organisation=organisation).values_list("name", flat=True)),
        roles=_names(JobRole.objects.filter(organisation=organisation).values_list("name", flat=True)),
        held=held_roles(organisation, today),
        privileged={person_id for person_id, _ in accesses},
        stewards={person_id for person_id, access in accesses if access == Access.STEWARD},
        actor_person_id=actor.person_id,
        may_grant_access=actor.may(Permission.GRANT_ACCESS),
        led=set() if free else led_by(actor),
        led_teams=set() if free else {folded(name) for name in _led_teams(organisation, actor)},
    )


def _led_teams(organisation: Organisation, actor: Actor) -> Iterable[str]:
    led = Team.objects.open().filter(organisation=organisation, pk__in=teams_led_by(actor.person_id or 0))
    return led.values_list("name", flat=True)


def held_roles(organisation: Organisation, today: date) -> dict[int, list[str]]:
    """Names of the job roles that each person holds on this day, in order."""
    current = RoleAssignment.objects.filter(person__organisation=organisation).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    held: dict[int, list[str]] = {}
    for person_id, name in current.order_by("role__name").values_list("person_id", "role__name"):
        if name not in held.setdefault(person_id, []):
            held[person_id].append(name)
    return held


def _names(names: Iterable[str]) -> dict[str, str]:
    return {folded(name): name for name in names}
