"""Pages of people: the list, and one person with what they are here and what they hold."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hexmark.access import Permission
from hexmark.errors import DomainError
from hexmark.issuing.coverage import credentials_of_person
from hexmark.people import actions, records
from hexmark.people.imports.results import people_sheet
from hexmark.people.inviting import invite as send_invitation
from hexmark.people.listing import found_people, roles_of
from hexmark.people.models import Person, RoleAssignment
from hexmark.web.actors import permitted, signed_in
from hexmark.web.downloads import csv_download
from hexmark.web.forms.people import NewPersonForm, PersonForm, RoleForm, SearchForm
from hexmark.web.me import state_of
from hexmark.web.requests import Request

ROWS = 50
MOST_REPORTS = 50


@permitted(Permission.VIEW_PEOPLE)
@require_safe
def index(request: Request) -> HttpResponse:
    """Everybody here, narrowed down as the address says."""
    form = SearchForm(request.GET, actor=request.actor)
    wanted = form.wanted(request.GET.get("q", "").strip()[:100])
    page = Paginator(found_people(request.actor, wanted), ROWS).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "wanted": wanted, "match": request.GET.urlencode(), "section": "people"}
    return render(request, "people/index.html", context)


@permitted(Permission.VIEW_PEOPLE)
@require_safe
def export(request: Request) -> HttpResponse:
    """The people whom the list shows, as a CSV that can be changed and brought back."""
    assert request.person is not None
    wanted = SearchForm(request.GET, actor=request.actor).wanted(request.GET.get("q", "").strip()[:100])
    return csv_download("people.csv", *people_sheet(request.person.organisation, found_people(request.actor, wanted)))


@permitted(Permission.EDIT_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Somebody new, by form."""
    form = NewPersonForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            added = _added(request, form)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, f"{added.name} is known here now.")
            return redirect("person", added.public_id)
    return render(request, "people/new.html", {"form": form, "section": "people"}, status=422 if form.errors else 200)


@signed_in
@require_safe
def person(request: Request, person_id: str) -> HttpResponse:
    """One person, for whoever may view people, for their managers and leads, and for themselves."""
    return _shown(request, _person(request, person_id))


@permitted(Permission.EDIT_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, person_id: str) -> HttpResponse:
    """Facts, team and manager, changed together or not at all."""
    found = _person(request, person_id)
    form = PersonForm(request.POST or None, actor=request.actor, person=found, initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        try:
            _changed(request, found, form)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, "Saved.")
            return redirect("person", found.public_id)
    context = {"form": form, "found": found, "section": "people"}
    return render(request, "people/edit.html", context, status=422 if form.errors else 200)


@permitted(Permission.EDIT_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: Request, person_id: str) -> HttpResponse:
    """Asked once more, then they have left."""
    found = _person(request, person_id)
    if request.method == "POST":
        records.leave(found, actor=request.actor)
        messages.success(request, f"{found.name} has left. What they were awarded stays theirs.")
        return redirect("person", found.public_id)
    return render(request, "people/leave.html", {"found": found, "reports": found.reports.present().count(), "section": "people"})


@permitted(Permission.EDIT_PEOPLE)
@require_POST
def come_back(request: Request, person_id: str) -> HttpResponse:
    """Here again."""
    found = _person(request, person_id)
    records.come_back(found, actor=request.actor)
    messages.success(request, f"{found.name} is back, as a member.")
    return redirect("person", found.public_id)


@permitted(Permission.EDIT_PEOPLE)
@require_POST
def invite(request: Request, person_id: str) -> HttpResponse:
    """A mail with a link to open an account, or to join with one."""
    found = _person(request, person_id)
    send_invitation(found, actor=request.actor)
    messages.success(request, f"A mail to {found.email} is on its way. Its link can be used for 90 days.")
    return redirect("person", found.public_id)


@permitted(Permission.EDIT_PEOPLE)
@require_POST
def give_role(request: Request, person_id: str) -> HttpResponse:
    """A job role, from a day on."""
    found = _person(request, person_id)
    form = RoleForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            records.give_role(found, name=given["role"], starts_on=given["starts_on"], ends_on=given["ends_on"], actor=request.actor)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return redirect("person", found.public_id)
    return _shown(request, found, role_form=form, status=422)


@permitted(Permission.EDIT_PEOPLE)
@require_POST
def end_role(request: Request, person_id: str, assignment: int) -> HttpResponse:
    """A job role ends today."""
    found = _person(request, person_id)
    held = RoleAssignment.objects.filter(person=found, pk=assignment).select_related("person", "role").first()
    if held is None:
        raise Http404
    records.end_role(held, on=max(timezone.localdate(), held.starts_on), actor=request.actor)
    return redirect("person", found.public_id)


def _person(request: Request, person_id: str) -> Person:
    people = Person.objects.visible_to(request.actor).select_related("organisation", "account", "team__lead", "manager")
    found = people.filter(public_id=person_id).first()
    if found is None:
        raise Http404
    return found


def _shown(request: Request, found: Person, *, role_form: RoleForm | None = None, status: int = 200) -> HttpResponse:
    sees_all = request.actor.may(Permission.VIEW_PEOPLE)
    held = Paginator(credentials_of_person(request.actor, found), ROWS).get_page(request.GET.get("page"))
    reports = Person.objects.visible_to(request.actor).present().filter(manager=found).order_by("name", "pk")
    context: dict[str, Any] = {
        "found": found,
        "page": held,
        "held": [(credential, state_of(credential)) for credential in held],
        "shows_held": bool(held.paginator.count) or request.actor.may(Permission.VIEW_AWARDS) or not sees_all,
        "reports": list(reports[: MOST_REPORTS + 1]),
        "most_reports": MOST_REPORTS,
        "roles": roles_of(found),
        "accesses": [one.get_access_display() for one in found.memberships.order_by("pk")] if sees_all else [],
        "sees_all": sees_all,
        "is_self": found.pk == request.actor.person_id,
        "role_form": role_form or RoleForm(initial={"starts_on": timezone.localdate()}),
        "section": "people" if sees_all else "team",
    }
    return render(request, "people/person.html", context, status=status)


@transaction.atomic
def _added(request: Request, form: NewPersonForm) -> Person:
    """The person with everything that was typed, or nothing."""
    assert request.person is not None
    given, actor = form.cleaned_data, request.actor
    added = actions.add_person(request.person.organisation, name=given["name"], email=given["email"], actor=actor)
    records.edit_person(added, facts=form.facts(), version=added.version, actor=actor)
    if given["team"]:
        records.move_to_team(added, team=given["team"], actor=actor)
    if given["manager"]:
        records.set_manager(added, manager=given["manager"], actor=actor)
    if given["role"]:
        records.give_role(added, name=given["role"], starts_on=given["started_on"] or timezone.localdate(), actor=actor)
    return added


@transaction.atomic
def _changed(request: Request, found: Person, form: PersonForm) -> None:
    """Everything that was typed, or nothing of it."""
    given = form.cleaned_data
    # First, because it asks whether the page was older than the person.
    records.edit_person(found, facts=form.facts(found), version=given["version"] or 0, actor=request.actor)
    records.move_to_team(found, team=given["team"], actor=request.actor)
    records.set_manager(found, manager=given["manager"], actor=request.actor)


def _initial(found: Person) -> dict[str, Any]:
    return {
        "name": found.name,
        "email": found.email,
        "kind": found.kind,
        "employee_id": found.employee_id,
        "language": found.language,
        "team": found.team,
        "manager": found.manager.email if found.manager else "",
        "started_on": found.started_on,
        "ends_on": found.ends_on,
        "version": found.version,
    }
