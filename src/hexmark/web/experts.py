"""Finding who can do something, and one's own skills with the say about being found."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hexmark.errors import DomainError, Invalid, NotPermitted
from hexmark.gaps.experts import country_of, experts, is_findable, may_search, set_findable
from hexmark.gaps.standing import standing_of, suggestions_for
from hexmark.organisations.assurance import Assurance
from hexmark.skills.needs import named_skill
from hexmark.web.actors import signed_in
from hexmark.web.forms.skills import ExpertsForm, FindableForm
from hexmark.web.requests import Request
from hexmark.web.role_needs import names_of_skills

ROWS = 50


@signed_in
@require_safe
def index(request: Request) -> HttpResponse:
    """Who shows a skill at a level today."""
    if request.person is None or not may_search(request.actor):
        raise NotPermitted("There is nothing here for you.")
    asked = bool(request.GET.get("skill"))
    form = ExpertsForm(request.GET if asked else None)
    context: dict[str, Any] = {"form": form, "own_skills": names_of_skills(request), "section": "team"}
    if asked and form.is_valid():
        try:
            skill = named_skill(request.person.organisation, form.cleaned_data["skill"].strip())
            level, country = form.cleaned_data["level"] or 1, form.cleaned_data["country"]
            found = experts(skill, level=level, country=country, at=timezone.now(), actor=request.actor)
            context |= {"skill": skill, "level": level, "page": Paginator(found, ROWS).get_page(request.GET.get("page"))}
            context["words"] = [step.label for step in Assurance]
        except Invalid as error:
            form.add_error("skill", str(error))
    return render(request, "gaps/experts.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: Request) -> HttpResponse:
    """What one's roles ask for, what one shows of it, and what would close the most important gap."""
    person = request.person
    if person is None:
        raise NotPermitted("There is nothing here for you.")
    initial = {"findable": is_findable(person), "country": country_of(person)}
    form = FindableForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_findable(person, **form.cleaned_data, actor=request.actor)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, "Saved. It counts from now on.")
            return redirect("my_skills")
    standing = standing_of(person, at=timezone.now())
    suggestions = suggestions_for(person.organisation, standing)
    context = {"standing": standing, "suggestions": suggestions, "form": form, "section": "me"}
    return render(request, "gaps/mine.html", context, status=422 if form.errors else 200)
