"""Art of version 2 against accepted pictures, and against what a browser draws.

After a change on purpose, look at the new pictures first, then write them: `python -m tests.pressout.test_golden`.
"""

import base64
import io
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat
from resvg_py import svg_to_bytes
from tests.pressout.gallery import GALLERY

from hexmark.pressout import Cell, Heading, State, full_badge, sheet

GOLDEN = Path(__file__).parent / "golden"
SIDE = 256
PAPER = "#eef1f4"


def on_paper(data: bytes) -> Image.Image:
    """A PNG over the colour of the page."""
    picture = Image.open(io.BytesIO(data)).convert("RGBA")
    paper = Image.new("RGBA", picture.size, PAPER)
    return Image.alpha_composite(paper, picture).convert("RGB")


def drawn(svg: str, width: int = SIDE, height: int = SIDE) -> Image.Image:
    return on_paper(bytes(svg_to_bytes(svg_string=svg, width=width, height=height)))


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of all channels, 0 to 255."""
    channels = ImageStat.Stat(ImageChops.difference(one, other)).mean
    return sum(channels) / len(channels)


def test_the_gallery_has_twenty_four_recipes_and_a_picture_of_each():
    assert len(GALLERY) == 24
    assert {path.stem for path in GOLDEN.glob("*.png")} == set(GALLERY)


@pytest.mark.parametrize("name", GALLERY)
def test_a_badge_looks_as_it_was_accepted(name: str):
    accepted = Image.open(GOLDEN / f"{name}.png").convert("RGB")
    assert difference(drawn(full_badge(GALLERY[name])), accepted) < 1


def test_the_measure_sees_a_badge_in_another_metal():
    assert difference(drawn(full_badge(GALLERY["data-steward"])), Image.open(GOLDEN / "net-zero-lead.png").convert("RGB")) > 10


def in_browser(svgs: list[str], width: int, height: int) -> list[Image.Image]:
    """The drawings as a browser shows them."""
    # In a thread of its own: the tests of the site may hold a browser open in this one, and one thread drives only one.
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(_shown, svgs, width, height).result()


def _shown(svgs: list[str], width: int, height: int) -> list[Image.Image]:
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or pytest.skip("No browser is installed here.")
    with playwright.sync_playwright() as run:
        browser = run.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": width, "height": height})
        pictures = []
        for svg in svgs:
            source = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
            page.set_content(f'<body style="margin:0;background:{PAPER}"><img src="{source}" width="{width}" height="{height}">')
            page.evaluate("document.images[0].decode()")
            pictures.append(on_paper(page.screenshot()))
        browser.close()
    return pictures


@pytest.mark.browser
def test_a_browser_draws_what_resvg_draws():
    badges = {name: full_badge(recipe) for name, recipe in GALLERY.items()}
    pictures = in_browser(list(badges.values()), 512, 512)
    found = {name: difference(drawn(svg, 512, 512), picture) for (name, svg), picture in zip(badges.items(), pictures, strict=True)}
    assert max(found.values()) < 1.5, found


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
def test_a_browser_draws_the_sheet_that_resvg_draws(dark: bool):
    cells = [Cell(recipe, state, 2, 5) for recipe, state in zip(GALLERY.values(), [*State, *State], strict=False)]
    svg = sheet(cells, Heading("Pathway", "Six sides, six steps", "Amara", "Sheet 01"), dark=dark)
    width, height = (int(size) for size in re.findall(r'viewBox="0 0 (\d+) (\d+)"', svg)[0])
    assert difference(drawn(svg, width, height), in_browser([svg], width, height)[0]) < 1.5


if __name__ == "__main__":
    for key, entry in GALLERY.items():
        drawn(full_badge(entry)).save(GOLDEN / f"{key}.png", optimize=True)
