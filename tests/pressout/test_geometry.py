"""Rounded hexagons."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.pressout.geometry import Hexagon, cosine, number, plain_hexagon, polygon, sine

PIECE = Hexagon(256, 250, apothem=208, corner_radius=27)


def test_the_right_side_is_vertical_and_one_apothem_away():
    (x0, y0), (x1, y1) = PIECE.side(0)
    assert (x0, x1) == (pytest.approx(256 + 208), pytest.approx(256 + 208))
    assert y0 < 250 < y1


@pytest.mark.parametrize("j", range(6))
def test_every_side_is_one_apothem_away(j: int):
    for x, y in PIECE.side(j):
        assert (x - 256) * cosine(60 * j) + (y - 250) * sine(60 * j) == pytest.approx(208)


@pytest.mark.parametrize("j", range(6))
def test_a_corner_joins_two_sides(j: int):
    assert PIECE.side(j)[1] == pytest.approx(PIECE.at(j, 60 * j))
    assert PIECE.side(j + 1)[0] == pytest.approx(PIECE.at(j, 60 * (j + 1)))


def test_an_inset_moves_every_side_by_the_distance_and_sharpens_the_corners():
    inner = PIECE.inset(20)
    assert inner.apothem == 188
    assert inner.corner_radius == 17


def test_corners_stay_rounded_however_deep_the_inset():
    assert PIECE.inset(100).corner_radius == 8


def test_a_corner_that_was_sharp_is_not_made_round():
    assert Hexagon(0, 0, 100, 3).inset(10).corner_radius == 3


def test_moving_keeps_the_shape():
    moved = PIECE.moved(3, -4)
    assert (moved.x, moved.y, moved.apothem, moved.corner_radius) == (259, 246, 208, 27)


def test_the_outline_has_six_lines_and_six_arcs_and_is_closed():
    path = PIECE.path()
    assert re.sub(r"[^A-Z]", "", path) == "MALALALALALAZ"


def test_the_outline_stays_within_the_picture():
    points = [PIECE.at(corner, direction) for corner in range(6) for direction in range(0, 360, 5)]
    assert all(0 < x < 512 and 0 < y < 512 for x, y in points)


def test_a_plain_hexagon_has_a_point_at_the_top():
    points = plain_hexagon((0, 0), 10)
    assert len(points) == 6
    assert min(points, key=lambda point: point[1]) == pytest.approx((0, -10), abs=1e-9)


def test_polygon_writes_a_closed_path():
    assert polygon([(0, 0), (1.25, 0), (1, 2)]) == "M0 0L1.2 0L1 2Z"


@pytest.mark.parametrize(("value", "text"), [(1.0, "1"), (0.5, "0.5"), (-0.001, "0"), (12.345, "12.35"), (100, "100"), (0, "0")])
def test_numbers_are_written_short(value: float, text: str):
    assert number(value) == text


def test_whole_numbers_keep_their_zeros():
    assert number(100.2, 0) == "100"


@given(st.floats(-1e4, 1e4, allow_nan=False))
def test_a_written_number_is_within_half_a_step(value: float):
    assert math.isclose(float(number(value)), value, abs_tol=0.00501)
