"""Names and e-mail addresses: people are called many things, and nothing that hides is a name."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.errors import Invalid
from hexmark.people.rules import LONGEST_EMAIL, LONGEST_NAME, clean_email, clean_employee_id, clean_name

#: Names that software has stumbled over: nothing is wrong with any of them.
NAMES = [
    "Li",
    "O",
    "Ng Ốc",
    "María José García-Núñez de la Ó",
    "Seán Ó hÉigeartaigh",
    "D'Angelo O'Neil-Smith",
    "Jean-Luc d\u2019Ormesson",
    "Wolfe+585, Senior",
    "van der Berg",
    "Null",
    "None",
    "True",
    "undefined",
    "NaN",
    "Test",
    "Scunthorpe Dick Cumming",
    "Robert'); DROP TABLE people;--",
    "<script>alert(1)</script>",
    "{{ 7*7 }} {% debug %}",
    "${jndi:ldap://x}",
    "=HYPERLINK(1)",
    "../../etc/passwd",
    "%s %n %x",
    "Amara \\ Okafor / Lund",
    "“Amara” «Okafor»",
    "Ben\u00a0Lund",
    "김철수",
    "山田 太郎",
    "Владимир",
    "Αλέξανδρος",
    "אברהם",
    "محمد",
    "می\u200cروم",
    "क्\u200dष",
    "தமிழ்",
    "ภาษาไทย",
    "ꦗꦮ",
    "🦄 Unicorn",
    "👩\u200d🚀 Astronaut",
    "X Æ A-12",
    "123",
    "Ⅷ",
    "Z̴͈̐a̷̛̼l̵͔̈́g̸̱̈́o",
    "i̇",
    "ßen",
    "Ǆ",
    "\ufdfd",
]

#: Values that show nothing, turn the line around, or end it.
HIDING = [
    "",
    " ",
    "\t\n",
    "\u00a0",
    "\u200b",
    "\u200c\u200d",
    "\u3164",
    "\u115f\u1160",
    "\u2800",
    "\uffa0",
    "\u0301",
    "Ben\u200bLund",
    "Ben\u2060Lund",
    "\ufeffBen",
    "Ben\u202edLuN",
    "Ben\u2066Lund\u2069",
    "Ben\u200fLund",
    "Ben\u061cLund",
    "Ben\x00Lund",
    "Ben\x1b[31mLund",
    "Ben\x07",
    "Ben\nBcc: all@acme.example",
    "Ben\rLund",
    "Ben\u2028Lund",
    "Ben\u2029Lund",
    "Ben\x85Lund",
    "Ben\xadLund",
    "Ben\ue000Lund",
    "Ben\ud800Lund",
    "Ben\ufffeLund",
    "Ben\U000e0041Lund",
    "Ben\u3164Lund",
    "A" * (LONGEST_NAME + 1),
]


@pytest.mark.parametrize("name", NAMES)
def test_people_are_called_what_they_are_called(name: str) -> None:
    assert clean_name(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("name", HIDING, ids=ascii)
def test_what_hides_or_shows_nothing_is_no_name(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_name(name)
    assert refused.value.field == "name"


def test_blanks_around_a_name_are_taken_off() -> None:
    assert clean_name(" \u3000Amara Okafor\n") == "Amara Okafor"


def test_two_spellings_of_one_letter_are_one_name() -> None:
    assert clean_name("Jose\u0301") == clean_name("José")


def test_a_name_may_have_200_characters() -> None:
    assert len(clean_name("é" * LONGEST_NAME)) == LONGEST_NAME


@given(st.text(max_size=250))
def test_a_name_that_was_cleaned_is_clean(name: str) -> None:
    try:
        cleaned = clean_name(name)
    except Invalid:
        return
    assert clean_name(cleaned) == cleaned
    assert 1 <= len(cleaned) <= LONGEST_NAME
    assert not set(cleaned) & set("\n\r\x00\u2028\u202e\u200b")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("amara@example.org", "amara@example.org"),
        (" amara@example.org\n", "amara@example.org"),
        ("Amara.Okafor@Example.ORG", "Amara.Okafor@example.org"),
        ("o'neil+kilns@sub.example.co.uk", "o'neil+kilns@sub.example.co.uk"),
        ("amara@MÜNCHEN.example", "amara@münchen.example"),
        ("amara@xn--mnchen-3ya.example", "amara@xn--mnchen-3ya.example"),
        ("a@localhost", "a@localhost"),
        ("1@2.example", "1@2.example"),
        ("_-!#$%&'*+/=?^`{|}~@example.org", "_-!#$%&'*+/=?^`{|}~@example.org"),
    ],
)
def test_the_domain_of_an_address_is_in_lower_case_and_nothing_else_changes(typed: str, kept: str) -> None:
    assert clean_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "@",
        "amara",
        "amara@",
        "@example.org",
        "amara@example",
        "amara@.example.org",
        "amara@example..org",
        "amara..okafor@example.org",
        ".amara@example.org",
        "amara okafor@example.org",
        "amara@exa mple.org",
        "amara@example.org, ben@example.org",
        "Amara <amara@example.org>",
        "amara@example.org\r\nBcc: all@example.org",
        "amara@example.org\x00",
        "amara@-example.org",
        '"amara"@example.org',
        '"\x01"@example.org',
        "amárá@example.org",
        "amara@exam\u00adple.org",
        "amara@exam\u202eple.org",
        "amara@[::1]x",
        "a" * 65 + "@example.org" * 20,
        "a" * 60 + "@" + "b" * 60 + "." + "c" * 60 + "." + "d" * 60 + "." + "e" * 20 + ".example",
    ],
    ids=ascii,
)
def test_what_is_no_address_is_refused_by_name(typed: str) -> None:
    with pytest.raises(Invalid, match="not an e-mail address") as refused:
        clean_email(typed)
    assert refused.value.field == "email"
    assert len(str(refused.value)) < 150


@given(st.emails())
def test_an_address_that_was_cleaned_is_clean_and_fits_its_column(typed: str) -> None:
    try:
        cleaned = clean_email(typed)
    except Invalid:
        return
    assert clean_email(cleaned) == cleaned
    assert len(cleaned) <= LONGEST_EMAIL
    assert cleaned.lower() == typed.strip().lower()


@pytest.mark.parametrize(("typed", "kept"), [("", ""), (" H1000 ", "H1000"), ("A/7-ü", "A/7-ü"), ("9" * 60, "9" * 60)])
def test_an_employee_id_loses_only_the_blanks_around_it(typed: str, kept: str) -> None:
    assert clean_employee_id(typed) == kept


@pytest.mark.parametrize("typed", ["9" * 61, "H\u200b1", "H\n1", "H\x00"], ids=ascii)
def test_an_employee_id_that_is_too_long_or_hides_something_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_employee_id(typed)
    assert refused.value.field == "employee_id"
