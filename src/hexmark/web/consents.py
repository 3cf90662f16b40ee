"""What a manager's people ask: their consent to an opportunity, given or refused with a reason, and withdrawn."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from hexmark.errors import DomainError
from hexmark.opportunities.consents import give_consent, refuse_consent, withdraw_consent
from hexmark.opportunities.interest_tables import Consent
from hexmark.opportunities.queries import consents_answered, consents_waiting
from hexmark.web.forms.opportunities import AnswerConsentForm
from hexmark.web.requests import Request
from hexmark.web.team import for_managers

ROWS = 50


@for_managers
@require_safe
def index(request: Request) -> HttpResponse:
    """What waits for an answer, longest first, and what was answered."""
    return _shown(request, {})


@for_managers
@require_POST
def answer(request: Request, consent_id: str) -> HttpResponse:
    """The manager agrees, or not."""
    return _act(request, consent_id, request.POST.get("answer", ""))


@for_managers
@require_POST
def withdraw(request: Request, consent_id: str) -> HttpResponse:
    """The consent counts no longer."""
    return _act(request, consent_id, "withdraw")


def _act(request: Request, consent_id: str, what: str) -> HttpResponse:
    asked = Consent.objects.asked_of(request.actor).filter(public_id=consent_id)
    consent = asked.select_related("person__organisation", "opportunity__organisation").first()
    if consent is None:
        raise Http404
    form = AnswerConsentForm(request.POST if what != "withdraw" else {**request.POST.dict(), "answer": "refuse"})
    if form.is_valid():
        try:
            if what == "give":
                give_consent(consent, actor=request.actor, reason=form.cleaned_data["reason"])
            elif what == "refuse":
                refuse_consent(consent, actor=request.actor, reason=form.cleaned_data["reason"])
            else:
                withdraw_consent(consent, actor=request.actor, reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, f"{consent.person.name} is told.")
            return redirect("consents")
    return _shown(request, {consent.public_id: form}, status=422)


def _shown(request: Request, forms: dict[str, AnswerConsentForm], *, status: int = 200) -> HttpResponse:
    waiting = consents_waiting(request.actor)[:ROWS]
    page = Paginator(consents_answered(request.actor), ROWS).get_page(request.GET.get("page"))
    context = {
        "waiting": [(one, forms.get(one.public_id) or AnswerConsentForm()) for one in waiting],
        "page": page,
        "answered": [(one, forms.get(one.public_id)) for one in page],
        "tab": "consents",
        "section": "opportunities",
    }
    return render(request, "opportunities/consents.html", context, status=status)
