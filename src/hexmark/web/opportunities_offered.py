"""Pages of opportunities for whoever offers them: writing, opening and closing, who is interested, and deciding."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hexmark.access import Permission
from hexmark.errors import DomainError, NotPermitted
from hexmark.opportunities import offering
from hexmark.opportunities.interest_tables import Interest, Waiver
from hexmark.opportunities.interests import decide, may_decide, sees_hands, undo_decision
from hexmark.opportunities.models import Opportunity
from hexmark.opportunities.queries import interested as interested_in
from hexmark.opportunities.queries import offered as offered_by
from hexmark.opportunities.rules import may_be_undone
from hexmark.opportunities.waivers import decide_waiver
from hexmark.web.actors import permitted, signed_in
from hexmark.web.downloads import csv_download
from hexmark.web.forms.opportunities import AnswerWaiverForm, DecideForm, OfferForm, initial_of
from hexmark.web.opportunities import visible
from hexmark.web.requests import Request

ROWS = 50
#: There is no column by which people could be put in an order of merit, and there never will be.
COLUMNS = ("name", "email", "organisation", "raised_at", "says", "counted", "waived", "decision", "reason", "decided_at")


@signed_in
@require_safe
def offered(request: Request) -> HttpResponse:
    """What the actor may change or decide about."""
    found = offered_by(request.actor)
    if not request.actor.may(Permission.VIEW_OPPORTUNITIES) and not found.exists():
        raise NotPermitted("There is nothing here for you.")
    state = request.GET.get("state", "")
    if state in Opportunity.State.values:
        found = found.filter(state=state)
    page = Paginator(found.select_related("organisation"), ROWS).get_page(request.GET.get("page"))
    context = {"page": page, "state": state, "states": Opportunity.State.choices, "tab": "offered", "offers_any": True}
    return render(request, "opportunities/offered.html", context | {"section": "opportunities"})


@permitted(Permission.OFFER_OPPORTUNITIES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """A new draft."""
    assert request.person is not None
    organisation = request.person.organisation
    form = OfferForm(request.POST or None, own=organisation)
    if request.method == "POST" and form.is_valid():
        try:
            made = offering.create_opportunity(organisation, form.offer(), actor=request.actor)
            offering.share_with(made, form.cleaned_data["shared"], actor=request.actor)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, "Kept as a draft. Say who can apply, or open it for everybody of its audience.")
            return redirect("opportunity_gate", made.public_id)
    return render(request, "opportunities/edit.html", {"form": form, "section": "opportunities"}, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, opportunity_id: str) -> HttpResponse:
    """What it says, and who sees it."""
    found = changeable(request, opportunity_id)
    form = OfferForm(request.POST or None, own=found.organisation, initial=initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            offering.change_opportunity(found, form.offer(), actor=request.actor)
            offering.share_with(found, form.cleaned_data["shared"], actor=request.actor)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, "Saved.")
            return redirect("opportunity", found.public_id)
    context = {"form": form, "found": found, "section": "opportunities"}
    return render(request, "opportunities/edit.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def open_(request: Request, opportunity_id: str) -> HttpResponse:
    """Its audience sees it."""
    found = changeable(request, opportunity_id)
    offering.open_opportunity(found, actor=request.actor)
    messages.success(request, "It is open.", extra_tags=reverse("opportunity_close", args=[found.public_id]))
    return redirect("opportunity", found.public_id)


@signed_in
@require_POST
def close(request: Request, opportunity_id: str) -> HttpResponse:
    """No more hands."""
    found = changeable(request, opportunity_id)
    offering.close_opportunity(found, actor=request.actor)
    undo = reverse("opportunity_reopen", args=[found.public_id]) if found.opened_at else ""
    messages.success(request, "It is closed. Hands that are up can still be decided about.", extra_tags=undo)
    return redirect("opportunity", found.public_id)


@signed_in
@require_POST
def reopen(request: Request, opportunity_id: str) -> HttpResponse:
    """Closing it is undone."""
    found = changeable(request, opportunity_id)
    offering.reopen_opportunity(found, actor=request.actor)
    messages.success(request, "It is open again.")
    return redirect("opportunity", found.public_id)


@signed_in
@require_safe
def interested(request: Request, opportunity_id: str) -> HttpResponse:
    """Whose hands are up, by time or by name, and who asks for a waiver."""
    found = _watched(request, opportunity_id)
    return _interested(request, found)


@signed_in
@require_safe
def interested_export(request: Request, opportunity_id: str) -> HttpResponse:
    """The same as a file, in the order in which hands were raised."""
    found = _watched(request, opportunity_id)
    return csv_download("interested.csv", COLUMNS, _rows(interested_in(found, request.actor).iterator(chunk_size=500)))


@signed_in
@require_POST
def decision(request: Request, opportunity_id: str, interest_id: str) -> HttpResponse:
    """Chosen or not, with a reason."""
    found = _decided(request, opportunity_id)
    hand = _one(Interest.objects.visible_to(request.actor).raised().filter(opportunity=found, public_id=interest_id).first())
    form = DecideForm(request.POST)

    def act() -> None:
        decide(hand, form.cleaned_data["decision"], reason=form.cleaned_data["reason"], actor=request.actor)
        undo = reverse("opportunity_decision_undo", args=[found.public_id, hand.public_id])
        messages.success(request, f"{hand.person.name} is told in ten minutes.", extra_tags=undo)

    return _answered(request, found, form, act, of=interest_id)


@signed_in
@require_POST
def decision_undo(request: Request, opportunity_id: str, interest_id: str) -> HttpResponse:
    """As if nothing had been decided."""
    found = _decided(request, opportunity_id)
    hand = _one(Interest.objects.visible_to(request.actor).raised().filter(opportunity=found, public_id=interest_id).first())
    undo_decision(hand, actor=request.actor)
    messages.success(request, "Undone. Nobody was told.")
    return redirect("opportunity_interested", found.public_id)


@signed_in
@require_POST
def waiver_answer(request: Request, opportunity_id: str, waiver_id: str) -> HttpResponse:
    """Waived or not, with a reason."""
    found = _decided(request, opportunity_id)
    asked = _one(Waiver.objects.visible_to(request.actor).filter(opportunity=found, public_id=waiver_id).first())
    form = AnswerWaiverForm(request.POST)

    def act() -> None:
        granted = form.cleaned_data["granted"] == "yes"
        decide_waiver(asked, granted=granted, answer=form.cleaned_data["answer"], actor=request.actor)
        messages.success(request, f"{asked.person.name} is told.")

    return _answered(request, found, form, act, of=waiver_id)


def changeable(request: Request, opportunity_id: str) -> Opportunity:
    """The opportunity, if the actor may change it; a 404 otherwise."""
    found = visible(request, opportunity_id)
    if not offering.may_offer(request.actor, found):
        raise Http404
    return found


def _watched(request: Request, opportunity_id: str) -> Opportunity:
    found = visible(request, opportunity_id)
    if not sees_hands(request.actor, found):
        raise Http404
    return found


def _decided(request: Request, opportunity_id: str) -> Opportunity:
    found = visible(request, opportunity_id)
    if not may_decide(request.actor, found):
        raise Http404
    return found


def _one(row: Any) -> Any:
    if row is None:
        raise Http404
    return row


def _answered(request: Request, found: Opportunity, form: Any, act: Callable[[], None], *, of: str) -> HttpResponse:
    """Back to the list, or the list again with the form as it was filled in."""
    if form.is_valid():
        try:
            act()
        except NotPermitted:
            raise
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return redirect("opportunity_interested", found.public_id)
    return _interested(request, found, refused={of: form}, status=422)


def _interested(request: Request, found: Opportunity, *, refused: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    forms, order, now = refused or {}, request.GET.get("order", "raised"), timezone.now()
    page = Paginator(interested_in(found, request.actor, order=order), ROWS).get_page(request.GET.get("page"))
    waivers = Waiver.objects.visible_to(request.actor).filter(opportunity=found).select_related("person__organisation")
    open_waivers = waivers.filter(granted__isnull=True).order_by("asked_at", "pk")[:ROWS]
    context = {
        "found": found,
        "page": page,
        "order": "name" if order == "name" else "raised",
        "hands": [(hand, _counted(hand), forms.get(hand.public_id) or DecideForm(), may_be_undone(hand, now)) for hand in page],
        "waivers": [(one, forms.get(one.public_id) or AnswerWaiverForm()) for one in open_waivers],
        "answered": waivers.filter(granted__isnull=False).order_by("-decided_at", "-pk")[:ROWS],
        "may_decide": may_decide(request.actor, found),
        "own": request.person.pk if request.person else 0,
        "section": "opportunities",
    }
    return render(request, "opportunities/interested.html", context, status=status)


def _counted(hand: Interest) -> dict[str, list[str]]:
    """What counted at the gate when the hand was raised, and what was waived then, in words."""
    kept = hand.explanation or {}
    answer = kept.get("explanation") or {}
    return {
        "counted": [str(one.get("what", "")) for one in answer.get("counted", [])],
        "waived": [f"{one['part']} (waived by {one['by']}: {one['answer']})" for one in kept.get("waived", [])],
    }


def _rows(hands: Any) -> Iterator[Sequence[object]]:
    for hand in hands:
        kept, person = _counted(hand), hand.person
        about = (person.name, person.email, person.organisation.name, hand.raised_at.isoformat(), hand.note)
        decided = hand.decided_at.isoformat() if hand.decided_at else ""
        yield *about, "; ".join(kept["counted"]), "; ".join(kept["waived"]), hand.decision, hand.reason, decided
