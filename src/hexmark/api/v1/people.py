"""People whom the organisation knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Literal

from django.http import Http404, HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from hexmark.access import Scope
from hexmark.api.callers import ApiRequest, Key
from hexmark.api.entity_tags import match
from hexmark.api.problems import Problem, pointing
from hexmark.api.v1.pages import listed
from hexmark.api.v1.shapes import Day, Given, Line, Next, PageAsked, PublicId, Shown
from hexmark.people.actions import add_person
from hexmark.people.models import Person, Team
from hexmark.people.records import Facts, come_back, edit_person, leave, move_to_team, set_manager
from hexmark.people.rules import LONGEST_EMAIL, LONGEST_EMPLOYEE_ID

router = Router(tags=["People"])
READ, WRITE = Key(Scope.PEOPLE_READ), Key(Scope.PEOPLE_WRITE)
PERSON = "/people/{id:person_id}"
RELATED = ("organisation", "team", "manager")
Email = Annotated[str, StringConstraints(min_length=3, max_length=LONGEST_EMAIL)]
EmployeeId = Annotated[str, StringConstraints(max_length=LONGEST_EMPLOYEE_ID)]
Kind = Literal["staff", "customer", "registrant", "partner", "guest"]
FACTS = ("name", "email", "kind", "employee_id", "language", "started_on", "ends_on")


class PersonShown(Shown):
    """The organisation's record of somebody."""

    id: str
    name: str
    email: str
    employee_id: str
    kind: Kind
    language: str
    team: Annotated[str | None, Field(description="The id of their team.")]
    manager: Annotated[str | None, Field(description="The id of whom they report to.")]
    started_on: date | None
    ends_on: date | None
    left_at: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, person: Person) -> PersonShown:
        """As it stands, with team and manager that were read with it."""
        plain = {name: getattr(person, name) for name in (*FACTS, "left_at", "created_at")}
        return cls(
            **plain,
            id=person.public_id,
            team=person.team.public_id if person.team else None,
            manager=person.manager.public_id if person.manager else None,
        )


class PeopleShown(Shown):
    """A page of people, in the order in which they were added."""

    items: list[PersonShown]
    next: Next


class PeopleAsked(PageAsked):
    """Filters of the list; all that are given must hold."""

    email: Annotated[str | None, Field(max_length=LONGEST_EMAIL, description="Only whoever has this address, whatever its case.")] = None
    employee_id: Annotated[str | None, Field(max_length=LONGEST_EMPLOYEE_ID, description="Only whoever has this employee id.")] = None
    kind: Annotated[Kind | None, Field(description="Only people of this kind.")] = None
    team: Annotated[PublicId | None, Field(description="Only people of this team.")] = None


class NewPerson(Given):
    """Somebody whom the organisation does not know yet."""

    name: Line
    email: Email
    kind: Kind = "staff"
    employee_id: EmployeeId = ""


class PersonChange(Given):
    """What changes of somebody's record. What is left out stays; null is nobody, none or no day."""

    name: Line | None = None
    email: Email | None = None
    kind: Kind | None = None
    employee_id: EmployeeId | None = None
    language: Annotated[str, StringConstraints(min_length=2, max_length=12)] | None = None
    started_on: Day | None = None
    ends_on: Annotated[Day | None, Field(description="Their last day; when it is over they have left.")] = None
    team: PublicId | None = None
    manager: PublicId | None = None

    def facts(self, person: Person) -> Facts:
        """The person's facts after the change."""
        days = {"started_on", "ends_on"}
        said = {name for name in FACTS if name in self.model_fields_set and (getattr(self, name) is not None or name in days)}
        present = Facts(**{name: getattr(person, name) for name in FACTS})
        return replace(present, **{name: getattr(self, name) for name in said})


@router.get("/people", response=PeopleShown, auth=READ, operation_id="listPeople", summary="List people")
def people(request: ApiRequest, response: HttpResponse, asked: Query[PeopleAsked]) -> PeopleShown:
    """Everybody whom the organisation knows, those who left too."""
    rows = Person.objects.visible_to(request.auth.actor).select_related(*RELATED)
    if asked.email is not None:
        rows = rows.filter(email__iexact=asked.email)
    if asked.employee_id is not None:
        rows = rows.filter(employee_id=asked.employee_id)
    if asked.kind is not None:
        rows = rows.filter(kind=asked.kind)
    if asked.team is not None:
        rows = rows.filter(team__public_id=asked.team)
    found, following = listed(request, response, rows, order=["pk"], page=asked)
    return PeopleShown(items=[PersonShown.of(person) for person in found], next=following)


@router.post("/people", response={201: PersonShown}, auth=WRITE, operation_id="addPerson", summary="Add a person")
def add(request: ApiRequest, response: HttpResponse, given: NewPerson) -> PersonShown:
    """The organisation knows this person. Nobody is told, and nobody gains access by it."""
    facts = given.model_dump()
    person = add_person(request.auth.organisation, **facts, actor=request.auth.actor)
    response.headers["Location"] = f"/api/v1/people/{person.public_id}"
    return PersonShown.of(person)


@router.get(PERSON, response=PersonShown, auth=READ, operation_id="getPerson", summary="One person")
def one(request: ApiRequest, person_id: str) -> PersonShown:
    """One person, by the id that the API gave."""
    return PersonShown.of(person_named(request, person_id))


@router.patch(PERSON, response=PersonShown, auth=WRITE, operation_id="changePerson", summary="Change a person")
def change(request: ApiRequest, person_id: str, given: PersonChange) -> PersonShown:
    """The record says what is given; what is left out stays. Addresses of people with more access than a member's stay theirs."""
    actor, person = request.auth.actor, _held(request, person_id)
    if "team" in given.model_fields_set:
        move_to_team(person, team=_team(request, given.team), actor=actor)
    if "manager" in given.model_fields_set:
        set_manager(person, manager=_manager(request, given.manager), actor=actor)
    person.refresh_from_db()
    edit_person(person, facts=given.facts(person), version=person.version, actor=actor)
    return PersonShown.of(person_named(request, person_id))


@router.post(f"{PERSON}/leave", response=PersonShown, auth=WRITE, operation_id="leave", summary="Mark as left")
def mark_as_left(request: ApiRequest, person_id: str) -> PersonShown:
    """The person has no access from now on. What they were awarded, and their account, stay theirs."""
    leave(_held(request, person_id), actor=request.auth.actor)
    return PersonShown.of(person_named(request, person_id))


@router.post(f"{PERSON}/return", response=PersonShown, auth=WRITE, operation_id="comeBack", summary="Mark as returned")
def mark_as_returned(request: ApiRequest, person_id: str) -> PersonShown:
    """The person is here again, with no more access than a member's."""
    come_back(_held(request, person_id), actor=request.auth.actor)
    return PersonShown.of(person_named(request, person_id))


def person_named(request: ApiRequest, person_id: str) -> Person:
    """The person with this id, where the caller may know of them.

    Raises:
        Http404: there is nobody for this caller.
    """
    found = Person.objects.visible_to(request.auth.actor).filter(public_id=person_id).select_related(*RELATED).first()
    if found is None:
        raise Http404
    return found


def _held(request: ApiRequest, person_id: str) -> Person:
    """The person, held still until the end of the call, as the caller last read them."""
    rows = Person.objects.visible_to(request.auth.actor).filter(public_id=person_id).select_related(*RELATED)
    found = rows.select_for_update(of=("self",), no_key=True).first()
    if found is None:
        raise Http404
    match(request, PersonShown.of(found))
    return found


def _team(request: ApiRequest, public_id: str | None) -> Team | None:
    found = Team.objects.visible_to(request.auth.actor).filter(public_id=public_id).first() if public_id else None
    if public_id and found is None:
        raise Problem("invalid", "There is no such team.", errors=[pointing("team", detail="There is no such team.")])
    return found


def _manager(request: ApiRequest, public_id: str | None) -> Person | None:
    found = Person.objects.visible_to(request.auth.actor).filter(public_id=public_id).first() if public_id else None
    if public_id and found is None:
        raise Problem("invalid", "There is no such person here.", errors=[pointing("manager", detail="There is no such person here.")])
    return found
