"""Documents as objects, without losing a byte of their meaning on the way in and out.

A class of the model is a frozen dataclass whose annotations say what JSON it stands for: `valid_from: str` is the member
`validFrom`, a tuple is an array, another class of the model is an object. `from_json` reads what fits; whatever else the
document holds (unknown members, null, an empty array, a number where a text belongs) stays in `extra` as it was, and a member
written in the other of JSON-LD's two forms (one value alone, an array of one) is remembered in `other_form`. So `to_json` gives
back an equal document, signed or not.
"""

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Self

from hexmark.openbadges.errors import Malformed

Document = Mapping[str, Any]

#: In `Annotated[tuple[X, ...], ALONE]`: one value is written alone, several as an array.
ALONE = "alone"
_OWN_FIELDS = ("extra", "other_form")


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonObject:
    """What all classes of the model share. `extra` holds the members that the class does not know or cannot read."""

    extra: Document = field(default_factory=dict)
    other_form: frozenset[str] = frozenset()

    @classmethod
    def from_json(cls, document: Document) -> Self:
        """The object that a JSON object stands for. Whether it follows the standard is for `schema` to say.

        Raises:
            Malformed: a required member is missing or has another form; `pointer` leads to it.
        """
        values: dict[str, Any] = {}
        other_form = set()
        for member in _members(cls):
            value, is_other_form = member.read(document)
            values[member.attribute] = value
            if is_other_form:
                other_form.add(member.name)
        known = {member.name for member in _members(cls) if not member.is_empty(values[member.attribute])}
        extra = {name: value for name, value in document.items() if name not in known}
        return cls(**values, extra=extra, other_form=frozenset(other_form))

    def to_json(self) -> dict[str, Any]:
        """The JSON object: members in the model's order (`@context`, `id` and `type` first), then the unknown ones.

        Members that are None or empty are left out; those that the standard allows many of are arrays.
        """
        document: dict[str, Any] = {}
        for member in _members(type(self)):
            value = getattr(self, member.attribute)
            if not member.is_empty(value):
                document[member.name] = member.write(value, other_form=member.name in self.other_form)
            elif member.name in self.extra:
                document[member.name] = self.extra[member.name]
        return document | {name: value for name, value in self.extra.items() if name not in document}


class _MisfitError(Exception):
    """A value that the model has no place for."""


@dataclass(frozen=True, slots=True)
class _Member:
    """One field: its attribute, its name in JSON, what it may hold, and whether it is an array."""

    attribute: str
    name: str
    kinds: tuple[Any, ...]
    is_many: bool
    is_alone: bool
    is_required: bool
    nothing: Any

    def is_empty(self, value: object) -> bool:
        """Whether the member is left out. A required text stays, even if it is empty: leaving it out would hide the fault."""
        return value is None or value == () or (value == "" and not self.is_required)

    def read(self, document: Document) -> tuple[Any, bool]:
        """The field's value, and whether the document wrote it in the other form."""
        try:
            return self._read(document[self.name])
        except (_MisfitError, KeyError) as error:
            if self.is_required:
                raise Malformed(f"{self.name} is missing or has the wrong form.", pointer=f"/{self.name}") from error
        except Malformed as error:
            if self.is_required:
                raise Malformed(str(error), pointer=f"/{self.name}{error.pointer or ''}") from error
        return self.nothing, False

    def _read(self, value: object) -> tuple[Any, bool]:
        items = value if isinstance(value, list) else [value]
        if not items or (len(items) > 1 and not self.is_many):
            raise _MisfitError
        values = tuple(_read_one(item, self.kinds) for item in items)
        written_as_array = isinstance(value, list)
        usually_array = self.is_many and not (self.is_alone and len(items) == 1)
        return values if self.is_many else values[0], written_as_array != usually_array

    def write(self, value: Any, *, other_form: bool) -> Any:
        """The member's JSON value."""
        items = [item.to_json() if isinstance(item, JsonObject) else item for item in (value if self.is_many else (value,))]
        usually_array = self.is_many and not (self.is_alone and len(items) == 1)
        if len(items) == 1 and usually_array == other_form:
            return items[0]
        return items


def _read_one(value: object, kinds: tuple[Any, ...]) -> Any:
    for kind in kinds:
        if kind is Any or (isinstance(value, str) and kind is str) or (isinstance(value, bool) and kind is bool):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool) and kind in (int, float):
            return value
        if isinstance(value, Mapping) and typing.get_origin(kind) is Mapping:
            return value
        if isinstance(value, Mapping) and isinstance(kind, type) and issubclass(kind, JsonObject):
            return kind.from_json(value)
    raise _MisfitError


def _members_of(cls: Any) -> tuple[_Member, ...]:
    hints = typing.get_type_hints(cls, include_extras=True)
    return tuple(_member(each, hints[each.name]) for each in dataclasses.fields(cls) if each.name not in _OWN_FIELDS)


#: Classes do not change: each is looked at once.
_members: Callable[[Any], tuple[_Member, ...]] = cache(_members_of)


def _member(each: "dataclasses.Field[Any]", hint: Any) -> _Member:
    is_alone = typing.get_origin(hint) is typing.Annotated
    if is_alone:
        hint = typing.get_args(hint)[0]
    is_many = typing.get_origin(hint) is tuple
    if is_many:
        hint = typing.get_args(hint)[0]
    is_union = typing.get_origin(hint) in (types.UnionType, typing.Union)
    kinds = typing.get_args(hint) if is_union else (hint,)
    nothing: Any = () if is_many else None if type(None) in kinds else ""
    is_required = each.default is dataclasses.MISSING and each.default_factory is dataclasses.MISSING
    return _Member(
        each.name, _json_name(each.name), tuple(k for k in kinds if k is not type(None)), is_many, is_alone, is_required, nothing
    )


def _json_name(attribute: str) -> str:
    if attribute == "context":
        return "@context"
    first, *rest = attribute.split("_")
    return first + "".join(word.capitalize() for word in rest)
