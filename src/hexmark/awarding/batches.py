"""Awarding many: the only writers of lists. A list is begun, checked and mended; started, it becomes a run like any other.

`begin_batch` stores → `checking` says what each row would do → `mend_row`, `remove_row`, `add_people` → `start` → `making` awards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from hexmark.access import Actor, Permission, allow
from hexmark.awarding.checking import TAKEN, check_some
from hexmark.awarding.event_types import EventType
from hexmark.awarding.making import TO_MAKE
from hexmark.awarding.models import AwardRun, Batch, BatchRow
from hexmark.awarding.row_rules import COLUMNS, GivenRow
from hexmark.awarding.rules import LONGEST_NARRATIVE, hold_for, may_be_awarded
from hexmark.catalogue.models import AchievementVersion
from hexmark.errors import Conflict, Invalid
from hexmark.events.log import record
from hexmark.files.text import hides_in_text
from hexmark.jobs import wake
from hexmark.people.models import Person

#: As many as `files.tables` reads.
MOST_ROWS = 100_000
#: Rows of one transaction while a list is being stored.
CHUNK = 1000
#: A list of up to so many rows is checked before the page comes back; a longer one in the background.
CHECKED_AT_ONCE = 1000

Outcome = BatchRow.Outcome
_HIDES = "The row holds hidden characters. Type the text again instead of pasting it."


def begin_batch(version: AchievementVersion, *, rows: Iterable[GivenRow], source: str, actor: Actor, narrative: str = "") -> Batch:
    """A list is stored, in short transactions, and checked: at once if it is short, else in the background.

    Raises:
        NotPermitted: the actor may not award here.
        Invalid: the narrative holds what cannot be signed, or there are more than 100,000 rows.
        Conflict: the version is not published.
    """
    allow(actor, Permission.AWARD, version)
    if not may_be_awarded(version):
        raise Conflict(f"“{version.name}” is not published, so it cannot be awarded.")
    if len(narrative) > LONGEST_NARRATIVE or hides_in_text(narrative):
        raise Invalid(f"What they did is told in at most {LONGEST_NARRATIVE} characters, all of them visible.", field="narrative")
    batch = Batch.objects.create(
        organisation_id=version.organisation_id,
        version=version,
        narrative=narrative.strip(),
        source=source[:200],
        created_by_id=actor.person_id,
        created_by_label=actor.label,
    )
    # Whatever goes wrong before this line's end leaves a list that never arrived, which a sweep clears away.
    count = sum(_store(batch, chunk) for chunk in _chunks(rows))
    with transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(state=Batch.State.OPEN)
        batch.state = Batch.State.OPEN
        wake("awarding.check", batch.pk)
    if count <= CHECKED_AT_ONCE:
        _check_now(batch)
    return batch


@transaction.atomic
def add_people(batch: Batch, *, people: Iterable[Person], actor: Actor) -> int:
    """These people stand at the list's end, unless their address stands in it; returns how many were added.

    Raises:
        NotPermitted: the actor may not award here.
        Invalid: one belongs to another organisation, or the list would be too long.
        Conflict: the list was run.
    """
    allow(actor, Permission.AWARD, batch)
    open_ = _open(batch)
    given = {person.email.lower(): person for person in people}
    if any(person.organisation_id != batch.organisation_id for person in given.values()):
        raise Invalid("Somebody of these is not known in this organisation.", field="people")
    there = {email.lower() for email in open_.rows.values_list("email", flat=True)}
    new = [person for email, person in given.items() if email not in there]
    line = open_.rows.aggregate(last=Max("line"))["last"] or 0
    if len(there) + len(new) > MOST_ROWS:
        raise Invalid(f"A list has at most {MOST_ROWS:,} rows.", field="people")
    rows = (BatchRow(batch=open_, line=line + place, email=one.email, name=one.name) for place, one in enumerate(new, start=1))
    BatchRow.objects.bulk_create(rows, batch_size=500)
    wake("awarding.check", batch.pk)
    if len(new) <= CHECKED_AT_ONCE:
        _check_now(open_)
    return len(new)


@transaction.atomic
def mend_row(batch: Batch, line: int, *, given: Mapping[str, str], actor: Actor, is_distinct: bool = False) -> BatchRow:
    """The row has these texts and was checked anew, with the rows that were one too many because of it.

    Raises:
        NotPermitted: the actor may not award here.
        Conflict: the list was run, or it has no such row.
    """
    allow(actor, Permission.AWARD, batch)
    open_ = _open(batch)
    row = _row(open_, line)
    for column in COLUMNS:
        setattr(row, column, given.get(column, getattr(row, column)))
    row.is_distinct = is_distinct
    freed = _free(open_, row)
    row.outcome, row.reason = Outcome.UNCHECKED, ""
    row.save()
    _check_again(open_, freed | Q(line=line))
    row.refresh_from_db()
    return row


@transaction.atomic
def remove_row(batch: Batch, line: int, *, actor: Actor) -> None:
    """The row stands in the list no more.

    Raises:
        NotPermitted: the actor may not award here.
        Conflict: the list was run, or it has no such row.
    """
    allow(actor, Permission.AWARD, batch)
    open_ = _open(batch)
    row = _row(open_, line)
    freed = _free(open_, row)
    row.delete()
    _check_again(open_, freed)


@transaction.atomic
def start(batch: Batch, *, actor: Actor) -> AwardRun:
    """The ready rows are being awarded in a run that is held as one; the other rows stay as they are and are passed over.

    Raises:
        NotPermitted: the actor may not award here.
        Invalid: no row is ready.
        Conflict: the list was run, it is still being checked, or the version is not published any more.
    """
    allow(actor, Permission.AWARD, batch)
    open_ = _open(batch)
    if not may_be_awarded(open_.version):
        raise Conflict(f"“{open_.version.name}” is not published any more, so it cannot be awarded.")
    if open_.rows.filter(outcome=Outcome.UNCHECKED).exists():
        raise Conflict("The list is still being checked. Try again in a moment.")
    ready = open_.rows.filter(outcome__in=TO_MAKE).count()
    if not ready:
        raise Invalid("No row of this list is ready. Mend one first.")
    now = timezone.now()
    run = AwardRun.objects.create(
        organisation_id=open_.organisation_id,
        version=open_.version,
        awarded_by_id=actor.person_id,
        awarded_by_label=actor.label,
        narrative=open_.narrative,
        awarded_at=now,
        release_at=now + hold_for(actor),
    )
    Batch.objects.filter(pk=open_.pk).update(state=Batch.State.RUN, run=run)
    record(EventType.RUN_STARTED, run, actor=actor, rows=ready)
    wake("awarding.make", open_.pk)
    return run


@transaction.atomic
def discard(batch: Batch, *, actor: Actor) -> None:
    """The list is gone. Nobody was awarded anything by it.

    Raises:
        NotPermitted: the actor may not award here.
        Conflict: the list was run.
    """
    allow(actor, Permission.AWARD, batch)
    _open(batch).delete()


def again(batch: Batch, *, actor: Actor) -> Batch:
    """A new list with the same rows, checked as things stand now: whoever holds it by now is passed over.

    Raises:
        NotPermitted: the actor may not award here.
        Conflict: the version is not published any more.
    """
    allow(actor, Permission.AWARD, batch)
    rows = batch.rows.order_by("line").iterator(chunk_size=CHUNK)
    given = (GivenRow(row.line, row.email, row.name, row.narrative, row.decided_on) for row in rows)
    return begin_batch(batch.version, rows=given, source=batch.source, actor=actor, narrative=batch.narrative)


def _chunks(rows: Iterable[GivenRow]) -> Iterator[tuple[GivenRow, ...]]:
    stored, left = 0, iter(rows)
    while chunk := tuple(islice(left, CHUNK)):
        stored += len(chunk)
        if stored > MOST_ROWS:
            raise Invalid(f"A list has at most {MOST_ROWS:,} rows. Split it.", field="file")
        yield chunk


def _store(batch: Batch, given: Iterable[GivenRow]) -> int:
    return len(BatchRow.objects.bulk_create(_stored_row(batch, row) for row in given))


def _stored_row(batch: Batch, given: GivenRow) -> BatchRow:
    # PostgreSQL's texts cannot hold the character zero.
    texts = {column: getattr(given, column).replace("\0", "") for column in COLUMNS}
    problem = given.problem or (_HIDES if any("\0" in getattr(given, column) for column in COLUMNS) else "")
    outcome = Outcome.MEND if problem else Outcome.UNCHECKED
    return BatchRow(batch=batch, line=given.line, outcome=outcome, reason=problem[:300], **texts)


def _check_now(batch: Batch) -> None:
    while check_some(batch):
        pass


def _open(batch: Batch) -> Batch:
    """The list as it stands, which nobody else changes now."""
    found = Batch.objects.select_for_update(of=("self",)).select_related(
        "version__achievement__organisation", "organisation", "created_by__account"
    )
    kept = found.filter(pk=batch.pk).first()
    if kept is None or kept.state != Batch.State.OPEN:
        raise Conflict("This list was run already, or somebody discarded it.")
    return kept


def _row(batch: Batch, line: int) -> BatchRow:
    row = batch.rows.filter(line=line).first()
    if row is None:
        raise Conflict(f"The list has no line {line} any more.")
    return row


def _free(batch: Batch, row: BatchRow) -> Q:
    """Where this row stood for its person, the others that were one too many are to be looked at anew; which these are."""
    freed = Q(key=row.key, outcome=Outcome.DOUBLE) if row.key and row.outcome in TAKEN else Q(pk__in=())
    batch.rows.filter(freed).update(outcome=Outcome.UNCHECKED, reason="")
    return Q(key=row.key) & ~Q(key="")


def _check_again(batch: Batch, rows: Q) -> None:
    """The first of these are checked before the page comes back, and whatever else is unchecked in the background."""
    check_some(batch, among=rows)
    wake("awarding.check", batch.pk)
