"""How far a cycle is: counts by team, and a row for each review. Never words, never marks: who runs a cycle need not read reviews."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hexmark.performance.cycle_models import Cycle
from hexmark.performance.review_models import Review
from hexmark.performance.review_queries import Progress, progress_of, with_parts
from hexmark.performance.sides import nearest_manager

_ABOUT = ("employee_id", "name", "email", "team", "manager")
PROGRESS_COLUMNS = (*_ABOUT, "self_review", "manager_review", "agreed", "confirmed", "closed", "next")
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Counts:
    """Reviews that have come this far; each counts in all the columns that it has passed."""

    name: str
    people: int = 0
    self_handed_in: int = 0
    manager_handed_in: int = 0
    agreed: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class CycleCounts:
    """All reviews of a cycle together, and by team in order of name."""

    total: Counts
    teams: list[Counts]
    without_manager: int = 0


def counts_of(cycle: Cycle) -> CycleCounts:
    """How far the cycle's reviews are."""
    teams: dict[str, Counter[str]] = {}
    total: Counter[str] = Counter()
    without = 0
    for one in _all(cycle):
        team = one.review.person.team
        passed = Counter({"people": 1, **{name: 1 for name in ("self_handed_in", "manager_handed_in", "agreed") if getattr(one, name)}})
        passed["closed"] += one.review.closed_at is not None
        total += passed
        teams.setdefault(team.name if team else "", Counter()).update(passed)
        without += one.review.closed_at is None and nearest_manager(one.review.person) is None
    rows = [Counts(name=name or "Without a team", **teams[name]) for name in sorted(teams, key=lambda name: (not name, name.casefold()))]
    return CycleCounts(Counts(name="Everybody", **total), rows, without)


def progress_rows(cycle: Cycle) -> Iterator[Sequence[object]]:
    """A row for each review, by name."""
    for one in _all(cycle):
        person, manager = one.review.person, nearest_manager(one.review.person)
        team = person.team.name if person.team else ""
        passed = (one.self_handed_in, one.manager_handed_in, one.agreed, one.person_confirmed and one.manager_confirmed)
        yes = ["yes" if each else "" for each in passed]
        closed = one.review.closed_at.date().isoformat() if one.review.closed_at else ""
        yield person.employee_id, person.name, person.email, team, manager.name if manager else "", *yes, closed, one.step.value


def _all(cycle: Cycle) -> Iterator[Progress]:
    """In chunks, so that ten thousand reviews never stand in memory with all their parts."""
    for review in with_parts(Review.objects.filter(cycle=cycle)).order_by("person__name", "pk").iterator(chunk_size=CHUNK):
        yield progress_of(review)
