"""What the organisation offers, who can apply, and who is interested: in the order of their hands, and in no other."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from hexmark.access import Scope
from hexmark.api.callers import ApiRequest, Key
from hexmark.api.v1.pages import listed
from hexmark.api.v1.shapes import Day, Given, Next, PageAsked, Reason, Shown
from hexmark.opportunities.gates import sentences_of
from hexmark.opportunities.interest_tables import Interest
from hexmark.opportunities.interests import decide
from hexmark.opportunities.models import LONGEST_TEXT, LONGEST_TITLE, Opportunity
from hexmark.opportunities.offering import Offer, close_opportunity, create_opportunity, open_opportunity, set_gate

router = Router(tags=["Opportunities"])
READ, WRITE = Key(Scope.OPPORTUNITIES_READ), Key(Scope.OPPORTUNITIES_WRITE)
ONE = "/opportunities/{id:opportunity_id}"
Kind = Literal["post", "project", "course", "mentoring", "pay_step", "event"]
Seen = Literal["staff", "network", "public"]
State = Literal["draft", "open", "closed"]
Short = Annotated[str, StringConstraints(max_length=200)]
FACTS = ("title", "kind", "text", "place", "effort", "contact", "starts_on", "ends_on", "places", "audience", "open_from", "closes_on")


class OpportunityShown(Shown):
    """An opening, and who can apply."""

    id: str
    url: str
    title: str
    kind: Kind
    text: Annotated[str, Field(description="Markdown.")]
    place: str
    effort: str
    contact: str
    starts_on: date | None
    ends_on: date | None
    places: int | None
    audience: Seen
    open_from: date | None
    closes_on: Annotated[date | None, Field(description="The last day on which a hand can be raised, where the organisation is.")]
    state: State
    rule: Annotated[dict[str, Any] | None, Field(description="Who can apply, as a requirement; null: everybody of the audience.")]
    rule_version: int
    who_can_apply: Annotated[list[str], Field(description="The same in sentences.")]
    created_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None

    @classmethod
    def of(cls, found: Opportunity) -> OpportunityShown:
        """As it stands."""
        plain = {name: getattr(found, name) for name in (*FACTS, "state", "rule", "rule_version", "created_at", "opened_at", "closed_at")}
        return cls(id=found.public_id, url=found.url, who_can_apply=sentences_of(found), **plain)


class OpportunitiesShown(Shown):
    """A page of openings, in the order in which they were made."""

    items: list[OpportunityShown]
    next: Next


class OpportunitiesAsked(PageAsked):
    """Filters of the list; all that are given must hold."""

    state: Annotated[State | None, Field(description="Only those in this state.")] = None


class NewOpportunity(Given):
    """An opening to be written down. It stays a draft until it is opened."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TITLE)]
    kind: Kind = "post"
    text: Annotated[str, StringConstraints(max_length=LONGEST_TEXT)] = ""
    place: Short = ""
    effort: Short = ""
    contact: Short = ""
    starts_on: Day | None = None
    ends_on: Day | None = None
    places: Annotated[int | None, Field(ge=1, le=100_000)] = None
    audience: Seen = "staff"
    open_from: Day | None = None
    closes_on: Day | None = None


class GateGiven(Given):
    """Who can apply from now on."""

    rule: Annotated[dict[str, Any] | None, Field(description="A requirement; null: everybody of the audience.")]
    although_nobody_can: Annotated[bool, Field(description="Save it although the catalogue says that nobody can ever meet it.")] = False


class InterestShown(Shown):
    """A hand that is up. Nothing here says how anybody compares."""

    id: str
    name: str
    email: str
    organisation: str
    raised_at: datetime
    note: str
    rule_version: int
    explanation: Annotated[dict[str, Any] | None, Field(description="What counted when it was raised, and what was waived then.")]
    decision: Literal["", "chosen", "not_chosen"]
    reason: str
    decided_at: datetime | None

    @classmethod
    def of(cls, hand: Interest) -> InterestShown:
        """As it stands, with the person and organisation that were read with it."""
        plain = {
            name: getattr(hand, name) for name in ("raised_at", "note", "rule_version", "explanation", "decision", "reason", "decided_at")
        }
        person = hand.person
        return cls(id=hand.public_id, name=person.name, email=person.email, organisation=person.organisation.name, **plain)


class InterestsShown(Shown):
    """A page of hands, in the order in which they were raised. There is no other order."""

    items: list[InterestShown]
    next: Next


class DecisionGiven(Given):
    """Chosen or not, and why."""

    decision: Literal["chosen", "not_chosen"]
    reason: Reason


@router.get("/opportunities", response=OpportunitiesShown, auth=READ, operation_id="listOpportunities", summary="List opportunities")
def opportunities(request: ApiRequest, response: HttpResponse, asked: Query[OpportunitiesAsked]) -> OpportunitiesShown:
    """Everything that the organisation offers, drafts too."""
    rows = Opportunity.objects.visible_to(request.auth.actor).in_house(request.auth.actor).select_related("organisation")
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    found, following = listed(request, response, rows, order=["pk"], page=asked)
    return OpportunitiesShown(items=[OpportunityShown.of(one) for one in found], next=following)


@router.post("/opportunities", response={201: OpportunityShown}, auth=WRITE, operation_id="createOpportunity", summary="Write one down")
def create(request: ApiRequest, response: HttpResponse, given: NewOpportunity) -> OpportunityShown:
    """The organisation has a draft that nobody but those who offer can see."""
    made = create_opportunity(request.auth.organisation, Offer(**given.model_dump()), actor=request.auth.actor)
    response.headers["Location"] = f"/api/v1/opportunities/{made.public_id}"
    return OpportunityShown.of(made)


@router.get(ONE, response=OpportunityShown, auth=READ, operation_id="getOpportunity", summary="One opportunity")
def one(request: ApiRequest, opportunity_id: str) -> OpportunityShown:
    """One opportunity of the organisation."""
    return OpportunityShown.of(_own(request, opportunity_id))


@router.put(f"{ONE}/gate", response=OpportunityShown, auth=WRITE, operation_id="setGate", summary="Say who can apply")
def gate(request: ApiRequest, opportunity_id: str, given: GateGiven) -> OpportunityShown:
    """Who can apply is this, as a new version. A rule that nobody can ever meet is refused unless it is said to be wanted."""
    found = _own(request, opportunity_id)
    set_gate(found, given.rule, actor=request.auth.actor, although_nobody_can=given.although_nobody_can)
    return one(request, opportunity_id)


@router.post(f"{ONE}/open", response=OpportunityShown, auth=WRITE, operation_id="openOpportunity", summary="Open one")
def open_(request: ApiRequest, opportunity_id: str) -> OpportunityShown:
    """Its audience sees it and can raise a hand."""
    open_opportunity(_own(request, opportunity_id), actor=request.auth.actor)
    return one(request, opportunity_id)


@router.post(f"{ONE}/close", response=OpportunityShown, auth=WRITE, operation_id="closeOpportunity", summary="Close one")
def close(request: ApiRequest, opportunity_id: str) -> OpportunityShown:
    """Nobody can raise a hand any more; those that are up can still be decided about."""
    close_opportunity(_own(request, opportunity_id), actor=request.auth.actor)
    return one(request, opportunity_id)


@router.get(f"{ONE}/interests", response=InterestsShown, auth=READ, operation_id="listInterests", summary="Who is interested")
def interests(request: ApiRequest, response: HttpResponse, opportunity_id: str, asked: Query[PageAsked]) -> InterestsShown:
    """Whose hands are up, in the order in which they were raised."""
    found = _own(request, opportunity_id)
    rows = Interest.objects.visible_to(request.auth.actor).raised().filter(opportunity=found).select_related("person__organisation")
    hands, following = listed(request, response, rows, order=["raised_at", "pk"], page=asked)
    return InterestsShown(items=[InterestShown.of(hand) for hand in hands], next=following)


@router.post(
    f"{ONE}/interests/{{id:interest_id}}/decision", response=InterestShown, auth=WRITE, operation_id="decideInterest", summary="Decide"
)
def decision(request: ApiRequest, opportunity_id: str, interest_id: str, given: DecisionGiven) -> InterestShown:
    """The person is chosen or not, for this reason, and is told in ten minutes."""
    found = _own(request, opportunity_id)
    hands = Interest.objects.visible_to(request.auth.actor).raised().filter(opportunity=found, public_id=interest_id)
    hand = hands.select_related("person__organisation").first()
    if hand is None:
        raise Http404
    decide(hand, given.decision, reason=given.reason, actor=request.auth.actor)
    hand.refresh_from_db(fields=["decision", "reason", "decided_at"])
    return InterestShown.of(hand)


def _own(request: ApiRequest, opportunity_id: str) -> Opportunity:
    """The organisation's own opportunity; those of others are read where people read them."""
    rows = Opportunity.objects.visible_to(request.auth.actor).in_house(request.auth.actor)
    found = rows.filter(public_id=opportunity_id).select_related("organisation").first()
    if found is None:
        raise Http404
    return found
