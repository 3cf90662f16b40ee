"""A requirement as an English sentence, as it stands above a form and in an explanation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hexmark.requirements.moments import day, months
from hexmark.requirements.rules import (
    Achievement,
    AllOf,
    AnyOf,
    Attribute,
    Composite,
    Conditions,
    Consent,
    Count,
    KOfN,
    Ladder,
    Measure,
    Minimum,
    Points,
    Requirement,
    ReviewMark,
    Score,
    Skill,
    Tenure,
    Weighed,
    parts_of,
)
from hexmark.requirements.wording import ASSURANCE, PLAIN, Wording, listed, many, number


def sentence(requirement: Requirement, names: Mapping[str, str] | None = None, *, wording: Wording = PLAIN) -> str:
    """The whole requirement in words, such as "All of: Coaching (Evidence judged or better); consent of the manager".

    `names` says what achievements, skills, measures, roles and cycles are called; `wording` more than that.
    """
    return said(requirement, Wording(names, wording.badge, wording.badges) if names is not None else wording)


def said(requirement: Requirement, wording: Wording) -> str:
    """As `sentence`, with the wording ready."""
    if isinstance(requirement, AllOf | AnyOf | KOfN | Ladder):
        return composed(requirement, [said(part, wording) for part in parts_of(requirement)])
    return said_of_leaf(requirement, wording)


def composed(requirement: Composite, inside: Sequence[str]) -> str:
    """The sentence of a composite, made of its parts' sentences, which stand in the order of `parts_of`."""
    pieces = [
        nested(words) if isinstance(part, AllOf | AnyOf | KOfN | Ladder) else words
        for part, words in zip(parts_of(requirement), inside, strict=True)
    ]
    match requirement:
        case AllOf():
            return f"All of: {'; '.join(pieces)}"
        case AnyOf():
            return f"Any of: {'; '.join(pieces)}"
        case KOfN():
            return _k_of_n(requirement, pieces)
    reach = requirement.reach
    head = f"The first {reach} of these, in order" if reach and reach < len(pieces) else "In order, none left out"
    return f"{head}: {', then '.join(pieces)}"


def said_of_leaf(requirement: Requirement, wording: Wording) -> str:
    """One leaf in words: what it asks, and in brackets under which conditions."""
    match requirement:
        case Achievement():
            level = f" at level {requirement.level_at_least} or above" if requirement.level_at_least else ""
            return wording.name(requirement.achievement, requirement.name) + level + _conditions(requirement.conditions)
        case Skill():
            level = f" at level {requirement.level_at_least} or above" if requirement.level_at_least else ""
            return wording.name(requirement.skill, requirement.name) + level + _conditions(requirement.conditions)
        case Count():
            return _count(requirement, wording)
        case Points():
            return _points(requirement)
        case Score():
            zero = ", none of them zero" if requirement.no_zero else ""
            return f"a score of {number(requirement.at_least)} from {listed([_weighed(part) for part in requirement.parts])}{zero}"
    return _said_of_person(requirement, wording)


def _said_of_person(requirement: Requirement, wording: Wording) -> str:
    match requirement:
        case Tenure(months_at_least=least, role=role, name=name):
            return f"{months(least)} as {wording.name(role, name)}" if role else f"{months(least)} with the organisation"
        case ReviewMark(at_least=mark, cycle=cycle):
            of = f"the review “{wording.name(cycle)}”" if cycle else "the latest review"
            return f"a mark of {number(mark)} or above in {of}{_conditions(requirement.conditions)}"
        case Consent(by=by):
            return f"consent of the {by}{_conditions(requirement.conditions)}"
        case Measure(measure=measure, name=name, at_least=least, at_most=most):
            bounds = [f"at least {number(least)}"] if least is not None else []
            bounds += [f"at most {number(most)}"] if most is not None else []
            return f"{wording.name(measure, name)} of {listed(bounds)}{_conditions(requirement.conditions)}"
        case Attribute(attribute=attribute, name=name, one_of=one_of, at_least=least):
            called = wording.name(attribute, name)
            if least is not None:
                return f"{called} of at least {number(least)}"
            return f"{called}: {listed(one_of, 'or')}" if one_of else f"{called} given"
    raise TypeError(f"{type(requirement).__name__} is no requirement.")


def nested(words: str) -> str:
    """A composite's sentence as it stands inside another."""
    return f"({words[0].lower()}{words[1:]})"


def _k_of_n(rule: KOfN, pieces: list[str]) -> str:
    texts = ["; ".join(pieces[: len(rule.parts)])] if rule.parts else []
    place = len(rule.parts)
    for group in rule.groups:
        least = f", at least {group.at_least}" if group.at_least else ""
        texts.append(f"{group.name}{least} ({'; '.join(pieces[place : place + len(group.parts)])})")
        place += len(group.parts)
    return f"At least {rule.at_least} of: {'; '.join(texts)}"


def _count(rule: Count, wording: Wording) -> str:
    words = many(rule.at_least, wording.badge, wording.badges)
    if rule.achievements:
        words += f" out of {listed([wording.name(one) for one in rule.achievements])}"
    if rule.labels:
        words += f" with the label {listed(rule.labels, 'or')}"
    return words + _minimums(rule.minimums, "labelled") + _conditions(rule.conditions)


def _points(rule: Points) -> str:
    asked = [many(rule.activities_at_least, "activity", "activities")] if rule.activities_at_least else []
    asked = [f"{number(rule.at_least)} points", *asked] if rule.at_least else asked
    words = listed(asked) or "points"
    if rule.categories:
        words += f" from {listed(rule.categories, 'or')}"
    return words + _minimums(rule.minimums, "from") + _conditions(rule.conditions)


def _minimums(minimums: tuple[Minimum, ...], joint: str) -> str:
    pieces = []
    for minimum in minimums:
        amounts = [number(minimum.at_least)] if minimum.at_least else []
        amounts += [f"{number(minimum.points)} points"] if minimum.points else []
        pieces.append(f"{listed(amounts)} {joint} {minimum.name}")
    return f", at least {listed(pieces)}" if pieces else ""


def _weighed(part: Weighed) -> str:
    notes = [f"times {number(part.weight)}"] if part.weight != 1 else []
    notes += [f"at least {number(part.minimum)}"] if part.minimum is not None else []
    notes += [f"at most {number(part.most)}"] if part.most is not None else []
    return f"{part.name} ({', '.join(notes)})" if notes else part.name


def _conditions(conditions: Conditions) -> str:
    least = conditions.assurance_at_least
    notes = [f"{ASSURANCE[least]} or better" if least < len(ASSURANCE) - 1 else ASSURANCE[least]] if least else []
    if conditions.held_for_months:
        notes.append(f"held for {months(conditions.held_for_months)}")
    if conditions.max_age_months:
        notes.append(f"from the last {months(conditions.max_age_months)}")
    if conditions.valid_for_days:
        notes.append(f"valid for {many(conditions.valid_for_days, 'more day', 'more days')}")
    if conditions.valid_on:
        notes.append(f"valid on {day(conditions.valid_on)}")
    if conditions.grace_days:
        notes.append(f"expired for at most {many(conditions.grace_days, 'day', 'days')}")
    if conditions.issuers:
        notes.append(f"issued by {listed([issuer.name or issuer.id for issuer in conditions.issuers], 'or')}")
    return f" ({', '.join(notes)})" if notes else ""
