"""What can be achieved: drafts, publication, retirement."""

from __future__ import annotations

from typing import Annotated

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse
from ninja import Query, Router
from pydantic import Field

from hexmark.access import Actor, Scope
from hexmark.api.callers import ApiRequest, Key
from hexmark.api.door import BY_ITSELF
from hexmark.api.entity_tags import match
from hexmark.api.v1.catalogue_shapes import (
    AchievementShown,
    AchievementsShown,
    NewAchievement,
    Text,
    VersionShown,
)
from hexmark.api.v1.pages import listed
from hexmark.api.v1.shapes import PageAsked
from hexmark.catalogue.actions import begin_version, create_achievement, discard_draft, edit_draft, publish_version, retire_version
from hexmark.catalogue.models import Achievement, AchievementVersion
from hexmark.catalogue.queries import visible_versions

router = Router(tags=["Achievements"])
READ, WRITE = Key(Scope.BADGE_READ), Key(Scope.CATALOGUE_WRITE)
VERSION = "/achievements/{slug:slug}/versions/{int:number}"


class AchievementsAsked(PageAsked):
    """Filters of the list; all that are given must hold."""

    q: Annotated[str | None, Field(max_length=100, description="Words in the name of a version, whatever their case.")] = None
    awardable: Annotated[bool, Field(description="Only those with a published version.")] = False


@router.get("/achievements", response=AchievementsShown, auth=READ, operation_id="listAchievements", summary="List achievements")
def achievements(request: ApiRequest, response: HttpResponse, asked: Query[AchievementsAsked]) -> AchievementsShown:
    """The organisation's achievements by address. Drafts are shown to keys that may edit the catalogue."""
    actor = request.auth.actor
    rows = _achievements(actor)
    if asked.q is not None:
        rows = rows.filter(pk__in=visible_versions(actor).filter(name__icontains=asked.q).values("achievement_id"))
    if asked.awardable:
        rows = rows.filter(versions__state=AchievementVersion.State.PUBLISHED)
    found, following = listed(request, response, rows, order=["slug"], page=asked)
    items = [AchievementShown.of(one, one.seen) for one in found]  # type: ignore[attr-defined]
    return AchievementsShown(items=items, next=following)


@router.post("/achievements", response={201: VersionShown}, auth=WRITE, operation_id="createAchievement", summary="Begin an achievement")
def create(request: ApiRequest, response: HttpResponse, given: NewAchievement) -> VersionShown:
    """A draft of version 1 exists, under an address made from its name."""
    version = create_achievement(request.auth.organisation, name=given.name, actor=request.auth.actor)
    _write(request, version, given)
    return _made(response, version)


@router.get("/achievements/{slug:slug}", response=AchievementShown, auth=READ, operation_id="getAchievement", summary="One achievement")
def achievement(request: ApiRequest, slug: str) -> AchievementShown:
    """One achievement with its versions, newest first."""
    found = _achievement(request, slug)
    return AchievementShown.of(found, found.seen)  # type: ignore[attr-defined]


@router.post(
    "/achievements/{slug:slug}/versions",
    response={201: VersionShown},
    auth=WRITE,
    operation_id="beginVersion",
    summary="Begin the next version",
)
def begin(request: ApiRequest, response: HttpResponse, slug: str) -> VersionShown:
    """A draft of the next version exists, with the text of the latest one."""
    found = _achievement(request, slug)
    match(request, AchievementShown.of(found, found.seen))  # type: ignore[attr-defined]
    return _made(response, begin_version(found, actor=request.auth.actor))


@router.get(VERSION, response=VersionShown, auth=READ, operation_id="getVersion", summary="One version")
def version(request: ApiRequest, slug: str, number: int) -> VersionShown:
    """The text of one version."""
    return VersionShown.of(_version(request, slug, number))


@router.patch(VERSION, response=VersionShown, auth=WRITE, operation_id="editDraft", summary="Edit a draft")
def edit(request: ApiRequest, slug: str, number: int, given: Text) -> VersionShown:
    """The draft says what is given; what is left out stays. `skills` replaces the whole list."""
    found = _version(request, slug, number, for_change=True)
    match(request, VersionShown.of(found))
    _write(request, found, given)
    return VersionShown.of(_version(request, slug, number))


@router.delete(VERSION, response={204: None}, auth=WRITE, operation_id="discardDraft", summary="Discard a draft")
def discard(request: ApiRequest, slug: str, number: int) -> None:
    """The draft is gone; with a first version its achievement goes too."""
    found = _version(request, slug, number, for_change=True)
    match(request, VersionShown.of(found))
    discard_draft(found, actor=request.auth.actor)


@router.post(
    f"{VERSION}/publish",
    response=VersionShown,
    auth=WRITE,
    operation_id="publishVersion",
    summary="Publish a draft",
    openapi_extra={BY_ITSELF: True},  # its picture is drawn first
)
def publish(request: ApiRequest, slug: str, number: int) -> VersionShown:
    """The version can be awarded and never changes again; the one published before is retired."""
    found = _version(request, slug, number)
    match(request, VersionShown.of(found))
    publish_version(found, actor=request.auth.actor)
    return VersionShown.of(_version(request, slug, number))


@router.post(f"{VERSION}/retire", response=VersionShown, auth=WRITE, operation_id="retireVersion", summary="Retire a version")
def retire(request: ApiRequest, slug: str, number: int) -> VersionShown:
    """The version cannot be awarded any more; what was awarded stays as it is."""
    found = _version(request, slug, number, for_change=True)
    match(request, VersionShown.of(found))
    retire_version(found, actor=request.auth.actor)
    return VersionShown.of(_version(request, slug, number))


def _achievements(actor: Actor) -> QuerySet[Achievement]:
    newest_first = Prefetch("versions", queryset=visible_versions(actor).order_by("-number"), to_attr="seen")
    return Achievement.objects.visible_to(actor).select_related("organisation").prefetch_related(newest_first)


def _achievement(request: ApiRequest, slug: str) -> Achievement:
    found = _achievements(request.auth.actor).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _version(request: ApiRequest, slug: str, number: int, *, for_change: bool = False) -> AchievementVersion:
    """The version where the caller may know of it; held still until the end of the call if it is to be changed."""
    rows = visible_versions(request.auth.actor).filter(achievement__slug=slug, number=number)
    rows = rows.select_related("achievement__organisation").prefetch_related("alignments")
    found = (rows.select_for_update(of=("self",), no_key=True) if for_change else rows).first()
    if found is None:
        raise Http404
    return found


def _write(request: ApiRequest, version: AchievementVersion, given: Text) -> None:
    kept = list(version.alignments.all())
    alignments = kept if given.skills is None else [skill.alignment(kept) for skill in given.skills]
    edit_draft(version, text=given.text(), alignments=alignments, actor=request.auth.actor)


def _made(response: HttpResponse, version: AchievementVersion) -> VersionShown:
    response.headers["Location"] = f"/api/v1/achievements/{version.achievement.slug}/versions/{version.number}"
    return VersionShown.of(version)
