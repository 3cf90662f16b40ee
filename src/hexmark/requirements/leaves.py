"""The answer to one leaf for one person: a `Found` with what counts and until when, or why it does not.

`until` alone decides; everything in words is made from it, so that words and decision cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hexmark.requirements.explanation import Counted
from hexmark.requirements.facts import CredentialFact, Holdings, MeasureFact, PointsFact
from hexmark.requirements.figures import (
    Entry,
    counted_for,
    enough_held,
    gathered,
    lacking_held,
    lacking_points,
    score_of,
    until_not,
    weighed_entries,
)
from hexmark.requirements.moments import NEVER
from hexmark.requirements.personal import personal_answer
from hexmark.requirements.rules import Achievement, Count, Leaf, Points, Score, Skill
from hexmark.requirements.standing import Reason, counts_until, why_not
from hexmark.requirements.wording import Wording, number


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for one leaf: until when it is met (None: it is not), which facts count, and the reason if it is not met."""

    until: datetime | None
    counted: tuple[Counted, ...] = ()
    reason: Reason | None = None


def matching(rule: Achievement | Skill, holdings: Holdings) -> list[CredentialFact]:
    """The credentials that the rule is about, whatever their state."""
    least = rule.level_at_least
    if isinstance(rule, Achievement):
        wanted = rule.achievement
        return [fact for fact in holdings.credentials if fact.achievement == wanted and fact.level >= least]
    return [fact for fact in holdings.credentials if any(shown.skill == rule.skill and shown.level >= least for shown in fact.skills)]


def leaf_until(rule: Leaf, holdings: Holdings, at: datetime) -> datetime | None:
    """The last moment at which the leaf, met at `at`, still is; NEVER if it does not lapse; None if it is not met."""
    match rule:
        case Achievement() | Skill():
            best = _longest(rule, matching(rule, holdings), at)
            return best[0] if best else None
        case Count():
            entries = counted_for(rule, holdings, at)
            return until_not(entries, lambda left: enough_held(rule, left)) if enough_held(rule, entries) else None
        case Points():
            entries = gathered(holdings, at, rule.conditions, rule.categories)
            return until_not(entries, lambda left: not lacking_points(rule, left)) if not lacking_points(rule, entries) else None
        case Score():
            entries = weighed_entries(rule, holdings, at)
            return until_not(entries, lambda left: not score_of(rule, left)[1]) if not score_of(rule, entries)[1] else None
    return personal_answer(rule, holdings, at).until


def find(rule: Leaf, holdings: Holdings, at: datetime, wording: Wording) -> Found:
    """What there is to say about one leaf."""
    match rule:
        case Achievement() | Skill():
            return _credential(rule, holdings, at, wording)
        case Count():
            held = counted_for(rule, holdings, at)
            return _figure(rule, held, lacking_held(rule, held, wording), leaf_until(rule, holdings, at), wording)
        case Points():
            points = gathered(holdings, at, rule.conditions, rule.categories)
            return _figure(rule, points, lacking_points(rule, points), leaf_until(rule, holdings, at), wording)
        case Score():
            weighed = weighed_entries(rule, holdings, at)
            return _figure(rule, weighed, score_of(rule, weighed)[1], leaf_until(rule, holdings, at), wording)
    answer = personal_answer(rule, holdings, at)
    counted = (Counted("", rule.type, answer.what, answer.since, lapse(answer.until)),) if answer.until is not None else ()
    return Found(answer.until, counted, answer.reason)


def lapse(until: datetime | None) -> datetime | None:
    """The moment to show: none where nothing lapses."""
    return until if until is not None and until < NEVER else None


def _longest(rule: Achievement | Skill, facts: Sequence[CredentialFact], at: datetime) -> tuple[datetime, CredentialFact] | None:
    standing = [(until, fact) for fact in facts if (until := counts_until(fact, rule.conditions, at, facts)) is not None]
    return max(standing, key=lambda pair: (pair[0], pair[1].ref)) if standing else None


def _credential(rule: Achievement | Skill, holdings: Holdings, at: datetime, wording: Wording) -> Found:
    facts = matching(rule, holdings)
    best = _longest(rule, facts, at)
    if best is not None:
        return Found(best[0], (_counted(best[1], best[0], wording),))
    if not facts and rule.level_at_least:
        lower = [_level(rule, fact) for fact in holdings.credentials if _is_about(rule, fact)]
        if lower:
            return Found(None, (), Reason(5, f"shown at level {max(lower)}; level {rule.level_at_least} is needed"))
    if not facts and isinstance(rule, Skill):
        return Found(None, (), Reason(9, "not shown"))
    return Found(None, (), why_not(facts, rule.conditions, at))


def _is_about(rule: Achievement | Skill, fact: CredentialFact) -> bool:
    if isinstance(rule, Achievement):
        return fact.achievement == rule.achievement
    return any(shown.skill == rule.skill for shown in fact.skills)


def _level(rule: Achievement | Skill, fact: CredentialFact) -> int:
    if isinstance(rule, Achievement):
        return fact.level
    return max((shown.level for shown in fact.skills if shown.skill == rule.skill), default=0)


def _figure(rule: Count | Points | Score, entries: Sequence[Entry], lacking: list[str], until: datetime | None, wording: Wording) -> Found:
    counted = tuple(_counted(entry.fact, entry.until, wording) for entry in entries)
    return Found(until, counted, Reason(5, "; ".join(lacking)) if until is None else None)


def _counted(fact: CredentialFact | PointsFact | MeasureFact, until: datetime, wording: Wording) -> Counted:
    if isinstance(fact, CredentialFact):
        return Counted(fact.ref, "credential", wording.name(fact.achievement, fact.name), fact.held_from, lapse(until))
    if isinstance(fact, PointsFact):
        return Counted(fact.ref, "points", f"{number(fact.points)} points from {fact.category}", fact.at, lapse(until))
    return Counted("", "measure", f"{wording.name(fact.measure)}: {number(fact.value)}", fact.at, lapse(until))
