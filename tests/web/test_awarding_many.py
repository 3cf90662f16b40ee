"""Awarding many on the site: who, check, preview, run; complete without any script."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.utils import timezone
from tests.web.pages import Visitor, errors_beside, text_of
from tests.world import World, run_jobs

from hexmark.access import Access
from hexmark.awarding import batches
from hexmark.awarding.actions import release_now
from hexmark.awarding.models import Award, AwardRun, Batch, BatchRow
from hexmark.catalogue.models import AchievementVersion
from hexmark.files.tables import read_table
from hexmark.issuing.models import Credential
from hexmark.people.actions import end_access, grant_access
from hexmark.people.models import Person, Team

HTMX = {"HX-Request": "true"}
LIST = "email,name,narrative,decided_on\nmember@acme.example,,,\nnew@acme.example,Ben Lund,Closed the kiln.,2026-03-14\nbad,,,\n"


def given(version: AchievementVersion, **more: Any) -> dict[str, Any]:
    """What, why, and who."""
    return {"version": version.pk, "narrative": "Led four toolbox talks."} | more


def uploaded(text: str, name: str = "staff.csv") -> SimpleUploadedFile:
    """The text as a file."""
    return SimpleUploadedFile(name, text.encode(), content_type="text/csv")


def begun(visitor: Visitor, version: AchievementVersion, **who: Any) -> str:
    """Where the list is checked that this form began."""
    response = visitor.post("/award/many", given(version, **who))
    assert response.status_code == 302, text_of(response)
    return str(response.headers["Location"])


def started(visitor: Visitor, check: str) -> AwardRun:
    """The run of the list."""
    response = visitor.post(f"{check}/run")
    assert response.status_code == 302, text_of(response)
    return AwardRun.objects.get(public_id=response.headers["Location"].removeprefix("/runs/"))


def lines_of(response: HttpResponse) -> list[dict[str, str]]:
    """A downloaded file's rows."""
    assert response.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


# Who


def test_a_file_is_checked_row_by_row_and_nobody_is_awarded_yet(version: AchievementVersion, steward: Visitor) -> None:
    check = begun(steward, version, file=uploaded(LIST))
    page = text_of(steward.get(check))
    assert "2 of 3 rows are ready, 1 of them new here." in page
    assert "staff.csv" in page
    assert "“bad” is not an e-mail address." in page
    assert not Award.objects.exists()
    assert not Person.objects.filter(email="new@acme.example").exists()


def test_pasted_addresses_make_a_list_too(version: AchievementVersion, steward: Visitor) -> None:
    check = begun(steward, version, to="member@acme.example\nBen Lund <new@acme.example>")
    assert "2 of 2 rows are ready" in text_of(steward.get(check))


def test_a_team_makes_a_list_of_whoever_is_in_it(acme: World, version: AchievementVersion, steward: Visitor) -> None:
    team = Team.objects.create(organisation=acme.organisation, name="Kiln")
    Person.objects.filter(pk__in=[acme.member_person.pk, acme.manager_person.pk]).update(team=team)
    Person.objects.filter(pk=acme.manager_person.pk).update(left_at=timezone.now())
    begun(steward, version, team=team.public_id)
    assert list(BatchRow.objects.values_list("email", flat=True)) == ["member@acme.example"]
    assert Batch.objects.get().source == "Team Kiln"


def test_an_empty_team_is_said_so(acme: World, version: AchievementVersion, steward: Visitor) -> None:
    team = Team.objects.create(organisation=acme.organisation, name="Kiln")
    assert "Nobody is in this team." in errors_beside(steward.post("/award/many", given(version, team=team.public_id)), "id_team")


def test_people_are_chosen_by_name_from_several_searches(acme: World, version: AchievementVersion, steward: Visitor) -> None:
    response = steward.post("/award/many", given(version, choose="1"))
    people = str(response.headers["Location"])
    assert people.endswith("/people")
    page = steward.get(f"{people}?q=member")
    assert "Acme Member" in text_of(page)
    assert "Acme Manager" not in text_of(page)
    steward.post(f"{people}?q=member", {"person": acme.member_person.public_id})
    steward.post(f"{people}?q=manager", {"person": [acme.manager_person.public_id, acme.member_person.public_id]})
    assert "2 of 2 rows are ready" in text_of(steward.get(people.removesuffix("/people")))
    assert "in the list" in text_of(steward.get(f"{people}?q=member"))


def test_nobody_of_another_organisation_can_be_ticked(acme: World, globex: World, version: AchievementVersion, steward: Visitor) -> None:
    people = str(steward.post("/award/many", given(version, choose="1")).headers["Location"])
    steward.post(people, {"person": globex.member_person.public_id})
    assert not BatchRow.objects.exists()
    assert "globex" not in text_of(steward.get(people)).lower()


@pytest.mark.parametrize(
    ("who", "field", "says"),
    [
        ({}, "to", "Say who: paste addresses"),
        ({"to": "a@b.example", "file": "x"}, "file", "Say who in one way"),
        ({"file": "name\nAnn\n"}, "file", "column called email"),
        ({"file": "email\n"}, "file", "no rows"),
        ({"file": "email,email\na,b\n"}, "file", "two columns are called"),
        ({"team": "nobody"}, "team", "not there any more"),
    ],
)
def test_who_cannot_be_read_is_said_beside_the_field_and_the_rest_is_kept(
    version: AchievementVersion, steward: Visitor, acme: World, who: dict[str, str], field: str, says: str
) -> None:
    Team.objects.create(organisation=acme.organisation, name="Kiln")
    form = who | ({"file": uploaded(who["file"])} if "file" in who else {})
    response = steward.post("/award/many", given(version, **form))
    assert response.status_code == 422
    assert says in errors_beside(response, f"id_{field}")
    assert "Led four toolbox talks." in text_of(response)
    assert not Batch.objects.exists()


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"PK\x03\x04 not really", b"\x1f\x8b\x08gzip", b"email\n\x00\x01", b"\n\n\n"])
def test_a_file_that_is_none_is_refused_with_a_sentence(version: AchievementVersion, steward: Visitor, data: bytes) -> None:
    response = steward.post("/award/many", given(version, file=SimpleUploadedFile("staff.xlsx", data)))
    assert response.status_code in (302, 422)
    assert not BatchRow.objects.exclude(outcome="mend").exists()


def test_what_must_be_chosen_and_be_ones_own(globex: World, version: AchievementVersion, steward: Visitor) -> None:
    theirs = globex.achievement("Theirs")
    response = steward.post("/award/many", given(version, to="a@b.example") | {"version": theirs.pk})
    assert "Choose another" in errors_beside(response, "id_version")


def test_lists_that_were_begun_are_found_again(version: AchievementVersion, steward: Visitor) -> None:
    check = begun(steward, version, file=uploaded(LIST))
    page = steward.get("/award/many")
    assert check in page.content.decode()
    assert "3 rows · staff.csv" in text_of(page)


# Check


def test_a_row_is_mended_on_the_page(version: AchievementVersion, steward: Visitor) -> None:
    check = begun(steward, version, file=uploaded(LIST))
    response = steward.post(f"{check}/rows/4", {"email": "cy@acme.example", "name": "Cy", "show": "mend", "page": "1"})
    assert response.headers["Location"] == f"{check}?show=mend&page=1#rows"
    page = text_of(steward.get(check))
    assert "Line 4 is ready." in page
    assert "3 of 3 rows are ready" in page


def test_a_row_that_is_mended_badly_says_what_is_wrong_and_keeps_what_was_typed(version: AchievementVersion, steward: Visitor) -> None:
    check = begun(steward, version, file=uploaded(LIST))
    steward.post(f"{check}/rows/4", {"email": "cy@acme.example", "decided_on": "03/14/2026"})
    page = steward.get(f"{check}?show=mend")
    assert 'value="cy@acme.example"' in page.content.decode()
    assert "Write it like 2026-03-14." in text_of(page)


def test_a_row_is_removed_and_a_double_said_to_be_somebody_else(version: AchievementVersion, steward: Visitor) -> None:
    check = begun(steward, version, to="Ann <crew+ann@acme.example>\nBen <crew+ben@acme.example>\nbad")
    assert "Somebody else" in text_of(steward.get(f"{check}?show=double"))
    steward.post(f"{check}/rows/2", {"email": "crew+ben@acme.example", "name": "Ben", "distinct": "1"})
    steward.post(f"{check}/rows/3", {"remove": "1"})
    assert "2 of 2 rows are ready" in text_of(steward.get(check))


def test_rows_are_narrowed_by_outcome_and_have_pages(version: AchievementVersion, steward: Visitor) -> None:
    check = begun(steward, version, to="\n".join([*(f"Person {n} <p{n}@acme.example>" for n in range(60)), "nonsense"]))
    ready = steward.get(f"{check}?show=ready&page=3")
    assert "51\u201360 of 60 rows" in text_of(ready)
    assert "?show=ready&amp;page=2" in ready.content.decode()
    assert "nonsense" not in text_of(ready)
    assert steward.get(f"{check}?show=nonsense&page=x").status_code == 200


def test_bad_rows_are_taken_away_as_a_file_that_can_be_mended_and_brought_back(version: AchievementVersion, steward: Visitor) -> None:
    check = begun(steward, version, file=uploaded("email,name\n=cmd|'/c calc'!A0,Bob\nmember@acme.example,\n"))
    answer = steward.get(f"{check}/to-mend.csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    data = answer.getvalue()
    assert b"\"'=cmd" in data
    [row] = read_table(data, file_name="to-mend.csv").rows
    assert (row.values["line"], row.values["email"], row.values["name"]) == ("2", "=cmd|'/c calc'!A0", "Bob")


def test_a_long_list_is_checked_while_the_page_asks_how_far_it_is(
    version: AchievementVersion, steward: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "CHECKED_AT_ONCE", 1)
    check = begun(steward, version, file=uploaded(LIST))
    BatchRow.objects.exclude(outcome="mend").update(outcome="unchecked")
    part = steward.get(check, headers=HTMX)
    assert b"<html" not in part.content
    assert b'hx-trigger="every 2s"' in part.content
    assert "rows are still to be checked" in text_of(part)
    assert steward.post(f"{check}/run").status_code == 409
    run_jobs()
    assert b"hx-get" not in steward.get(check, headers=HTMX).content


def test_a_list_can_be_discarded(version: AchievementVersion, steward: Visitor) -> None:
    check = begun(steward, version, file=uploaded(LIST))
    assert steward.post(f"{check}/discard").headers["Location"] == "/award/many"
    assert steward.get(check).status_code == 404


def test_markup_in_a_list_stays_text(version: AchievementVersion, steward: Visitor) -> None:
    check = begun(steward, version, file=uploaded('email,name\nx@acme.example,"<img src=x onerror=alert(1)>"\n"<script>x",\n'))
    for address in (f"{check}?show=all", f"{check}/preview"):
        body = steward.get(address).content.decode()
        assert "<img src=x" not in body
        assert "<script>x" not in body


# Preview


def test_the_preview_shows_the_first_persons_page_and_mail_and_says_what_happens(version: AchievementVersion, steward: Visitor) -> None:
    check = begun(steward, version, file=uploaded(LIST))
    page = text_of(steward.get(f"{check}/preview"))
    assert "Preview, not signed" in page
    assert "2 people are awarded “Safety Champion”; 1 of them is added to your people" in page
    assert "the other 1 row of the list" in page
    assert "Awarded to Acme Member by Acme" in page
    assert "Led four toolbox talks." in page
    assert "To member@acme.example Subject" in page
    assert not Award.objects.exists()


def test_who_has_no_account_is_previewed_as_hidden_until_accepted(version: AchievementVersion, steward: Visitor) -> None:
    check = begun(steward, version, to="Ben Lund <new@acme.example>")
    page = text_of(steward.get(f"{check}/preview"))
    assert "Ben Lund has no account yet" in page
    assert "/join/" in page


def test_without_a_ready_row_there_is_no_preview(version: AchievementVersion, steward: Visitor) -> None:
    check = begun(steward, version, to="bad")
    assert steward.get(f"{check}/preview").headers["Location"] == check
    assert steward.post(f"{check}/run").status_code == 422


# Run


def test_the_run_is_held_shown_and_can_be_undone(version: AchievementVersion, steward: Visitor) -> None:
    check = begun(steward, version, file=uploaded(LIST))
    run = started(steward, check)
    waiting = text_of(steward.get(f"/runs/{run.public_id}"))
    assert "2 people are about to get it." in waiting
    assert "0 of 2 prepared" in waiting
    run_jobs()
    page = steward.get(f"/runs/{run.public_id}")
    assert "Sends in 10 minutes Stop and undo Send now Pause Results (CSV)" in text_of(page)
    assert f'action="/runs/{run.public_id}/undo"' in page.content.decode()
    assert steward.post(f"/runs/{run.public_id}/undo").headers["Location"] == f"/runs/{run.public_id}"
    run_jobs()
    assert not Award.objects.exists()
    undone = text_of(steward.get(f"/runs/{run.public_id}"))
    assert "nobody was told" in undone
    assert "Run the list again" in undone
    assert {row["status"] for row in lines_of(steward.get(f"/runs/{run.public_id}/results.csv"))} == {"undone", "not run"}


def test_a_list_that_was_run_leads_to_its_run(version: AchievementVersion, steward: Visitor) -> None:
    check = begun(steward, version, file=uploaded(LIST))
    run = started(steward, check)
    for address in (check, f"{check}/preview", f"{check}/people"):
        assert steward.get(address).headers["Location"] == f"/runs/{run.public_id}"
    assert steward.post(f"{check}/run").status_code == 409


def test_pause_holds_signing_and_resume_goes_on(version: AchievementVersion, steward: Visitor) -> None:
    run = started(steward, begun(steward, version, file=uploaded(LIST)))
    run_jobs()
    address = f"/runs/{run.public_id}"
    steward.post(f"{address}/pause")
    AwardRun.objects.update(release_at=timezone.now() - timedelta(seconds=1))
    Award.objects.update(release_at=timezone.now() - timedelta(seconds=1))
    page = text_of(steward.get(address))
    assert "Signing is paused" in page
    assert "Paused: 0 of 2 signed" in text_of(steward.get(address, headers=HTMX))
    assert steward.post(f"{address}/pause").status_code == 409
    steward.post(f"{address}/resume")
    run_jobs()
    assert Credential.objects.issued().count() == 2


def test_a_run_shows_counts_rate_and_one_line_for_screen_readers(acme: World, version: AchievementVersion, steward: Visitor) -> None:
    run = started(steward, begun(steward, version, to="\n".join(f"Person {n} <p{n}@acme.example>" for n in range(10))))
    run_jobs()
    release_now(run, actor=acme.steward)
    run_jobs()
    Award.objects.filter(pk__in=Award.objects.order_by("pk").values_list("pk", flat=True)[:6]).update(refusal="")
    Credential.objects.filter(pk__in=Credential.objects.order_by("-pk").values_list("pk", flat=True)[:4]).update(issued_at=None)
    part = steward.get(f"/runs/{run.public_id}", headers=HTMX)
    page = text_of(part)
    assert "Signing, 60 percent done" in page
    assert "About" in page
    assert "a second" in page
    assert part.content.count(b"hx-swap-oob") == 1
    assert "6 signed 4 waiting 0 refused 0 failed" in page


def test_the_results_say_what_became_of_each_row(version: AchievementVersion, steward: Visitor, acme: World) -> None:
    run = started(steward, begun(steward, version, file=uploaded(LIST + "member@acme.example,,,\n")))
    run_jobs()
    release_now(run, actor=acme.steward)
    run_jobs()
    rows = lines_of(steward.get(f"/runs/{run.public_id}/results.csv"))
    assert list(rows[0]) == ["id", "line", "email", "name", "status", "error", "award_url"]
    assert [(row["line"], row["email"], row["status"]) for row in rows] == [
        ("2", "member@acme.example", "signed"),
        ("3", "new@acme.example", "signed"),
        ("4", "bad", "not run"),
        ("5", "member@acme.example", "twice in the list"),
    ]
    award = Award.objects.get(public_id=rows[0]["id"])
    assert rows[0]["award_url"] == award.url
    assert rows[2]["error"] == "“bad” is not an e-mail address."


def test_the_same_list_again_passes_over_whoever_holds_it(version: AchievementVersion, steward: Visitor) -> None:
    check = begun(steward, version, file=uploaded(LIST))
    run = started(steward, check)
    run_jobs()
    response = steward.post(f"{check}/again")
    again = str(response.headers["Location"])
    assert "0 of 3 rows are ready" in text_of(steward.get(again))
    assert "Holds it already and is passed over." in text_of(steward.get(f"{again}?show=held"))
    assert run.awards.count() == 2


def test_who_lost_the_right_is_refused_at_signing_and_the_page_says_so(acme: World, version: AchievementVersion, steward: Visitor) -> None:
    grant_access(acme.manager_person, access=Access.PROGRAMME_OWNER, actor=acme.system)
    owner = Visitor(acme.manager_person)
    run = started(owner, begun(owner, version, to="member@acme.example"))
    run_jobs()
    end_access(acme.manager_person, access=Access.PROGRAMME_OWNER, actor=acme.steward)
    release_now(run, actor=acme.steward)
    run_jobs()
    page = text_of(steward.get(f"/runs/{run.public_id}"))
    assert "1 not signed" in page
    [row] = lines_of(steward.get(f"/runs/{run.public_id}/results.csv"))
    assert row["status"] == "refused"
    assert "no longer had the right to award" in row["error"]


def test_members_know_nothing_of_lists(version: AchievementVersion, steward: Visitor, member: Visitor) -> None:
    check = begun(steward, version, file=uploaded(LIST))
    for address in ("/award/many", check, f"{check}/people", f"{check}/preview", f"{check}/to-mend.csv"):
        assert member.get(address).status_code == 404
    for address in ("/award/many", f"{check}/run", f"{check}/discard", f"{check}/again", f"{check}/rows/2"):
        assert member.post(address).status_code == 404
    assert Batch.objects.get().state == "open"


def test_a_link_about_a_person_has_named_them_already(acme: World, globex: World, version: AchievementVersion, steward: Visitor) -> None:
    assert "Acme Member &lt;member@acme.example&gt;</textarea>" in steward.get(f"/award?to={acme.member_person.public_id}").content.decode()
    for nobody in (globex.member_person.public_id, "x", "a" * 26):
        assert "@globex" not in steward.get(f"/award?to={nobody}").content.decode()
