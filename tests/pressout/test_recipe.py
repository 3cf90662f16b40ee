"""What a recipe may say."""

import contextlib
import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.pressout import Body, Domain, MetalName, Recipe, RecipeError, Rim, icon_names


def test_a_recipe_cannot_be_changed(data_steward: Recipe):
    with pytest.raises(dataclasses.FrozenInstanceError):
        data_steward.level = 5  # type: ignore[misc]


def test_equal_recipes_have_equal_digests(data_steward: Recipe):
    assert data_steward.digest == Recipe("Data Steward", 4, Domain.DATA, "database").digest


@pytest.mark.parametrize("change", [{"title": "Data Stewards"}, {"level": 3}, {"domain": Domain.CARE}, {"icon": "leaf"}])
def test_every_ingredient_changes_the_digest(data_steward: Recipe, change: dict[str, object]):
    assert dataclasses.replace(data_steward, **change).digest != data_steward.digest


def test_an_unknown_icon_is_refused_with_names_that_are_near():
    with pytest.raises(RecipeError, match="data-base") as refusal:
        Recipe("Sailor", 1, Domain.GENERAL, "data-base")
    assert "database" in str(refusal.value)


def test_an_unknown_domain_is_refused_with_the_list_of_domains():
    with pytest.raises(RecipeError) as refusal:
        Recipe("Sailor", 1, "sailing", "compass")  # type: ignore[arg-type]
    assert all(domain in str(refusal.value) for domain in Domain)


def test_a_domain_may_be_given_as_its_word():
    assert Recipe("Sailor", 1, "care", "compass").digest == Recipe("Sailor", 1, Domain.CARE, "compass").digest  # type: ignore[arg-type]


@pytest.mark.parametrize("level", [0, 6, -1, True])
def test_a_level_outside_one_to_five_is_refused(level: int):
    with pytest.raises(RecipeError, match="from 1 to 5"):
        Recipe("Sailor", level, Domain.GENERAL, "compass")


@pytest.mark.parametrize("title", ["", "   ", "x" * 201])
def test_a_title_must_have_one_to_two_hundred_characters(title: str):
    with pytest.raises(RecipeError, match="1 to 200"):
        Recipe(title, 1, Domain.GENERAL, "compass")


@pytest.mark.parametrize("character", ["\x00", "\x07", "\n", "\x1b", "\x85", "\ud800", "\ufffe"])
def test_a_title_with_an_unwritable_character_is_refused(character: str):
    with pytest.raises(RecipeError, match="cannot be written"):
        Recipe(f"Data{character}Steward", 1, Domain.GENERAL, "compass")


@pytest.mark.parametrize("title", ["Hygienebeauftragte*r", "データ管理者", "مسؤول البيانات", "R&D <lead> \"x\" 'y'", "🦝"])
def test_a_title_may_be_written_in_any_script(title: str):
    assert Recipe(title, 1, Domain.GENERAL, "compass").title == title


@pytest.mark.parametrize("version", [0, 3, "2", None, True])
def test_art_of_an_unknown_version_is_refused(version: object):
    with pytest.raises(RecipeError, match="versions 1 and 2"):
        Recipe("Sailor", 1, Domain.GENERAL, "compass", art_version=version)  # type: ignore[arg-type]


@pytest.mark.parametrize("later", [{"body": Body.MESH}, {"metal": MetalName.COPPER}, {"rim": Rim("Words")}, {"arc": "Words"}])
def test_version_one_refuses_what_only_version_two_draws(later: dict[str, object]):
    with pytest.raises(RecipeError, match="art_version 2"):
        Recipe("Sailor", 1, Domain.GENERAL, "compass", **later)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "later", [{"body": "mesh"}, {"metal": "copper"}, {"rim": Rim("Words")}, {"rim": Rim("", "Words")}, {"arc": "Words"}]
)
def test_every_later_ingredient_changes_the_digest(data_steward: Recipe, later: dict[str, object]):
    second = dataclasses.replace(data_steward, art_version=2)
    assert dataclasses.replace(second, **later).digest != second.digest != data_steward.digest


@pytest.mark.parametrize("words", ["x" * 25, "line\nbreak", "\x00", 7, None])
def test_words_that_are_too_long_or_no_text_are_refused(words: object):
    with pytest.raises(RecipeError, match="24 characters"):
        Recipe("Sailor", 1, Domain.GENERAL, "compass", 2, arc=words)  # type: ignore[arg-type]
    with pytest.raises(RecipeError, match="lower_left"):
        Recipe("Sailor", 1, Domain.GENERAL, "compass", 2, rim=Rim(lower_left=words))  # type: ignore[arg-type]


def test_a_recipe_of_either_version_comes_back_from_its_json(data_steward: Recipe):
    second = Recipe("Łódź & Co", 2, Domain.CARE, "leaf", 2, Body.MESH, MetalName.RUBY, Rim("a", "b", "c", "d"), "e")
    for recipe in (data_steward, second):
        again = Recipe.from_json(recipe.to_json())
        assert (again, again.digest) == (recipe, recipe.digest)


def test_the_json_of_version_one_names_nothing_that_came_later(data_steward: Recipe):
    assert set(json.loads(data_steward.to_json())) == {"title", "level", "domain", "icon", "art_version"}


_GOOD = '"title": "A", "level": 1, "domain": "data", "icon": "leaf", "art_version": 2'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON"),
        ("[]", "JSON object"),
        ("{", "not JSON"),
        (b"\xff", "not JSON"),
        ("[" * 9000, "not JSON"),
        ("{}", "lacks title, level, domain, icon"),
        ('{"title": "A", "title": "B"}', "twice"),
        ("{" + _GOOD + ', "colour": "red"}', "no member 'colour'"),
        ("{" + _GOOD + ', "rim": {"top": "x"}}', "no member 'top'"),
        ("{" + _GOOD + ', "rim": ["x"]}', "rim is a JSON object"),
        ("{" + _GOOD + ', "arc": NaN}', "NaN"),
        ("{" + _GOOD + ', "body": "wood"}', "no body 'wood'"),
        ("{" + _GOOD + ', "body": []}', "no body"),
        ("{" + _GOOD + ', "metal": "tin"}', "no metal 'tin'"),
        ('{"title": 5, "level": 1, "domain": "data", "icon": "leaf"}', "title of 1 to 200"),
        ('{"title": "A", "level": "1", "domain": "data", "icon": "leaf"}', "level is a number"),
        ('{"title": "A", "level": 1, "domain": {}, "icon": "leaf"}', "no domain"),
        ('{"title": "A", "level": 1, "domain": "data", "icon": null}', "no icon"),
        (" " * 10_001, "10,000 characters"),
    ],
)
def test_json_that_is_no_recipe_is_refused_with_the_reason(text: str | bytes, reason: str):
    with pytest.raises(RecipeError, match=reason):
        Recipe.from_json(text)


_ANY = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=3))


_MEMBERS = ("title", "level", "domain", "icon", "art_version", "body", "metal", "rim")


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(_MEMBERS, _ANY)))
def test_any_json_object_is_a_recipe_or_refused(members: dict[str, object]):
    with contextlib.suppress(RecipeError):
        assert isinstance(Recipe.from_json(json.dumps(members)), Recipe)


def test_there_are_glyphs_for_many_trades():
    assert len(icon_names()) >= 200
    assert list(icon_names()) == sorted(icon_names())
