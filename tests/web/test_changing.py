"""Changing many on the site: chosen or all that match, confirmed with a reason, followed to the end, and taken away as files."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.http import HttpResponse
from tests.web.pages import Visitor, errors_beside, text_of
from tests.world import World, run_jobs

from hexmark.access import Access
from hexmark.awarding.actions import award
from hexmark.catalogue.models import AchievementVersion
from hexmark.issuing.actions import pause
from hexmark.issuing.models import Credential, StatusChange
from hexmark.people.actions import grant_access
from hexmark.people.models import Person

HTMX = {"HX-Request": "true"}


@pytest.fixture
def held(acme: World, version: AchievementVersion) -> list[Credential]:
    """Twelve colleagues hold it."""
    award(version, to=[acme.person(f"Colleague {n:02}") for n in range(12)], actor=acme.system)
    run_jobs()
    return list(Credential.objects.select_related("award__person").order_by("pk"))


def asked(visitor: Visitor, act: str, **more: Any) -> HttpResponse:
    """The answer to the form of the list."""
    return visitor.post("/awards/change", {"act": act} | more)


def lines_of(response: HttpResponse) -> list[dict[str, str]]:
    """A downloaded file's rows."""
    return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def test_ticked_awards_are_named_before_anything_happens(held: list[Credential], steward: Visitor) -> None:
    page = asked(steward, "pause", award=[held[0].award.public_id, held[3].award.public_id])
    assert page.status_code == 200
    assert "Pause 2 awards?" in text_of(page)
    assert "Colleague 00" in text_of(page)
    assert "Colleague 03" in text_of(page)
    assert "Colleague 01" not in text_of(page)
    assert not StatusChange.objects.exists()


def test_all_that_match_are_counted_over_every_page(held: list[Credential], steward: Visitor) -> None:
    page = text_of(asked(steward, "revoke", all="1", match="q=Colleague"))
    assert "Revoke 12 awards?" in page
    assert "and 2 more." in page
    assert "Revoke 1 award?" in text_of(asked(steward, "revoke", all="1", match="q=Colleague+07"))


def test_a_confirmed_change_is_carried_out_and_followed_to_its_end(held: list[Credential], steward: Visitor) -> None:
    chosen = [one.award.public_id for one in held[:3]]
    response = asked(steward, "revoke", award=chosen, confirm="1", reason="The course was cancelled.")
    address = str(response.headers["Location"])
    waiting = steward.get(address)
    assert "Revoking 3 awards" in text_of(waiting)
    assert 'hx-trigger="every 2s"' in waiting.content.decode()
    run_jobs()
    part = steward.get(address, headers=HTMX)
    assert "Done: 3 revoked" in text_of(part)
    assert b"hx-get" not in part.content
    assert b"<html" not in part.content
    assert [row["status"] for row in lines_of(steward.get(f"{address}/results.csv"))] == ["revoked"] * 3
    assert Credential.objects.filter(revocation_reason="The course was cancelled.").count() == 3


def test_a_reason_is_required_and_what_was_chosen_is_kept(held: list[Credential], steward: Visitor) -> None:
    response = asked(steward, "revoke", all="1", match="q=Colleague+0", confirm="1", reason=" ")
    assert response.status_code == 422
    assert "Say why." in errors_beside(response, "id_reason")
    assert 'name="match" value="q=Colleague+0"' in response.content.decode()
    assert not StatusChange.objects.exists()


def test_revoking_more_than_ten_asks_for_the_number(held: list[Credential], steward: Visitor) -> None:
    many = {"all": "1", "match": "", "confirm": "1", "reason": "The course was cancelled."}
    for typed in ("", "11", "twelve"):
        response = asked(steward, "revoke", **many, typed=typed)
        assert response.status_code == 422
        assert "Type 12 to go on" in errors_beside(response, "id_typed")
    assert asked(steward, "revoke", **many, typed="12").status_code == 302
    assert "How many" not in text_of(asked(steward, "pause", all="1", match=""))


def test_what_cannot_be_changed_so_is_said_and_stays(acme: World, held: list[Credential], steward: Visitor) -> None:
    pause(held[0], actor=acme.steward, reason="A question.")
    page = text_of(asked(steward, "pause", all="1", match=""))
    assert "Pause 11 awards?" in page
    assert "1 more was chosen and stays as it is: paused or revoked already." in page
    nothing = asked(steward, "lift", award=held[3].award.public_id, match="state=valid")
    assert nothing.headers["Location"] == "/awards?state=valid"
    assert "There is nothing to lift here." in text_of(steward.get("/awards"))


def test_nobody_reaches_the_awards_of_another_organisation(globex: World, held: list[Credential], stranger: Visitor) -> None:
    for more in ({"all": "1", "match": ""}, {"award": held[0].award.public_id}):
        response = asked(stranger, "revoke", **more, confirm="1", reason="Mine", typed="12")
        assert response.headers["Location"].startswith("/awards")
    assert not StatusChange.objects.exists()


@pytest.mark.parametrize("act", ["", "delete", "revoked"])
def test_an_act_that_is_none_is_not_there(held: list[Credential], steward: Visitor, act: str) -> None:
    assert asked(steward, act, all="1", match="").status_code == 404


def test_an_auditor_reads_and_changes_nothing(acme: World, held: list[Credential]) -> None:
    grant_access(acme.manager_person, access=Access.AUDITOR, actor=acme.system)
    auditor = Visitor(acme.manager_person)
    page = auditor.get("/awards").content.decode()
    assert "Change many" not in page
    assert 'name="award"' not in page
    assert asked(auditor, "revoke", all="1", match="").status_code == 404
    assert auditor.get("/awards/export.csv").status_code == 200


# The list


def test_the_list_is_narrowed_by_its_address(acme: World, held: list[Credential], steward: Visitor) -> None:
    pause(held[4], actor=acme.steward, reason="A question.")
    page = steward.get("/awards?state=paused&what=safety-champion")
    assert "Colleague 04" in text_of(page)
    assert "Colleague 05" not in text_of(page)
    assert 'name="match" value="state=paused&amp;what=safety-champion"' in page.content.decode()
    assert "Nothing matches" in text_of(steward.get("/awards?since=2031-01-01"))


@pytest.mark.parametrize(
    "query",
    ["state=nonsense", "what=never-was", "team=x", "since=2026-02-30", "since=0001-01-01", "until=9999-12-31", "until=x&page=-1", "q=%00"],
)
def test_an_address_that_asks_for_what_is_not_there_still_shows_a_page(held: list[Credential], steward: Visitor, query: str) -> None:
    assert steward.get(f"/awards?{query}").status_code == 200
    assert steward.get(f"/awards/export.csv?{query}").status_code == 200


def test_the_export_holds_what_the_list_shows_and_no_formula(acme: World, held: list[Credential], steward: Visitor) -> None:
    Person.objects.filter(pk=held[0].award.person_id).update(name="=1+1")
    answer = steward.get("/awards/export.csv?q=colleague")
    rows = lines_of(answer)
    assert len(rows) == 12
    assert "'=1+1" in {row["name"] for row in rows}
    assert {row["state"] for row in rows} == {"valid"}
    assert rows[-1]["award_url"] == held[0].award.url
    assert len(lines_of(steward.get("/awards/export.csv?q=colleague.07"))) == 1
