"""Figures, their values, and records that some are counted from."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from django.http import Http404, HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from hexmark.access import Scope
from hexmark.api.callers import ApiRequest, Key
from hexmark.api.problems import Problem, pointing
from hexmark.api.v1.pages import listed
from hexmark.api.v1.shapes import Day, Given, Line, Next, PageAsked, PublicId, Shown
from hexmark.measures import records as record_actions
from hexmark.measures import values as value_actions
from hexmark.measures.models import Measure, Observation
from hexmark.people.models import Person, Team
from hexmark.people.queries import people_by_public_id

router = Router(tags=["Figures"])
READ, WRITE = Key(Scope.MEASURES_READ), Key(Scope.MEASURES_WRITE)
MEASURE = "/measures/{id:measure_id}"
MOST = 1000
Number = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,16}(\.[0-9]{1,4})?$"), Field(description="An exact number, as text.")]


class MeasureShown(Shown):
    """A figure."""

    id: str
    name: str
    unit: str
    direction: Literal["up", "down"]
    per: Literal["person", "team", "organisation"]
    form: Literal["amount", "level", "rate"]
    multiplier: str
    purpose: str
    notice: str
    record_source: str
    switched_on_at: datetime | None
    switched_off_at: datetime | None

    @classmethod
    def of(cls, measure: Measure) -> MeasureShown:
        """As it stands."""
        names = "name unit direction per form purpose notice record_source switched_on_at switched_off_at".split()
        plain = {name: getattr(measure, name) for name in names}
        return cls(**plain, id=measure.public_id, multiplier=f"{measure.multiplier:f}")


class MeasuresShown(Shown):
    """A page of figures, in the order in which they were defined."""

    items: list[MeasureShown]
    next: Next


class ValueShown(Shown):
    """One value that stands."""

    person: Annotated[str | None, Field(description="The id of the person whom it is of.")]
    team: Annotated[str | None, Field(description="The id of the team that it is of.")]
    on: date
    value: str
    numerator: str | None
    denominator: str | None
    source: str
    entered_at: datetime

    @classmethod
    def of(cls, row: Observation) -> ValueShown:
        """As it stands, with person and team that were read with it."""
        return cls(
            person=row.person.public_id if row.person else None,
            team=row.team.public_id if row.team else None,
            on=row.on,
            value=f"{row.value:f}",
            numerator=None if row.numerator is None else f"{row.numerator:f}",
            denominator=None if row.denominator is None else f"{row.denominator:f}",
            source=row.source,
            entered_at=row.entered_at,
        )


class ValuesShown(Shown):
    """A page of values, in the order in which they were brought."""

    items: list[ValueShown]
    next: Next


class NewValue(Given):
    """A value to be brought: of whom, for which day. A rate says of how many how many."""

    on: Day
    person: PublicId | None = None
    team: PublicId | None = None
    value: Number | None = None
    numerator: Number | None = None
    denominator: Number | None = None
    reason: Annotated[str, StringConstraints(max_length=300), Field(description="Why an earlier value was wrong.")] = ""


class NewValues(Given):
    """Values to be brought together: all, or none."""

    source: Line
    values: Annotated[list[NewValue], Field(min_length=1, max_length=MOST)]


class NewRecord(Given):
    """A record of another system."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=record_actions.LONGEST_ID)]
    owner: PublicId
    date: Day
    stage: Annotated[str, StringConstraints(max_length=record_actions.LONGEST_ID)] = ""
    amount: Number = "0"
    more: Annotated[dict[str, Annotated[str, StringConstraints(max_length=500)]], Field(max_length=record_actions.MOST_MORE)] = {}


class NewRecords(Given):
    """Records to be brought together: all, or none."""

    source: Annotated[str, StringConstraints(min_length=1, max_length=record_actions.LONGEST_SOURCE)]
    records: Annotated[list[NewRecord], Field(min_length=1, max_length=MOST)]


class BroughtShown(Shown):
    """What bringing them did: how many are new, how many corrected an earlier one, how many stood already."""

    new: int
    corrected: int
    same: int


@router.get("/measures", response=MeasuresShown, auth=READ, operation_id="listMeasures", summary="List figures")
def measures(request: ApiRequest, response: HttpResponse, asked: Query[PageAsked]) -> MeasuresShown:
    """Every figure, those that are switched off too."""
    rows = Measure.objects.visible_to(request.auth.actor)
    found, following = listed(request, response, rows, order=["pk"], page=asked)
    return MeasuresShown(items=[MeasureShown.of(measure) for measure in found], next=following)


@router.get(f"{MEASURE}/values", response=ValuesShown, auth=READ, operation_id="listValues", summary="List a figure's values")
def values(request: ApiRequest, response: HttpResponse, measure_id: str, asked: Query[PageAsked]) -> ValuesShown:
    """The values that stand; who objects is left out."""
    measure = _measure(request, measure_id)
    rows = Observation.objects.visible_to(request.auth.actor).filter(measure=measure).current().without_objectors()
    found, following = listed(request, response, rows.select_related("person", "team"), order=["pk"], page=asked)
    return ValuesShown(items=[ValueShown.of(row) for row in found], next=following)


@router.post(f"{MEASURE}/values", response=BroughtShown, auth=WRITE, operation_id="bringValues", summary="Bring values of a figure")
def bring_values(request: ApiRequest, measure_id: str, given: NewValues) -> BroughtShown:
    """These values stand. Bringing the same again changes nothing; another value for the same day corrects the earlier, which is kept."""
    measure = _measure(request, measure_id)
    people = people_by_public_id(request.auth.organisation, [one.person for one in given.values if one.person])
    wanted = [one.team for one in given.values if one.team]
    teams = {team.public_id: team for team in Team.objects.filter(organisation=request.auth.organisation, public_id__in=wanted)}
    brought = [_value(place, one, people, teams) for place, one in enumerate(given.values)]
    done = value_actions.bring_values(measure, brought, source=given.source, actor=request.auth.actor)
    return BroughtShown(new=done.new, corrected=done.corrected, same=done.same)


@router.post("/records", response=BroughtShown, auth=WRITE, operation_id="bringRecords", summary="Bring records of another system")
def bring_records(request: ApiRequest, given: NewRecords) -> BroughtShown:
    """These records stand. Bringing the same again changes nothing; one that differs corrects the earlier, which is kept."""
    people = people_by_public_id(request.auth.organisation, [one.owner for one in given.records])
    brought = []
    for place, one in enumerate(given.records):
        if one.owner not in people:
            raise _unknown(f"records/{place}/owner", "There is no such person here.")
        brought.append(record_actions.GivenRecord(one.id, people[one.owner], one.date, one.stage, Decimal(one.amount), dict(one.more)))
    done = record_actions.bring_records(request.auth.organisation, brought, source=given.source, actor=request.auth.actor)
    return BroughtShown(new=done.new, corrected=done.corrected, same=done.same)


def _value(place: int, one: NewValue, people: dict[str, Person], teams: dict[str, Team]) -> value_actions.Value:
    if one.person is not None and one.person not in people:
        raise _unknown(f"values/{place}/person", "There is no such person here.")
    if one.team is not None and one.team not in teams:
        raise _unknown(f"values/{place}/team", "There is no such team here.")
    return value_actions.Value(
        on=one.on,
        value=None if one.value is None else Decimal(one.value),
        person=people[one.person] if one.person else None,
        team=teams[one.team] if one.team else None,
        numerator=None if one.numerator is None else Decimal(one.numerator),
        denominator=None if one.denominator is None else Decimal(one.denominator),
        reason=one.reason,
    )


def _unknown(path: str, detail: str) -> Problem:
    return Problem("invalid", detail, errors=[pointing(path, detail=detail)])


def _measure(request: ApiRequest, measure_id: str) -> Measure:
    found = Measure.objects.visible_to(request.auth.actor).filter(public_id=measure_id).select_related("organisation").first()
    if found is None:
        raise Http404
    return found
