"""The dry run: for every row of a list, what it would do. Nothing about people is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from hexmark.access import Actor, Permission, allow
from hexmark.errors import Conflict, Invalid
from hexmark.people.imports.cells import cleaned
from hexmark.people.imports.comparing import compare
from hexmark.people.imports.days import Ambiguous, parsed_day
from hexmark.people.imports.house import House, house_of
from hexmark.people.imports.managers import put_in_order, settle_managers
from hexmark.people.imports.matching import match
from hexmark.people.imports.planned import Fault, Planned
from hexmark.people.imports.reading import BATCH
from hexmark.people.models import ImportRow, PeopleImport, Person

State = PeopleImport.State
#: Not begun: what was found may be found anew.
OPEN = (State.ASKING, State.CHECKING, State.CHECKED)
#: Of fields of which one must say who is who.
WHO = frozenset({"id", "employee_id", "email"})


def check(whole: PeopleImport, *, actor: Actor, date_order: str = "", mapping: Mapping[str, str] | None = None) -> PeopleImport:
    """Every row has a status, with the change of each cell or the reason why it cannot be run. Checking again begins anew.

    Without `date_order`, a list with days that could be two waits in the state `asking`; its other rows are checked all the same.

    Raises:
        NotPermitted: the actor may not edit people here.
        Invalid: the mapping has no column that says who is who.
        Conflict: the import was begun.
    """
    allow(actor, Permission.EDIT_PEOPLE, whole)
    chosen = checked_mapping(whole, mapping)
    order = date_order or whole.date_order
    stored = list(whole.rows.order_by("line"))
    house = house_of(whole.organisation, actor=actor)
    rows = plan([_planned(row, whole.columns, chosen) for row in stored], house, date_order=order)
    asking = not order and has_ambiguous_days(rows)
    return _kept(whole, rows, chosen, order=order, state=State.ASKING if asking else State.CHECKED)


def checked_mapping(whole: PeopleImport, mapping: Mapping[str, str] | None) -> dict[str, str]:
    """The mapping that was chosen, or the one that the import has.

    Raises:
        Invalid: no column says who is who.
    """
    chosen = dict(whole.mapping if mapping is None else mapping)
    if not WHO & chosen.keys():
        raise Invalid("One column must be the address, the employee id or the id.", field="mapping")
    return chosen


def plan(rows: list[Planned], house: House, *, date_order: str) -> list[Planned]:
    """The rows, each with its status, in the order of the list. Writes nothing."""
    for row in rows:
        if row.fault is None:
            try:
                row.values = cleaned(row.given, date_order=date_order)
            except Fault as fault:
                row.refuse(fault)
    match(rows, house)
    for row in rows:
        if row.fault is None:
            try:
                compare(row, house)
            except Fault as fault:
                row.refuse(fault)
    settle_managers(rows, house)
    put_in_order(rows, house)
    return rows


def has_ambiguous_days(rows: Sequence[Planned]) -> bool:
    """Whether a day of the list could be two days, as long as nobody says which comes first."""
    return any(_is_ambiguous(row.given.get(field, "")) for row in rows for field in ("start", "end"))


def _is_ambiguous(text: str) -> bool:
    try:
        parsed_day(text)
    except Ambiguous:
        return True
    except ValueError:
        return False
    return False


def _planned(row: ImportRow, columns: Sequence[str], mapping: Mapping[str, str]) -> Planned:
    planned = Planned(line=row.line, cells=row.cells)
    if row.code in ("CSV_ROW", "CSV_UNSAFE_TEXT") and not row.values:
        # Found when the file was read: the cells may not even belong to these columns.
        planned.refuse(Fault(row.code, row.sentence))
        return planned
    by_column = dict(zip(columns, row.cells, strict=False))
    planned.given = {field: by_column.get(column, "").strip() for field, column in mapping.items()}
    return planned


@transaction.atomic
def _kept(whole: PeopleImport, rows: Sequence[Planned], mapping: dict[str, str], *, order: str, state: str) -> PeopleImport:
    open_ = PeopleImport.objects.filter(pk=whole.pk, state__in=OPEN)
    if not open_.update(state=state, mapping=mapping, date_order=order, checked_at=timezone.now()):
        raise Conflict("This list is being run or was run. Bring it again to check it anew.")
    # Written anew instead of changed one by one: that is several times as fast.
    ImportRow.objects.filter(whole=whole).delete()
    ImportRow.objects.bulk_create(_as_rows(whole, rows), batch_size=BATCH)
    whole.refresh_from_db()
    return whole


def _as_rows(whole: PeopleImport, rows: Sequence[Planned]) -> Iterable[ImportRow]:
    for row in rows:
        yield ImportRow(
            whole=whole,
            line=row.line,
            place=row.place,
            cells=row.cells,
            status=row.status,
            code=row.fault.code if row.fault else "",
            sentence=row.fault.sentence[:500] if row.fault else "",
            values=row.values | _manager(row) if row.runs else {},
            changes=row.changes if row.runs else {},
            person=row.person if row.fault is None else None,
            person_version=row.person.version if row.person and row.fault is None else None,
        )


def _manager(row: Planned) -> dict[str, object]:
    if "manager" not in row.values:
        return {}
    if isinstance(row.manager, Person):
        return {"manager": {"person": row.manager.pk}}
    return {"manager": {"line": row.manager.line} if row.manager else None}
