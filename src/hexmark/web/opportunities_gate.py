"""The page on which somebody says who can apply: with what it would do before it is saved, and every earlier version."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from hexmark.access import Permission
from hexmark.errors import DomainError, Invalid
from hexmark.opportunities.gates import checked_rule, requirement_of, sentences_of, top_parts, wording_of
from hexmark.opportunities.models import GateVersion, Opportunity
from hexmark.opportunities.offering import set_gate
from hexmark.opportunities.previewing import Preview, check_assessed, named, preview_gate
from hexmark.opportunities.publishing import publish as publish_gate
from hexmark.opportunities.publishing import published_gate
from hexmark.opportunities.publishing import unpublish as unpublish_gate
from hexmark.requirements import sentence
from hexmark.web.actors import signed_in
from hexmark.web.opportunities_offered import changeable
from hexmark.web.requests import Request
from hexmark.web.requirements import ACT, builder, edited

MOST_VERSIONS = 50
#: Names of few people are no secret from who may view people; others read that there are fewer than these.
FEW = 5


class GateForm(forms.Form):
    """Who can apply."""

    rule = forms.CharField(
        label="The rule",
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "class": "code"}),
        help_text="As JSON, in the language of requirements. Empty: everybody of the audience may apply.",
    )
    although = forms.BooleanField(label="Save it although nobody can meet it", required=False)

    def clean_rule(self) -> dict[str, Any] | None:
        """The rule in its one written form; None where nothing is asked for."""
        text = self.cleaned_data["rule"].strip()
        if not text:
            return None
        try:
            return checked_rule(json.loads(text))
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError("This is no JSON. Copy it anew from where it was made.") from error
        except Invalid as error:
            raise forms.ValidationError(str(error)) from error


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def gate(request: Request, opportunity_id: str) -> HttpResponse:
    """Looked at first, then saved: who could apply today, who gains, who loses, and whether anybody can."""
    found = changeable(request, opportunity_id)
    form = GateForm(request.POST or None, initial={"rule": _text(found.rule)})
    shown: Preview | None = None
    words: list[str] = []
    if ACT in request.POST:
        form = _built(request)
    elif request.method == "POST" and form.is_valid():
        rule = form.cleaned_data["rule"]
        try:
            if request.POST.get("act") == "save":
                set_gate(found, rule, actor=request.actor, although_nobody_can=form.cleaned_data["although"])
                messages.success(request, "Saved. Whoever gains or loses by it is told.")
                return redirect("opportunity", found.public_id)
            check_assessed(found.organisation, requirement_of(rule))
            shown, words = preview_gate(found, rule), _words(found, named(found.organisation, rule))
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    context = {
        "found": found,
        "form": form,
        "builder": builder(str(form["rule"].value() or ""), actor=request.actor, wording=wording_of(found.organisation)),
        "shown": shown,
        "words": words,
        "names": request.actor.may(Permission.VIEW_PEOPLE),
        "few": FEW,
        "now": sentences_of(found),
        "versions": GateVersion.objects.filter(opportunity=found).order_by("-number")[:MOST_VERSIONS],
        "open_gate": published_gate(found),
        "section": "opportunities",
    }
    return render(request, "opportunities/gate.html", context, status=422 if form.errors else 200)


def _built(request: Request) -> GateForm:
    """The form after the press of a builder's button: with the new rule, or with the old one and why not."""
    try:
        return GateForm(initial={"rule": edited(request.POST)})
    except Invalid as error:
        form = GateForm(request.POST)
        form.add_error("rule", str(error))
        return form


def _text(rule: dict[str, Any] | None) -> str:
    return "" if rule is None else json.dumps(rule, indent=2, ensure_ascii=False)


def _words(found: Opportunity, rule: dict[str, Any] | None) -> list[str]:
    requirement = requirement_of(rule)
    return [] if requirement is None else [sentence(part, wording=wording_of(found.organisation)) for part in top_parts(requirement)]


@signed_in
@require_POST
def publish(request: Request, opportunity_id: str) -> HttpResponse:
    """Anybody can check their own badges against it."""
    found = changeable(request, opportunity_id)
    publish_gate(found, actor=request.actor)
    messages.success(
        request, "Published: it is signed within seconds.", extra_tags=reverse("opportunity_unpublish", args=[found.public_id])
    )
    return redirect("opportunity_gate", found.public_id)


@signed_in
@require_POST
def unpublish(request: Request, opportunity_id: str) -> HttpResponse:
    """Nobody finds it any more."""
    found = changeable(request, opportunity_id)
    unpublish_gate(found, actor=request.actor)
    messages.success(request, "Nobody finds it any more.")
    return redirect("opportunity_gate", found.public_id)
