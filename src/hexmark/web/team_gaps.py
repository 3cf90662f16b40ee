"""Pages for managers and leads: what is asked of their people, by name, and the report of their teams."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hexmark.gaps.judging import State
from hexmark.gaps.report import Line, Report, report_of
from hexmark.gaps.standing import Standing, Suggestion, standings_of, suggestions_for
from hexmark.people.models import Person
from hexmark.skills.models import Skill
from hexmark.web.downloads import csv_download
from hexmark.web.requests import Request
from hexmark.web.team import COLUMNS, ROWS, for_managers

#: People whose next step is worked out on the page: the CSV and their own pages have the others.
MOST_SUGGESTED = 10
WORDS = {State.MET: "Shown", State.BELOW: "Below", State.UNKNOWN: "No evidence"}


@for_managers
@require_safe
def matrix(request: Request) -> HttpResponse:
    """One's people against the skills that their roles ask for."""
    assert request.person is not None
    people = _people(request)
    standings = standings_of(request.person.organisation, people, at=timezone.now())
    skills = _skills(standings)
    shown = Paginator(skills, COLUMNS).get_page(request.GET.get("columns"))
    page = Paginator(people, ROWS).get_page(request.GET.get("page"))
    context = {
        "shown": shown,
        "page": page,
        "rows": [(person, standings[person.pk], [standings[person.pk].of(skill.pk) for skill in shown]) for person in page],
        "required": sum(len(one.needs) for one in standings.values()),
        "met": sum(one.shown for one in standings.values()),
        "skills": [(skill, *_of_skill(standings, skill)) for skill in skills[:25]],
        "suggested": _suggested(request, page, standings),
        "section": "team",
    }
    return render(request, "gaps/team.html", context)


@for_managers
@require_safe
def export(request: Request) -> HttpResponse:
    """Every need of everybody, a row each."""
    assert request.person is not None
    people = _people(request)
    standings = standings_of(request.person.organisation, people, at=timezone.now())
    columns = (
        "employee_id",
        "id",
        "name",
        "skill",
        "code",
        "level_needed",
        "level_shown",
        "state",
        "critical",
        "emerging",
        "ends_in_90_days",
    )
    return csv_download("gaps.csv", columns, _rows(people, standings))


@for_managers
@require_safe
def report(request: Request) -> HttpResponse:
    """Coverage, what ends soon and how long it takes, by team."""
    return render(request, "gaps/report.html", {"report": _report(request), "section": "team"})


@for_managers
@require_safe
def report_export(request: Request) -> HttpResponse:
    """The report as a table, a row for each team."""
    found = _report(request)
    columns = ("team_id", "team", "people", "needs", "shown", "coverage_percent", "ends_in_90_days", "median_days")
    return csv_download("report.csv", columns, map(_report_row, [found.everybody, *found.teams]))


@for_managers
@require_safe
def report_people(request: Request) -> HttpResponse:
    """What the report was counted from: a row for each person, with the ids that other systems know."""
    people = _people(request)
    standings = _report(request).standings
    columns = ("employee_id", "id", "name", "team_id", "team", "needs", "shown", "ends_in_90_days")
    return csv_download("report-people.csv", columns, (_person_row(person, standings[person.pk]) for person in people))


def _people(request: Request) -> list[Person]:
    return list(Person.objects.led_by(request.actor).present().select_related("team").order_by("name", "pk"))


def _report(request: Request) -> Report:
    assert request.person is not None
    return report_of(request.person.organisation, _people(request), at=timezone.now())


def _skills(standings: dict[int, Standing]) -> list[Skill]:
    """Skills that are asked for, those of the most gaps first."""
    gaps: dict[Skill, int] = {}
    for standing in standings.values():
        for need in standing.needs:
            gaps[need.skill] = gaps.get(need.skill, 0) + (need.judged.state is not State.MET)
    return sorted(gaps, key=lambda skill: (-gaps[skill], skill.name, skill.pk))


def _of_skill(standings: dict[int, Standing], skill: Skill) -> tuple[int, int, int, int]:
    """How many need it, show it, show less, and show nothing."""
    judged = [found for standing in standings.values() if (found := standing.of(skill.pk)) is not None]
    states = [one.state for one in judged]
    return len(judged), states.count(State.MET), states.count(State.BELOW), states.count(State.UNKNOWN)


def _suggested(request: Request, people: Sequence[Person], standings: dict[int, Standing]) -> list[tuple[Person, Suggestion]]:
    assert request.person is not None
    found: list[tuple[Person, Suggestion]] = []
    for person in people:
        if len(found) == MOST_SUGGESTED:
            break
        if standings[person.pk].open:
            found += [(person, one) for one in suggestions_for(request.person.organisation, standings[person.pk], most=1)]
    return found


def _rows(people: Sequence[Person], standings: dict[int, Standing]) -> Iterator[Sequence[object]]:
    for person in people:
        for need in standings[person.pk].needs:
            judged = need.judged
            about = (person.employee_id, person.public_id, person.name, need.skill.name, need.skill.code)
            flags = ("yes" if flag else "no" for flag in (judged.critical, judged.emerging, judged.expiring))
            yield *about, judged.level, judged.shown, judged.state.value, *flags


def _report_row(line: Line) -> Sequence[object]:
    team = (line.team.public_id, line.team.name) if line.team else ("", "")
    share = round(100 * line.covered) if line.covered is not None else None
    return *team, line.people, line.required, line.met, share, line.expiring, line.median_days


def _person_row(person: Person, standing: Standing) -> Sequence[object]:
    team = (person.team.public_id, person.team.name) if person.team else ("", "")
    expiring = sum(need.judged.expiring for need in standing.needs)
    return person.employee_id, person.public_id, person.name, *team, len(standing.needs), standing.shown, expiring
