"""Bringing values and records by list: every row is tried first, and nothing is changed before the good ones are run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from hexmark.access import Actor, Permission, allow
from hexmark.errors import Conflict, Invalid
from hexmark.events.log import record
from hexmark.files.tables import Row, Table, read_table
from hexmark.measures import records, values
from hexmark.measures.event_types import EventType
from hexmark.measures.models import Measure, MeasureImport
from hexmark.measures.rules import read_day, read_number
from hexmark.organisations.models import Organisation
from hexmark.people.models import Person, Team

T = TypeVar("T")
MOST_ROWS = values.MOST_AT_ONCE
NEW, CORRECTED, SAME, ERROR = "new", "corrected", "same", "error"
#: Columns of a list of records that mean something by themselves; every other one can be asked of by a filter.
RECORD_COLUMNS = ("id", "owner", "stage", "amount", "date")


@dataclass(frozen=True, slots=True)
class People:
    """Everybody of the organisation, by address and by employee id, and its teams by name: read once for the whole list."""

    by_word: Mapping[str, Person]
    teams: Mapping[str, Team]

    @classmethod
    def of(cls, organisation: Organisation) -> People:
        """Read now."""
        words: dict[str, Person] = {}
        for person in Person.objects.filter(organisation=organisation).only("pk", "organisation_id", "name", "email", "employee_id"):
            words[person.email.lower()] = person
            if person.employee_id:
                words.setdefault(person.employee_id.lower(), person)
        teams = {team.name.lower(): team for team in Team.objects.open().filter(organisation=organisation)}
        return cls(by_word=words, teams=teams)

    def person(self, word: str, *, field: str) -> Person:
        """Whoever has this address or employee id.

        Raises:
            Invalid: nobody here has.
        """
        if not word.strip():
            raise Invalid("It is not said of whom this is. Give an e-mail address or an employee id.", field=field)
        if (found := self.by_word.get(word.strip().lower())) is None:
            raise Invalid(f"Nobody here has the address or employee id “{word.strip()[:60]}”.", field=field)
        return found

    def team(self, word: str) -> Team:
        """The team of this name.

        Raises:
            Invalid: there is none.
        """
        if (found := self.teams.get(word.strip().lower())) is None:
            raise Invalid(f"There is no team “{word.strip()[:60]}” here." if word.strip() else "The team is missing.", field="team")
        return found


@transaction.atomic
def read_values(measure: Measure, *, data: bytes, file_name: str, actor: Actor) -> MeasureImport:
    """The list is kept with what each of its rows would do. Nothing else is changed.

    Raises:
        NotPermitted: the actor may not edit measures here.
        Conflict: the figure takes no values.
        Unreadable: the file is no table.
        Invalid: it lacks a column, or is too long.
    """
    allow(actor, Permission.EDIT_MEASURES, measure)
    values.check_takes_values(measure)
    table = _table(data, file_name, needed=value_columns(measure))
    made = MeasureImport(organisation_id=measure.organisation_id, measure=measure)
    return _kept(made, _value_rows(measure, table), file_name=file_name, actor=actor)


@transaction.atomic
def read_records(organisation: Organisation, *, source: str, data: bytes, file_name: str, actor: Actor) -> MeasureImport:
    """As `read_values`, of records from this source.

    Raises:
        NotPermitted, Unreadable, Invalid: as there.
    """
    allow(actor, Permission.EDIT_MEASURES, organisation)
    source = records.clean_source(source)
    table = _table(data, file_name, needed=("id", "owner", "date"))
    made = MeasureImport(organisation=organisation, record_source=source)
    return _kept(made, _record_rows(organisation, source, table), file_name=file_name, actor=actor)


@transaction.atomic
def run_import(whole: MeasureImport, *, actor: Actor) -> values.Brought:
    """The good rows stand; those that are wrong are left away. What is the same stays as it is.

    Raises:
        NotPermitted: the actor may not edit measures here.
        Conflict: it was run before, or no row is good.
        Invalid: people or teams of the list changed since it was read.
    """
    allow(actor, Permission.EDIT_MEASURES, whole)
    good = [row for row in whole.rows if row["status"] in (NEW, CORRECTED, SAME)]
    if not good:
        raise Conflict("No row of the list is good. Mend it and bring it again.")
    if not MeasureImport.objects.filter(pk=whole.pk, run_at__isnull=True).update(run_at=timezone.now()):
        raise Conflict("This list was run already.")
    people = People.of(whole.organisation)
    source = f"list {whole.file_name}"
    if whole.measure is not None:
        given = [_as_value(whole.measure, people, row["values"]) for row in good]
        brought = values.bring_values(whole.measure, given, source=source, actor=actor)
    else:
        those = [_as_record(people, row["values"]) for row in good]
        brought = records.bring_records(whole.organisation, those, source=whole.record_source, actor=actor)
    record(EventType.IMPORT_RUN, whole, actor=actor, new=brought.new, corrected=brought.corrected, same=brought.same)
    return brought


def value_columns(measure: Measure) -> tuple[str, ...]:
    """The columns that a list of the measure's values must have."""
    subject = {Measure.Per.PERSON: ("person",), Measure.Per.TEAM: ("team",), Measure.Per.ORGANISATION: ()}[Measure.Per(measure.per)]
    number = ("numerator", "denominator") if measure.form == Measure.Form.RATE else ("value",)
    return (*subject, "on", *number)


def _table(data: bytes, file_name: str, *, needed: Sequence[str]) -> Table:
    table = read_table(data, file_name=file_name)
    missing = [name for name in needed if name not in table.columns]
    if missing:
        raise Invalid(f"The list has no column “{missing[0]}”. It needs {', '.join(needed)}.", field="file")
    if len(table.rows) > MOST_ROWS:
        raise Invalid(f"A list has at most {MOST_ROWS:,} rows. Split it.", field="file")
    if not table.rows:
        raise Invalid("The list has headings and no rows.", field="file")
    return table


def _kept(made: MeasureImport, rows: list[dict[str, Any]], *, file_name: str, actor: Actor) -> MeasureImport:
    made.rows, made.file_name, made.made_by_label = rows, file_name[-200:], actor.label[:200]
    made.save()
    return made


def _value_rows(measure: Measure, table: Table) -> list[dict[str, Any]]:
    people, today = People.of(measure.organisation), timezone.localdate(timezone=measure.organisation.zone)
    read: list[tuple[Row, values.Value | str]] = []
    seen: dict[values.Key, int] = {}

    def one(row: Row) -> values.Value:
        value = _as_value(measure, people, row.values)
        values.check_value(measure, value, today=today)
        if value.key in seen:
            raise Invalid(f"Line {seen[value.key]} is of the same day and the same subject.")
        seen[value.key] = row.line
        return value

    read = [(row, _tried(one, row)) for row in table.rows]
    standing = values.standing_values(measure, [value.key for _, value in read if isinstance(value, values.Value)])
    rows = []
    for row, value in read:
        if isinstance(value, str):
            rows.append(_bad(row, value))
            continue
        there = standing.get(value.key)
        status = NEW if there is None else SAME if values.is_same(measure, value, there) else CORRECTED
        sentence = f"Was {there.value.normalize():f}." if there is not None and status == CORRECTED else ""
        rows.append(_good(row, status, sentence))
    return rows


def _record_rows(organisation: Organisation, source: str, table: Table) -> list[dict[str, Any]]:
    people, today = People.of(organisation), timezone.localdate(timezone=organisation.zone)
    standing = records.standing_records(organisation, source)
    seen: dict[str, int] = {}

    def one(row: Row) -> records.GivenRecord:
        given = _as_record(people, row.values)
        records.check_record(organisation, given, today=today)
        if given.external_id in seen:
            raise Invalid(f"Line {seen[given.external_id]} has the same id.")
        seen[given.external_id] = row.line
        return given

    rows = []
    for row in table.rows:
        given = _tried(one, row)
        if isinstance(given, str):
            rows.append(_bad(row, given))
            continue
        there = standing.get(given.external_id)
        status = NEW if there is None else SAME if records.is_same_record(given, there) else CORRECTED
        rows.append(_good(row, status, ""))
    return rows


def _tried(read: Callable[[Row], T], row: Row) -> T | str:
    """What the row says, or the sentence that says what is wrong with it."""
    if row.problem:
        return row.problem.sentence
    try:
        return read(row)
    except Invalid as error:
        return str(error)


def _good(row: Row, status: str, sentence: str) -> dict[str, Any]:
    return {"line": row.line, "status": status, "sentence": sentence, "values": dict(row.values), "shown": list(row.cells)[:8]}


def _bad(row: Row, sentence: str) -> dict[str, Any]:
    return {"line": row.line, "status": ERROR, "sentence": sentence[:300], "values": {}, "shown": [cell[:80] for cell in row.cells[:8]]}


def _as_value(measure: Measure, people: People, cells: Mapping[str, str]) -> values.Value:
    rate = measure.form == Measure.Form.RATE
    return values.Value(
        on=read_day(cells.get("on", "")),
        value=None if rate else read_number(cells.get("value", "")),
        person=people.person(cells.get("person", ""), field="person") if measure.per == Measure.Per.PERSON else None,
        team=people.team(cells.get("team", "")) if measure.per == Measure.Per.TEAM else None,
        numerator=read_number(cells.get("numerator", ""), field="numerator") if rate else None,
        denominator=read_number(cells.get("denominator", ""), field="denominator") if rate else None,
        reason=cells.get("reason", ""),
    )


def _as_record(people: People, cells: Mapping[str, str]) -> records.GivenRecord:
    return records.GivenRecord(
        external_id=cells.get("id", "").strip(),
        owner=people.person(cells.get("owner", ""), field="owner"),
        date=read_day(cells.get("date", ""), field="date"),
        stage=cells.get("stage", "").strip(),
        amount=read_number(cells["amount"], field="amount") if cells.get("amount", "").strip() else Decimal(0),
        more={name: cell for name, cell in cells.items() if name not in RECORD_COLUMNS and cell},
    )
