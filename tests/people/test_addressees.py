"""People as typed into one box: what is understood, what is refused by name, and that nothing typed can do harm."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hexmark.errors import Invalid
from hexmark.people.rules import LONGEST_NAME, Addressee, clean_email, parse_addressees

AMARA = Addressee("amara@example.org", "")
BEN = Addressee("ben@example.org", "Ben Lund")


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("amara@example.org", [AMARA]),
        ("  amara@example.org\t", [AMARA]),
        ("<amara@example.org>", [AMARA]),
        ("Ben Lund <ben@example.org>", [BEN]),
        ('"Ben Lund" <ben@example.org>', [BEN]),
        ("Ben Lund<ben@example.org>", [BEN]),
        ("amara@example.org\nBen Lund <ben@example.org>", [AMARA, BEN]),
        ("amara@example.org\r\nBen Lund <ben@example.org>\r\n", [AMARA, BEN]),
        ("amara@example.org; Ben Lund <ben@example.org>;", [AMARA, BEN]),
        ("amara@example.org, Ben Lund <ben@example.org>,", [AMARA, BEN]),
        ("amara@example.org,,;\n\n Ben Lund <ben@example.org>", [AMARA, BEN]),
        ("Lund, Ben <ben@example.org>", [Addressee("ben@example.org", "Lund, Ben")]),
        ("Lund, Ben <ben@example.org>, amara@example.org", [Addressee("ben@example.org", "Lund, Ben"), AMARA]),
        ('"Lund, Ben; Head of Kilns" <ben@example.org>', [Addressee("ben@example.org", "Lund, Ben; Head of Kilns")]),
        ('"Ben \\"Kiln\\" Lund" <ben@example.org>', [Addressee("ben@example.org", 'Ben "Kiln" Lund')]),
        ("Ben (kilns) Lund <ben@example.org>", [Addressee("ben@example.org", "Ben (kilns) Lund")]),
        ("Seán O'Brien <o'brien@example.ie>", [Addressee("o'brien@example.ie", "Seán O'Brien")]),
        ("李小龍 <bruce@example.hk>", [Addressee("bruce@example.hk", "李小龍")]),
        ("ben@example.org <BEN@example.org>", [Addressee("BEN@example.org", "")]),
        ("Ben <ben+badges@EXAMPLE.org>", [Addressee("ben+badges@example.org", "Ben")]),
    ],
)
def test_people_are_understood_as_address_books_and_hands_write_them(typed: str, understood: list[Addressee]) -> None:
    assert parse_addressees(typed) == understood


def test_the_same_address_twice_is_one_person_whatever_its_case() -> None:
    assert parse_addressees("Ben <ben@example.org>\nBEN@example.org\nbenny <Ben@Example.ORG>") == [Addressee("ben@example.org", "Ben")]


@pytest.mark.parametrize("typed", ["", " \n\t", ";", ",,,\r\n;", "\n" * 1000])
def test_an_empty_box_asks_for_at_least_one_person(typed: str) -> None:
    with pytest.raises(Invalid, match="at least one person") as refused:
        parse_addressees(typed)
    assert refused.value.field == "to"


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("amara@example.org\nBen Lund", "Ben Lund"),
        ("Ben Lund, Amara Okafor", "Ben Lund, Amara Okafor"),
        ("ben@", "ben@"),
        ("@example.org", "@example.org"),
        ("ben@example", "ben@example"),
        ("ben@@example.org", "ben@@example.org"),
        ("ben@example.org carla@example.org", "carla"),
        ("Ben <ben@example.org> Lund", "Ben"),
        ("Ben <ben@example.org", "Ben"),
        ("Ben ben@example.org>", "Ben"),
        ("Ben <>", "Ben"),
    ],
)
def test_the_entry_that_is_no_address_is_named(typed: str, named: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_addressees(typed)
    assert named in str(refused.value)


@pytest.mark.parametrize(
    "typed",
    [
        # Comments, groups and routes of RFC 5322: two readers of these see two different people.
        "alice@example.org)bob@evil.example",
        "alice@example.org(<bob@evil.example>",
        "Friends: alice@example.org, bob@example.org;",
        "<@relay.example:ben@example.org>",
        '"alice@example.org"@evil.example',
        '"a b"@example.org',
        '"\x01"@example.org',
        "ben@[127.0.0.1",
        "ben@exam\u202eple.org",
        "ben\u200b@example.org",
        "ben@example.org\x00",
        "ben\x7f@example.org",
        "Bcc: everybody@example.org",
        "ben@example.org%0aBcc:all@example.org",
        "ben@example.org\u2028bcc@example.org",
    ],
)
def test_what_two_readers_would_read_differently_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        parse_addressees(typed)


@pytest.mark.parametrize("name", ["Ben\u202eLund", "Ben\x07", "\u200b", "A" * (LONGEST_NAME + 1), "Ben\u2028Lund"])
def test_a_name_that_hides_something_is_refused_here_too(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_addressees(f"{name} <ben@example.org>")
    assert refused.value.field == "name"


@pytest.mark.parametrize(
    "typed",
    ["(" * 200_000, '"' * 200_000, "a," * 100_000, "<" * 200_000, "a@b.org," * 25_000, " " * 200_000, "@" * 200_000, '"a' * 100_000],
)
def test_a_box_full_of_nonsense_is_answered_at_once(typed: str) -> None:
    started = time.process_time()
    with suppress(Invalid):
        parse_addressees(typed)
    assert time.process_time() - started < 2


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200) | st.text(alphabet='ab@.<>",;\\\n() :[]', max_size=60))
@example('"<"@a.org>')
@example("a@b.c,\n<d@e.f>")
def test_whatever_is_typed_is_refused_or_gives_addresses_that_are_clean(typed: str) -> None:
    try:
        addressees = parse_addressees(typed)
    except Invalid:
        return
    assert addressees
    assert len({one.email.lower() for one in addressees}) == len(addressees)
    for one in addressees:
        assert clean_email(one.email) == one.email
        assert one.email.count("@") == 1
        assert one.email.isprintable()
        assert not set(one.email) & set(' <>",;\\\r\n')


@given(
    st.lists(st.emails(domains=st.just("example.org")), min_size=1, max_size=8, unique_by=str.lower),
    st.sampled_from(["\n", ";", ",", " ,\n", "; "]),
)
def test_every_address_that_is_typed_is_found_in_its_order(emails: list[str], separator: str) -> None:
    assert [one.email for one in parse_addressees(separator.join(emails))] == emails
