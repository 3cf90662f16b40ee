"""Leaves about the person rather than about credentials: time in a role, review marks, consent, measures, attributes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from hexmark.requirements.facts import Holdings, TenureFact
from hexmark.requirements.figures import latest_measure
from hexmark.requirements.moments import NEVER, begin_of, day, end_of, full_months, months, months_after
from hexmark.requirements.rules import Attribute, Conditions, Consent, Leaf, Measure, ReviewMark, Tenure
from hexmark.requirements.standing import Reason
from hexmark.requirements.wording import listed, number


@dataclass(frozen=True, slots=True)
class Answer:
    """Until when it is met (None: not), what counts in words, since when, or the reason why not."""

    until: datetime | None
    what: str = ""
    since: datetime | None = None
    reason: Reason | None = None


def personal_answer(rule: Leaf, holdings: Holdings, at: datetime) -> Answer:
    """The answer to one such leaf."""
    match rule:
        case Tenure():
            return _tenure(rule, holdings, at)
        case ReviewMark():
            return _mark(rule, holdings, at)
        case Consent():
            return _consent(rule, holdings, at)
        case Measure():
            return _measure(rule, holdings, at)
        case Attribute():
            return _attribute(rule, holdings)
    raise TypeError(f"{type(rule).__name__} is no such requirement.")


def _not(rank: int, why: str, met_from: datetime | None = None) -> Answer:
    return Answer(None, reason=Reason(rank, why, met_from))


def _tenure(rule: Tenure, holdings: Holdings, at: datetime) -> Answer:
    served = [fact for fact in holdings.tenures if fact.role == rule.role]
    today = at.date()
    current = [fact for fact in served if fact.since <= today and (fact.until is None or fact.until >= today)]
    if not current:
        return _not(9, "not in this role today" if rule.role else "not with the organisation today")
    longest = max(fact.until or today.max for fact in current)
    since = min(_since(fact, served) for fact in current)
    begun = begin_of(since, at.tzinfo)
    enough = months_after(begun, rule.months_at_least)
    if enough > at:
        why = f"{full_months(since, today)} of {months(rule.months_at_least)}, enough from {day(enough)}"
        return _not(1, why, enough if longest >= enough.date() else None)
    until = NEVER if longest == today.max else end_of(longest, at.tzinfo)
    return Answer(until, f"since {day(since)}" if rule.role else f"with the organisation since {day(since)}", begun)


def _since(fact: TenureFact, served: Iterable[TenureFact]) -> date:
    since = fact.since
    for earlier in sorted(served, key=lambda one: one.since, reverse=True):
        if earlier.since < since and (earlier.until is None or earlier.until >= since - timedelta(days=1)):
            since = earlier.since
    return since


def _aged(at_: datetime, conditions: Conditions) -> datetime:
    return months_after(at_, conditions.max_age_months) if conditions.max_age_months else NEVER


def _mark(rule: ReviewMark, holdings: Holdings, at: datetime) -> Answer:
    marks = [fact for fact in holdings.marks if fact.at <= at and (not rule.cycle or fact.cycle == rule.cycle)]
    if not marks:
        return _not(9, "no review with a mark yet")
    # Of two at the same moment the lower one counts: a doubt opens no gate.
    latest = max(marks, key=lambda fact: (fact.at, -fact.mark))
    until = _aged(latest.at, rule.conditions)
    if until < at:
        return _not(4, f"the latest mark is from {day(latest.at)}, older than {months(rule.conditions.max_age_months)}")
    if latest.mark < rule.at_least:
        return _not(5, f"the mark was {number(latest.mark)}")
    return Answer(until, f"a mark of {number(latest.mark)} on {day(latest.at)}", latest.at)


def _consent(rule: Consent, holdings: Holdings, at: datetime) -> Answer:
    given = [
        fact for fact in holdings.consents if fact.by == rule.by and fact.at <= at and (not rule.about or fact.about in ("", rule.about))
    ]
    standing = [(min(fact.until or NEVER, _aged(fact.at, rule.conditions)), fact) for fact in given]
    valid = [(until, fact) for until, fact in standing if until >= at]
    if valid:
        until, fact = max(valid, key=lambda pair: (pair[0], pair[1].at))
        return Answer(until, f"consent of the {rule.by} on {day(fact.at)}", fact.at)
    if standing:
        return _not(4, f"consent ended on {day(max(until for until, _ in standing))}")
    return _not(9, "not given yet")


def _measure(rule: Measure, holdings: Holdings, at: datetime) -> Answer:
    found = latest_measure(holdings, rule.measure, at, rule.conditions)
    if not found:
        return _not(
            9, f"no value from the last {months(rule.conditions.max_age_months)}" if rule.conditions.max_age_months else "no value yet"
        )
    latest = max(
        (fact for fact in holdings.measures if fact.measure == rule.measure and fact.at <= at), key=lambda one: (one.at, -one.value)
    )
    if rule.at_least is not None and latest.value < rule.at_least:
        return _not(5, f"{number(latest.value)} of {number(rule.at_least)}")
    if rule.at_most is not None and latest.value > rule.at_most:
        return _not(5, f"{number(latest.value)}, at most {number(rule.at_most)} is allowed")
    return Answer(found[0].until, f"a value of {number(latest.value)} on {day(latest.at)}", latest.at)


def _attribute(rule: Attribute, holdings: Holdings) -> Answer:
    values = [fact.value for fact in holdings.attributes if fact.name == rule.attribute and fact.value.strip()]
    if not values:
        return _not(9, "not given")
    if rule.one_of and not any(value in rule.one_of for value in values):
        return _not(5, f"is {listed(sorted(values))}")
    if rule.at_least is not None:
        best = max((_number(value) for value in values), default=None, key=lambda one: one if one is not None else Decimal("-Infinity"))
        if best is None:
            return _not(5, "is not a number")
        if best < rule.at_least:
            return _not(5, f"{number(best)} of {number(rule.at_least)}")
    return Answer(NEVER, "given")


def _number(value: str) -> Decimal | None:
    try:
        read = Decimal(value.strip().removesuffix("%").strip())
    except InvalidOperation:
        return None
    return read if read.is_finite() else None
