"""Checking a list: what is said of each row, and how rows are mended. Nobody is awarded or added by it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.awarding.lists import begun, outcomes, reasons, rows
from tests.world import World, run_jobs

from hexmark.access import Access
from hexmark.awarding import batches, jobs
from hexmark.awarding.actions import award, undo
from hexmark.awarding.batches import add_people, again, begin_batch, discard, mend_row, remove_row, start
from hexmark.awarding.models import Award, Batch, BatchRow
from hexmark.awarding.row_rules import COLUMNS, GivenRow, clean_row, decision_moment, mailbox_key
from hexmark.awarding.sources import rows_of_people, rows_of_table, rows_of_text
from hexmark.catalogue.actions import retire_version
from hexmark.catalogue.models import AchievementVersion
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.files.tables import read_table
from hexmark.people.actions import grant_access
from hexmark.people.models import Person
from hexmark.people.queries import actor_for

TODAY = date(2026, 11, 23)


def test_each_row_says_what_it_would_do(acme: World, version: AchievementVersion) -> None:
    award(version, to=[acme.manager_person], actor=acme.system)
    batch = begun(
        acme,
        version,
        "member@acme.example",
        "new@acme.example,Ben Lund",
        "nameless@acme.example",
        "no address",
        "manager@acme.example",
        "MEMBER@acme.example",
        "steward@acme.example",
    )
    assert batch.state == Batch.State.OPEN
    assert outcomes(batch) == ["ready", "new", "mend", "mend", "held", "double", "mend"]
    said = reasons(batch)
    assert said[2].startswith("Nobody here has this address. Give a name")
    assert said[3] == "“no address” is not an e-mail address."
    assert said[4] == "Holds it already and is passed over."
    assert said[5] == "The same address as in line 2."
    assert said[6].startswith("Nobody can award themselves")


def test_checking_awards_nobody_and_adds_nobody(acme: World, version: AchievementVersion) -> None:
    before = Person.objects.count()
    begun(acme, version, "member@acme.example", "new@acme.example,Ben Lund")
    run_jobs()
    assert Person.objects.count() == before
    assert not Award.objects.exists()


def test_a_row_that_could_not_be_taken_apart_is_kept_with_the_reason(acme: World, version: AchievementVersion) -> None:
    table = read_table(b"email,name\nmember@acme.example\nmanager@acme.example,Acme Manager\n", file_name="staff.csv")
    batch = begin_batch(version, rows=rows_of_table(table), source="staff.csv", actor=acme.steward)
    assert outcomes(batch) == ["mend", "ready"]
    assert "1 cells, and there are 2 headings" in reasons(batch)[0]
    assert batch.rows.get(line=2).email == "member@acme.example"


def test_who_left_is_not_awarded_by_a_list(acme: World, version: AchievementVersion) -> None:
    Person.objects.filter(pk=acme.member_person.pk).update(left_at=timezone.now())
    assert reasons(begun(acme, version, "member@acme.example")) == ["Acme Member has left the organisation."]


def test_who_may_not_add_people_is_told_so_in_the_row(acme: World, version: AchievementVersion) -> None:
    grant_access(acme.manager_person, access=Access.PROGRAMME_OWNER, actor=acme.system)
    batch = begin_batch(version, rows=rows("new@acme.example,Ben Lund"), source="x", actor=actor_for(acme.manager_person))
    assert reasons(batch) == ["Nobody here has this address. A badge administrator can add them."]


def test_the_person_of_another_organisation_is_somebody_new_here(acme: World, globex: World, version: AchievementVersion) -> None:
    batch = begun(acme, version, "member@globex.example,Somebody", "member@globex.example")
    assert outcomes(batch) == ["new", "double"]
    assert "Globex" not in " ".join(reasons(batch))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ann@acme.example", "ANN@acme.example"),
        ("ann.lund@gmail.com", "annlund@googlemail.com"),
        ("ann@acme.example", "ann+badges@acme.example"),
    ],
)
def test_one_person_twice_in_the_list_is_found(acme: World, version: AchievementVersion, first: str, second: str) -> None:
    batch = begun(acme, version, f"{first},Ann", f"{second},Ann")
    assert outcomes(batch) == ["new", "double"]


def test_two_people_who_are_known_here_are_no_doubles_however_alike_their_addresses(acme: World, version: AchievementVersion) -> None:
    for name, email in (("Ann", "crew+ann@acme.example"), ("Ben", "crew+ben@acme.example")):
        Person.objects.create(organisation=acme.organisation, name=name, email=email)
    assert outcomes(begun(acme, version, "crew+ann@acme.example", "crew+ben@acme.example")) == ["ready", "ready"]


def test_somebody_may_say_that_it_is_another_person(acme: World, version: AchievementVersion) -> None:
    batch = begun(acme, version, "crew+ann@acme.example,Ann", "crew+ben@acme.example,Ben")
    assert outcomes(batch) == ["new", "double"]
    assert reasons(batch)[1] == "Perhaps the same person as crew+ann@acme.example, line 2."
    assert mend_row(batch, 3, given={}, actor=acme.steward, is_distinct=True).outcome == "new"
    exact = begun(acme, version, "ann@acme.example,Ann", "ann@acme.example,Ben")
    assert mend_row(exact, 3, given={}, actor=acme.steward, is_distinct=True).outcome == "double"


# Days


@pytest.mark.parametrize("text", ["2026-03-14", "2026-03-14 00:00:00", "2026-03-14T00:00", "14.03.2026", "14.3.2026"])
def test_a_day_is_understood_as_spreadsheets_and_people_write_it(text: str) -> None:
    given = dict.fromkeys(COLUMNS, "") | {"email": "a@b.example", "decided_on": text}
    assert clean_row(given, today=TODAY).decided_on == date(2026, 3, 14)


@pytest.mark.parametrize("text", ["03/14/2026", "tomorrow", "2026-02-30", "0001-01-01", "2026-11-24", "26-03-14"])
def test_a_day_that_cannot_be_is_refused_with_an_example(text: str) -> None:
    given = dict.fromkeys(COLUMNS, "") | {"email": "a@b.example", "decided_on": text}
    with pytest.raises(Invalid, match=r"like 2026-03-14|in the future"):
        clean_row(given, today=TODAY)


def test_a_decision_counts_from_the_beginning_of_its_day_where_the_organisation_is() -> None:
    moment = decision_moment(date(2026, 7, 1), ZoneInfo("Europe/London"))
    assert moment == datetime(2026, 6, 30, 23, 0, tzinfo=UTC)
    assert decision_moment(None, ZoneInfo("UTC")) is None


@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=300)))
def test_whatever_stands_in_a_row_it_is_clean_or_refused_with_a_sentence(given: dict[str, str]) -> None:
    texts = dict.fromkeys(COLUMNS, "") | given
    try:
        clean = clean_row(texts, today=TODAY)
    except Invalid:
        return
    assert mailbox_key(clean.email) == mailbox_key(mailbox_key(clean.email))


# Mending


def test_a_mended_row_is_checked_at_once(acme: World, version: AchievementVersion) -> None:
    batch = begun(acme, version, "nameless@acme.example", "bad")
    assert mend_row(batch, 2, given={"name": "Ben Lund"}, actor=acme.steward).outcome == "new"
    still = mend_row(batch, 3, given={"email": "worse"}, actor=acme.steward)
    assert (still.outcome, still.email, still.reason) == ("mend", "worse", "“worse” is not an e-mail address.")


def test_removing_the_first_of_two_frees_the_second(acme: World, version: AchievementVersion) -> None:
    batch = begun(acme, version, "member@acme.example", "member@acme.example", "member@acme.example")
    remove_row(batch, 2, actor=acme.steward)
    assert outcomes(batch) == ["ready", "double"]
    mend_row(batch, 3, given={"email": "manager@acme.example"}, actor=acme.steward)
    assert outcomes(batch) == ["ready", "ready"]
    with pytest.raises(Conflict, match="no line 2 any more"):
        remove_row(batch, 2, actor=acme.steward)


def test_people_who_are_chosen_are_put_at_the_end_each_once(acme: World, version: AchievementVersion) -> None:
    batch = begun(acme, version, "member@acme.example")
    assert add_people(batch, people=[acme.member_person, acme.manager_person], actor=acme.steward) == 1
    assert list(batch.rows.order_by("line").values_list("line", "email")) == [(2, "member@acme.example"), (3, "manager@acme.example")]
    assert outcomes(batch) == ["ready", "ready"]


def test_nobody_of_another_organisation_can_be_chosen(acme: World, globex: World, version: AchievementVersion) -> None:
    with pytest.raises(Invalid, match="not known in this organisation"):
        add_people(begun(acme, version, "member@acme.example"), people=[globex.member_person], actor=acme.steward)


def test_a_list_that_was_run_or_discarded_does_not_change_any_more(acme: World, version: AchievementVersion) -> None:
    batch, gone = begun(acme, version, "member@acme.example"), begun(acme, version, "member@acme.example")
    start(batch, actor=acme.steward)
    discard(gone, actor=acme.steward)
    for one in (batch, gone):
        for act in (
            lambda one=one: mend_row(one, 2, given={}, actor=acme.steward),
            lambda one=one: remove_row(one, 2, actor=acme.steward),
            lambda one=one: add_people(one, people=[acme.manager_person], actor=acme.steward),
            lambda one=one: start(one, actor=acme.steward),
            lambda one=one: discard(one, actor=acme.steward),
        ):
            with pytest.raises(Conflict, match="run already"):
                act()


def test_strangers_and_members_do_nothing_with_a_list(acme: World, globex: World, version: AchievementVersion) -> None:
    batch = begun(acme, version, "member@acme.example")
    for actor in (globex.steward, acme.member):
        for act in (
            lambda actor=actor: begin_batch(version, rows=[], source="x", actor=actor),
            lambda actor=actor: mend_row(batch, 2, given={}, actor=actor),
            lambda actor=actor: remove_row(batch, 2, actor=actor),
            lambda actor=actor: add_people(batch, people=[], actor=actor),
            lambda actor=actor: start(batch, actor=actor),
            lambda actor=actor: discard(batch, actor=actor),
            lambda actor=actor: again(batch, actor=actor),
        ):
            with pytest.raises(NotPermitted):
                act()
        assert not Batch.objects.visible_to(actor).exists()
    assert Batch.objects.visible_to(acme.steward).count() == 1


# Storing


def test_what_is_not_published_has_no_list(acme: World, version: AchievementVersion) -> None:
    batch = begun(acme, version, "member@acme.example")
    retire_version(version, actor=acme.steward)
    version.refresh_from_db()
    with pytest.raises(Conflict, match="not published"):
        begin_batch(version, rows=[], source="x", actor=acme.steward)
    with pytest.raises(Conflict, match="not published any more"):
        start(batch, actor=acme.steward)


def test_a_list_that_is_too_long_is_refused_and_its_rest_cleared_away(
    acme: World, version: AchievementVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "MOST_ROWS", 3)
    with pytest.raises(Invalid, match="at most 3 rows"):
        begun(acme, version, *(f"p{n}@acme.example" for n in range(4)))
    assert Batch.objects.get().state == Batch.State.ARRIVING
    jobs.forget_lists()
    assert Batch.objects.count() == 1
    Batch.objects.update(created_at=timezone.now() - timedelta(hours=2))
    jobs.forget_lists()
    assert not Batch.objects.exists()


def test_a_list_that_nobody_runs_is_forgotten_after_ninety_days_and_a_run_one_is_kept(acme: World, version: AchievementVersion) -> None:
    begun(acme, version, "member@acme.example")
    start(begun(acme, version, "manager@acme.example"), actor=acme.steward)
    Batch.objects.update(created_at=timezone.now() - timedelta(days=89))
    jobs.forget_lists()
    assert Batch.objects.count() == 2
    Batch.objects.update(created_at=timezone.now() - timedelta(days=91))
    jobs.forget_lists()
    assert [batch.state for batch in Batch.objects.all()] == ["run"]


def test_a_long_list_is_checked_in_the_background(acme: World, version: AchievementVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "CHECKED_AT_ONCE", 10)
    batch = begun(acme, version, *(f"person{n}@acme.example,Person {n}" for n in range(1200)), "person7@acme.example,Again")
    assert set(outcomes(batch)) == {"unchecked"}
    with pytest.raises(Conflict, match="still being checked"):
        start(batch, actor=acme.steward)
    run_jobs()
    assert outcomes(batch) == ["new"] * 1200 + ["double"]
    assert reasons(batch)[-1] == "The same address as in line 9."


def test_a_wake_up_call_that_was_lost_is_found_by_the_sweep(acme: World, version: AchievementVersion) -> None:
    batch = begun(acme, version, "member@acme.example")
    BatchRow.objects.update(outcome="unchecked")
    run_jobs()
    BatchRow.objects.update(outcome="unchecked")
    jobs.wake_for_batches()
    run_jobs()
    assert outcomes(batch) == ["ready"]


def test_a_zero_in_a_text_is_a_row_to_mend(acme: World, version: AchievementVersion) -> None:
    batch = begin_batch(version, rows=[GivenRow(2, "new@acme.example", "Be\0n")], source="x", actor=acme.steward)
    assert "hidden characters" in reasons(batch)[0]


# Sources


def test_pasted_text_may_be_addresses_or_a_table() -> None:
    typed = rows_of_text("Ben Lund <ben@acme.example>\n\nann@acme.example; cy@acme.example\nnobody\n")
    assert [(row.line, row.email, row.name, bool(row.problem)) for row in typed] == [
        (1, "ben@acme.example", "Ben Lund", False),
        (2, "ann@acme.example", "", False),
        (3, "cy@acme.example", "", False),
        (4, "nobody", "", True),
    ]
    copied = rows_of_text("E-mail\tName\tDecided on\nann@acme.example\tAnn\t2026-03-14\n")
    assert copied == [GivenRow(2, "ann@acme.example", "Ann", "", "2026-03-14")]
    with pytest.raises(Invalid, match="at least one person"):
        rows_of_text(" \n ")


@pytest.mark.parametrize(("data", "says"), [(b"name,team\nAnn,Kiln\n", "column called email"), (b"email,name\n", "no rows")])
def test_a_table_that_cannot_be_a_list_is_refused_as_a_whole(data: bytes, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        rows_of_table(read_table(data, file_name="staff.csv"))


def test_people_make_rows(acme: World) -> None:
    assert list(rows_of_people([acme.member_person])) == [GivenRow(1, "member@acme.example", "Acme Member")]


def test_what_was_undone_is_not_held(acme: World, version: AchievementVersion) -> None:
    run = award(version, to=[acme.member_person], actor=acme.steward).run
    undo(run, actor=acme.steward)
    assert outcomes(begun(acme, version, "member@acme.example")) == ["ready"]
