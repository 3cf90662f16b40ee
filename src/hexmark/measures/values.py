"""Actions that bring values. A value that differs from the one that stands takes its place; the earlier one stays to be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from hexmark.access import Actor, Permission, allow
from hexmark.errors import Conflict, Invalid
from hexmark.events.log import record
from hexmark.measures.event_types import EventType
from hexmark.measures.holding import hold_latest
from hexmark.measures.models import Measure, Observation
from hexmark.measures.rules import check_day, checked_number, stored
from hexmark.people.models import Person, Team

Key = tuple[int | None, int | None, date]
#: More at once would hold the database's only writer for longer than others wait.
MOST_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Value:
    """One value as it is brought: of whom, for which day. A rate says of how many how many."""

    on: date
    value: Decimal | None = None
    person: Person | None = None
    team: Team | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    reason: str = ""

    @property
    def key(self) -> Key:
        """Of whom and when."""
        return (self.person.pk if self.person else None, self.team.pk if self.team else None, self.on)


@dataclass(frozen=True, slots=True)
class Brought:
    """What bringing values did."""

    new: int
    corrected: int
    same: int


@transaction.atomic
def bring_values(measure: Measure, values: Sequence[Value], *, source: str, actor: Actor) -> Brought:
    """These values stand. Bringing the same again changes nothing; a different one for the same day corrects the earlier.

    Raises:
        NotPermitted: the actor may not edit measures here.
        Conflict: the figure is not switched on, or is counted from records.
        Invalid: one of them is of somebody else's people, of the wrong kind, or no value.
    """
    allow(actor, Permission.EDIT_MEASURES, measure)
    check_takes_values(measure)
    if len(values) > MOST_AT_ONCE:
        raise Invalid(f"Bring at most {MOST_AT_ONCE:,} values at once.")
    today = timezone.localdate(timezone=measure.organisation.zone)
    given: dict[Key, Value] = {}
    for value in values:
        check_value(measure, value, today=today)
        if value.key in given:
            raise Invalid("Two values are of the same day and the same person, team or organisation.", field="on")
        given[value.key] = value
    # One at a time for each figure: two lists brought at once must not each add what the other has.
    Measure.objects.select_for_update(no_key=True).get(pk=measure.pk)
    standing = standing_values(measure, given)
    return _write(measure, given, standing, source=source, actor=actor)


def check_takes_values(measure: Measure) -> None:
    """Pass if values can be brought for this figure.

    Raises:
        Conflict: it is not switched on, or is counted from records.
    """
    if measure.is_counted:
        raise Conflict(f"“{measure.name}” is counted from records. Bring the records instead.")
    if not measure.is_on:
        raise Conflict(f"“{measure.name}” is not switched on, so no values are taken.")


def check_value(measure: Measure, value: Value, *, today: date) -> None:
    """Pass if this can be a value of the measure.

    Raises:
        Invalid: it cannot.
    """
    check_day(value.on, today=today)
    subject = value.person or value.team
    if subject is not None and subject.organisation_id != measure.organisation_id:
        raise Invalid("There is nobody here with this id.", field="person" if value.person else "team")
    expected = {Measure.Per.PERSON: value.person, Measure.Per.TEAM: value.team, Measure.Per.ORGANISATION: True}[Measure.Per(measure.per)]
    if expected is None or (value.person and measure.per != Measure.Per.PERSON) or (value.team and measure.per != Measure.Per.TEAM):
        raise Invalid(f"“{measure.name}” is kept of {measure.get_per_display().lower()}, and of nothing else.", field="person")
    if measure.form == Measure.Form.RATE:
        if value.numerator is None or value.denominator is None:
            raise Invalid(f"“{measure.name}” is a rate: give numerator and denominator.", field="numerator")
        if checked_number(value.denominator, field="denominator") <= 0 or checked_number(value.numerator, field="numerator") < 0:
            raise Invalid("A rate is of more than nothing, and counts no less than nothing.", field="denominator")
    elif value.value is None:
        raise Invalid("A number is missing.", field="value")
    else:
        checked_number(value.value)


def value_of(measure: Measure, value: Value) -> Decimal:
    """The number that is kept."""
    if measure.form == Measure.Form.RATE:
        assert value.numerator is not None
        assert value.denominator is not None
        return stored(value.numerator * measure.multiplier / value.denominator)
    assert value.value is not None
    return stored(value.value)


def standing_values(measure: Measure, keys: Iterable[Key]) -> dict[Key, Observation]:
    """The values that stand for these, in one query over the days that they span."""
    wanted = set(keys)
    if not wanted:
        return {}
    days = [key[2] for key in wanted]
    rows = Observation.objects.current().filter(measure=measure, on__gte=min(days), on__lte=max(days))
    found = {(row.person_id, row.team_id, row.on): row for row in rows}
    return {key: found[key] for key in wanted if key in found}


def is_same(measure: Measure, value: Value, standing: Observation) -> bool:
    """Whether the value says what stands already."""
    if measure.form == Measure.Form.RATE:
        return (standing.numerator, standing.denominator) == (value.numerator, value.denominator)
    return standing.value == value_of(measure, value)


def _write(measure: Measure, given: dict[Key, Value], standing: dict[Key, Observation], *, source: str, actor: Actor) -> Brought:
    now = timezone.now()
    changed = {key: value for key, value in given.items() if key not in standing or not is_same(measure, value, standing[key])}
    corrected = {key: standing[key] for key in changed if key in standing}
    # Only then is there room for the new one: of what stands, there is one a day.
    for some in _some([row.pk for row in corrected.values()]):
        Observation.objects.filter(pk__in=some).update(corrected_at=now)
    rows = [_row(measure, value, source=source, actor=actor, now=now) for value in changed.values()]
    made = Observation.objects.bulk_create(rows, batch_size=500)
    for key, row in zip(changed, made, strict=True):
        if key in corrected:
            corrected[key].corrected_by = row
    Observation.objects.bulk_update(corrected.values(), ["corrected_by"], batch_size=200)
    if changed:
        hold_latest(measure, [value.person.pk for value in changed.values() if value.person], actor=actor)
        record(EventType.VALUES_CHANGED, measure, actor=actor, new=len(made) - len(corrected), corrected=len(corrected), source=source)
    return Brought(new=len(made) - len(corrected), corrected=len(corrected), same=len(given) - len(changed))


def _row(measure: Measure, value: Value, *, source: str, actor: Actor, now: datetime) -> Observation:
    return Observation(
        organisation_id=measure.organisation_id,
        measure=measure,
        person=value.person,
        team=value.team,
        on=value.on,
        value=value_of(measure, value),
        numerator=value.numerator,
        denominator=value.denominator,
        source=source[:200],
        reason=value.reason.strip()[:300],
        entered_by_label=actor.label[:200],
        entered_at=now,
    )


def _some(keys: Sequence[int]) -> Iterable[Sequence[int]]:
    """The keys in pieces that every database takes as parameters."""
    return (keys[start : start + 500] for start in range(0, len(keys), 500))
