"""Deciding only, for many people: a requirement becomes a function that says yes or no, and makes no words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from hexmark.requirements.facts import CredentialFact, Holdings
from hexmark.requirements.leaves import leaf_until
from hexmark.requirements.rules import Achievement, AllOf, AnyOf, Conditions, KOfN, Ladder, Leaf, Requirement
from hexmark.requirements.standing import counts_until

Decide = Callable[[Holdings], bool]


def decider(requirement: Requirement, at: datetime) -> Decide:
    """A function that says whether holdings meet the requirement at this moment, as `evaluate` would."""
    match requirement:
        case AllOf(parts=parts):
            return _every([decider(part, at) for part in parts])
        case Ladder(steps=steps, reach=reach):
            return _every([decider(step, at) for step in steps[: reach or len(steps)]])
        case AnyOf(parts=parts):
            return _enough(1, [decider(part, at) for part in parts])
        case KOfN():
            return _k_of_n(requirement, at)
        case Achievement(level_at_least=0) if _is_simple(requirement.conditions):
            return _simple(requirement, at)
    return _leaf(requirement, at)


def _every(inside: list[Decide]) -> Decide:
    def decide(holdings: Holdings) -> bool:
        return all(one(holdings) for one in inside)

    return decide


def _enough(least: int, inside: list[Decide]) -> Decide:
    def decide(holdings: Holdings) -> bool:
        lacking = least
        for one in inside:
            if lacking <= 0:
                break
            if one(holdings):
                lacking -= 1
        return lacking <= 0

    return decide


def _k_of_n(rule: KOfN, at: datetime) -> Decide:
    loose = [decider(part, at) for part in rule.parts]
    groups = [(group.at_least, [decider(part, at) for part in group.parts]) for group in rule.groups]
    if not groups:
        return _enough(rule.at_least, loose)

    def decide(holdings: Holdings) -> bool:
        met = sum(one(holdings) for one in loose)
        for least, inside in groups:
            held = sum(one(holdings) for one in inside)
            if held < least:
                return False
            met += held
        return met >= rule.at_least

    return decide


def _leaf(rule: Leaf, at: datetime) -> Decide:
    def decide(holdings: Holdings) -> bool:
        return leaf_until(rule, holdings, at) is not None

    return decide


def _is_simple(conditions: Conditions) -> bool:
    return not (conditions.issuers or conditions.held_for_months or conditions.max_age_months or conditions.valid_on)


def _simple(rule: Achievement, at: datetime) -> Decide:
    """The most frequent leaf by far: most credentials are of another achievement, and that is told by one comparison."""
    wanted, conditions = rule.achievement, rule.conditions

    def counts(fact: CredentialFact) -> bool:
        return counts_until(fact, conditions, at, ()) is not None

    def decide(holdings: Holdings) -> bool:
        return any(counts(fact) for fact in holdings.credentials if fact.achievement == wanted)

    return decide
