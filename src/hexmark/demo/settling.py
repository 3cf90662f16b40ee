"""Founding a house of the story and settling its people, each by the product's own actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from hexmark.access import Access, Actor, ActorKind, Permission, system
from hexmark.demo.casting import Figure
from hexmark.demo.tale import House
from hexmark.organisations.actions import found_organisation
from hexmark.organisations.editing import edit_organisation
from hexmark.organisations.models import Organisation
from hexmark.passport.addresses import make_primary
from hexmark.people.actions import add_person, grant_access, link_account, open_account
from hexmark.people.joining import prove_address
from hexmark.people.models import Account, Person, Team
from hexmark.people.queries import actor_for
from hexmark.people.records import Facts, edit_person, give_role, leave, move_to_team, set_manager
from hexmark.people.teams import change_team, make_team

#: Told of each piece of work: what, how much is done, how much there is.
Progress = Callable[[str, int, int], None]
FOUNDER = Actor(kind=ActorKind.SYSTEM, organisation_id=None, permissions=frozenset({Permission.FOUND_ORGANISATION}), label="the demo")


@dataclass(frozen=True, slots=True)
class Settled:
    """A house that stands: its organisation, its people by address, and who runs its badges."""

    house: House
    organisation: Organisation
    figures: Sequence[Figure]
    people: Mapping[str, Person]
    steward: Person

    @property
    def by(self) -> Actor:
        """Its badge administrator."""
        return actor_for(self.steward)

    def named(self, name: str) -> Person:
        """The person of this name, whom the story names."""
        return next(self.people[figure.email] for figure in self.figures if figure.persona and figure.persona.name == name)


def found(house: House) -> Organisation:
    """The organisation exists, with what it says of itself and its words."""
    organisation = found_organisation(name=house.name, slug=house.slug, actor=FOUNDER, description=house.description)
    if house.settings:
        edit_organisation(organisation, text=dict(house.settings), actor=system(organisation.pk))
    return organisation


def settle(house: House, organisation: Organisation, figures: Sequence[Figure], *, told: Callable[[], None]) -> Settled:
    """Everybody is known, in their team, with manager and role; `told` is called for each."""
    actor = system(organisation.pk, label="the demo")
    people: dict[str, Person] = {}
    with transaction.atomic():
        teams = _teams(house, organisation, figures, actor)
        for figure in figures:
            people[figure.email] = _person(organisation, figure, teams[figure.team], actor)
            told()
        # Who leads is only known now, and manages only people who are there.
        for figure in figures:
            if figure.manager:
                set_manager(people[figure.email], manager=people[figure.manager], actor=actor)
        _name_leads(house, figures, teams, people, actor)
    steward = next(people[figure.email] for figure in figures if figure.name == house.steward)
    return Settled(house=house, organisation=organisation, figures=figures, people=people, steward=steward)


def _teams(house: House, organisation: Organisation, figures: Sequence[Figure], actor: Actor) -> dict[str, Team]:
    """The teams that have people, each in its department."""
    peopled = dict.fromkeys(figure.team for figure in figures)
    teams: dict[str, Team] = {}
    for group in house.groups:
        parent = make_team(organisation, name=group.department, actor=actor) if group.department else None
        if parent is not None:
            teams[group.department] = parent
        teams |= {name: make_team(organisation, name=name, parent=parent, actor=actor) for name in group.teams if name in peopled}
    return teams


def _person(organisation: Organisation, figure: Figure, team: Team, actor: Actor) -> Person:
    person = add_person(organisation, name=figure.name, email=figure.email, kind=figure.kind, employee_id=figure.employee_id, actor=actor)
    started_on = days_ago(figure.started_days_ago).date()
    facts = Facts(name=figure.name, email=figure.email, kind=figure.kind, employee_id=figure.employee_id, started_on=started_on)
    edit_person(person, facts=facts, version=person.version, actor=actor)
    move_to_team(person, team=team, actor=actor)
    give_role(person, name=figure.role, starts_on=started_on, actor=actor)
    return person


def _name_leads(house: House, figures: Sequence[Figure], teams: dict[str, Team], people: dict[str, Person], actor: Actor) -> None:
    for figure in figures:
        if figure.leads and figure.kind != Person.Kind.CUSTOMER:
            team = teams[figure.team]
            change_team(team, name=team.name, parent=team.parent, lead=people[figure.email], actor=actor)
    for group in house.groups:
        head = next((figure for figure in figures if figure.group == group.key and figure.persona and figure.persona.heads), None)
        if head and group.department:
            change_team(teams[group.department], name=group.department, parent=None, lead=people[head.email], actor=actor)


def open_accounts(settled: Settled, *, password: str, told: Callable[[], None]) -> None:
    """Whom the story names can sign in, with the access that they have."""
    actor = system(settled.organisation.pk, label="the demo")
    for figure in settled.figures:
        persona = figure.persona
        if persona is None or not persona.case:
            continue
        person = settled.people[figure.email]
        # Some are known in two houses, and are one human with one account.
        account = Account.objects.filter(email__iexact=figure.email).first()
        account = account or open_account(email=figure.email, name=figure.name, password=password)
        link_account(person, account=account, actor=actor)
        for access in persona.accesses:
            grant_access(person, access=Access(access), actor=actor)
        told()


def send_off(settled: Settled, name: str) -> None:
    """They left in spring, and had added an address of their own before: with it they sign in, to everything they were given."""
    person = settled.named(name)
    person.refresh_from_db()
    figure = next(figure for figure in settled.figures if figure.email == person.email)
    assert figure.persona is not None
    assert person.account is not None
    prove_address(person.account, figure.persona.personal)
    make_primary(person.account, email=figure.persona.personal, actor=actor_for(person))
    last_day = last_spring(timezone.now().date())
    facts = Facts(
        name=person.name,
        email=person.email,
        kind=person.kind,
        employee_id=person.employee_id,
        started_on=person.started_on,
        ends_on=last_day,
    )
    actor = system(settled.organisation.pk, label="the demo")
    edit_person(person, facts=facts, version=person.version, actor=actor)
    if Person.objects.filter(pk=person.pk, left_at__isnull=True).exists():
        leave(person, actor=actor)
    # The log says truly that this was told today; the record says when it was.
    Person.objects.filter(pk=person.pk).update(left_at=datetime.combine(last_day, timezone.now().timetz()))


def last_spring(today: date) -> date:
    """The last 31 March before today."""
    this_year = date(today.year, 3, 31)
    return this_year if this_year < today else date(today.year - 1, 3, 31)


def days_ago(days: int) -> datetime:
    """The moment so many days before now."""
    return timezone.now() - timedelta(days=days)
