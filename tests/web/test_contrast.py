"""Colours of the interface, computed from `tokens.css`: what must be read has 4.5 to 1, what must be seen 3 to 1, in both themes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import hexmark.web

TOKENS = (Path(hexmark.web.__file__).parent / "static" / "hexmark" / "css" / "tokens.css").read_text(encoding="utf-8")
THEMES = ("light", "dark")
PAIRS = {name: one for name, *one in re.findall(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)", TOKENS)}
GROUNDS = ("bg", "surface", "sunken", "raised", "hover")
READ = [
    *((ink, ground) for ink in ("text", "text-2") for ground in GROUNDS),
    *((ink, ground) for ink in ("brand", "bad", "ok", "warn") for ground in ("bg", "surface")),
    *((tone, f"{tone}-soft") for tone in ("ok", "warn", "bad", "info")),
    ("brand", "brand-soft"),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("on-bad", "bad"),
    ("on-inverse", "inverse"),
    ("inverse-brand", "inverse"),
]
SEEN = [(mark, ground) for mark in ("line-strong", "focus") for ground in ("bg", "surface")]


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, WCAG 2.2."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), READ)
def test_words_can_be_read(ink: str, ground: str, theme: str) -> None:
    place = THEMES.index(theme)
    assert contrast(PAIRS[ink][place], PAIRS[ground][place]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("mark", "ground"), SEEN)
def test_edges_of_controls_and_the_focus_can_be_seen(mark: str, ground: str, theme: str) -> None:
    place = THEMES.index(theme)
    assert contrast(PAIRS[mark][place], PAIRS[ground][place]) >= 3


def test_the_measure_is_that_of_the_recommendation() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
