"""Pages of the catalogue."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hexmark.access import Permission
from hexmark.catalogue.actions import begin_version, create_achievement, drawing_of, publish_version, retire_version, set_picture
from hexmark.catalogue.models import Achievement, AchievementVersion
from hexmark.catalogue.queries import catalogue
from hexmark.catalogue.rules import missing_for_publication
from hexmark.errors import DomainError, Invalid
from hexmark.files import store
from hexmark.files.images import rasterise
from hexmark.files.markdown import to_html
from hexmark.web.actors import permitted
from hexmark.web.forms.catalogue import AlignmentFormSet, NewAchievementForm, VersionForm
from hexmark.web.headers import public_file
from hexmark.web.requests import Request

PREVIEW_SIDE = 256


@permitted(Permission.VIEW_CATALOGUE)
@require_safe
def index(request: Request) -> HttpResponse:
    """Everything that the organisation offers, and for editors its drafts."""
    return render(request, "catalogue/index.html", {"achievements": catalogue(request.actor), "section": "catalogue"})


@permitted(Permission.EDIT_CATALOGUE)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """A name, and the draft is open."""
    form = NewAchievementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        assert request.person is not None
        version = create_achievement(request.person.organisation, name=form.cleaned_data["name"], actor=request.actor)
        return redirect("catalogue_edit", version.achievement.slug)
    return render(request, "catalogue/new.html", {"form": form, "section": "catalogue"}, status=422 if form.errors else 200)


@permitted(Permission.VIEW_CATALOGUE)
@require_http_methods(["GET", "POST"])
def edit(request: Request, slug: str) -> HttpResponse:
    """The draft's editor; without a draft, the latest version to read."""
    version = _latest(request, slug)
    if version.state != AchievementVersion.State.DRAFT or not request.actor.may(Permission.EDIT_CATALOGUE):
        context = {"version": version, "criteria": to_html(version.criteria), "section": "catalogue"}
        return render(request, "catalogue/version.html", context)
    form = VersionForm(request.POST or None, request.FILES or None, instance=version)
    alignments = AlignmentFormSet(request.POST or None, instance=version, prefix="alignment")
    if request.method == "POST" and form.is_valid() and alignments.is_valid() and _save(request, form, alignments):
        if "publish" not in request.POST:
            messages.success(request, "Saved.")
            return redirect("catalogue_edit", slug)
        return publish(request, slug)
    context = {
        "version": version,
        "form": form,
        "alignments": alignments,
        "missing": missing_for_publication(version),
        "section": "catalogue",
    }
    return render(request, "catalogue/edit.html", context, status=422 if form.errors else 200)


@permitted(Permission.VIEW_CATALOGUE)
@require_safe
def picture(request: Request, slug: str) -> HttpResponse:
    """How the latest version looks, drafts included."""
    version = _latest(request, slug)
    png = store.get(version.image_png) if version.image_png else rasterise(drawing_of(version), side=PREVIEW_SIDE)
    response = public_file(png, media_type="image/png", max_age_seconds=0)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@permitted(Permission.PUBLISH_ACHIEVEMENT)
@require_POST
def publish(request: Request, slug: str) -> HttpResponse:
    """From now on it can be awarded, and this version never changes."""
    version = _latest(request, slug)
    try:
        publish_version(version, actor=request.actor)
    except Invalid as error:
        messages.error(request, str(error))
        return redirect("catalogue_edit", slug)
    messages.success(request, f"“{version.name}” is published and can be awarded.")
    return redirect("catalogue_edit", slug)


@permitted(Permission.PUBLISH_ACHIEVEMENT)
@require_POST
def retire(request: Request, slug: str) -> HttpResponse:
    """It can no longer be awarded; what was awarded stays."""
    version = _latest(request, slug)
    retire_version(version, actor=request.actor)
    messages.success(request, f"“{version.name}” is retired. What was awarded stays as it is.")
    return redirect("catalogue_edit", slug)


@permitted(Permission.EDIT_CATALOGUE)
@require_POST
def new_version(request: Request, slug: str) -> HttpResponse:
    """A draft of the next version, to be changed freely."""
    begin_version(_achievement(request, slug), actor=request.actor)
    return redirect("catalogue_edit", slug)


def _achievement(request: Request, slug: str) -> Achievement:
    found = Achievement.objects.visible_to(request.actor).select_related("organisation").filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _latest(request: Request, slug: str) -> AchievementVersion:
    versions = AchievementVersion.objects.filter(achievement=_achievement(request, slug)).select_related("achievement__organisation")
    if not request.actor.may(Permission.EDIT_CATALOGUE):
        versions = versions.exclude(state=AchievementVersion.State.DRAFT)
    latest = versions.order_by("-number").first()
    if latest is None:
        raise Http404
    return latest


def _save(request: Request, form: VersionForm, alignments: object) -> bool:
    """Save text, skills and picture together or not at all; False with the error in the form."""
    upload = form.cleaned_data.get("picture")
    try:
        with transaction.atomic():
            version = form.save()
            alignments.save()  # type: ignore[attr-defined]
            if isinstance(upload, UploadedFile):
                set_picture(version, upload=upload.read(), actor=request.actor)
    except DomainError as error:
        form.add_error("picture", str(error))
        return False
    return True
