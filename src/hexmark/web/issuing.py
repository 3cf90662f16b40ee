"""Pages of what was issued: the list, and one award with revoke, pause and lift."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from hexmark.access import Permission
from hexmark.awarding.queries import recent_runs
from hexmark.errors import Invalid
from hexmark.issuing import actions
from hexmark.issuing.models import Credential
from hexmark.issuing.queries import manageable_credential
from hexmark.issuing.selecting import Selection, selected
from hexmark.web.actors import permitted
from hexmark.web.downloads import csv_download
from hexmark.web.forms.awarding import ReasonForm
from hexmark.web.forms.changes import SelectionForm
from hexmark.web.me import state_of
from hexmark.web.requests import Request
from hexmark.web.verifying import lines_of, report_on_own, strip_of

ROWS = 50
RUNS = 3
EXPORT_COLUMNS = ("id", "email", "name", "what", "version", "awarded_on", "valid_until", "state", "reason", "award_url")


@permitted(Permission.VIEW_AWARDS)
@require_safe
def index(request: Request) -> HttpResponse:
    """Recent runs, and everything that was signed, narrowed to what is asked for."""
    form = SelectionForm(request.GET, actor=request.actor)
    selection = form.selection
    page = Paginator(_selected(request, selection), ROWS).get_page(request.GET.get("page"))
    runs = [] if page.number > 1 or not selection.is_empty else recent_runs(request.actor, limit=RUNS)
    match = request.GET.copy()
    match.pop("page", None)
    context = {
        "page": page,
        "rows": [(credential, state_of(credential)) for credential in page],
        "runs": runs,
        "form": form,
        "search": selection.text,
        "narrowed": not selection.is_empty,
        "match": match.urlencode(),
        "may_change": request.actor.may(Permission.REVOKE) or request.actor.may(Permission.PAUSE),
        "section": "awards",
    }
    return render(request, "issuing/index.html", context)


@permitted(Permission.VIEW_AWARDS)
@require_safe
def export(request: Request) -> HttpResponse:
    """What the list shows, all of it, as a file."""
    found = _selected(request, SelectionForm(request.GET, actor=request.actor).selection)
    return csv_download("awards.csv", EXPORT_COLUMNS, map(_exported, found.iterator(chunk_size=1000)))


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


def _selected(request: Request, selection: Selection) -> QuerySet[Credential]:
    assert request.person is not None
    return selected(request.actor, selection, zone=request.person.organisation.zone)


def _exported(credential: Credential) -> tuple[object, ...]:
    award, zone = credential.award, credential.organisation.zone
    return (
        award.public_id,
        award.person.email,
        award.person.name,
        award.version.name,
        award.version.number,
        _day(award.awarded_at, zone),
        _day(credential.valid_until, zone),
        state_of(credential) or "valid",
        credential.revocation_reason or credential.pause_reason,
        award.url,
    )


def _day(moment: datetime | None, zone: ZoneInfo) -> str:
    # Named, because what is sent piece by piece is made when the request's own time zone has been put away.
    return moment.astimezone(zone).date().isoformat() if moment else ""


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
