"""Pages for managers and leads: their people, what these hold, and what needs attention."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import wraps

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hexmark.errors import NotPermitted
from hexmark.issuing.coverage import Achieved, Coverage, Held, State, coverage_of
from hexmark.opportunities.queries import consents_waiting
from hexmark.people.models import Person
from hexmark.people.queries import is_manager
from hexmark.web.actors import View, signed_in
from hexmark.web.charts import bars
from hexmark.web.downloads import csv_download
from hexmark.web.requests import Request

ROWS = 50
#: More columns than these cannot be compared by eye; the CSV has all.
COLUMNS = 12
BARS = 8
MOST_ATTENTION = 10
WORDS = {State.VALID: "Held", State.EXPIRING: "Expires", State.PAUSED: "Paused", State.EXPIRED: "Expired"}


def for_managers(view: View) -> View:
    """The page is there for whoever manages or leads somebody now."""

    @signed_in
    @wraps(view)
    def guarded(request: Request, *arguments: object, **named: object) -> HttpResponse:
        # Known from signing in, without asking again; somebody without a record here is nobody's manager.
        if request.person is None or not getattr(request.person, "is_manager", is_manager(request.actor)):
            raise NotPermitted("There is nothing here for you.")
        return view(request, *arguments, **named)

    return guarded


@for_managers
@require_safe
def index(request: Request) -> HttpResponse:
    """What needs attention first, then figures, chart and people."""
    covered = _coverage(request)
    page = Paginator(covered.people, ROWS).get_page(request.GET.get("page"))
    attention = covered.attention()
    holders = covered.holders()
    context = {
        "covered": covered,
        "size": len(covered.people),
        "holding": len(covered.people) - len(covered.without()),
        "without": covered.without(),
        "expiring": [(days, len(covered.expiring(days))) for days in (30, 60, 90)],
        "consents": consents_waiting(request.actor)[:MOST_ATTENTION],
        "attention": attention if request.GET.get("attention") == "all" else attention[:MOST_ATTENTION],
        "more_attention": len(attention) - MOST_ATTENTION if request.GET.get("attention") != "all" else 0,
        "chart": bars([(one.name, count) for one, count in holders[:BARS]], most=len(covered.people)),
        "holders": holders,
        "page": page,
        "rows": [(person, covered.of(person), covered.in_force(person)) for person in page],
        "section": "team",
    }
    return render(request, "team/index.html", context)


@for_managers
@require_safe
def matrix(request: Request) -> HttpResponse:
    """People against what they hold."""
    covered = _coverage(request)
    columns = [one for one, _ in covered.holders()]
    shown = Paginator(columns, COLUMNS).get_page(request.GET.get("columns"))
    page = Paginator(covered.people, ROWS).get_page(request.GET.get("page"))
    rows = [(person, [covered.held.get(person.pk, {}).get(one.key) for one in shown]) for person in page]
    context = {"covered": covered, "shown": shown, "page": page, "rows": rows, "section": "team"}
    return render(request, "team/matrix.html", context)


@for_managers
@require_safe
def export(request: Request) -> HttpResponse:
    """Everybody with everything they hold, a row each."""
    assert request.person is not None
    word = request.person.organisation.word_badge
    columns = ("employee_id", "name", "email", "team", word, "level", "state", "valid_until")
    return csv_download("team.csv", columns, _export_rows(_coverage(request)))


@for_managers
@require_safe
def matrix_export(request: Request) -> HttpResponse:
    """The whole matrix: a row for everybody, a column for everything."""
    covered = _coverage(request)
    columns = [one for one, _ in covered.holders()]
    return csv_download("team-matrix.csv", ["employee_id", "name", *(one.name for one in columns)], _matrix_rows(covered, columns))


def _coverage(request: Request) -> Coverage:
    people = Person.objects.led_by(request.actor).present().select_related("team").order_by("name", "pk")
    return coverage_of(request.actor, list(people))


def _export_rows(covered: Coverage) -> Iterator[Sequence[object]]:
    for person in covered.people:
        about = (person.employee_id, person.name, person.email, person.team.name if person.team else "")
        held = covered.of(person)
        for one in held:
            yield *about, one.achieved.name, one.achieved.level or None, one.state.value, _day(one)
        if not held:
            yield *about, "", None, "", ""


def _matrix_rows(covered: Coverage, columns: Sequence[Achieved]) -> Iterator[Sequence[object]]:
    for person in covered.people:
        mine = covered.held.get(person.pk, {})
        yield person.employee_id, person.name, *(in_words(mine.get(one.key)) for one in columns)


def in_words(held: Held | None) -> str:
    """What a cell of the matrix says."""
    if held is None:
        return ""
    until = _day(held)
    return f"{WORDS[held.state]} {until}" if until and held.state in (State.EXPIRING, State.EXPIRED) else WORDS[held.state]


def _day(held: Held) -> str:
    return timezone.localtime(held.valid_until).date().isoformat() if held.valid_until else ""
