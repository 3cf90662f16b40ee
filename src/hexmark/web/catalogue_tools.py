"""Work on the catalogue: health, what changed between versions, preview, duplicates, the directory's listing, and the whole as a table."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from hexmark.access import Permission
from hexmark.catalogue.actions import duplicate_achievement, set_listed
from hexmark.catalogue.differences import differences
from hexmark.catalogue.directory import FEWEST_EARNERS
from hexmark.catalogue.health import CHECKS, findings
from hexmark.catalogue.models import Achievement, AchievementVersion
from hexmark.catalogue.queries import newest_public_versions, newest_versions
from hexmark.catalogue.sheets import COLUMNS, exported
from hexmark.errors import Conflict
from hexmark.files.tables import csv_bytes
from hexmark.issuing.earners import uses_of
from hexmark.web.actors import permitted
from hexmark.web.requests import Request
from hexmark.web.showcase import achievement_context

PAGE_SIZE = 50
#: Shown of each finding on the overview.
FIRST_FEW = 6
State = AchievementVersion.State


@permitted(Permission.EDIT_CATALOGUE)
@require_safe
def health(request: Request) -> HttpResponse:
    """What is wanting, each with a way to mend it; with `?of=` everything that one check found."""
    assert request.person is not None
    uses = uses_of(request.person.organisation_id)
    found = findings(newest_public_versions(request.actor), uses=uses, now=timezone.now())
    context: dict[str, object] = {"found": [one for one in found if one.versions], "few": FIRST_FEW, "section": "catalogue"}
    if code := request.GET.get("of", ""):
        if code not in {check.code for check in CHECKS}:
            raise Http404
        one = next(finding for finding in found if finding.check.code == code)
        context |= {"one": one, "page": Paginator(one.versions, PAGE_SIZE).get_page(request.GET.get("page"))}
    return render(request, "catalogue/health.html", context)


@permitted(Permission.EDIT_CATALOGUE)
@require_safe
def export(request: Request) -> HttpResponse:
    """The newest version of everything, drafts too, as a table that can be changed and imported elsewhere."""
    assert request.person is not None
    uses = uses_of(request.person.organisation_id)
    earners = {achievement_id: use.holders for achievement_id, use in uses.items() if use.holders >= FEWEST_EARNERS}
    rows = exported(newest_versions(request.actor), earners=earners)
    answer = HttpResponse(b"".join(csv_bytes(COLUMNS, rows)), content_type="text/csv; charset=utf-8")
    name = f"{request.person.organisation.slug}-catalogue-{timezone.localdate():%Y-%m-%d}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@permitted(Permission.EDIT_CATALOGUE)
@require_safe
def preview(request: Request, slug: str) -> HttpResponse:
    """The public page as it will be once the draft is published."""
    draft = _versions(request, slug).filter(state=State.DRAFT).prefetch_related("alignments").first()
    if draft is None:
        return redirect("achievement", slug)
    return render(request, "public/achievement.html", achievement_context(request, draft, preview=True))


@permitted(Permission.VIEW_CATALOGUE)
@require_safe
def changes(request: Request, slug: str) -> HttpResponse:
    """What one version says otherwise than another; without `?from=` and `?to=` the newest against the one before."""
    versions = _versions(request, slug)
    if not request.actor.may(Permission.EDIT_CATALOGUE):
        versions = versions.exclude(state=State.DRAFT)
    every = list(versions.order_by("-number"))
    new = _chosen(every, request.GET.get("to", ""), 0)
    old = _chosen(every, request.GET.get("from", ""), min(every.index(new) + 1, len(every) - 1))
    context = {
        "versions": every,
        "old": old,
        "new": new,
        "differences": differences(old, new),
        "section": "catalogue",
    }
    return render(request, "catalogue/changes.html", context)


@permitted(Permission.EDIT_CATALOGUE)
@require_POST
def duplicate(request: Request, slug: str) -> HttpResponse:
    """A draft of something new, like this one."""
    version = _versions(request, slug).order_by("-number").first()
    assert version is not None
    draft = duplicate_achievement(version, actor=request.actor)
    messages.success(request, f"This is a copy of “{version.name}”, as a draft. Give it a name of its own.")
    return redirect("catalogue_edit", draft.achievement.slug)


@permitted(Permission.PUBLISH_ACHIEVEMENT)
@require_POST
def listing(request: Request, slug: str) -> HttpResponse:
    """The directory names it from now on, or no longer."""
    achievement = _achievement(request, slug)
    listed = request.POST.get("listed") == "yes"
    try:
        set_listed(achievement, listed=listed, actor=request.actor)
    except Conflict as error:
        messages.info(request, str(error))
    else:
        messages.success(request, "The directory names it now." if listed else "The directory does not name it any more. Its page stays.")
    return redirect("catalogue_edit", slug)


def _achievement(request: Request, slug: str) -> Achievement:
    found = Achievement.objects.visible_to(request.actor).select_related("organisation").filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _versions(request: Request, slug: str) -> QuerySet[AchievementVersion]:
    return AchievementVersion.objects.filter(achievement=_achievement(request, slug)).select_related("achievement__organisation")


def _chosen(versions: list[AchievementVersion], number: str, place: int) -> AchievementVersion:
    """The version of this number; without one that in this place."""
    if not number:
        return versions[place]
    found = next((version for version in versions if str(version.number) == number), None)
    if found is None:
        raise Http404
    return found
