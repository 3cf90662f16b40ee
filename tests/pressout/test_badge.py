"""The compact badge, as text and as a picture."""

import dataclasses
import hashlib
import itertools
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hexmark.pressout import Domain, Recipe, icon_names, plain_badge, suggest
from hexmark.pressout.badge import RECESS_EDGE
from hexmark.pressout.geometry import cosine, sine
from hexmark.pressout.parts import PIP_RADIUS

FLOOR = RECESS_EDGE.inset(9, sharpen=0.4)
SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
#: What some renderer leaves out, draws otherwise, or would fetch.
DRAWN_ALIKE = {"svg", "title", "desc", "defs", "path", "g", "use", "clipPath", "linearGradient", "radialGradient", "stop"}
SAMPLES = {"data-steward": ("Data Steward", 4), "net-zero-lead": ("Net Zero Lead", 3), "safety-champion": ("Safety Champion", 1)}
SAMPLE_FOLDER = Path(__file__).parents[2] / "src/hexmark/web/static/hexmark/samples"

#: The glyphs that version 1 began with; the long list is walked by the slow test.
FIRST_ICONS = tuple(json.loads((Path(__file__).parent / "version_1.json").read_text("utf-8")))


def test_version_one_draws_for_ever_what_it_drew_when_badges_were_issued_with_it():
    """The digests were written when version 1 was the only one. If this fails, restore the drawing: never write them anew."""
    accepted = json.loads((Path(__file__).parent / "version_1.json").read_text("utf-8"))
    for icon, (level, domain, recipe_digest, art_digest) in accepted.items():
        recipe = Recipe(f"Badge {icon}", level, Domain(domain), icon)
        assert recipe.digest == recipe_digest
        assert hashlib.sha256(plain_badge(recipe).encode()).hexdigest() == art_digest, icon


def test_the_same_recipe_gives_the_same_bytes(data_steward: Recipe):
    assert plain_badge(data_steward) == plain_badge(dataclasses.replace(data_steward))


def test_another_process_with_another_hash_seed_gives_the_same_bytes(data_steward: Recipe):
    program = "from hexmark.pressout import *; print(plain_badge(Recipe('Data Steward', 4, Domain.DATA, 'database')), end='')"
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
        answer = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True, encoding="utf-8")
        assert answer.stdout == plain_badge(data_steward)


@pytest.mark.parametrize("level", range(1, 6))
def test_every_badge_of_a_level_is_small_plain_svg(level: int, read):
    for domain, icon in itertools.product(Domain, FIRST_ICONS):
        text = plain_badge(Recipe("Data Steward", level, domain, icon))
        assert len(text.encode()) <= 40_000
        tags = {element.tag.removeprefix(SVG) for element in read(text).iter()}
        assert tags <= DRAWN_ALIKE


def test_nothing_is_styled_scripted_or_fetched(data_steward: Recipe, read):
    text = plain_badge(data_steward)
    for element in read(text).iter():
        assert not {name for name in element.attrib if name.startswith("on") or name in ("style", "class", "filter", "mask", "href")}
    outside = text.replace("http://www.w3.org/2000/svg", "").replace("http://www.w3.org/1999/xlink", "")
    assert "://" not in outside
    assert "<!" not in text


def test_every_reference_leads_to_a_definition_of_the_same_badge(data_steward: Recipe, read):
    text = plain_badge(data_steward)
    identifiers = [element.get("id") for element in read(text).iter() if element.get("id")]
    targets = set(re.findall(r"url\(#([^)]+)\)", text)) | {element.get(HREF, "#")[1:] for element in read(text).iter(f"{SVG}use")}
    assert len(identifiers) == len(set(identifiers))
    assert targets <= set(identifiers)


def test_two_badges_can_stand_in_one_page(data_steward: Recipe, read):
    def identifiers(recipe: Recipe) -> set[str]:
        return {element.attrib["id"] for element in read(plain_badge(recipe)).iter() if "id" in element.attrib}

    assert not identifiers(data_steward) & identifiers(dataclasses.replace(data_steward, level=5))


def test_the_text_alternative_tells_title_metal_and_level(data_steward: Recipe, read):
    root = read(plain_badge(data_steward))
    assert root.findtext(f"{SVG}title") == "Data Steward"
    assert root.findtext(f"{SVG}desc") == "Gold hexagon, level 4 of 5, domain data."


def test_a_hostile_title_stays_text(read):
    title = "</title><script>alert(1)</script>&entity;"
    root = read(plain_badge(Recipe(title, 1, Domain.GENERAL, "medal")))
    assert root.findtext(f"{SVG}title") == title
    assert root.find(f".//{SVG}script") is None


def test_there_are_as_many_pips_as_levels_and_none_touches_the_frame():
    for level in range(1, 6):
        text = plain_badge(Recipe("Data Steward", level, Domain.DATA, "database"))
        centres = [(256 + 32 * (place - (level - 1) / 2), 250 + 138 - 8 * abs(place - (level - 1) / 2)) for place in range(level)]
        for x, y in centres:
            assert f"M{x + PIP_RADIUS * cosine(30):.1f}".rstrip("0").rstrip(".") in text
            for normal in (60, 120):
                assert (x - FLOOR.x) * cosine(normal) + (y - FLOOR.y) * sine(normal) + PIP_RADIUS < FLOOR.apothem


@pytest.mark.parametrize("size", [512, 96, 32])
def test_a_badge_renders_with_clear_corners_and_a_solid_middle(data_steward: Recipe, rasterise, size: int):
    picture = rasterise(plain_badge(data_steward), size)
    assert picture.size == (size, size)
    assert picture.getpixel((0, 0))[3] == 0
    assert picture.getpixel((size // 2, size // 2))[3] == 255


def test_gold_looks_golden_and_navy_looks_blue(data_steward: Recipe, rasterise):
    picture = rasterise(plain_badge(data_steward), 512)
    red, _, blue, _ = picture.getpixel((76, 250))
    assert red > blue + 60, "the rim is gold"
    red, _, blue, _ = picture.getpixel((120, 300))
    assert blue > red + 20, "the field is navy"


def test_metal_and_enamel_are_told_apart_at_thirty_two_pixels(rasterise):
    seen = {rasterise(plain_badge(Recipe("A", level, domain, "star")), 32).tobytes() for level in range(1, 6) for domain in Domain}
    assert len(seen) == 5 * len(Domain)


@pytest.mark.slow
def test_every_icon_renders_on_metals_and_enamels_in_turn(rasterise):
    """All together would be 12,600 pictures; each icon once, and by their number every metal with every enamel."""
    domains = list(Domain)
    for number, icon in enumerate(icon_names()):
        level, domain = 1 + number % 5, domains[number % len(domains)]
        assert rasterise(plain_badge(Recipe("Data Steward", level, domain, icon)), 48).getpixel((24, 24))[3] == 255


@pytest.mark.parametrize("icon", FIRST_ICONS)
def test_every_icon_shows_in_its_field(icon: str, rasterise):
    """Another icon changes the picture where it lies and nowhere else."""
    other = "flag" if icon != "flag" else "star"
    here, there = (rasterise(plain_badge(Recipe("A", 4, Domain.DATA, name)), 96) for name in (icon, other))
    changed = [(x, y) for x in range(96) for y in range(96) if here.getpixel((x, y)) != there.getpixel((x, y))]
    assert len(changed) > 200
    assert all(20 < x < 76 and 18 < y < 76 for x, y in changed)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_of_the_style_guide_are_this_art(name: str):
    """When the art changes on purpose, raise ART_VERSION and write these files anew with plain_badge(suggest(title, level))."""
    title, level = SAMPLES[name]
    assert (SAMPLE_FOLDER / f"{name}.svg").read_text("utf-8") == plain_badge(suggest(title, level))
