"""What a recipe may say."""

import dataclasses

import pytest

from hexmark.pressout import Domain, Recipe, RecipeError, icon_names
from hexmark.pressout.recipe import ART_VERSION


def test_a_recipe_cannot_be_changed(data_steward: Recipe):
    with pytest.raises(dataclasses.FrozenInstanceError):
        data_steward.level = 5  # type: ignore[misc]


def test_equal_recipes_have_equal_digests(data_steward: Recipe):
    assert data_steward.digest == Recipe("Data Steward", 4, Domain.DATA, "database").digest


@pytest.mark.parametrize("change", [{"title": "Data Stewards"}, {"level": 3}, {"domain": Domain.CARE}, {"icon": "leaf"}])
def test_every_ingredient_changes_the_digest(data_steward: Recipe, change: dict[str, object]):
    assert dataclasses.replace(data_steward, **change).digest != data_steward.digest


def test_an_unknown_icon_is_refused_with_the_list_of_names():
    with pytest.raises(RecipeError) as refusal:
        Recipe("Sailor", 1, Domain.GENERAL, "sailing-boat")
    assert "sailing-boat" in str(refusal.value)
    assert all(name in str(refusal.value) for name in icon_names())


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


def test_art_of_another_version_is_refused():
    with pytest.raises(RecipeError, match="version 2"):
        Recipe("Sailor", 1, Domain.GENERAL, "compass", art_version=ART_VERSION + 1)


def test_there_are_glyphs_for_many_trades():
    assert len(icon_names()) >= 24
    assert list(icon_names()) == sorted(icon_names())
