"""A manager's or owner's report of some people, by team: coverage, what ends in 90 days, and how long it takes to show what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hexmark.gaps.journeys import Journey, journeys_of, median_days
from hexmark.gaps.judging import State
from hexmark.gaps.standing import Standing, standings_of
from hexmark.gaps.suppression import FLOOR, publishable
from hexmark.organisations.models import Organisation
from hexmark.people.models import Person, Team


@dataclass(frozen=True, slots=True)
class Line:
    """One team of the report, or all of it; figures of too few people are None."""

    team: Team | None
    people: int | None
    required: int | None = None
    met: int | None = None
    expiring: int | None = None
    median_days: int | None = None
    is_hidden: bool = False

    @property
    def covered(self) -> float | None:
        """The share of what is asked that is shown, from 0 to 1."""
        return self.met / self.required if self.required and self.met is not None else None


@dataclass(frozen=True, slots=True)
class Report:
    """All lines, everybody's first, with what they were counted from."""

    everybody: Line
    teams: Sequence[Line]
    standings: dict[int, Standing]


def report_of(organisation: Organisation, people: Sequence[Person], *, at: datetime) -> Report:
    """The report of these people. Teams of fewer than five are hidden, and one more where they could be worked out otherwise."""
    standings = standings_of(organisation, people, at=at)
    journeys: dict[int, list[Journey]] = {}
    for journey in journeys_of(organisation, [person.pk for person in people], at=at):
        journeys.setdefault(journey.person_id, []).append(journey)
    teams: dict[int | None, list[Person]] = {}
    for person in people:
        teams.setdefault(person.team_id, []).append(person)
    # People without a team are one group too: the key 0, which is no team's.
    sizes: dict[int | None, int] = {team or 0: len(them) for team, them in teams.items()}
    shown = publishable({None: [team or 0 for team in teams]}, {None: len(people), **sizes}, FLOOR)
    lines = [_line(them, standings, journeys, is_shown=(team or 0) in shown) for team, them in teams.items()]
    lines.sort(key=lambda line: (line.team is None, line.team.name if line.team else ""))
    return Report(_line(people, standings, journeys, is_shown=None in shown, whole=True), lines, standings)


def _line(
    people: Sequence[Person],
    standings: dict[int, Standing],
    journeys: dict[int, list[Journey]],
    *,
    is_shown: bool,
    whole: bool = False,
) -> Line:
    team = None if whole else people[0].team
    if not is_shown:
        return Line(team, None, is_hidden=True)
    needs = [need.judged for person in people for need in standings[person.pk].needs]
    ways = [(journey.days, journey.arrived) for person in people for journey in journeys.get(person.pk, ())]
    return Line(
        team=team,
        people=len(people),
        required=len(needs),
        met=sum(one.state is State.MET for one in needs),
        expiring=sum(one.expiring for one in needs),
        median_days=median_days(ways),
    )
