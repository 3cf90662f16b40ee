"""Values: brought, corrected, refused, and put together without a mean of means."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.performance.targeting import a_measure, somebody, today
from tests.world import World

from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.holdings.queries import holdings_of
from hexmark.measures.definitions import Definition, define_measure, object_to, switch_off, switch_on, withdraw_objection
from hexmark.measures.imports import read_records, read_values, run_import
from hexmark.measures.models import ImportedRecord, Measure, Observation
from hexmark.measures.queries import contributing, figures_of_people, objectors, visible_values
from hexmark.measures.records import GivenRecord, bring_records
from hexmark.measures.rules import Figure, clean_filter, in_words, read_day, read_number, together
from hexmark.measures.values import Brought, Value, bring_values
from hexmark.requirements.codec import parse
from hexmark.requirements.evaluate import evaluate

DAY = date(2026, 1, 5)


def value(acme: World, number: int, *, on: date = DAY, reason: str = "") -> Value:
    """A value of the member."""
    return Value(on=on, person=acme.member_person, value=Decimal(number), reason=reason)


def test_bringing_the_same_values_again_changes_nothing(acme: World) -> None:
    calls = a_measure(acme)
    assert bring_values(calls, [value(acme, 4)], source="test", actor=acme.steward) == Brought(1, 0, 0)
    assert bring_values(calls, [value(acme, 4)], source="test", actor=acme.steward) == Brought(0, 0, 1)
    assert Observation.objects.count() == 1


def test_a_corrected_value_takes_the_place_of_the_earlier_one_which_stays_to_be_read(acme: World) -> None:
    calls = a_measure(acme)
    bring_values(calls, [value(acme, 4)], source="test", actor=acme.steward)
    bring_values(calls, [value(acme, 6, reason="Two were missed")], source="test", actor=acme.steward)
    bring_values(calls, [value(acme, 5)], source="test", actor=acme.steward)
    (standing,) = Observation.objects.current()
    assert standing.value == 5
    assert [row.value for row in Observation.objects.order_by("pk")] == [4, 6, 5]
    first = Observation.objects.order_by("pk")[0]
    assert (first.corrected_by.value, first.corrected_by.reason) == (6, "Two were missed")
    assert figures_of_people(calls, [acme.member_person.pk], since=DAY, until=DAY)[acme.member_person.pk].value == 5


def test_values_are_taken_only_while_the_figure_is_switched_on(acme: World) -> None:
    calls = a_measure(acme)
    switch_off(calls, actor=acme.steward)
    calls.refresh_from_db()
    with pytest.raises(Conflict, match="not switched on"):
        bring_values(calls, [value(acme, 4)], source="test", actor=acme.steward)


def test_a_value_of_somebody_elses_person_is_refused_and_nothing_is_kept(acme: World, globex: World) -> None:
    calls = a_measure(acme)
    theirs = Value(on=DAY, person=globex.member_person, value=Decimal(4))
    with pytest.raises(Invalid, match="nobody here"):
        bring_values(calls, [value(acme, 4), theirs], source="test", actor=acme.steward)
    assert not Observation.objects.exists()


def test_a_value_of_tomorrow_is_refused(acme: World) -> None:
    with pytest.raises(Invalid, match="lies in the future"):
        bring_values(a_measure(acme), [value(acme, 4, on=today(acme) + timedelta(days=1))], source="test", actor=acme.steward)


@pytest.mark.parametrize("who", ["manager", "member"])
def test_only_who_looks_after_people_brings_values(acme: World, who: str) -> None:
    with pytest.raises(NotPermitted):
        bring_values(a_measure(acme), [value(acme, 4)], source="test", actor=getattr(acme, who))


def test_values_are_seen_by_whom_they_are_about_and_by_whoever_manages_them_now(acme: World) -> None:
    calls = a_measure(acme)
    _, peer = somebody(acme, "A Peer")
    bring_values(calls, [value(acme, 4)], source="test", actor=acme.steward)
    seen = {name: visible_values(actor, calls).count() for name, actor in (("own", acme.member), ("manager", acme.manager), ("peer", peer))}
    assert seen == {"own": 1, "manager": 1, "peer": 0}


def test_who_objects_is_left_out_and_counted_until_they_withdraw(acme: World) -> None:
    calls = a_measure(acme)
    bring_values(calls, [value(acme, 4)], source="test", actor=acme.steward)
    object_to(calls, reason="", actor=acme.member)
    object_to(calls, reason="Twice", actor=acme.member)
    assert objectors(calls) == 1
    assert figures_of_people(calls, [acme.member_person.pk], since=DAY, until=DAY) == {}
    assert not visible_values(acme.steward, calls).exists()
    withdraw_objection(calls, actor=acme.member)
    assert (objectors(calls), visible_values(acme.steward, calls).count()) == (0, 1)


def test_a_figure_of_people_is_not_switched_on_without_purpose_and_notice(acme: World) -> None:
    measure = define_measure(acme.organisation, definition=Definition(name="Calls", per="person", purpose="Help"), actor=acme.steward)
    with pytest.raises(Invalid, match="notice"):
        switch_on(measure, actor=acme.steward)
    assert not Measure.objects.open().exists()


def asked_of(acme: World, measure: Measure, least: int) -> bool:
    """Whether the member meets a requirement for so much of the figure."""
    rule = parse({"type": "measure", "measure": measure.public_id, "name": measure.name, "at_least": least})
    return evaluate(rule, holdings_of(acme.member_person), timezone.now()).met


def test_the_latest_value_is_a_fact_that_requirements_ask_for_until_the_person_objects(acme: World) -> None:
    calls = a_measure(acme)
    bring_values(calls, [value(acme, 4), value(acme, 9, on=DAY + timedelta(days=7))], source="test", actor=acme.steward)
    assert (asked_of(acme, calls, 9), asked_of(acme, calls, 10)) == (True, False)
    bring_values(calls, [value(acme, 10, on=DAY + timedelta(days=7))], source="test", actor=acme.steward)
    assert asked_of(acme, calls, 10)
    object_to(calls, reason="", actor=acme.member)
    assert not asked_of(acme, calls, 1)
    withdraw_objection(calls, actor=acme.member)
    assert asked_of(acme, calls, 10)


def test_what_is_counted_from_records_is_a_fact_too_and_follows_a_correction(acme: World) -> None:
    won = a_measure(acme, "Won", record_source="CRM", record_count="sum")
    day = today(acme)
    bring_records(acme.organisation, [GivenRecord("D-1", acme.member_person, day, "Won", Decimal(100))], source="CRM", actor=acme.steward)
    assert asked_of(acme, won, 100)
    bring_records(acme.organisation, [GivenRecord("D-1", acme.member_person, day, "Won", Decimal(90))], source="CRM", actor=acme.steward)
    assert not asked_of(acme, won, 100)


def test_a_list_says_of_each_row_what_is_wrong_and_runs_the_good_ones(acme: World) -> None:
    calls = a_measure(acme)
    bring_values(calls, [value(acme, 9)], source="test", actor=acme.steward)
    rows = b"person,on,value\nmember@acme.example,2026-01-05,10\nnobody@globex.example,2026-01-05,3\nmanager@acme.example,05/01/2026,3\n"
    rows += b"manager@acme.example,2026-01-06,many\nmanager@acme.example,2026-01-07,7\nmanager@acme.example,2026-01-07,8\n"
    whole = read_values(calls, data=rows, file_name="calls.csv", actor=acme.steward)
    assert [(row["line"], row["status"]) for row in whole.rows] == [
        (2, "corrected"), (3, "error"), (4, "error"), (5, "error"), (6, "new"), (7, "error"),
    ]  # fmt: skip
    sentences = [row["sentence"] for row in whole.rows if row["status"] == "error"]
    assert "nobody@globex.example" in sentences[0]
    assert "2026-03-14" in sentences[1]
    assert "not a number" in sentences[2]
    assert "Line 6" in sentences[3]
    # Nothing is changed by trying it.
    assert Observation.objects.count() == 1
    assert run_import(whole, actor=acme.steward) == Brought(1, 1, 0)
    with pytest.raises(Conflict, match="run already"):
        run_import(whole, actor=acme.steward)


def test_a_list_of_records_runs_once_and_a_later_one_corrects(acme: World) -> None:
    first = b"id,owner,stage,amount,date,region\nD-1,member@acme.example,Won,100,2026-01-05,North\nD-2,x@y.example,Won,1,2026-01-05,North\n"
    whole = read_records(acme.organisation, source="CRM", data=first, file_name="crm.csv", actor=acme.steward)
    assert [row["status"] for row in whole.rows] == ["new", "error"]
    run_import(whole, actor=acme.steward)
    later = read_records(acme.organisation, source="CRM", data=first.replace(b"100", b"80"), file_name="crm.csv", actor=acme.steward)
    assert run_import(later, actor=acme.steward) == Brought(0, 1, 0)
    assert [row.amount for row in ImportedRecord.objects.order_by("pk")] == [100, 80]
    assert ImportedRecord.objects.current().get().more == {"region": "North"}


def test_a_filter_may_ask_of_further_columns_however_they_are_called(acme: World) -> None:
    rows = b"id,owner,stage,amount,date,contains\nD-1,member@acme.example,Won,100,2026-01-05,North\n"
    rows += b"D-2,member@acme.example,won,10,2026-01-05,x\n"
    run_import(read_records(acme.organisation, source="CRM", data=rows, file_name="a.csv", actor=acme.steward), actor=acme.steward)
    conditions = [{"field": "stage", "is": ["Won"]}, {"field": "contains", "is": ["North"]}]
    north = a_measure(acme, "North", record_source="CRM", record_count="count", record_filter=conditions)
    found = contributing(north, [acme.member_person.pk], since=DAY, until=DAY)
    assert [row.external_id for row in found] == ["D-1"]


def test_a_rate_of_many_is_counted_from_its_parts(acme: World) -> None:
    fixed = a_measure(acme, "Fixed", form="rate", unit="%", multiplier=Decimal(100))
    people = [acme.member_person, acme.manager_person]
    given_ = [
        Value(on=DAY, person=person, numerator=Decimal(over), denominator=Decimal(under))
        for person, (over, under) in zip(people, ((1, 2), (1, 8)), strict=True)
    ]
    bring_values(fixed, given_, source="test", actor=acme.steward)
    figures = figures_of_people(fixed, [person.pk for person in people], since=DAY, until=DAY)
    # The mean of 50 % and 12.5 % would be 31.25 %.
    assert together(list(figures.values())).value == 20


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), min_size=1, max_size=20))
def test_putting_rates_together_is_dividing_sums(parts: list[tuple[int, int]]) -> None:
    whole = together([Figure(Decimal(over), Decimal(under), Decimal(100), 1) for over, under in parts])
    expected = Decimal(100 * sum(over for over, _ in parts)) / sum(under for _, under in parts)
    assert whole.value == expected.quantize(Decimal("0.0001"))


@given(st.text(max_size=30))
def test_whatever_is_typed_as_a_number_or_day_is_read_or_refused(text: str) -> None:
    for read in (read_number, read_day):
        try:
            read(text)
        except Invalid:
            continue


@pytest.mark.parametrize("text", ["1,000", "1_000", "NaN", "Infinity", "1e40", "٣", ""])
def test_what_only_looks_like_a_number_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_number(text)


words = st.text(max_size=9)
anything = st.recursive(st.none() | st.booleans() | st.integers() | words, lambda inner: st.lists(inner) | st.dictionaries(words, inner))


@given(anything)
def test_any_filter_is_kept_or_refused(conditions: object) -> None:
    with suppress(Invalid):
        assert clean_filter(clean_filter(conditions)) == clean_filter(conditions)


def test_numbers_are_written_for_people() -> None:
    assert [in_words(Decimal(text), "%") for text in ("80.6452", "80.0000", "1250.5")] == ["80.65 %", "80 %", "1,250.5 %"]
    assert in_words(None) == "no value"
