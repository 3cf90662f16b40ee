"""What of a document is structure and what is text (rule 1 of the package)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hexmark.openbadges.contexts import PINNED
from hexmark.openbadges.errors import ContextNotAllowed
from hexmark.openbadges.jsonld import Contexts
from hexmark.openbadges.template.slots import PREFIX, Miss

Structure = tuple[object, ...]

#: Members whose texts JSON-LD reads as instructions.
_KEYWORDS = frozenset({"@type", "@context", "@language", "@direction"})
_SCALARS = frozenset({int, float, bool, type(None)})


def structural_names(using: Contexts, urls: Iterable[str] = tuple(PINNED)) -> frozenset[str]:
    """Members whose texts are structure: keywords, and whatever one of these contexts makes another name for `@type`."""
    found = set(_KEYWORDS)
    before = 0
    while len(found) > before:
        # Until nothing is added: a name may stand for a name that stands for @type.
        before = len(found)
        for url in urls:
            try:
                found |= _names_for_type(using.load(url)["@context"], found)
            except ContextNotAllowed:
                continue
    return frozenset(found)


def context_urls(document: Any) -> frozenset[str]:
    """Every context that the document names, at any depth."""
    if isinstance(document, Mapping):
        named = document.get("@context", ())
        own = {url for url in ([named] if isinstance(named, str) else named) if isinstance(url, str)}
        return frozenset(own).union(*(context_urls(item) for name, item in document.items() if name != "@context"))
    if isinstance(document, list):
        return frozenset().union(*map(context_urls, document))
    return frozenset()


def mentions_sentinel(value: Any) -> bool:
    """Whether the sentinels' prefix stands in a text or in a name."""
    if isinstance(value, str):
        return PREFIX in value
    if isinstance(value, Mapping):
        return any(map(mentions_sentinel, value)) or any(map(mentions_sentinel, value.values()))
    return isinstance(value, list) and any(map(mentions_sentinel, value))


def read(document: Mapping[str, Any], structural: frozenset[str]) -> tuple[Structure, list[str]]:
    """The structure of a document, and its distinct texts in the order of their first appearance.

    In the structure each text is represented by its number, so that two documents with one structure have equal texts in the
    same places (rule 4).

    Raises:
        Miss: something is not JSON.
    """
    parts: list[object] = []
    numbers: dict[str, int] = {}
    note, number = parts.append, numbers.setdefault

    # An object is its names in a tuple, then its members; an array minus one minus its length, then its items; a text its number; what
    # is no text a text. So nothing has to say where an object or array ends, and each structure is written in one way.
    def walk(value: Any) -> None:
        kind = type(value)
        if kind is str:
            note(number(value, len(numbers)))
        elif kind is dict:
            note(tuple(value))
            for name, item in value.items():
                if name in structural:
                    note(repr(item))
                elif type(item) is str:
                    note(number(item, len(numbers)))
                else:
                    walk(item)
        elif kind is list:
            note(~len(value))
            for item in value:
                walk(item)
        elif kind in _SCALARS:
            # As text, because 1 == 1.0 == True.
            note(repr(value))
        else:
            raise Miss("not JSON")

    walk(document)
    return tuple(parts), list(numbers)


def with_texts(document: Any, text: Callable[[str], str], structural: frozenset[str]) -> Any:
    """The document with each text that `read` found exchanged for `text` of it."""
    if isinstance(document, str):
        return text(document)
    if isinstance(document, Mapping):
        return {name: item if name in structural else with_texts(item, text, structural) for name, item in document.items()}
    if isinstance(document, list):
        return [with_texts(item, text, structural) for item in document]
    return document


def _names_for_type(context: Any, known: set[str]) -> set[str]:
    found: set[str] = set()
    waiting = [context]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            found |= {name for name, meaning in part.items() if not name.startswith("@") and _identifier(meaning) in known}
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return found


def _identifier(meaning: Any) -> Any:
    identifier = meaning.get("@id") if isinstance(meaning, dict) else meaning
    return identifier if isinstance(identifier, str) else None
