"""Beginning many drafts from a list: what would become of each row first, then the drafts."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from hexmark.access import Permission
from hexmark.catalogue.sheets import COLUMNS, TEXT_COLUMNS, Outcome, begin_drafts, names_taken
from hexmark.errors import Invalid
from hexmark.files.tables import Table
from hexmark.organisations.models import Organisation
from hexmark.web.actors import permitted
from hexmark.web.forms.catalogue_import import ImportForm, planned, table_of, unknown_columns
from hexmark.web.requests import Request


@permitted(Permission.EDIT_CATALOGUE)
@require_http_methods(["GET", "HEAD", "POST"])
def import_drafts(request: Request) -> HttpResponse:
    """A list, what would become of each row, and after a second look the drafts."""
    assert request.person is not None
    organisation = request.person.organisation
    context: dict[str, Any] = {"form": ImportForm(), "columns": list(TEXT_COLUMNS), "section": "catalogue"}
    if request.method == "POST":
        try:
            if "rows" in request.POST:
                return _begin(request, organisation, request.POST["rows"])
            form = ImportForm(request.POST, request.FILES)
            context["form"] = form
            if form.is_valid():
                file = form.cleaned_data["file"]
                context |= _tried(table_of(file.read(), file_name=file.name), organisation)
        except Invalid as error:
            context["refused"] = str(error)
    refused = bool(context.get("refused") or context["form"].errors)
    return render(request, "catalogue/import.html", context, status=422 if refused else 200)


def _tried(table: Table, organisation: Organisation) -> dict[str, Any]:
    rows = list(planned(table, taken=names_taken(organisation)))
    return {
        "rows": rows,
        "counts": _counts(rows),
        "unknown": unknown_columns(table, COLUMNS),
        # Carried through the page and not kept here: nothing is stored before somebody says so, and what comes back is read anew.
        "carried": _as_csv(table),
    }


def _begin(request: Request, organisation: Organisation, carried: str) -> HttpResponse:
    table = table_of(carried.encode(), file_name="list.csv")
    done = begin_drafts(organisation, planned(table, taken=names_taken(organisation)), actor=request.actor)
    new = _counts(done)["new"]
    if new:
        messages.success(request, f"{new} draft{'s' if new != 1 else ''} begun. Nobody else sees them before they are published.")
    left = [row for row in done if row.outcome is not Outcome.NEW]
    if not left:
        return redirect("catalogue")
    context = {"form": ImportForm(), "columns": list(TEXT_COLUMNS), "rows": left, "done": True, "new": new, "section": "catalogue"}
    return render(request, "catalogue/import.html", context)


def _counts(rows: Any) -> dict[str, int]:
    found = Counter(row.outcome for row in rows)
    return {outcome.value: found[outcome] for outcome in Outcome}


def _as_csv(table: Table) -> str:
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(table.columns)
    line = 1
    for row in table.rows:
        # Empty rows, which the list may have had, keep the number that a spreadsheet program shows beside each row.
        writer.writerows([[]] * (row.line - line - 1))
        writer.writerow(row.cells)
        line = row.line
    return output.getvalue()
