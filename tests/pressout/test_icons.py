"""The glyphs and how they are found."""

import hashlib
import json
import re
from importlib import resources

import pytest

from hexmark.pressout import find_icons, icon_groups, icon_names
from hexmark.pressout.icons import icon_path, icon_tags

GROUPS = {"awards", "care", "engineering", "it", "learning", "nature", "people", "safety", "sales", "work"}


def test_there_are_at_least_two_hundred_glyphs_with_tags_in_every_field():
    assert len(icon_names()) >= 200
    assert all(icon_tags(name) for name in icon_names())
    assert set(icon_groups()) == GROUPS
    assert all(len(names) >= 15 for names in icon_groups().values())


def test_the_file_says_where_it_comes_from_and_its_glyphs_have_the_hash_it_names():
    shipped = json.loads(resources.files("hexmark.pressout").joinpath("icons.json").read_text("utf-8"))
    assert "@phosphor-icons/core 2.1.1" in shipped["source"]
    assert shipped["source_integrity"].startswith("sha512-")
    joined = "\n".join(f"{name} {icon['path']}" for name, icon in sorted(shipped["icons"].items()))
    assert hashlib.sha256(joined.encode()).hexdigest() == shipped["sha256"]


def test_every_glyph_is_one_path_and_nothing_else():
    assert all(re.fullmatch(r"[MmLlHhVvCcSsQqTtAaZz0-9eE.,\- ]+", icon_path(name)) for name in icon_names())


@pytest.mark.parametrize(
    "file", ["LICENSE-phosphor-icons.txt", "fonts/LICENSE-barlow-condensed.txt", "fonts/LICENSE-saira-stencil-one.txt"]
)
def test_what_others_made_comes_with_its_licence(file: str):
    text = resources.files("hexmark.pressout").joinpath(file).read_text("utf-8")
    assert "Copyright" in text
    assert "MIT License" in text or "SIL OPEN FONT LICENSE" in text


def test_the_notes_name_every_font_with_its_hash():
    folder = resources.files("hexmark.pressout")
    notes = folder.joinpath("SOURCES.md").read_text("utf-8")
    for file in folder.joinpath("fonts").iterdir():
        if file.name.endswith(".ttf"):
            assert file.name in notes
            assert hashlib.sha256(file.read_bytes()).hexdigest() in notes


@pytest.mark.parametrize(
    ("words", "icon"), [("leaf", "leaf"), ("doctor", "stethoscope"), ("award", "trophy"), ("Hard HAT", "hard-hat"), ("nature tree", "tree")]
)
def test_words_lead_to_glyphs(words: str, icon: str):
    assert icon in find_icons(words)


def test_the_glyph_that_is_called_so_comes_first():
    assert find_icons("star")[0] == "star"


def test_no_word_leads_to_all_and_nonsense_to_none():
    assert find_icons(" ") == icon_names()
    assert find_icons("xyzzy") == ()
    assert find_icons("star xyzzy") == ()
