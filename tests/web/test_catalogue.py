"""The catalogue: the list, reading, publishing, retiring, and the next version."""

from __future__ import annotations

import pytest
from tests.web.pages import Visitor, text_of
from tests.world import World

from hexmark.access import Access
from hexmark.catalogue.actions import begin_version, create_achievement, retire_version
from hexmark.catalogue.models import Achievement, AchievementVersion
from hexmark.files import store
from hexmark.people.actions import grant_access
from hexmark.people.models import Person

State = AchievementVersion.State


def test_an_empty_catalogue_says_what_it_is_for_and_offers_to_begin(steward: Visitor) -> None:
    page = text_of(steward.get("/catalogue"))
    assert "Nothing to achieve yet" in page
    assert "Define the first one" in page


def test_an_empty_catalogue_offers_a_member_nothing_to_press(member: Visitor) -> None:
    page = text_of(member.get("/catalogue"))
    assert "When Acme publishes something" in page
    assert "Define" not in page


def test_the_catalogue_shows_names_meanings_and_pictures(acme: World, member: Visitor) -> None:
    acme.achievement("Data Steward", assurance="A3", level=4)
    response = member.get("/catalogue")
    page = text_of(response)
    assert "Data Steward Evidence judged Level 4" in page
    assert 'src="/b/data-steward/1/image/128.webp"' in response.content.decode()


def test_members_see_what_is_published_and_editors_see_drafts_too(acme: World, steward: Visitor, member: Visitor) -> None:
    acme.achievement("Known")
    create_achievement(acme.organisation, name="Secret Plan", actor=acme.steward)
    assert "Secret Plan" not in text_of(member.get("/catalogue"))
    assert member.get("/catalogue/secret-plan").status_code == 404
    assert member.get("/catalogue/secret-plan/picture").status_code == 404
    assert "Secret Plan" in text_of(steward.get("/catalogue"))


@pytest.mark.parametrize("query", [{}, {"name": "Renamed", "level": "5", "tags": ""}])
def test_a_published_version_shows_the_picture_that_was_stored_at_its_publication(
    acme: World, member: Visitor, steward: Visitor, query: dict[str, str]
) -> None:
    drawn = acme.achievement("Data Steward")
    AchievementVersion.objects.filter(pk=drawn.pk).update(drawn_svg=store.put(b"<svg>as it was drawn then</svg>"))
    uploaded = acme.achievement("Safety Champion")
    for visitor in (member, steward):
        shown = visitor.get("/catalogue/data-steward/picture", query)
        assert (shown.content, shown.headers["Content-Type"]) == (b"<svg>as it was drawn then</svg>", "image/svg+xml")
        shown = visitor.get("/catalogue/safety-champion/picture", query)
        assert (shown.content, shown.headers["Content-Type"]) == (store.get(uploaded.image_png), "image/png")


def test_a_draft_of_the_next_version_changes_nothing_for_members(acme: World, version: AchievementVersion, member: Visitor) -> None:
    draft = begin_version(version.achievement, actor=acme.steward)
    AchievementVersion.objects.filter(pk=draft.pk).update(name="Renamed in secret")
    page = text_of(member.get("/catalogue"))
    assert "Safety Champion" in page
    assert "Renamed" not in page
    assert "Draft" not in page
    assert "Renamed" not in text_of(member.get("/catalogue/safety-champion"))


def test_a_long_catalogue_can_be_searched_by_name_meaning_and_tag(acme: World, steward: Visitor) -> None:
    assert "Search" not in text_of(steward.get("/catalogue"))
    for number in range(13):
        acme.achievement(f"Subject {number}", tags=["welding"] if number == 7 else [])
    assert "Search" in text_of(steward.get("/catalogue"))
    found = text_of(steward.get("/catalogue?q=WELD"))
    assert "Subject 7" in found
    assert "Subject 8" not in found
    nothing = text_of(steward.get("/catalogue?q=<b>knitting"))
    assert "Nothing matches “<b>knitting”" in nothing


def test_a_name_is_enough_to_begin(acme: World, steward: Visitor) -> None:
    assert "New badge" in text_of(steward.get("/catalogue/new"))
    response = steward.post("/catalogue/new", {"name": "Data Steward"})
    assert response.headers["Location"] == "/catalogue/data-steward"
    assert AchievementVersion.objects.get().state == State.DRAFT


@pytest.mark.parametrize(("name", "says"), [("", "required"), ("x" * 121, "at most 120")])
def test_a_name_that_cannot_be_is_said_so(steward: Visitor, name: str, says: str) -> None:
    response = steward.post("/catalogue/new", {"name": name})
    assert response.status_code == 422
    assert says in text_of(response)
    assert not Achievement.objects.exists()


def test_an_achievement_called_new_does_not_stand_where_the_form_stands(steward: Visitor) -> None:
    location = steward.post("/catalogue/new", {"name": "New"}).headers["Location"]
    assert location == "/catalogue/new-2"
    assert 'value="New"' in steward.get(location).content.decode()


def test_a_published_achievement_is_there_to_read(acme: World, version: AchievementVersion, member: Visitor) -> None:
    page = text_of(member.get("/catalogue/safety-champion"))
    assert "Lead four toolbox talks" in page
    assert "How to earn it" in page
    for word in ("Award it", "Change it", "Retire"):
        assert word not in page


def test_whoever_runs_programmes_may_award_change_and_retire(acme: World, version: AchievementVersion, steward: Visitor) -> None:
    page = steward.get("/catalogue/safety-champion")
    for word in ("Award it", "Change it", "Retire", "Public page"):
        assert word in text_of(page)
    assert 'href="/award?what=safety-champion"' in page.content.decode()


def test_a_change_begins_a_draft_and_leaves_the_published_version(acme: World, version: AchievementVersion, steward: Visitor) -> None:
    assert steward.post("/catalogue/safety-champion/new-version").status_code == 302
    page = text_of(steward.get("/catalogue/safety-champion"))
    assert "Draft of version 2" in page
    assert "Version 1 is published until you publish this one" in page
    version.refresh_from_db()
    assert version.state == State.PUBLISHED


def test_asking_for_a_draft_twice_opens_the_one_that_is_there(version: AchievementVersion, steward: Visitor) -> None:
    for _ in range(2):
        assert steward.post("/catalogue/safety-champion/new-version").headers["Location"] == "/catalogue/safety-champion"
    assert AchievementVersion.objects.count() == 2


def test_retiring_asks_first(version: AchievementVersion, steward: Visitor) -> None:
    assert "Retire “Safety Champion”?" in text_of(steward.get("/catalogue/safety-champion/retire"))
    version.refresh_from_db()
    assert version.state == State.PUBLISHED
    steward.post("/catalogue/safety-champion/retire")
    version.refresh_from_db()
    assert version.state == State.RETIRED
    assert "Retired" in text_of(steward.get("/catalogue/safety-champion"))


def test_retiring_twice_is_a_conflict_that_says_so(acme: World, version: AchievementVersion, steward: Visitor) -> None:
    retire_version(version, actor=acme.steward)
    response = steward.post("/catalogue/safety-champion/retire")
    assert response.status_code == 409
    assert "Only a published version can be retired" in text_of(response)


def test_discarding_the_first_draft_leaves_no_trace_in_the_catalogue(acme: World, steward: Visitor) -> None:
    create_achievement(acme.organisation, name="Mistake", actor=acme.steward)
    assert "Discard the draft of “Mistake”?" in text_of(steward.get("/catalogue/mistake/discard"))
    assert steward.post("/catalogue/mistake/discard").headers["Location"] == "/catalogue"
    assert not Achievement.objects.exists()


def test_discarding_a_later_draft_leaves_what_is_published(acme: World, version: AchievementVersion, steward: Visitor) -> None:
    begin_version(version.achievement, actor=acme.steward)
    steward.post("/catalogue/safety-champion/discard")
    assert list(AchievementVersion.objects.values_list("number", "state")) == [(1, State.PUBLISHED)]


def test_what_is_published_cannot_be_discarded(version: AchievementVersion, steward: Visitor) -> None:
    assert steward.post("/catalogue/safety-champion/discard").status_code == 409
    assert AchievementVersion.objects.count() == 1


@pytest.mark.parametrize("act", ["retire", "new-version", "discard"])
def test_a_member_changes_nothing(acme: World, version: AchievementVersion, member: Visitor, act: str) -> None:
    assert member.post(f"/catalogue/safety-champion/{act}").status_code == 404
    assert member.post("/catalogue/safety-champion", {"name": "Mine"}).status_code == 404
    assert member.get("/catalogue/new").status_code == 404
    version.refresh_from_db()
    assert (version.state, version.name) == (State.PUBLISHED, "Safety Champion")


@pytest.mark.parametrize(("method", "path"), [("get", "new-version"), ("post", "picture"), ("put", "retire")])
def test_other_methods_are_refused(version: AchievementVersion, steward: Visitor, method: str, path: str) -> None:
    assert getattr(steward, method)(f"/catalogue/safety-champion/{path}").status_code == 405


def test_a_programme_owner_runs_the_catalogue(acme: World, version: AchievementVersion) -> None:
    grant_access(acme.manager_person, access=Access.PROGRAMME_OWNER, actor=acme.system)
    owner = Visitor(Person.objects.get(pk=acme.manager_person.pk))
    assert "Change it" in text_of(owner.get("/catalogue/safety-champion"))
    assert owner.post("/catalogue/new", {"name": "Own"}).status_code == 302
