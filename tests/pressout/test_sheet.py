"""The press-out sheet."""

import dataclasses
import re
from itertools import pairwise

import pytest
from tests.pressout.gallery import GALLERY

from hexmark.pressout import Body, Cell, Domain, Heading, MetalName, Recipe, RecipeError, State, sheet
from hexmark.pressout.cells import LINER

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
DRAWN_ALIKE = {"svg", "title", "desc", "defs", "path", "g", "use", "clipPath", "linearGradient", "radialGradient", "stop"}
HEADING = Heading("Digital pathway", "Six sides, six steps", "Amara Osei", "Sheet 04")
STEWARD = GALLERY["data-steward"]


def fourteen() -> list[Cell]:
    """Five earned, three under way, three open, two locked, one to renew."""
    states = [State.EARNED] * 5 + [State.PROGRESS] * 3 + [State.AVAILABLE] * 3 + [State.LOCKED] * 2 + [State.RENEW]
    return [Cell(recipe, state, 2, 5) for recipe, state in zip(GALLERY.values(), states, strict=False)]


@pytest.mark.parametrize("dark", [False, True])
def test_a_sheet_of_fourteen_is_plain_svg_of_at_most_500_kilobytes(dark: bool, read):
    text = sheet(fourteen(), HEADING, dark=dark)
    assert len(text.encode()) <= 500_000
    root = read(text)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= DRAWN_ALIKE
    identifiers = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    targets = set(re.findall(r"url\(#([^)]+)\)", text)) | {element.get(HREF, "#")[1:] for element in root.iter(f"{SVG}use")}
    assert len(identifiers) == len(set(identifiers))
    assert targets <= set(identifiers)


def test_equal_arguments_give_equal_text_and_others_other_identifiers(read):
    def identifiers(text: str) -> set[str]:
        return {element.attrib["id"] for element in read(text).iter() if "id" in element.attrib}

    first = sheet(fourteen(), HEADING)
    assert first == sheet(fourteen(), HEADING)
    for other in (sheet(fourteen(), HEADING, dark=True), sheet(fourteen()[1:], HEADING), sheet(fourteen(), Heading("Another"))):
        assert not identifiers(first) & identifiers(other)


def test_the_text_alternative_says_how_far_each_badge_is(read):
    cells = [Cell(STEWARD, State.EARNED), Cell(GALLERY["first-aid"], State.PROGRESS, 4, 5), Cell(GALLERY["ward-lead"])]
    root = read(sheet(cells, HEADING))
    assert root.findtext(f"{SVG}title") == "Digital pathway"
    said = "1 of 3 badges earned. Data Steward: earned. First Aid: 4 of 5 criteria met. Ward Lead: locked."
    assert root.findtext(f"{SVG}desc") == said


@pytest.mark.parametrize(
    ("done", "total", "sides"), [(0, 6, 0), (1, 6, 1), (3, 6, 3), (5, 6, 5), (6, 6, 5), (4, 5, 4), (1, 4, 1), (1, 12, 0), (11, 12, 5)]
)
def test_criteria_met_cut_sides_and_the_last_one_holds(done: int, total: int, sides: int):
    assert len(Cell(STEWARD, State.PROGRESS, done, total).cut) == sides


def test_sides_are_cut_from_the_upper_right_and_the_right_and_left_one_last():
    cuts = [Cell(STEWARD, State.PROGRESS, done, 6).cut for done in range(6)]
    assert [min(later - earlier) for earlier, later in pairwise(cuts)] == [5, 1, 4, 2, 0]


def test_only_a_badge_under_way_has_cut_sides():
    assert not any(Cell(STEWARD, state, 3, 6).cut for state in State if state != State.PROGRESS)


@pytest.mark.parametrize(("done", "total"), [(-1, 6), (7, 6), (0, 0)])
def test_senseless_progress_is_refused(done: int, total: int):
    with pytest.raises(ValueError, match="criteria"):
        Cell(STEWARD, State.PROGRESS, done, total)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("dark", [False, True])
def test_every_state_looks_different_from_the_others(state: State, dark: bool, rasterise):
    def picture(shown: State) -> bytes:
        return rasterise(sheet([Cell(STEWARD, shown, 2, 5)], Heading("A"), columns=2, dark=dark, legend=False), 160).tobytes()

    assert all(picture(state) != picture(other) for other in State if other != state)


def test_a_cut_shows_the_liner_and_the_count():
    text = sheet([Cell(STEWARD, State.PROGRESS, 2, 5)], Heading("A"), legend=False)
    assert text.count(f'stroke="{LINER}"') == 2
    assert f'fill="{LINER}"' in text


def test_a_sheet_grows_by_rows(read):
    def height(count: int) -> float:
        return float(read(sheet([Cell(STEWARD)] * count, HEADING)).attrib["height"])

    assert height(5) < height(6) == height(9) < height(10)


def test_sizes_are_whole_numbers(read):
    root = read(sheet([Cell(STEWARD)] * 7, HEADING, columns=3))
    assert (root.attrib["width"] + root.attrib["height"]).isdigit()


def test_a_sheet_needs_a_cell_and_two_columns():
    for cells, columns in (([], 5), ([Cell(STEWARD)], 1)):
        with pytest.raises(ValueError, match="at least one cell"):
            sheet(cells, HEADING, columns=columns)


def test_headings_that_have_no_letters_here_stand_in_the_text_alternative(read):
    root = read(sheet([Cell(GALLERY["no-letters"], state) for state in State], Heading("学習の道", "次", "田中", "一")))
    assert root.findtext(f"{SVG}title") == "学習の道"


def test_an_earned_badge_that_cannot_be_drawn_is_refused():
    dim = Recipe("Mastery", 5, Domain.CRAFT, "wrench", 2, Body.SPUN, MetalName.GUNMETAL)
    with pytest.raises(RecipeError, match="contrast"):
        sheet([Cell(dim, State.EARNED)], HEADING)
    assert sheet([Cell(dataclasses.replace(dim, body=Body.RAYS), State.EARNED)], HEADING)
