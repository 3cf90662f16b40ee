"""What a schema cannot say: contexts in their order, times against each other, and results against their scale."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from hexmark.openbadges import timestamps
from hexmark.openbadges.contexts import CREDENTIALS_V1, CREDENTIALS_V2
from hexmark.openbadges.errors import Malformed
from hexmark.openbadges.schema.problem import MALFORMED, SCHEMA, Problem

Document = Mapping[str, Any]

_OPEN_BADGES_CONTEXT = re.compile(r"https://purl\.imsglobal\.org/spec/ob/v3p0/context(?:-3\.0\.[0-9]+)?\.json", re.ASCII)
_RECORD_CONTEXT = re.compile(r"https://purl\.imsglobal\.org/spec/clr/v2p0/context(?:-2\.0\.[0-9]+)?\.json", re.ASCII)
#: Bounds and values are texts. Longer ones than this, or ones with an exponent, are no score of anybody.
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?", re.ASCII)


def badge_problems(document: Document) -> Iterator[Problem]:
    """Everything below, for a badge."""
    yield from open_badges_problems(document)
    for pointer, subject in _objects(document, "credentialSubject"):
        yield from _subject_problems(subject, pointer)


def open_badges_problems(document: Document) -> Iterator[Problem]:
    """The contexts of Open Badges, and what holds for every credential."""
    yield from credential_problems(document)
    yield from _open_badges_context_problems(document.get("@context"))


def record_problems(document: Document) -> Iterator[Problem]:
    """The contexts of a learner record, and associations between what is in it. Source: CLR 2.0, ClrCredential, Association."""
    yield from credential_problems(document)
    contexts = document.get("@context")
    named = [each for each in contexts if isinstance(each, str)] if isinstance(contexts, list) else []
    for pattern, what in ((_RECORD_CONTEXT, "learner records"), (_OPEN_BADGES_CONTEXT, "Open Badges 3.0")):
        if not any(pattern.fullmatch(each) for each in named):
            yield Problem("/@context", f"The context of {what} is missing.", MALFORMED)
    for pointer, subject in _objects(document, "credentialSubject"):
        yield from _association_warnings(subject, pointer)


def _association_warnings(subject: Document, pointer: str) -> Iterator[Problem]:
    """An association between things that are not in the record says nothing that the record could show."""
    credentials = _objects(subject, "verifiableCredential")
    achievements = [
        each for _, inner in credentials for _, part in _objects(inner, "credentialSubject") for each in _objects(part, "achievement")
    ]
    known = {
        each.get("id") for _, each in [*credentials, *achievements, *_objects(subject, "achievement")] if isinstance(each.get("id"), str)
    }
    for place, association in _objects(subject, "association", pointer):
        for name in ("sourceId", "targetId"):
            if isinstance(association.get(name), str) and association[name] not in known:
                sentence = f"An association names, as {name}, what is not in the record."
                yield Problem(f"{place}/{name}", sentence, "ASSOCIATION_OUTSIDE", is_warning=True)


def credential_problems(document: Document) -> Iterator[Problem]:
    """The first context is that of the data model, and the credential does not end before it begins. Source: VCDM 2.0, 4.3, 4.9."""
    contexts = document.get("@context")
    first = contexts[0] if isinstance(contexts, list) and contexts else None
    if first == CREDENTIALS_V1:
        yield Problem("/@context/0", "This credential is written in version 1.1 of the data model, and only 2.0 is read here.", MALFORMED)
    elif first != CREDENTIALS_V2:
        yield Problem("/@context/0", f"The first context must be {CREDENTIALS_V2}.", MALFORMED)
    try:
        begins, ends = timestamps.parse(document.get("validFrom")), timestamps.parse(document.get("validUntil"))
    except Malformed:
        return
    if ends < begins:
        yield Problem("/validUntil", "The credential ends before it begins.", MALFORMED)


def _open_badges_context_problems(contexts: Any) -> Iterator[Problem]:
    """Source: Open Badges 3.0, B.1.1: what the second item of the array must be."""
    second = contexts[1] if isinstance(contexts, list) and len(contexts) > 1 else None
    if not isinstance(second, str) or not _OPEN_BADGES_CONTEXT.fullmatch(second):
        yield Problem("/@context/1", "The second context must be that of Open Badges 3.0.", MALFORMED)


def _subject_problems(subject: Document, pointer: str) -> Iterator[Problem]:
    if not subject.get("id") and not subject.get("identifier"):
        yield Problem(pointer, "The subject needs an id or an identifier: otherwise the badge is nobody's.", SCHEMA)
    for place, identity in _objects(subject, "identifier", pointer):
        yield from _identity_warnings(identity, place)
    scales: dict[str, Document] = {}
    for place, achievement in _objects(subject, "achievement", pointer):
        for criteria_place, criteria in _objects(achievement, "criteria", place):
            if not criteria.get("id") and not criteria.get("narrative"):
                yield Problem(criteria_place, "The criteria need a text or a link that says how the badge is earned.", SCHEMA)
        for scale_place, scale in _objects(achievement, "resultDescription", place):
            yield from _scale_problems(scale, scale_place)
            if isinstance(scale.get("id"), str):
                scales[scale["id"]] = scale
    levels = _levels(scales.values())
    for place, result in _objects(subject, "result", pointer):
        yield from _result_problems(result, place, scales, levels)


def _identity_warnings(identity: Document, pointer: str) -> Iterator[Problem]:
    """A hash without a salt, or md5, hides an address from nobody: there are too few addresses."""
    if identity.get("hashed") is not True:
        return
    if str(identity.get("identityHash")).startswith("md5$"):
        yield Problem(f"{pointer}/identityHash", "The recipient is hashed with md5, which is weak.", "WEAK_HASH", is_warning=True)
    if not identity.get("salt"):
        yield Problem(f"{pointer}/salt", "The recipient is hashed without a salt and can be guessed.", "UNSALTED_IDENTITY", is_warning=True)


def _scale_problems(scale: Document, pointer: str) -> Iterator[Problem]:
    lowest, highest = _number(scale.get("valueMin")), _number(scale.get("valueMax"))
    if lowest is not None and highest is not None and highest < lowest:
        yield Problem(f"{pointer}/valueMax", "The highest value is below the lowest.", SCHEMA)
    sentence = _value_fault(scale.get("requiredValue"), scale)
    if sentence:
        yield Problem(f"{pointer}/requiredValue", sentence, SCHEMA)
    if _is_strange_level(scale.get("requiredLevel"), _levels([scale])):
        yield Problem(f"{pointer}/requiredLevel", "The result description has no such level.", SCHEMA)


def _result_problems(result: Document, pointer: str, scales: Mapping[str, Document], levels: frozenset[str]) -> Iterator[Problem]:
    """The linked result description is one of the achievement's, and so is the level: the published sample takes one from another
    description of the same achievement.

    Source: Open Badges 3.0, Result.
    """
    name = result.get("resultDescription")
    if not isinstance(name, str):
        return
    scale = scales.get(name)
    if scale is None:
        yield Problem(f"{pointer}/resultDescription", "The achievement has no such result description.", SCHEMA)
        return
    sentence = _value_fault(result.get("value"), scale)
    if sentence:
        yield Problem(f"{pointer}/value", sentence, SCHEMA)
    if _is_strange_level(result.get("achievedLevel"), levels):
        yield Problem(f"{pointer}/achievedLevel", "The achievement has no such level.", SCHEMA)


def _value_fault(value: Any, scale: Document) -> str | None:
    if not isinstance(value, str):
        return None
    allowed = scale.get("allowedValue")
    if isinstance(allowed, list) and allowed and value not in allowed:
        return "The value is none of those that the result description allows."
    lowest, highest = _number(scale.get("valueMin")), _number(scale.get("valueMax"))
    if lowest is None and highest is None:
        return None
    number = _number(value)
    if number is None:
        return "The value must be a number, because its result description has bounds."
    if (lowest is not None and number < lowest) or (highest is not None and number > highest):
        return "The value lies outside the bounds of its result description."
    return None


def _levels(scales: Iterable[Document]) -> frozenset[str]:
    """The ids of all levels, gathered once: results times scales times levels would be work for an attacker to ask for."""
    ids = (level.get("id") for scale in scales for _, level in _objects(scale, "rubricCriterionLevel"))
    return frozenset(each for each in ids if isinstance(each, str))


def _is_strange_level(level: Any, levels: frozenset[str]) -> bool:
    return isinstance(level, str) and level not in levels


def _number(text: Any) -> Decimal | None:
    return Decimal(text) if isinstance(text, str) and _NUMBER.fullmatch(text) else None


def _objects(parent: Document, name: str, pointer: str = "") -> list[tuple[str, Document]]:
    """The objects of a member that may be one or an array of them, each with its pointer; what is no object is the schema's to say."""
    value = parent.get(name)
    place = f"{pointer}/{name}"
    if isinstance(value, list):
        return [(f"{place}/{position}", each) for position, each in enumerate(value) if isinstance(each, Mapping)]
    return [(place, value)] if isinstance(value, Mapping) else []
