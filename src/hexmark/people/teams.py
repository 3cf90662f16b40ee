"""Actions on teams: made, changed, closed."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from hexmark.access import Actor, Permission, allow
from hexmark.errors import Conflict, Invalid
from hexmark.events.log import record
from hexmark.organisations.models import Organisation
from hexmark.people.event_types import EventType
from hexmark.people.lines import teams_within
from hexmark.people.models import Person, Team
from hexmark.people.own_line import nobody_new_below
from hexmark.people.rules import clean_label


@transaction.atomic
def make_team(organisation: Organisation, *, name: str, parent: Team | None = None, lead: Person | None = None, actor: Actor) -> Team:
    """The organisation has a team of this name.

    Raises:
        NotPermitted: the actor may not edit people here.
        Invalid: the name cannot be used, the lead has left, or one of both is another organisation's.
        Conflict: an open team has that name.
    """
    allow(actor, Permission.EDIT_PEOPLE, organisation)
    _check(organisation.pk, parent, lead)
    name = _free_name(organisation.pk, name)
    try:
        with transaction.atomic():
            team = Team.objects.create(organisation=organisation, name=name, parent=parent, lead=lead)
    except IntegrityError as error:
        raise _taken(name) from error
    record(EventType.TEAM_MADE, team, actor=actor, name=name)
    return team


@transaction.atomic
def change_team(team: Team, *, name: str, parent: Team | None, lead: Person | None, actor: Actor) -> None:
    """The team has this name, stands in that team, and is led by this person, who sees at once what its people hold.

    Raises:
        NotPermitted: the actor may not edit people here, or would come to lead people by it.
        Invalid: the name cannot be used, the lead has left, or the parent stands within the team.
        Conflict: an open team has that name, or the team was closed.
    """
    allow(actor, Permission.EDIT_PEOPLE, team)
    # One at a time: two changes that are each right could together close a loop.
    Organisation.objects.select_for_update(no_key=True).get(pk=team.organisation_id)
    _check(team.organisation_id, parent, lead)
    if parent is not None and Team.objects.filter(pk=parent.pk, pk__in=teams_within(team.pk)).exists():
        raise Invalid(f"{parent.name} stands within {team.name}. Choose another team.", field="parent")
    name = _free_name(team.organisation_id, name, but=team)
    try:
        with transaction.atomic(), nobody_new_below(actor):
            changed = Team.objects.open().filter(pk=team.pk).update(name=name, parent=parent, lead=lead)
    except IntegrityError as error:
        raise _taken(name) from error
    if not changed:
        raise Conflict("This team was closed meanwhile.")
    record(EventType.TEAM_CHANGED, team, actor=actor, name=name)


@transaction.atomic
def close_team(team: Team, *, actor: Actor) -> int:
    """The team is closed; its people stand in no team, teams within it move up. Returns how many people that were.

    Raises:
        NotPermitted: the actor may not edit people here.
        Conflict: it was closed before.
    """
    allow(actor, Permission.EDIT_PEOPLE, team)
    if not Team.objects.open().filter(pk=team.pk).update(closed_at=timezone.now()):
        raise Conflict("This team was closed already.")
    Team.objects.filter(parent=team).update(parent=team.parent_id)
    left = Person.objects.filter(team=team).update(team=None, version=F("version") + 1)
    record(EventType.TEAM_CLOSED, team, actor=actor, people=left)
    return left


def _check(organisation_id: int, parent: Team | None, lead: Person | None) -> None:
    # Asked of the table, not of the objects: a form may have been open for long.
    if parent is not None and not Team.objects.open().filter(pk=parent.pk, organisation_id=organisation_id).exists():
        raise Invalid("There is no such team, or it was closed.", field="parent")
    if lead is not None and not Person.objects.present().filter(pk=lead.pk, organisation_id=organisation_id).exists():
        raise Invalid("There is no such person here, or they have left.", field="lead")


def _free_name(organisation_id: int, name: str, *, but: Team | None = None) -> str:
    cleaned = clean_label(name, field="name")
    same = Team.objects.open().filter(organisation_id=organisation_id, name__iexact=cleaned)
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise _taken(cleaned)
    return cleaned


def _taken(name: str) -> Conflict:
    return Conflict(f"There is a team called {name} already.", field="name")
