"""JSON as it is read from strangers: one strict reading, no repair, no second meaning.

What two parsers may read differently (duplicate keys, lone surrogates, numbers beyond exact integers) is refused, because
what we verify and what somebody else shows must be the same. Deliberately the standard library's parser behind own checks: it
hands over every pair of every object, without which a duplicate key could not be seen.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from hexmark.openbadges import limits
from hexmark.openbadges.errors import FormatError, Malformed, SchemaError, TooLarge, Unparsable

#: Members of every object in JavaScript: pages that merge such a document into their own objects would be rewritten by it.
FORBIDDEN_KEYS = frozenset({"__proto__", "constructor"})

# CPython refuses to convert longer ones (its own guard against quadratic time); so do we, before it raises ValueError.
_LONGEST_NUMBER = 1000
# Strings first, so that a bracket inside one is never counted. Possessive, and content with a string that never ends: an
# attempt that failed there would be made again from each quote in it, which takes minutes for a megabyte of them.
_TOKENS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{]|[\]}]', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]").search


def parse(data: bytes | str, *, array_items: int = limits.ARRAY_ITEMS) -> dict[str, Any]:
    """The one object that the text holds, every member kept.

    Raises:
        TooLarge: over `limits.DOCUMENT_BYTES`, or an array holds more than `array_items`.
        Unparsable: not UTF-8, not JSON, not an object, nested deeper than `limits.DOCUMENT_DEPTH`, or a key twice in one object.
        Malformed: a number that is not exact everywhere, or U+0000 in a string.
        SchemaError: a key that would rewrite JavaScript objects.
    Source: RFC 8259; RFC 7493 (I-JSON), 2.
    """
    text = _text(data)
    _check_depth(text)
    try:
        document = json.loads(text, object_pairs_hook=_object, parse_int=_integer, parse_float=_number, parse_constant=_constant)
    except FormatError:
        raise
    except (ValueError, RecursionError):
        raise Unparsable("This is not JSON.") from None
    if not isinstance(document, dict):
        raise Unparsable("The document is JSON, but not an object.", detail="NOT_AN_OBJECT")
    _check_values(document, array_items=array_items, escapes="\\u" in text)
    return document


def dump(document: Mapping[str, Any]) -> bytes:
    """Compact UTF-8, members in the order in which they stand.

    Raises:
        Malformed: it holds something that JSON cannot say (NaN, infinity, a lone surrogate, a Python object).
    """
    try:
        return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise Malformed(f"This cannot be written as JSON: {error}.") from None


def _text(data: bytes | str) -> str:
    if len(data) > limits.DOCUMENT_BYTES:
        raise TooLarge(f"The document is larger than {limits.DOCUMENT_BYTES} bytes.", detail="DOCUMENT_BYTES")
    try:
        raw = data.encode() if isinstance(data, str) else bytes(data)
        text = raw.decode()
    except UnicodeError:
        raise Unparsable("The document is not UTF-8.", detail="UTF8") from None
    if len(raw) > limits.DOCUMENT_BYTES:
        raise TooLarge(f"The document is larger than {limits.DOCUMENT_BYTES} bytes.", detail="DOCUMENT_BYTES")
    if text.startswith("\ufeff"):
        raise Unparsable("The document begins with a byte order mark.", detail="BYTE_ORDER_MARK")
    return text


def _check_depth(text: str) -> None:
    # Before the parser and without recursion: 200,000 opening brackets must not become a full stack.
    if text.count("[") + text.count("{") <= limits.DOCUMENT_DEPTH:
        return
    depth = 0
    for match in _TOKENS.finditer(text):
        bracket = match[0]
        if bracket in ("[", "{"):
            depth += 1
            if depth > limits.DOCUMENT_DEPTH:
                raise Unparsable(f"The document is nested deeper than {limits.DOCUMENT_DEPTH} levels.", detail="TOO_DEEP")
        elif bracket in ("]", "}"):
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise Unparsable(f"The key {twice!a} stands twice in one object.", detail="DUPLICATE_KEY")
    if not FORBIDDEN_KEYS.isdisjoint(result):
        raise SchemaError("A key of this document is not one that Open Badges knows.", detail="UNKNOWN_KEY")
    return result


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise Unparsable("A number has too many digits.", detail="NUMBER_LENGTH")
    value = int(digits)
    if abs(value) > limits.SAFE_INTEGER:
        raise Malformed(f"The number {digits[:24]} is beyond the integers that every reader keeps exact.", detail="NUMBER_RANGE")
    return value


def _number(digits: str) -> float:
    if len(digits) > _LONGEST_NUMBER:
        raise Unparsable("A number has too many digits.", detail="NUMBER_LENGTH")
    value = float(digits)
    # 1e20 is a whole number too, and readers that make it an integer do not agree on its digits.
    if math.isinf(value) or (value.is_integer() and abs(value) > limits.SAFE_INTEGER):
        raise Malformed(f"The number {digits[:24]} is beyond what every reader keeps exact.", detail="NUMBER_RANGE")
    return value


def _constant(name: str) -> NoReturn:
    raise Unparsable(f"{name} is not JSON.", detail="NOT_A_NUMBER")


def _check_values(document: dict[str, Any], *, array_items: int, escapes: bool) -> None:
    """`escapes`: without a \\u escape no string can hold U+0000 or half a surrogate pair, so most documents skip that."""
    waiting: list[Any] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
            if escapes:
                waiting.extend(value)
        elif isinstance(value, list):
            if len(value) > array_items:
                raise TooLarge(f"An array holds more than {array_items} items.", detail="ARRAY_ITEMS")
            waiting.extend(value)
        elif escapes and isinstance(value, str):
            _check_text(value)


def _check_text(text: str) -> None:
    if "\x00" in text:
        raise Malformed("A string holds the character U+0000.", detail="CONTROL_CHAR")
    if _SURROGATE(text):
        raise Unparsable("A string holds half a surrogate pair.", detail="SURROGATE")
