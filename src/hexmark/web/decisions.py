"""Why, and why not: decisions by rule about oneself."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hexmark.errors import NotPermitted
from hexmark.holdings.decisions import decisions_about, replay
from hexmark.holdings.models import Decision
from hexmark.web.actors import signed_in
from hexmark.web.requests import Request

ROWS = 50


@signed_in
@require_safe
def index(request: Request) -> HttpResponse:
    """Everything that was decided about oneself by a rule, newest first."""
    if request.person is None:
        raise NotPermitted("There is nothing here for you.")
    decisions = decisions_about(request.person, actor=request.actor)
    page = Paginator(decisions, ROWS).get_page(request.GET.get("page"))
    return render(request, "gaps/decisions.html", {"page": page, "section": "me"})


@signed_in
@require_safe
def one(request: Request, decision_id: str) -> HttpResponse:
    """One decision: the rule in words, what counted, what was missing, and whether asking again says the same."""
    found = Decision.objects.visible_to(request.actor).filter(public_id=decision_id).select_related("person").first()
    if found is None:
        raise Http404
    same = replay(found).to_json() == found.explanation
    context = {"decision": found, "explanation": found.explanation, "same": same, "section": "me"}
    return render(request, "gaps/decision.html", context)
