"""Targets: what was agreed with whom, and what became of it. Programs propose and read; only people agree."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import Http404, HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from hexmark.access import Scope
from hexmark.api.callers import ApiRequest, Key
from hexmark.api.problems import Problem, pointing
from hexmark.api.v1.measures import Number
from hexmark.api.v1.pages import listed
from hexmark.api.v1.shapes import Because, Day, Given, Line, Next, PageAsked, PublicId, Shown
from hexmark.measures.models import Measure
from hexmark.people.models import Person, Team
from hexmark.performance.models import Target
from hexmark.performance.targets import actions, standing
from hexmark.performance.targets.queries import RELATED, in_words
from hexmark.performance.targets.terms import Proposal

router = Router(tags=["Targets"])
READ, WRITE = Key(Scope.TARGETS_READ), Key(Scope.TARGETS_WRITE)
TARGET = "/targets/{id:target_id}"
State = Literal["proposed", "live", "met", "lapsed", "paused", "withdrawn"]
Text = Annotated[str, StringConstraints(max_length=2000)]


class TargetShown(Shown):
    """What a person or a team agreed to reach, and what became of it."""

    id: str
    person: Annotated[str | None, Field(description="The id of the person whom it is of.")]
    team: Annotated[str | None, Field(description="The id of the team that it is of.")]
    title: str
    why: str
    requirement: Annotated[dict[str, Any] | None, Field(description="What must be held, as a requirement.")]
    measure: Annotated[str | None, Field(description="The id of the figure that reaches a value.")]
    value: str | None
    baseline: str | None
    current: str | None
    counts_from: date
    due_on: date
    state: State
    in_words: Annotated[str, Field(description="What became of it, such as: Met 20 Jan 2026; expired 3 Mar 2026.")]
    met_at: datetime | None
    met_by: Annotated[list[str], Field(description="What showed it: ids of credentials.")]
    lapsed_at: datetime | None
    lapse_reason: Literal["", "expired", "paused", "revoked", "changed"]
    agreed_by_person_at: datetime | None
    agreed_by_manager_at: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, target: Target) -> TargetShown:
        """As it stands, with what was read with it."""
        names = "title why counts_from due_on state met_at lapsed_at lapse_reason agreed_by_person_at agreed_by_manager_at created_at"
        plain: dict[str, Any] = {name: getattr(target, name) for name in names.split()}
        plain |= {name: _text(getattr(target, name)) for name in ("value", "baseline", "current")}
        return cls(
            **plain,
            id=target.public_id,
            person=target.person.public_id if target.person else None,
            team=target.team.public_id if target.team else None,
            requirement=target.rule,
            measure=target.measure.public_id if target.measure else None,
            in_words=in_words(target),
            met_by=target.met_ref.splitlines(),
        )


class TargetsShown(Shown):
    """A page of targets, in the order in which they were proposed."""

    items: list[TargetShown]
    next: Next


class TargetsAsked(PageAsked):
    """Filters of the list; all that are given must hold."""

    person: Annotated[PublicId | None, Field(description="Only targets of this person.")] = None
    state: Annotated[State | None, Field(description="Only targets in this state.")] = None


class NewTarget(Given):
    """A target to be proposed: of a person or a team, for something held or for a figure."""

    title: Line
    due_on: Day
    person: PublicId | None = None
    team: PublicId | None = None
    requirement: Annotated[dict[str, Any] | None, Field(description="What must be held, as a requirement.")] = None
    measure: PublicId | None = None
    value: Number | None = None
    counts_from: Day | None = None
    why: Annotated[str, StringConstraints(max_length=1000)] = ""
    consequence: Text = ""
    adjustments: Text = ""


@router.get("/targets", response=TargetsShown, auth=READ, operation_id="listTargets", summary="List targets")
def targets(request: ApiRequest, response: HttpResponse, asked: Query[TargetsAsked]) -> TargetsShown:
    """Every target, those that were withdrawn too."""
    rows = Target.objects.visible_to(request.auth.actor).select_related(*RELATED)
    if asked.person is not None:
        rows = rows.filter(person__public_id=asked.person)
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    found, following = listed(request, response, rows, order=["pk"], page=asked)
    return TargetsShown(items=[TargetShown.of(target) for target in found], next=following)


@router.post("/targets", response={201: TargetShown}, auth=WRITE, operation_id="proposeTarget", summary="Propose a target")
def propose(request: ApiRequest, response: HttpResponse, given: NewTarget) -> TargetShown:
    """The target waits for both sides: no program agrees for anybody."""
    actor = request.auth.actor
    proposal = Proposal(
        title=given.title,
        due_on=given.due_on,
        person=_named(request, Person, "person", given.person),
        team=_named(request, Team, "team", given.team),
        rule=given.requirement,
        measure=_named(request, Measure, "measure", given.measure),
        value=None if given.value is None else Decimal(given.value),
        counts_from=given.counts_from,
        why=given.why,
        consequence=given.consequence,
        adjustments=given.adjustments,
    )
    if (proposal.person is None) == (proposal.team is None):
        raise Problem("invalid", "Name a person or a team.", errors=[pointing("person", detail="Name a person or a team, and not both.")])
    target = actions.propose_target(request.auth.organisation, proposal, actor=actor)
    response.headers["Location"] = f"/api/v1/targets/{target.public_id}"
    return one(request, target.public_id)


@router.get(TARGET, response=TargetShown, auth=READ, operation_id="getTarget", summary="One target")
def one(request: ApiRequest, target_id: str) -> TargetShown:
    """One target, by the id that the API gave."""
    return TargetShown.of(_target(request, target_id))


@router.post(f"{TARGET}/withdraw", response=TargetShown, auth=WRITE, operation_id="withdrawTarget", summary="Withdraw a target")
def withdraw(request: ApiRequest, target_id: str, given: Because) -> TargetShown:
    """It counts no longer, and stays on record with the reason."""
    standing.withdraw_target(_target(request, target_id), actor=request.auth.actor, reason=given.reason)
    return one(request, target_id)


def _named(request: ApiRequest, model: Any, name: str, public_id: str | None) -> Any:
    if public_id is None:
        return None
    found = model.objects.visible_to(request.auth.actor).filter(public_id=public_id).first()
    if found is None:
        detail = f"There is no such {name} here."
        raise Problem("invalid", detail, errors=[pointing(name, detail=detail)])
    return found


def _target(request: ApiRequest, target_id: str) -> Target:
    found = Target.objects.visible_to(request.auth.actor).filter(public_id=target_id).select_related(*RELATED).first()
    if found is None:
        raise Http404
    return found


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
