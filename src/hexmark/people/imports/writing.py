"""Writing some rows of a list: every row by itself is written or says why not, and is never written over a later change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from hexmark.access import Actor
from hexmark.errors import Conflict, NotPermitted
from hexmark.events.log import record_many
from hexmark.organisations.models import Organisation
from hexmark.people.event_types import EventType
from hexmark.people.imports.comparing import PLAIN
from hexmark.people.imports.planned import Fault
from hexmark.people.imports.roles import RoleBook
from hexmark.people.lines import teams_led_by
from hexmark.people.models import ImportRow, PeopleImport, Person, Team
from hexmark.people.own_line import check_may_end, chooses_freely, led_by, manage_nobody
from hexmark.people.records import check_may_change_address, forget_join_links, leave_all, today_of
from hexmark.people.rules import has_ended

Outcome, Status = ImportRow.Outcome, ImportRow.Status
_MEANWHILE = "The person was changed after this list was checked. Bring the list again."


class _Batch:
    """The rows of one transaction, and what is known of the organisation while it lasts."""

    def __init__(self, whole: PeopleImport, rows: Sequence[ImportRow], organisation: Organisation, actor: Actor) -> None:
        self.whole = whole
        self.rows = rows
        self.organisation = organisation
        self.actor = actor
        self.today = today_of(organisation)
        self.roles = RoleBook(organisation, self.today)
        self.teams: dict[str, Team] = {}
        everybody = Person.objects.filter(organisation=organisation)
        self.managers: dict[int, int | None] = dict(everybody.values_list("pk", "manager_id"))
        self.present = set(everybody.present().values_list("pk", flat=True))
        self.people = everybody.in_bulk([row.person_id for row in rows if row.person_id])
        free = chooses_freely(actor)
        self.led = set() if free else led_by(actor)
        led_teams = Team.objects.filter(organisation=organisation, pk__in=teams_led_by(actor.person_id or 0))
        self.led_teams = set() if free else set(led_teams.values_list("pk", flat=True))
        self.chosen_by = None if free else actor.person_id
        lines = [row.values["manager"]["line"] for row in rows if (row.values.get("manager") or {}).get("line")]
        found = ImportRow.objects.filter(whole=whole, line__in=lines, person__isnull=False)
        self.new_people = dict(found.values_list("line", "person_id"))

    def known(self, row: ImportRow, person: Person) -> None:
        """Rows that follow may report to this new person."""
        self.new_people[row.line] = person.pk
        self.managers[person.pk] = person.manager_id
        self.present.add(person.pk)

    def team(self, name: str) -> Team | None:
        """The open team of this name, made if there is none."""
        if not name:
            return None
        if name not in self.teams:
            open_ = Team.objects.open().filter(organisation=self.organisation)
            known = open_.filter(name__iexact=name).first()
            self.teams[name] = known or Team.objects.create(organisation=self.organisation, name=name)
            if known is None:
                record_many(EventType.TEAM_MADE, [(self.teams[name], {"name": name})], actor=self.actor)
        return self.teams[name]


def write(whole: PeopleImport, rows: Sequence[ImportRow], *, organisation: Organisation, actor: Actor) -> None:
    """Each row has its outcome, and what it says is written. Must be called in a transaction that holds the organisation."""
    batch = _Batch(whole, rows, organisation, actor)
    fresh = [row for row in rows if row.status == Status.NEW]
    _add_all(batch, fresh)
    for row in rows:
        if row.status != Status.NEW:
            _try(row, lambda row=row: _change(batch, row))  # type: ignore[misc]
    written = [row for row in rows if row.outcome != Outcome.ERROR]
    for row in written:
        if "role" in row.changes and row.person is not None:
            batch.roles.set(row.person, row.values["role"], is_new=row.status == Status.NEW)
    batch.roles.write()
    _end_and_return(batch)
    moved = [row.person_id for row in written if row.person_id and "email" in row.changes and row.status != Status.NEW]
    forget_join_links(moved)
    for event_type, status in ((EventType.PERSON_ADDED, Status.NEW), (EventType.PERSON_CHANGED, Status.CHANGED)):
        done = [row for row in written if row.status == status and row.person is not None]
        record_many(event_type, [(row.person, _told(row)) for row in done if row.person], actor=actor)
    _note(rows)


def _told(row: ImportRow) -> dict[str, Any]:
    return {} if row.status == Status.NEW else {"fields": sorted(row.changes)}


def _note(rows: Sequence[ImportRow]) -> None:
    """The rows' outcomes are stored: those that went well together, the others one by one."""
    now = timezone.now()
    for outcome in (Outcome.ADDED, Outcome.CHANGED):
        keys = [row.pk for row in rows if row.outcome == outcome]
        ImportRow.objects.filter(pk__in=keys).update(outcome=outcome, done_at=now)
    fresh = [row for row in rows if row.outcome == Outcome.ADDED]
    ImportRow.objects.bulk_update(fresh, ["person"], batch_size=100)
    for row in rows:
        if row.outcome == Outcome.ERROR:
            row.done_at = now
            row.save(update_fields=["outcome", "code", "sentence", "person", "done_at"])


def _try(row: ImportRow, act: Callable[[], Person]) -> None:
    """The row has its person and outcome, or says why not; in that case it has written nothing."""
    try:
        with transaction.atomic():
            row.person = act()
    except IntegrityError:
        row.outcome, row.code = Outcome.ERROR, "CONFLICT"
        row.sentence = "Somebody here has the address or employee id since this list was checked."
    except Fault as fault:
        row.outcome, row.code, row.sentence = Outcome.ERROR, fault.code, fault.sentence[:500]
    else:
        row.outcome = Outcome.ADDED if row.status == Status.NEW else Outcome.CHANGED


def _add_all(batch: _Batch, rows: Sequence[ImportRow]) -> None:
    """Everybody new is there. Together where all goes well, which is several times as fast; else one by one."""
    # Managers stand before those who report to them, so that a row may name one of the same batch.
    within = {row.line for row in rows}
    alone = [row for row in rows if (row.values.get("manager") or {}).get("line") not in within]
    try:
        with transaction.atomic():
            people = [Person(organisation=batch.organisation, **_columns(batch, row)) for row in alone]
            Person.objects.bulk_create(people, batch_size=100)
    except (IntegrityError, Fault):
        for row in alone:
            _try(row, lambda row=row: _add(batch, row))  # type: ignore[misc]
    else:
        for row, person in zip(alone, people, strict=True):
            row.person, row.outcome = person, Outcome.ADDED
    for row in alone:
        if row.person is not None:
            batch.known(row, row.person)
    rest = [row for row in rows if row not in alone]
    if rest:
        _add_all(batch, rest)


def _add(batch: _Batch, row: ImportRow) -> Person:
    return Person.objects.create(organisation=batch.organisation, **_columns(batch, row))


def _change(batch: _Batch, row: ImportRow) -> Person:
    values = _columns(batch, row)
    person = batch.people.get(row.person_id or 0)
    # The version is asked by the update itself: whoever edits one person holds no lock on the organisation.
    same = Person.objects.filter(pk=row.person_id or 0, version=row.person_version or 0)
    if person is None or not same.update(**values, version=F("version") + 1):
        raise Fault("CONFLICT", _MEANWHILE)
    if "email" in values:
        _check_again(check_may_change_address, person, batch.actor, field="email")
    if "ends_on" in values:
        _check_again(check_may_end, person, batch.actor, field="end")
    if "manager_id" in values:
        batch.managers[person.pk] = values["manager_id"]
    return person


def _check_again(check: Callable[[Person, Actor], None], person: Person, actor: Actor, *, field: str) -> None:
    """Since the list was checked, the person may have been given access, or somebody with less may run it."""
    try:
        check(person, actor)
    except NotPermitted as error:
        raise Fault("NOT_PERMITTED", f"{field}: {error}") from error


def _columns(batch: _Batch, row: ImportRow) -> dict[str, Any]:
    """What changes in the person's own row, by column."""
    values: dict[str, Any] = {}
    for field, column in PLAIN.items():
        if field in row.changes:
            new = row.values[field]
            values[column] = date.fromisoformat(new) if new and field in ("start", "end") else new
    if "team" in row.changes:
        values["team"] = team = batch.team(row.values["team"])
        if team is not None and team.pk in batch.led_teams and row.person_id not in batch.led:
            raise Fault("NOT_PERMITTED", "team: Nobody puts people into their own team. A badge administrator can do that.")
    if "manager" in row.changes:
        values["manager_id"] = _manager_of(batch, row)
    return values


def _manager_of(batch: _Batch, row: ImportRow) -> int | None:
    named = row.values["manager"]
    if named is None:
        return None
    manager = named["person"] if "person" in named else batch.new_people.get(named["line"])
    if manager is None:
        raise Fault("CSV_MANAGER", f"manager: Line {named['line']} was not taken, so there is nobody to report to.")
    if manager not in batch.present:
        raise Fault("CSV_MANAGER", "manager: They have left since this list was checked.")
    above: int | None = manager
    seen: set[int] = set()
    while above is not None and above not in seen:
        if above == row.person_id:
            raise Fault("CSV_CYCLE", "manager: The manager reports to this person since this list was checked.")
        if above == batch.chosen_by and row.person_id not in batch.led:
            raise Fault("NOT_PERMITTED", "manager: Nobody puts people into their own line. A badge administrator can do that.")
        seen.add(above)
        above = batch.managers.get(above)
    return manager


def _end_and_return(batch: _Batch) -> None:
    """Whoever's last day is over has left, and whoever's is not any more is back."""
    touched = [row for row in batch.rows if row.outcome in (Outcome.ADDED, Outcome.CHANGED) and "end" in row.changes]
    people = Person.objects.in_bulk([row.person_id for row in touched if row.person_id])
    leaving = [person for person in people.values() if person.left_at is None and has_ended(person.ends_on, batch.today)]
    _leave(batch, leaving)
    back = [person for person in people.values() if person.left_at is not None and not has_ended(person.ends_on, batch.today)]
    Person.objects.filter(pk__in=[person.pk for person in back]).update(left_at=None)
    manage_nobody([person.pk for person in back])
    record_many(EventType.PERSON_RETURNED, [(person, {}) for person in back], actor=batch.actor)


def _leave(batch: _Batch, leaving: list[Person]) -> None:
    try:
        with transaction.atomic():
            leave_all(leaving, actor=batch.actor)
    except Conflict as refused:
        if len(leaving) == 1:
            row = next(row for row in batch.rows if row.person_id == leaving[0].pk)
            row.outcome, row.code, row.sentence = Outcome.ERROR, "NOT_PERMITTED", f"end: {refused}"
            return
        # One of them may not leave; the others can.
        for person in leaving:
            _leave(batch, [person])
