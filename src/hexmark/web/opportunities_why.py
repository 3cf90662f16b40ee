"""Why, and why not: what a gate answered somebody, with rule and facts; and, to who offers, how groups got to an opportunity."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hexmark.holdings.decisions import replay
from hexmark.opportunities.decisions import answers_kept
from hexmark.opportunities.fairness import BY, STAGES, STATEMENT, access_figures
from hexmark.opportunities.gates import gate_of
from hexmark.opportunities.models import GateVersion, Opportunity
from hexmark.web.actors import signed_in
from hexmark.web.downloads import csv_download
from hexmark.web.opportunities import visible
from hexmark.web.requests import Request


@signed_in
@require_safe
def why(request: Request, opportunity_id: str) -> HttpResponse:
    """To the person alone: the gate as it is now, and every answer that was kept, worked out once more from its own rule and facts."""
    found = visible(request, opportunity_id)
    if request.person is None:
        raise Http404
    kept = answers_kept(found, request.person)
    if not kept and not Opportunity.objects.for_person(request.person).filter(pk=found.pk).exists():
        raise Http404
    context = {
        "found": found,
        "gate": gate_of(found, request.person),
        "version": GateVersion.objects.filter(opportunity=found, number=found.rule_version).first(),
        "kept": [(one, replay(one).to_json() == one.explanation) for one in kept],
        "section": "opportunities",
    }
    return render(request, "opportunities/why.html", context)


@signed_in
@require_safe
def access(request: Request, opportunity_id: str) -> HttpResponse:
    """By group, how many it is offered to, could apply, raised a hand and were chosen. Few people are never shown."""
    found = visible(request, opportunity_id)
    figures = access_figures(found, by=request.GET.get("by", "team"), actor=request.actor)
    context = {"found": found, "figures": figures, "kinds": BY, "statement": STATEMENT, "section": "opportunities"}
    return render(request, "opportunities/access.html", context)


@signed_in
@require_safe
def access_export(request: Request, opportunity_id: str) -> HttpResponse:
    """The same as a file; what is left out is empty."""
    found = visible(request, opportunity_id)
    figures = access_figures(found, by=request.GET.get("by", "team"), actor=request.actor)
    rows = [(one.name, one.offered, one.could, one.raised, one.chosen) for one in figures.groups]
    return csv_download("access.csv", (figures.by, *STAGES), [*rows, (STATEMENT, None, None, None, None)])
