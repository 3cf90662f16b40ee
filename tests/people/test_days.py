"""Days as people write them: read where they can only be meant one way, asked about where they could be two."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.people.imports.columns import clean_mapping, guessed_mapping, unused_columns
from hexmark.people.imports.days import DAY_FIRST, MONTH_FIRST, Ambiguous, order_of, parsed_day
from hexmark.people.imports.house import ignores_points, mailbox_of

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-01", date(2024, 3, 1)),
        ("2024-3-1", date(2024, 3, 1)),
        ("2024-03-01 00:00:00", date(2024, 3, 1)),
        ("2024-03-01T00:00:00.000", date(2024, 3, 1)),
        ("2024/03/01", date(2024, 3, 1)),
        ("01.03.2024", date(2024, 3, 1)),
        ("1. 3.2024", date(2024, 3, 1)),
        ("31/03/2024", date(2024, 3, 31)),
        ("03/31/2024", date(2024, 3, 31)),
        ("31-03-2024", date(2024, 3, 31)),
        ("05/05/2024", date(2024, 5, 5)),
    ],
)
def test_a_day_that_can_only_be_meant_one_way_is_read(text: str, day: date) -> None:
    assert parsed_day(text) == day


@pytest.mark.parametrize("text", ["03/04/2024", "1-2-2024", "12/11/2024"])
def test_a_day_that_could_be_two_is_not_guessed(text: str) -> None:
    with pytest.raises(Ambiguous):
        parsed_day(text)


@pytest.mark.parametrize("text", ["", "soon", "2024-02-30", "31/31/2024", "1/2/24", "2024-03-01 14:30:00", "0/0/2024", "45000"])
def test_what_is_no_day_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        parsed_day(text)


@given(DAYS)
def test_every_day_comes_back_in_every_form(day: date) -> None:
    assert parsed_day(day.isoformat()) == day
    assert parsed_day(f"{day:%d.%m.%Y}") == day
    assert parsed_day(f"{day:%d/%m/%Y}", DAY_FIRST) == day
    assert parsed_day(f"{day:%m/%d/%Y}", MONTH_FIRST) == day


@given(st.text(max_size=30), st.sampled_from(["", DAY_FIRST, MONTH_FIRST]))
def test_any_text_is_a_day_or_refused(text: str, order: str) -> None:
    try:
        assert isinstance(parsed_day(text, order), date)
    except ValueError:
        return


def test_a_list_may_show_by_itself_how_its_days_are_meant() -> None:
    assert order_of(["03/04/2024", "31/03/2024", "no day"]) == DAY_FIRST
    assert order_of(["03/04/2024", "03/31/2024"]) == MONTH_FIRST
    assert order_of(["31/03/2024", "03/31/2024"]) == ""
    assert order_of(["2024-01-01", ""]) == ""


def test_columns_are_known_by_their_own_names_first() -> None:
    columns = ["work_e-mail", "email", "name", "status", "shoe_size"]
    mapping = guessed_mapping(columns)
    assert mapping == {"email": "email", "name": "name"}
    assert unused_columns(columns, mapping) == ["work_e-mail", "shoe_size"]


def test_a_field_that_was_chosen_twice_is_taken_from_the_first_column() -> None:
    assert clean_mapping(["a", "b", "c"], {"a": "name", "b": "name", "c": "nonsense"}) == {"name": "a"}


def test_spellings_of_one_mailbox_are_one() -> None:
    assert mailbox_of("A.B+tag@GoogleMail.com") == mailbox_of("ab@gmail.com")
    assert mailbox_of("a.b+tag@acme.example") == mailbox_of("A.B@acme.example") != mailbox_of("ab@acme.example")
    assert (ignores_points("x@gmail.com"), ignores_points("x@acme.example")) == (True, False)
