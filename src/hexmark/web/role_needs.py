"""Pages of job roles and what they ask for."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hexmark.access import Permission
from hexmark.errors import DomainError
from hexmark.people.models import JobRole
from hexmark.people.records import today_of
from hexmark.skills.models import RoleRequirement, Skill
from hexmark.skills.needs import ask_for, import_needs, stop_asking
from hexmark.skills.sheets import NEED_COLUMNS, need_rows, read_needs
from hexmark.web.actors import permitted
from hexmark.web.downloads import csv_download
from hexmark.web.forms.skills import NeedForm, NeedsImportForm
from hexmark.web.requests import Request

ROWS = 50
#: Names to choose from while one types; any other skill can be typed.
MOST_NAMED = 300


@permitted(Permission.VIEW_CATALOGUE)
@require_safe
def index(request: Request) -> HttpResponse:
    """Every job role, with how much it asks for today."""
    assert request.person is not None
    today = today_of(request.person.organisation)
    begun = Q(requirements__starts_on__lte=today)
    now = begun & (Q(requirements__ends_on__isnull=True) | Q(requirements__ends_on__gte=today))
    roles = JobRole.objects.filter(organisation=request.person.organisation).order_by("name", "pk")
    counted = roles.annotate(
        needs=Count("requirements", filter=now, distinct=True),
        critical=Count("requirements", filter=now & Q(requirements__critical=True), distinct=True),
    )
    page = Paginator(counted, ROWS).get_page(request.GET.get("page"))
    return render(request, "skills/roles.html", {"page": page, "section": "catalogue"})


@permitted(Permission.VIEW_CATALOGUE)
@require_http_methods(["GET", "HEAD", "POST"])
def role(request: Request, role: int) -> HttpResponse:
    """One role: what it asks for, and a form for more."""
    found = _role(request, role)
    today = today_of(found.organisation)
    form = NeedForm(request.POST or None, organisation=found.organisation, today=today)
    if request.method == "POST":
        if not request.actor.may(Permission.EDIT_SKILLS):
            raise Http404
        if form.is_valid():
            try:
                made = ask_for(found, form.need(), actor=request.actor)
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, f"{found.name} asks for {made.skill.name} at level {made.level}.")
                return redirect("role", found.pk)
    needs = (
        RoleRequirement.objects.filter(role=found).select_related("skill").order_by("-critical", "-importance", "skill__name", "starts_on")
    )
    context = {
        "found": found,
        "form": form,
        "now": [need for need in needs if need.ends_on is None or need.ends_on >= today],
        "past": [need for need in needs if need.ends_on is not None and need.ends_on < today],
        "today": today,
        "own_skills": names_of_skills(request),
        "section": "catalogue",
    }
    return render(request, "skills/role.html", context, status=422 if form.errors else 200)


@permitted(Permission.EDIT_SKILLS)
@require_POST
def need_end(request: Request, need_id: str) -> HttpResponse:
    """Yesterday was the last day on which the role asked for it."""
    need = RoleRequirement.objects.visible_to(request.actor).filter(public_id=need_id).select_related("role__organisation", "skill").first()
    if need is None:
        raise Http404
    stop_asking(need, on=today_of(need.role.organisation) - timedelta(days=1), actor=request.actor)
    messages.success(request, f"{need.role.name} no longer asks for {need.skill.name}.")
    return redirect("role", need.role_id)


@permitted(Permission.VIEW_CATALOGUE)
@require_safe
def export(request: Request) -> HttpResponse:
    """What all roles ask for, as a table that can be read back."""
    needs = RoleRequirement.objects.visible_to(request.actor).select_related("role", "skill").order_by("role__name", "skill__name", "pk")
    return csv_download("roles.csv", NEED_COLUMNS, need_rows(needs.iterator(chunk_size=500)))


@permitted(Permission.EDIT_SKILLS)
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: Request) -> HttpResponse:
    """A table of what roles ask for."""
    assert request.person is not None
    organisation = request.person.organisation
    form = NeedsImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            rows = read_needs(file.read(), file_name=file.name, today=today_of(organisation))
            number = import_needs(organisation, rows, actor=request.actor)
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, f"{number} need{'s' if number != 1 else ''} read.")
            return redirect("roles")
    context = {"form": form, "columns": NEED_COLUMNS, "section": "catalogue"}
    return render(request, "skills/roles_import.html", context, status=422 if form.errors else 200)


def names_of_skills(request: Request) -> list[str]:
    """Names of the organisation's skills, to choose from while one types."""
    return list(Skill.objects.visible_to(request.actor).open().order_by("name").values_list("name", flat=True)[:MOST_NAMED])


def _role(request: Request, role: int) -> JobRole:
    assert request.person is not None
    found = JobRole.objects.filter(pk=role, organisation=request.person.organisation).select_related("organisation").first()
    if found is None:
        raise Http404
    return found
