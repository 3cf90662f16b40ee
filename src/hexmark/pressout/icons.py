"""The glyphs that can be embossed: single paths on a grid of 256 units, shipped beside this module with their licence."""

import json
from functools import cache
from importlib import resources

#: Width and height of the grid that every glyph is drawn on.
GRID = 256


@cache
def _paths() -> dict[str, str]:
    paths: dict[str, str] = json.loads(resources.files(__package__).joinpath("icons.json").read_text("utf-8"))["paths"]
    return paths


def icon_names() -> tuple[str, ...]:
    """The names of all glyphs, in alphabetical order."""
    return tuple(sorted(_paths()))


def icon_path(name: str) -> str:
    """Path data of a glyph.

    Raises:
        KeyError: there is no glyph of this name (a Recipe refuses it earlier, with the list of names).
    """
    return _paths()[name]
