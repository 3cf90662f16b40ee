"""Awarding in three fields, and the run that follows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.web.pages import Visitor, errors_beside, text_of
from tests.world import World, run_jobs

from hexmark.access import Access
from hexmark.awarding import actions
from hexmark.awarding.models import Award, AwardRun
from hexmark.catalogue.models import AchievementVersion
from hexmark.issuing.models import Credential
from hexmark.people.actions import end_access, grant_access
from hexmark.people.models import Person

HTMX = {"HX-Request": "true"}


def given(version: AchievementVersion, **changed: Any) -> dict[str, Any]:
    """The three fields."""
    return {"to": "member@acme.example", "version": version.pk, "narrative": "Led four toolbox talks this spring."} | changed


def awarded(visitor: Visitor, version: AchievementVersion, **changed: Any) -> AwardRun:
    """The run of a good form."""
    response = visitor.post("/award", given(version, **changed))
    assert response.status_code == 302, text_of(response)
    return AwardRun.objects.get(public_id=response.headers["Location"].removeprefix("/runs/"))


def test_without_anything_published_the_page_leads_to_the_catalogue(steward: Visitor) -> None:
    page = text_of(steward.get("/award"))
    assert "Nothing can be awarded yet" in page
    assert "Open the catalogue" in page


def test_a_link_from_the_catalogue_has_chosen_what_already(version: AchievementVersion, steward: Visitor) -> None:
    assert f'<option value="{version.pk}" selected>' in steward.get("/award?what=safety-champion").content.decode()
    assert "selected" not in steward.get("/award?what=unknown").content.decode().replace('value="" selected', "")


def test_whom_what_and_why_make_a_run_that_can_be_undone(version: AchievementVersion, steward: Visitor) -> None:
    run = awarded(steward, version)
    page = steward.get(f"/runs/{run.public_id}")
    assert "Awarded to one person. Sends in 10 minutes." in text_of(page)
    assert f'action="/runs/{run.public_id}/undo"' in page.content.decode()
    assert not Credential.objects.exists()
    assert run.narrative == "Led four toolbox talks this spring."


def test_somebody_new_is_added_by_name_and_address(acme: World, version: AchievementVersion, steward: Visitor) -> None:
    awarded(steward, version, to="Ben Lund <ben@acme.example>\nmember@acme.example")
    assert Person.objects.get(email="ben@acme.example").name == "Ben Lund"
    assert Award.objects.count() == 2


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("", "Name at least one person"),
        ("no address", "holds no e-mail address"),
        ("nobody@acme.example", "Nobody here has the address nobody@acme.example. Put their name in front"),
        ("a@b@c", "is not an e-mail address"),
    ],
)
def test_an_addressee_that_cannot_be_is_said_beside_the_field(version: AchievementVersion, steward: Visitor, to: str, says: str) -> None:
    response = steward.post("/award", given(version, to=to))
    assert response.status_code == 422
    assert says in errors_beside(response, "id_to")
    assert "Led four toolbox talks this spring." in text_of(response)
    assert not AwardRun.objects.exists()


def test_what_must_be_chosen_and_be_ones_own(globex: World, version: AchievementVersion, steward: Visitor) -> None:
    theirs = globex.achievement("Theirs")
    for chosen in ("", theirs.pk, "999999", "x"):
        response = steward.post("/award", given(version) | {"version": chosen})
        assert response.status_code == 422
        assert errors_beside(response, "id_version")
    assert "Theirs" not in text_of(steward.get("/award"))


def test_a_refused_award_leaves_no_new_people_behind(version: AchievementVersion, steward: Visitor) -> None:
    response = steward.post("/award", given(version, to="Ben Lund <ben@acme.example>\nsteward@acme.example"))
    assert response.status_code == 422
    assert "Nobody can award themselves" in text_of(response)
    assert not Person.objects.filter(email="ben@acme.example").exists()


def test_who_holds_it_already_is_named_in_the_message(acme: World, version: AchievementVersion, steward: Visitor) -> None:
    awarded(steward, version)
    assert "holds this already" in text_of(steward.post("/award", given(version)))
    run = awarded(steward, version, to="member@acme.example\nmanager@acme.example")
    assert "1 already held it and was passed over" in text_of(steward.get(f"/runs/{run.public_id}"))


def test_a_programme_owner_awards_people_who_are_known_and_adds_nobody(acme: World, version: AchievementVersion) -> None:
    grant_access(acme.manager_person, access=Access.PROGRAMME_OWNER, actor=acme.system)
    owner = Visitor(acme.manager_person)
    awarded(owner, version)
    response = owner.post("/award", given(version, to="Ben Lund <ben@acme.example>"))
    assert response.status_code == 422
    assert "A badge administrator can add them" in errors_beside(response, "id_to")


def test_whoever_may_add_nobody_is_not_told_to_put_a_name_in_front(acme: World, version: AchievementVersion, steward: Visitor) -> None:
    grant_access(acme.manager_person, access=Access.PROGRAMME_OWNER, actor=acme.system)
    owner = Visitor(acme.manager_person)
    for address in ("/award", "/award/many"):
        assert "of people who are known here" in text_of(owner.get(address))
        assert "for somebody new" not in text_of(owner.get(address))
        assert "for somebody new" in text_of(steward.get(address))


def test_a_member_neither_awards_nor_sees_runs(acme: World, version: AchievementVersion, steward: Visitor, member: Visitor) -> None:
    run = awarded(steward, version)
    assert member.get("/award").status_code == member.post("/award", given(version)).status_code == 404
    assert member.get(f"/runs/{run.public_id}").status_code == 404
    assert member.post(f"/runs/{run.public_id}/undo").status_code == 404
    assert Award.objects.count() == 1


def test_undo_takes_everything_back(version: AchievementVersion, steward: Visitor) -> None:
    run = awarded(steward, version)
    assert steward.post(f"/runs/{run.public_id}/undo").headers["Location"] == "/award"
    assert "One award was taken back" in text_of(steward.get("/award"))
    assert not Award.objects.exists()
    assert "Nobody was awarded anything" in text_of(steward.get(f"/runs/{run.public_id}"))


def test_undo_after_ten_minutes_says_what_can_be_done_instead(version: AchievementVersion, steward: Visitor) -> None:
    run = awarded(steward, version)
    AwardRun.objects.update(release_at=timezone.now() - timedelta(seconds=1))
    response = steward.post(f"/runs/{run.public_id}/undo")
    assert response.status_code == 409
    assert "can be revoked, with a reason" in text_of(response)
    assert Award.objects.exists()


def test_signing_now_ends_the_wait(version: AchievementVersion, steward: Visitor) -> None:
    run = awarded(steward, version)
    assert steward.post(f"/runs/{run.public_id}/release").status_code == 302
    run_jobs()
    page = text_of(steward.get(f"/runs/{run.public_id}"))
    assert "Done 1 of 1 signed" in page
    assert "Acme Member Signed" in page
    assert "Undo" not in page.replace("Sends in 10 minutes. Undo", "")
    assert steward.post(f"/runs/{run.public_id}/release").status_code == 409


def test_a_waiting_run_says_how_long_and_is_asked_for_seldom(version: AchievementVersion, steward: Visitor) -> None:
    run = awarded(steward, version)
    AwardRun.objects.update(release_at=timezone.now() + timedelta(minutes=3, seconds=30))
    page = steward.get(f"/runs/{run.public_id}")
    assert "Sends in 4 minutes" in text_of(page)
    assert 'hx-trigger="every 20s"' in page.content.decode()


def test_a_waiting_run_says_when_it_is_sent_and_how_to_stop_it(version: AchievementVersion, steward: Visitor) -> None:
    run = awarded(steward, version)
    waiting = text_of(steward.get(f"/runs/{run.public_id}"))
    assert "Sends in 10 minutes Undo Send now Pause" in waiting


def test_progress_is_a_part_of_the_page_that_replaces_itself(version: AchievementVersion, steward: Visitor) -> None:
    run = awarded(steward, version)
    AwardRun.objects.update(release_at=timezone.now() - timedelta(seconds=1))
    part = steward.get(f"/runs/{run.public_id}", headers=HTMX)
    assert b"<html" not in part.content
    assert b'id="run"' in part.content
    assert b'hx-trigger="every 2s"' in part.content
    assert "HX-Request" in part.headers["Vary"]


def test_a_run_that_is_done_is_not_asked_for_any_more(version: AchievementVersion, steward: Visitor) -> None:
    run = awarded(steward, version)
    steward.post(f"/runs/{run.public_id}/release")
    run_jobs()
    part = steward.get(f"/runs/{run.public_id}", headers=HTMX)
    assert b"hx-get" not in part.content
    assert "Done: 1 of 1 signed" in text_of(part)


def test_who_could_not_be_signed_for_is_shown_with_the_reason(acme: World, version: AchievementVersion, steward: Visitor) -> None:
    grant_access(acme.manager_person, access=Access.PROGRAMME_OWNER, actor=acme.system)
    run = awarded(Visitor(acme.manager_person), version)
    end_access(acme.manager_person, access=Access.PROGRAMME_OWNER, actor=acme.steward)
    actions.release_now(run, actor=acme.steward)
    run_jobs()
    page = text_of(steward.get(f"/runs/{run.public_id}"))
    assert "1 not signed" in page
    assert "no longer had the right to award" in page


def test_a_run_of_many_shows_the_first_and_says_so(acme: World, version: AchievementVersion, steward: Visitor) -> None:
    people = [acme.person(f"Colleague {number:03}") for number in range(201)]
    run = actions.award(version, to=people, actor=acme.steward).run
    page = text_of(steward.get(f"/runs/{run.public_id}"))
    assert "The first 50 of 201 people." in page
    assert "201 people are about to get it" in page


def test_a_name_with_markup_stays_a_name(version: AchievementVersion, steward: Visitor) -> None:
    run = awarded(steward, version, to='"<img src=x onerror=alert(1)>" <x@acme.example>', narrative="<script>alert(2)</script>")
    page = steward.get(f"/runs/{run.public_id}").content.decode()
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
