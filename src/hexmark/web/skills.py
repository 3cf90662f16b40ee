"""Pages of frameworks and skills: the lists, one's own editor, and files in and out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hexmark.access import Permission
from hexmark.errors import DomainError
from hexmark.skills import actions
from hexmark.skills.case import read_case
from hexmark.skills.drafts import FrameworkDraft
from hexmark.skills.models import Framework, Skill
from hexmark.skills.sheets import SKILL_COLUMNS, read_skills, skill_rows
from hexmark.web.actors import permitted
from hexmark.web.downloads import csv_download
from hexmark.web.forms.skills import FrameworkForm, FrameworkImportForm, SkillForm
from hexmark.web.requests import Request

ROWS = 50


@permitted(Permission.VIEW_CATALOGUE)
@require_safe
def index(request: Request) -> HttpResponse:
    """Every framework."""
    frameworks = Framework.objects.visible_to(request.actor).order_by("name", "pk")
    counted = frameworks.annotate(size=Count("skills", filter=Q(skills__retired_at__isnull=True)))
    page = Paginator(counted, ROWS).get_page(request.GET.get("page"))
    return render(request, "skills/index.html", {"page": page, "section": "catalogue"})


@permitted(Permission.EDIT_SKILLS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """A new framework, empty or from a file."""
    assert request.person is not None
    form, upload = FrameworkForm(prefix="new"), FrameworkImportForm(prefix="file")
    if request.method == "POST":
        try:
            if "import" in request.POST:
                upload = FrameworkImportForm(request.POST, request.FILES, prefix="file")
                if upload.is_valid():
                    return _imported(request, upload)
            else:
                form = FrameworkForm(request.POST, prefix="new")
                if form.is_valid():
                    made = actions.create_framework(request.person.organisation, **form.cleaned_data, actor=request.actor)
                    return redirect("framework", made.public_id)
        except DomainError as error:
            wrong: Any = upload if upload.is_bound else form
            wrong.add_error(error.field if error.field in wrong.fields else None, str(error))
    context = {"form": form, "upload": upload, "columns": SKILL_COLUMNS, "section": "catalogue"}
    return render(request, "skills/new.html", context, status=422 if form.errors or upload.errors else 200)


def _imported(request: Request, upload: FrameworkImportForm) -> HttpResponse:
    assert request.person is not None
    file = upload.cleaned_data["file"]
    done = actions.import_framework(request.person.organisation, _draft(file, upload.cleaned_data["name"]), actor=request.actor)
    messages.success(request, f"{done.added} new, {done.changed} changed, {done.retired} put away.")
    return redirect("framework", done.framework.public_id)


def _draft(file: Any, name: str) -> FrameworkDraft:
    data = file.read()
    # The file's own first sign says what it is; names of files are whatever somebody wrote.
    if data.lstrip()[:1] == b"{":
        return read_case(data)
    return read_skills(data, file_name=file.name, name=name or file.name.rsplit(".", 1)[0])


@permitted(Permission.VIEW_CATALOGUE)
@require_safe
def framework(request: Request, framework_id: str) -> HttpResponse:
    """One framework with its skills."""
    found = _framework(request, framework_id)
    search = request.GET.get("q", "").strip()[:100]
    skills = found.skills.filter(retired_at__isnull=True).select_related("parent").order_by("position", "pk")
    if search:
        skills = skills.filter(Q(name__icontains=search) | Q(code__iexact=search))
    shown = skills.annotate(
        versions=Count("alignments__version", filter=Q(alignments__version__state="published"), distinct=True),
        roles=Count("requirements__role", filter=Q(requirements__ends_on__isnull=True), distinct=True),
    )
    context = {
        "found": found,
        "page": Paginator(shown, ROWS).get_page(request.GET.get("page")),
        "search": search,
        "retired": found.skills.filter(retired_at__isnull=False).count(),
        "section": "catalogue",
    }
    return render(request, "skills/framework.html", context)


@permitted(Permission.EDIT_SKILLS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, framework_id: str) -> HttpResponse:
    """Another name or description."""
    found = _framework(request, framework_id)
    initial = {"name": found.name, "description": found.description, "url": found.url}
    form = FrameworkForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_framework(found, **form.cleaned_data, version=found.version, actor=request.actor)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, "Saved.")
            return redirect("framework", found.public_id)
    context = {"form": form, "found": found, "section": "catalogue"}
    return render(request, "skills/framework_edit.html", context, status=422 if form.errors else 200)


@permitted(Permission.VIEW_CATALOGUE)
@require_safe
def export(request: Request, framework_id: str) -> HttpResponse:
    """The framework as a table that can be read back."""
    found = _framework(request, framework_id)
    skills = found.skills.filter(retired_at__isnull=True).select_related("parent").order_by("position", "pk")
    return csv_download("skills.csv", SKILL_COLUMNS, skill_rows(skills.iterator(chunk_size=500)))


@permitted(Permission.EDIT_SKILLS)
@require_http_methods(["GET", "HEAD", "POST"])
def skill_new(request: Request, framework_id: str) -> HttpResponse:
    """One more skill."""
    return _edit_skill(request, _framework(request, framework_id), None)


@permitted(Permission.EDIT_SKILLS)
@require_http_methods(["GET", "HEAD", "POST"])
def skill_edit(request: Request, skill_id: str) -> HttpResponse:
    """Other words for a skill."""
    skill = _skill(request, skill_id)
    return _edit_skill(request, skill.framework, skill)


@permitted(Permission.EDIT_SKILLS)
@require_POST
def skill_retire(request: Request, skill_id: str) -> HttpResponse:
    """The skill is put away."""
    skill = _skill(request, skill_id)
    actions.retire_skill(skill, actor=request.actor)
    messages.success(request, f"“{skill.name}” is put away. What names it keeps doing so.")
    return redirect("framework", skill.framework.public_id)


@require_safe
def public(request: Request, skill_id: str) -> HttpResponse:
    """What signed files name: the skill with its levels, for everybody."""
    skill = Skill.objects.filter(public_id=skill_id).select_related("framework", "organisation", "parent").first()
    if skill is None:
        raise Http404
    levels = [(number, text) for number, text in enumerate(skill.level_texts, start=1) if text]
    return render(request, "skills/public.html", {"skill": skill, "levels": levels})


def _edit_skill(request: Request, framework: Framework, skill: Skill | None) -> HttpResponse:
    form = SkillForm(request.POST or None, framework=framework, initial=_initial(skill) if skill else None)
    if request.method == "POST" and form.is_valid():
        try:
            said: dict[str, Any] = {"draft": form.draft(), "parent": form.cleaned_data["parent"], "actor": request.actor}
            kept = actions.change_skill(skill, **said) if skill else actions.add_skill(framework, **said)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, f"“{kept.name}” is saved.")
            return redirect("framework", framework.public_id)
    context = {"form": form, "found": framework, "skill": skill, "section": "catalogue"}
    return render(request, "skills/skill_edit.html", context, status=422 if form.errors else 200)


def _initial(skill: Skill) -> dict[str, object]:
    texts = {f"level_{level}": text for level, text in enumerate(skill.level_texts, start=1)}
    parent = (skill.parent.code or skill.parent.name) if skill.parent else ""
    said = {"name": skill.name, "code": skill.code, "description": skill.description, "minimum_holders": skill.minimum_holders}
    return {**said, "parent": parent, **texts}


def _framework(request: Request, framework_id: str) -> Framework:
    found = Framework.objects.visible_to(request.actor).filter(public_id=framework_id).first()
    if found is None:
        raise Http404
    return found


def _skill(request: Request, skill_id: str) -> Skill:
    found = Skill.objects.visible_to(request.actor).filter(public_id=skill_id).select_related("framework", "parent").first()
    if found is None:
        raise Http404
    return found
