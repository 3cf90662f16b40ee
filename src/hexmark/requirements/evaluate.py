"""Asking a requirement of what a person holds. One walk decides and explains; `evaluate_many` decides for many and explains on demand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from hexmark.requirements.deciding import Decide, decider
from hexmark.requirements.explanation import Counted, Explanation, Missing
from hexmark.requirements.facts import Holdings
from hexmark.requirements.leaves import find, lapse
from hexmark.requirements.moments import NEVER
from hexmark.requirements.rules import (
    Achievement,
    AllOf,
    AnyOf,
    Attribute,
    Group,
    KOfN,
    Ladder,
    Leaf,
    Measure,
    Requirement,
    Skill,
    Tenure,
    parts_of,
)
from hexmark.requirements.sentences import composed, nested, said_of_leaf
from hexmark.requirements.wording import PLAIN, Wording

Key = TypeVar("Key")
Found = TypeVar("Found")


def evaluate(requirement: Requirement, holdings: Holdings, at: datetime, *, wording: Wording = PLAIN) -> Explanation:
    """Whether these holdings meet the requirement at this moment, what counted, what is missing, and what lapses next.

    `at` is aware, best in the organisation's time zone: days and months of employment are counted in its calendar.
    """
    return _explain(requirement, holdings, at, wording)


class Answers(Mapping[Key, Explanation]):
    """The answers for many people: `met` at once, each Explanation when it is asked for."""

    def __init__(self, requirement: Requirement, many: Mapping[Key, Holdings], at: datetime, wording: Wording) -> None:
        self._requirement, self._many, self._at, self._wording = requirement, many, at, wording
        self._decide: Decide = decider(requirement, at)

    @cached_property
    def met(self) -> frozenset[Key]:
        """Who meets it."""
        decide = self._decide
        return frozenset(key for key, holdings in self._many.items() if decide(holdings))

    def __getitem__(self, key: Key) -> Explanation:
        return evaluate(self._requirement, self._many[key], self._at, wording=self._wording)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._many)

    def __len__(self) -> int:
        return len(self._many)


def evaluate_many(requirement: Requirement, many: Mapping[Key, Holdings], at: datetime, *, wording: Wording = PLAIN) -> Answers[Key]:
    """The same answers as `evaluate` for each of many people; who meets it is known without explaining anything."""
    return Answers(requirement, many, at, wording)


def _explain(requirement: Requirement, holdings: Holdings, at: datetime, wording: Wording) -> Explanation:
    if not isinstance(requirement, AllOf | AnyOf | KOfN | Ladder):
        return _leaf(requirement, holdings, at, wording)
    parts = tuple(_explain(part, holdings, at, wording) for part in parts_of(requirement))
    words = composed(requirement, [part.sentence for part in parts])
    match requirement:
        case AllOf():
            return _all(parts, words)
        case AnyOf():
            return _some(AnyOf.type, 1, (), parts, words)
        case KOfN():
            return _some(KOfN.type, requirement.at_least, _grouped(requirement, parts), parts, words)
    return _ladder(requirement.reach or len(parts), parts, words)


def _leaf(rule: Leaf, holdings: Holdings, at: datetime, wording: Wording) -> Explanation:
    words = said_of_leaf(rule, wording)
    found = find(rule, holdings, at, wording)
    missing: tuple[Missing, ...] = ()
    if found.reason is not None:
        missing = (Missing(_id(rule), rule.type, _short(rule, wording, words), found.reason.why, found.reason.met_from),)
    met = found.until is not None
    return Explanation(met, rule.type, words, int(met), 1, (), found.counted, missing, lapse(found.until))


def _all(parts: tuple[Explanation, ...], words: str) -> Explanation:
    shown = sum(part.met for part in parts)
    met = shown == len(parts)
    missing = _once(one for part in parts if not part.met for one in part.missing)
    return Explanation(met, AllOf.type, words, shown, len(parts), parts, _counted(parts), missing, _earliest(parts) if met else None)


def _grouped(rule: KOfN, parts: tuple[Explanation, ...]) -> tuple[tuple[Group, tuple[Explanation, ...]], ...]:
    found, place = [], len(rule.parts)
    for group in rule.groups:
        found.append((group, parts[place : place + len(group.parts)]))
        place += len(group.parts)
    return tuple(found)


def _some(
    kind: str, least: int, groups: tuple[tuple[Group, tuple[Explanation, ...]], ...], parts: tuple[Explanation, ...], words: str
) -> Explanation:
    held = sum(part.met for part in parts)
    short = sum(max(0, group.at_least - sum(part.met for part in inside)) for group, inside in groups)
    missing = [
        _lacking(kind, group.at_least, inside, group.name) for group, inside in groups if sum(part.met for part in inside) < group.at_least
    ]
    if held + short < least:
        missing.append(_lacking(kind, least, parts))
    if missing:
        # What a group lacks cannot be made up for by another, so it is not among what is shown of the whole.
        return Explanation(False, kind, words, min(held, max(0, least - short)), least, parts, _counted(parts), tuple(missing))
    untils = [_kth_longest(parts, least), *(_kth_longest(inside, group.at_least) for group, inside in groups)]
    return Explanation(True, kind, words, least, least, parts, _counted(parts), (), lapse(min(untils)))


def _ladder(reach: int, steps: tuple[Explanation, ...], words: str) -> Explanation:
    reached = next((place for place, step in enumerate(steps) if not step.met), len(steps))
    counted = _counted(steps[:reached])
    if reached >= reach:
        return Explanation(True, Ladder.type, words, reach, reach, steps, counted, (), _earliest(steps[:reach]))
    missing: list[Missing] = []
    for step in steps[reached:reach]:
        missing += step.missing
        if step.met:
            missing.append(Missing("", Ladder.type, step.sentence, "held, but it counts only after the step before it"))
    return Explanation(False, Ladder.type, words, reached, reach, steps, counted, _once(missing))


def _lacking(kind: str, least: int, parts: Sequence[Explanation], group: str = "") -> Missing:
    open_ = [part for part in parts if not part.met]
    held = len(parts) - len(open_)
    if not group and least - held == 1 and len(open_) == 1 and open_[0].missing:
        return open_[0].missing[0]
    names = "; ".join(nested(part.sentence) if part.parts else part.sentence for part in open_)
    of = f" from {group}" if group else ""
    what = f"{'one' if least - held == 1 else least - held} {'more' if held else ''}".strip()
    return Missing("", kind, f"{what}{of} of: {names}", f"{held} of {least} shown" if held else "none shown")


def _short(rule: Leaf, wording: Wording, words: str) -> str:
    """What is missing, without the conditions: the reason names the one that fails."""
    match rule:
        case Achievement(achievement=id_, name=name) | Skill(skill=id_, name=name) | Measure(measure=id_, name=name):
            return wording.name(id_, name)
    return words


def _earliest(parts: Sequence[Explanation]) -> datetime | None:
    return min((part.lapses_on for part in parts if part.lapses_on is not None), default=None)


def _kth_longest(parts: Sequence[Explanation], least: int) -> datetime:
    """Until when at least so many of those that are met last."""
    if least < 1:
        return NEVER
    return sorted((part.lapses_on or NEVER for part in parts if part.met), reverse=True)[least - 1]


def _counted(parts: Iterable[Explanation]) -> tuple[Counted, ...]:
    return _once(one for part in parts for one in part.counted)


def _once(found: Iterable[Found]) -> tuple[Found, ...]:
    """In order, each only once: two parts may count the same credential."""
    return tuple(dict.fromkeys(found))


def _id(rule: Leaf) -> str:
    match rule:
        case Achievement(achievement=id_) | Skill(skill=id_) | Measure(measure=id_) | Attribute(attribute=id_) | Tenure(role=id_):
            return id_
    return ""
