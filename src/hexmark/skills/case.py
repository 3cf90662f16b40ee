"""Reading a framework from CASE 1.1 JSON (1EdTech Competencies and Academic Standards Exchange, CFPackage). No database, no network.

What is not asked for is left alone, what is asked for must be right: an item without a name or two items of one address refuse the file,
with the place in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hexmark.openbadges import strict_json
from hexmark.openbadges.errors import FormatError
from hexmark.skills.drafts import LONGEST_NAME, MOST_SKILLS, FrameworkDraft, SkillDraft, UnusableFramework, checked

#: Associations, rubrics and concepts beside the items of one file.
_MOST_IN_LIST = MOST_SKILLS * 4


def read_case(data: bytes) -> FrameworkDraft:
    """The framework that this CFPackage tells: items as skills, `isChildOf` as parts.

    Raises:
        UnusableFramework: it is not such a document, too large, or not whole; `where` says at which place.
    Source: 1EdTech CASE 1.1, CFPackage, CFDocument, CFItem, CFAssociation.
    """
    try:
        document = strict_json.parse(data, array_items=_MOST_IN_LIST)
    except FormatError as error:
        raise UnusableFramework(f"This cannot be read as CASE: {error}") from error
    about = _object(document, "CFDocument", "CFDocument")
    items = _list(document, "CFItems")
    places = {_text(item, "identifier", f"CFItems[{place}]"): place for place, item in enumerate(items)}
    parents = _parents(_list(document, "CFAssociations", optional=True), places)
    return checked(
        FrameworkDraft(
            name=_text(about, "title", "CFDocument"),
            url=_text(about, "uri", "CFDocument", optional=True),
            version=_text(about, "version", "CFDocument", optional=True),
            description=_text(about, "description", "CFDocument", optional=True),
            skills=[_skill(item, f"CFItems[{place}]", parents) for place, item in enumerate(items)],
        )
    )


def _skill(item: Mapping[str, Any], where: str, parents: Mapping[str, str]) -> SkillDraft:
    key = _text(item, "identifier", where)
    statement = _text(item, "fullStatement", where)
    short = _text(item, "abbreviatedStatement", where, optional=True)
    name = short or statement
    if len(name) > LONGEST_NAME:
        # Whole sentences are common, and cut at a word they still say what they are about; the description has all.
        name = name[: LONGEST_NAME - 1].rsplit(" ", 1)[0] + "…"
    notes = _text(item, "notes", where, optional=True)
    return SkillDraft(
        key=key,
        name=name,
        where=where,
        code=_text(item, "humanCodingScheme", where, optional=True),
        description="\n\n".join(text for text in (statement if statement != name else "", notes) if text),
        url=_text(item, "uri", where),
        parent=parents.get(key, ""),
    )


def _parents(associations: list[Mapping[str, Any]], places: Mapping[str, int]) -> dict[str, str]:
    """Which item is a part of which; top items are parts of the document, which is none of them."""
    parents: dict[str, str] = {}
    for place, association in enumerate(associations):
        where = f"CFAssociations[{place}]"
        if _text(association, "associationType", where) != "isChildOf":
            continue
        origin = _text(_object(association, "originNodeURI", where), "identifier", f"{where}.originNodeURI")
        destination = _text(_object(association, "destinationNodeURI", where), "identifier", f"{where}.destinationNodeURI")
        if origin not in places:
            raise UnusableFramework(f"There is no item “{origin[:60]}”.", where=f"{where}.originNodeURI")
        if destination in places and parents.setdefault(origin, destination) != destination:
            raise UnusableFramework("The item is a part of two others. Choose one of them.", where=where)
    return parents


def _object(holder: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
    value = holder.get(name)
    if not isinstance(value, dict):
        raise UnusableFramework(f"{name} is missing, or not an object.", where=where)
    return value


def _list(holder: Mapping[str, Any], name: str, *, optional: bool = False) -> list[Mapping[str, Any]]:
    value = holder.get(name, [] if optional else None)
    if not isinstance(value, list):
        raise UnusableFramework("It is missing, or not a list.", where=name)
    for place, one in enumerate(value):
        if not isinstance(one, dict):
            raise UnusableFramework("It is not an object.", where=f"{name}[{place}]")
    return value


def _text(holder: Mapping[str, Any], name: str, where: str, *, optional: bool = False) -> str:
    value = holder.get(name, "" if optional else None)
    if value is None and optional:
        return ""
    if not isinstance(value, str) or (not value.strip() and not optional):
        raise UnusableFramework(f"{name} is missing, or not a text.", where=f"{where}.{name}")
    return value
