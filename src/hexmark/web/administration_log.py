"""What happened, and what waits: the audit page and the jobs page."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from django.contrib import messages
from django.db.models import Min
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hexmark.access import Permission
from hexmark.awarding.queries import due_for_signing
from hexmark.events.audit import EventFilter, kinds_of_events, rows_of, visible_events
from hexmark.jobs.heartbeat import worker_is_alive, worker_seen_at
from hexmark.jobs.queries import failed_jobs, queue_state, run_again
from hexmark.mail.models import Message
from hexmark.organisations.models import Organisation
from hexmark.web.administering import administers, administration_page, organisation_of
from hexmark.web.downloads import csv_download
from hexmark.web.forms.administration import AuditForm
from hexmark.web.limits import too_often
from hexmark.web.requests import Request

ROWS = 50
MOST_EXPORTED = 100_000
EXPORT_COLUMNS = ("number", "at", "what", "actor_kind", "actor", "thing_kind", "thing", "data")
_DAY = timedelta(days=1)


@administers(Permission.VIEW_EVENTS)
@require_safe
def audit(request: Request) -> HttpResponse:
    """Everything that was done in the organisation, newest first, narrowed to what is looked for."""
    form, wanted = _wanted(request)
    cursor = request.GET.get("before", "")
    events = visible_events(request.actor, wanted)
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 19:
        events = events.filter(pk__lt=int(cursor))
    found = list(events[: ROWS + 1])
    query = request.GET.copy()
    query.pop("before", None)
    first = f"?{query.urlencode()}" if cursor and query else "?" if cursor else ""
    older = query.copy()
    if len(found) > ROWS:
        older["before"] = str(found[ROWS - 1].pk)
    context = {
        "form": form,
        "events": [(event, in_words(event.event_type)) for event in found[:ROWS]],
        "narrowed": not wanted.is_empty,
        "first": first,
        "older": f"?{older.urlencode()}" if len(found) > ROWS else "",
        "query": query.urlencode(),
    }
    return administration_page(request, "audit", "administration_audit", context)


@administers(Permission.VIEW_EVENTS)
@require_safe
def audit_csv(request: Request) -> HttpResponse:
    """The same as a table, up to 100,000 rows."""
    if asked_too_often := too_often(request, "audit_export", "10/h/key", key=str(request.actor.account_id)):
        return asked_too_often
    _, wanted = _wanted(request)
    return csv_download("audit.csv", EXPORT_COLUMNS, rows_of(visible_events(request.actor, wanted)[:MOST_EXPORTED]))


@administers(Permission.EDIT_ORGANISATION)
@require_http_methods(["GET", "HEAD", "POST"])
def jobs(request: Request) -> HttpResponse:
    """What waits in the queue and in the tables, whether anybody works it off, and what failed; one of those is called again."""
    if request.method == "POST":
        return _call_again(request)
    organisation, now = organisation_of(request), timezone.now()
    due = due_for_signing(now).filter(organisation=organisation)
    mails = Message.objects.visible_to(request.actor).filter(state=Message.State.WAITING)
    context = {
        "alive": worker_is_alive(),
        "seen_at": worker_seen_at(),
        "queue": queue_state(),
        "due": due.count(),
        "due_since": due.aggregate(oldest=Min("release_at"))["oldest"],
        "mails": mails.count(),
        "mails_since": mails.aggregate(oldest=Min("queued_at"))["oldest"],
        "failed": _failed(organisation),
    }
    return administration_page(request, "jobs", "administration_jobs", context)


def _call_again(request: Request) -> HttpResponse:
    # Jobs may run twice: nothing happens a second time that happened before.
    if run_again(request.POST.get("job", "")):
        messages.success(request, "It is called again.")
    else:
        messages.info(request, "That failure is gone already.")
    return redirect("administration_jobs")


def in_words(kind: str) -> str:
    """`person.access_granted` as “Person: access granted”. A credential is a signed file, whatever else the organisation calls it."""
    thing, _, what = kind.partition(".")
    thing = "signed_file" if thing == "credential" else thing
    return f"{thing.replace('_', ' ').capitalize()}: {what.replace('_', ' ')}"


def _failed(organisation: Organisation) -> list[object]:
    """What failed; the reason only where nobody else's data can stand in it."""
    alone = not Organisation.objects.exclude(pk=organisation.pk).exists()
    return [job if alone else replace(job, reason="", arguments=()) for job in failed_jobs()]


def _wanted(request: Request) -> tuple[AuditForm, EventFilter]:
    kinds = sorted((kind, in_words(kind)) for kind in kinds_of_events(request.actor))
    form = AuditForm(request.GET, kinds=kinds)
    form.is_valid()
    given = form.cleaned_data
    since, until = given.get("since"), given.get("until")
    wanted = EventFilter(
        kind=given.get("kind", ""),
        actor=given.get("actor", ""),
        thing=given.get("thing", ""),
        since=timezone.make_aware(datetime.combine(since, time.min)) if since else None,
        before=timezone.make_aware(datetime.combine(until + _DAY, time.min)) if until else None,
    )
    return form, wanted
