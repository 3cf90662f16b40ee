"""Pages of bringing people by list: upload, what each row would do, running it, what came of it."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from hexmark.access import Permission
from hexmark.errors import DomainError
from hexmark.people import imports
from hexmark.people.imports.columns import FIELDS, clean_mapping, unused_columns
from hexmark.people.imports.days import order_of
from hexmark.people.imports.results import result_sheet, template
from hexmark.people.models import ImportRow, PeopleImport
from hexmark.web.actors import permitted
from hexmark.web.downloads import csv_download
from hexmark.web.forms.people import DateOrderForm, UploadForm
from hexmark.web.requests import Request

ROWS = 50
RECENT = 10
State, Status, Outcome = PeopleImport.State, ImportRow.Status, ImportRow.Outcome
#: What the check can be narrowed to: word in the address, label, statuses.
VIEWS = (
    ("mend", "To mend", (Status.ERROR, Status.CONFLICT)),
    ("changed", "Changed", (Status.CHANGED,)),
    ("new", "New", (Status.NEW,)),
    ("same", "Same", (Status.SAME,)),
    ("all", "All", tuple(Status)),
)
_BEGUN = (State.RUNNING, State.PAUSED, State.DONE)


@permitted(Permission.EDIT_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: Request) -> HttpResponse:
    """A list is chosen; and those that were brought before."""
    form = UploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if getattr(request, "upload_too_large", False):
        # Dropped while it arrived, so that the form believes that there was none.
        form.errors.pop("file", None)
        form.add_error("file", "The file is too large. Split the list.")
    elif request.method == "POST" and form.is_valid():
        try:
            whole = _read(request, form)
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            return redirect("people_import", whole.public_id)
    recent = PeopleImport.objects.visible_to(request.actor).annotate(size=Count("rows")).order_by("-pk")[:RECENT]
    context = {"form": form, "recent": recent, "section": "people"}
    return render(request, "people/import_begin.html", context, status=422 if form.errors else 200)


@permitted(Permission.EDIT_PEOPLE)
@require_safe
@vary_on_headers("HX-Request")
def one(request: Request, import_id: str) -> HttpResponse:
    """What each row would do; or, once it runs, how far it is and what came of each."""
    whole = _import(request, import_id)
    if whole.state in _BEGUN:
        return _progress(request, whole)
    return _check(request, whole)


@permitted(Permission.EDIT_PEOPLE)
@require_POST
def check(request: Request, import_id: str) -> HttpResponse:
    """The rows are checked again, with days or columns as they were said to be meant."""
    whole = _import(request, import_id)
    mapping = None
    if "mapping" in request.POST:
        chosen = {column: request.POST.get(f"column-{place}", "") for place, column in enumerate(whole.columns)}
        mapping = clean_mapping(whole.columns, chosen)
    if "date_order" in request.POST or "dates" in request.POST:
        form = DateOrderForm(request.POST)
        if not form.is_valid():
            return _check(request, whole, date_form=form, status=422)
    imports.check_soon(whole, actor=request.actor, mapping=mapping, date_order=request.POST.get("date_order", ""))
    return redirect("people_import", whole.public_id)


@permitted(Permission.EDIT_PEOPLE)
@require_POST
def run(request: Request, import_id: str) -> HttpResponse:
    """The good rows are run."""
    imports.run(_import(request, import_id), actor=request.actor)
    return redirect("people_import", import_id)


@permitted(Permission.EDIT_PEOPLE)
@require_POST
def pause(request: Request, import_id: str) -> HttpResponse:
    """No further row is run until it is resumed."""
    imports.pause(_import(request, import_id), actor=request.actor)
    return redirect("people_import", import_id)


@permitted(Permission.EDIT_PEOPLE)
@require_POST
def resume(request: Request, import_id: str) -> HttpResponse:
    """It goes on."""
    imports.resume(_import(request, import_id), actor=request.actor)
    return redirect("people_import", import_id)


@permitted(Permission.EDIT_PEOPLE)
@require_safe
def result(request: Request, import_id: str) -> HttpResponse:
    """Every row with what came of it, as a CSV."""
    return csv_download("people-result.csv", *result_sheet(_import(request, import_id)))


@permitted(Permission.EDIT_PEOPLE)
@require_safe
def to_mend(request: Request, import_id: str) -> HttpResponse:
    """The bad rows alone, as a CSV to mend and bring again."""
    return csv_download("people-to-mend.csv", *result_sheet(_import(request, import_id), bad_only=True))


@permitted(Permission.EDIT_PEOPLE)
@require_safe
def empty_list(request: Request) -> HttpResponse:
    """The headings of a list."""
    return csv_download("people-template.csv", *template())


def _read(request: Request, form: UploadForm) -> PeopleImport:
    assert request.person is not None
    file = form.cleaned_data["file"]
    whole = imports.read(request.person.organisation, data=file.read(), file_name=file.name or "list", actor=request.actor)
    imports.check_soon(whole, actor=request.actor)
    return whole


def _import(request: Request, import_id: str) -> PeopleImport:
    found = PeopleImport.objects.visible_to(request.actor).filter(public_id=import_id).select_related("organisation").first()
    if found is None:
        raise Http404
    return found


def _check(request: Request, whole: PeopleImport, *, date_form: DateOrderForm | None = None, status: int = 200) -> HttpResponse:
    counts = dict(whole.rows.order_by().values_list("status").annotate(Count("pk")))
    tabs = [(word, label, sum(counts.get(one, 0) for one in statuses)) for word, label, statuses in VIEWS]
    show = request.GET.get("show", "")
    if show not in {word for word, _, _ in VIEWS}:
        show = next((word for word, _, count in tabs if count), "all")
    rows = whole.rows.filter(status__in=next(statuses for word, _, statuses in VIEWS if word == show))
    context: dict[str, Any] = {
        "whole": whole,
        "tabs": tabs,
        "show": show,
        "page": _page(request, rows),
        "total": sum(counts.values()),
        "good": counts.get(Status.NEW, 0) + counts.get(Status.CHANGED, 0),
        "new": counts.get(Status.NEW, 0),
        "changed": counts.get(Status.CHANGED, 0),
        "bad": counts.get(Status.ERROR, 0) + counts.get(Status.CONFLICT, 0),
        "unused": unused_columns(whole.columns, whole.mapping),
        "columns": _columns(whole),
        "fields": FIELDS,
        "date_form": date_form or DateOrderForm(initial={"date_order": whole.date_order or _likely_order(whole)}),
        "section": "people",
    }
    template_name = "people/import_checking.html" if request.htmx else "people/import_check.html"
    return render(request, template_name, context, status=status)


def _progress(request: Request, whole: PeopleImport) -> HttpResponse:
    planned = Q(status__in=(Status.NEW, Status.CHANGED))
    counts = whole.rows.aggregate(
        all=Count("pk"),
        planned=Count("pk", filter=planned),
        done=Count("pk", filter=planned & ~Q(outcome=Outcome.WAITING)),
        added=Count("pk", filter=Q(outcome=Outcome.ADDED)),
        changed=Count("pk", filter=Q(outcome=Outcome.CHANGED)),
        same=Count("pk", filter=Q(status=Status.SAME)),
        failed=Count("pk", filter=Q(outcome=Outcome.ERROR) | Q(status__in=(Status.ERROR, Status.CONFLICT))),
    )
    bad = whole.rows.filter(Q(outcome=Outcome.ERROR) | Q(status__in=(Status.ERROR, Status.CONFLICT)))
    context = {"whole": whole, "counts": counts, "page": _page(request, bad), "working": whole.state == State.RUNNING, "section": "people"}
    template_name = "people/import_progress.html" if request.htmx else "people/import_run.html"
    return render(request, template_name, context | {"here": reverse("people_import", args=[whole.public_id])})


def _page(request: Request, rows: QuerySet[ImportRow]) -> Any:
    return Paginator(rows.select_related("person").order_by("line"), ROWS).get_page(request.GET.get("page"))


def _columns(whole: PeopleImport) -> list[tuple[int, str, str]]:
    """Place, name and meaning of each column."""
    meanings = {column: field for field, column in whole.mapping.items()}
    return [(place, column, meanings.get(column, "")) for place, column in enumerate(whole.columns)]


def _likely_order(whole: PeopleImport) -> str:
    """The order that days of the list show by themselves, as a proposal."""
    places = [whole.columns.index(column) for field, column in whole.mapping.items() if field in ("start", "end")]
    cells = whole.rows.values_list("cells", flat=True).order_by("line")[:2000]
    return order_of([row[place] for row in cells for place in places if place < len(row)])
