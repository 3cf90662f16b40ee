"""Requirements as JSON: `parse` reads strictly and says where and why something is wrong, `to_json` (in `writing`) writes.

The work is bounded before anything is understood: depth, number of parts and length of every text have limits, so a document that
contains itself ends as one that is too deep. `requirement.schema.json` beside this module says the same for other programs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from hexmark.requirements import rules
from hexmark.requirements.readers import (
    LEAST,
    MOST_COUNT,
    MOST_DAYS,
    MOST_MONTHS,
    Place,
    RequirementError,
    choice,
    day_of,
    flag,
    items,
    members,
    number,
    refuse_more,
    text,
    texts,
    whole,
)
from hexmark.requirements.rules import Conditions, Group, Minimum, Requirement, TrustedIssuer, Weighed
from hexmark.requirements.writing import to_json

__all__ = ["TYPES", "RequirementError", "parse", "to_json"]

_Members = Mapping[str, Any]


def parse(document: object) -> Requirement:
    """The requirement that this JSON (already read into Python) says.

    Raises:
        RequirementError: with a code and the path ("/parts/1/at_least") of what is wrong.
    """
    return _requirement(document, Place())


def _requirement(document: object, place: Place) -> Requirement:
    place.count()
    found = members(document, place)
    kind = choice(found.get("type"), place.at("type"), tuple(_READERS))
    requirement, known = _READERS[kind](found, place)
    refuse_more(found, {"type", *known}, place)
    return requirement


_Read = tuple[Requirement, tuple[str, ...]]


def _parts(found: _Members, name: str, place: Place, least: int = 1) -> tuple[Requirement, ...]:
    inside = place.at(name)
    return tuple(_requirement(one, inside.at(index)) for index, one in enumerate(items(found.get(name, []), inside, least)))


def _all(found: _Members, place: Place) -> _Read:
    return rules.AllOf(_parts(found, "parts", place)), ("parts",)


def _any(found: _Members, place: Place) -> _Read:
    return rules.AnyOf(_parts(found, "parts", place)), ("parts",)


def _k_of_n(found: _Members, place: Place) -> _Read:
    least = whole(found.get("at_least"), place.at("at_least"), 1, MOST_COUNT)
    parts = _parts(found, "parts", place, 0)
    inside = place.at("groups")
    groups = tuple(_group(one, inside.at(index)) for index, one in enumerate(items(found.get("groups", []), inside, 0)))
    total = len(parts) + sum(len(group.parts) for group in groups)
    if least > total:
        raise RequirementError("TOO_MANY_ASKED", place.at("at_least"), f"{least} are asked for, but there are only {total} parts.")
    if sum(group.at_least for group in groups) > least:
        raise RequirementError("TOO_FEW_ASKED", place.at("at_least"), "The groups' minimums add up to more than is asked for.")
    return rules.KOfN(least, parts, groups), ("at_least", "parts", "groups")


def _group(document: object, place: Place) -> Group:
    place.count()
    found = members(document, place)
    parts = _parts(found, "parts", place)
    least = whole(found.get("at_least", 0), place.at("at_least"), 0, MOST_COUNT)
    if least > len(parts):
        raise RequirementError("TOO_MANY_ASKED", place.at("at_least"), f"{least} are asked for, but there are only {len(parts)} parts.")
    refuse_more(found, {"name", "at_least", "parts"}, place)
    return Group(text(found.get("name"), place.at("name")), least, parts)


def _ladder(found: _Members, place: Place) -> _Read:
    steps = _parts(found, "steps", place)
    reach = whole(found.get("reach", 0), place.at("reach"), 0, MOST_COUNT)
    if reach > len(steps):
        raise RequirementError("TOO_MANY_ASKED", place.at("reach"), f"{reach} are asked for, but there are only {len(steps)} steps.")
    return rules.Ladder(steps, reach), ("steps", "reach")


_CONDITIONS: Final = ("assurance_at_least", "issuers", "held_for_months", "max_age_months", "valid_for_days", "valid_on", "grace_days")


def _conditions(found: _Members, place: Place) -> Conditions:
    return Conditions(
        assurance_at_least=whole(found.get("assurance_at_least", 0), place.at("assurance_at_least"), 0, 4),
        issuers=_issuers(found, place.at("issuers")),
        held_for_months=whole(found.get("held_for_months", 0), place.at("held_for_months"), 0, MOST_MONTHS),
        max_age_months=whole(found.get("max_age_months", 0), place.at("max_age_months"), 0, MOST_MONTHS),
        valid_for_days=whole(found.get("valid_for_days", 0), place.at("valid_for_days"), 0, MOST_DAYS),
        valid_on=day_of(found["valid_on"], place.at("valid_on")) if "valid_on" in found else None,
        grace_days=whole(found.get("grace_days", 0), place.at("grace_days"), 0, MOST_DAYS),
    )


def _issuers(found: _Members, place: Place) -> tuple[TrustedIssuer, ...]:
    if "issuers" not in found:
        return ()
    return tuple(_issuer(one, place.at(index)) for index, one in enumerate(items(found["issuers"], place, 1)))


def _issuer(document: object, place: Place) -> TrustedIssuer:
    place.count()
    if isinstance(document, str):
        return TrustedIssuer(text(document, place))
    found = members(document, place)
    refuse_more(found, {"id", "name", "assurance"}, place)
    assurance = whole(found.get("assurance", 0), place.at("assurance"), 0, 4)
    return TrustedIssuer(text(found.get("id"), place.at("id")), _name(found, place), assurance)


def _age(found: _Members, place: Place) -> Conditions:
    return Conditions(max_age_months=whole(found.get("max_age_months", 0), place.at("max_age_months"), 0, MOST_MONTHS))


def _name(found: _Members, place: Place) -> str:
    return text(found["name"], place.at("name")) if "name" in found else ""


def _optional(found: _Members, name: str, place: Place, *, least: Decimal | None = None) -> Decimal | None:
    return number(found[name], place.at(name), least) if name in found else None


def _achievement(found: _Members, place: Place) -> _Read:
    level = whole(found.get("level_at_least", 0), place.at("level_at_least"), 0, 5)
    id_ = text(found.get("achievement"), place.at("achievement"))
    rule = rules.Achievement(id_, _name(found, place), level, _conditions(found, place))
    return rule, ("achievement", "name", "level_at_least", *_CONDITIONS)


def _skill(found: _Members, place: Place) -> _Read:
    level = whole(found.get("level_at_least", 0), place.at("level_at_least"), 0, 5)
    rule = rules.Skill(text(found.get("skill"), place.at("skill")), _name(found, place), level, _conditions(found, place))
    return rule, ("skill", "name", "level_at_least", *_CONDITIONS)


def _minimums(found: _Members, place: Place) -> tuple[Minimum, ...]:
    inside = place.at("minimums")
    return tuple(_minimum(one, inside.at(index)) for index, one in enumerate(items(found.get("minimums", []), inside, 0)))


def _minimum(document: object, place: Place) -> Minimum:
    place.count()
    found = members(document, place)
    refuse_more(found, {"name", "at_least", "points"}, place)
    least = whole(found.get("at_least", 0), place.at("at_least"), 0, MOST_COUNT)
    points = number(found.get("points", 0), place.at("points"), LEAST)
    return Minimum(text(found.get("name"), place.at("name")), least, points)


def _count(found: _Members, place: Place) -> _Read:
    least = whole(found.get("at_least"), place.at("at_least"), 1, MOST_COUNT)
    named = texts(found, "achievements", place)
    if named and least > len(set(named)):
        raise RequirementError("TOO_MANY_ASKED", place.at("at_least"), f"{least} are asked for, but only {len(set(named))} are named.")
    rule = rules.Count(least, named, texts(found, "labels", place), _minimums(found, place), _conditions(found, place))
    return rule, ("at_least", "achievements", "labels", "minimums", *_CONDITIONS)


def _points(found: _Members, place: Place) -> _Read:
    points = number(found.get("at_least", 0), place.at("at_least"), LEAST)
    activities = whole(found.get("activities_at_least", 0), place.at("activities_at_least"), 0, MOST_COUNT)
    minimums = _minimums(found, place)
    if not points and not activities and not minimums:
        raise RequirementError("NOTHING_ASKED", place, "Say how many points or activities are asked for.")
    rule = rules.Points(points, activities, texts(found, "categories", place), minimums, _age(found, place))
    return rule, ("at_least", "activities_at_least", "categories", "minimums", "max_age_months")


def _score(found: _Members, place: Place) -> _Read:
    inside = place.at("parts")
    parts = tuple(_weighed(one, inside.at(index)) for index, one in enumerate(items(found.get("parts"), inside, 1)))
    rule = rules.Score(number(found.get("at_least"), place.at("at_least"), LEAST), parts, flag(found, "no_zero", place))
    return rule, ("at_least", "parts", "no_zero")


def _weighed(document: object, place: Place) -> Weighed:
    place.count()
    found = members(document, place)
    refuse_more(found, {"name", "measure", "category", "label", "weight", "most", "minimum", *_CONDITIONS}, place)
    sources = {name: text(found[name], place.at(name)) for name in ("measure", "category", "label") if name in found}
    if len(sources) != 1:
        raise RequirementError("ONE_SOURCE", place, "Name one of measure, category and label, from which its value comes.")
    return Weighed(
        text(found.get("name"), place.at("name")),
        **sources,
        weight=number(found.get("weight", 1), place.at("weight"), LEAST),
        most=_optional(found, "most", place, least=LEAST),
        minimum=_optional(found, "minimum", place),
        conditions=_conditions(found, place),
    )


def _tenure(found: _Members, place: Place) -> _Read:
    months = whole(found.get("months_at_least"), place.at("months_at_least"), 0, MOST_MONTHS)
    role = text(found["role"], place.at("role")) if "role" in found else ""
    return rules.Tenure(months, role, _name(found, place)), ("months_at_least", "role", "name")


def _review_mark(found: _Members, place: Place) -> _Read:
    cycle = text(found["cycle"], place.at("cycle")) if "cycle" in found else ""
    rule = rules.ReviewMark(number(found.get("at_least"), place.at("at_least")), cycle, _age(found, place))
    return rule, ("at_least", "cycle", "max_age_months")


def _consent(found: _Members, place: Place) -> _Read:
    about = text(found["about"], place.at("about")) if "about" in found else ""
    return rules.Consent(text(found.get("by"), place.at("by")), about, _age(found, place)), ("by", "about", "max_age_months")


def _measure(found: _Members, place: Place) -> _Read:
    least, most = _optional(found, "at_least", place), _optional(found, "at_most", place)
    if least is None and most is None:
        raise RequirementError("NOTHING_ASKED", place, "Say at_least or at_most.")
    rule = rules.Measure(text(found.get("measure"), place.at("measure")), _name(found, place), least, most, _age(found, place))
    return rule, ("measure", "name", "at_least", "at_most", "max_age_months")


def _attribute(found: _Members, place: Place) -> _Read:
    attribute = text(found.get("attribute"), place.at("attribute"))
    least = _optional(found, "at_least", place)
    return rules.Attribute(attribute, _name(found, place), texts(found, "one_of", place), least), (
        "attribute",
        "name",
        "one_of",
        "at_least",
    )


_READERS: Final[dict[str, Callable[[_Members, Place], _Read]]] = {
    "all": _all,
    "any": _any,
    "k_of_n": _k_of_n,
    "ladder": _ladder,
    "achievement": _achievement,
    "skill": _skill,
    "count": _count,
    "points": _points,
    "score": _score,
    "tenure": _tenure,
    "review_mark": _review_mark,
    "consent": _consent,
    "measure": _measure,
    "attribute": _attribute,
}
#: What `type` may say.
TYPES: Final = tuple(_READERS)
