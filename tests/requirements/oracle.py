"""A second opinion: whether a requirement is met, decided from its JSON, without any of our code, as plainly as it can be written."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

from hexmark.requirements import CredentialFact, Holdings

Json = dict[str, Any]


def is_met(rule: Json, holdings: Holdings, at: datetime) -> bool:
    """The answer, by looking at everything."""
    return bool(globals()[f"_{rule['type']}"](rule, holdings, at))


def _all(rule: Json, holdings: Holdings, at: datetime) -> bool:
    return [is_met(part, holdings, at) for part in rule["parts"]].count(False) == 0


def _any(rule: Json, holdings: Holdings, at: datetime) -> bool:
    return [is_met(part, holdings, at) for part in rule["parts"]].count(True) > 0


def _k_of_n(rule: Json, holdings: Holdings, at: datetime) -> bool:
    groups = [[is_met(part, holdings, at) for part in group["parts"]] for group in rule.get("groups", [])]
    loose = [is_met(part, holdings, at) for part in rule.get("parts", [])]
    enough = all(sum(inside) >= group.get("at_least", 0) for inside, group in zip(groups, rule.get("groups", []), strict=True))
    return enough and sum(loose) + sum(map(sum, groups)) >= rule["at_least"]


def _ladder(rule: Json, holdings: Holdings, at: datetime) -> bool:
    reach = rule.get("reach", 0) or len(rule["steps"])
    return all(is_met(step, holdings, at) for step in rule["steps"][:reach])


def _later(moment: datetime, months: int) -> datetime:
    for _ in range(months):
        # To the first of the next month, again and again; the day is put right at the end.
        moment = (moment.replace(day=1) + timedelta(days=32)).replace(day=1)
    return moment


def _months_later(moment: datetime, months: int) -> datetime:
    if not months:
        return moment
    first = _later(moment, months)
    return first.replace(day=min(moment.day, monthrange(first.year, first.month)[1]))


def _trusted(fact: CredentialFact, rule: Json) -> bool:
    named = [one if isinstance(one, dict) else {"id": one} for one in rule.get("issuers", [])]
    mine = [one for one in named if one["id"] == fact.issuer]
    if (named or fact.foreign) and not mine:
        return False
    assurance = fact.assurance
    if fact.foreign:
        assurance = min(assurance, max(one.get("assurance", 0) for one in mine))
    return assurance >= rule.get("assurance_at_least", 0)


def _standing(fact: CredentialFact, rule: Json, at: datetime, like_it: list[CredentialFact]) -> bool:
    if not _trusted(fact, rule) or fact.held_from > at:
        return False
    if fact.ended_at and fact.ended_at <= at:
        return False
    if fact.paused_at and fact.paused_at <= at:
        return False
    if fact.valid_until:
        end = fact.valid_until + timedelta(days=rule.get("grace_days", 0))
        if at > end - timedelta(days=rule.get("valid_for_days", 0)):
            return False
        if "valid_on" in rule and end < datetime.combine(date.fromisoformat(rule["valid_on"]), datetime.min.time(), UTC):
            return False
    if rule.get("max_age_months") and at > _months_later(fact.held_from, rule["max_age_months"]):
        return False
    return _long_enough(fact, rule, at, like_it)


def _long_enough(fact: CredentialFact, rule: Json, at: datetime, like_it: list[CredentialFact]) -> bool:
    if not rule.get("held_for_months"):
        return True
    since, earlier = fact.held_from, True
    while earlier:
        earlier = False
        for one in like_it:
            alive = _trusted(one, rule) and not (one.ended_at and one.ended_at <= at)
            if alive and one.held_from < since and (one.valid_until is None or one.valid_until >= since):
                since, earlier = one.held_from, True
    return _months_later(since, rule["held_for_months"]) <= at


def _achievement(rule: Json, holdings: Holdings, at: datetime) -> bool:
    least = rule.get("level_at_least", 0)
    mine = [fact for fact in holdings.credentials if fact.achievement == rule["achievement"] and fact.level >= least]
    return any(_standing(fact, rule, at, mine) for fact in mine)


def _skill(rule: Json, holdings: Holdings, at: datetime) -> bool:
    least = rule.get("level_at_least", 0)
    mine = [fact for fact in holdings.credentials if [one for one in fact.skills if one.skill == rule["skill"] and one.level >= least]]
    return any(_standing(fact, rule, at, mine) for fact in mine)


def _held(rule: Json, holdings: Holdings, at: datetime, labels: list[str], achievements: list[str]) -> set[str]:
    wanted = [
        fact
        for fact in holdings.credentials
        if (not labels or fact.labels & set(labels)) and (not achievements or fact.achievement in achievements)
    ]
    return {
        fact.achievement for fact in wanted if _standing(fact, rule, at, [one for one in wanted if one.achievement == fact.achievement])
    }


def _count(rule: Json, holdings: Holdings, at: datetime) -> bool:
    held = _held(rule, holdings, at, rule.get("labels", []), rule.get("achievements", []))
    # Brute force on purpose: is there any choice of this size at all?
    if not any(True for _ in combinations(sorted(held), rule["at_least"])):
        return False
    labels = {fact.achievement: fact.labels for fact in holdings.credentials}
    return all(sum(least["name"] in labels[one] for one in held) >= least.get("at_least", 0) for least in rule.get("minimums", []))


def _points(rule: Json, holdings: Holdings, at: datetime) -> bool:
    facts = [
        fact
        for fact in holdings.points
        if fact.at <= at
        and (not rule.get("categories") or fact.category in rule["categories"])
        and (not rule.get("max_age_months") or at <= _months_later(fact.at, rule["max_age_months"]))
    ]
    enough = sum(fact.points for fact in facts) >= Decimal(str(rule.get("at_least", 0)))
    for least in rule.get("minimums", []):
        mine = [fact.points for fact in facts if fact.category == least["name"]]
        enough = enough and len(mine) >= least.get("at_least", 0) and sum(mine) >= Decimal(str(least.get("points", 0)))
    return enough and len(facts) >= rule.get("activities_at_least", 0)


def _score(rule: Json, holdings: Holdings, at: datetime) -> bool:
    total = Decimal(0)
    for part in rule["parts"]:
        if "measure" in part:
            value = _latest([(fact.at, -fact.value) for fact in holdings.measures if fact.measure == part["measure"]], part, at)
            value = -value if value is not None else Decimal(0)
        elif "category" in part:
            mine = [fact for fact in holdings.points if fact.category == part["category"] and fact.at <= at]
            value = sum((fact.points for fact in mine if _young(fact.at, part, at)), Decimal(0))
        else:
            value = Decimal(len(_held(part, holdings, at, [part["label"]], [])))
        weighed = value * Decimal(str(part.get("weight", 1)))
        total += min(weighed, Decimal(str(part["most"]))) if "most" in part else weighed
        if "minimum" in part and value < Decimal(str(part["minimum"])):
            return False
        if rule.get("no_zero") and value <= 0:
            return False
    return total >= Decimal(str(rule["at_least"]))


def _young(moment: datetime, rule: Json, at: datetime) -> bool:
    return not rule.get("max_age_months") or at <= _months_later(moment, rule["max_age_months"])


def _latest(dated: list[tuple[datetime, Decimal]], rule: Json, at: datetime) -> Decimal | None:
    past = sorted(one for one in dated if one[0] <= at)
    return past[-1][1] if past and _young(past[-1][0], rule, at) else None


def _tenure(rule: Json, holdings: Holdings, at: datetime) -> bool:
    mine = [fact for fact in holdings.tenures if fact.role == rule.get("role", "")]
    day = at.date()
    if not any(fact.since <= day and (fact.until is None or day <= fact.until) for fact in mine):
        return False
    # Day by day backwards, for as long as some fact covers the day.
    while any(fact.since <= day - timedelta(days=1) and (fact.until is None or day - timedelta(days=1) <= fact.until) for fact in mine):
        day -= timedelta(days=1)
    return _months_later(datetime.combine(day, datetime.min.time(), UTC), rule["months_at_least"]) <= at


def _review_mark(rule: Json, holdings: Holdings, at: datetime) -> bool:
    mark = _latest([(fact.at, -fact.mark) for fact in holdings.marks if rule.get("cycle", fact.cycle) == fact.cycle], rule, at)
    return mark is not None and -mark >= Decimal(str(rule["at_least"]))


def _consent(rule: Json, holdings: Holdings, at: datetime) -> bool:
    mine = [fact for fact in holdings.consents if fact.by == rule["by"] and fact.at <= at and _young(fact.at, rule, at)]
    mine = [fact for fact in mine if "about" not in rule or fact.about in (rule["about"], "")]
    return any(fact.until is None or at <= fact.until for fact in mine)


def _measure(rule: Json, holdings: Holdings, at: datetime) -> bool:
    negative = _latest([(fact.at, -fact.value) for fact in holdings.measures if fact.measure == rule["measure"]], rule, at)
    if negative is None:
        return False
    within = "at_least" not in rule or -negative >= Decimal(str(rule["at_least"]))
    return within and ("at_most" not in rule or -negative <= Decimal(str(rule["at_most"])))


def _attribute(rule: Json, holdings: Holdings, at: datetime) -> bool:
    values = [fact.value for fact in holdings.attributes if fact.name == rule["attribute"] and fact.value]
    if "one_of" in rule and not set(values) & set(rule["one_of"]):
        return False
    if "at_least" in rule:
        return any(value.isdigit() and Decimal(value) >= Decimal(str(rule["at_least"])) for value in values)
    return bool(values)
