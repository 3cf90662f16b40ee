"""Reading figures with a meaning. Who objects to a figure is left out of all of it, and counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.lookups import Exact

from hexmark.access import Actor
from hexmark.measures.models import ImportedRecord, Measure, MeasureObjection, Observation, ObservationQuerySet
from hexmark.measures.rules import NOTHING, Figure
from hexmark.people.models import Person

#: As many ids are asked for at once as every database takes as parameters.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Point:
    """One day of a line: the figure of all whose values the reader may see."""

    on: date
    value: Decimal
    count: int


def figures_of_people(measure: Measure, person_ids: Collection[int], *, since: date, until: date) -> dict[int, Figure]:
    """What the measure says of each of these people between two days, both counted; who has no value is missing."""
    found: dict[int, Figure] = {}
    ids = sorted(set(person_ids))
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        if measure.is_counted:
            found |= _from_records(measure, contributing(measure, some, since=since, until=until))
        else:
            rows = Observation.objects.current().without_objectors().filter(measure=measure, person_id__in=some)
            found |= _from_values(measure, rows, "person_id", since=since, until=until)
    return found


def figures_of_teams(measure: Measure, team_ids: Collection[int], *, since: date, until: date) -> dict[int, Figure]:
    """What the measure, which is kept of teams, says of each of these between two days; one without a value is missing."""
    rows = Observation.objects.current().filter(measure=measure, team_id__in=list(team_ids)[:AT_ONCE])
    return _from_values(measure, rows, "team_id", since=since, until=until)


def figure_of_organisation(measure: Measure, *, since: date, until: date) -> Figure:
    """What the measure, which is kept of the whole organisation, says between two days."""
    rows = Observation.objects.current().filter(measure=measure, person__isnull=True, team__isnull=True)
    return _from_values(measure, rows, "organisation_id", since=since, until=until).get(measure.organisation_id, NOTHING)


def contributing(measure: Measure, person_ids: Collection[int], *, since: date, until: date) -> QuerySet[ImportedRecord]:
    """The records from which the measure is counted for these people: those that stand and that its filter lets through."""
    rows = ImportedRecord.objects.current().filter(
        organisation_id=measure.organisation_id, source=measure.record_source, owner_id__in=person_ids, date__gte=since, date__lte=until
    )
    objects = MeasureObjection.objects.filter(measure=measure, withdrawn_at__isnull=True, person_id=OuterRef("owner_id"))
    return rows.filter(_conditions(measure.record_filter)).filter(~Exists(objects)).order_by("-date", "-pk")


def objectors(measure: Measure) -> int:
    """How many people are left out because they object."""
    return MeasureObjection.objects.filter(measure=measure, withdrawn_at__isnull=True, person__left_at__isnull=True).count()


def does_object(measure: Measure, person: Person | None) -> bool:
    """Whether this person's values are left out."""
    return person is not None and MeasureObjection.objects.filter(measure=measure, person=person, withdrawn_at__isnull=True).exists()


def visible_values(actor: Actor, measure: Measure) -> ObservationQuerySet:
    """The values of the measure that the actor may see, the earlier ones that were corrected too."""
    return Observation.objects.visible_to(actor).filter(measure=measure).without_objectors()


def line(actor: Actor, measure: Measure, *, most: int = 60) -> list[Point]:
    """The measure day by day, over all whose values the actor may see; the latest days where there are many."""
    rows = visible_values(actor, measure).current()
    by_day = rows.values("on").annotate(total=Sum("value"), over=Sum("numerator"), under=Sum("denominator"), number=Count("pk"))
    points = []
    for row in by_day.order_by("-on")[:most]:
        figure = _figure(measure, row["total"], row["over"], row["under"], row["number"])
        if measure.form == Measure.Form.LEVEL and figure.numerator is not None:
            figure = Figure(figure.numerator, Decimal(row["number"]), count=row["number"])
        if figure.value is not None:
            points.append(Point(on=row["on"], value=figure.value, count=row["number"]))
    return points[::-1]


def _from_values(measure: Measure, rows: QuerySet[Observation], of: str, *, since: date, until: date) -> dict[int, Figure]:
    if measure.form == Measure.Form.LEVEL:
        # In the order of days, so that the latest of each remains.
        latest: dict[int, Decimal] = dict(rows.filter(on__lte=until).order_by("on").values_list(of, "value"))
        return {key: Figure(value, count=1) for key, value in latest.items()}
    sums = rows.filter(on__gte=since, on__lte=until).values(of).order_by()
    sums = sums.annotate(total=Sum("value"), over=Sum("numerator"), under=Sum("denominator"), number=Count("pk"))
    return {row[of]: _figure(measure, row["total"], row["over"], row["under"], row["number"]) for row in sums}


def _from_records(measure: Measure, rows: QuerySet[ImportedRecord]) -> dict[int, Figure]:
    amounts: dict[int, list[Decimal]] = defaultdict(list)
    # Added up here and not by the database: SQLite adds decimals as floating point numbers.
    for owner, amount in rows.order_by().values_list("owner_id", "amount"):
        amounts[owner].append(amount)
    return {owner: _counted(measure, those) for owner, those in amounts.items()}


def _counted(measure: Measure, amounts: Sequence[Decimal]) -> Figure:
    number = len(amounts)
    if measure.record_count == Measure.Count.COUNT:
        return Figure(Decimal(number), count=number)
    total = sum(amounts, Decimal(0))
    if measure.record_count == Measure.Count.SUM:
        return Figure(total, count=number)
    return Figure(total, Decimal(number), count=number)


def _figure(measure: Measure, total: Any, over: Any, under: Any, number: int) -> Figure:
    if measure.form == Measure.Form.RATE:
        return Figure(_exact(over), _exact(under), measure.multiplier, number)
    return Figure(_exact(total), count=number)


def _exact(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value).quantize(Decimal("0.0001"))


def _conditions(conditions: Iterable[dict[str, Any]]) -> Q:
    wanted = Q()
    for one in conditions:
        field = one["field"]
        if "is" in one:
            words = Q()
            for word in one["is"]:
                # What people call a stage does not depend on whether somebody wrote it with a capital.
                words |= Q(stage__iexact=word) if field == "stage" else Q(Exact(KeyTextTransform(field, "more"), word))
            wanted &= words
        elif "at_least" in one:
            wanted &= Q(**{f"{field}__gte": one["at_least"]})
        else:
            wanted &= Q(**{f"{field}__lte": one["at_most"]})
    return wanted
