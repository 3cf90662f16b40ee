"""Actions that bring records of other systems. A record that differs takes the place of the earlier one, which stays to be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from hexmark.access import Actor, Permission, allow
from hexmark.errors import Invalid
from hexmark.events.log import record
from hexmark.files.text import hides_in_line
from hexmark.measures.event_types import EventType
from hexmark.measures.holding import hold_counted
from hexmark.measures.models import ImportedRecord
from hexmark.measures.rules import check_day, checked_number
from hexmark.measures.values import MOST_AT_ONCE, Brought
from hexmark.organisations.models import Organisation
from hexmark.people.models import Person

LONGEST_ID = 120
LONGEST_SOURCE = 60
MOST_MORE = 20


@dataclass(frozen=True, slots=True)
class GivenRecord:
    """One record as it is brought."""

    external_id: str
    owner: Person
    date: date
    stage: str = ""
    amount: Decimal = Decimal(0)
    more: dict[str, str] = field(default_factory=dict)
    reason: str = ""


@transaction.atomic
def bring_records(organisation: Organisation, records: Sequence[GivenRecord], *, source: str, actor: Actor) -> Brought:
    """These records stand. Bringing the same again changes nothing; one that differs corrects the earlier.

    Raises:
        NotPermitted: the actor may not edit measures here.
        Invalid: one of them is somebody else's person's, or cannot be kept.
    """
    allow(actor, Permission.EDIT_MEASURES, organisation)
    source = clean_source(source)
    if len(records) > MOST_AT_ONCE:
        raise Invalid(f"Bring at most {MOST_AT_ONCE:,} records at once.")
    today = timezone.localdate(timezone=organisation.zone)
    given: dict[str, GivenRecord] = {}
    for one in records:
        check_record(organisation, one, today=today)
        if one.external_id in given:
            raise Invalid(f"Two records have the id “{one.external_id}”.", field="id")
        given[one.external_id] = one
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    return _write(organisation, given, standing_records(organisation, source), source=source, actor=actor)


def clean_source(source: str) -> str:
    """The name of the list that records come from.

    Raises:
        Invalid: it cannot be used.
    """
    source = source.strip()
    if not source or len(source) > LONGEST_SOURCE or hides_in_line(source):
        raise Invalid(f"Say in at most {LONGEST_SOURCE} characters where the records come from.", field="source")
    return source


def check_record(organisation: Organisation, one: GivenRecord, *, today: date) -> None:
    """Pass if this record can be kept.

    Raises:
        Invalid: it cannot.
    """
    if one.owner.organisation_id != organisation.pk:
        raise Invalid("There is nobody here with this id.", field="owner")
    if not one.external_id or len(one.external_id) > LONGEST_ID or hides_in_line(one.external_id):
        raise Invalid(f"A record needs an id of at most {LONGEST_ID} characters.", field="id")
    if len(one.stage) > LONGEST_ID or hides_in_line(one.stage):
        raise Invalid(f"A stage has at most {LONGEST_ID} characters, all of them visible.", field="stage")
    if len(one.more) > MOST_MORE:
        raise Invalid(f"A record has at most {MOST_MORE} further columns.", field="more")
    check_day(one.date, today=today)
    checked_number(one.amount, field="amount")


def standing_records(organisation: Organisation, source: str) -> dict[str, ImportedRecord]:
    """The records of this source that stand, by their id."""
    return {row.external_id: row for row in ImportedRecord.objects.current().filter(organisation=organisation, source=source)}


def is_same_record(one: GivenRecord, standing: ImportedRecord) -> bool:
    """Whether the record says what stands already."""
    brought = (one.owner.pk, one.stage, checked_number(one.amount), one.date, one.more)
    return brought == (standing.owner_id, standing.stage, standing.amount, standing.date, standing.more)


def _write(
    organisation: Organisation, given: dict[str, GivenRecord], standing: dict[str, ImportedRecord], *, source: str, actor: Actor
) -> Brought:
    now = timezone.now()
    changed = {key: one for key, one in given.items() if key not in standing or not is_same_record(one, standing[key])}
    corrected = {key: standing[key] for key in changed if key in standing}
    for row in corrected.values():
        row.corrected_at = now
    # First the earlier ones make room: of what stands, there is one an id.
    ImportedRecord.objects.bulk_update(corrected.values(), ["corrected_at"], batch_size=200)
    made = ImportedRecord.objects.bulk_create(
        [
            ImportedRecord(
                organisation=organisation,
                source=source,
                external_id=one.external_id,
                owner=one.owner,
                stage=one.stage,
                amount=checked_number(one.amount),
                date=one.date,
                more=one.more,
                reason=one.reason[:300],
                entered_by_label=actor.label[:200],
                entered_at=now,
            )
            for one in changed.values()
        ],
        batch_size=500,
    )
    for row in made:
        if row.external_id in corrected:
            corrected[row.external_id].corrected_by = row
    ImportedRecord.objects.bulk_update(corrected.values(), ["corrected_by"], batch_size=200)
    if changed:
        owners = {row.owner_id for row in made} | {row.owner_id for row in corrected.values()}
        hold_counted(organisation.pk, source, owners, actor=actor)
        counts = {"new": len(made) - len(corrected), "corrected": len(corrected)}
        record(EventType.RECORDS_CHANGED, organisation, actor=actor, source=source, **counts)
    return Brought(new=len(made) - len(corrected), corrected=len(corrected), same=len(given) - len(changed))
