"""Pages of revoking, pausing and lifting many: a confirmation that says how many and whom, and how far it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from hexmark.access import Permission
from hexmark.awarding.models import award_url
from hexmark.errors import DomainError
from hexmark.issuing.changing import PERMISSION, begin_change
from hexmark.issuing.models import Credential, StatusChange, StatusChangeItem
from hexmark.issuing.selecting import fitting, selected
from hexmark.web.actors import permitted
from hexmark.web.downloads import csv_download
from hexmark.web.forms.changes import ChangeForm, SelectionForm
from hexmark.web.requests import Request

NAMED = 10
#: As many as a page of the list holds.
MOST_TICKED = 50
Act = StatusChange.Act
Outcome = StatusChangeItem.Outcome
COLUMNS = ("id", "email", "name", "what", "status", "error", "award_url")
#: What is being done, in the words of the button, of the heading and of the end.
WORDS = {
    Act.REVOKE: {"verb": "Revoke", "done": "revoked", "doing": "Revoking"},
    Act.PAUSE: {"verb": "Pause", "done": "paused", "doing": "Pausing"},
    Act.LIFT: {"verb": "Lift", "done": "lifted", "doing": "Lifting"},
}


@permitted(Permission.VIEW_AWARDS)
@require_POST
def change(request: Request) -> HttpResponse:
    """First how many and whom, then, with a reason, it is begun."""
    act = _act(request)
    chosen = _chosen(request)
    fit = fitting(act, chosen)
    count = fit.count()
    if not count:
        messages.warning(request, _nothing(act))
        return redirect(_back(request))
    confirms = "confirm" in request.POST
    form = ChangeForm(request.POST if confirms else None, act=act, count=count)
    if confirms and form.is_valid():
        assert request.person is not None
        try:
            begun = begin_change(
                request.person.organisation, act=act, credentials=fit, reason=form.cleaned_data["reason"], actor=request.actor
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return redirect("awards_changed", begun.public_id)
    context = {
        "form": form,
        "act": act.value,
        "words": WORDS[act],
        "count": count,
        "passed_over": chosen.count() - count,
        "named": fit[:NAMED],
        "more": max(0, count - NAMED),
        "ticked": _ticked(request),
        "all": request.POST.get("all", ""),
        "match": request.POST.get("match", ""),
        "back": _back(request),
        "section": "awards",
    }
    return render(request, "issuing/change.html", context, status=422 if form.errors else 200)


@permitted(Permission.VIEW_AWARDS)
@require_safe
@vary_on_headers("HX-Request")
def changed(request: Request, change_id: str) -> HttpResponse:
    """How far a change of many is; polled while it works, and complete without any script."""
    found = _change(request, change_id)
    counts = dict(found.items.values_list("outcome").annotate(Count("pk")))
    total, waiting = sum(counts.values()), counts.get(Outcome.WAITING, 0)
    context = {
        "change": found,
        "words": WORDS[Act(found.act)],
        "total": total,
        "waiting": waiting,
        "done": counts.get(Outcome.DONE, 0),
        "dealt_with": total - waiting,
        "passed_over": counts.get(Outcome.PASSED_OVER, 0),
        "section": "awards",
    }
    return render(request, "issuing/changing.html" if request.htmx else "issuing/changed.html", context)


@permitted(Permission.VIEW_AWARDS)
@require_safe
def results(request: Request, change_id: str) -> HttpResponse:
    """What became of each, as a file."""
    found = _change(request, change_id)
    return csv_download(f"{found.act}-{found.decided_at.astimezone(UTC):%Y-%m-%d}.csv", COLUMNS, _results(found))


def _results(found: StatusChange) -> Iterator[tuple[object, ...]]:
    items = found.items.select_related("credential__award__person", "credential__award__version").defer("credential__document")
    done = WORDS[Act(found.act)]["done"]
    for item in items.order_by("pk").iterator(chunk_size=1000):
        award = item.credential.award
        status = {Outcome.DONE: done, Outcome.WAITING: "waiting", Outcome.PASSED_OVER: "passed over"}[Outcome(item.outcome)]
        person = award.person
        yield (award.public_id, person.email, person.name, award.version.name, status, item.note, award_url(award.public_id))


def _act(request: Request) -> StatusChange.Act:
    try:
        act = Act(request.POST.get("act", ""))
    except ValueError:
        raise Http404 from None
    if not request.actor.may(PERMISSION[act]):
        raise Http404
    return act


def _ticked(request: Request) -> list[str]:
    return [] if request.POST.get("all") else request.POST.getlist("award")[:MOST_TICKED]


def _chosen(request: Request) -> QuerySet[Credential]:
    """Those that were ticked, or all that match what the list was narrowed to."""
    assert request.person is not None
    form = SelectionForm(QueryDict(request.POST.get("match", "")[:2000]), actor=request.actor)
    found = selected(request.actor, form.selection, zone=request.person.organisation.zone)
    return found if request.POST.get("all") else found.filter(award__public_id__in=_ticked(request))


def _nothing(act: StatusChange.Act) -> str:
    verb = WORDS[act]["verb"].lower()
    return f"There is nothing to {verb} here. Tick some first; what is revoked stays so, and only what is paused can be lifted."


def _back(request: Request) -> str:
    match = QueryDict(request.POST.get("match", "")[:2000])
    return f"/awards?{match.urlencode()}" if match else "/awards"


def _change(request: Request, change_id: str) -> StatusChange:
    found = StatusChange.objects.visible_to(request.actor).filter(public_id=change_id).first()
    if found is None:
        raise Http404
    return found
