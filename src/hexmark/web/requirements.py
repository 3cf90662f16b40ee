"""The builder of requirements: a form part that works without scripts. What is edited stands as JSON in the form's own field `rule`;
each press of a button sends it, gets one part more or less, and shows it again as sentences. Whoever has a rule includes `<c-requirement>`.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hexmark.access import Actor
from hexmark.catalogue.queries import newest_versions
from hexmark.errors import Invalid
from hexmark.requirements import RequirementError, Wording, parse, sentence
from hexmark.requirements.wording import ASSURANCE

#: The name of the builder's buttons: `add:<kind>` or `remove:<path>`.
ACT = "rule_do"
_INSIDE = {"all": "parts", "any": "parts", "k_of_n": "parts", "ladder": "steps"}
_HEADS = {"all": "All of these", "any": "Any one of these", "ladder": "All of these, in this order"}
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the rule as it reads: its depth, its words, where it stands, and whether others stand inside it."""

    path: str
    depth: int
    words: str
    is_group: bool


@dataclass(frozen=True, slots=True)
class Builder:
    """What the form part shows. `problem` is why the rule cannot be read, if it cannot."""

    rows: tuple[Row, ...]
    sentence: str
    problem: str
    achievements: tuple[tuple[str, str], ...]
    badge: str
    assurances: tuple[tuple[int, str], ...] = tuple(enumerate(ASSURANCE))

    @property
    def groups(self) -> list[Row]:
        """The lines into which another may be put."""
        return [row for row in self.rows if row.is_group]


def builder(text: str, *, actor: Actor, wording: Wording) -> Builder:
    """The form part for this rule (JSON, or nothing)."""
    chosen = tuple((one.achievement.url, one.name) for one in newest_versions(actor) if one.published_at is not None)
    try:
        document = read(text)
        requirement = parse(document) if document is not None else None
    except (Invalid, RequirementError) as error:
        return Builder((), "", str(error), chosen, wording.badge)
    words = sentence(requirement, wording=wording) if requirement is not None else ""
    rows = tuple(_rows(document, "", 0, wording)) if document is not None else ()
    return Builder(rows, words, "", chosen, wording.badge)


def read(text: str) -> Json | None:
    """The rule as JSON, None where nothing is asked for.

    Raises:
        Invalid: it is no JSON object.
    """
    if not text.strip():
        return None
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise Invalid("The rule is no JSON. Copy it anew from where it was made.", field="rule") from None
    if not isinstance(document, dict):
        raise Invalid("The rule is no JSON object.", field="rule")
    return document


def written(document: Json | None) -> str:
    """The rule as it stands in the form."""
    return "" if document is None else json.dumps(document, indent=2, ensure_ascii=False)


def edited(given: Mapping[str, str]) -> str:
    """The rule of this form after the press of a builder's button.

    Raises:
        Invalid: what is to be added is not complete, or the rule in the form cannot be read.
    """
    document = read(given.get("rule", ""))
    act, _, what = given.get(ACT, "").partition(":")
    if document is not None:
        _checked(document)
    if act == "remove":
        return written(_without(document, what))
    if act != "add":
        return written(document)
    changed = _with(document, given.get("rule_where", ""), _made(what, given))
    _checked(changed)
    return written(changed)


def _checked(document: Json) -> None:
    try:
        parse(document)
    except RequirementError as error:
        raise Invalid(str(error), field="rule") from None


def _made(kind: str, given: Mapping[str, str]) -> Json:
    if kind == "achievement":
        return _achievement(given)
    if kind == "tenure":
        return {"type": kind, "months_at_least": _number(given, "rule_months", "how many months")}
    if kind == "review_mark":
        return {"type": kind, "at_least": _number(given, "rule_mark", "which mark")}
    if kind == "points":
        return {"type": kind, "at_least": _number(given, "rule_points", "how many points")}
    if kind == "consent":
        return {"type": kind, "by": "manager"}
    # A group needs something inside; it begins with what was chosen for it.
    if kind in ("all", "any", "k_of_n"):
        least = {"at_least": 1} if kind == "k_of_n" else {}
        return {"type": kind, **least, "parts": [_achievement(given)]}
    raise Invalid("Choose what to add.", field="rule")


def _achievement(given: Mapping[str, str]) -> Json:
    url, _, name = given.get("rule_achievement", "").partition(" ")
    if not url:
        raise Invalid("Choose which one is asked for.", field="rule")
    made: Json = {"type": "achievement", "achievement": url, **({"name": name} if name else {})}
    for member, source in (("assurance_at_least", "rule_assurance"), ("held_for_months", "rule_held")):
        if given.get(source, "").strip() not in ("", "0"):
            made[member] = _number(given, source, "a number")
    return made


def _number(given: Mapping[str, str], name: str, what: str) -> int:
    text = given.get(name, "").strip()
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Invalid(f"Say {what}, as a whole number.", field="rule")
    return int(text)


def _with(document: Json | None, where: str, new: Json) -> Json:
    if document is None:
        return new
    changed = copy.deepcopy(document)
    target = _at(changed, where)
    if target is None or target.get("type") not in _INSIDE:
        return {"type": "all", "parts": [changed, new]}
    target.setdefault(_INSIDE[target["type"]], []).append(new)
    return changed


def _without(document: Json | None, path: str) -> Json | None:
    """The rule without the part at this path; a group that is left empty goes too, and no group asks for more than it holds."""
    if document is None or not path:
        return None
    changed = copy.deepcopy(document)
    list_path, _, place = path.rpartition("/")
    parent_path, _, member = list_path.rpartition("/")
    parent = _at(changed, parent_path)
    if parent is None or _INSIDE.get(parent.get("type", "")) != member or not (place.isascii() and place.isdigit()):
        return document
    inside = parent.get(member, [])
    if int(place) >= len(inside):
        return document
    del inside[int(place)]
    if not inside and not parent.get("groups"):
        return _without(changed, parent_path)
    if parent["type"] == "k_of_n":
        left = len(inside) + sum(len(group["parts"]) for group in parent.get("groups", []))
        parent["at_least"] = min(parent["at_least"], left)
    if parent.get("reach", 0) > len(inside):
        parent["reach"] = len(inside)
    return changed


def _at(document: Json, path: str) -> Json | None:
    """The part at this path, such as /parts/1/parts/0."""
    found: Any = document
    for step in path.split("/")[1:]:
        if isinstance(found, list):
            found = found[int(step)] if step.isdigit() and int(step) < len(found) else None
        else:
            found = found.get(step) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None


def _rows(document: Json, path: str, depth: int, wording: Wording) -> list[Row]:
    kind = document["type"]
    inside = document.get(_INSIDE.get(kind, ""), [])
    if kind not in _INSIDE or document.get("groups") or document.get("reach"):
        words = sentence(parse(document), wording=wording)
        return [Row(path, depth, words[:1].upper() + words[1:], False)]
    head = _HEADS.get(kind) or f"At least {document['at_least']} of these {len(inside)}"
    rows = [Row(path, depth, head, True)]
    for place, part in enumerate(inside):
        rows += _rows(part, f"{path}/{_INSIDE[kind]}/{place}", depth + 1, wording)
    return rows
