"""Words as outlines: shaped by HarfBuzz, so that no renderer needs a font, and each draws the same letters.

Latin letters of all European languages are shipped (Barlow Condensed Bold for plates, Saira Stencil One for stencils). Text in another
script cannot be lettered; the art then does without, and says it in its title and description as always.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources

import uharfbuzz as harfbuzz

from hexmark.pressout.geometry import Point, cosine, sine

#: Distance along a baseline → where it lies in the picture, and the direction of the baseline there in degrees.
Baseline = Callable[[float], tuple[float, float, float]]
#: Drawing commands of a glyph in font units, y upwards.
_Outline = tuple[tuple[str, tuple[float, ...]], ...]


class Family(StrEnum):
    """A family of letters, by the beginning of its files' names."""

    PLATE = "barlow-condensed-{}-700-normal.ttf"
    STENCIL = "saira-stencil-one-{}-400-normal.ttf"


@dataclass(frozen=True, slots=True)
class _Font:
    """One file of a family: the letters it has, and how high its capitals are in font units."""

    font: harfbuzz.Font
    characters: frozenset[int]
    capital: float


@dataclass(frozen=True, slots=True)
class _Glyph:
    outline: _Outline
    #: Start and width in units of the capitals' height.
    start: float
    advance: float
    scale: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of words. `width` is in units of the picture; `capital` is the height of its capitals, `tracking` in shares of it."""

    glyphs: tuple[_Glyph, ...]
    capital: float
    tracking: float

    @property
    def width(self) -> float:
        """From the first letter's start to the last one's end."""
        last = self.glyphs[-1]
        return (last.start + last.advance + self.tracking * (len(self.glyphs) - 1)) * self.capital

    def fitted(self, width: float) -> Line:
        """The same line, no wider than `width`: smaller where it has to be."""
        return Line(self.glyphs, self.capital * min(1.0, width / self.width), self.tracking)

    def path(self, baseline: Baseline, *, anchor: float = 0.5) -> str:
        """Path data of the letters. `anchor` (0 start, 0.5 middle, 1 end) is the share of it that lies before the baseline's zero."""
        before = self.width * anchor
        parts = []
        for place, glyph in enumerate(self.glyphs):
            middle = (glyph.start + glyph.advance / 2 + self.tracking * place) * self.capital - before
            parts.append(_placed(glyph, self.capital, *baseline(middle)))
        return "".join(parts)


def _placed(glyph: _Glyph, capital: float, x: float, y: float, angle: float) -> str:
    scale = capital * glyph.scale
    along, across = scale * cosine(angle), scale * sine(angle)
    half = glyph.advance * capital / 2
    left, top = x - half * cosine(angle), y - half * sine(angle)
    written = []
    at_x = at_y = 0
    for command, points in glyph.outline:
        # Whole tenths, each from the point before: half as long as places in the picture, and no error adds up.
        places = [
            (round(10 * (left + px * along + py * across)), round(10 * (top + px * across - py * along)))
            for px, py in zip(points[::2], points[1::2], strict=True)
        ]
        if command == "M":
            at_x = at_y = 0
        written.append(command if command in "MZ" else command.lower())
        written.append(" ".join(f"{(x - at_x) / 10:g} {(y - at_y) / 10:g}" for x, y in places).replace(" -", "-"))
        if places:
            at_x, at_y = places[-1]
    return "".join(written)


def straight(start: Point, angle: float = 0) -> Baseline:
    """A straight baseline through `start`, in a direction in degrees."""
    return lambda distance: (start[0] + distance * cosine(angle), start[1] + distance * sine(angle), angle)


def arched(centre: Point, radius: float, *, middle: float = -90) -> Baseline:
    """A baseline on a circle, clockwise with the letters' heads outwards; `middle` is the direction from the centre to its zero."""

    def baseline(distance: float) -> tuple[float, float, float]:
        angle = middle + math.degrees(distance / radius)
        return centre[0] + radius * cosine(angle), centre[1] + radius * sine(angle), angle + 90

    return baseline


def can_letter(text: str, family: Family = Family.PLATE) -> bool:
    """Whether every character of the text has a letter in the family, and there is at least one to see."""
    fonts = _fonts(family)
    composed = unicodedata.normalize("NFC", text)
    return bool(composed.strip()) and all(any(ord(character) in font.characters for font in fonts) for character in composed)


@lru_cache(maxsize=256)
def line(text: str, capital: float, *, tracking: float = 0.0, family: Family = Family.PLATE) -> Line:
    """The text as a line of letters with kerning.

    Raises:
        ValueError: `can_letter` says no.
    """
    if not can_letter(text, family):
        raise ValueError("These words cannot be lettered.")
    fonts = _fonts(family)
    glyphs: list[_Glyph] = []
    start = 0.0
    for run, font in _runs(unicodedata.normalize("NFC", text), fonts):
        buffer = harfbuzz.Buffer()
        buffer.add_str(run)
        buffer.guess_segment_properties()
        harfbuzz.shape(font.font, buffer, {"kern": True, "liga": False})
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            scale = 1 / font.capital
            glyphs.append(_Glyph(_outline(family, fonts.index(font), info.codepoint), start, position.x_advance * scale, scale))
            start += position.x_advance * scale
    return Line(tuple(glyphs), capital, tracking)


def _runs(text: str, fonts: tuple[_Font, ...]) -> list[tuple[str, _Font]]:
    runs: list[tuple[str, _Font]] = []
    for character in text:
        font = next(font for font in fonts if ord(character) in font.characters)
        if runs and runs[-1][1] is font:
            runs[-1] = (runs[-1][0] + character, font)
        else:
            runs.append((character, font))
    return runs


@cache
def _fonts(family: Family) -> tuple[_Font, ...]:
    """The files of a family, the one with the commonest letters first."""
    folder = resources.files(__package__).joinpath("fonts")
    fonts = []
    for subset in ("latin", "latin-ext"):
        face = harfbuzz.Face(folder.joinpath(family.value.format(subset)).read_bytes())
        font = harfbuzz.Font(face)
        capital = font.get_metric_position(harfbuzz.OTMetricsTag.CAP_HEIGHT)
        fonts.append(_Font(font, frozenset(face.unicodes), float(capital)))
    return tuple(fonts)


@lru_cache(maxsize=2048)
def _outline(family: Family, subset: int, glyph: int) -> _Outline:
    commands: list[tuple[str, tuple[float, ...]]] = []
    draw = harfbuzz.DrawFuncs()
    draw.set_move_to_func(lambda x, y, _: commands.append(("M", (x, y))))
    draw.set_line_to_func(lambda x, y, _: commands.append(("L", (x, y))))
    draw.set_quadratic_to_func(lambda cx, cy, x, y, _: commands.append(("Q", (cx, cy, x, y))))
    draw.set_cubic_to_func(lambda ax, ay, bx, by, x, y, _: commands.append(("C", (ax, ay, bx, by, x, y))))
    draw.set_close_path_func(lambda _: commands.append(("Z", ())))
    _fonts(family)[subset].font.draw_glyph(glyph, draw, None)
    return tuple(commands)
