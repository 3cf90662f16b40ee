"""Whether a document has the form that the standards ask for: what is wrong, where, and in a sentence for a person.

Schemas of our own, written from the standards, ship with the package: `credentials-2.0` for what every credential must have
(code MALFORMED_VALUE_ERROR), `openbadges-3.0` and `clr-2.0` for what a badge or a learner record must have beyond that (code
SCHEMA_ERROR); `rules` adds
what a schema cannot say. A schema that a document names is never fetched, and no `$id` or `$ref` leaves the file it stands in:
the published schemas carry each other's `$id`s, and a foreign one could read files or run for hours.
"""

import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

import jsonschema_rs

from hexmark.openbadges import timestamps
from hexmark.openbadges.errors import Malformed, SchemaError
from hexmark.openbadges.schema import rules
from hexmark.openbadges.schema.problem import MALFORMED, SCHEMA, Problem
from hexmark.openbadges.schema.sentences import pointer_of, sentence

__all__ = [
    "MALFORMED",
    "SCHEMA",
    "Problem",
    "check",
    "credential_problems",
    "endorsement_problems",
    "problems",
    "record_problems",
    "require",
    "status_list_problems",
]

Document = Mapping[str, Any]

#: Whoever gets a hundred sentences has read fifty; and a hostile document must not be able to ask for a million.
MOST_PROBLEMS = 50
#: The published sample that has every member has some 550.
_VALUES_OF_A_BADGE = 5000
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x1f\x7f]+")
_HTTP = re.compile(r"https?:(?!//[^/?#@])", re.IGNORECASE)


def problems(document: Document) -> list[Problem]:
    """What is wrong with an OpenBadgeCredential (alias AchievementCredential), at most 50 things; warnings among them decide nothing.

    Source: VCDM 2.0, 4; Open Badges 3.0, Appendix B.
    """
    return _collected(document, "openbadges-3.0", None, SCHEMA, rules.badge_problems)


def credential_problems(document: Document) -> list[Problem]:
    """What is wrong with a credential of any kind; all of it MALFORMED_VALUE_ERROR.

    Source: VCDM 2.0, 4.
    """
    return _collected(document, "credentials-2.0", None, MALFORMED, rules.credential_problems)


def endorsement_problems(document: Document) -> list[Problem]:
    """What is wrong with an EndorsementCredential, as for `problems`."""
    return _collected(document, "openbadges-3.0", "EndorsementCredential", SCHEMA, rules.open_badges_problems)


def record_problems(document: Document) -> list[Problem]:
    """What is wrong with a ClrCredential, as for `problems`. The credentials inside are not looked at.

    Source: Comprehensive Learner Record 2.0, Appendix "Data Models".
    """
    return _collected(document, "clr-2.0", None, SCHEMA, rules.record_problems)


def status_list_problems(document: Document) -> list[Problem]:
    """What is wrong with the form of a BitstringStatusListCredential; all of it MALFORMED_VALUE_ERROR. The bits are not looked at."""
    return _collected(document, "status-list-1.0", None, MALFORMED, rules.credential_problems)


def check(document: Document) -> None:
    """Pass silently if the badge has the form that it must have; warnings pass.

    Raises:
        Malformed: the first problem is one that no credential may have.
        SchemaError: the first problem is one that no badge may have.
    """
    require(problems(document))


def require(found: Iterable[Problem]) -> None:
    """Pass silently if there are no problems but warnings. Errors as for `check`, for what any function here found."""
    for problem in found:
        if not problem.is_warning:
            error = SchemaError if problem.code == SCHEMA else Malformed
            raise error(problem.message, pointer=problem.pointer)


def _collected(
    document: Document, name: str, definition: str | None, code: str, find: Callable[[Document], Iterator[Problem]]
) -> list[Problem]:
    try:
        of_credential = list(_schema_problems(document, "credentials-2.0", None, MALFORMED))
        of_kind = list(_schema_problems(document, name, definition, code))
    except ValueError:  # Half a surrogate pair, or more levels than the validator follows.
        return [Problem("", "The document holds what JSON text cannot, or is nested too deeply.", MALFORMED)]
    found = of_credential + [problem for problem in of_kind if not _is_covered(problem, of_credential)]
    found += [problem for problem in find(document) if not _is_covered(problem, found)]
    # What no credential may have weighs more than what no badge may have, and warnings least.
    found.sort(key=lambda problem: (problem.is_warning, problem.code != MALFORMED))
    return found[:MOST_PROBLEMS]


def _is_covered(problem: Problem, others: list[Problem]) -> bool:
    """Whether it only says once more, or in more detail, what another one said about the same member."""
    return any(f"{problem.pointer}/".startswith(f"{other.pointer}/") for other in others)


def _schema_problems(document: Document, name: str, definition: str | None, code: str) -> Iterator[Problem]:
    validator = _validator(name, definition)
    if validator.is_valid(document):
        return
    seen = set()
    # The validator finds every fault before it tells the first: 100,000 of them take seconds.
    errors = itertools.islice(validator.iter_errors(document), MOST_PROBLEMS) if _is_small(document) else _first_error(validator, document)
    for error in errors:
        pointer = pointer_of(error)
        if pointer not in seen:
            seen.add(pointer)
            yield Problem(pointer, sentence(error), code)


def _first_error(validator: jsonschema_rs.Draft202012Validator, document: Document) -> list[jsonschema_rs.ValidationError]:
    try:
        validator.validate(document)
    except jsonschema_rs.ValidationError as error:
        return [error]
    return []


def _is_small(document: Document) -> bool:
    """Whether the document has no more values than any honest badge, so that all that is wrong with it can be told."""
    count, waiting = 0, [iter(document.values())]
    while waiting and count <= _VALUES_OF_A_BADGE:
        for value in waiting.pop():
            count += 1
            if isinstance(value, Mapping):
                waiting.append(iter(value.values()))
            elif isinstance(value, list):
                waiting.append(iter(value))
            if count > _VALUES_OF_A_BADGE:
                break
    return count <= _VALUES_OF_A_BADGE


@cache
def _validator(name: str, definition: str | None) -> jsonschema_rs.Draft202012Validator:
    schema = _schema(name)
    if name == "clr-2.0":
        # A learner record is made of the parts of a badge; no reference leaves the file, so they are brought in here.
        schema["$defs"] = {**_schema("openbadges-3.0")["$defs"], **schema["$defs"]}
    if definition is not None:
        schema["$ref"] = f"#/$defs/{definition}"
    return jsonschema_rs.Draft202012Validator(
        schema,
        validate_formats=True,
        ignore_unknown_formats=False,
        formats={"iri": _is_url, "date-time": _is_moment},
        # No look-around and no back-references: every pattern runs in linear time.
        pattern_options=jsonschema_rs.RegexOptions(),
        offline=True,
    )


def _schema(name: str) -> dict[str, Any]:
    text = resources.files("hexmark.openbadges").joinpath("schemas", f"{name}.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _is_url(text: str) -> bool:
    """An absolute URL of any scheme, letters beyond ASCII allowed; http and https need a host."""
    return _URL.fullmatch(text) is not None and _HTTP.match(text) is None


def _is_moment(text: str) -> bool:
    try:
        timestamps.parse(text)
    except Malformed:
        return False
    return True
