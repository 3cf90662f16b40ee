"""Codes that people can copy, and what may stand on a page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.errors import Invalid
from hexmark.passport.rules import ALPHABET, clean_handle, clean_line, clean_text, code_of, in_order, meant_code


@given(st.binary(min_size=13, max_size=40))
def test_a_code_has_a_hundred_bits_and_is_read_back(data: bytes) -> None:
    code = code_of(data)
    assert len(code) == 23
    meant = meant_code(code)
    assert meant == code.replace("-", "")
    assert sum(ALPHABET.index(character) << (5 * place) for place, character in enumerate(reversed(str(meant)))) == (
        int.from_bytes(data[:13]) >> 4
    )


@given(st.binary(min_size=13, max_size=13), st.sampled_from(["lower", "spaces", "none", "letters"]))
def test_a_code_is_understood_as_people_copy_it(data: bytes, habit: str) -> None:
    code = code_of(data)
    copied = {
        "lower": code.lower(),
        "spaces": f"  {code.replace('-', ' ')} ",
        "none": code.replace("-", ""),
        "letters": code.replace("0", "o").replace("1", "l"),
    }[habit]
    assert meant_code(copied) == code.replace("-", "")


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_code_or_none(typed: str) -> None:
    meant = meant_code(typed)
    assert meant is None or (len(meant) == 20 and set(meant) <= set(ALPHABET))


def test_a_code_needs_enough_randomness() -> None:
    with pytest.raises(ValueError, match="100 bits"):
        code_of(b"short")


@pytest.mark.parametrize("handle", ["ab", "-abc", "abc-", "a--b", "ä-umlaut", "a b c", "x" * 41, "admin", "Hexmark", "../etc", ""])
def test_a_handle_that_would_deceive_or_break_an_address_is_refused(handle: str) -> None:
    with pytest.raises(Invalid):
        clean_handle(handle)


def test_a_handle_is_kept_in_small_letters() -> None:
    assert clean_handle(" Amara-Okafor ") == "amara-okafor"


@pytest.mark.parametrize("text", ["", "  ", "x" * 121, "a\nb", "a\u202eb"])
def test_a_name_is_one_visible_line(text: str) -> None:
    with pytest.raises(Invalid):
        clean_line(text, field="name", longest=120)


def test_text_may_have_lines_but_nothing_hidden() -> None:
    assert clean_text("one\r\ntwo ", field="text", longest=100) == "one\ntwo"
    for text in ("a\u202eb", "x" * 101):
        with pytest.raises(Invalid):
            clean_text(text, field="text", longest=100)


@given(st.lists(st.integers(0, 50), unique=True, max_size=8), st.dictionaries(st.integers(0, 50), st.integers(-5, 60), max_size=8))
def test_ordering_loses_and_doubles_nothing(keys: list[int], positions: dict[int, int]) -> None:
    assert sorted(in_order(keys, positions)) == sorted(keys)


def test_ordering_follows_the_numbers_and_keeps_equals_as_they_were() -> None:
    assert in_order([1, 2, 3, 4], {3: 1, 1: 2, 2: 2}) == [3, 1, 2, 4]
