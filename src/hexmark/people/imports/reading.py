"""Taking a list in: its cells are stored at once, so that nothing of it depends on a page being open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from hexmark.access import Actor, Permission, allow
from hexmark.errors import Invalid
from hexmark.files.tables import Table, read_table
from hexmark.organisations.models import Organisation
from hexmark.people.imports.columns import guessed_mapping
from hexmark.people.models import ImportRow, PeopleImport

BATCH = 1000
#: An import and everything that stood in its list are kept this long after its last change.
KEEP = timedelta(days=30)


def read(organisation: Organisation, *, data: bytes, file_name: str, actor: Actor) -> PeopleImport:
    """The list is stored, row by row, and not checked yet. Reading a large one takes seconds, before anything is written.

    Raises:
        NotPermitted: the actor may not edit people here.
        Invalid: the file cannot be read as a table (`files.tables.Unreadable`), has no rows, or none of its columns says who is who.
    """
    allow(actor, Permission.EDIT_PEOPLE, organisation)
    table = read_table(data, file_name=file_name)
    if not table.rows:
        raise Invalid("The list has headings, and no rows below them.", field="file")
    mapping = guessed_mapping(table.columns, remembered=_remembered(organisation))
    if not {"id", "employee_id", "email"} & mapping.keys():
        raise Invalid(
            f"No column of the list says who is who. Call one “email” or “employee_id”; its columns are {', '.join(table.columns[:12])}.",
            field="file",
        )
    return _stored(organisation, table, mapping, file_name, actor)


@transaction.atomic
def _stored(organisation: Organisation, table: Table, mapping: dict[str, str], file_name: str, actor: Actor) -> PeopleImport:
    whole = PeopleImport.objects.create(
        organisation=organisation,
        made_by_id=actor.person_id,
        made_by_label=actor.label,
        file_name="".join(character for character in file_name if character.isprintable())[-200:] or "list",
        columns=list(table.columns),
        mapping=mapping,
    )
    ImportRow.objects.bulk_create(_rows(whole, table), batch_size=BATCH)
    return whole


def _rows(whole: PeopleImport, table: Table) -> Iterable[ImportRow]:
    for row in table.rows:
        problem = row.problem
        # PostgreSQL cannot store a zero, and a list that comes back for mending need not hold it.
        cells = [cell.replace("\0", "\ufffd") for cell in row.cells]
        yield ImportRow(
            whole=whole,
            line=row.line,
            cells=cells,
            status=ImportRow.Status.ERROR if problem else "",
            code=problem.code if problem else "",
            sentence=problem.sentence if problem else "",
        )


def _remembered(organisation: Organisation) -> dict[str, str]:
    """Which field each column was in the organisation's last list."""
    last = PeopleImport.objects.filter(organisation=organisation).order_by("-pk").first()
    return {column: field for field, column in last.mapping.items()} if last else {}


def forget_old() -> int:
    """Imports that were not touched for thirty days are gone, with everything that stood in their lists. Returns how many."""
    before = timezone.now() - KEEP
    old = PeopleImport.objects.filter(created_at__lt=before).exclude(state=PeopleImport.State.RUNNING)
    keys = list(old.exclude(finished_at__gte=before).values_list("pk", flat=True)[:100])
    ImportRow.objects.filter(whole_id__in=keys).delete()
    PeopleImport.objects.filter(pk__in=keys).delete()
    return len(keys)
