"""The list of what was signed, and one award with revoke, pause and lift."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.utils import timezone
from tests.web.pages import Visitor, errors_beside, text_of
from tests.world import World, run_jobs

from hexmark.access import Access
from hexmark.awarding.actions import award, release_now
from hexmark.catalogue.models import AchievementVersion
from hexmark.issuing.actions import pause, revoke
from hexmark.issuing.models import Credential
from hexmark.people.actions import grant_access


@pytest.fixture
def url(credential: Credential) -> str:
    """Where the credential is managed."""
    return f"/awards/{credential.award.public_id}"


def award_many(acme: World, version: AchievementVersion, count: int) -> None:
    """So many colleagues hold it."""
    people = [acme.person(f"Colleague {number:03}") for number in range(count)]
    release_now(award(version, to=people, actor=acme.steward).run, actor=acme.steward)
    run_jobs()


def list_of(response: HttpResponse) -> str:
    """What stands in the table."""
    return re.sub(r"<[^>]+>", " ", response.content.decode().partition("<tbody>")[2].partition("</tbody>")[0])


def test_an_empty_list_says_what_will_stand_there(steward: Visitor) -> None:
    page = text_of(steward.get("/awards"))
    assert "Nothing signed yet" in page
    assert "Search" not in page


def test_one_award_stands_in_the_list_with_its_state(credential: Credential, steward: Visitor, url: str) -> None:
    response = steward.get("/awards")
    assert "Acme Member Safety Champion" in text_of(response)
    assert "No end Valid" in text_of(response)
    assert f'href="{url}"' in response.content.decode()
    assert "1 person" in text_of(response)


@pytest.mark.parametrize(("state", "word"), [("revoked", "Revoked"), ("paused", "Paused"), ("expired", "Expired")])
def test_each_state_has_its_word(acme: World, credential: Credential, steward: Visitor, state: str, word: str) -> None:
    if state == "revoked":
        revoke(credential, actor=acme.steward, reason="An error.")
    elif state == "paused":
        pause(credential, actor=acme.steward, reason="A question.")
    else:
        Credential.objects.update(valid_until=timezone.now() - timedelta(days=1))
    assert list_of(steward.get("/awards")).count(word) == 1


def test_a_long_list_has_pages(acme: World, version: AchievementVersion, steward: Visitor) -> None:
    award_many(acme, version, 120)
    first = steward.get("/awards")
    assert first.content.count(b'<th scope="row">') == 50
    assert "1\u201350 of 120 awards" in text_of(first)
    last = text_of(steward.get("/awards?page=3"))
    assert "101\u2013120 of 120 awards" in last
    assert "Recently awarded" not in last


@pytest.mark.parametrize("page", ["0", "-1", "999", "x", "1e9"])
def test_a_page_that_is_not_there_is_the_nearest_one(credential: Credential, steward: Visitor, page: str) -> None:
    assert steward.get("/awards", {"page": page}).status_code == 200


def test_search_finds_people_and_badges_and_keeps_the_words(acme: World, version: AchievementVersion, steward: Visitor) -> None:
    award_many(acme, version, 60)
    assert "Colleague 007" in text_of(steward.get("/awards?q=gue+007"))
    by_badge = steward.get("/awards?q=safety")
    assert "1\u201350 of 60" in text_of(by_badge)
    assert "?q=safety&amp;page=2" in by_badge.content.decode()
    nothing = steward.get("/awards", {"q": "<b>nobody</b>"})
    assert "Nothing matches “<b>nobody</b>”" in text_of(nothing)
    assert b"<b>nobody" not in nothing.content


def test_the_manage_page_shows_the_verdict_and_what_can_be_done(credential: Credential, steward: Visitor, url: str) -> None:
    page = text_of(steward.get(url))
    assert "Verified Signed by Acme (badges.acme.example/o/acme) and unchanged since." in page
    assert "member@acme.example" in page
    assert "Pause" in page
    assert "Revoke for good" in page


def test_revoking_needs_a_reason_and_says_so_beside_the_field(credential: Credential, steward: Visitor, url: str) -> None:
    response = steward.post(f"{url}/revoke", {"revoke-reason": "  "})
    assert response.status_code == 422
    assert "Say why. The person is told, in these words." in errors_beside(response, "id_revoke-reason")
    assert not errors_beside(response, "id_pause-reason")
    credential.refresh_from_db()
    assert credential.revoked_at is None


def test_a_reason_that_is_too_long_is_kept_to_be_shortened(credential: Credential, steward: Visitor, url: str) -> None:
    response = steward.post(f"{url}/pause", {"pause-reason": "word " * 120})
    assert response.status_code == 422
    assert "at most 500" in errors_beside(response, "id_pause-reason")
    assert "word word word" in text_of(response)


def test_a_revoked_award_says_so_everywhere_and_offers_nothing_more(
    credential: Credential, steward: Visitor, visitor: Visitor, url: str
) -> None:
    assert steward.post(f"{url}/revoke", {"revoke-reason": "The observation was of somebody else."}).headers["Location"] == url
    run_jobs()
    page = text_of(steward.get(url))
    assert "Revoked. Verifiers see it within a minute." in page
    assert "The observation was of somebody else." in page
    assert "Revoke for good" not in page
    assert "Revoked by issuer" in text_of(visitor.get(f"/a/{credential.award.public_id}"))
    again = steward.post(f"{url}/revoke", {"revoke-reason": "Again."})
    assert again.status_code == 409
    assert "already revoked" in text_of(again)


def test_a_pause_is_lifted_again(credential: Credential, steward: Visitor, visitor: Visitor, url: str) -> None:
    steward.post(f"{url}/pause", {"pause-reason": "A question is open."})
    run_jobs()
    assert "Paused by issuer" in text_of(visitor.get(f"/a/{credential.award.public_id}"))
    assert "A question is open." in text_of(steward.get(url))
    steward.post(f"{url}/lift")
    run_jobs()
    assert "Verified" in text_of(visitor.get(f"/a/{credential.award.public_id}"))
    assert steward.post(f"{url}/lift").status_code == 409


def test_an_auditor_reads_and_changes_nothing(acme: World, credential: Credential, url: str) -> None:
    grant_access(acme.manager_person, access=Access.AUDITOR, actor=acme.system)
    auditor = Visitor(acme.manager_person)
    page = text_of(auditor.get(url))
    assert "Verified" in page
    assert "Revoke for good" not in page
    assert "Reason" not in page
    assert auditor.post(f"{url}/revoke", {"revoke-reason": "x"}).status_code == 404
    assert auditor.get("/award").status_code == 404
    credential.refresh_from_db()
    assert credential.revoked_at is None


def test_the_earner_does_not_see_the_issuers_page(credential: Credential, member: Visitor, url: str) -> None:
    assert member.get(url).status_code == member.get("/awards").status_code == 404
    assert member.post(f"{url}/lift").status_code == 404


@pytest.mark.parametrize("act", ["revoke", "pause", "lift"])
def test_acts_take_forms_only(credential: Credential, steward: Visitor, url: str, act: str) -> None:
    assert steward.get(f"{url}/{act}").status_code == 405


def test_what_is_awarded_and_not_yet_signed_is_not_in_the_list(acme: World, version: AchievementVersion, steward: Visitor) -> None:
    run = award(version, to=[acme.member_person], actor=acme.steward).run
    page = text_of(steward.get("/awards"))
    assert "0 of 1 signed" in page
    assert "Nothing signed yet" in page
    assert steward.get(f"/awards/{run.awards.get().public_id}").status_code == 404
