"""A first recipe from words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.pressout import Body, Domain, MetalName, RecipeError, Rim, full_badge, icon_names, plain_badge, suggest, suggest_art
from hexmark.pressout.suggest import _DOMAINS, _ICONS


@pytest.mark.parametrize(
    ("name", "icon", "domain"),
    [
        ("Data Steward", "database", Domain.DATA),
        ("Net Zero Lead", "leaf", Domain.SUSTAINABILITY),
        ("Safety Champion", "hard-hat", Domain.SAFETY),
        ("Inclusive Team Builder", "users-three", Domain.LEADERSHIP),
        ("First Aid", "first-aid-kit", Domain.CARE),
        ("Secure Coder", "shield-check", Domain.TECHNOLOGY),
        ("Mentor", "chalkboard-teacher", Domain.LEADERSHIP),
        ("Master Craft", "wrench", Domain.CRAFT),
        ("Mongolian Mongoose", "medal", Domain.GENERAL),
    ],
)
def test_a_name_suggests_what_a_person_would_choose(name: str, icon: str, domain: Domain):
    recipe = suggest(name, 3)
    assert (recipe.icon, recipe.domain, recipe.level, recipe.title) == (icon, domain, 3, name)


def test_tags_help_where_the_name_says_nothing():
    recipe = suggest("Bronze Otter", 1, ["water quality", "climate"])
    assert (recipe.icon, recipe.domain) == ("leaf", Domain.SUSTAINABILITY)


def test_the_name_counts_more_than_the_tags():
    assert suggest("Data Steward", 1, ["climate"]).icon == "database"


def test_capitals_and_punctuation_do_not_matter():
    assert suggest("NET-ZERO lead!", 2).icon == suggest("net zero lead", 2).icon == "leaf"


def test_a_word_matches_from_its_beginning_only():
    assert suggest("Steamfitter", 1).icon == "medal", "not a team"


def test_the_same_words_give_the_same_recipe():
    assert suggest("Rapid Responder", 2, ["service"]) == suggest("Rapid Responder", 2, ["service"])


def test_every_suggestion_can_be_drawn():
    assert {icon for icon, _ in _ICONS} <= set(icon_names())
    assert {domain for domain, _ in _DOMAINS} <= set(Domain)


def test_a_suggestion_without_a_name_is_refused():
    with pytest.raises(RecipeError, match="title"):
        suggest("", 1)


@given(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=200).filter(str.strip), st.integers(1, 5))
def test_any_name_gives_a_badge(name: str, level: int):
    assert plain_badge(suggest(name, level)).endswith("</svg>\n")


def test_suggested_art_says_who_how_and_which_level():
    recipe = suggest_art("Data Steward", 4, issuer="Northwind", shown_by="Evidence judged")
    assert recipe.rim == Rim("Northwind", "Evidence judged", "of 5", "Level 4")
    assert (recipe.art_version, recipe.metal, recipe.pips, recipe.body) == (2, None, True, Body.RAYS)


def test_outside_a_ladder_there_are_no_studs_and_a_metal_of_no_level():
    recipe = suggest_art("Data Steward", 0)
    assert (recipe.metal, recipe.pips, recipe.rim) == (MetalName.TITANIUM, False, Rim())


def test_words_that_cannot_stand_on_the_rim_are_left_out():
    recipe = suggest_art("Data Steward", 1, issuer="データ管理", shown_by="More words than there is room for")
    assert (recipe.rim.upper_left, recipe.rim.upper_right) == ("", "")


def test_mastery_of_a_craft_is_turned_metal():
    assert suggest_art("Master Craft", 5).body == Body.SPUN
    assert suggest_art("Machine Maintenance", 2).icon == "wrench"


@given(
    st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=200).filter(str.strip), st.integers(0, 5), st.text(max_size=30)
)
def test_any_name_gives_whole_art(name: str, level: int, issuer: str):
    assert full_badge(suggest_art(name, level, issuer=issuer)).endswith("</svg>\n")
