"""The small part of CBOR that proof values are made of: one form for each value, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.openbadges import cbor
from hexmark.openbadges.errors import Unparsable

SCALARS = st.one_of(st.integers(0, 2**64 - 1), st.binary(max_size=300), st.text(max_size=40))
PARTS = st.lists(
    st.one_of(SCALARS, st.lists(SCALARS, max_size=30), st.dictionaries(st.integers(0, 2**32), SCALARS, max_size=30)), max_size=8
)


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        # RFC 8949, Appendix A.
        (0, "00"),
        (23, "17"),
        (24, "1818"),
        (100, "1864"),
        (1000, "1903e8"),
        (1000000, "1a000f4240"),
        (1000000000000, "1b000000e8d4a51000"),
        (18446744073709551615, "1bffffffffffffffff"),
        (b"", "40"),
        (bytes.fromhex("01020304"), "4401020304"),
        ("", "60"),
        ("IETF", "6449455446"),
        ("\u6c34", "63e6b0b4"),
        ([], "80"),
        ([1, [2, 3], [4, 5]], "8301820203820405"),
        ({}, "a0"),
        ({1: 2, 3: 4}, "a201020304"),
    ],
)
def test_the_examples_of_the_standard_are_written_and_read(value, encoded):
    assert cbor.encode(value).hex() == encoded
    assert cbor.decode(bytes.fromhex(encoded)) == value


@given(PARTS)
def test_what_is_written_is_read_as_it_was(parts):
    assert cbor.decode(cbor.encode(parts)) == parts


@pytest.mark.parametrize(
    ("encoded", "why"),
    [
        ("", "nothing"),
        ("1817", "a number longer than it must be"),
        ("190018", "again"),
        ("5818" + "00" * 23, "cut off"),
        ("4401020304ff", "bytes left over"),
        ("a203040102", "keys out of order"),
        ("a2010201 04".replace(" ", ""), "a key twice"),
        ("a16161 01".replace(" ", ""), "a key that is no number"),
        ("20", "a negative number"),
        ("5f4101ff", "a length that is not said"),
        ("9f01ff", "again"),
        ("bf0102ff", "again"),
        ("c000", "a tag"),
        ("f5", "true"),
        ("f6", "null"),
        ("f90000", "a fraction"),
        ("9b7fffffffffffffff", "more items than there can be"),
        ("5b7fffffffffffffff00", "more bytes than there are"),
        ("61ff", "text that is not UTF-8"),
        ("8181818181818100", "too deep"),
    ],
)
def test_any_other_form_is_refused(encoded, why):
    with pytest.raises(Unparsable):
        cbor.decode(bytes.fromhex(encoded))


@given(st.binary(max_size=200))
def test_whatever_is_read_is_the_one_form_of_its_value(data):
    try:
        value = cbor.decode(data)
    except Unparsable:
        return
    assert cbor.encode(value) == data


def test_a_negative_number_is_not_written():
    with pytest.raises(ValueError, match="Negative"):
        cbor.encode(-1)
    with pytest.raises(ValueError, match="large"):
        cbor.encode(2**64)
