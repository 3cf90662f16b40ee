"""Pages of what was issued: the list, and one award with revoke, pause and lift."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from hexmark.access import Permission
from hexmark.awarding.queries import recent_runs
from hexmark.errors import Invalid
from hexmark.issuing import actions
from hexmark.issuing.models import Credential
from hexmark.issuing.queries import issued_credentials, manageable_credential
from hexmark.web.actors import permitted
from hexmark.web.forms.awarding import ReasonForm
from hexmark.web.me import state_of
from hexmark.web.requests import Request
from hexmark.web.verifying import report_on_own, strip_of

ROWS = 50


@permitted(Permission.VIEW_AWARDS)
@require_safe
def index(request: Request) -> HttpResponse:
    """Recent runs, and everything that was signed."""
    search = request.GET.get("q", "").strip()[:100]
    page = Paginator(issued_credentials(request.actor, search=search), ROWS).get_page(request.GET.get("page"))
    rows = [(credential, state_of(credential)) for credential in page]
    context = {"page": page, "rows": rows, "runs": recent_runs(request.actor, limit=6), "search": search, "section": "awards"}
    return render(request, "issuing/index.html", context)


@permitted(Permission.VIEW_AWARDS)
@require_safe
def manage(request: Request, award_id: str) -> HttpResponse:
    """One award as its issuer sees it."""
    credential = _credential(request, award_id)
    report = report_on_own(credential)
    context = {
        "credential": credential,
        "award": credential.award,
        "state": state_of(credential),
        "report": report,
        "strip": strip_of(report),
        "form": ReasonForm(),
        "section": "awards",
    }
    return render(request, "issuing/manage.html", context)


@permitted(Permission.REVOKE)
@require_POST
def revoke(request: Request, award_id: str) -> HttpResponse:
    """For good, with a reason."""
    return _with_reason(request, award_id, actions.revoke, "Revoked. Verifiers see it within a minute.")


@permitted(Permission.PAUSE)
@require_POST
def pause(request: Request, award_id: str) -> HttpResponse:
    """Until it is lifted, with a reason."""
    return _with_reason(request, award_id, actions.pause, "Paused. Verifiers see it within a minute.")


@permitted(Permission.PAUSE)
@require_POST
def lift(request: Request, award_id: str) -> HttpResponse:
    """Valid again."""
    actions.lift(_credential(request, award_id), actor=request.actor)
    messages.success(request, "Lifted. It is valid again within a minute.")
    return redirect("manage_award", award_id)


def _with_reason(request: Request, award_id: str, act: object, done: str) -> HttpResponse:
    try:
        act(_credential(request, award_id), actor=request.actor, reason=request.POST.get("reason", ""))  # type: ignore[operator]
        messages.success(request, done)
    except Invalid as error:
        messages.error(request, str(error))
    return redirect("manage_award", award_id)


def _credential(request: Request, award_id: str) -> Credential:
    found = manageable_credential(request.actor, award_id)
    if found is None:
        raise Http404
    return found
