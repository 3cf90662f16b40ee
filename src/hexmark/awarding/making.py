"""Turning the rows of a list that was started into awards, a chunk at a time.

Each chunk is one short transaction: people, awards, events and what became of the rows stand together or not at all. A process may be
killed anywhere; the next one goes on with the rows that are still ready, and nobody is awarded twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from hexmark.access import Actor, Permission, system
from hexmark.awarding.checking import CHUNK, holders_among, why_not_awarded
from hexmark.awarding.clearing import forget_undone
from hexmark.awarding.event_types import EventType
from hexmark.awarding.models import Award, AwardRun, Batch, BatchRow
from hexmark.awarding.row_rules import decision_moment
from hexmark.awarding.rules import may_be_awarded
from hexmark.awarding.sql import update_rows
from hexmark.catalogue.models import AchievementVersion
from hexmark.errors import DomainError
from hexmark.events.log import record_many
from hexmark.jobs import wake
from hexmark.people.actions import add_people
from hexmark.people.models import Person
from hexmark.people.queries import actor_for, people_by_email

Outcome = BatchRow.Outcome
TO_MAKE = (Outcome.READY, Outcome.NEW)


def make_some(batch_id: int) -> int:
    """Up to a chunk of the list's ready rows are awards, or say why not; returns how many rows there were (0: nothing is left)."""
    with transaction.atomic():
        # One at a time for each list, and undo waits: it must not miss awards that are just being made.
        batch = Batch.objects.select_for_update(no_key=True, of=("self",)).select_related("organisation", "run").get(pk=batch_id)
        run = batch.run
        if run is None or run.undone_at is not None:
            return 0
        # One outcome after the other, as the index has them: of both together, the database would sort all that are left each time.
        ready = (list(batch.rows.filter(outcome=outcome).order_by("line")[:CHUNK]) for outcome in TO_MAKE)
        rows = next(filter(None, ready), [])
        if rows:
            _make(batch, run, rows)
        return len(rows)


def _make(batch: Batch, run: AwardRun, rows: Sequence[BatchRow]) -> None:
    actor = actor_for(run.awarded_by) if run.awarded_by else system(run.organisation_id, run.awarded_by_label)
    # Whoever awards the same elsewhere at this moment waits, so that nobody is given it twice.
    version = AchievementVersion.objects.select_for_update(no_key=True).get(pk=run.version_id)
    before = rows[0].outcome
    if not may_be_awarded(version):
        _fail(rows, f"“{version.name}” was retired before this row's turn came.")
    elif not actor.may(Permission.AWARD):
        _fail(rows, f"{run.awarded_by_label} no longer had the right to award when this row's turn came.")
    else:
        _award(batch, run, _with_person(batch, rows, actor), actor)
    update_rows(("outcome", "reason", "person", "award"), rows, where=before)
    if run.release_at <= timezone.now():
        wake("issuing.sign", run.organisation_id)


def _fail(rows: Sequence[BatchRow], reason: str) -> None:
    for row in rows:
        row.outcome, row.reason = Outcome.FAILED, reason[:300]


def _with_person(batch: Batch, rows: Sequence[BatchRow], actor: Actor) -> list[BatchRow]:
    """The rows whose person is known now and may be awarded. The others say why not."""
    known = people_by_email(batch.organisation, [row.email for row in rows])
    strangers = {row.email.lower(): row for row in rows if row.email.lower() not in known}
    known |= _added(batch, list(strangers.values()), actor)
    ready = []
    for row in rows:
        person = known.get(row.email.lower())
        if person is None:
            # Why stands in the row already, unless it is one of two of the same address.
            _fail([row], row.reason or "The person of this row could not be added.")
        elif reason := why_not_awarded(person, actor=actor):
            _fail([row], reason)
        else:
            row.person = person
            ready.append(row)
    return ready


def _added(batch: Batch, strangers: Sequence[BatchRow], actor: Actor) -> dict[str, Person]:
    """Who was added for these rows, by address in lower case. A row whose person could not be added says why."""
    try:
        people = add_people(batch.organisation, named=[(row.name, row.email) for row in strangers], actor=actor) if strangers else []
    except DomainError as error:
        if len(strangers) > 1:
            # One that cannot be added must not keep the others away: each is tried alone.
            return {email: person for row in strangers for email, person in _added(batch, [row], actor).items()}
        strangers[0].reason = str(error)
        return {}
    return {person.email.lower(): person for person in people}


def _award(batch: Batch, run: AwardRun, rows: Sequence[BatchRow], actor: Actor) -> None:
    person_ids = [row.person_id for row in rows if row.person_id is not None]
    forget_undone(run.version_id, person_ids)
    held = holders_among(run.version_id, person_ids)
    making: list[tuple[BatchRow, Award]] = []
    for row in rows:
        if row.person_id in held:
            # Held meanwhile, from another run or from an earlier line of this one: passed over, as a rerun of the whole list would be.
            row.outcome, row.reason = Outcome.HELD, "Held it already when this row's turn came."
            continue
        assert row.person is not None
        held.add(row.person.pk)
        making.append((row, _award_of(batch, run, row, row.person)))
    awards = Award.objects.bulk_create([award for _, award in making], batch_size=CHUNK)
    for row, award in making:
        row.outcome, row.reason, row.award = Outcome.AWARDED, "", award
    record_many(EventType.AWARDED, ((one, {"version": run.version_id, "run": run.public_id}) for one in awards), actor=actor)


def _award_of(batch: Batch, run: AwardRun, row: BatchRow, person: Person) -> Award:
    return Award(
        organisation_id=run.organisation_id,
        run=run,
        version_id=run.version_id,
        person=person,
        awarded_at=_decided_at(batch, row) or run.awarded_at,
        release_at=run.release_at,
        narrative=row.narrative,
    )


def _decided_at(batch: Batch, row: BatchRow) -> datetime | None:
    day = date.fromisoformat(row.decided_on) if row.decided_on else None
    return decision_moment(day, batch.organisation.zone)
