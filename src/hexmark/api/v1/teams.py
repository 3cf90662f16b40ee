"""Teams of people, with leads and teams within them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import Http404, HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from hexmark.access import Scope
from hexmark.api.callers import ApiRequest, Key
from hexmark.api.entity_tags import match
from hexmark.api.problems import Problem, pointing
from hexmark.api.v1.pages import listed
from hexmark.api.v1.shapes import Given, Next, PageAsked, PublicId, Shown
from hexmark.people.models import Person, Team
from hexmark.people.teams import change_team, close_team, make_team

router = Router(tags=["Teams"])
READ, WRITE = Key(Scope.PEOPLE_READ), Key(Scope.PEOPLE_WRITE)
TEAM = "/teams/{id:team_id}"
RELATED = ("parent", "lead", "organisation")
Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]


class TeamShown(Shown):
    """A group of people."""

    id: str
    name: str
    parent: Annotated[str | None, Field(description="The id of the team in which it stands.")]
    lead: Annotated[str | None, Field(description="The id of whoever leads it, and sees what its people hold.")]
    created_at: datetime
    closed_at: datetime | None

    @classmethod
    def of(cls, team: Team) -> TeamShown:
        """As it stands, with parent and lead that were read with it."""
        return cls(
            id=team.public_id,
            name=team.name,
            parent=team.parent.public_id if team.parent else None,
            lead=team.lead.public_id if team.lead else None,
            created_at=team.created_at,
            closed_at=team.closed_at,
        )


class TeamsShown(Shown):
    """A page of teams, in the order in which they were made."""

    items: list[TeamShown]
    next: Next


class NewTeam(Given):
    """A team to be made."""

    name: Name
    parent: PublicId | None = None
    lead: PublicId | None = None


class TeamChange(Given):
    """What changes of a team. What is left out stays; null is no team, or nobody."""

    name: Name | None = None
    parent: PublicId | None = None
    lead: PublicId | None = None


@router.get("/teams", response=TeamsShown, auth=READ, operation_id="listTeams", summary="List teams")
def teams(request: ApiRequest, response: HttpResponse, asked: Query[PageAsked]) -> TeamsShown:
    """Every team, those that were closed too."""
    rows = Team.objects.visible_to(request.auth.actor).select_related(*RELATED)
    found, following = listed(request, response, rows, order=["pk"], page=asked)
    return TeamsShown(items=[TeamShown.of(team) for team in found], next=following)


@router.post("/teams", response={201: TeamShown}, auth=WRITE, operation_id="makeTeam", summary="Make a team")
def make(request: ApiRequest, response: HttpResponse, given: NewTeam) -> TeamShown:
    """The organisation has a team of this name. Its lead sees at once what its people hold."""
    parent, lead = _team(request, given.parent), _lead(request, given.lead)
    team = make_team(request.auth.organisation, name=given.name, parent=parent, lead=lead, actor=request.auth.actor)
    response.headers["Location"] = f"/api/v1/teams/{team.public_id}"
    return TeamShown.of(team)


@router.get(TEAM, response=TeamShown, auth=READ, operation_id="getTeam", summary="One team")
def one(request: ApiRequest, team_id: str) -> TeamShown:
    """One team, by the id that the API gave. Its people are listed under `/people?team=`."""
    found = Team.objects.visible_to(request.auth.actor).filter(public_id=team_id).select_related(*RELATED).first()
    if found is None:
        raise Http404
    return TeamShown.of(found)


@router.patch(TEAM, response=TeamShown, auth=WRITE, operation_id="changeTeam", summary="Change a team")
def change(request: ApiRequest, team_id: str, given: TeamChange) -> TeamShown:
    """The team has this name, place and lead; what is left out stays."""
    team, said = _held(request, team_id), given.model_fields_set
    change_team(
        team,
        name=given.name if given.name is not None else team.name,
        parent=_team(request, given.parent) if "parent" in said else team.parent,
        lead=_lead(request, given.lead) if "lead" in said else team.lead,
        actor=request.auth.actor,
    )
    return one(request, team_id)


@router.post(f"{TEAM}/close", response=TeamShown, auth=WRITE, operation_id="closeTeam", summary="Close a team")
def close(request: ApiRequest, team_id: str) -> TeamShown:
    """The team is closed; its people stand in no team, and teams within it move up."""
    close_team(_held(request, team_id), actor=request.auth.actor)
    return one(request, team_id)


def _held(request: ApiRequest, team_id: str) -> Team:
    """The team, held still until the end of the call, as the caller last read it."""
    rows = Team.objects.visible_to(request.auth.actor).filter(public_id=team_id).select_related(*RELATED)
    found = rows.select_for_update(of=("self",), no_key=True).first()
    if found is None:
        raise Http404
    match(request, TeamShown.of(found))
    return found


def _team(request: ApiRequest, public_id: str | None) -> Team | None:
    found = Team.objects.visible_to(request.auth.actor).filter(public_id=public_id).first() if public_id else None
    if public_id and found is None:
        raise Problem("invalid", "There is no such team.", errors=[pointing("parent", detail="There is no such team.")])
    return found


def _lead(request: ApiRequest, public_id: str | None) -> Person | None:
    found = Person.objects.visible_to(request.auth.actor).filter(public_id=public_id).first() if public_id else None
    if public_id and found is None:
        raise Problem("invalid", "There is no such person here.", errors=[pointing("lead", detail="There is no such person here.")])
    return found
