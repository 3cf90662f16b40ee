"""Awarding, what was awarded, and the runs of both."""

from __future__ import annotations

from typing import Annotated

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from ninja import Query, Router
from pydantic import Field

from hexmark.access import Actor, Scope
from hexmark.api.callers import ApiRequest, Key
from hexmark.api.entity_tags import match
from hexmark.api.problems import Problem, pointing
from hexmark.api.v1.award_shapes import Awarded, AwardShown, AwardsShown, NewAwards, PersonNamed, RunShown, RunsShown
from hexmark.api.v1.earners import people_named
from hexmark.api.v1.pages import listed
from hexmark.api.v1.shapes import Moment, PageAsked, PublicId
from hexmark.awarding.actions import award, release_now, undo
from hexmark.awarding.models import Award, AwardRun
from hexmark.awarding.queries import counted, run_with_counts
from hexmark.catalogue.models import AchievementVersion
from hexmark.catalogue.queries import visible_versions

router = Router(tags=["Awards"])
READ, AWARD, UNDO = Key(Scope.BADGE_READ), Key(Scope.BADGE_AWARD), Key(Scope.BADGE_AWARD, Scope.BADGE_READ)
RELATED = ("version__achievement__organisation", "person", "run", "credential")


class AwardsAsked(PageAsked):
    """Filters of the list; all that are given must hold."""

    achievement: Annotated[str | None, Field(max_length=80, description="Only awards of this achievement, whichever version.")] = None
    person: Annotated[PublicId | None, Field(description="Only what this person was awarded.")] = None
    run: Annotated[PublicId | None, Field(description="Only awards of this run.")] = None
    since: Annotated[Moment | None, Field(description="Only awards decided at this moment or later.")] = None


@router.post("/awards", response={201: Awarded}, auth=AWARD, operation_id="award", summary="Award to one or many people")
def make(request: ApiRequest, response: HttpResponse, given: NewAwards) -> Awarded:
    """Each of these people is awarded the published version, all or none. Signing follows at once: a program's awards have no hold."""
    actor = request.auth.actor
    published = visible_versions(actor).filter(achievement__slug=given.achievement, state=AchievementVersion.State.PUBLISHED)
    version = published.select_related("achievement__organisation").first()
    if version is None:
        detail = "Nothing can be awarded under this address: it is unknown, a draft or retired."
        raise Problem("invalid", detail, errors=[pointing("achievement", detail=detail)])
    people = people_named(request, given.to)
    made = award(version, to=people, actor=actor, narrative=given.narrative, decided_at=given.decided_at)
    run = counted(AwardRun.objects.filter(pk=made.run.pk).select_related("version__achievement")).get()
    awards = made.run.awards.select_related(*RELATED).order_by("pk")
    response.headers["Location"] = f"/api/v1/runs/{run.public_id}"
    return Awarded(
        run=RunShown.of(run),
        awards=[AwardShown.of(one) for one in awards],
        already_held_by=[PersonNamed(id=person.public_id, name=person.name) for person in made.already_held_by],
    )


@router.get("/awards", response=AwardsShown, auth=READ, operation_id="listAwards", summary="List awards")
def awards(request: ApiRequest, response: HttpResponse, asked: Query[AwardsAsked]) -> AwardsShown:
    """What the organisation awarded, newest first."""
    rows = _awards(request.auth.actor)
    if asked.achievement is not None:
        rows = rows.filter(version__achievement__slug=asked.achievement)
    if asked.person is not None:
        rows = rows.filter(person__public_id=asked.person)
    if asked.run is not None:
        rows = rows.filter(run__public_id=asked.run)
    if asked.since is not None:
        rows = rows.filter(awarded_at__gte=asked.since)
    found, following = listed(request, response, rows, order=["-pk"], page=asked)
    return AwardsShown(items=[AwardShown.of(one) for one in found], next=following)


@router.get("/awards/{id:award_id}", response=AwardShown, auth=READ, operation_id="getAward", summary="One award")
def one(request: ApiRequest, award_id: str) -> AwardShown:
    """One award, with the state of its credential."""
    found = _awards(request.auth.actor).filter(public_id=award_id).first()
    if found is None:
        raise Http404
    return AwardShown.of(found)


@router.get("/runs", response=RunsShown, auth=READ, operation_id="listRuns", summary="List runs", tags=["Runs"])
def runs(request: ApiRequest, response: HttpResponse, asked: Query[PageAsked]) -> RunsShown:
    """Every decision to award, by people and by programs, newest first."""
    rows = counted(AwardRun.objects.visible_to(request.auth.actor).select_related("version__achievement"))
    found, following = listed(request, response, rows, order=["-pk"], page=asked)
    return RunsShown(items=[RunShown.of(run) for run in found], next=following)


@router.get("/runs/{id:run_id}", response=RunShown, auth=READ, operation_id="getRun", summary="One run", tags=["Runs"])
def run(request: ApiRequest, run_id: str) -> RunShown:
    """How far a run is. Its awards are listed under `/awards?run=`."""
    return RunShown.of(_run(request, run_id))


@router.post("/runs/{id:run_id}/undo", response=RunShown, auth=UNDO, operation_id="undoRun", summary="Undo a run", tags=["Runs"])
def undo_run(request: ApiRequest, run_id: str) -> RunShown:
    """The run's awards never were. Possible while it is held, which only runs by people are."""
    undo(_held(request, run_id), actor=request.auth.actor)
    return RunShown.of(_run(request, run_id))


@router.post(
    "/runs/{id:run_id}/release", response=RunShown, auth=UNDO, operation_id="releaseRun", summary="End a run's hold", tags=["Runs"]
)
def release(request: ApiRequest, run_id: str) -> RunShown:
    """Signing begins now instead of when the hold is over."""
    release_now(_held(request, run_id), actor=request.auth.actor)
    return RunShown.of(_run(request, run_id))


def _awards(actor: Actor) -> QuerySet[Award]:
    # What was undone counts no longer, even in the minutes before its rows are gone.
    return Award.objects.visible_to(actor).filter(run__undone_at__isnull=True).select_related(*RELATED).defer("credential__document")


def _run(request: ApiRequest, run_id: str) -> AwardRun:
    found = run_with_counts(request.auth.actor, run_id)
    if found is None:
        raise Http404
    return found


def _held(request: ApiRequest, run_id: str) -> AwardRun:
    """The run, as the caller last read it."""
    found = _run(request, run_id)
    match(request, RunShown.of(found))
    return found
