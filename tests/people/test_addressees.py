"""People as they are typed: one a line or in a list, with and without names."""

from __future__ import annotations

import pytest

from hexmark.errors import Invalid
from hexmark.people.rules import Addressee, parse_addressees


def test_addresses_are_read_one_a_line_or_in_a_list() -> None:
    typed = "amara@example.org\nBen Lund <ben@example.org>; cai@example.org, dee@example.org"
    assert [addressee.email for addressee in parse_addressees(typed)] == [
        "amara@example.org",
        "ben@example.org",
        "cai@example.org",
        "dee@example.org",
    ]


def test_a_name_in_front_is_kept() -> None:
    assert parse_addressees("Ben Lund <ben@Example.ORG>") == [Addressee(email="ben@example.org", name="Ben Lund")]


def test_the_same_address_twice_counts_once() -> None:
    assert len(parse_addressees("ben@example.org\nBEN@example.org")) == 1


@pytest.mark.parametrize("typed", ["", "  \n ; ", "Ben Lund", "Lund, Ben <ben@example.org>", "ben@", "ben@example.org>x@y.example"])
def test_what_names_nobody_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Invalid, match="address"):
        parse_addressees(typed)
