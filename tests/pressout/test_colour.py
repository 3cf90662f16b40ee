"""Mixing and comparing colours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.pressout.colour import contrast, from_oklab, mix, ramp, to_oklab

colours = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")
shares = st.floats(0, 1)


def channels(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def test_white_and_black_have_the_lightness_one_and_zero():
    assert to_oklab("#ffffff") == pytest.approx((1, 0, 0), abs=1e-4)
    assert to_oklab("#000000") == pytest.approx((0, 0, 0), abs=1e-4)


def test_red_has_the_published_coordinates():
    """CSS Color 4 gives oklab(62.796% 0.22486 0.12585) for red."""
    assert to_oklab("#ff0000") == pytest.approx((0.62796, 0.22486, 0.12585), abs=1e-4)


@given(colours)
def test_a_colour_comes_back_from_oklab_within_one_step(colour: str):
    assert all(abs(there - back) <= 1 for there, back in zip(channels(colour), channels(from_oklab(to_oklab(colour))), strict=True))


@given(colours, colours)
def test_a_mix_starts_at_the_first_and_ends_at_the_second(first: str, second: str):
    assert mix(first, second, 0) == from_oklab(to_oklab(first))
    assert mix(first, second, 1) == from_oklab(to_oklab(second))


def test_half_of_black_and_white_is_the_grey_that_looks_half_as_light():
    assert mix("#000000", "#ffffff", 0.5) == "#636363"


def test_colours_that_no_screen_shows_are_clipped():
    assert from_oklab((1.2, 0, 0)) == "#ffffff"
    assert from_oklab((-0.2, 0, 0)) == "#000000"


@given(shares)
def test_a_ramp_of_two_is_a_mix(tone: float):
    assert ramp(("#102030", "#f0e0d0"), tone) == mix("#102030", "#f0e0d0", tone)


def test_a_ramp_passes_through_its_anchors():
    anchors = ("#000000", "#800000", "#ffffff")
    assert [ramp(anchors, tone) for tone in (0, 0.5, 1)] == list(anchors)


def test_a_tone_beyond_the_ramp_is_its_end():
    assert ramp(("#112233", "#445566"), 7) == "#445566"
    assert ramp(("#112233", "#445566"), -1) == "#112233"


def test_contrast_of_black_and_white_is_twenty_one():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_contrast_of_a_known_grey():
    """#767676 on white is the darkest grey that WCAG's own documents name as just passing 4.5."""
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@given(colours, colours)
def test_contrast_does_not_ask_which_colour_comes_first(first: str, second: str):
    assert contrast(first, second) == contrast(second, first)
    assert 1 <= contrast(first, second) <= 21
