"""Pages of what was issued: the list, and one award with revoke, pause and lift."""

from __future__ import annotations

from collections.abc import Callable

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
from hexmark.web.verifying import lines_of, report_on_own, strip_of

ROWS = 50
RUNS = 3


@permitted(Permission.VIEW_AWARDS)
@require_safe
def index(request: Request) -> HttpResponse:
    """Recent runs, and everything that was signed."""
    search = request.GET.get("q", "").strip()[:100]
    page = Paginator(issued_credentials(request.actor, search=search), ROWS).get_page(request.GET.get("page"))
    rows = [(credential, state_of(credential)) for credential in page]
    runs = [] if search or page.number > 1 else recent_runs(request.actor, limit=RUNS)
    context = {"page": page, "rows": rows, "runs": runs, "search": search, "section": "awards"}
    return render(request, "issuing/index.html", context)


@permitted(Permission.VIEW_AWARDS)
@require_safe
def manage(request: Request, award_id: str) -> HttpResponse:
    """One award as its issuer sees it."""
    return _managed(request, _credential(request, award_id))


@permitted(Permission.REVOKE)
@require_POST
def revoke(request: Request, award_id: str) -> HttpResponse:
    """For good, with a reason."""
    return _with_reason(request, award_id, "revoke", actions.revoke, "Revoked. Verifiers see it within a minute.")


@permitted(Permission.PAUSE)
@require_POST
def pause(request: Request, award_id: str) -> HttpResponse:
    """Until it is lifted, with a reason."""
    return _with_reason(request, award_id, "pause", actions.pause, "Paused. Verifiers see it within a minute.")


@permitted(Permission.PAUSE)
@require_POST
def lift(request: Request, award_id: str) -> HttpResponse:
    """Valid again."""
    actions.lift(_credential(request, award_id), actor=request.actor)
    messages.success(request, "Lifted. It is valid again within a minute.")
    return redirect("manage_award", award_id)


def _managed(request: Request, credential: Credential, *, status: int = 200, **forms: ReasonForm) -> HttpResponse:
    report = report_on_own(credential)
    context = {
        "credential": credential,
        "award": credential.award,
        "state": state_of(credential),
        "checks": lines_of(report),
        "strip": strip_of(report, issuer_name=credential.organisation.name),
        "pause_form": forms.get("pause") or ReasonForm(prefix="pause"),
        "revoke_form": forms.get("revoke") or ReasonForm(prefix="revoke"),
        "section": "awards",
    }
    return render(request, "issuing/manage.html", context, status=status)


def _with_reason(request: Request, award_id: str, name: str, act: Callable[..., None], done: str) -> HttpResponse:
    credential = _credential(request, award_id)
    form = ReasonForm(request.POST, prefix=name)
    if form.is_valid():
        try:
            act(credential, actor=request.actor, reason=form.cleaned_data["reason"])
        except Invalid as error:
            form.add_error("reason", str(error))
        else:
            messages.success(request, done)
            return redirect("manage_award", award_id)
    return _managed(request, credential, status=422, **{name: form})


def _credential(request: Request, award_id: str) -> Credential:
    found = manageable_credential(request.actor, award_id)
    if found is None:
        raise Http404
    return found
