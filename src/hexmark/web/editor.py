"""The editor of a draft: text, skills and picture are saved together, and published when nothing is missing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.forms import BaseInlineFormSet
from django.http import HttpResponse
from django.shortcuts import redirect, render

from hexmark.access import Permission
from hexmark.catalogue.actions import draw_picture, edit_draft, publish_version, set_picture
from hexmark.catalogue.models import AchievementVersion, Alignment
from hexmark.catalogue.rules import missing_for_publication
from hexmark.errors import DomainError, Invalid
from hexmark.files.images import clean_upload
from hexmark.skills.models import Skill
from hexmark.web.forms.catalogue import AlignmentFormSet, VersionForm
from hexmark.web.requests import Request

State = AchievementVersion.State
#: Skills that a list to choose from names; any other can be typed.
MOST_NAMED = 300


def edit(request: Request, version: AchievementVersion) -> HttpResponse:
    """The form with what is in it; after a good POST the saved draft, or what was published."""
    name, missing = version.name, missing_for_publication(version)
    too_large = request.method == "POST" and bool(request.POST) and getattr(request, "upload_too_large", False)
    form = VersionForm(request.POST or None, request.FILES or None, instance=version, too_large=too_large)
    alignments = AlignmentFormSet(request.POST or None, instance=version, prefix="alignment")
    if request.method == "POST" and _save(request, form, alignments):
        if "publish" not in request.POST:
            messages.success(request, "Saved.")
            return redirect("catalogue_edit", version.achievement.slug)
        if _publish(request, form, version):
            messages.success(request, published(version))
            return redirect("catalogue_edit", version.achievement.slug)
        missing = missing_for_publication(version)
    context = _context(form, alignments) | {"version": version, "name": name, "missing": missing}
    refused = bool(form.errors) or not _fit(alignments)
    return render(request, "catalogue/edit.html", context, status=422 if refused else 200)


def published(version: AchievementVersion) -> str:
    """What is said when it worked."""
    return f"“{version.name}” is published and can be awarded."


def _context(form: VersionForm, alignments: BaseInlineFormSet[Any, Any, Any]) -> dict[str, Any]:
    version = form.instance
    others = version.achievement.versions.exclude(pk=version.pk)
    return {
        "form": form,
        "alignments": alignments,
        "live": others.filter(state=State.PUBLISHED).first(),
        "rare_open": any(name in form.errors for name in ("achievement_type", "language")),
        "own_skills": own_skills(version),
        "uploaded": bool(version.image_png and not version.drawn_svg),
        "section": "catalogue",
    }


def own_skills(version: AchievementVersion) -> list[str]:
    """Names of the organisation's skills, to choose from while one types."""
    skills = Skill.objects.open().filter(organisation=version.achievement.organisation)
    return list(skills.order_by("name").values_list("name", flat=True)[:MOST_NAMED])


def _fit(alignments: BaseInlineFormSet[Any, Any, Any]) -> bool:
    return not alignments.is_bound or alignments.is_valid()


def _save(request: Request, form: VersionForm, alignments: BaseInlineFormSet[Any, Any, Any]) -> bool:
    """Save text, skills and picture together or not at all; False with the errors in the forms."""
    if not (form.is_valid() & alignments.is_valid()):
        return False
    upload = form.cleaned_data.get("picture")
    try:
        # Before the transaction: a large picture takes seconds, in which nobody else could write.
        picture = clean_upload(upload.read()) if isinstance(upload, UploadedFile) else None
        with transaction.atomic():
            edit_draft(form.instance, text=form.text(), alignments=_given(alignments), actor=request.actor)
            if picture:
                set_picture(form.instance, picture=picture, actor=request.actor)
            elif form.cleaned_data.get("draw_again"):
                draw_picture(form.instance, actor=request.actor)
    except Invalid as error:
        form.add_error(error.field if error.field in form.fields else "picture", str(error))
        return False
    return True


def _given(alignments: BaseInlineFormSet[Any, Any, Any]) -> list[Alignment]:
    """The skills that the draft is to have: rows that are filled in and not ticked for removal."""
    gone = alignments.deleted_forms
    return [row.instance for row in alignments.forms if row not in gone and (row.instance.pk or row.has_changed())]


def _publish(request: Request, form: VersionForm, version: AchievementVersion) -> bool:
    """Publish what was saved; False with the missing fields marked."""
    if not request.actor.may(Permission.PUBLISH_ACHIEVEMENT):
        form.add_error(None, "It is saved. Somebody with the right to publish can do the rest.")
        return False
    missing = missing_for_publication(version)
    for field, sentence in missing.items():
        form.add_error(field, sentence)
    if missing:
        return False
    try:
        publish_version(version, actor=request.actor)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return False
    return True
