"""The drawing of a version follows its text, except for what its editor chose, and never changes once it is published."""

from __future__ import annotations

import io
import json

import pytest
from django.db import connection
from PIL import Image
from tests.world import World, plain_picture

from hexmark.catalogue import actions, art
from hexmark.catalogue.actions import begin_version, choose_art, create_achievement, draw_picture, publish_version
from hexmark.catalogue.art import drawing_of, is_first_generation, recipe_of
from hexmark.catalogue.models import AchievementVersion, Alignment
from hexmark.catalogue.pictures import picture
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.files import store
from hexmark.pressout import Domain, MetalName, full_badge

State = AchievementVersion.State


@pytest.fixture
def draft(acme: World) -> AchievementVersion:
    """A draft that lacks nothing and has no picture of its own."""
    version = create_achievement(acme.organisation, name="Data Steward", actor=acme.steward)
    AchievementVersion.objects.filter(pk=version.pk).update(
        description="Answers for data.", criteria="Own a domain for two quarters.", level=4
    )
    version.refresh_from_db()
    return version


def test_a_draft_is_drawn_from_its_text_with_the_organisation_and_the_assurance_on_its_rim(draft: AchievementVersion) -> None:
    recipe = recipe_of(draft)
    assert (recipe.art_version, recipe.title, recipe.level, recipe.icon, recipe.domain) == (2, "Data Steward", 4, "database", Domain.DATA)
    assert (recipe.rim.upper_left, recipe.rim.upper_right, recipe.rim.lower_left) == ("Acme", "Took part", "Level 4")


def test_skills_and_subjects_hint_where_the_name_says_nothing(draft: AchievementVersion) -> None:
    draft.name = "Bronze Otter"
    assert recipe_of(draft).icon == "medal"
    Alignment.objects.create(version=draft, target_name="Climate accounting", target_url="https://skills.example/c")
    assert recipe_of(draft).icon == "leaf"


def test_what_was_chosen_stays_and_the_rest_follows_the_text(acme: World, draft: AchievementVersion) -> None:
    choose_art(draft, choices={"icon": "leaf", "metal": "copper"}, actor=acme.steward)
    AchievementVersion.objects.filter(pk=draft.pk).update(name="Team Builder", level=2)
    draft.refresh_from_db()
    recipe = recipe_of(draft)
    assert draft.art == {"icon": "leaf", "metal": "copper"}
    assert (recipe.title, recipe.level, recipe.icon, recipe.metal, recipe.domain) == (
        "Team Builder", 2, "leaf", MetalName.COPPER, Domain.LEADERSHIP,
    )  # fmt: skip


def test_choosing_what_is_suggested_chooses_nothing(acme: World, draft: AchievementVersion) -> None:
    choose_art(draft, choices={"icon": "database", "title": "Data Steward", "domain": "data"}, actor=acme.steward)
    assert draft.art is None


def test_the_level_is_the_versions_and_cannot_be_chosen(acme: World, draft: AchievementVersion) -> None:
    choose_art(draft, choices={"level": 5, "art_version": 1, "icon": "leaf"}, actor=acme.steward)
    assert draft.art == {"icon": "leaf"}
    AchievementVersion.objects.filter(pk=draft.pk).update(level=0)
    draft.refresh_from_db()
    choose_art(draft, choices={"pips": True}, actor=acme.steward)
    assert not recipe_of(draft).pips


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"icon": "no-such-glyph"}, "There is no icon"),
        ({"metal": "ruby", "body": "spun"}, "contrast of"),
        ({"arc": "データ"}, "no letters"),
        ({"title": "x" * 500}, "title of 1 to"),
        ({"rim": {"upper_left": "x" * 25}}, "at most 24"),
        ({"rim": {"middle": "x"}}, "no member"),
        ({"rim": "x"}, "JSON object"),
        ({"pips": "yes", "body": []}, "body"),
    ],
)
def test_what_cannot_be_drawn_or_read_is_refused_and_changes_nothing(
    acme: World, draft: AchievementVersion, choices: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        choose_art(draft, choices=choices, actor=acme.steward)
    draft.refresh_from_db()
    assert draft.art is None


def test_only_editors_choose_and_only_for_a_draft(acme: World, globex: World, draft: AchievementVersion) -> None:
    for actor in (acme.member, globex.steward):
        with pytest.raises(NotPermitted):
            choose_art(draft, choices={"icon": "leaf"}, actor=actor)
    publish_version(draft, actor=acme.steward)
    with pytest.raises(Conflict):
        choose_art(draft, choices={"icon": "leaf"}, actor=acme.steward)


def test_at_publication_the_whole_recipe_is_kept_with_its_drawing(acme: World, draft: AchievementVersion) -> None:
    choose_art(draft, choices={"icon": "leaf"}, actor=acme.steward)
    recipe = recipe_of(draft)
    publish_version(draft, actor=acme.steward)
    assert draft.art == json.loads(recipe.to_json())
    assert store.get(draft.drawn_svg).decode() == full_badge(recipe) == drawing_of(draft)
    assert Image.open(io.BytesIO(store.get(draft.image_png))).size == (512, 512)


def test_a_new_organisation_name_does_not_redraw_what_is_published(acme: World, draft: AchievementVersion) -> None:
    publish_version(draft, actor=acme.steward)
    before = drawing_of(draft)
    acme.organisation.name = "Another Name"
    acme.organisation.save()
    assert drawing_of(AchievementVersion.objects.get(pk=draft.pk)) == before


def test_a_new_version_keeps_what_was_chosen_and_follows_the_text_for_the_rest(acme: World, draft: AchievementVersion) -> None:
    choose_art(draft, choices={"icon": "leaf"}, actor=acme.steward)
    publish_version(draft, actor=acme.steward)
    following = begin_version(draft.achievement, actor=acme.steward)
    assert (following.art, following.image_png, following.drawn_svg) == ({"icon": "leaf"}, "", "")


def test_what_the_first_generator_drew_stays_and_its_next_version_is_of_the_second(acme: World, draft: AchievementVersion) -> None:
    publish_version(draft, actor=acme.steward)
    plain = store.put(b"<svg>the first generator drew this</svg>")
    AchievementVersion.objects.filter(pk=draft.pk).update(art=None, drawn_svg=plain)
    draft.refresh_from_db()
    assert is_first_generation(draft)
    following = begin_version(draft.achievement, actor=acme.steward)
    publish_version(following, actor=acme.steward)
    draft.refresh_from_db()
    assert store.get(draft.drawn_svg) == b"<svg>the first generator drew this</svg>"
    assert following.art is not None
    assert following.art["art_version"] == 2


def test_nothing_is_rasterised_inside_a_transaction(acme: World, draft: AchievementVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    depth: list[int] = []
    outside = len(connection.savepoint_ids)
    monkeypatch.setattr(art, "rasterise", lambda svg: depth.append(len(connection.savepoint_ids)) or b"picture")
    publish_version(draft, actor=acme.steward)
    assert depth == [outside]


def test_what_was_changed_while_it_was_drawn_is_not_published(
    acme: World, draft: AchievementVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = art.finished_drawing

    def slowly(version: AchievementVersion) -> art.Drawn | None:
        result = drawn(version)
        AchievementVersion.objects.filter(pk=version.pk).update(name="Meanwhile")
        return result

    monkeypatch.setattr(actions, "finished_drawing", slowly)
    with pytest.raises(Conflict, match="very moment"):
        publish_version(draft, actor=acme.steward)
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_an_uploaded_picture_is_published_as_it_is_and_gives_way_to_a_choice(acme: World, draft: AchievementVersion) -> None:
    AchievementVersion.objects.filter(pk=draft.pk).update(image_png=plain_picture())
    draft.refresh_from_db()
    publish_version(draft, actor=acme.steward)
    assert (draft.image_png, draft.drawn_svg, draft.art) == (plain_picture(), "", None)
    following = begin_version(draft.achievement, actor=acme.steward)
    choose_art(following, choices={"icon": "leaf"}, actor=acme.steward)
    assert following.image_png == ""
    draw_picture(following, actor=acme.steward)
    assert following.art == {"icon": "leaf"}


# Pictures in the sizes in which they are shown


@pytest.mark.parametrize(("size", "density", "form"), [(32, 1, "webp"), (96, 2, "png"), (320, 1, "webp")])
def test_a_picture_has_the_size_that_was_asked_for(acme: World, draft: AchievementVersion, size: int, density: int, form: str) -> None:
    publish_version(draft, actor=acme.steward)
    opened = Image.open(io.BytesIO(picture(draft, size=size, density=density, form=form)))
    assert (opened.size, (opened.format or "").lower()) == ((size * density, size * density), form)


def test_small_pictures_are_other_drawings_and_each_is_made_once(
    acme: World, draft: AchievementVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_version(draft, actor=acme.steward)
    sign, compact, full = (picture(draft, size=size, density=density) for size, density in ((32, 2), (64, 1), (64, 2)))
    assert sign != compact != full
    monkeypatch.setattr("hexmark.catalogue.pictures.rasterise", None)
    assert picture(draft, size=64) == compact


def test_an_uploaded_picture_is_made_smaller_and_a_first_one_is_the_same_in_every_size(acme: World, version: AchievementVersion) -> None:
    assert Image.open(io.BytesIO(picture(version, size=48))).size == (48, 48)
    square = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9h-9z" fill="#ff0000"/></svg>'
    AchievementVersion.objects.filter(pk=version.pk).update(drawn_svg=store.put(square))
    version.refresh_from_db()
    for size in (32, 96, 320):
        pixels = Image.open(io.BytesIO(picture(version, size=size, form="png"))).convert("RGB")
        assert pixels.getpixel((size // 2, size // 2)) == (255, 0, 0)
