"""Pages of opportunities for whoever may want one: what is open to them, what is missing, and raising a hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from hexmark.access import ANONYMOUS
from hexmark.errors import DomainError
from hexmark.files.markdown import to_html
from hexmark.opportunities.consents import ask_for_consent, manager_of
from hexmark.opportunities.gates import sentences_of
from hexmark.opportunities.interest_tables import Interest
from hexmark.opportunities.interests import may_decide, raise_hand, sees_hands
from hexmark.opportunities.interests import withdraw as take_down
from hexmark.opportunities.models import Opportunity
from hexmark.opportunities.offering import may_offer
from hexmark.opportunities.publishing import published_gate
from hexmark.opportunities.queries import Mine, as_mine, mine
from hexmark.opportunities.waivers import ask_for_waiver
from hexmark.opportunities.ways import shortest_way
from hexmark.people.models import Person
from hexmark.web.actors import SAFE, signed_in
from hexmark.web.forms.opportunities import AskConsentForm, AskWaiverForm, RaiseForm
from hexmark.web.opportunity_ways import linked
from hexmark.web.requests import Request

ROWS = 50
FEW = 12
SHELVES = {"open": "Open to you", "near": "One step away", "other": "Others"}


@signed_in
@require_safe
def index(request: Request) -> HttpResponse:
    """What is open to the person, what is one step away, and the others; by title, never by how anybody fits."""
    if request.person is None:
        return redirect("opportunities_board")
    kind, search = request.GET.get("kind", ""), request.GET.get("q", "").strip()[:100]
    found = mine(request.person, kind=kind, search=search)
    shelf = request.GET.get("shelf", "")
    keys = [shelf] if shelf in SHELVES else list(SHELVES)
    shelves = [_shelf(request, key, found, ROWS if shelf in SHELVES else FEW) for key in keys]
    context = {
        "shelves": [one for one in shelves if one["page"].paginator.count or shelf in SHELVES],
        "shelf": shelf if shelf in SHELVES else "",
        "any": bool(found),
        "kind": kind,
        "search": search,
        "kinds": Opportunity.Kind.choices,
        "tab": "mine",
        "section": "opportunities",
    }
    return render(request, "opportunities/index.html", context)


@require_safe
def board(request: Request) -> HttpResponse:
    """What everybody may read, without an account."""
    search = request.GET.get("q", "").strip()[:100]
    found = Opportunity.objects.open_now().filter(audience=Opportunity.Audience.PUBLIC).select_related("organisation")
    if search:
        found = found.filter(title__icontains=search) | found.filter(organisation__name__icontains=search)
    page = Paginator(found.order_by("title", "pk"), ROWS).get_page(_page(request))
    return render(request, "opportunities/board.html", {"page": page, "search": search, "section": "opportunities_board"})


def one(request: Request, opportunity_id: str) -> HttpResponse:
    """One opportunity: what it is, who can apply, and how that stands for whoever looks. What is not public is asked for by signing in."""
    shown = _one if _is_public(opportunity_id) and request.method in SAFE else signed_in(_one)
    return shown(request, opportunity_id)


@require_safe
def _one(request: Request, opportunity_id: str) -> HttpResponse:
    return _shown(request, visible(request, opportunity_id), {})


def _is_public(opportunity_id: str) -> bool:
    return Opportunity.objects.visible_to(ANONYMOUS).filter(public_id=opportunity_id).exists()


@signed_in
@require_POST
def raise_(request: Request, opportunity_id: str) -> HttpResponse:
    """The hand is up."""
    found, person = visible(request, opportunity_id), _person(request)
    form = RaiseForm(request.POST)
    if form.is_valid():
        try:
            raise_hand(found, person, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            undo = reverse("opportunity_withdraw", args=[found.public_id])
            messages.success(request, "Your hand is up. Whoever offers it sees it now.", extra_tags=undo)
            return redirect("opportunity", found.public_id)
    return _shown(request, found, {"raise_form": form}, status=422)


@signed_in
@require_POST
def withdraw(request: Request, opportunity_id: str) -> HttpResponse:
    """The hand is down."""
    found, person = visible(request, opportunity_id), _person(request)
    hand = Interest.objects.raised().filter(opportunity=found, person=person).select_related("person").first()
    if hand is None:
        raise Http404
    if take_down(hand, actor=request.actor):
        messages.success(request, "Undone: it is as if you had never raised your hand.")
    else:
        messages.success(request, "Your hand is down. Raise it again within ten minutes, and it keeps its place.")
    return redirect("opportunity", found.public_id)


@signed_in
@require_POST
def consent(request: Request, opportunity_id: str) -> HttpResponse:
    """One's manager is asked."""
    found, person = visible(request, opportunity_id), _person(request)
    form = AskConsentForm(request.POST)
    if form.is_valid():
        try:
            ask_for_consent(found, person, actor=request.actor, note=form.cleaned_data["note"])
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, "Your manager is asked, and you are told what they answer.")
            return redirect("opportunity", found.public_id)
    return _shown(request, found, {"consent_form": form}, status=422)


@signed_in
@require_POST
def waiver(request: Request, opportunity_id: str) -> HttpResponse:
    """A part is asked to be waived."""
    found, person = visible(request, opportunity_id), _person(request)
    form = AskWaiverForm(request.POST)
    if form.is_valid():
        try:
            ask_for_waiver(found, person, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, "Asked. Whoever offers it answers, and you are told.")
            return redirect("opportunity", found.public_id)
    return _shown(request, found, {"waiver_form": form}, status=422)


def visible(request: Request, opportunity_id: str) -> Opportunity:
    """The opportunity, if the actor may know of it; a 404 otherwise."""
    found = Opportunity.objects.visible_to(request.actor).filter(public_id=opportunity_id)
    one_ = found.select_related("organisation", "offered_by").first()
    if one_ is None:
        raise Http404
    return one_


def _person(request: Request) -> Person:
    """The signed-in person; a 404 where the account belongs to no organisation at the moment."""
    if request.person is None:
        raise Http404
    return request.person


def _shown(request: Request, found: Opportunity, forms: dict[str, Any], *, status: int = 200) -> HttpResponse:
    is_for_me = request.person is not None and Opportunity.objects.for_person(request.person).filter(pk=found.pk).exists()
    mine_: Mine | None = as_mine([found], request.person)[0] if request.person is not None else None
    context: dict[str, Any] = {
        "found": found,
        "text": to_html(found.text),
        "sentences": sentences_of(found),
        "ways": [(part, linked(shortest_way(part.requirement, part.explanation))) for part in mine_.gate.parts] if mine_ else [],
        "steps": linked(mine_.gate.steps) if mine_ else [],
        "mine": mine_ if is_for_me or (mine_ is not None and mine_.interest is not None) else None,
        "is_for_me": is_for_me,
        "is_open": found.is_open(),
        "may_offer": may_offer(request.actor, found),
        "may_decide": may_decide(request.actor, found),
        "sees_hands": sees_hands(request.actor, found),
        "manager": manager_of(request.person) if request.person is not None and is_for_me else None,
        "raise_form": RaiseForm(),
        "consent_form": AskConsentForm(),
        "waiver_form": AskWaiverForm(),
        "waiver_part": request.POST.get("part", ""),
        "crosses": request.person is not None and request.person.organisation_id != found.organisation_id,
        "gate_href": _gate_address(found),
        "section": "opportunities",
    }
    base = "opportunities/one.html" if request.person is not None else "opportunities/public.html"
    return render(request, base, context | forms, status=status)


def _gate_address(found: Opportunity) -> str:
    """Where anybody checks their badges against it; nothing before it is signed."""
    gate = published_gate(found)
    return reverse("open_gate", args=[gate.public_id]) if gate is not None and gate.document else ""


def _shelf(request: Request, key: str, found: Sequence[Mine], rows: int) -> dict[str, Any]:
    """One of the three lists, a page of it."""
    return {"key": key, "title": SHELVES[key], "page": Paginator([one for one in found if one.shelf == key], rows).get_page(_page(request))}


def _page(request: Request) -> str:
    return request.GET.get("page", "1")
