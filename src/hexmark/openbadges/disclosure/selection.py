"""Which part of a document JSON pointers name: the named values, and what they stand in with its `id` and `type`.

Source: W3C Data Integrity ECDSA Cryptosuites v1.0, 3.4.11 to 3.4.13.
"""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from hexmark.openbadges.errors import Malformed

Path = tuple[str | int, ...]
#: Stands in an array for what was not selected, until all pointers are read.
_NOTHING = object()


def paths(pointer: str) -> Path:
    """The steps of an RFC 6901 pointer; digits alone are the index of an array.

    Raises:
        Malformed: it does not begin with a slash, or escapes something else than `~` and `/`.
    """
    if pointer and pointer[0] != "/":
        raise _refused(pointer)
    steps: list[str | int] = []
    for raw in pointer.split("/")[1:]:
        step = raw.replace("~1", "/").replace("~0", "~")
        if step.replace("~", "~0").replace("/", "~1") != raw:
            raise _refused(pointer)
        steps.append(int(step) if step.isascii() and step.isdigit() and (step == "0" or step[0] != "0") else step)
    return tuple(steps)


def select(pointers: Sequence[str], document: Mapping[str, Any]) -> dict[str, Any] | None:
    """A document with what the pointers name, or None if there are none. Arrays keep the order of what is left in them.

    Raises:
        Malformed: `POINTER`: a pointer is malformed or names nothing here.
    Source: 3.4.13.
    """
    if not pointers:
        return None
    chosen = _initial(document)
    if "@context" in document:
        chosen["@context"] = copy.deepcopy(document["@context"])
    for pointer in pointers:
        steps = paths(pointer)
        if not steps:
            return copy.deepcopy(dict(document))
        _select(steps, pointer, document, chosen)
    dense: dict[str, Any] = _dense(chosen)
    return dense


def _initial(value: Mapping[str, Any]) -> dict[str, Any]:
    """What is always shown of a thing of which anything is shown (3.4.11)."""
    return {name: copy.deepcopy(value[name]) for name in ("id", "type") if name in value}


def _select(steps: Path, pointer: str, document: Any, chosen: Any) -> None:
    value = document
    for step in steps[:-1]:
        value = _child(value, step, pointer)
        chosen = _enter(chosen, step, value, pointer)
    value, last = _child(value, steps[-1], pointer), steps[-1]
    if isinstance(value, dict):
        begun = _kept(chosen, last)
        _put(chosen, last, {**(begun if isinstance(begun, dict) else {}), **copy.deepcopy(value)})
    else:
        _put(chosen, last, copy.deepcopy(value))


def _child(value: Any, step: str | int, pointer: str) -> Any:
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    # What reads like a number may be the name of a member.
    if isinstance(value, dict) and str(step) in value:
        return value[str(step)]
    raise _refused(pointer)


def _enter(chosen: Any, step: str | int, value: Any, pointer: str) -> Any:
    inside = _kept(chosen, step)
    if inside is _NOTHING:
        if not isinstance(value, (dict, list)):
            raise _refused(pointer)
        inside = [] if isinstance(value, list) else _initial(value)
        _put(chosen, step, inside)
    return inside


def _kept(chosen: Any, step: str | int) -> Any:
    if isinstance(chosen, list):
        return chosen[step] if isinstance(step, int) and step < len(chosen) else _NOTHING
    return chosen.get(str(step), _NOTHING)


def _put(chosen: Any, step: str | int, value: Any) -> None:
    if isinstance(chosen, list) and isinstance(step, int):
        chosen.extend([_NOTHING] * (step + 1 - len(chosen)))
        chosen[step] = value
    else:
        chosen[str(step)] = value


def _dense(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _dense(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_dense(inner) for inner in value if inner is not _NOTHING]
    return value


def _refused(pointer: str) -> Malformed:
    return Malformed(f"The pointer {pointer[:80]!a} names nothing in this document.", detail="POINTER", pointer=pointer[:200])
