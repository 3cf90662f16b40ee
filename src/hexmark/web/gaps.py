"""Pages about the whole organisation: coverage by unit, and skills at risk. Groups only, from the nightly count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hexmark.access import Permission
from hexmark.gaps.counting import Count
from hexmark.gaps.published import Matrix, published_matrix, published_units
from hexmark.gaps.reading import critical_levels
from hexmark.gaps.risk import skills_at_risk
from hexmark.gaps.snapshots import Counted, latest_snapshot, read_snapshot
from hexmark.gaps.suppression import DEFAULT_K
from hexmark.people.models import Team
from hexmark.web.actors import permitted
from hexmark.web.downloads import csv_download
from hexmark.web.requests import Request

ROWS, COLUMNS = 50, 12
#: Steps of the heat map, each with its own colour and the figure in it.
STEPS = 5


@permitted(Permission.VIEW_GAPS)
@require_safe
def index(request: Request) -> HttpResponse:
    """The heat map of a unit's parts against skills."""
    unit, counted = _unit(request), _counted(request)
    context: dict[str, object] = {"counted": counted, "unit": unit, "k": DEFAULT_K, "section": "team"}
    if counted is not None:
        matrix = _matrix(request, counted, unit)
        columns = Paginator(matrix.skills, COLUMNS).get_page(request.GET.get("columns"))
        rows = Paginator(matrix.rows, ROWS).get_page(request.GET.get("page"))
        first, last = max(columns.start_index() - 1, 0), columns.end_index()
        context |= {
            "matrix": matrix,
            "columns": columns,
            "rows": rows,
            "cells": [(row, _heat(row.total), [(cell, hidden, _heat(cell)) for cell, hidden in row.pairs[first:last]]) for row in rows],
            "total": matrix.rows[0].total,
        }
    return render(request, "gaps/index.html", context)


@permitted(Permission.VIEW_GAPS)
@require_safe
def export(request: Request) -> HttpResponse:
    """The same figures as a table: a row for each unit and skill that may be shown."""
    unit, counted = _unit(request), _counted(request)
    columns = ("unit_id", "unit", "code", "skill", "required", "shown", "below", "no_evidence", "ends_in_90_days", "coverage_percent")
    rows = _rows(_matrix(request, counted, unit)) if counted else iter(())
    return csv_download("coverage.csv", columns, rows)


@permitted(Permission.VIEW_GAPS)
@require_safe
def at_risk(request: Request) -> HttpResponse:
    """Critical skills that fewer can do than are needed, now or within the year."""
    assert request.person is not None
    organisation = request.person.organisation
    unit, counted, now = _unit(request), _counted(request), timezone.now()
    context: dict[str, object] = {"counted": counted, "unit": unit, "k": DEFAULT_K, "section": "team"}
    if counted is not None:
        key = unit.pk if unit else None
        levels = critical_levels(organisation, now.astimezone(organisation.zone).date())
        shown = published_units(counted)
        risks = skills_at_risk(counted, key, levels, at=now) if key in shown else []
        teams = counted.tree.teams
        context |= {
            "page": Paginator(risks, ROWS).get_page(request.GET.get("page")),
            "hidden": key not in shown,
            "units": sorted((teams[one] for one in shown if one is not None), key=lambda team: (team.name, team.pk)),
        }
    return render(request, "gaps/at_risk.html", context)


def _counted(request: Request) -> Counted | None:
    assert request.person is not None
    snapshot = latest_snapshot(request.person.organisation)
    return read_snapshot(snapshot) if snapshot else None


def _unit(request: Request) -> Team | None:
    asked = request.GET.get("unit", "")
    if not asked:
        return None
    found = Team.objects.in_house(request.actor).filter(public_id=asked).select_related("parent").first()
    if found is None:
        raise Http404
    return found


def _matrix(request: Request, counted: Counted, unit: Team | None) -> Matrix:
    assert request.person is not None
    whole = unit.name if unit else request.person.organisation.name
    return published_matrix(counted, unit.pk if unit else None, whole=whole)


def _heat(cell: Count | None) -> int:
    """Which step a cell has: 0 for the least share shown, 5 for all."""
    if cell is None or not cell.required:
        return -1
    return STEPS * cell.met // cell.required


def _rows(matrix: Matrix) -> Iterator[Sequence[object]]:
    for row in matrix.rows:
        for skill, cell in zip(matrix.skills, row.cells, strict=True):
            if cell is not None and cell.covered is not None:
                figures = (cell.required, cell.met, cell.below, cell.unknown, cell.expiring, round(100 * cell.covered))
                yield row.public_id, row.name, skill.code, skill.name, *figures
