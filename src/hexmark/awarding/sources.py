"""Where the rows of a list come from: a table, typed text, or people who are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from hexmark.awarding.row_rules import COLUMNS, GivenRow
from hexmark.errors import Invalid
from hexmark.files.tables import Row, Table, read_table
from hexmark.people.models import Person
from hexmark.people.rules import parse_addressees

#: What else people call the columns.
_ALIASES: Mapping[str, str] = {
    "e-mail": "email",
    "mail": "email",
    "email_address": "email",
    "e-mail_address": "email",
    "full_name": "name",
    "why": "narrative",
    "date": "decided_on",
    "decided": "decided_on",
}


def rows_of_table(table: Table) -> Iterator[GivenRow]:
    """The rows of a table with a column `email`; also `name`, `narrative` and `decided_on`. Other columns are left alone.

    Raises:
        Invalid: there is no such column, or no row.
    """
    names = [_ALIASES.get(column, column) for column in table.columns]
    if "email" not in names:
        shown = ", ".join(table.columns)[:200]
        raise Invalid(f"The list needs a column called email. Its first line names these: {shown}.", field="file")
    if not table.rows:
        raise Invalid("The list has headings but no rows.", field="file")
    return (_given(row, table.columns, names) for row in table.rows)


def rows_of_text(text: str) -> list[GivenRow]:
    """The rows of pasted text: addresses and names as they are typed, or a table with headings as it is copied from a spreadsheet.

    Raises:
        Invalid: nobody is named.
    """
    first = text.strip().partition("\n")[0].lower()
    if "@" not in first and any(heading in first for heading in ("email", "e-mail")):
        return list(rows_of_table(read_table(text.encode(), file_name="pasted.csv")))
    rows: list[GivenRow] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        try:
            found = parse_addressees(line)
        except Invalid as error:
            rows.append(GivenRow(len(rows) + 1, email=line, problem=str(error)))
            continue
        for addressee in found:
            rows.append(GivenRow(len(rows) + 1, email=addressee.email, name=addressee.name))
    if not rows:
        raise Invalid("Name at least one person by e-mail address.", field="to")
    return rows


def rows_of_people(people: Iterable[Person]) -> Iterator[GivenRow]:
    """A row for each of these people."""
    return (GivenRow(number, email=person.email, name=person.name) for number, person in enumerate(people, start=1))


def _given(row: Row, columns: tuple[str, ...], names: list[str]) -> GivenRow:
    # A row that could not be trusted is shown as far as its cells tell which column they belong to.
    values = row.values or dict(zip(columns, row.cells, strict=False))
    texts: dict[str, str] = {}
    for column, name in zip(columns, names, strict=True):
        if name in COLUMNS:
            texts.setdefault(name, values.get(column, ""))
    return GivenRow(row.line, problem=row.problem.sentence if row.problem else "", **texts)
