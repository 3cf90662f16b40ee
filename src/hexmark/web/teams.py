"""Pages of teams: the list, and one team with its people."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from hexmark.access import Permission
from hexmark.errors import DomainError
from hexmark.people import teams
from hexmark.people.listing import in_natural_order, open_teams
from hexmark.people.models import Person, Team
from hexmark.web.actors import permitted
from hexmark.web.forms.people import TeamForm
from hexmark.web.requests import Request

ROWS = 50


@permitted(Permission.VIEW_PEOPLE)
@require_safe
def index(request: Request) -> HttpResponse:
    """Every open team."""
    search = request.GET.get("q", "").strip()[:100]
    found = open_teams(request.actor)
    page = Paginator(in_natural_order(found.filter(name__icontains=search) if search else found), ROWS).get_page(request.GET.get("page"))
    return render(request, "people/teams.html", {"page": page, "search": search, "section": "people"})


@permitted(Permission.EDIT_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """A new team."""
    form = TeamForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        assert request.person is not None
        try:
            made = teams.make_team(request.person.organisation, **form.cleaned_data, actor=request.actor)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return redirect("team_one", made.public_id)
    context = {"form": form, "section": "people"}
    return render(request, "people/team_edit.html", context, status=422 if form.errors else 200)


@permitted(Permission.VIEW_PEOPLE)
@require_safe
def team(request: Request, team_id: str) -> HttpResponse:
    """One team: its lead, the teams within it, its people."""
    found = _team(request, team_id)
    people = Person.objects.visible_to(request.actor).present().filter(team=found).select_related("manager").order_by("name", "pk")
    context: dict[str, Any] = {
        "found": found,
        "parts": in_natural_order(open_teams(request.actor).filter(parent=found)),
        "page": Paginator(people, ROWS).get_page(request.GET.get("page")),
        "section": "people",
    }
    return render(request, "people/team.html", context)


@permitted(Permission.EDIT_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, team_id: str) -> HttpResponse:
    """Another name, another place, another lead."""
    found = _team(request, team_id)
    initial = {"name": found.name, "parent": found.parent, "lead": found.lead.email if found.lead else ""}
    form = TeamForm(request.POST or None, actor=request.actor, team=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            teams.change_team(found, **form.cleaned_data, actor=request.actor)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, "Saved.")
            return redirect("team_one", found.public_id)
    context = {"form": form, "found": found, "section": "people"}
    return render(request, "people/team_edit.html", context, status=422 if form.errors else 200)


@permitted(Permission.EDIT_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: Request, team_id: str) -> HttpResponse:
    """Asked once more, then the team is closed."""
    found = _team(request, team_id)
    if request.method == "POST":
        people = teams.close_team(found, actor=request.actor)
        messages.success(
            request, f"{found.name} is closed. {people or 'No'} {'person stands' if people == 1 else 'people stand'} in no team now."
        )
        return redirect("teams")
    size = Person.objects.filter(team=found).count()
    return render(request, "people/team_close.html", {"found": found, "size": size, "section": "people"})


def _team(request: Request, team_id: str) -> Team:
    found = Team.objects.visible_to(request.actor).open().filter(public_id=team_id).select_related("lead", "parent").first()
    if found is None:
        raise Http404
    return found
