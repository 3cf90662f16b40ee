"""Requirements written as JSON: short, and the same for the same requirement."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from hexmark.requirements.rules import Conditions, Requirement, TrustedIssuer

_EMPTY: Final[tuple[object, ...]] = ("", ())


def to_json(requirement: Requirement) -> dict[str, Any]:
    """The requirement as JSON; what is not asked is left out. `parse` of it is the same requirement."""
    return {"type": requirement.type, **_fields(requirement)}


def _fields(thing: Any) -> dict[str, Any]:
    written: dict[str, Any] = {}
    for name in thing.__dataclass_fields__:
        value = getattr(thing, name)
        if isinstance(value, Conditions):
            written |= _fields(value)
        elif value is not None and value != thing.__dataclass_fields__[name].default and value not in _EMPTY:
            written[name] = _value(value)
    return written


def _value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_value(one) for one in value]
    if isinstance(value, TrustedIssuer) and not value.name and not value.assurance:
        return value.id
    if hasattr(value, "type"):
        return to_json(value)
    return _fields(value) if hasattr(value, "__dataclass_fields__") else value
