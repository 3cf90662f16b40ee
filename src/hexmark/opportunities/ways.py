"""The shortest way through a gate: of all that is missing, the fewest things that would open it. No database."""

from __future__ import annotations

from collections.abc import Sequence

from hexmark.requirements import Explanation, Missing, Requirement
from hexmark.requirements.rules import AllOf, AnyOf, KOfN, parts_of


def shortest_way(requirement: Requirement, explanation: Explanation) -> tuple[Missing, ...]:
    """The fewest things that are still to be shown; among ways of one length, the one that the rule names first. Nothing if it is met."""
    if explanation.met:
        return ()
    parts = parts_of(requirement)
    if not parts or len(parts) != len(explanation.parts):
        return explanation.missing
    ways = [shortest_way(part, answer) for part, answer in zip(parts, explanation.parts, strict=True) if not answer.met]
    return _chosen(requirement, explanation, ways)


def _chosen(requirement: Requirement, explanation: Explanation, ways: list[tuple[Missing, ...]]) -> tuple[Missing, ...]:
    match requirement:
        case AllOf():
            return _joined(ways)
        case AnyOf():
            return min(ways, key=len, default=())
        case KOfN(at_least=at_least, groups=()):
            needed = at_least - sum(answer.met for answer in explanation.parts)
            return _joined(sorted(ways, key=len)[:needed])
        case KOfN(parts=loose, groups=groups):
            return _through_groups(requirement, explanation, len(loose), [len(group.parts) for group in groups])
    # A ladder is climbed step by step: its own words say what comes next.
    return explanation.missing


def _joined(ways: Sequence[tuple[Missing, ...]]) -> tuple[Missing, ...]:
    return tuple(step for way in ways for step in way)


def _through_groups(rule: KOfN, explanation: Explanation, loose: int, sizes: list[int]) -> tuple[Missing, ...]:
    """First what each group lacks, then the shortest of the others until the whole is enough."""
    ways = [shortest_way(part, answer) for part, answer in zip(parts_of(rule), explanation.parts, strict=True)]
    chosen: set[int] = set()
    start = loose
    for group, size in zip(rule.groups, sizes, strict=True):
        places = range(start, start + size)
        lacking = sorted((place for place in places if not explanation.parts[place].met), key=lambda place: len(ways[place]))
        chosen.update(lacking[: max(0, group.at_least - (size - len(lacking)))])
        start += size
    met = sum(answer.met for answer in explanation.parts)
    others = [place for place, answer in enumerate(explanation.parts) if not answer.met and place not in chosen]
    chosen.update(sorted(others, key=lambda place: len(ways[place]))[: max(0, rule.at_least - met - len(chosen))])
    return tuple(step for place in sorted(chosen) for step in ways[place])
