"""The designer: every choice is shown before it is kept, what cannot be read is refused, and only what the form accepted is drawn."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core import signing
from tests.web.pages import Visitor, text_of
from tests.world import World, plain_picture

from hexmark.catalogue.actions import create_achievement, publish_version
from hexmark.catalogue.art import recipe_of
from hexmark.catalogue.models import AchievementVersion
from hexmark.pressout import MetalName
from hexmark.web.designer import SALT
from hexmark.web.forms.designing import MOST_GLYPHS, glyphs


@pytest.fixture
def draft(acme: World) -> AchievementVersion:
    """An open draft of level 4."""
    version = create_achievement(acme.organisation, name="Data Steward", actor=acme.steward)
    AchievementVersion.objects.filter(pk=version.pk).update(level=4)
    version.refresh_from_db()
    return version


@pytest.fixture
def page(draft: AchievementVersion) -> str:
    """The designer of the draft."""
    return f"/catalogue/{draft.achievement.slug}/design"


GOOD = {
    "title": "Data Steward",
    "domain": "data",
    "metal": "",
    "body": "rays",
    "icon": "leaf",
    "upper_left": "Acme",
    "upper_right": "Took part",
    "lower_left": "Level 4",
    "lower_right": "of 5",
    "arc": "Measured result",
    "pips": "on",
}


def pictures(html: str) -> list[str]:
    return [unescape(src) for src in re.findall(r'src="(/art/[^"]+)"', html)]


def test_the_form_shows_what_the_drawing_has(draft: AchievementVersion, page: str, steward: Visitor) -> None:
    html = steward.get(page).content.decode()
    assert 'value="Data Steward"' in html
    assert 'value="Level 4"' in html
    assert re.search(r'name="icon" value="database" checked', html)
    assert "As suggested: gold" in html
    for place in ("Symbol on its ground", "Title on its plate", "Words on the rim"):
        assert place in html


def test_every_picture_of_the_preview_is_there_and_is_a_drawing(page: str, steward: Visitor) -> None:
    html = steward.get(page).content.decode()
    found = pictures(html)
    assert {re.sub(r"\?.*", "", src) for src in found} == {"/art/full.svg", "/art/compact.svg", "/art/flat.svg", "/art/sheet.svg"}
    for src in set(found):
        response = steward.get(src)
        assert response.content.startswith(b"<svg")
        assert response.headers["Cache-Control"] == "private, max-age=86400, immutable"
        assert "sandbox" in response.headers["Content-Security-Policy"]


def test_show_shows_and_keeps_nothing(draft: AchievementVersion, page: str, steward: Visitor) -> None:
    before = pictures(steward.get(page).content.decode())
    shown = steward.post(page, GOOD | {"show": "1"})
    assert shown.status_code == 200
    assert pictures(shown.content.decode()) != before
    assert "Words above the symbol" in text_of(shown)
    draft.refresh_from_db()
    assert draft.art is None


def test_a_change_is_previewed_without_the_rest_of_the_page(page: str, steward: Visitor) -> None:
    shown = steward.post(page, GOOD, HTTP_HX_REQUEST="true").content.decode()
    assert shown.lstrip().startswith('<div id="design-preview"')
    assert "<html" not in shown
    assert len(pictures(shown)) == 7


def test_what_is_kept_is_what_differs_from_the_suggestion(draft: AchievementVersion, page: str, steward: Visitor) -> None:
    response = steward.post(page, GOOD | {"save": "1"})
    assert response.status_code == 302
    draft.refresh_from_db()
    assert draft.art == {"icon": "leaf", "arc": "Measured result"}
    assert 'value="Measured result"' in steward.get(page).content.decode()


def test_suggest_goes_back_to_what_the_text_says_and_keeps_nothing(draft: AchievementVersion, page: str, steward: Visitor) -> None:
    steward.post(page, GOOD | {"save": "1"})
    shown = steward.post(page, GOOD | {"suggest": "1"}).content.decode()
    assert re.search(r'name="icon" value="database" checked', shown)
    draft.refresh_from_db()
    assert draft.art == {"icon": "leaf", "arc": "Measured result"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"metal": "ruby", "body": "spun"}, "contrast of"),
        ({"arc": "データ"}, "no letters"),
        ({"icon": "no-such-glyph"}, "Choose one of the symbols"),
        ({"title": ""}, "This field is required"),
        ({"title": "x" * 201}, "at most 200"),
        ({"upper_left": "x" * 25}, "at most 24"),
        ({"domain": "nothing"}, "not one of the available choices"),
        ({"title": "a\x00b"}, "Null characters"),
    ],
)
@pytest.mark.parametrize("how", ["save", "show"])
def test_what_cannot_be_read_or_drawn_is_refused_with_the_reason_and_nothing_is_lost(
    draft: AchievementVersion, page: str, steward: Visitor, change: dict[str, str], sentence: str, how: str
) -> None:
    response = steward.post(page, GOOD | change | {how: "1"})
    assert response.status_code in (200, 422)
    assert "It cannot look like this" in text_of(response)
    assert sentence in text_of(response)
    assert 'value="Took part"' in response.content.decode()
    draft.refresh_from_db()
    assert draft.art is None


def test_outside_a_ladder_no_studs_are_offered(acme: World, steward: Visitor) -> None:
    version = create_achievement(acme.organisation, name="Helper", actor=acme.steward)
    page = f"/catalogue/{version.achievement.slug}/design"
    html = steward.get(page).content.decode()
    assert 'name="pips"' not in html
    assert "As suggested: titanium" in html
    steward.post(page, GOOD | {"title": "Helper", "save": "1"})
    version.refresh_from_db()
    assert recipe_of(version).metal == MetalName.TITANIUM
    assert not recipe_of(version).pips


def test_an_uploaded_picture_gives_way_only_when_a_design_is_kept(draft: AchievementVersion, page: str, steward: Visitor) -> None:
    AchievementVersion.objects.filter(pk=draft.pk).update(image_png=plain_picture())
    assert "a picture of your own" in text_of(steward.get(page))
    steward.post(page, GOOD | {"show": "1"})
    draft.refresh_from_db()
    assert draft.image_png
    steward.post(page, GOOD | {"save": "1"})
    draft.refresh_from_db()
    assert not draft.image_png


def test_what_is_published_has_no_designer(acme: World, version: AchievementVersion, steward: Visitor) -> None:
    response = steward.get(f"/catalogue/{version.achievement.slug}/design")
    assert response.status_code == 302
    assert response.headers["Location"] == f"/catalogue/{version.achievement.slug}"


def test_only_editors_of_the_organisation_design(acme: World, globex: World, page: str, member: Visitor) -> None:
    for visitor in (member, Visitor(globex.steward_person)):
        for address in (page, f"{page}/glyphs?find=leaf"):
            assert visitor.get(address).status_code == 404
        assert visitor.post(page, GOOD | {"save": "1"}).status_code == 404


def test_what_was_chosen_is_what_is_published(acme: World, draft: AchievementVersion, page: str, steward: Visitor) -> None:
    steward.post(page, GOOD | {"save": "1"})
    text = {"description": "Answers for data.", "criteria": "Own a domain for two quarters."}
    AchievementVersion.objects.filter(pk=draft.pk).update(**text)
    publish_version(draft, actor=acme.steward)
    assert draft.art is not None
    assert (draft.art["icon"], draft.art["arc"]) == ("leaf", "Measured result")


# Previews


@pytest.mark.parametrize("recipe", ["", "x", "e30:forged:signature", "a" * 9000])
def test_only_what_we_signed_is_drawn(page: str, steward: Visitor, recipe: str) -> None:
    assert steward.get("/art/full.svg", {"recipe": recipe}).status_code == 404


def test_a_signature_for_something_else_or_of_long_ago_draws_nothing(page: str, steward: Visitor) -> None:
    src = pictures(steward.get(page).content.decode())[0]
    members = signing.loads(src.split("recipe=")[1], salt=SALT)
    assert steward.get("/art/full.svg", {"recipe": signing.dumps(members, salt="another")}).status_code == 404
    assert steward.get("/art/poster.svg", {"recipe": signing.dumps(members, salt=SALT)}).status_code == 404
    assert steward.get("/art/full.svg", {"recipe": signing.dumps({**members, "icon": "gone"}, salt=SALT)}).status_code == 404


def test_looking_has_a_limit(page: str, steward: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hexmark.web.designer.LOOKS", "2/m/key")
    answers = [steward.post(page, GOOD, HTTP_HX_REQUEST="true").status_code for _ in range(3)]
    assert answers == [200, 200, 429]


# Glyphs


def test_a_glyph_is_found_by_its_name_and_by_what_it_stands_for(page: str, steward: Visitor) -> None:
    html = steward.get(f"{page}/glyphs", {"find": "leaf", "icon": "database"}).content.decode()
    assert re.search(r'value="database" checked', html)
    assert 'value="leaf"' in html
    assert "No symbol is called that" in steward.get(f"{page}/glyphs", {"find": "qqqq", "icon": "database"}).content.decode()


def test_without_words_the_commonest_are_offered_and_never_too_many() -> None:
    assert glyphs("", "anchor")[0] == "anchor"
    assert len(glyphs("", "anchor")) > 30
    assert len(glyphs("e", "anchor")) <= MOST_GLYPHS
    assert glyphs("qqqq", "not-there") == []


def test_all_glyphs_come_in_one_file_that_may_be_kept(visitor: Visitor) -> None:
    response = visitor.get("/art/glyphs")
    assert response.content.count(b"<symbol ") == 315
    assert response.headers["Cache-Control"].startswith("public")
