"""The editor of a draft: nothing typed is lost, nothing published is changed, and the picture follows."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from tests.web.pages import Visitor, errors_beside, text_of
from tests.world import World

from hexmark.access import Access
from hexmark.catalogue.actions import create_achievement, publish_version
from hexmark.catalogue.models import AchievementVersion, Alignment
from hexmark.events.models import Event
from hexmark.people.actions import grant_access
from hexmark.web.uploads import MOST_BYTES

URL = "/catalogue/data-steward"
PICTURE = f"{URL}/picture"


def picture(width: int = 400, height: int = 400, kind: str = "PNG") -> bytes:
    """A picture of one colour."""
    output = io.BytesIO()
    Image.new("RGB", (width, height), "#851a2b").save(output, format=kind)
    return output.getvalue()


def given(**changed: Any) -> dict[str, Any]:
    """The whole form as a browser sends it."""
    skills = changed.pop("skills", [])
    rows: dict[str, Any] = {"alignment-TOTAL_FORMS": len(skills) + 1, "alignment-INITIAL_FORMS": changed.pop("initial", 0)}
    for number, skill in enumerate([*skills, {}]):
        rows |= {
            f"alignment-{number}-{name}": skill.get(name, "") for name in ("target_name", "target_url", "target_code", "target_framework")
        }
        rows |= {f"alignment-{number}-{name}": value for name, value in skill.items() if name in ("id", "DELETE")}
    typed = {
        "name": "Data Steward",
        "description": "Answers for one area of data.",
        "criteria": "Own a data domain for two quarters and meet its targets.",
        "assurance": "A3",
        "level": "4",
        "achievement_type": "Badge",
        "validity_months": "24",
        "tags": "data, governance",
        "language": "en",
    }
    return typed | rows | changed


@pytest.fixture
def draft(acme: World) -> AchievementVersion:
    """A draft of acme's with a name and nothing more."""
    return create_achievement(acme.organisation, name="Data Steward", actor=acme.steward)


def test_the_editor_says_what_is_missing_before_publishing(draft: AchievementVersion, steward: Visitor) -> None:
    response = steward.get(URL)
    page = text_of(response)
    assert "Before publishing" in page
    assert 'href="#id_criteria"' in response.content.decode()
    assert "Nobody else sees it yet" in page


def test_saving_keeps_everything(draft: AchievementVersion, steward: Visitor) -> None:
    skill = {"target_name": "Data governance", "target_url": "https://skills.example/dg", "target_code": "DG-1", "target_framework": "ESCO"}
    response = steward.post(URL, given(skills=[skill]))
    assert response.headers["Location"] == URL
    draft.refresh_from_db()
    assert (draft.description, draft.assurance, draft.level) == ("Answers for one area of data.", "A3", 4)
    assert (draft.validity_months, draft.tags) == (24, ["data", "governance"])
    assert draft.state == AchievementVersion.State.DRAFT
    assert draft.alignments.values_list("target_name", "target_code").get() == ("Data governance", "DG-1")
    page = text_of(steward.get(URL))
    assert "Saved." in page
    assert "Ready to publish" in page


def test_a_draft_may_be_saved_while_things_are_missing(draft: AchievementVersion, steward: Visitor) -> None:
    assert steward.post(URL, given(description="", criteria="")).status_code == 302


def test_publishing_with_something_missing_saves_and_says_what(draft: AchievementVersion, steward: Visitor) -> None:
    response = steward.post(URL, given(criteria="", publish="1"))
    assert response.status_code == 422
    assert "Say how to earn it" in errors_beside(response, "id_criteria")
    draft.refresh_from_db()
    assert draft.state == AchievementVersion.State.DRAFT
    assert draft.description == "Answers for one area of data."


def test_saving_and_publishing_publishes(draft: AchievementVersion, steward: Visitor) -> None:
    assert steward.post(URL, given(publish="1")).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.kind) == ("published", "assessed")
    assert draft.image_png
    page = text_of(steward.get(URL))
    assert "“Data Steward” is published and can be awarded." in page
    assert "Award it" in page


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "required"),
        ("name", "x" * 121, "at most 120"),
        ("level", "9", "not one of the available choices"),
        ("validity_months", "0", "greater than or equal to 1"),
        ("validity_months", "many", "whole number"),
        ("tags", ", ".join(str(n) for n in range(21)), "Up to 20 tags"),
        ("language", "English!", "language code"),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_everything_typed_is_kept(
    draft: AchievementVersion, steward: Visitor, field: str, value: str, says: str
) -> None:
    response = steward.post(URL, given(**{field: value}))
    assert response.status_code == 422
    assert says in errors_beside(response, f"id_{field}")
    assert "Own a data domain for two quarters" in text_of(response)
    draft.refresh_from_db()
    assert draft.description == ""


def test_the_heading_keeps_the_saved_name_while_the_field_holds_the_typed_one(draft: AchievementVersion, steward: Visitor) -> None:
    response = steward.post(URL, given(name=""))
    assert "<h1>Data Steward</h1>" in response.content.decode()


def test_a_skill_that_is_none_of_ones_own_and_has_no_address_is_said_beside_it(draft: AchievementVersion, steward: Visitor) -> None:
    response = steward.post(URL, given(skills=[{"target_name": "Data governance"}]))
    assert response.status_code == 422
    assert "There is no skill “Data governance”" in errors_beside(response, "id_alignment-0-target_url")
    assert 'value="Data governance"' in response.content.decode()
    assert not Alignment.objects.exists()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "no address"])
def test_a_skill_links_to_web_addresses_only(draft: AchievementVersion, steward: Visitor, address: str) -> None:
    assert steward.post(URL, given(skills=[{"target_name": "X", "target_url": address}])).status_code == 422


def test_a_skill_is_removed_by_its_tick(draft: AchievementVersion, steward: Visitor) -> None:
    skill = Alignment.objects.create(version=draft, target_name="Old", target_url="https://skills.example/old")
    row = {"id": skill.pk, "target_name": "Old", "target_url": skill.target_url, "DELETE": "on"}
    assert steward.post(URL, given(skills=[row], initial=1)).status_code == 302
    assert not Alignment.objects.exists()


def test_a_skill_that_was_saved_by_a_refused_publication_is_not_saved_twice(draft: AchievementVersion, steward: Visitor) -> None:
    row = {"target_name": "Data governance", "target_url": "https://skills.example/dg"}
    for _ in range(2):
        # The form comes back with what was typed, and is sent once more as it stands.
        steward.post(URL, given(skills=[row], criteria="", publish="1"))
    assert Alignment.objects.count() == 1


def test_what_is_saved_is_recorded_with_its_picture(acme: World, draft: AchievementVersion, steward: Visitor) -> None:
    steward.post(URL, given(picture=SimpleUploadedFile("own.png", picture())))
    recorded = Event.objects.filter(event_type="achievement.draft_changed").order_by("pk")
    assert [event.data["changed"][-1] for event in recorded] == ["validity_months", "picture"]
    assert {event.actor_person_id for event in recorded} == {acme.steward_person.pk}


def test_a_skill_of_another_draft_cannot_be_reached_through_this_one(
    acme: World, draft: AchievementVersion, steward: Visitor, globex: World
) -> None:
    other = create_achievement(globex.organisation, name="Theirs", actor=globex.steward)
    skill = Alignment.objects.create(version=other, target_name="Theirs", target_url="https://skills.example/theirs")
    row = {"id": skill.pk, "target_name": "Stolen", "target_url": skill.target_url}
    steward.post(URL, given(skills=[row], initial=1))
    skill.refresh_from_db()
    assert (skill.target_name, skill.version) == ("Theirs", other)


def test_a_form_without_its_row_count_is_refused_and_changes_nothing(draft: AchievementVersion, steward: Visitor) -> None:
    typed = {name: value for name, value in given().items() if not name.startswith("alignment-")}
    assert steward.post(URL, typed).status_code == 422
    draft.refresh_from_db()
    assert draft.description == ""


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_of_ones_own_is_shown(draft: AchievementVersion, steward: Visitor, kind: str) -> None:
    steward.post(URL, given(picture=SimpleUploadedFile("own.bin", picture(kind=kind))))
    shown = steward.get(PICTURE)
    assert shown.headers["Content-Type"] == "image/png"
    assert "Your own picture." in text_of(steward.get(URL))
    steward.post(URL, given(draw_again="on"))
    assert steward.get(PICTURE).headers["Content-Type"] == "image/svg+xml"


@pytest.mark.parametrize(
    ("upload", "says"),
    [
        (picture(400, 300), "must be square"),
        (picture(300, 300), "at least 400 pixels"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a PNG or JPEG"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "not a PNG or JPEG"),
        (b"\x00" * (MOST_BYTES + 10), "larger than 5 MB"),
    ],
    ids=["not square", "small", "svg", "damaged", "huge"],
)
def test_a_picture_that_cannot_be_used_is_said_so_and_the_text_is_kept(
    draft: AchievementVersion, steward: Visitor, upload: bytes, says: str
) -> None:
    response = steward.post(URL, given(picture=SimpleUploadedFile("own.png", upload)))
    assert response.status_code == 422
    assert says in errors_beside(response, "id_picture")
    assert "Own a data domain for two quarters" in text_of(response)
    draft.refresh_from_db()
    assert (draft.description, draft.image_png) == ("", "")


def test_the_picture_shows_how_it_would_look(draft: AchievementVersion, steward: Visitor) -> None:
    steel = steward.get(PICTURE, {"name": "Data Steward", "level": "1", "tags": ""})
    gold = steward.get(PICTURE, {"name": "Data Steward", "level": "4", "tags": ""})
    assert steel.headers["Content-Type"] == gold.headers["Content-Type"] == "image/svg+xml"
    assert steel.content != gold.content
    draft.refresh_from_db()
    assert draft.level == 0


@pytest.mark.parametrize("query", [{"name": ""}, {"name": "x" * 500}, {"name": "X", "level": "99"}, {"name": "X\x01"}])
def test_what_cannot_be_drawn_is_not(draft: AchievementVersion, steward: Visitor, query: dict[str, str]) -> None:
    assert steward.get(PICTURE, query).status_code == 404


def test_a_drawing_cannot_carry_markup_or_scripts(draft: AchievementVersion, steward: Visitor) -> None:
    response = steward.get(PICTURE, {"name": "<script>alert(1)</script>", "level": "1"})
    assert b"<script" not in response.content
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "private, no-cache"


def test_a_form_left_open_does_not_change_what_was_published_meanwhile(acme: World, draft: AchievementVersion, steward: Visitor) -> None:
    steward.post(URL, given())
    draft.refresh_from_db()
    publish_version(draft, actor=acme.steward)
    response = steward.post(URL, given(name="Renamed"))
    assert response.status_code == 409
    assert "published meanwhile" in text_of(response)
    draft.refresh_from_db()
    assert (draft.name, draft.state) == ("Data Steward", "published")


def test_a_programme_owner_edits_and_publishes(acme: World, draft: AchievementVersion) -> None:
    grant_access(acme.manager_person, access=Access.PROGRAMME_OWNER, actor=acme.system)
    assert Visitor(acme.manager_person).post(URL, given(publish="1")).status_code == 302


def test_long_texts_are_shown_whole(draft: AchievementVersion, steward: Visitor) -> None:
    name = "Ausbildereignungsprüfungsvorbereitungs" * 3
    steward.post(URL, given(name=name, description="Wort " * 199))
    assert name in text_of(steward.get(URL))
