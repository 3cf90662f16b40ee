"""Art of version 2: full, compact and flat."""

import dataclasses
import os
import re
import subprocess
import sys
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pressout.gallery import GALLERY

from hexmark.pressout import (
    Body,
    Domain,
    MetalName,
    Recipe,
    RecipeError,
    Rim,
    compact_badge,
    flat_badge,
    full_badge,
    icon_names,
    plain_badge,
    upgraded,
)

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
#: What some renderer leaves out, draws otherwise, or would fetch.
DRAWN_ALIKE = {"svg", "title", "desc", "defs", "path", "g", "use", "clipPath", "linearGradient", "radialGradient", "stop"}
LARGEST: dict[Callable[[Recipe], str], int] = {full_badge: 80_000, compact_badge: 40_000, flat_badge: 4_000}
VARIANTS = pytest.mark.parametrize("draw", LARGEST, ids=lambda draw: draw.__name__)
Read = Callable[[str], ElementTree.Element]


@pytest.fixture
def steward() -> Recipe:
    return GALLERY["data-steward"]


@VARIANTS
@pytest.mark.parametrize("name", GALLERY)
def test_every_variant_of_the_gallery_is_small_plain_svg(name: str, draw: Callable[[Recipe], str], read: Read):
    text = draw(GALLERY[name])
    assert len(text.encode()) <= LARGEST[draw]
    root = read(text)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= DRAWN_ALIKE
    identifiers = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    targets = set(re.findall(r"url\(#([^)]+)\)", text)) | {element.get(HREF, "#")[1:] for element in root.iter(f"{SVG}use")}
    assert len(identifiers) == len(set(identifiers))
    assert targets <= set(identifiers)
    for element in root.iter():
        assert not {key for key in element.attrib if key.startswith("on") or key in ("style", "class", "filter", "mask", "href")}


def test_variants_and_recipes_can_stand_in_one_page(steward: Recipe, read: Read):
    seen: set[str] = set()
    for recipe in (steward, dataclasses.replace(steward, level=5), dataclasses.replace(steward, arc="More")):
        for draw in LARGEST:
            found = {element.attrib["id"] for element in read(draw(recipe)).iter() if "id" in element.attrib}
            assert not seen & found
            seen |= found


@VARIANTS
def test_another_process_with_another_hash_seed_gives_the_same_bytes(draw: Callable[[Recipe], str], steward: Recipe):
    program = f"import sys; from hexmark.pressout import *; print({draw.__name__}(Recipe.from_json(sys.argv[1])), end='')"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", program, steward.to_json()]
    assert subprocess.run(command, env=environment, capture_output=True, check=True, encoding="utf-8").stdout == draw(steward)


def test_the_text_alternative_tells_metal_level_and_words(steward: Recipe, read: Read):
    root = read(full_badge(dataclasses.replace(steward, metal=MetalName.COPPER, arc="Peer reviewed")))
    assert root.findtext(f"{SVG}title") == "Data Steward"
    said = "Copper hexagon, level 4 of 5, domain data. Words: Northwind, Skill, 2026, Level 4, Peer reviewed."
    assert root.findtext(f"{SVG}desc") == said


def test_hostile_words_stay_text(read: Read):
    recipe = Recipe("</title><script>alert(1)</script>", 1, Domain.CARE, "heart", 2, rim=Rim("</desc><script>"), arc="&lt;x&gt;")
    root = read(full_badge(recipe))
    assert root.find(f".//{SVG}script") is None
    assert root.findtext(f"{SVG}title") == recipe.title


@VARIANTS
def test_a_recipe_of_version_one_is_refused_until_it_is_upgraded(draw: Callable[[Recipe], str], data_steward: Recipe):
    with pytest.raises(RecipeError, match="art_version 1"):
        draw(data_steward)
    assert draw(upgraded(data_steward)).endswith("</svg>\n")


def test_an_upgrade_keeps_what_was_chosen(data_steward: Recipe):
    later = upgraded(data_steward)
    assert (later.title, later.level, later.domain, later.icon, later.art_version) == ("Data Steward", 4, "data", "database", 2)


def test_every_metal_carries_words_on_every_enamel():
    for metal in MetalName:
        for domain in Domain:
            recipe = Recipe("Words", 3, domain, "star", 2, metal=metal, rim=Rim("Rim"), arc="Arc")
            assert full_badge(recipe)


@pytest.mark.parametrize("metal", ["gunmetal", "iron", "cobalt", "ruby"])
def test_a_metal_too_dark_to_engrave_is_refused_with_its_contrast(metal: str):
    recipe = Recipe("Mastery", 5, Domain.CRAFT, "wrench", 2, Body.SPUN, MetalName(metal))
    for draw in LARGEST:
        with pytest.raises(RecipeError, match=rf"spun {metal} would have a contrast of [12]\.\d to 1, and 3"):
            draw(recipe)


@pytest.mark.parametrize("level", range(1, 6))
def test_every_levels_own_metal_can_be_spun(level: int):
    assert full_badge(Recipe("Mastery", level, Domain.CRAFT, "wrench", 2, Body.SPUN))


@pytest.mark.parametrize("place", ["arc", "upper_left", "lower_right"])
def test_words_that_have_no_letters_here_are_refused(place: str):
    words = "データ"
    rim, arc = (Rim(), words) if place == "arc" else (Rim(**{place: words}), "")
    with pytest.raises(RecipeError, match="Latin script"):
        full_badge(Recipe("Data", 1, Domain.DATA, "database", 2, rim=rim, arc=arc))


def test_a_title_that_has_no_letters_here_leaves_out_its_plate_and_stands_in_the_text_alternative(read: Read):
    recipe = GALLERY["no-letters"]
    assert read(full_badge(recipe)).findtext(f"{SVG}title") == "データ管理者"
    assert len(full_badge(recipe)) < len(full_badge(dataclasses.replace(recipe, title="Data Keeper")))


def test_each_body_and_each_word_changes_the_picture(steward: Recipe, rasterise):
    recipes = [dataclasses.replace(steward, **change) for change in (
        {}, {"body": Body.MESH}, {"body": Body.SPUN}, {"arc": "Arc"}, {"rim": Rim()},
        {"title": "Other"}, {"metal": MetalName.COPPER}, {"level": 3},
        {"domain": Domain.CARE},
    )]  # fmt: skip
    assert len({rasterise(full_badge(recipe), 128).tobytes() for recipe in recipes}) == len(recipes)


@VARIANTS
@pytest.mark.parametrize("size", [512, 96, 32])
def test_a_badge_renders_with_clear_corners_and_a_solid_middle(draw: Callable[[Recipe], str], size: int, steward: Recipe, rasterise):
    picture = rasterise(draw(steward), size)
    assert picture.getpixel((0, 0))[3] == 0
    assert picture.getpixel((size // 2, size // 2))[3] == 255


def test_metals_and_enamels_are_told_apart_in_the_flat_sign_at_twenty_four_pixels(rasterise):
    signs = [flat_badge(Recipe("A", 1, domain, "star", 2, metal=metal)) for metal in MetalName for domain in Domain]
    assert len({rasterise(sign, 24).tobytes() for sign in signs}) == len(signs)


def test_version_two_does_not_look_like_version_one(steward: Recipe, data_steward: Recipe):
    assert len({plain_badge(data_steward), compact_badge(steward), full_badge(steward)}) == 3


@pytest.mark.slow
def test_icons_of_each_group_render_in_every_variant(rasterise):
    for icon in icon_names()[::7]:
        for draw in LARGEST:
            assert rasterise(draw(Recipe("A", 4, Domain.DATA, icon, 2)), 48).getpixel((24, 24))[3] == 255


@settings(max_examples=40)
@given(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=200).filter(str.strip), st.sampled_from(Body))
def test_any_title_gives_a_badge_within_its_size(title: str, body: Body):
    text = full_badge(Recipe(title, 3, Domain.GENERAL, "medal", 2, body))
    assert text.endswith("</svg>\n")
    assert len(text) < 100_000
