"""The press-out sheet: what is on it, in words as in the picture, and who may see whose."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image
from tests.web.pages import Visitor, text_of
from tests.world import World, run_jobs

from hexmark.awarding.actions import award, release_now
from hexmark.catalogue.models import Achievement, AchievementVersion
from hexmark.errors import Invalid
from hexmark.issuing.actions import pause, revoke
from hexmark.issuing.models import Credential
from hexmark.people.models import Person, Team
from hexmark.pressout import State
from hexmark.web.sheets import MOST_CELLS, WebSheet, picture_of, sheet_of, team_sheet


def held_by_member(acme: World, version: AchievementVersion, *, days_ago: int = 0, by: Person | None = None) -> Credential:
    decided_at = timezone.now() - timedelta(days=days_ago) if days_ago else None
    run = award(version, to=[by or acme.member_person], actor=acme.steward, decided_at=decided_at).run
    release_now(run, actor=acme.steward)
    run_jobs()
    return Credential.objects.select_related("award__version__achievement__organisation", "organisation").get(award__run=run)


def sheet(held: list[Credential], offered: list[AchievementVersion]) -> WebSheet:
    return sheet_of(held, offered, title="Amara Osei", owner="Acme", at=timezone.now())


def states(shown: WebSheet) -> dict[str, State]:
    return {cell.name: cell.state for cell in shown.cells}


def test_what_is_held_is_pressed_out_what_ran_out_is_a_hole_and_the_rest_is_still_in_the_sheet(acme: World) -> None:
    held, ended, other = acme.achievement("Data Steward"), acme.achievement("First Aid", validity_months=1), acme.achievement("Mentor")
    credentials = [held_by_member(acme, ended, days_ago=60), held_by_member(acme, held)]
    shown = sheet(credentials, [held, ended, other])
    assert states(shown) == {"Data Steward": State.EARNED, "First Aid": State.RENEW, "Mentor": State.AVAILABLE}
    assert [cell.name for cell in shown.cells] == ["Data Steward", "First Aid", "Mentor"]
    assert (shown.earned, shown.total) == (1, 3)


def test_what_was_revoked_is_not_held_and_what_is_paused_says_so(acme: World) -> None:
    one, two = acme.achievement("Data Steward"), acme.achievement("Mentor")
    revoked, paused = held_by_member(acme, one), held_by_member(acme, two)
    revoke(revoked, actor=acme.steward, reason="Awarded in error.")
    pause(paused, actor=acme.steward, reason="A question is open.")
    for credential in (revoked, paused):
        credential.refresh_from_db(fields=["revoked_at", "paused_at"])
    shown = sheet([revoked, paused], [one, two])
    assert states(shown) == {"Mentor": State.EARNED, "Data Steward": State.AVAILABLE}
    assert "paused by the issuer at the moment" in shown.cells[0].said


def test_a_renewed_one_is_earned_once(acme: World) -> None:
    version = acme.achievement("First Aid", validity_months=1)
    shown = sheet([held_by_member(acme, version, days_ago=60), held_by_member(acme, version, by=acme.manager_person)], [version])
    assert states(shown) == {"First Aid": State.EARNED}
    assert shown.total == 1


def test_a_sheet_has_an_end_and_says_how_many_more_there_are(acme: World, version: AchievementVersion) -> None:
    many = [AchievementVersion(name=f"Badge {n}", achievement=Achievement(pk=1000 + n, slug=f"badge-{n}"), number=1) for n in range(100)]
    shown = sheet([], many)
    assert (len(shown.cells), shown.more) == (MOST_CELLS, 100 - MOST_CELLS)


def test_a_teams_sheet_counts_its_people(acme: World) -> None:
    one, two = acme.achievement("Data Steward"), acme.achievement("Mentor")
    credential = held_by_member(acme, one)
    shown = team_sheet([credential], [two, one], people=3, title="Data", owner="Acme", at=timezone.now())
    assert [(cell.name, cell.state, cell.done, cell.total) for cell in shown.cells] == [
        ("Data Steward", State.PROGRESS, 1, 3),
        ("Mentor", State.AVAILABLE, 0, 3),
    ]
    assert shown.cells[0].said == "1 of 3 hold it."
    assert len(shown.cells[0].cuts) == 2
    alone = team_sheet([credential], [one], people=1, title="Data", owner="Acme", at=timezone.now())
    assert alone.cells[0].state == State.EARNED
    assert team_sheet([], [one], people=0, title="Data", owner="Acme", at=timezone.now()).cells[0].state == State.AVAILABLE


# On the page


def test_my_badges_opens_with_it_as_a_list_of_links(acme: World, credential: Credential, member: Visitor) -> None:
    acme.achievement("Mentor")
    response = member.get("/me")
    html = re.search(r'<section class="press".*?</section>', response.content.decode(), re.DOTALL)
    assert html
    assert html[0].count("<li ") == 2 + 4
    assert f'href="/a/{credential.award.public_id}"' in html[0]
    assert 'href="/b/mentor"' in html[0]
    page = text_of(response)
    assert "1 of 2 earned" in page
    assert "Safety Champion Earned on" in page
    assert "Mentor Not earned yet." in page


def test_it_needs_neither_style_attributes_nor_scripts(credential: Credential, member: Visitor) -> None:
    section = member.get("/me").content.decode().split('<section class="press"')[1].split("</section>")[0]
    assert " style=" not in section
    assert "<script" not in section


def test_without_anything_to_show_there_is_no_plate(acme: World, member: Visitor) -> None:
    assert 'class="press"' not in member.get("/me").content.decode()


# As a picture


@pytest.mark.parametrize(("form", "begins"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF-")])
def test_ones_own_sheet_can_be_printed(credential: Credential, member: Visitor, form: str, begins: bytes) -> None:
    response = member.get(f"/me/sheet.{form}")
    assert response.status_code == 200
    assert response.content.startswith(begins)
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert "Access-Control-Allow-Origin" not in response.headers


def test_a_sheet_in_words_says_a_pause_although_its_picture_stays(acme: World, version: AchievementVersion) -> None:
    credential = held_by_member(acme, version)
    forms = ("svg", "pdf")
    before = {form: picture_of(sheet([credential], [version]), form, subtitle="") for form in forms}
    pause(credential, actor=acme.steward, reason="A question is open.")
    credential.refresh_from_db(fields=["paused_at"])
    after = {form: picture_of(sheet([credential], [version]), form, subtitle="") for form in forms}
    assert after["svg"] == before["svg"]
    assert after["pdf"] != before["pdf"]


def test_a_form_that_there_is_not_is_no_page(credential: Credential, member: Visitor) -> None:
    assert member.get("/me/sheet.exe").status_code == 404


def test_an_empty_sheet_has_no_picture(acme: World, member: Visitor) -> None:
    assert member.get("/me/sheet.svg").status_code == 422
    with pytest.raises(Invalid):
        picture_of(sheet([], []), "svg", subtitle="")


def test_the_picture_is_made_once_and_is_wide_enough_to_print(
    credential: Credential, member: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = member.get("/me/sheet.png").content
    assert Image.open(io.BytesIO(first)).width == 2400
    monkeypatch.setattr("hexmark.web.sheets.rasterise", None)
    assert member.get("/me/sheet.png").content == first


def test_a_manager_sees_the_sheet_of_their_people_and_a_colleague_does_not(acme: World, globex: World, credential: Credential) -> None:
    address = f"/people/{acme.member_person.public_id}/sheet.svg"
    for person in (acme.member_person, acme.manager_person, acme.steward_person):
        assert b"Safety Champion: earned" in Visitor(person).get(address).content
    for stranger in (globex.steward_person, globex.member_person):
        assert Visitor(stranger).get(address).status_code == 404
    assert Visitor(acme.member_person).get(f"/people/{acme.manager_person.public_id}/sheet.svg").status_code == 404


def test_a_team_has_a_sheet_for_its_lead_and_not_for_others(acme: World, globex: World, credential: Credential) -> None:
    team = Team.objects.create(organisation=acme.organisation, name="Data", lead=acme.manager_person)
    acme.member_person.team = team
    acme.member_person.save()
    address = f"/teams/{team.public_id}/sheet.svg"
    assert b"Safety Champion: earned" in Visitor(acme.manager_person).get(address).content
    assert Visitor(globex.steward_person).get(address).status_code == 404
