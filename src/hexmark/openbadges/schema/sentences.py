"""What a schema found, as a sentence for somebody who has never seen a schema. Nothing of a hostile value is repeated."""

from collections.abc import Callable
from typing import Any

import jsonschema_rs

from hexmark.openbadges.schema.problem import escaped

_KINDS = {
    "object": "an object",
    "array": "an array",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}
_FORMATS = {
    "iri": "must be one absolute URL, like https://example.org/1 or did:web:example.org",
    "date-time": "must be a date and time with its time zone, like 2026-01-31T09:00:00Z",
    "date": "must be a date, like 2026-01-31",
    "email": "must be an e-mail address",
}


def pointer_of(error: jsonschema_rs.ValidationError) -> str:
    """The RFC 6901 pointer of the offending member; of the missing or unexpected one, if that is the fault."""
    pointer = "".join(escaped(step) for step in error.instance_path)
    kind = error.kind
    if kind.name == "required":
        return pointer + escaped(kind.value)
    if kind.name == "additionalProperties" and kind.value:
        return pointer + escaped(kind.value[0])
    return pointer


def sentence(error: jsonschema_rs.ValidationError) -> str:
    """What is wrong, in one sentence."""
    kind = error.kind
    where = _where(error.instance_path)
    if kind.name == "contains":
        # Each type is checked in the definition that bears its name.
        return f"{where} must include {error.schema_path[1]}."
    say = _SENTENCES.get(kind.name)
    return f"{where} {say(kind.value) if say else 'does not have the form that the standard asks for'}."


def _where(path: list[str | int]) -> str:
    """The member's name and, in an array, its number, counted as people count."""
    names = [step for step in path if isinstance(step, str)]
    if not names:
        return "The document"
    last = path[-1]
    number = f" (number {last + 1})" if isinstance(last, int) else ""
    return f"{names[-1]}{number}"


def _type(value: Any) -> str:
    return "must be " + " or ".join(_KINDS[each] for each in (value if isinstance(value, list) else [value]))


def _format(value: Any) -> str:
    return _FORMATS[value]


def _words(value: Any) -> str:
    return "must be one of " + ", ".join(str(each) for each in value)


_SENTENCES: dict[str, Callable[[Any], str]] = {
    "required": lambda value: f"needs {value}",
    "type": _type,
    "format": _format,
    "enum": _words,
    "anyOf": lambda _: "must be one of the words that the standard lists for it, or begin with ext:",
    "const": lambda value: f"must be {value}",
    "minItems": lambda _: "must not be empty",
    "minLength": lambda _: "must not be empty",
    "minProperties": lambda _: "must not be empty",
    "maxItems": lambda value: f"must have exactly {value}",
    "minimum": lambda value: f"must be {value} or more",
    "maximum": lambda value: f"must be {value} or less",
    "additionalProperties": lambda _: "may hold only the members that the standard names for it",
}
