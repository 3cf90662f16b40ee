"""What a requirement names: to check that it exists, to find who must be asked again when it changes."""

from __future__ import annotations

from collections.abc import Iterator

from hexmark.requirements.rules import (
    Achievement,
    AllOf,
    AnyOf,
    Conditions,
    Count,
    KOfN,
    Ladder,
    Measure,
    Requirement,
    ReviewMark,
    Score,
    Skill,
    Tenure,
    parts_of,
)


def references(requirement: Requirement) -> frozenset[str]:
    """The ids of achievements, skills, measures, job roles and cycles that it names, anywhere in it."""
    return frozenset(id_ for leaf in leaves(requirement) for id_ in _named(leaf) if id_)


def issuers(requirement: Requirement) -> frozenset[str]:
    """The ids of the issuers that it names, anywhere in it."""
    return frozenset(issuer.id for leaf in leaves(requirement) for conditions in _conditions(leaf) for issuer in conditions.issuers)


def leaves(requirement: Requirement) -> Iterator[Requirement]:
    """Every leaf, in the order in which they are read."""
    if isinstance(requirement, AllOf | AnyOf | KOfN | Ladder):
        for part in parts_of(requirement):
            yield from leaves(part)
    else:
        yield requirement


def _named(leaf: Requirement) -> tuple[str, ...]:
    match leaf:
        case Achievement(achievement=id_) | Skill(skill=id_) | Measure(measure=id_) | Tenure(role=id_) | ReviewMark(cycle=id_):
            return (id_,)
        case Count(achievements=ids):
            return ids
        case Score(parts=parts):
            return tuple(part.measure for part in parts)
    return ()


def _conditions(leaf: Requirement) -> tuple[Conditions, ...]:
    if isinstance(leaf, Score):
        return tuple(part.conditions for part in leaf.parts)
    conditions = getattr(leaf, "conditions", None)
    return (conditions,) if conditions is not None else ()
