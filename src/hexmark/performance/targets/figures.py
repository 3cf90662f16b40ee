"""What figures say of targets: baselines, and where each stands between its two days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from hexmark.measures.models import Measure
from hexmark.measures.queries import figure_of_organisation, figures_of_people, figures_of_teams
from hexmark.measures.rules import NOTHING, Figure, together
from hexmark.people.lines import teams_within
from hexmark.people.models import Person, Team
from hexmark.performance.models import Target

#: A rate's baseline is what it was over so many days before.
BEFORE = timedelta(days=90)


def baseline_of(target: Target, *, on: date) -> Decimal | None:
    """What the figure was when the target was set: of an amount nothing, because it is counted from then on."""
    if target.measure is None:
        return None
    if target.measure.adds_up:
        return Decimal(0)
    return figure_between(target.measure, target, since=on - BEFORE, until=on).value


def figure_between(measure: Measure, target: Target, *, since: date, until: date) -> Figure:
    """What the measure says of the target's person or team between two days, both counted."""
    if target.person_id is not None:
        return figures_of_people(measure, [target.person_id], since=since, until=until).get(target.person_id, NOTHING)
    assert target.team_id is not None
    if measure.per == Measure.Per.ORGANISATION:
        return figure_of_organisation(measure, since=since, until=until)
    if measure.per == Measure.Per.TEAM:
        return together(list(figures_of_teams(measure, teams_of(target.team_id), since=since, until=until).values()))
    return together(list(figures_of_people(measure, people_of(target.team_id), since=since, until=until).values()))


def figures_of(targets: Iterable[Target], *, today: date) -> dict[int, Figure]:
    """Where each of these targets of measures stands, by the target's key; as few queries as they have different days."""
    alike: dict[tuple[int, date, date], list[Target]] = defaultdict(list)
    found: dict[int, Figure] = {}
    for target in targets:
        if target.measure is None:
            continue
        if target.person_id is not None:
            alike[(target.measure_id or 0, target.counts_from, min(target.due_on, today))].append(target)
        else:
            found[target.pk] = figure_between(target.measure, target, since=target.counts_from, until=min(target.due_on, today))
    for (_, since, until), those in alike.items():
        found |= _of_many(those, since=since, until=until)
    return found


def people_of(team_id: int) -> list[int]:
    """Everybody who stands in this team or within it now."""
    present = Person.objects.present().filter(team__in=teams_within(team_id))
    return list(present.values_list("pk", flat=True))


def teams_of(team_id: int) -> list[int]:
    """The team, and those within it."""
    return list(Team.objects.filter(pk__in=teams_within(team_id)).values_list("pk", flat=True))


def _of_many(targets: Sequence[Target], *, since: date, until: date) -> dict[int, Figure]:
    measure = targets[0].measure
    assert measure is not None
    people = [target.person_id for target in targets if target.person_id is not None]
    figures = figures_of_people(measure, people, since=since, until=until)
    return {target.pk: figures.get(target.person_id or 0, NOTHING) for target in targets}
