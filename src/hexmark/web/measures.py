"""Pages of figures: what is measured here, the values with every correction, bringing lists, and objecting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hexmark.access import Permission
from hexmark.errors import DomainError, Invalid
from hexmark.measures import definitions, imports, queries, values
from hexmark.measures.models import ImportedRecord, Measure, MeasureImport, Observation
from hexmark.measures.rules import filter_in_words, in_words
from hexmark.web.actors import permitted, signed_in
from hexmark.web.charts import line_chart
from hexmark.web.downloads import csv_download
from hexmark.web.forms.measures import CorrectionForm, MeasureForm, ObjectionForm, RecordsForm, ValuesForm, as_typed
from hexmark.web.requests import Request

ROWS = 50
RECENT = 10


@permitted(Permission.VIEW_CATALOGUE)
@require_safe
def index(request: Request) -> HttpResponse:
    """What is measured here; everybody may know that, and values are another matter."""
    found = Measure.objects.visible_to(request.actor).order_by("name", "pk")
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    return render(request, "measures/index.html", {"page": page, "section": "targets"})


@permitted(Permission.VIEW_CATALOGUE)
@require_safe
def one(request: Request, measure_id: str) -> HttpResponse:
    """One figure: what it is, its line, and the values that the reader may see."""
    return _shown(request, _measure(request, measure_id))


@permitted(Permission.EDIT_MEASURES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """A figure is defined."""
    assert request.person is not None
    form = MeasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = definitions.define_measure(request.person.organisation, definition=form.definition(), actor=request.actor)
        except DomainError as error:
            _beside(form, error)
        else:
            messages.success(request, "Defined. Switch it on, and values are taken.")
            return redirect("measure", made.public_id)
    return render(request, "measures/edit.html", {"form": form, "found": None, "section": "targets"}, status=422 if form.errors else 200)


@permitted(Permission.EDIT_MEASURES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, measure_id: str) -> HttpResponse:
    """What the figure is from now on."""
    found = _measure(request, measure_id)
    form = MeasureForm(request.POST or None, initial=as_typed(found))
    if request.method == "POST" and form.is_valid():
        try:
            definitions.change_measure(found, definition=form.definition(), actor=request.actor)
        except DomainError as error:
            _beside(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect("measure", found.public_id)
    return render(request, "measures/edit.html", {"form": form, "found": found, "section": "targets"}, status=422 if form.errors else 200)


@permitted(Permission.EDIT_MEASURES)
@require_POST
def switch(request: Request, measure_id: str) -> HttpResponse:
    """On, or off."""
    found = _measure(request, measure_id)
    try:
        (definitions.switch_on if request.POST.get("on") == "1" else definitions.switch_off)(found, actor=request.actor)
    except Invalid as error:
        return _shown(request, found, refused=error)
    messages.success(request, "Switched on." if request.POST.get("on") == "1" else "Switched off. Its values stay.")
    return redirect("measure", found.public_id)


@signed_in
@require_POST
def object_to(request: Request, measure_id: str) -> HttpResponse:
    """I do not want this kept about me; or I do after all."""
    found = _measure(request, measure_id)
    if request.POST.get("again") == "1":
        definitions.withdraw_objection(found, actor=request.actor)
        messages.success(request, "Your values count again.")
        return redirect("measure", found.public_id)
    form = ObjectionForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, objection=form)
    definitions.object_to(found, reason=form.cleaned_data["reason"], actor=request.actor)
    messages.success(request, "Noted. Your values are left out of everything from now on.")
    return redirect("measure", found.public_id)


@permitted(Permission.VIEW_CATALOGUE)
@require_safe
def history(request: Request, measure_id: str) -> HttpResponse:
    """Every value that was ever brought, those that were corrected too."""
    found = _measure(request, measure_id)
    rows = queries.visible_values(request.actor, found).select_related("person", "team", "corrected_by").order_by("-entered_at", "-pk")
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "measures/history.html", {"found": found, "page": page, "section": "targets"})


@permitted(Permission.EDIT_MEASURES)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: Request, measure_id: str, value_id: int) -> HttpResponse:
    """Another value in place of one that was wrong, with the reason."""
    found = _measure(request, measure_id)
    wrong = queries.visible_values(request.actor, found).current().filter(pk=value_id).select_related("person", "team").first()
    if wrong is None:
        raise Http404
    form = CorrectionForm(request.POST or None, measure=found, initial={"value": wrong.value.normalize()})
    if request.method == "POST" and form.is_valid():
        try:
            values.bring_values(found, [form.corrected(wrong)], source=f"corrected by {request.actor.label}", actor=request.actor)
        except DomainError as error:
            _beside(form, error)
        else:
            messages.success(request, "Corrected. The earlier value stays in the history.")
            return redirect("measure", found.public_id)
    context = {"form": form, "found": found, "wrong": wrong, "section": "targets"}
    return render(request, "measures/correct.html", context, status=422 if form.errors else 200)


@permitted(Permission.VIEW_CATALOGUE)
@require_safe
def export(request: Request, measure_id: str) -> HttpResponse:
    """The values that stand and that I may see; the same columns that a list to bring has."""
    found = _measure(request, measure_id)
    return csv_download("values.csv", [*imports.value_columns(found), "source"], _rows(request, found))


@permitted(Permission.EDIT_MEASURES)
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: Request, measure_id: str) -> HttpResponse:
    """A list of values is chosen; each of its rows is tried first."""
    found = _measure(request, measure_id)
    form = ValuesForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            whole = imports.read_values(found, data=file.read(), file_name=file.name or "list", actor=request.actor)
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            return redirect("measure_import", whole.public_id)
    recent = MeasureImport.objects.visible_to(request.actor).filter(measure=found).defer("rows").order_by("-pk")[:RECENT]
    context = {"form": form, "found": found, "recent": recent, "columns": imports.value_columns(found), "section": "targets"}
    return render(request, "measures/bring.html", context, status=422 if form.errors else 200)


@permitted(Permission.VIEW_CATALOGUE)
@require_http_methods(["GET", "HEAD", "POST"])
def records(request: Request) -> HttpResponse:
    """Records of other systems that the reader may see; and bringing some, for whoever may."""
    assert request.person is not None
    form = RecordsForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and not request.actor.may(Permission.EDIT_MEASURES):
        raise Http404
    if request.method == "POST" and form.is_valid():
        file, source = form.cleaned_data["file"], form.cleaned_data["source"]
        try:
            whole = imports.read_records(
                request.person.organisation, source=source, data=file.read(), file_name=file.name or "list", actor=request.actor
            )
        except DomainError as error:
            _beside(form, error)
        else:
            return redirect("measure_import", whole.public_id)
    rows = ImportedRecord.objects.visible_to(request.actor).select_related("owner").order_by("-date", "-pk")
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "measures/records.html", {"form": form, "page": page, "section": "targets"}, status=422 if form.errors else 200)


@permitted(Permission.EDIT_MEASURES)
@require_http_methods(["GET", "HEAD", "POST"])
def brought(request: Request, list_id: str) -> HttpResponse:
    """What each row of a list would do; run once that is looked at."""
    related = ("measure", "organisation")
    whole = MeasureImport.objects.visible_to(request.actor).filter(public_id=list_id).select_related(*related).first()
    if whole is None:
        raise Http404
    if request.method == "POST":
        done = imports.run_import(whole, actor=request.actor)
        messages.success(request, f"{done.new} new, {done.corrected} corrected, {done.same} as they were.")
        return redirect("measure", whole.measure.public_id) if whole.measure else redirect("measure_records")
    counts = {status: sum(row["status"] == status for row in whole.rows) for status in ("new", "corrected", "same", "error")}
    rows = sorted(whole.rows, key=lambda row: (row["status"] != "error", row["line"]))
    context = {
        "whole": whole,
        "counts": counts,
        "good": counts["new"] + counts["corrected"],
        "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "section": "targets",
    }
    return render(request, "measures/brought.html", context)


def _shown(request: Request, found: Measure, *, refused: DomainError | None = None, objection: ObjectionForm | None = None) -> HttpResponse:
    found = _measure(request, found.public_id)
    points = queries.line(request.actor, found) if not found.is_counted else []
    rows = queries.visible_values(request.actor, found).current().select_related("person", "team").order_by("-on", "person__name", "pk")
    today = timezone.localdate()
    context = {
        "found": found,
        "filter": filter_in_words(found.record_filter),
        "points": points[::-1],
        "chart": line_chart([(point.on, float(point.value)) for point in points]),
        "latest": in_words(points[-1].value, found.unit) if points else "",
        "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "objectors": queries.objectors(found),
        "objects": queries.does_object(found, request.person),
        "objection": objection or ObjectionForm(),
        "refused": refused,
        "mine": _own_figure(request, found, today),
        "section": "targets",
    }
    return render(request, "measures/measure.html", context, status=422 if refused or (objection and objection.errors) else 200)


def _own_figure(request: Request, found: Measure, today: Any) -> str:
    """What a figure that is counted from records says of the reader this year."""
    if not found.is_counted or request.person is None:
        return ""
    figures = queries.figures_of_people(found, [request.person.pk], since=today.replace(month=1, day=1), until=today)
    return in_words(figures[request.person.pk].value, found.unit) if request.person.pk in figures else ""


def _rows(request: Request, found: Measure) -> Iterator[Sequence[object]]:
    rows = queries.visible_values(request.actor, found).current().select_related("person", "team").order_by("on", "pk")
    for row in rows.iterator(chunk_size=2000):
        subject = [row.person.email] if row.person else [row.team.name] if row.team else []
        yield (*subject, row.on.isoformat(), *_numbers(row), row.source)


def _numbers(row: Observation) -> list[str]:
    numbers = [row.numerator, row.denominator] if row.numerator is not None and row.denominator is not None else [row.value]
    return [f"{number.normalize():f}" for number in numbers]


def _beside(form: Any, error: DomainError) -> None:
    field = getattr(error, "field", None)
    form.add_error(field if field in form.fields else None, str(error))


def _measure(request: Request, measure_id: str) -> Measure:
    found = Measure.objects.visible_to(request.actor).filter(public_id=measure_id).select_related("organisation").first()
    if found is None:
        raise Http404
    return found
