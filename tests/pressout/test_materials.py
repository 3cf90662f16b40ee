"""Metal, enamel and the ink that tells one from the other."""

import itertools

import pytest

from hexmark.pressout import Domain, MetalName
from hexmark.pressout.colour import contrast, to_oklab
from hexmark.pressout.drawing import Drawing
from hexmark.pressout.geometry import Hexagon
from hexmark.pressout.materials import (
    ENAMEL_OF_DOMAIN,
    ENAMELS,
    ICON_CONTRAST,
    LIGHT,
    METAL_OF_LEVEL,
    METALS,
    Enamel,
    bevel,
    grain,
    icon_ink,
    lit,
    sheen,
)

PAIRS = list(itertools.product(METALS, ENAMELS))


@pytest.mark.parametrize(("metal", "enamel"), PAIRS)
def test_the_icon_stands_out_from_every_enamel_in_every_metal(metal: str, enamel: str):
    ink = icon_ink(METALS[metal], ENAMELS[enamel])
    assert contrast(ink.face(METALS[metal]), ink.around) >= ICON_CONTRAST


def test_the_plain_ink_is_kept_where_it_is_enough():
    ink = icon_ink(METALS["gold"], ENAMELS["navy"])
    assert (ink.lift, ink.ground) == (0, ENAMELS["navy"])


def test_bronze_on_amber_is_brightened_and_its_enamel_darkened():
    ink = icon_ink(METALS["bronze"], ENAMELS["amber"])
    assert ink.lift > 0
    assert to_oklab(ink.ground.light)[0] < to_oklab(ENAMELS["amber"].light)[0]


def test_a_metal_that_no_enamel_can_carry_is_refused():
    soot = ("#000000", "#010101", "#020202", "#030303", "#040404")
    with pytest.raises(ValueError, match="cannot be told"):
        icon_ink(soot, Enamel("#101010", "#101010", "#101010"))


@pytest.mark.parametrize("metal", METALS)
def test_a_metal_brightens_from_shadow_to_specular(metal: str):
    lightness = [to_oklab(anchor)[0] for anchor in METALS[metal]]
    assert lightness == sorted(lightness)


def test_every_level_has_a_metal_of_its_own():
    assert set(METAL_OF_LEVEL) == {1, 2, 3, 4, 5}
    assert len(set(METAL_OF_LEVEL.values())) == 5
    assert set(METAL_OF_LEVEL.values()) < set(METALS)


def test_every_metal_that_may_be_chosen_has_its_colours():
    assert set(METALS) == set(MetalName)


def test_every_domain_has_an_enamel_of_its_own():
    assert set(ENAMEL_OF_DOMAIN) == set(Domain)
    assert set(ENAMEL_OF_DOMAIN.values()) == set(ENAMELS)


def test_a_slope_that_faces_the_light_is_brighter_than_one_that_turns_away():
    assert lit(LIGHT) > lit(LIGHT + 180)


def test_a_sunken_slope_is_lit_from_the_other_side():
    assert lit(LIGHT, raised=False) == pytest.approx(lit(LIGHT + 180))


def test_brush_lines_meet_where_they_repeat():
    drawing = Drawing("x")
    grain(drawing, 15.7, 0.085)
    stops = drawing.definitions[0].split("<stop ")[1:]
    assert stops[0].split(" ", 1)[1].split("/>")[0] == stops[-1].split(" ", 1)[1].split("/>")[0]


def test_brush_lines_stay_faint():
    drawing = Drawing("x")
    grain(drawing, 9.1, 0.07)
    opacities = [float(part.split('"')[1]) for part in drawing.definitions[0].split("stop-opacity=")[1:]]
    assert max(opacities) <= 0.07


def test_a_sheen_runs_from_edge_to_edge():
    stops = sheen(METALS["gold"])
    assert (stops[0][0], stops[-1][0]) == (0, 1)
    assert [stop[0] for stop in stops] == sorted(stop[0] for stop in stops)


def test_a_bevel_is_six_sides_and_thirty_corner_strips():
    drawing = Drawing("x")
    outer = Hexagon(0, 0, 100, 20)
    bevel(drawing, outer, outer.inset(5), METALS["steel"], base=0.5, amplitude=0.4)
    assert len(drawing.body) == 6 + 30
