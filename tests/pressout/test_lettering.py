"""Words as outlines, and titles set into a plate."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.pressout.lettering import Family, arched, can_letter, line, straight
from hexmark.pressout.plaque import LEAST, ONE_LINE, TWO_LINES, WORDS_WIDTH, set_title


def points(path: str) -> list[tuple[float, float]]:
    """All points of a path, from commands that begin at an absolute place and go on from point to point."""
    found, at = [], (0.0, 0.0)
    for command, rest in re.findall(r"([MlqcZ])([^MlqcZ]*)", path):
        numbers = [float(text) for text in re.findall(r"-?\d+\.?\d*", rest)]
        origin = (0.0, 0.0) if command == "M" else at
        places = [(origin[0] + x, origin[1] + y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
        found += places
        at = places[-1] if places else at
    return found


def set_in_plate(title: str):
    return set_title(title, width=WORDS_WIDTH, one=ONE_LINE, two=TWO_LINES, least=LEAST)


def test_capitals_are_as_high_as_was_asked_for():
    drawn = points(line("HEX", 40).path(straight((0, 0))))
    assert min(y for _, y in drawn) == pytest.approx(-40, abs=0.6)
    assert max(y for _, y in drawn) == pytest.approx(0, abs=0.6)


@pytest.mark.parametrize(("anchor", "left", "right"), [(0, 0, 1), (0.5, -0.5, 0.5), (1, -1, 0)])
def test_a_line_stands_where_its_anchor_says(anchor: float, left: float, right: float):
    words = line("HOH", 30)
    drawn = [x for x, _ in points(words.path(straight((0, 0)), anchor=anchor))]
    assert min(drawn) == pytest.approx(left * words.width, abs=4)
    assert max(drawn) == pytest.approx(right * words.width, abs=4)


def test_pairs_are_kerned():
    assert line("AV", 100).width < line("A", 100).width + line("V", 100).width


def test_tracking_widens_between_letters_only():
    assert line("ABC", 10, tracking=0.5).width == pytest.approx(line("ABC", 10).width + 2 * 5)


def test_fitting_shrinks_and_never_enlarges():
    words = line("A LONG LINE", 30)
    assert words.fitted(50).width == pytest.approx(50)
    assert words.fitted(5000).capital == 30


def test_letters_on_an_arc_stand_outside_its_circle():
    drawn = points(line("ARC", 10).path(arched((100, 100), 50)))
    distances = [((x - 100) ** 2 + (y - 100) ** 2) ** 0.5 for x, y in drawn]
    assert min(distances) > 48
    assert max(distances) < 63


def test_the_middle_of_an_arc_is_at_the_top():
    drawn = points(line("O", 10).path(arched((0, 0), 50)))
    assert sum(x for x, _ in drawn) / len(drawn) == pytest.approx(0, abs=0.5)
    assert all(y < -45 for _, y in drawn)


@pytest.mark.parametrize("text", ["DATA", "ŁÓDŹ", "ÆØÅ", "ĞİŞ", "ČŘŽ", "É & Ü", "2026: 50 %", "E\u0301"])
@pytest.mark.parametrize("family", Family)
def test_the_letters_of_europe_are_here(text: str, family: Family):
    assert can_letter(text, family)
    assert line(text, 10, family=family).path(straight((0, 0)))


@pytest.mark.parametrize("text", ["データ", "مسؤول", "🦝", "", "   ", "A🦝"])
def test_what_cannot_be_lettered_is_said_beforehand_and_refused(text: str):
    assert not can_letter(text)
    with pytest.raises(ValueError, match="cannot be lettered"):
        line(text, 10)


def test_a_short_title_stays_on_one_line_at_full_height():
    (words,) = set_in_plate("Mentor")
    assert words.capital == ONE_LINE


def test_a_longer_title_goes_on_two_even_lines():
    lines = set_in_plate("Inclusive Team Builder")
    assert len(lines) == 2
    assert lines[0].capital == lines[1].capital == TWO_LINES


@pytest.mark.parametrize(
    "title", ["Understands the duties of a keeper of records " * 4, "Rindfleischetikettierungsüberwachungsaufgabe" * 4]
)
def test_a_title_too_long_to_read_is_cut_and_not_shrunk_to_dust(title: str):
    lines = set_in_plate(title)
    assert len(lines) <= 2
    assert all(words.capital >= LEAST - 0.01 for words in lines)


@given(st.lists(st.text("ABCDEFGHIJÖŁ", min_size=1, max_size=30), min_size=1, max_size=12))
def test_no_title_is_wider_than_its_plate(words: list[str]):
    for each in set_in_plate(" ".join(words)):
        assert each.width <= WORDS_WIDTH + 0.01
