"""Cells that a spreadsheet program would take for a formula: made harmless when we write, and as they were when we read."""

from __future__ import annotations

import re

#: What begins a formula; the wide forms are folded to the narrow ones by some programs.
_BEGINNING = r"[=+\-@\uff1d\uff0b\uff0d\uff20]"
#: At the beginning of a cell. Blanks before a sign are cut off by some programs; tab and line end are such blanks.
_LEADING = re.compile(rf"(?='*(?:[\t\r\n]|\s*{_BEGINNING}))")
_LEADING_MARKED = re.compile(rf"'(?='*(?:[\t\r\n]|\s*{_BEGINNING}))")
#: Within a cell, behind what a program with other settings takes for the end of the cell before.
_INNER = re.compile(rf"""([;,\t\r\n]["\s]*)(?='*{_BEGINNING})""")
_INNER_MARKED = re.compile(rf"""([;,\t\r\n]["\s]*)'(?='*{_BEGINNING})""")


def disarmed(text: str) -> str:
    """The text with an apostrophe before everything that could begin a formula. `rearmed` takes exactly these away again."""
    marked = _INNER.sub(r"\1'", text)
    return f"'{marked}" if _LEADING.match(marked) else marked


def rearmed(text: str) -> str:
    """The text as it was before `disarmed`."""
    if _LEADING_MARKED.match(text):
        text = text[1:]
    return _INNER_MARKED.sub(r"\1", text)
