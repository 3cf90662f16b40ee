"""Pages of catalogue work: preview, duplicate, what changed, health, the table in and out, and the organisation's words."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.pages import Visitor, errors_beside, text_of
from tests.world import World

from hexmark.catalogue.actions import begin_version
from hexmark.catalogue.models import Achievement, AchievementVersion
from hexmark.files.tables import read_table
from hexmark.organisations.models import Organisation

SETTINGS = {
    "name": "Acme",
    "time_zone": "Europe/London",
    "assessed_from": "A3",
    "word_badge": "marvel",
    "word_badge_plural": "marvels",
    "word_unassessed": "token",
    "word_unassessed_plural": "tokens",
    "word_assessed": "diploma",
    "word_assessed_plural": "diplomas",
}


def upload(text: str, name: str = "list.csv") -> dict[str, SimpleUploadedFile]:
    """A dropped list."""
    return {"file": SimpleUploadedFile(name, text.encode())}


def test_a_preview_is_the_public_page_marked_as_one(acme: World, version: AchievementVersion, steward: Visitor, visitor: Visitor) -> None:
    draft = begin_version(version.achievement, actor=acme.steward)
    AchievementVersion.objects.filter(pk=draft.pk).update(description="As nobody has seen it yet.", evidence="A **report**.")
    page = steward.get("/catalogue/safety-champion/preview")
    assert "Preview: nobody else sees this yet" in text_of(page)
    assert "As nobody has seen it yet." in text_of(page)
    assert "<strong>report</strong>" in page.content.decode()
    assert "As nobody has seen it yet." not in text_of(visitor.get("/b/safety-champion"))


def test_without_a_draft_the_preview_is_the_page_itself(version: AchievementVersion, steward: Visitor) -> None:
    assert steward.get("/catalogue/safety-champion/preview").headers["Location"] == "/b/safety-champion"


def test_a_duplicate_opens_in_the_editor(version: AchievementVersion, steward: Visitor) -> None:
    answer = steward.post("/catalogue/safety-champion/duplicate", follow=True)
    assert "This is a copy of “Safety Champion”" in text_of(answer)
    assert answer.request["PATH_INFO"] == "/catalogue/safety-champion-copy"


def test_what_changed_is_shown_for_any_two_versions(acme: World, version: AchievementVersion, steward: Visitor) -> None:
    draft = begin_version(version.achievement, actor=acme.steward)
    AchievementVersion.objects.filter(pk=draft.pk).update(description="Looks after <two> crews.")
    page = steward.get("/catalogue/safety-champion/changes").content.decode()
    assert "<ins>&lt;two&gt;</ins>" in page
    assert "Nothing differs" in text_of(steward.get("/catalogue/safety-champion/changes?from=1&to=1"))
    assert steward.get("/catalogue/safety-champion/changes?from=7").status_code == 404


def test_members_compare_what_was_published_only(acme: World, version: AchievementVersion, member: Visitor) -> None:
    begin_version(version.achievement, actor=acme.steward)
    assert "There is one version" in text_of(member.get("/catalogue/safety-champion/changes"))
    assert member.get("/catalogue/safety-champion/changes?to=2").status_code == 404


def test_health_leads_to_what_can_be_mended(version: AchievementVersion, steward: Visitor) -> None:
    page = text_of(steward.get("/catalogue/health"))
    assert "Hardly says how to earn it" in page
    assert "Begin a new version of Safety Champion" in text_of(steward.get("/catalogue/health?of=criteria"))
    assert steward.get("/catalogue/health?of=nothing").status_code == 404


def test_taking_it_out_of_the_directory_leaves_its_page(version: AchievementVersion, steward: Visitor, visitor: Visitor) -> None:
    answer = steward.post("/catalogue/safety-champion/listing", {"listed": "no"}, follow=True)
    assert "The directory does not name it any more" in text_of(answer)
    assert "Safety Champion" not in text_of(visitor.get("/directory"))
    assert visitor.get("/b/safety-champion").status_code == 200
    steward.post("/catalogue/safety-champion/listing", {"listed": "yes"})
    assert "Safety Champion" in text_of(visitor.get("/directory"))


def test_the_table_that_goes_out_can_come_in_again(acme: World, steward: Visitor) -> None:
    acme.achievement("=Kiln, Safety", roles=["Potter", "Glazer"], effort_minutes=150, level=3, assurance="A3", validity_months=12)
    table = steward.get("/catalogue/export.csv").content
    [row] = read_table(table, file_name="x.csv").rows
    assert (row.values["name"], row.values["effort"], row.values["roles"]) == ("=Kiln, Safety", "2 h 30 min", "Potter, Glazer")
    tried = steward.post("/catalogue/import", {"file": SimpleUploadedFile("x.csv", table.replace(b"=Kiln", b"=Oven"))})
    said = text_of(tried)
    assert "1 new drafts" in said
    assert "mean nothing here" not in said


def test_a_list_is_tried_first_and_then_begun(steward: Visitor) -> None:
    given = "name;level;assurance;effort;roles\nGlazing;2;Examined;90;Potter, Glazer\n;1;;;\nFiring;9;;;\nGlazing;1;;;\n"
    tried = steward.post("/catalogue/import", upload(given))
    said = text_of(tried)
    assert not Achievement.objects.exists(), "nothing is written before somebody says so"
    for word in ("1 new drafts", "1 there already", "2 to mend", "level: Select a valid choice"):
        assert word in said
    carried = tried.context["carried"]
    done = text_of(steward.post("/catalogue/import", {"rows": carried}))
    assert "1 draft begun" in done
    draft = AchievementVersion.objects.get()
    assert (draft.name, draft.level, draft.assurance, draft.effort_minutes) == ("Glazing", 2, "A4", 90)
    assert (draft.roles, draft.state) == (["Potter", "Glazer"], "draft")
    assert "4 Firing" in done, "with the line that a spreadsheet program shows beside it"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("title\nGlazing\n", "no column “name”"),
        ("", "empty"),
        ("name\n" + "".join(f"Thing {n}\n" for n in range(501)), "At most 500"),
        ("name\n" + "x" * (1024 * 1024), "larger than 1 MB"),
    ],
)
def test_a_list_that_cannot_be_read_says_why(steward: Visitor, given: str, sentence: str) -> None:
    answer = steward.post("/catalogue/import", upload(given))
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not Achievement.objects.exists()


def test_the_organisations_words_are_set_by_its_form(acme: World, steward: Visitor) -> None:
    answer = steward.post("/organisation", SETTINGS, follow=True)
    assert "Saved." in text_of(answer)
    assert "My marvels" in text_of(answer)
    kept = Organisation.objects.get(pk=acme.organisation.pk)
    assert (kept.word_assessed_plural, kept.word_unassessed) == ("diplomas", "token")
    assert "Nothing was changed." in text_of(steward.post("/organisation", SETTINGS, follow=True))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("word_badge", " "),
        ("word_assessed", "x" * 41),
        ("word_unassessed", "a\u202eb"),
        ("time_zone", "Mars/Base"),
        ("assessed_from", "A9"),
        ("email", "nobody"),
        ("website", "javascript:alert(1)"),
    ],
)
def test_what_cannot_be_used_is_said_beside_it_and_the_rest_is_kept(acme: World, steward: Visitor, field: str, value: str) -> None:
    answer = steward.post("/organisation", SETTINGS | {field: value, "description": "Makers of kilns."})
    assert answer.status_code == 422
    assert errors_beside(answer, f"id_{field}")
    assert "Makers of kilns." in answer.content.decode()
    assert "My badges" in text_of(answer), "nothing was changed"


def test_members_and_editors_do_not_set_words(acme: World, member: Visitor) -> None:
    assert member.get("/organisation").status_code == 404
    assert member.post("/organisation", SETTINGS).status_code == 404
    assert Organisation.objects.get(pk=acme.organisation.pk).word_badge == "badge"
