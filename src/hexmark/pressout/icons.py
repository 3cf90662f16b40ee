"""The glyphs that can be embossed: single paths on a grid of 256 units, shipped beside this module with their licence."""

import json
import re
from functools import cache
from importlib import resources
from typing import TypedDict

#: Width and height of the grid that every glyph is drawn on.
GRID = 256


class _Icon(TypedDict):
    groups: list[str]
    tags: list[str]
    path: str


@cache
def _icons() -> dict[str, _Icon]:
    icons: dict[str, _Icon] = json.loads(resources.files(__package__).joinpath("icons.json").read_text("utf-8"))["icons"]
    return icons


@cache
def icon_names() -> tuple[str, ...]:
    """The names of all glyphs, in alphabetical order."""
    return tuple(sorted(_icons()))


def icon_path(name: str) -> str:
    """Path data of a glyph.

    Raises:
        KeyError: there is no glyph of this name (a Recipe refuses it earlier, with names that are near).
    """
    return _icons()[name]["path"]


def icon_tags(name: str) -> tuple[str, ...]:
    """Words under which a glyph is found, beside its name and its groups. Raises KeyError as `icon_path` does."""
    return tuple(_icons()[name]["tags"])


@cache
def icon_groups() -> dict[str, tuple[str, ...]]:
    """Fields of work and life (`work`, `learning`, `nature` …), each with its glyphs in alphabetical order."""
    groups: dict[str, list[str]] = {}
    for name in icon_names():
        for group in _icons()[name]["groups"]:
            groups.setdefault(group, []).append(name)
    return {group: tuple(names) for group, names in sorted(groups.items())}


def find_icons(words: str) -> tuple[str, ...]:
    """The glyphs that all the words lead to, the best match first; no word leads to all of them.

    A word leads to a glyph when part of its name, a tag or a group begins with it.
    """
    wanted = re.findall(r"\w+", words.casefold())
    ranked = []
    for name in icon_names():
        scores = [_score(name, word) for word in wanted]
        if all(scores):
            ranked.append((-sum(scores), name))
    return tuple(name for _, name in sorted(ranked))


def _score(name: str, word: str) -> int:
    """How well one word describes a glyph: its whole name 4, part of its name 3, a tag 2, a group 1, not at all 0."""
    if word == name:
        return 4
    places = (name.split("-"), re.findall(r"\w+", " ".join(icon_tags(name))), _icons()[name]["groups"])
    for score, texts in zip((3, 2, 1), places, strict=True):
        if any(text.casefold().startswith(word) for text in texts):
            return score
    return 0
