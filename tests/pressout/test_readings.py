"""What the designer's meters show, against what is refused."""

import itertools

import pytest

from hexmark.pressout import Body, Domain, MetalName, Recipe, RecipeError, full_badge, readings, title_setting
from hexmark.pressout.colour import contrast
from hexmark.pressout.ink import arc_ink
from hexmark.pressout.materials import ENAMELS, METALS


def of(**more: object) -> Recipe:
    return Recipe("Data Steward", 4, Domain.DATA, "database", 2, **more)  # type: ignore[arg-type]


def test_each_text_has_its_reading():
    recipe = Recipe.from_json(
        '{"title": "A", "level": 1, "domain": "data", "icon": "leaf", "art_version": 2, "arc": "By hand", "rim": {"upper_left": "Acme"}}'
    )
    assert [reading.place for reading in readings(recipe)] == ["icon", "title", "rim", "arc"]
    assert all(reading.passes for reading in readings(recipe))


def test_what_is_not_there_is_not_read():
    assert [reading.place for reading in readings(of())] == ["icon", "title"]
    assert [reading.place for reading in readings(Recipe("データ", 4, Domain.DATA, "database", 2))] == ["icon"]


@pytest.mark.parametrize(("metal", "body"), list(itertools.product(MetalName, Body)))
def test_a_recipe_is_refused_exactly_when_a_reading_does_not_pass(metal: MetalName, body: Body):
    for domain, arc in itertools.product(Domain, ("", "By hand")):
        recipe = Recipe("A", 1, domain, "leaf", 2, body, metal, arc=arc)
        try:
            full_badge(recipe)
            drawn = True
        except RecipeError:
            drawn = False
        assert all(reading.passes for reading in readings(recipe)) == drawn


def test_words_on_an_arc_are_told_from_every_enamel():
    for metal, enamel in itertools.product(METALS.values(), ENAMELS.values()):
        try:
            found = arc_ink(metal, enamel)
        except RecipeError:
            continue
        assert found.contrast >= 3
        assert contrast(found.ink, enamel.base) >= 3


def test_words_on_turned_metal_lie_on_a_polished_ring():
    assert all(arc_ink(metal, None).contrast >= 4.5 for name, metal in METALS.items() if name != "gunmetal")


def test_the_length_meter_knows_lines_shrinking_and_cutting():
    short, two, much = title_setting("Mentor"), title_setting("Inclusive Team Builder"), title_setting("Understands " * 12)
    assert short is not None
    assert two is not None
    assert much is not None
    assert (short.lines, short.capital, short.cut) == (1, 33, False)
    assert (two.lines, two.cut) == (2, False)
    assert much.cut
    assert much.capital >= much.LEAST
    assert title_setting("データ") is None
