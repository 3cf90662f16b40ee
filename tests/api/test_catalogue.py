"""Achievements by the API: from the first draft to retirement."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.api.programs import Program, problem, read
from tests.world import World

from hexmark.access import Scope
from hexmark.catalogue.actions import begin_version, create_achievement
from hexmark.catalogue.models import AchievementVersion, Alignment
from hexmark.events.models import Event

TEXT = {
    "name": "First Aid",
    "description": "Helps first.",
    "criteria": "Attend the course and pass the practical test.",
    "level": 2,
    "tags": ["safety", " safety ", "health"],
    "validity_months": 24,
    "skills": [{"name": "Resuscitation", "url": "https://skills.example/cpr"}],
}


def test_from_draft_to_published_to_retired(full: Program) -> None:
    answer = full.call("POST", "/achievements", TEXT)
    draft = read(answer, 201)
    assert answer.headers["Location"] == "/api/v1/achievements/first-aid/versions/1"
    assert (draft["state"], draft["tags"], draft["skills"][0]["name"]) == ("draft", ["safety", "health"], "Resuscitation")
    published = read(full.call("POST", "/achievements/first-aid/versions/1/publish"))
    assert (published["state"], published["image_url"]) == ("published", "https://badges.acme.example/b/first-aid/1/image")
    assert read(full.call("GET", "/achievements/first-aid"))["published"] == 1
    assert read(full.call("POST", "/achievements/first-aid/versions/1/retire"))["state"] == "retired"
    assert read(full.call("GET", "/achievements/first-aid"))["published"] is None


def test_what_is_missing_for_publication_is_named(full: Program) -> None:
    read(full.call("POST", "/achievements", {"name": "Empty"}), 201)
    [error] = problem(full.call("POST", "/achievements/empty/versions/1/publish"), 422, "invalid")["errors"]
    assert error["pointer"] == "/description"


def test_a_change_of_a_draft_says_only_what_changes(full: Program) -> None:
    full.call("POST", "/achievements", TEXT)
    path = "/achievements/first-aid/versions/1"
    changed = read(full.call("PATCH", path, {"validity_months": None, "level": 3}))
    assert (changed["validity_months"], changed["level"], changed["name"]) == (None, 3, "First Aid")
    assert changed["skills"] == [{"name": "Resuscitation", "url": "https://skills.example/cpr", "code": "", "framework": ""}]
    assert read(full.call("PATCH", path, {"skills": []}))["skills"] == []


def test_skills_that_stay_keep_their_rows_and_saving_the_same_records_nothing(full: Program) -> None:
    full.call("POST", "/achievements", TEXT)
    [kept] = Alignment.objects.values_list("pk", flat=True)
    events = Event.objects.count()
    read(full.call("PATCH", "/achievements/first-aid/versions/1", {"skills": TEXT["skills"], "level": 2}))
    assert [*Alignment.objects.values_list("pk", flat=True)] == [kept]
    assert Event.objects.count() == events


def test_what_is_published_never_changes(full: Program, version: AchievementVersion) -> None:
    path = f"/achievements/{version.achievement.slug}/versions/1"
    problem(full.call("PATCH", path, {"name": "Other"}), 409, "conflict")
    problem(full.call("DELETE", path), 409, "conflict")
    problem(full.call("POST", f"{path}/publish"), 409, "conflict")


def test_the_next_version_begins_with_the_text_of_the_latest(full: Program, version: AchievementVersion) -> None:
    path = f"/achievements/{version.achievement.slug}/versions"
    begun = read(full.call("POST", path), 201)
    assert (begun["number"], begun["state"], begun["criteria"]) == (2, "draft", version.criteria)
    problem(full.call("POST", path), 409, "conflict")
    assert full.call("DELETE", f"{path}/2").status_code == 204
    problem(full.call("GET", f"{path}/2"), 404, "not-found")


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "x" * 121}, "/name"),
        ({"level": 6}, "/level"),
        ({"level": "3"}, "/level"),
        ({"level": True}, "/level"),
        ({"assurance": "A9"}, "/assurance"),
        ({"achievement_type": "Nonsense"}, "/achievement_type"),
        ({"language": "english!"}, "/language"),
        ({"tags": ["x"] * 21}, "/tags"),
        ({"tags": ["x" * 41]}, "/tags/0"),
        ({"skills": [{"name": "A"}]}, "/skills/0/url"),
        ({"validity_months": 0}, "/validity_months"),
        ({"state": "published"}, "/state"),
    ],
)
def test_what_cannot_stand_in_a_draft_is_pointed_at(full: Program, given: dict[str, object], pointer: str) -> None:
    full.call("POST", "/achievements", TEXT)
    errors = problem(full.call("PATCH", "/achievements/first-aid/versions/1", given), 422, "invalid")["errors"]
    assert [error["pointer"] for error in errors] == [pointer]


def test_drafts_are_for_keys_that_may_edit(program: Callable[..., Program], acme: World, version: AchievementVersion) -> None:
    create_achievement(acme.organisation, name="Secret Plan", actor=acme.steward)
    begin_version(version.achievement, actor=acme.steward)
    reader, editor = program(Scope.BADGE_READ), program(Scope.BADGE_READ, Scope.CATALOGUE_WRITE)
    assert [one["slug"] for one in read(reader.call("GET", "/achievements"))["items"]] == ["safety-champion"]
    assert [one["slug"] for one in read(editor.call("GET", "/achievements"))["items"]] == ["safety-champion", "secret-plan"]
    problem(reader.call("GET", "/achievements/secret-plan"), 404, "not-found")
    problem(reader.call("GET", "/achievements/safety-champion/versions/2"), 404, "not-found")
    assert [one["number"] for one in read(editor.call("GET", "/achievements/safety-champion"))["versions"]] == [2, 1]


def test_achievements_are_found_by_words_and_by_whether_they_can_be_awarded(full: Program, acme: World) -> None:
    acme.achievement("Welding")
    full.call("POST", "/achievements", TEXT)
    assert [one["slug"] for one in read(full.call("GET", "/achievements?q=WELD"))["items"]] == ["welding"]
    assert [one["slug"] for one in read(full.call("GET", "/achievements?awardable=true"))["items"]] == ["welding"]


@pytest.mark.parametrize("number", ["0", "7", "99999999999999999999999"])
def test_a_version_that_never_was_is_not_found(full: Program, version: AchievementVersion, number: str) -> None:
    problem(full.call("GET", f"/achievements/{version.achievement.slug}/versions/{number}"), 404, "not-found")


def test_a_list_asks_the_database_a_bounded_number_of_times(
    full: Program, acme: World, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for number in range(12):
        acme.achievement(f"Subject {number}")
    full.call("GET", "/key")
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        assert len(read(full.call("GET", "/achievements"))["items"]) == 12
