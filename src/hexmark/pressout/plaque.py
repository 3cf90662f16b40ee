"""The title's plate, riveted across the lower third, and how a title is set into it."""

from hexmark.pressout.colour import ramp
from hexmark.pressout.drawing import opaque
from hexmark.pressout.geometry import Point, polygon
from hexmark.pressout.ink import PLATE_SHEEN, Finish
from hexmark.pressout.lettering import Line, line, straight
from hexmark.pressout.materials import grain, lit
from hexmark.pressout.parts import CENTRE, Press, rivet
from hexmark.pressout.relief import stamped

#: Height of capitals on one line and on two; a title that is still too long shrinks down to the least, then it is cut.
ONE_LINE, TWO_LINES, LEAST = 33.0, 25.5, 15.0
TRACKING = 0.03
#: Room for the words between the rivets.
WORDS_WIDTH = 292.0
HALF_WIDTH = 188
MIDDLE: Point = (CENTRE[0], CENTRE[1] + 80)


def set_title(title: str, *, width: float, one: float, two: float, least: float, tracking: float = TRACKING) -> list[Line]:
    """The title in capitals on one line, or on two that are as even as its words allow, no wider than `width`.

    A title that would be smaller than `least` on two lines is cut at a word, with an ellipsis: the whole one is in the text alternative.
    """
    words = title.upper().split()
    whole = line(" ".join(words), one, tracking=tracking)
    # One line may shrink a little before it is broken, and must when there is nothing to break.
    if whole.width <= width * 1.06 or len(words) == 1:
        return [_least_or_cut(words, whole, width, least, tracking)]
    kept = words
    while True:
        lines = [line(text, two, tracking=tracking) for text in _halves(kept, kept != words, tracking)]
        scale = min(1.0, width / max(each.width for each in lines))
        if two * scale >= least or len(kept) <= 2:
            return [Line(each.glyphs, max(two * scale, 1.0), tracking).fitted(width) for each in lines]
        kept = kept[:-1]


def _least_or_cut(words: list[str], whole: Line, width: float, least: float, tracking: float) -> Line:
    """A single line, shrunk; one long word is cut where it would be too small to read."""
    fitted = whole.fitted(width)
    text = " ".join(words)
    while fitted.capital < least and len(text) > 2:
        text = text[:-1]
        fitted = line(text + "…", whole.capital, tracking=tracking).fitted(width)
    return fitted


def _halves(words: list[str], cut: bool, tracking: float) -> tuple[str, str]:
    """Two lines whose longer one is as short as can be."""
    end = "…" if cut else ""
    splits = [(" ".join(words[:place]), " ".join(words[place:]) + end) for place in range(1, len(words))]
    return min(splits, key=lambda split: max(line(text, 1, tracking=tracking).width for text in split))


def plaque(press: Press, title: str, finish: Finish) -> None:
    """The plate with the title stamped into it."""
    lines = set_title(title, width=WORDS_WIDTH, one=ONE_LINE, two=TWO_LINES, least=LEAST)
    half = 30 if len(lines) == 1 else 38
    _plate(press, half, finish)
    for side in (-1, 1):
        rivet(press, (CENTRE[0] + side * 166, MIDDLE[1]), 5.2)
    leading = lines[0].capital * 1.36
    baseline = MIDDLE[1] + lines[0].capital / 2 - (len(lines) - 1) * leading / 2
    for place, words in enumerate(lines):
        path = words.path(straight((CENTRE[0], baseline + place * leading)))
        stamped(press.drawing, path, finish.ink, depth=1.5 * finish.lip_side, lip=finish.lip, strength=0.8)


def _outline(half: float, inset: float) -> list[Point]:
    """The plate's six corners; its ends are chevrons."""
    left, right = CENTRE[0] - HALF_WIDTH, CENTRE[0] + HALF_WIDTH
    top, bottom = MIDDLE[1] - half + inset, MIDDLE[1] + half - inset
    end = 13 + inset * 0.8
    return [
        (left + end, top), (right - end, top), (right - inset * 1.2, MIDDLE[1]),
        (right - end, bottom), (left + end, bottom), (left + inset * 1.2, MIDDLE[1]),
    ]  # fmt: skip


def _moved(points: list[Point], right: float, down: float) -> list[Point]:
    return [(x + right, y + down) for x, y in points]


def _plate(press: Press, half: float, finish: Finish) -> None:
    drawing, metal = press.drawing, press.metal
    left, right = CENTRE[0] - HALF_WIDTH, CENTRE[0] + HALF_WIDTH
    for aside, down, inset, opacity in ((2, 13, -3, 0.06), (2, 11, -1, 0.09), (2, 9, 0, 0.14), (1.5, 7, 0, 0.22)):
        drawing.path(polygon(_moved(_outline(half, inset), aside, down)), "#000000", fill_opacity=opacity)
    tones = ((0, 0.1), (0.08, 0.4), (0.3, 0.12), (0.7, 0.2), (0.93, 0.42), (1, 0.06))
    wall = drawing.linear((left, 0), (right, 0), opaque((offset, ramp(metal, tone)) for offset, tone in tones))
    drawing.path(polygon(_moved(_outline(half, 0), 0, 5)), wall)
    outer, inner = _outline(half, 0), _outline(half, 4.2)
    for side, direction in enumerate((270, 330, 30, 90, 150, 210)):
        colour = ramp(metal, lit(direction, base=0.56, amplitude=0.40))
        following = (side + 1) % 6
        drawing.path(polygon([outer[side], outer[following], inner[following], inner[side]]), colour, stroke=colour, stroke_width=0.4)
    low, high = finish.plate
    stops = opaque((offset, ramp(metal, low + (high - low) * brightness)) for offset, brightness in PLATE_SHEEN)
    drawing.path(polygon(inner), drawing.linear((left, MIDDLE[1] - half), (right, MIDDLE[1] + half + 70), stops))
    drawing.path(polygon(inner), grain(drawing, 15.7, 0.085 * press.grain))
    groove = polygon(_outline(half, 8.2))
    drawing.path(polygon(_moved(_outline(half, 8.2), 0.4, 0.9)), "none", stroke="#ffffff", stroke_opacity=0.45, stroke_width=0.9)
    drawing.path(groove, "none", stroke=ramp(metal, 0.1), stroke_opacity=0.45, stroke_width=1.1)
