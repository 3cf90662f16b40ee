"""Pages of awarding many: who, check, preview, run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from hexmark.access import Permission
from hexmark.awarding import batches
from hexmark.awarding.models import Batch, BatchRow
from hexmark.awarding.progress import open_batches, outcome_counts, rows_to_mend, visible_batch
from hexmark.catalogue.queries import awardable_versions
from hexmark.errors import DomainError
from hexmark.people.models import Person
from hexmark.web.actors import permitted
from hexmark.web.downloads import csv_download
from hexmark.web.forms.lists import ListForm, RowForm
from hexmark.web.previewing import preview_of
from hexmark.web.requests import Request

ROWS = 25
PEOPLE = 50
Outcome = BatchRow.Outcome
#: What the check page can be narrowed to, in the order of its tabs: word in the address, label, outcomes.
VIEWS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("mend", "To mend", (Outcome.MEND, Outcome.FAILED)),
    ("ready", "Ready", (Outcome.READY, Outcome.NEW, Outcome.AWARDED)),
    ("held", "Already held", (Outcome.HELD,)),
    ("double", "Twice in the list", (Outcome.DOUBLE,)),
    ("all", "All", tuple(Outcome.values)),
)
TO_MEND_COLUMNS = ("line", "email", "name", "narrative", "decided_on", "problem")


@permitted(Permission.AWARD)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: Request) -> HttpResponse:
    """Who, what and why; and the lists that were begun and not run yet."""
    versions = awardable_versions(request.actor)
    chosen = next((version.pk for version in versions if version.achievement.slug == request.GET.get("what")), None)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ListForm(*posted, versions=versions, actor=request.actor, initial={"version": chosen})
    if posted and getattr(request, "upload_too_large", False):
        form.add_error("file", "The file is too large. Split the list.")
    if posted and form.is_valid():
        try:
            batch = _begun(request, form)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return redirect("award_many_people" if "choose" in request.POST else "award_many_check", batch.public_id)
    context = {"form": form, "versions": versions, "waiting": open_batches(request.actor), "section": "award_new"}
    return render(request, "awarding/many_begin.html", context, status=422 if form.errors else 200)


@permitted(Permission.AWARD)
@require_safe
@vary_on_headers("HX-Request")
def check(request: Request, batch_id: str) -> HttpResponse:
    """What each row would do; rows that must be mended are mended here."""
    batch = _batch(request, batch_id)
    if batch.run is not None:
        return redirect("run", batch.run.public_id)
    counts = outcome_counts(batch)
    tabs = [(word, label, sum(counts.get(one, 0) for one in outcomes)) for word, label, outcomes in VIEWS]
    asked = request.GET.get("show", "")
    show = asked if asked in {word for word, _, _ in VIEWS} else next((word for word, _, count in tabs if count), "all")
    rows = batch.rows.filter(outcome__in=next(outcomes for word, _, outcomes in VIEWS if word == show))
    context = _about(batch) | {
        "tabs": tabs,
        "show": show,
        "page": Paginator(rows.select_related("person").order_by("line"), ROWS).get_page(request.GET.get("page")),
        "ready": counts.get(Outcome.READY, 0) + counts.get(Outcome.NEW, 0),
        "new": counts.get(Outcome.NEW, 0),
        "to_mend": counts.get(Outcome.MEND, 0) + counts.get(Outcome.DOUBLE, 0),
        "unchecked": counts.get(Outcome.UNCHECKED, 0),
        "total": sum(counts.values()),
        "checked": sum(counts.values()) - counts.get(Outcome.UNCHECKED, 0),
    }
    return render(request, "awarding/many_checking.html" if request.htmx else "awarding/many_check.html", context)


@permitted(Permission.AWARD)
@require_POST
def row(request: Request, batch_id: str, line: int) -> HttpResponse:
    """One row, mended or removed; back to the rows that one was looking at."""
    batch, form = _batch(request, batch_id), RowForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"Line {line} was not changed: a text of it is far too long.")
    elif "remove" in request.POST:
        batches.remove_row(batch, line, actor=request.actor)
        messages.success(request, f"Line {line} is not in the list any more.")
    else:
        mended = batches.mend_row(batch, line, given=form.texts(), actor=request.actor, is_distinct="distinct" in request.POST)
        if mended.outcome in (Outcome.READY, Outcome.NEW):
            messages.success(request, f"Line {line} is ready.")
        else:
            messages.warning(request, f"Line {line}: {mended.reason}")
    return redirect(_back_to_rows(request, batch))


@permitted(Permission.AWARD)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: Request, batch_id: str) -> HttpResponse:
    """Choosing people by name, from as many pages as one likes."""
    batch = _batch(request, batch_id)
    if batch.run is not None:
        return redirect("run", batch.run.public_id)
    search = request.GET.get("q", "").strip()[:100]
    known = Person.objects.visible_to(request.actor).filter(left_at__isnull=True)
    if request.method == "POST":
        chosen = known.filter(public_id__in=request.POST.getlist("person")[:PEOPLE])
        added = batches.add_people(batch, people=chosen, actor=request.actor)
        messages.success(request, f"{added} added to the list." if added else "Nobody was added: they stand in the list already.")
        return redirect(f"{request.path}?{request.GET.urlencode()}")
    if search:
        known = known.filter(Q(name__icontains=search) | Q(email__icontains=search))
    page = Paginator(known.select_related("team").order_by("name", "pk"), PEOPLE).get_page(request.GET.get("page"))
    in_list = set(batch.rows.filter(person__in=[person.pk for person in page]).values_list("person_id", flat=True))
    context = _about(batch) | {"page": page, "search": search, "in_list": in_list, "total": batch.rows.count()}
    return render(request, "awarding/many_people.html", context)


@permitted(Permission.AWARD)
@require_safe
def preview(request: Request, batch_id: str) -> HttpResponse:
    """The page and the letter of the first person, and what happens when."""
    batch = _batch(request, batch_id)
    if batch.run is not None:
        return redirect("run", batch.run.public_id)
    ready = batch.rows.filter(outcome__in=(Outcome.READY, Outcome.NEW))
    first = ready.select_related("person__account").order_by("line").first()
    if first is None:
        messages.warning(request, "No row of this list is ready. Mend one first.")
        return redirect("award_many_check", batch.public_id)
    context = _about(batch) | {
        "preview": preview_of(batch, first, awarded_by=request.actor.label),
        "ready": ready.count(),
        "new": ready.filter(outcome=Outcome.NEW).count(),
        "others": batch.rows.exclude(outcome__in=(Outcome.READY, Outcome.NEW)).count(),
    }
    return render(request, "awarding/many_preview.html", context)


@permitted(Permission.AWARD)
@require_POST
def run(request: Request, batch_id: str) -> HttpResponse:
    """The ready rows, in a run that is held for ten minutes."""
    started = batches.start(_batch(request, batch_id), actor=request.actor)
    messages.success(request, "Started. Sends in 10 minutes.", extra_tags=reverse("run_undo", args=[started.public_id]))
    return redirect("run", started.public_id)


@permitted(Permission.AWARD)
@require_POST
def discard(request: Request, batch_id: str) -> HttpResponse:
    """The list goes; nobody was awarded anything."""
    batches.discard(_batch(request, batch_id), actor=request.actor)
    messages.success(request, "The list is gone. Nobody was awarded anything by it.")
    return redirect("award_many")


@permitted(Permission.AWARD)
@require_POST
def again(request: Request, batch_id: str) -> HttpResponse:
    """The same rows as a new list."""
    batch = batches.again(_batch(request, batch_id), actor=request.actor)
    messages.success(request, "The same list again. Whoever holds it by now is passed over.")
    return redirect("award_many_check", batch.public_id)


@permitted(Permission.AWARD)
@require_safe
def to_mend(request: Request, batch_id: str) -> HttpResponse:
    """The rows that are not run as they stand, to be mended in a spreadsheet and uploaded again."""
    batch = _batch(request, batch_id)
    return csv_download(f"to-mend-{batch.version.achievement.slug}.csv", TO_MEND_COLUMNS, _lines_to_mend(batch))


def _lines_to_mend(batch: Batch) -> Iterator[tuple[object, ...]]:
    for one in rows_to_mend(batch).iterator(chunk_size=1000):
        yield (one.line, one.email, one.name, one.narrative, one.decided_on, one.reason)


def _begun(request: Request, form: ListForm) -> Batch:
    given = form.cleaned_data
    source = form.source or "Chosen by name"
    return batches.begin_batch(given["version"], rows=form.rows, source=source, actor=request.actor, narrative=given["narrative"])


def _batch(request: Request, batch_id: str) -> Batch:
    found = visible_batch(request.actor, batch_id)
    if found is None:
        raise Http404
    return found


def _about(batch: Batch) -> dict[str, Any]:
    return {"batch": batch, "version": batch.version, "section": "award_new"}


def _back_to_rows(request: Request, batch: Batch) -> str:
    kept = QueryDict(mutable=True)
    kept.update({name: request.POST[name] for name in ("show", "page") if request.POST.get(name)})
    return f"{reverse('award_many_check', args=[batch.public_id])}?{kept.urlencode()}#rows"
