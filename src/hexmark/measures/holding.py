"""What figures say of single people, as facts that requirements may ask for: the latest value of each person, and of nobody who objects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from hexmark.access import Actor
from hexmark.holdings.actions import hold_many, release_many
from hexmark.holdings.models import Holding
from hexmark.measures.models import Measure, Observation
from hexmark.measures.queries import figures_of_people
from hexmark.people.models import Person
from hexmark.requirements.facts import FactKind, MeasureFact

#: What is counted from records is a fact over the last year.
YEAR = timedelta(days=365)
AT_ONCE = 500


def hold_latest(measure: Measure, person_ids: Iterable[int], *, actor: Actor) -> None:
    """The latest that the figure says of each of these people is a fact about them; who objects is left out."""
    if not measure.is_about_people:
        return
    ids = sorted(set(person_ids))
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        latest = _counted(measure, some) if measure.is_counted else _brought(measure, some)
        facts = [(key, MeasureFact(measure.public_id, value, _begin(measure, on))) for key, (on, value) in latest.items()]
        hold_many(measure.organisation_id, facts, actor=actor)


def hold_counted(organisation_id: int, source: str, person_ids: Iterable[int], *, actor: Actor) -> None:
    """As `hold_latest`, for every figure that is counted from records of this source."""
    ids = sorted(set(person_ids))
    for measure in Measure.objects.open().filter(organisation_id=organisation_id, record_source=source).select_related("organisation"):
        hold_latest(measure, ids, actor=actor)


def release_of(measure: Measure, person: Person, *, actor: Actor) -> None:
    """Nothing that the figure said of this person is a fact any more."""
    held = Holding.objects.filter(
        person=person, kind=FactKind.MEASURE.value, ref__startswith=f"{measure.public_id}@", ended_at__isnull=True
    )
    refs = [(person.pk, FactKind.MEASURE, ref) for ref in held.values_list("ref", flat=True)]
    release_many(measure.organisation_id, refs, actor=actor)


def _brought(measure: Measure, person_ids: Sequence[int]) -> dict[int, tuple[date, Decimal]]:
    rows = Observation.objects.current().without_objectors().filter(measure=measure, person_id__in=person_ids).order_by("on")
    # In the order of days, so that the latest of each remains.
    return {key: (on, value) for key, on, value in rows.values_list("person_id", "on", "value") if key is not None}


def _counted(measure: Measure, person_ids: Sequence[int]) -> dict[int, tuple[date, Decimal]]:
    today = timezone.localdate(timezone=measure.organisation.zone)
    figures = figures_of_people(measure, person_ids, since=today - YEAR, until=today)
    return {key: (today, figure.value) for key, figure in figures.items() if figure.value is not None}


def _begin(measure: Measure, on: date) -> datetime:
    """The moment at which that day begins there: facts have moments, and values have days."""
    return datetime.combine(on, time(0), tzinfo=measure.organisation.zone).astimezone(UTC)
