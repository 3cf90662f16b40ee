"""The card that stands for a badge where a link to it is shown: the badge at the left, its words at the right, a strip of its metal."""

import hashlib
import json
from base64 import b64encode
from dataclasses import astuple, dataclass

from hexmark.pressout.colour import ramp
from hexmark.pressout.drawing import Drawing, opaque
from hexmark.pressout.geometry import Hexagon, Point, polygon
from hexmark.pressout.lettering import can_letter, line, straight
from hexmark.pressout.materials import METALS, grain, sheen
from hexmark.pressout.plaque import set_title

#: What most places that show links ask for.
WIDTH, HEIGHT = 1200, 630
STRIP = 18
_BADGE = 500
_LEFT: float = 588
_ROOM = WIDTH - _LEFT - 64
_GROUND, _INK, _QUIET, _GOOD, _AMBER = "#10161b", "#f1f5f8", "#a9b6c2", "#3fd6c0", "#f2b04a"


@dataclass(frozen=True, slots=True)
class Card:
    """The words on a card. `verdict` is said beside a hexagon with a tick, or, where it is not `good`, with a stroke."""

    title: str
    issuer: str
    owner: str = ""
    verdict: str = "Verified"
    good: bool = True
    metal: str = "steel"


def card(words: Card, badge_png: bytes) -> str:
    """The card as the text of an SVG of WIDTH by HEIGHT units. Words in letters that are not shipped are left out."""
    key = json.dumps([*astuple(words), hashlib.sha256(badge_png).hexdigest()])
    drawing = Drawing("k" + hashlib.sha256(key.encode()).hexdigest()[:8])
    _ground(drawing, words.metal)
    data = b64encode(badge_png).decode("ascii")
    top = (HEIGHT - _BADGE) / 2
    drawing.body.append(f'<image x="52" y="{top}" width="{_BADGE}" height="{_BADGE}" xlink:href="data:image/png;base64,{data}"/>')
    _words(drawing, words)
    said = ", ".join(word for word in (words.title, words.owner, words.issuer, words.verdict) if word)
    return drawing.document(title=words.title, description=f"{said}.", width=WIDTH, height=HEIGHT)


def _ground(drawing: Drawing, metal_name: str) -> None:
    metal = METALS[metal_name]
    whole = f"M0 0H{WIDTH}V{HEIGHT}H0Z"
    drawing.path(whole, drawing.linear((0, 0), (WIDTH, HEIGHT), opaque([(0, "#1a232a"), (0.6, _GROUND), (1, "#0a0f13")])))
    drawing.path(whole, drawing.radial((302, 300), 460, [(0, "#ffffff", 0.10), (0.55, "#ffffff", 0.03), (1, "#ffffff", 0.0)]))
    top = HEIGHT - STRIP
    strip = f"M0 {top}H{WIDTH}V{HEIGHT}H0Z"
    drawing.path(strip, drawing.linear((0, top), (WIDTH, HEIGHT), sheen(metal)))
    drawing.path(strip, grain(drawing, 9.1, 0.08))
    drawing.path(f"M0 {top}H{WIDTH}v1.5H0Z", ramp(metal, 1), fill_opacity=0.8)


def _words(drawing: Drawing, words: Card) -> None:
    """Issuer, title, whose it is and the verdict, as one block in the middle of its height."""
    titled = can_letter(words.title.upper())
    lines = set_title(words.title, width=_ROOM, one=58, two=50, least=27, tracking=0.02) if titled else []
    leading = lines[0].capital * 1.42 if lines else 0
    owner = words.owner if words.owner and can_letter(words.owner) else ""
    height = 24 + (34 + len(lines) * leading if lines else 0) + (62 if owner else 0) + 76
    y = (HEIGHT - STRIP - height) / 2 + 24
    _line(drawing, words.issuer, 23, (_LEFT, y), _QUIET)
    for place, set_words in enumerate(lines):
        y += leading if place else 34 + lines[0].capital
        drawing.path(set_words.path(straight((_LEFT, y)), anchor=0), _INK)
    if owner:
        y += 62
        _line(drawing, owner, 28, (_LEFT, y), _INK)
    _verdict(drawing, words, y + 76)


def _line(drawing: Drawing, text: str, capital: float, start: Point, colour: str, *, room: float = _ROOM) -> None:
    if can_letter(text):
        drawing.path(line(text, capital, tracking=0.04).fitted(room).path(straight(start), anchor=0), colour)


def _verdict(drawing: Drawing, words: Card, y: float) -> None:
    colour = _GOOD if words.good else _AMBER
    sign = Hexagon(_LEFT + 20, y - 13, apothem=20, corner_radius=5)
    drawing.path(sign.path(), colour)
    if words.good:
        tick = f"M{sign.x - 8} {sign.y + 0.5}l5.6 6 10.4 -12"
        drawing.path(tick, "none", stroke=_GROUND, stroke_width=4.4, stroke_linecap="round", stroke_linejoin="round")
    else:
        left, right, top, bottom = sign.x - 9, sign.x + 9, sign.y - 2.4, sign.y + 2.4
        drawing.path(polygon([(left, top), (right, top), (right, bottom), (left, bottom)]), _GROUND)
    _line(drawing, words.verdict, 25, (_LEFT + 56, y), colour, room=_ROOM - 56)
