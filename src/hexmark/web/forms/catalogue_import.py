"""Lists of drafts: the upload, and each row read as the editor reads its form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms

from hexmark.catalogue.facets import fold
from hexmark.catalogue.sheets import MOST_ROWS, TEXT_COLUMNS, Outcome, PlannedRow
from hexmark.errors import Invalid
from hexmark.files.tables import Row, Table, Unreadable, read_table
from hexmark.organisations.assurance import Assurance
from hexmark.web.forms.catalogue import VersionForm

MOST_BYTES = 1024 * 1024
#: What an empty cell, or a column that is not there, means.
_USUAL = {"assurance": Assurance.TOOK_PART.value, "level": "0", "language": "en", "achievement_type": "Badge"}
_STEPS = {fold(step.label): step.value for step in Assurance} | {fold(step.value): step.value for step in Assurance}
_LISTS = ("roles", "subjects", "tags")


class ImportForm(forms.Form):
    """A list in CSV or Excel's form."""

    file = forms.FileField(
        label="Drop a list, or choose one",
        help_text=f"CSV or .xlsx with a column “name”, at most {MOST_ROWS} rows and 1 MB. Nothing is written before you have seen it.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,text/csv"}),
    )

    def clean_file(self) -> Any:
        """Refused by its size before anything reads it."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("The list is larger than 1 MB. Split it.")
        return file


def table_of(data: bytes, *, file_name: str) -> Table:
    """The list, with a column of names and not too many rows.

    Raises:
        Unreadable: it is no table.
        Invalid: there is no column of names, or too many rows.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable("The list is larger than 1 MB. Split it.", code="TOO_LARGE")
    table = read_table(data, file_name=file_name)
    if "name" not in table.columns:
        raise Invalid("The list has no column “name”.", field="file")
    if len(table.rows) > MOST_ROWS:
        raise Invalid(f"The list has {len(table.rows):,} rows. At most {MOST_ROWS} at once.", field="file")
    return table


def planned(table: Table, *, taken: Iterable[str]) -> Iterator[PlannedRow]:
    """What would become of each row; `taken` are folded names that are there already."""
    seen = set(taken)
    for row in table.rows:
        plan = _planned(row, seen)
        seen.add(fold(plan.name))
        yield plan


def unknown_columns(table: Table, known: Iterable[str]) -> list[str]:
    """Columns that mean nothing here."""
    return [column for column in table.columns if column not in set(known)]


def _planned(row: Row, seen: set[str]) -> PlannedRow:
    name = " ".join(row.values.get("name", "").split())
    if row.problem is not None:
        return PlannedRow(row.line, name, Outcome.WRONG, row.problem.sentence)
    form = VersionForm(_typed(row.values))
    if not form.is_valid():
        return PlannedRow(row.line, name, Outcome.WRONG, _why(form))
    if fold(name) in seen:
        return PlannedRow(row.line, name, Outcome.EXISTS, "Something of this name is there already, or stands above in the list.")
    return PlannedRow(row.line, form.cleaned_data["name"], Outcome.NEW, text=form.text())


def _typed(values: Mapping[str, str]) -> dict[str, str]:
    """The cells as somebody would have typed them into the editor."""
    typed = {name: values.get(column, "").strip() or _USUAL.get(name, "") for column, name in TEXT_COLUMNS.items()}
    typed["assurance"] = _STEPS.get(fold(typed["assurance"]), typed["assurance"])
    if typed["effort_minutes"].isdigit():
        # A column of bare numbers is one of minutes, as it says in the documentation.
        typed["effort_minutes"] += " min"
    return typed | {name: typed[name].replace(";", ",") for name in _LISTS}


def _why(form: VersionForm) -> str:
    columns = {name: column for column, name in TEXT_COLUMNS.items()}
    return " ".join(f"{columns.get(name, name)}: {error}" for name, errors in form.errors.items() for error in errors)
