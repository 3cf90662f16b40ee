"""Counts, points and scores: which entries are there, whether they are enough, and when they will be no longer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from hexmark.requirements.facts import CredentialFact, Holdings, MeasureFact, PointsFact
from hexmark.requirements.moments import NEVER, months_after
from hexmark.requirements.rules import ANY, Conditions, Count, Minimum, Points, Score, Weighed
from hexmark.requirements.standing import counts_until
from hexmark.requirements.wording import Wording, many, number


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that adds to a figure, until its last moment. `part` is the place of the score's part that it adds to."""

    until: datetime
    fact: CredentialFact | PointsFact | MeasureFact
    part: int = 0


def until_not(entries: Sequence[Entry], enough: Callable[[Sequence[Entry]], bool]) -> datetime:
    """The last moment at which these entries, which are enough, still are; NEVER if they do not lapse.

    Halves the moments at which something lapses: what is enough with fewer entries is enough with more.
    """
    moments = sorted({entry.until for entry in entries if entry.until < NEVER})
    low, high = 0, len(moments)
    while low < high:
        middle = (low + high) // 2
        if enough([entry for entry in entries if entry.until > moments[middle]]):
            low = middle + 1
        else:
            high = middle
    return moments[low] if low < len(moments) else NEVER


def held_achievements(
    holdings: Holdings, at: datetime, conditions: Conditions, *, labels: Sequence[str] = (), achievements: Sequence[str] = (), part: int = 0
) -> list[Entry]:
    """Of each achievement that counts, with one of these labels and among these, the credential that lasts longest."""
    by_achievement: dict[str, list[CredentialFact]] = {}
    for fact in holdings.credentials:
        if (not achievements or fact.achievement in achievements) and (not labels or not fact.labels.isdisjoint(labels)):
            by_achievement.setdefault(fact.achievement, []).append(fact)
    entries = []
    for facts in by_achievement.values():
        standing = [(until, fact) for fact in facts if (until := counts_until(fact, conditions, at, facts)) is not None]
        if standing:
            until, fact = max(standing, key=lambda pair: (pair[0], pair[1].ref))
            entries.append(Entry(until, fact, part))
    return entries


def counted_for(rule: Count, holdings: Holdings, at: datetime) -> list[Entry]:
    """What counts for this rule."""
    return held_achievements(holdings, at, rule.conditions, labels=rule.labels, achievements=rule.achievements)


def enough_held(rule: Count, entries: Sequence[Entry]) -> bool:
    """Whether so many are there, and enough with each label that has a minimum."""
    return not lacking_held(rule, entries, None)


def lacking_held(rule: Count, entries: Sequence[Entry], wording: Wording | None) -> list[str]:
    """What is lacking, in words; nothing if enough is held."""
    words = wording or Wording()
    lacking = []
    if len(entries) < rule.at_least:
        lacking.append(f"{len(entries):,} of {many(rule.at_least, words.badge, words.badges)}")
    for minimum in rule.minimums:
        held = sum(1 for entry in entries if isinstance(entry.fact, CredentialFact) and minimum.name in entry.fact.labels)
        if held < minimum.at_least:
            lacking.append(f"{held:,} of {minimum.at_least:,} labelled {minimum.name}")
    return lacking


def gathered(holdings: Holdings, at: datetime, conditions: Conditions, categories: Sequence[str], part: int = 0) -> list[Entry]:
    """The points in these categories (none: all) that count now."""
    entries = []
    for fact in holdings.points:
        if fact.at > at or (categories and fact.category not in categories):
            continue
        until = months_after(fact.at, conditions.max_age_months) if conditions.max_age_months else NEVER
        if until >= at:
            entries.append(Entry(until, fact, part))
    return entries


def lacking_points(rule: Points, entries: Sequence[Entry]) -> list[str]:
    """What is lacking, in words; nothing if there is enough."""
    facts = [entry.fact for entry in entries if isinstance(entry.fact, PointsFact)]
    total = sum((fact.points for fact in facts), Decimal(0))
    lacking = []
    if total < rule.at_least:
        lacking.append(f"{number(total)} of {number(rule.at_least)} points")
    if len(facts) < rule.activities_at_least:
        lacking.append(f"{len(facts):,} of {many(rule.activities_at_least, 'activity', 'activities')}")
    return lacking + [words for minimum in rule.minimums for words in _lacking_minimum(minimum, facts)]


def _lacking_minimum(minimum: Minimum, facts: Sequence[PointsFact]) -> list[str]:
    mine = [fact.points for fact in facts if fact.category == minimum.name]
    points = sum(mine, Decimal(0))
    lacking = [f"{len(mine):,} of {minimum.at_least:,} from {minimum.name}"] if len(mine) < minimum.at_least else []
    if points < minimum.points:
        lacking.append(f"{number(points)} of {number(minimum.points)} points from {minimum.name}")
    return lacking


def weighed_entries(rule: Score, holdings: Holdings, at: datetime) -> list[Entry]:
    """What adds to each part of the score."""
    entries: list[Entry] = []
    for place, part in enumerate(rule.parts):
        if part.measure:
            entries += latest_measure(holdings, part.measure, at, part.conditions, place)
        elif part.category:
            entries += gathered(holdings, at, part.conditions, (part.category,), place)
        else:
            entries += held_achievements(holdings, at, part.conditions, labels=(part.label,), part=place)
    return entries


def latest_measure(holdings: Holdings, measure: str, at: datetime, conditions: Conditions = ANY, part: int = 0) -> list[Entry]:
    """The measure's latest value up to now, if it is young enough. Of two at the same time, the smaller one counts."""
    facts = [fact for fact in holdings.measures if fact.measure == measure and fact.at <= at]
    if not facts:
        return []
    latest = max(facts, key=lambda fact: (fact.at, -fact.value))
    until = months_after(latest.at, conditions.max_age_months) if conditions.max_age_months else NEVER
    return [Entry(until, latest, part)] if until >= at else []


def score_of(rule: Score, entries: Sequence[Entry]) -> tuple[Decimal, list[str]]:
    """The score, and what is lacking in words."""
    total, lacking = Decimal(0), []
    for place, part in enumerate(rule.parts):
        value = _value(part, [entry for entry in entries if entry.part == place])
        weighed = value * part.weight
        total += weighed if part.most is None else min(weighed, part.most)
        if part.minimum is not None and value < part.minimum:
            lacking.append(f"{part.name} is {number(value)}, at least {number(part.minimum)} is needed")
        elif rule.no_zero and value <= 0:
            lacking.append(f"{part.name} is {number(value)}, which may not be")
    if total < rule.at_least:
        lacking.insert(0, f"a score of {number(total)}, {number(rule.at_least)} is needed")
    return total, lacking


def _value(part: Weighed, entries: Sequence[Entry]) -> Decimal:
    if part.label:
        return Decimal(len(entries))
    amounts = (entry.fact.points if isinstance(entry.fact, PointsFact) else getattr(entry.fact, "value", Decimal(0)) for entry in entries)
    return sum(amounts, Decimal(0))
