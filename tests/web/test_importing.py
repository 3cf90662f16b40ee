"""Bringing people by list on the site: every row is seen before it is run, and the good ones can be although others are bad."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from tests.web.pages import Visitor, errors_beside, text_of
from tests.world import World, run_jobs

from hexmark.files.tables import read_table
from hexmark.people.imports import running
from hexmark.people.models import PeopleImport, Person

GOOD_AND_BAD = "email,name,team\na@acme.example,Ada,Lab\nnobody,Ben,Lab\nmember@acme.example,Mem Ber,\n"


def bring(visitor: Visitor, text: str | bytes, *, name: str = "people.csv") -> HttpResponse:
    """The list is uploaded."""
    data = text.encode() if isinstance(text, str) else text
    return visitor.post("/people/import", {"file": SimpleUploadedFile(name, data)})


def address_of(response: HttpResponse) -> str:
    """Where the list is shown."""
    assert response.status_code == 302, text_of(response)
    return response.headers["Location"]


def downloaded(response: HttpResponse) -> bytes:
    """The whole file."""
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_a_list_is_checked_run_and_handed_back_with_what_came_of_each_row(acme: World, steward: Visitor) -> None:
    address = address_of(bring(steward, GOOD_AND_BAD))
    page = text_of(steward.get(address))
    assert "2 of 3 rows would change something: 1 new, 1 changed." in page
    assert "“nobody” is not an e-mail address." in page
    changed = text_of(steward.get(f"{address}?show=changed"))
    assert "name Acme Member becomes → Mem Ber" in changed
    assert "Ada" in text_of(steward.get(f"{address}?show=new"))
    assert not Person.objects.filter(email="a@acme.example").exists()
    steward.post(f"{address}/run")
    working = steward.get(address)
    assert "0 of 2 rows" in text_of(working)
    assert b"hx-get" in working.content
    run_jobs()
    done = text_of(steward.get(address))
    assert "1 added" in done
    assert "1 changed" in done
    assert "1 not taken" in done
    assert Person.objects.get(email="a@acme.example").team is not None
    result = read_table(downloaded(steward.get(f"{address}/result.csv")), file_name="x.csv")
    assert [row.values["status"] for row in result.rows] == ["added", "error", "changed"]
    mend = downloaded(steward.get(f"{address}/to-mend.csv")).decode("utf-8-sig")
    again = address_of(bring(steward, mend.replace("nobody", "ben@acme.example")))
    assert "1 of 1 row would change something: 1 new" in text_of(steward.get(again))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"name\nAda\n", "who is who"),
        ("email,name\na@x.example,Zo\u00eb\n".encode("latin-1"), "Line 2 is not written in UTF-8"),
        (b"\x1f\x8b\x08zipped", "neither a CSV nor an .xlsx"),
        (b"email,name\n", "no rows"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_makes_no_import(acme: World, steward: Visitor, data: bytes, says: str) -> None:
    response = bring(steward, data)
    assert response.status_code == 422
    assert says in errors_beside(response, "id_file")
    assert not PeopleImport.objects.exists()


def test_a_list_larger_than_a_picture_is_taken_and_one_beyond_its_own_limit_is_not(acme: World, steward: Visitor) -> None:
    rows = "".join(f"p{n}@acme.example,{'Name ' * 30}{n}\n" for n in range(40_000))
    assert len(rows) > 6_000_000
    assert bring(steward, "email,name\n" + rows).status_code == 302
    too_large = bring(steward, b"email,name\n" + b"x" * (21 * 1024 * 1024))
    assert too_large.status_code == 422
    assert "Split the list" in errors_beside(too_large, "id_file")


def test_dates_that_could_be_two_are_asked_about_on_the_form(acme: World, steward: Visitor) -> None:
    address = address_of(bring(steward, "email,name,start\na@acme.example,A,03/04/2024\nb@acme.example,B,31/03/2024\n"))
    page = steward.get(address)
    assert "Some dates could be two days" in text_of(page)
    assert b"/run" not in page.content
    # The list itself shows one day that can only be meant one way.
    assert re.search(rb'value="day_first"[^>]*checked', page.content)
    unanswered = steward.post(f"{address}/check", {"dates": "1"})
    assert unanswered.status_code == 422
    steward.post(f"{address}/check", {"dates": "1", "date_order": "day_first"})
    page = steward.get(f"{address}?show=new")
    assert "2024-04-03" in text_of(page)
    assert b"/run" in page.content


def test_a_column_with_another_name_is_chosen_and_remembered(acme: World, steward: Visitor) -> None:
    address = address_of(bring(steward, "email,wie heisst du\na@acme.example,Ada\n"))
    assert "Columns: 1 not used" in text_of(steward.get(address))
    steward.post(f"{address}/check", {"mapping": "1", "column-0": "email", "column-1": "name"})
    assert "1 of 1 row would change something" in text_of(steward.get(address))
    nobody = steward.post(f"{address}/check", {"mapping": "1", "column-1": "name"})
    assert nobody.status_code == 422
    assert "One column must be" in text_of(nobody)
    assert "Columns: 1 not used" not in text_of(steward.get(address_of(bring(steward, "email,wie heisst du\nb@acme.example,Ben\n"))))


def test_running_is_paused_and_resumed(acme: World, steward: Visitor) -> None:
    address = address_of(bring(steward, GOOD_AND_BAD))
    steward.post(f"{address}/run")
    steward.post(f"{address}/pause")
    run_jobs()
    assert "0 of 2 rows" in text_of(steward.get(address))
    steward.post(f"{address}/resume")
    run_jobs()
    assert "2 of 2 rows" in text_of(steward.get(address))
    assert steward.post(f"{address}/run").status_code == 409


def test_a_long_list_is_checked_in_the_background(acme: World, steward: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHECKED_AT_ONCE", 2)
    address = address_of(bring(steward, GOOD_AND_BAD))
    waiting = steward.get(address)
    assert "rows are being checked" in text_of(waiting)
    assert b"hx-get" in waiting.content
    run_jobs()
    assert "2 of 3 rows would change something" in text_of(steward.get(address, headers={"HX-Request": "true"}))


def test_a_check_that_nobody_finished_is_found_again(acme: World, steward: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHECKED_AT_ONCE", 2)
    address = address_of(bring(steward, GOOD_AND_BAD))
    from django.db import connection

    connection.run_on_commit = []
    running.continue_imports()
    run_jobs()
    assert "2 of 3 rows" in text_of(steward.get(address))


def test_the_template_and_the_lists_before_are_offered(acme: World, steward: Visitor) -> None:
    assert read_table(downloaded(steward.get("/people/import/template.csv")) + b"x", file_name="x").columns[:2] == ("employee_id", "email")
    bring(steward, GOOD_AND_BAD, name="staff \u202e.csv")
    assert "staff .csv" in text_of(steward.get("/people/import"))


def test_what_people_wrote_is_never_markup(acme: World, steward: Visitor) -> None:
    address = address_of(bring(steward, 'email,name,team\na@acme.example,"<script>alert(1)</script>",<b>x\n<i>,<u>,<s>\n'))
    for show in ("new", "mend", "all"):
        content = steward.get(f"{address}?show={show}").content
        for markup in (b"<script>alert", b"<b>x", b"<u>", b"<i>,"):
            assert markup not in content
