"""People whom the organisation knows."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.http import Http404, HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from hexmark.access import Scope
from hexmark.api.callers import ApiRequest, Key
from hexmark.api.v1.pages import listed
from hexmark.api.v1.shapes import Given, Line, Next, PageAsked, Shown
from hexmark.people.actions import add_person
from hexmark.people.models import Person
from hexmark.people.rules import LONGEST_EMAIL, LONGEST_EMPLOYEE_ID

router = Router(tags=["People"])
Email = Annotated[str, StringConstraints(min_length=3, max_length=LONGEST_EMAIL)]
EmployeeId = Annotated[str, StringConstraints(max_length=LONGEST_EMPLOYEE_ID)]
Kind = Literal["staff", "customer", "registrant", "partner", "guest"]


class PersonShown(Shown):
    """The organisation's record of somebody."""

    id: str
    name: str
    email: str
    employee_id: str
    kind: Kind
    language: str
    left_at: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, person: Person) -> PersonShown:
        """As it stands."""
        return cls(
            id=person.public_id,
            name=person.name,
            email=person.email,
            employee_id=person.employee_id,
            kind=person.kind,  # type: ignore[arg-type]
            language=person.language,
            left_at=person.left_at,
            created_at=person.created_at,
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


class NewPerson(Given):
    """Somebody whom the organisation does not know yet."""

    name: Line
    email: Email
    kind: Kind = "staff"
    employee_id: EmployeeId = ""


@router.get("/people", response=PeopleShown, auth=Key(Scope.PEOPLE_READ), operation_id="listPeople", summary="List people")
def people(request: ApiRequest, response: HttpResponse, asked: Query[PeopleAsked]) -> PeopleShown:
    """Everybody whom the organisation knows, those who left too."""
    rows = Person.objects.visible_to(request.auth.actor)
    if asked.email is not None:
        rows = rows.filter(email__iexact=asked.email)
    if asked.employee_id is not None:
        rows = rows.filter(employee_id=asked.employee_id)
    if asked.kind is not None:
        rows = rows.filter(kind=asked.kind)
    found, following = listed(request, response, rows, order=["pk"], page=asked)
    return PeopleShown(items=[PersonShown.of(person) for person in found], next=following)


@router.post("/people", response={201: PersonShown}, auth=Key(Scope.PEOPLE_WRITE), operation_id="addPerson", summary="Add a person")
def add(request: ApiRequest, response: HttpResponse, given: NewPerson) -> PersonShown:
    """The organisation knows this person. Nobody is told, and nobody gains access by it."""
    person = add_person(
        request.auth.organisation,
        name=given.name,
        email=given.email,
        kind=given.kind,
        employee_id=given.employee_id,
        actor=request.auth.actor,
    )
    response.headers["Location"] = f"/api/v1/people/{person.public_id}"
    return PersonShown.of(person)


@router.get(
    "/people/{id:person_id}",
    response=PersonShown,
    auth=Key(Scope.PEOPLE_READ),
    operation_id="getPerson",
    summary="One person",
)
def person(request: ApiRequest, person_id: str) -> PersonShown:
    """One person, by the id that the API gave."""
    return PersonShown.of(person_named(request, person_id))


def person_named(request: ApiRequest, person_id: str, *, for_change: bool = False) -> Person:
    """The person with this id, where the caller may know of them; held still until the end of the call if they are to be changed.

    Raises:
        Http404: there is nobody for this caller.
    """
    rows = Person.objects.visible_to(request.auth.actor).filter(public_id=person_id).select_related("organisation")
    found = (rows.select_for_update(of=("self",), no_key=True) if for_change else rows).first()
    if found is None:
        raise Http404
    return found
