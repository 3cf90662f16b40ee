"""Recipes and the reading of pictures, shared by the tests of badge art."""

import io
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from PIL import Image
from resvg_py import svg_to_bytes

from hexmark.pressout import Domain, Recipe

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"


@pytest.fixture
def data_steward() -> Recipe:
    return Recipe("Data Steward", 4, Domain.DATA, "database")


@pytest.fixture
def read() -> Callable[[str], ElementTree.Element]:
    """Parse an SVG that this package wrote."""
    return ElementTree.fromstring


@pytest.fixture
def rasterise() -> Callable[[str, int], Image.Image]:
    def at(svg: str, size: int) -> Image.Image:
        return Image.open(io.BytesIO(bytes(svg_to_bytes(svg_string=svg, width=size, height=size)))).convert("RGBA")

    return at
