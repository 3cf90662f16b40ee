"""Pages of proposing many targets by list: every row is tried first, and the good ones are proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hexmark.catalogue.models import AchievementVersion
from hexmark.catalogue.queries import visible_versions
from hexmark.errors import DomainError, Invalid, NotPermitted
from hexmark.files.tables import read_table
from hexmark.measures.models import Measure
from hexmark.measures.rules import read_day, read_number
from hexmark.people.listing import person_called
from hexmark.performance.targets.actions import propose_target
from hexmark.performance.targets.policy import check_may_set
from hexmark.performance.targets.rules import check_due
from hexmark.performance.targets.terms import Proposal
from hexmark.web.actors import signed_in
from hexmark.web.forms.measures import ValuesForm
from hexmark.web.forms.targets import rule_of
from hexmark.web.requests import Request

MOST_ROWS = 500
COLUMNS = ("person", "title", "due_on", "achievement", "figure", "value", "why", "consequence", "adjustments")
NEEDED = ("person", "title", "due_on")
#: A list that was tried is good for an hour; it travels signed with the page, so that nothing is kept of one that is never run.
SALT, GOOD_FOR_SECONDS = "targets.import", 3600


@dataclass(frozen=True, slots=True)
class Tried:
    """One row with what is wrong with it, if anything is."""

    line: int
    cells: Mapping[str, str]
    problem: str


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: Request) -> HttpResponse:
    """A list is chosen, tried, and its good rows are proposed."""
    if request.person is None:
        raise NotPermitted("There is nothing here for you.")
    if request.method == "POST" and "rows" in request.POST:
        return _run(request)
    form = ValuesForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    tried: list[Tried] = []
    if request.method == "POST" and form.is_valid():
        try:
            tried = _tried(request, form.cleaned_data["file"])
        except DomainError as error:
            form.add_error("file", str(error))
    good = [dict(row.cells) for row in tried if not row.problem]
    context = {
        "form": form,
        "tried": sorted(tried, key=lambda row: (not row.problem, row.line)),
        "good": len(good),
        "rows": signing.dumps(good, salt=SALT, compress=True) if good else "",
        "columns": COLUMNS,
        "section": "targets",
    }
    return render(request, "targets/import.html", context, status=422 if form.errors else 200)


def _run(request: Request) -> HttpResponse:
    assert request.person is not None
    try:
        rows = signing.loads(request.POST["rows"], salt=SALT, max_age=GOOD_FOR_SECONDS)
    except signing.BadSignature:
        messages.error(request, "This list was tried too long ago. Bring it again.")
        return redirect("targets_import")
    proposed, refused = 0, ""
    for cells in rows:
        try:
            with transaction.atomic():
                propose_target(request.person.organisation, _proposal(request, cells), actor=request.actor)
        except DomainError as error:
            # Somebody left, or a figure was switched off, since the list was tried.
            refused = refused or f"{cells.get('title', '')[:60]}: {error}"
        else:
            proposed += 1
    messages.success(request, f"{proposed} {'target is' if proposed == 1 else 'targets are'} proposed.")
    if refused:
        messages.warning(request, f"Not all were. {refused}")
    return redirect("targets")


def _tried(request: Request, file: Any) -> list[Tried]:
    table = read_table(file.read(), file_name=file.name or "list")
    missing = [name for name in NEEDED if name not in table.columns]
    if missing:
        raise Invalid(f"The list has no column “{missing[0]}”. It needs {', '.join(NEEDED)}.", field="file")
    if len(table.rows) > MOST_ROWS:
        raise Invalid(f"A list has at most {MOST_ROWS} rows. Split it.", field="file")
    tried = []
    for row in table.rows:
        cells = {name: row.values.get(name, "") for name in COLUMNS}
        problem = row.problem.sentence if row.problem else _problem(request, cells)
        tried.append(Tried(row.line, cells, problem))
    return tried


def _problem(request: Request, cells: Mapping[str, str]) -> str:
    assert request.person is not None
    try:
        proposal = _proposal(request, cells)
        check_may_set(request.actor, request.person.organisation, person=proposal.person)
        proposal.cleaned()
        check_due(proposal.due_on, timezone.localdate())
    except DomainError as error:
        return str(error)
    return ""


def _proposal(request: Request, cells: Mapping[str, str]) -> Proposal:
    """What the row proposes.

    Raises:
        Invalid: it names nobody, or nothing, that is known here.
    """
    person = person_called(request.actor, cells["person"]) if cells["person"].strip() else None
    if person is None:
        raise Invalid(f"Nobody here whom you manage or lead has the address or employee id “{cells['person'][:60]}”.", field="person")
    words: dict[str, Any] = {name: cells.get(name, "") for name in ("title", "why", "consequence", "adjustments")}
    due_on = read_day(cells["due_on"], field="due_on")
    if cells.get("figure", "").strip():
        figure = Measure.objects.visible_to(request.actor).open().filter(name__iexact=cells["figure"].strip()).first()
        if figure is None:
            raise Invalid(f"There is no figure “{cells['figure'][:60]}” that is switched on.", field="figure")
        return Proposal(due_on=due_on, person=person, measure=figure, value=read_number(cells.get("value", "")), **words)
    published = visible_versions(request.actor).filter(state=AchievementVersion.State.PUBLISHED)
    version = published.filter(name__iexact=cells.get("achievement", "").strip()).order_by("-number").first()
    if version is None:
        raise Invalid(f"Nothing published is called “{cells.get('achievement', '')[:60]}”.", field="achievement")
    return Proposal(due_on=due_on, person=person, rule=rule_of(version), **words)
