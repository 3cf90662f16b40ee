"""What goes out: people as a list that can come back, an empty list to begin with, and what came of each row of an import."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import Q, QuerySet

from hexmark.organisations.models import Organisation
from hexmark.people.imports.cells import BETWEEN_ROLES
from hexmark.people.imports.columns import FIELDS
from hexmark.people.imports.house import held_roles
from hexmark.people.models import ImportRow, PeopleImport, Person
from hexmark.people.records import today_of

#: What a list needs at least, and usually has.
TEMPLATE = ("employee_id", "email", "name", "team", "manager", "role", "start", "end", "kind", "language")
_FIRST = ("line", "status", "error")
_BAD = Q(status__in=(ImportRow.Status.ERROR, ImportRow.Status.CONFLICT)) | Q(outcome=ImportRow.Outcome.ERROR)


class Sheet(NamedTuple):
    """Headings, and rows that are read while they are written; for `files.tables.csv_bytes`."""

    columns: Sequence[str]
    rows: Iterable[Sequence[object]]


def template() -> Sheet:
    """The headings of a list, and no row."""
    return Sheet(TEMPLATE, [])


def people_sheet(organisation: Organisation, people: QuerySet[Person]) -> Sheet:
    """These people as a list; with `id` and `version`, so that it can be changed and come back."""
    held = held_roles(organisation, today_of(organisation))
    found = people.select_related("team", "manager").order_by("name", "pk")
    return Sheet(FIELDS, (_cells(person, held.get(person.pk, ())) for person in found.iterator(chunk_size=1000)))


def result_sheet(whole: PeopleImport, *, bad_only: bool = False) -> Sheet:
    """The rows of the list as they were brought, each with what came of it; with `bad_only` those alone that have to be mended."""
    rows = whole.rows.order_by("line")
    chosen = rows.filter(_BAD) if bad_only else rows
    # Before the cells of the list, because a row that has too many or too few of them would push what stands behind.
    columns = [*_FIRST, *(column for column in whole.columns if column not in _FIRST)]
    places = [place for place, column in enumerate(whole.columns) if column not in _FIRST]
    return Sheet(columns, (_result(row, places, len(whole.columns)) for row in chosen.iterator(chunk_size=1000)))


def _result(row: ImportRow, places: Sequence[int], width: int) -> list[object]:
    cells = [row.cells[place] for place in places if place < len(row.cells)] + row.cells[width:]
    status = row.outcome or row.status
    return [row.line, status, f"{row.code}: {row.sentence}" if row.sentence else "", *cells]


def _cells(person: Person, roles: Sequence[str]) -> list[object]:
    by_field: dict[str, object] = {
        "id": person.public_id,
        "version": person.version,
        "employee_id": person.employee_id,
        "email": person.email,
        "name": person.name,
        "team": person.team.name if person.team else "",
        "manager": person.manager.email if person.manager else "",
        "role": f"{BETWEEN_ROLES} ".join(roles),
        "start": person.started_on.isoformat() if person.started_on else "",
        "end": person.ends_on.isoformat() if person.ends_on else "",
        "kind": person.kind,
        "language": person.language,
    }
    return [by_field[field] for field in FIELDS]
