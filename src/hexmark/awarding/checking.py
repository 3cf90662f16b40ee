"""Checking the rows of a list: what each would do if the list were run now. Nothing is awarded and nobody is added here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from hexmark.access import Actor, Permission, system
from hexmark.awarding.models import Award, Batch, BatchRow
from hexmark.awarding.row_rules import COLUMNS, CleanRow, clean_row, mailbox_key
from hexmark.awarding.rules import is_to_self
from hexmark.awarding.sql import update_rows
from hexmark.errors import Invalid
from hexmark.people.models import Person
from hexmark.people.queries import actor_for, people_by_email

#: Few enough that one database statement takes them all as parameters.
CHUNK = 500

Outcome = BatchRow.Outcome
#: Rows that stand for their person: another row of the same person is one too many.
TAKEN = (Outcome.READY, Outcome.NEW, Outcome.HELD)
_WRITTEN = ("email", "name", "narrative", "decided_on", "key", "outcome", "reason", "person")


@dataclass(frozen=True, slots=True)
class _Known:
    """What the tables say about the people of a chunk."""

    actor: Actor
    people: dict[str, Person]
    holders: set[int]
    #: Of each key, the rows that stand for it already.
    taken: dict[str, list[BatchRow]]


def check_some(batch: Batch, *, among: Q | None = None) -> int:
    """Up to a chunk of the batch's unchecked rows, in their order, have their outcome; returns how many there were.

    Two that check at once come to the same: each row is written only while it is unchecked.
    """
    rows = list(batch.rows.filter(among or Q(), outcome=Outcome.UNCHECKED).order_by("line")[:CHUNK])
    today = timezone.now().astimezone(batch.organisation.zone).date()
    clean: dict[int, CleanRow] = {}
    for row in rows:
        row.person = None
        try:
            clean[row.pk] = clean_row({column: getattr(row, column) for column in COLUMNS}, today=today)
        except Invalid as error:
            row.key, row.outcome, row.reason = "", Outcome.MEND, str(error)[:300]
            continue
        _keep(row, clean[row.pk])
    readable = [row for row in rows if row.pk in clean]
    known = _known(batch, readable)
    for row in readable:
        row.person = known.people.get(row.email.lower())
        row.outcome, row.reason = _verdict(row, known)
        if row.outcome in TAKEN:
            known.taken.setdefault(row.key, []).append(row)
    update_rows(_WRITTEN, rows, where=Outcome.UNCHECKED)
    return len(rows)


def awarder_of(batch: Batch) -> Actor:
    """Whose rights decide what the rows of this list may do, as they are now."""
    return actor_for(batch.created_by) if batch.created_by else system(batch.organisation_id, batch.created_by_label)


def holders_among(version_id: int, person_ids: Sequence[int]) -> set[int]:
    """Those of these people (at most some hundreds) who hold the version, or are about to."""
    held = Award.objects.filter(version_id=version_id, closed_at__isnull=True, run__undone_at__isnull=True, person_id__in=person_ids)
    return set(held.values_list("person_id", flat=True))


def why_not_awarded(person: Person, *, actor: Actor) -> str:
    """What keeps this person from being awarded by this actor; empty when nothing does."""
    if person.left_at is not None:
        return f"{person.name} has left the organisation."[:300]
    if is_to_self(actor, person):
        return "Nobody can award themselves. Ask somebody else with the right to award."
    return ""


def _keep(row: BatchRow, clean: CleanRow) -> None:
    row.email, row.name, row.narrative = clean.email, clean.name, clean.narrative
    row.decided_on = clean.decided_on.isoformat() if clean.decided_on else ""
    row.key = mailbox_key(clean.email)


def _known(batch: Batch, rows: Sequence[BatchRow]) -> _Known:
    people = people_by_email(batch.organisation, [row.email for row in rows]) if rows else {}
    taken: dict[str, list[BatchRow]] = {}
    for other in batch.rows.filter(key__in={row.key for row in rows}, outcome__in=TAKEN).order_by("line"):
        taken.setdefault(other.key, []).append(other)
    holders = holders_among(batch.version_id, [person.pk for person in people.values()])
    return _Known(actor=awarder_of(batch), people=people, holders=holders, taken=taken)


def _verdict(row: BatchRow, known: _Known) -> tuple[str, str]:
    first = next((other for other in known.taken.get(row.key, ()) if _is_double(row, other)), None)
    if first is not None:
        same = "The same address" if first.email.lower() == row.email.lower() else f"Perhaps the same person as {first.email},"
        return Outcome.DOUBLE, f"{same} as in line {first.line}." if same.startswith("The") else f"{same} line {first.line}."
    if row.person is None:
        return _verdict_on_stranger(row, known.actor)
    if reason := why_not_awarded(row.person, actor=known.actor):
        return Outcome.MEND, reason
    if row.person_id in known.holders:
        return Outcome.HELD, "Holds it already and is passed over."
    return Outcome.READY, ""


def _is_double(row: BatchRow, other: BatchRow) -> bool:
    if row.email.lower() == other.email.lower():
        return True
    # Two addresses of what may be one mailbox: two people where both are known here, or where somebody said so.
    both_known = row.person_id is not None and other.person_id is not None
    return not both_known and not row.is_distinct


def _verdict_on_stranger(row: BatchRow, actor: Actor) -> tuple[str, str]:
    if not actor.may(Permission.EDIT_PEOPLE):
        return Outcome.MEND, "Nobody here has this address. A badge administrator can add them."
    if not row.name:
        return Outcome.MEND, "Nobody here has this address. Give a name, and they are added when the list is run."
    return Outcome.NEW, ""
