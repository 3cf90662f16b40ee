"""Lists of people: what each row would do, what it does, and what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.files.workbook import workbook
from tests.world import World, make_world, run_jobs

from hexmark.access import Access
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.events.models import Event
from hexmark.files.tables import csv_bytes, read_table
from hexmark.people.actions import add_person, end_access, grant_access
from hexmark.people.event_types import EventType
from hexmark.people.imports import apply, check, pause, read, resume, run, running
from hexmark.people.imports.results import Sheet, people_sheet, result_sheet, template
from hexmark.people.imports.running import apply_some, continue_imports, forget_imports
from hexmark.people.joining import join_link
from hexmark.people.models import ImportRow, JobRole, Membership, OneTimeLink, PeopleImport, Person, RoleAssignment, Team
from hexmark.people.queries import actor_for
from hexmark.people.records import give_role, leave, move_to_team, set_manager, today_of
from hexmark.people.teams import make_team

HEAD = "employee_id,email,name,team,manager,role,start,end"


def brought(world: World, text: str | bytes, *, actor: Any = None, **options: Any) -> PeopleImport:
    """The list, read and checked."""
    data = text.encode() if isinstance(text, str) else text
    actor = actor or world.steward
    return check(read(world.organisation, data=data, file_name="people.csv", actor=actor), actor=actor, **options)


def ran(world: World, text: str | bytes, **options: Any) -> PeopleImport:
    """The list, read, checked and run to its end."""
    whole = brought(world, text, **options)
    run(whole, actor=options.get("actor") or world.steward)
    run_jobs()
    whole.refresh_from_db()
    return whole


def outcomes(whole: PeopleImport) -> list[tuple[int, str, str]]:
    """Line, status and code of each row."""
    return list(whole.rows.order_by("line").values_list("line", "status", "code"))


def person(email: str) -> Person:
    """Somebody of any organisation by address."""
    return Person.objects.select_related("team", "manager").get(email=email)


def csv_of(sheet: Sheet) -> bytes:
    """A whole file."""
    return b"".join(csv_bytes(*sheet))


# What it does ------------------------------------------------------------------------------------------------------------------------


def test_a_list_adds_people_with_team_manager_role_and_days(acme: World) -> None:
    rows = [
        "E1,zoe@acme.example,Zoë Müller,Kiln Crew,manager@acme.example,Kiln Operator,2024-03-01,",
        "E2,li@acme.example,李,kiln crew,E1,Kiln operator; First Aider,,2099-12-31",
    ]
    whole = ran(acme, "\n".join([HEAD, *rows]))
    assert whole.state == PeopleImport.State.DONE
    zoe, li = person("zoe@acme.example"), person("li@acme.example")
    assert (zoe.name, zoe.employee_id, zoe.manager, zoe.started_on) == ("Zoë Müller", "E1", acme.manager_person, date(2024, 3, 1))
    assert (li.team, li.manager, li.ends_on, li.left_at) == (zoe.team, zoe, date(2099, 12, 31), None)
    assert sorted(JobRole.objects.values_list("name", flat=True)) == ["First Aider", "Kiln Operator"]
    assert [one.starts_on for one in RoleAssignment.objects.filter(person=zoe)] == [date(2024, 3, 1)]
    assert Event.objects.filter(event_type=EventType.PERSON_ADDED, subject_id=zoe.public_id).get().actor_label == "Acme Steward"


def test_a_dry_run_says_what_each_cell_would_become_and_writes_nothing(acme: World) -> None:
    Person.objects.filter(pk=acme.member_person.pk).update(employee_id="E7")
    whole = brought(acme, f"{HEAD}\nE7,{acme.member_person.email},Mem Ber,Line 4,,Welder,2024-01-31,\nE8,new@acme.example,New,,E7,,,\n")
    changed, new = whole.rows.order_by("line")
    assert changed.changes == {
        "name": ["Acme Member", "Mem Ber"],
        "start": ["", "2024-01-31"],
        "team": ["", "Line 4"],
        "role": ["", "Welder"],
        "manager": ["Acme Manager <manager@acme.example>", ""],
    }
    assert new.changes["manager"] == ["", "Acme Member <member@acme.example>"]
    assert outcomes(whole) == [(2, "changed", ""), (3, "new", "")]
    assert not Team.objects.exists()
    assert person(acme.member_person.email).name == "Acme Member"


def test_columns_stand_in_any_order_and_go_by_other_names_too(acme: World) -> None:
    whole = ran(acme, "Full Name;Shoe size;E-Mail Address;Hire Date;Department\nAda;39;ada@acme.example;01.02.2024;Lab\n")
    assert whole.mapping == {"name": "full_name", "email": "e-mail_address", "start": "hire_date", "team": "department"}
    assert person("ada@acme.example").started_on == date(2024, 2, 1)


def test_a_column_that_was_chosen_once_is_known_the_next_time(acme: World) -> None:
    first = read(acme.organisation, data=b"email,wie heisst du\nada@acme.example,Ada\n", file_name="x.csv", actor=acme.steward)
    assert "name" not in first.mapping
    check(first, actor=acme.steward, mapping={"email": "email", "name": "wie_heisst_du"})
    second = read(acme.organisation, data=b"wie heisst du,email\nBen,ben@acme.example\n", file_name="x.csv", actor=acme.steward)
    assert second.mapping == {"email": "email", "name": "wie_heisst_du"}


def test_a_workbook_is_read_as_a_csv_is(acme: World) -> None:
    whole = read(
        acme.organisation,
        data=workbook([["Employee ID", "Email", "Name", "Start"], [7, "ada@acme.example", "Ada", "date:45323"]]),
        file_name="people.xlsx",
        actor=acme.steward,
    )
    check(whole, actor=acme.steward)
    run(whole, actor=acme.steward)
    apply(whole)
    assert (person("ada@acme.example").employee_id, person("ada@acme.example").started_on) == ("7", date(2024, 2, 1))


def test_a_column_that_is_not_there_changes_nothing_and_an_empty_cell_empties(acme: World) -> None:
    team = make_team(acme.organisation, name="Line 4", actor=acme.steward)
    move_to_team(acme.member_person, team=team, actor=acme.steward)
    ran(acme, "email,start\nmember@acme.example,2020-02-02\n")
    assert person("member@acme.example").team == team
    ran(acme, "email,team,manager\nmember@acme.example,,\n")
    assert (person("member@acme.example").team, person("member@acme.example").manager) == (None, None)


def test_people_outside_the_staff_come_by_list_too(acme: World) -> None:
    ran(acme, "email,name,kind,language\na@x.example,A,Customer,de\nb@x.example,B,guest,\n")
    assert (person("a@x.example").kind, person("a@x.example").language) == ("customer", "de")
    assert (person("b@x.example").kind, person("b@x.example").language) == ("guest", "en")


def test_job_roles_that_are_not_named_any_more_end_and_new_ones_begin(acme: World) -> None:
    today = today_of(acme.organisation)
    give_role(acme.member_person, name="Welder", starts_on=today - timedelta(days=30), actor=acme.steward)
    give_role(acme.member_person, name="Coach", starts_on=today - timedelta(days=30), actor=acme.steward)
    ran(acme, "email,role\nmember@acme.example,Coach; Planner\n")
    found = {one.role.name: (one.starts_on, one.ends_on) for one in RoleAssignment.objects.all()}
    assert found == {
        "Welder": (today - timedelta(days=30), today - timedelta(days=1)),
        "Coach": (today - timedelta(days=30), None),
        "Planner": (today, None),
    }
    assert outcomes(brought(acme, "email,role\nmember@acme.example,planner;COACH\n")) == [(2, "same", "")]


def test_a_last_day_that_is_over_means_having_left_and_an_empty_one_being_back(acme: World) -> None:
    grant_access(acme.member_person, access=Access.AUDITOR, actor=acme.steward)
    ran(acme, "email,end\nmember@acme.example,2020-01-01\n")
    assert person("member@acme.example").left_at is not None
    assert [one.access for one in Membership.objects.filter(person=acme.member_person)] == ["member"]
    ran(acme, "email,end\nmember@acme.example,\n")
    assert person("member@acme.example").left_at is None
    assert Event.objects.filter(event_type=EventType.PERSON_RETURNED).count() == 1


def test_somebody_of_another_organisation_becomes_somebody_new_here(acme: World, globex: World) -> None:
    # I12: an address that another tenant knows tells nothing about that tenant.
    whole = ran(acme, f"email,name\n{globex.member_person.email},Local Name\n")
    assert outcomes(whole) == [(2, "new", "")]
    here = Person.objects.get(organisation=acme.organisation, email=globex.member_person.email)
    assert (here.name, here.account) == ("Local Name", None)
    globex.member_person.refresh_from_db()
    assert globex.member_person.name == "Globex Member"


@pytest.mark.parametrize("name", ["Null", "None", "NaN", "undefined", "O'Brien", "李", "X", "=SUM(1)", "'=x", "-", "1", "true"])
def test_i24_names_that_look_like_something_else_stay_as_they_are(acme: World, name: str) -> None:
    ran(acme, f'email,name\n"a@acme.example","{name}"\n')
    assert person("a@acme.example").name == name.removeprefix("'")


# What is wrong with a row ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "row", "code"),
    [
        ("email,name", "nobody,Ada", "CSV_VALUE"),
        ("email,name", "ada@acme.example,", "CSV_VALUE"),
        ("email,name", ",Ada", "CSV_VALUE"),
        ("email", "ada@acme.example", "CSV_VALUE"),
        ("email,name", "ada@acme.example", "CSV_ROW"),
        ("email,name", "ada@acme.example,Ada,more", "CSV_ROW"),
        ("email,name", "ada@acme.example,A\u202eda", "CSV_UNSAFE_TEXT"),
        ("email,name", "ada@acme.example,A\u200eda", "CSV_UNSAFE_TEXT"),
        ("email,name", "ada@acme.example,A\x07da", "CSV_UNSAFE_TEXT"),
        ("email,name,start", "ada@acme.example,Ada,yesterday", "CSV_VALUE"),
        ("email,name,start", "ada@acme.example,Ada,2024-02-30", "CSV_VALUE"),
        ("email,name,start", "ada@acme.example,Ada,31/12/24", "CSV_VALUE"),
        ("email,name,start,end", "ada@acme.example,Ada,2024-02-02,2024-02-01", "CSV_VALUE"),
        ("email,name,kind", "ada@acme.example,Ada,robot", "CSV_VALUE"),
        ("email,name,language", "ada@acme.example,Ada,not a language", "CSV_VALUE"),
        ("email,name,manager", "ada@acme.example,Ada,nobody@acme.example", "CSV_MANAGER"),
        ("email,name,manager", "ada@acme.example,Ada,gone@acme.example", "CSV_MANAGER"),
        ("email,name,manager", "ada@acme.example,Ada,ada@acme.example", "CSV_CYCLE"),
        ("email,manager", "manager@acme.example,member@acme.example", "CSV_CYCLE"),
        ("id,name", "aaaaaaaaaaaaaaaaaaaaaaaaaa,Ada", "CSV_VALUE"),
        ("email,version", "member@acme.example,one", "CSV_VALUE"),
        ("email,version,team", "member@acme.example,9,New", "CSV_VALUE"),
        ("employee_id,email,name", "E1,member@acme.example,Ada", "CSV_VALUE"),
        ("email,name", "BEN@acme.example,Ben", "DUPLICATE_ROW"),
        ("email,end", "steward@acme.example,2020-01-01", "NOT_PERMITTED"),
    ],
)
def test_a_bad_row_is_reported_with_line_and_reason_and_the_good_ones_run(acme: World, head: str, row: str, code: str) -> None:
    gone = acme.person("Gone")
    leave(gone, actor=acme.steward)
    Person.objects.filter(pk=acme.manager_person.pk).update(employee_id="E1")
    filled = {"email": "ben@acme.example", "name": "Ben"}
    # An id cannot be left away for a column that is there, so the good row has an empty one.
    good = ",".join("ben@acme.example" if column == "email" else filled.get(column, "") for column in head.split(","))
    columns = head if "email" in head else f"{head},email"
    good_row = good if "email" in head else f"{good},ben@acme.example"
    bad_row = row if "email" in head else f"{row},x@acme.example"
    if "name" not in columns:
        columns, good_row, bad_row = f"{columns},name", f"{good_row},Ben", f"{bad_row},{'' if code == 'CSV_VALUE' else 'Someone'}"
    whole = ran(acme, f"{columns}\n{good_row}\n{bad_row}\n")
    bad = whole.rows.get(line=3)
    assert (bad.status, bad.code) == ("error", code), bad.sentence
    assert bad.sentence.endswith(".")
    assert whole.rows.get(line=2).outcome == "added"
    assert person("ben@acme.example").name == "Ben"


def test_i09_the_same_person_twice_is_seen_through_case_points_marks_and_tags(acme: World) -> None:
    rows = [
        "amara.osei@gmail.com,Amara Osei",
        "AmaraOsei@googlemail.com,A. Osei",
        "amara.osei+work@gmail.com,Amara Osei",
        "zoe+1@acme.example,Zoe\u0308",
        "zoe+2@ACME.example,ZO\u00cb",
        "crew@acme.example,Ben",
        "crew+lea@acme.example,Lea",
        "crew+ben@acme.example,BEN",
    ]
    whole = brought(acme, "email,name\n" + "\n".join(rows) + "\n")
    assert [(line, status) for line, status, _ in outcomes(whole)] == [
        (2, "new"), (3, "error"), (4, "error"), (5, "new"), (6, "error"), (7, "new"), (8, "new"), (9, "error"),
    ]  # fmt: skip
    assert {code for _, status, code in outcomes(whole) if status == "error"} == {"DUPLICATE_ROW"}
    assert whole.rows.get(line=9).sentence == "Line 7 is about the same person."


def test_i16_a_loop_within_the_list_is_refused_and_what_hangs_on_it_stays_possible(acme: World) -> None:
    whole = ran(
        acme,
        "email,name,manager\n"
        "a@acme.example,A,b@acme.example\n"
        "b@acme.example,B,c@acme.example\n"
        "c@acme.example,C,a@acme.example\n"
        "d@acme.example,D,member@acme.example\n"
        "e@acme.example,E,a@acme.example\n",
    )
    assert outcomes(whole) == [
        (2, "error", "CSV_CYCLE"),
        (3, "error", "CSV_CYCLE"),
        (4, "error", "CSV_CYCLE"),
        (5, "new", ""),
        (6, "error", "CSV_MANAGER"),
    ]
    assert "Line 2" in whole.rows.get(line=6).sentence


def test_two_who_change_places_in_one_list_close_no_loop(acme: World) -> None:
    ran(acme, "email,manager\nmanager@acme.example,member@acme.example\nmember@acme.example,\n")
    assert person("manager@acme.example").manager == acme.member_person
    assert person("member@acme.example").manager is None


def test_a_refused_change_that_brings_an_old_manager_back_may_close_a_loop_too(acme: World) -> None:
    # The member reports to the manager. The list turns that round, but the member's row is refused for its start.
    whole = brought(
        acme, "email,name,manager,start\nmanager@acme.example,M,member@acme.example,\nmember@acme.example,N,,no day\nx@acme.example,X,,\n"
    )
    assert [(line, code) for line, _, code in outcomes(whole)] == [(2, "CSV_CYCLE"), (3, "CSV_VALUE"), (4, "")]


def test_days_that_could_be_two_are_asked_about(acme: World) -> None:
    text = "email,name,start\na@acme.example,A,03/04/2024\nb@acme.example,B,2024-01-01\nc@acme.example,C,31/12/2024\n"
    asked = brought(acme, text)
    assert asked.state == PeopleImport.State.ASKING
    assert outcomes(asked) == [(2, "error", "DATE_AMBIGUOUS"), (3, "new", ""), (4, "new", "")]
    with pytest.raises(Conflict):
        run(asked, actor=acme.steward)
    answered = check(asked, actor=acme.steward, date_order="day_first")
    assert answered.state == PeopleImport.State.CHECKED
    assert answered.rows.get(line=2).changes["start"] == ["", "2024-04-03"]
    other = check(answered, actor=acme.steward, date_order="month_first")
    assert other.rows.get(line=2).changes["start"] == ["", "2024-03-04"]
    assert outcomes(other)[2] == (4, "error", "CSV_VALUE")


def test_a_list_that_says_of_nobody_who_they_are_is_refused(acme: World) -> None:
    for text in ("name,team\nAda,Lab\n", "email,name\n"):
        with pytest.raises(Invalid):
            read(acme.organisation, data=text.encode(), file_name="x.csv", actor=acme.steward)
    whole = brought(acme, "email,name\na@acme.example,A\n")
    with pytest.raises(Invalid, match="One column"):
        check(whole, actor=acme.steward, mapping={"name": "name"})


@pytest.mark.parametrize("who", ["member", "manager", "stranger"])
def test_nobody_else_may_bring_check_or_run_a_list(acme: World, globex: World, who: str) -> None:
    actor = {"member": acme.member, "manager": acme.manager, "stranger": globex.steward}[who]
    whole = brought(acme, "email,name\na@acme.example,A\n")
    acts = (
        lambda: read(acme.organisation, data=b"email\nx@y.example\n", file_name="x", actor=actor),
        lambda: check(whole, actor=actor),
        lambda: run(whole, actor=actor),
        lambda: pause(whole, actor=actor),
        lambda: resume(whole, actor=actor),
    )
    for act in acts:
        with pytest.raises(NotPermitted):
            act()
    assert not PeopleImport.objects.visible_to(actor).exists()


# Running it --------------------------------------------------------------------------------------------------------------------------


def many(number: int) -> str:
    """A list of so many people, each reporting to the one before."""
    rows = (f"p{n}@acme.example,Person {n},{f'p{n - 1}@acme.example' if n else ''}\n" for n in range(number))
    return "email,name,manager\n" + "".join(rows)


def test_it_goes_on_where_it_was_paused_or_where_a_worker_died(acme: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "AT_ONCE", 3)
    whole = brought(acme, many(10))
    run(whole, actor=acme.steward)
    assert apply_some(whole.pk)
    assert whole.rows.filter(outcome="added").count() == 3
    pause(whole, actor=acme.steward)
    run_jobs()
    assert whole.rows.filter(outcome="added").count() == 3
    resume(whole, actor=acme.steward)
    assert apply_some(whole.pk)
    # The worker died here; its sweep finds what is left.
    continue_imports()
    run_jobs()
    whole.refresh_from_db()
    assert whole.state == PeopleImport.State.DONE
    assert Person.objects.filter(email__startswith="p").count() == 10
    assert person("p9@acme.example").manager == person("p8@acme.example")
    apply(whole)
    assert Person.objects.filter(email__startswith="p").count() == 10


def test_it_is_run_once_and_pausing_needs_something_that_runs(acme: World) -> None:
    whole = ran(acme, many(2))
    for act in (run, pause, resume):
        with pytest.raises(Conflict):
            act(whole, actor=acme.steward)
    with pytest.raises(Conflict):
        check(whole, actor=acme.steward)


def test_a_list_that_changes_nothing_is_not_run(acme: World) -> None:
    whole = brought(acme, "email,name\nmember@acme.example,Acme Member\n")
    assert outcomes(whole) == [(2, "same", "")]
    with pytest.raises(Conflict, match="change anything"):
        run(whole, actor=acme.steward)


def test_i22_two_who_bring_the_same_list_at_once_add_nobody_twice(acme: World) -> None:
    first, second = brought(acme, many(5)), brought(acme, many(5))
    for whole in (first, second):
        run(whole, actor=acme.steward)
    run_jobs()
    assert Person.objects.filter(email__startswith="p").count() == 5
    assert set(second.rows.values_list("outcome", "code")) == {("error", "CONFLICT"), ("error", "CSV_MANAGER")}
    first.refresh_from_db()
    second.refresh_from_db()
    assert {first.state, second.state} == {PeopleImport.State.DONE}


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer, and its threads share one connection in memory")
def test_i22_two_workers_that_write_at_once_write_every_row_once(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "AT_ONCE", 3)
    acme = make_world("acme")
    lists = [brought(acme, many(20)) for _ in range(2)]
    PeopleImport.objects.update(state=PeopleImport.State.RUNNING)

    def work(whole: PeopleImport) -> None:
        try:
            apply(whole)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, [*lists, *lists]))
    assert Person.objects.filter(email__startswith="p").count() == 20
    assert ImportRow.objects.filter(outcome="added").count() == 20
    assert not ImportRow.objects.filter(outcome="").exists()
    assert {whole.state for whole in PeopleImport.objects.all()} == {PeopleImport.State.DONE}


def test_a_person_who_changed_after_the_check_is_not_written_over(acme: World) -> None:
    whole = brought(acme, "email,name,start\nmember@acme.example,From The List,\nmanager@acme.example,Also,2020-01-01\n")
    run(whole, actor=acme.steward)
    team = make_team(acme.organisation, name="Line 4", actor=acme.steward)
    move_to_team(acme.member_person, team=team, actor=acme.steward)
    run_jobs()
    row = whole.rows.get(line=2)
    assert (row.outcome, row.code) == ("error", "CONFLICT")
    assert (person("member@acme.example").name, person("manager@acme.example").name) == ("Acme Member", "Also")


def test_a_manager_who_left_or_a_loop_that_was_closed_after_the_check_is_seen(acme: World) -> None:
    whole = brought(acme, "email,name,manager\na@acme.example,A,member@acme.example\nb@acme.example,B,a@acme.example\n")
    run(whole, actor=acme.steward)
    leave(acme.member_person, actor=acme.steward)
    run_jobs()
    assert [row.code for row in whole.rows.order_by("line")] == ["CSV_MANAGER", "CSV_MANAGER"]
    lead, other = acme.person("Lead"), acme.person("Other")
    second = brought(acme, f"email,name,manager\n{other.email},Other,{lead.email}\n")
    run(second, actor=acme.steward)
    set_manager(lead, manager=other, actor=acme.steward)
    run_jobs()
    assert [row.code for row in second.rows.all()] == ["CSV_CYCLE"]


def test_who_lost_the_right_meanwhile_writes_nothing_more(acme: World) -> None:
    hr = add_person(acme.organisation, name="H R", email="hr@acme.example", actor=acme.system)
    grant_access(hr, access=Access.HR, actor=acme.system)
    whole = brought(acme, many(3), actor=actor_for(hr))
    run(whole, actor=actor_for(hr))
    leave(hr, actor=acme.steward)
    run_jobs()
    assert {row.code for row in whole.rows.all()} == {"NOT_PERMITTED"}
    assert not Person.objects.filter(email="p0@acme.example").exists()


def test_human_resources_do_not_take_over_the_address_of_an_administrator(acme: World) -> None:
    hr = add_person(acme.organisation, name="H R", email="hr@acme.example", actor=acme.system)
    grant_access(hr, access=Access.HR, actor=acme.system)
    Person.objects.filter(pk=acme.steward_person.pk).update(employee_id="S1")
    whole = brought(acme, "employee_id,email,name\nS1,hr2@acme.example,Acme Steward\n", actor=actor_for(hr))
    assert outcomes(whole) == [(2, "error", "NOT_PERMITTED")]


def test_nor_of_somebody_who_became_one_after_the_list_was_checked(acme: World) -> None:
    hr = add_person(acme.organisation, name="H R", email="hr@acme.example", actor=acme.system)
    grant_access(hr, access=Access.HR, actor=acme.system)
    ada = acme.person("Ada Young")
    Person.objects.filter(pk=ada.pk).update(employee_id="A1")
    whole = brought(acme, "employee_id,email,name\nA1,hr2@acme.example,Ada Young\n", actor=actor_for(hr))
    assert outcomes(whole) == [(2, "changed", "")]
    grant_access(ada, access=Access.STEWARD, actor=acme.steward)
    run(whole, actor=actor_for(hr))
    run_jobs()
    assert (whole.rows.get().outcome, whole.rows.get().code) == ("error", "NOT_PERMITTED")
    ada.refresh_from_db()
    assert ada.email == "ada.young@acme.example"


def test_the_last_administrators_do_not_leave_together_by_list(acme: World) -> None:
    second = acme.person("Second Steward")
    grant_access(second, access=Access.STEWARD, actor=acme.system)
    third = add_person(acme.organisation, name="H R", email="hr@acme.example", actor=acme.system)
    grant_access(third, access=Access.STEWARD, actor=acme.system)
    grant_access(third, access=Access.HR, actor=acme.system)
    by_third = actor_for(third)
    end_access(third, access=Access.STEWARD, actor=acme.system)
    whole = brought(acme, f"email,end\nsteward@acme.example,2020-01-01\n{second.email},2020-01-01\n", actor=by_third)
    assert outcomes(whole) == [(2, "changed", ""), (3, "error", "NOT_PERMITTED")]
    grant_access(third, access=Access.STEWARD, actor=acme.system)
    run(whole, actor=by_third)
    end_access(third, access=Access.STEWARD, actor=acme.system)
    leave(second, actor=acme.steward)
    run_jobs()
    assert (whole.rows.get(line=2).outcome, whole.rows.get(line=2).code) == ("error", "NOT_PERMITTED")
    assert person("steward@acme.example").left_at is None


def test_a_new_address_ends_links_that_went_to_the_old_one(acme: World) -> None:
    new = acme.person("New Here")
    join_link(new, actor=acme.steward)
    Person.objects.filter(pk=new.pk).update(employee_id="N1")
    ran(acme, "employee_id,email,name\nN1,other@acme.example,New Here\n")
    assert not OneTimeLink.objects.filter(person=new).exists()


# What comes back ---------------------------------------------------------------------------------------------------------------------


def exported(world: World) -> bytes:
    """Everybody of the organisation."""
    return csv_of(people_sheet(world.organisation, Person.objects.visible_to(world.steward)))


def test_what_goes_out_comes_back_the_same(acme: World) -> None:
    ran(acme, f'{HEAD},kind,language\nE1,a@acme.example,=Ada,Lab,member@acme.example,"Welder; -Coach",2024-01-01,,partner,pt-BR\n')
    leave(acme.person("Gone"), actor=acme.steward)
    whole = brought(acme, exported(acme))
    assert {status for _, status, _ in outcomes(whole)} == {"same"}
    assert whole.rows.count() == 5


def test_what_was_changed_in_between_goes_to_the_same_person(acme: World) -> None:
    data = exported(acme).decode("utf-8-sig").replace("Acme Member", "Renamed").replace("member@acme.example", "moved@acme.example")
    whole = ran(acme, data)
    assert sorted(row.outcome for row in whole.rows.exclude(outcome="")) == ["changed"]
    acme.member_person.refresh_from_db()
    assert (acme.member_person.name, acme.member_person.email, acme.member_person.version) == ("Renamed", "moved@acme.example", 2)


def test_a_row_that_is_older_than_the_person_is_a_conflict_and_no_overwriting(acme: World) -> None:
    data = exported(acme).decode("utf-8-sig").replace("Acme Member", "From The List")
    move_to_team(acme.member_person, team=make_team(acme.organisation, name="Line 4", actor=acme.steward), actor=acme.steward)
    whole = brought(acme, data)
    row = whole.rows.get(status="conflict")
    assert (row.code, row.sentence.endswith("make the change there.")) == ("CONFLICT", True)
    assert whole.rows.filter(status="same").count() == 2


def test_the_result_has_every_row_with_what_came_of_it_and_the_bad_ones_come_alone_for_mending(acme: World) -> None:
    whole = ran(acme, "email,name\na@acme.example,A\nnobody,B\nc@acme.example\nmember@acme.example,Acme Member\n")
    result = read_table(csv_of(result_sheet(whole)), file_name="r.csv")
    assert result.columns == ("line", "status", "error", "email", "name")
    found = [(row.values["status"] if row.values else row.cells[1]) for row in result.rows]
    assert found == ["added", "error", "error", "same"]
    bad = csv_of(result_sheet(whole, bad_only=True)).decode("utf-8-sig")
    assert bad.splitlines()[1:] == [
        '3,"error","CSV_VALUE: email: “nobody” is not an e-mail address.","nobody","B"',
        '4,"error","CSV_ROW: The row has 1 cells, and there are 2 headings.","c@acme.example"',
    ]
    mended = bad.replace('"nobody","B"', '"b@acme.example","B"').replace('"c@acme.example"', '"c@acme.example","C"')
    again = ran(acme, mended)
    assert [outcome for _, outcome in again.rows.order_by("line").values_list("line", "outcome")] == ["added", "added"]
    # What was mended carries its own result's columns, and nothing is taken from them.
    assert "status" not in again.mapping.values()


def test_the_template_is_a_list_that_can_be_filled(acme: World) -> None:
    data = csv_of(template()).decode("utf-8-sig") + "E1,a@acme.example,A,,,,,,,\r\n"
    assert outcomes(ran(acme, data)) == [(2, "new", "")]


def test_lists_are_forgotten_after_thirty_days(acme: World) -> None:
    old, new = brought(acme, many(2)), brought(acme, many(3))
    PeopleImport.objects.filter(pk=old.pk).update(created_at=old.created_at - timedelta(days=31))
    forget_imports()
    assert list(PeopleImport.objects.all()) == [new]
    assert ImportRow.objects.count() == 3


# Whatever is brought -----------------------------------------------------------------------------------------------------------------

CELLS = st.sampled_from(
    ["", "a@acme.example", "b@acme.example", "A@acme.example", "member@acme.example", "E1", "Ada", "2024-01-01", "03/04/2024", "31/31/2024",
     "2020-01-01", "robot", "x" * 300, "Lab; Lab", "7", "\u202e", "=1+1"]
)  # fmt: skip
LISTS = st.lists(st.lists(CELLS, min_size=12, max_size=12), min_size=1, max_size=8)


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=LISTS, order=st.sampled_from(["", "day_first", "month_first"]))
def test_every_row_has_an_outcome_whatever_the_cells_and_no_loop_ever_stands(
    acme: World, rows: Sequence[Sequence[str]], order: str
) -> None:
    head = "id,version,employee_id,email,name,team,manager,role,start,end,kind,language"
    text = head + "\n" + "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows if any(row))
    if text.count("\n") == 1:
        return
    whole = brought(acme, text, date_order=order)
    assert not whole.rows.filter(status="").exists()
    assert not whole.rows.filter(status__in=["error", "conflict"], sentence="").exists()
    if whole.state == PeopleImport.State.CHECKED and whole.rows.filter(status__in=["new", "changed"]).exists():
        run(whole, actor=acme.steward)
        run_jobs()
        whole.refresh_from_db()
        assert whole.state == PeopleImport.State.DONE
        assert not whole.rows.filter(status__in=["new", "changed"], outcome="").exists()
    above = dict(Person.objects.values_list("pk", "manager_id"))
    for start in above:
        seen, one = set(), start
        while one is not None and one not in seen:
            seen.add(one)
            one = above[one]
        assert one is None
