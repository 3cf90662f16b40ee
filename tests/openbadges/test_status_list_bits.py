"""Status lists: bits in the right place, and hostile lists refused quickly."""

import base64
import contextlib
import gzip
import time
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.openbadges.status_lists import EMPTY, multibase, refusal, with_bits

from hexmark.openbadges import limits, status_list
from hexmark.openbadges.errors import StatusError
from hexmark.openbadges.status_list import decode, encode

# Bits


def test_the_first_entry_is_the_most_significant_bit_of_the_first_byte():
    assert with_bits(0)[0] == 0x80
    assert with_bits(7)[0] == 0x01
    assert with_bits(8)[:2] == b"\x00\x80"
    assert with_bits(limits.STATUS_LIST_ENTRIES - 1)[-1] == 0x01
    assert status_list.bit(b"\x80\x01", 0)
    assert not status_list.bit(b"\x80\x01", 7)
    assert status_list.bit(b"\x80\x01", 15)


@given(st.sets(st.integers(0, limits.STATUS_LIST_ENTRIES - 1), max_size=40))
def test_exactly_the_bits_that_were_set_are_set(indexes):
    bits = decode(encode(with_bits(*indexes)))
    number = int.from_bytes(bits, "big")
    assert number.bit_count() == len(indexes)
    assert all(status_list.bit(bits, index) for index in indexes)


def test_a_suspension_can_be_lifted_without_touching_its_neighbours():
    bits = bytearray(with_bits(40, 41, 42))
    status_list.set_bit(bits, 41, False)
    assert bytes(bits) == with_bits(40, 42)


@given(st.integers(1, 12), st.data())
def test_entries_of_several_bits_are_kept_apart(size, data):
    bits = bytearray(64)
    values = data.draw(st.lists(st.integers(0, 2**size - 1), min_size=64 * 8 // size, max_size=64 * 8 // size))
    for index, value in enumerate(values):
        status_list.set_value(bits, index, value, size=size)
    assert [status_list.value(bits, index, size=size) for index in range(len(values))] == values


def test_a_value_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        status_list.set_value(bytearray(8), 0, 4, size=2)


@pytest.mark.parametrize("index", [-1, 16, 2**31, 2**64])
def test_an_index_outside_the_list_is_an_error_and_not_a_zero(index):
    assert refusal(StatusError, status_list.bit, b"\x00\x00", index) == "RANGE_ERROR"
    assert refusal(StatusError, status_list.set_bit, bytearray(2), index, True) == "RANGE_ERROR"


# Packing


def test_the_same_bits_always_give_the_same_text_in_gzip_without_a_time():
    encoded = encode(with_bits(3))
    assert encoded == encode(bytearray(with_bits(3)))
    assert encoded.startswith("uH4sI")
    packed = base64.urlsafe_b64decode(encoded[1:] + "==")
    assert packed[4:8] == bytes(4)
    assert gzip.decompress(packed) == with_bits(3)


@given(st.binary(max_size=300), st.integers(0, 4000))
def test_what_was_encoded_decodes_to_the_same_bits(noise, offset):
    bits = EMPTY[:offset] + noise + EMPTY
    assert decode(encode(bits)) == bits


def test_our_own_list_may_be_neither_too_short_nor_too_long():
    assert refusal(StatusError, encode, EMPTY[1:]) == "STATUS_LIST_LENGTH_ERROR"
    assert refusal(StatusError, encode, bytes(limits.STATUS_LIST_BYTES + 1)) == "STATUS_LIST_TOO_LARGE"


def test_a_list_that_anyone_else_packed_is_read():
    assert decode(multibase(gzip.compress(with_bits(9), 9))) == with_bits(9)


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """A gibibyte of zeros."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1024 * 1024)
    return b"".join(deflate.compress(block) for _ in range(1024)) + deflate.flush()


@pytest.mark.parametrize(
    ("claim", "code"),
    [(2**30, "STATUS_LIST_TOO_LARGE"), (16_384, "STATUS_VERIFICATION_ERROR/LENGTH"), (0, "STATUS_VERIFICATION_ERROR/LENGTH")],
    ids=["admits its size", "claims to be a small list", "claims to be empty"],
)
def test_a_bomb_of_a_gibibyte_is_refused_in_a_moment(bomb, claim, code):
    encoded = multibase(bomb[:-4] + claim.to_bytes(4, "little"))
    began = time.process_time()
    assert refusal(StatusError, decode, encoded) == code
    assert time.process_time() - began < 0.05


def test_a_bomb_that_claims_the_most_we_read_is_inflated_no_further(bomb):
    encoded = multibase(bomb[:-4] + limits.STATUS_LIST_BYTES.to_bytes(4, "little"))
    tracemalloc.start()
    assert refusal(StatusError, decode, encoded) == "STATUS_VERIFICATION_ERROR/LENGTH"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * limits.STATUS_LIST_BYTES


def test_a_text_longer_than_any_list_is_refused_before_it_is_decoded():
    assert refusal(StatusError, decode, "u" + "A" * 23_000_000) == "STATUS_LIST_TOO_LARGE"


def test_a_list_compressed_twice_is_refused():
    once = gzip.compress(EMPTY)
    assert refusal(StatusError, decode, multibase(gzip.compress(once))) == "STATUS_LIST_LENGTH_ERROR"
    incompressible = gzip.compress(b"".join(zlib.crc32(bytes([n % 251, n >> 8])).to_bytes(4, "big") for n in range(40_000)))
    assert len(incompressible) * 8 > limits.STATUS_LIST_ENTRIES
    assert refusal(StatusError, decode, multibase(gzip.compress(incompressible))) == "STATUS_LIST_LENGTH_ERROR/NESTED"


def test_a_list_that_begins_like_gzip_by_chance_is_read():
    bits = b"\x1f\x8b\x08" + EMPTY
    assert decode(encode(bits)) == bits


@pytest.mark.parametrize(
    ("bits", "code"),
    [
        (EMPTY[:-1], "STATUS_LIST_LENGTH_ERROR"),
        (bytes(10_000), "STATUS_LIST_LENGTH_ERROR"),
        (b"", "STATUS_LIST_LENGTH_ERROR"),
    ],
    ids=["one byte short", "one byte an entry", "empty"],
)
def test_a_list_below_the_minimum_is_refused(bits, code):
    assert refusal(StatusError, decode, multibase(gzip.compress(bits))) == code


PACKED = gzip.compress(EMPTY, mtime=0)


@pytest.mark.parametrize(
    ("encoded", "code"),
    [
        (multibase(PACKED[:-1]), "STATUS_VERIFICATION_ERROR/TRUNCATED"),
        (multibase(PACKED + b"\x00"), "STATUS_VERIFICATION_ERROR/LENGTH"),
        (multibase(PACKED + bytes(2) + PACKED[-4:]), "STATUS_VERIFICATION_ERROR/TRAILING_BYTES"),
        (multibase(PACKED[:-4] + b"\x01\x40\x00\x00"), "STATUS_VERIFICATION_ERROR/NOT_GZIP"),
        (multibase(PACKED[:-4] + b"\xff\x3f\x00\x00"), "STATUS_VERIFICATION_ERROR/NOT_GZIP"),
        (multibase(PACKED + PACKED), "STATUS_VERIFICATION_ERROR/TRAILING_BYTES"),
        (multibase(EMPTY), "STATUS_VERIFICATION_ERROR/NOT_GZIP"),
        (multibase(zlib.compress(EMPTY)), "STATUS_VERIFICATION_ERROR/NOT_GZIP"),
        (multibase(PACKED[:-8] + b"\x00\x00\x00\x01" + PACKED[-4:]), "STATUS_VERIFICATION_ERROR/NOT_GZIP"),
        (multibase(PACKED)[1:], "STATUS_VERIFICATION_ERROR/ENCODING"),
        (multibase(PACKED) + "=", "STATUS_VERIFICATION_ERROR/ENCODING"),
        ("u" + base64.b64encode(b"\xfb\xff" + PACKED).decode().rstrip("="), "STATUS_VERIFICATION_ERROR/ENCODING"),
        ("uAAAAA", "STATUS_VERIFICATION_ERROR/ENCODING"),
        ("u", "STATUS_VERIFICATION_ERROR/NOT_GZIP"),
        ("", "STATUS_VERIFICATION_ERROR/ENCODING"),
        (None, "STATUS_VERIFICATION_ERROR/ENCODING"),
        (7, "STATUS_VERIFICATION_ERROR/ENCODING"),
        ("uÄÄÄÄ", "STATUS_VERIFICATION_ERROR/ENCODING"),
    ],
)
def test_a_broken_list_is_refused_by_name(encoded, code):
    assert refusal(StatusError, decode, encoded) == code


@given(st.integers(0, len(PACKED) - 1))
def test_a_list_cut_off_anywhere_is_refused(length):
    with pytest.raises(StatusError):
        decode(multibase(PACKED[:length]))


@given(st.integers(4, len(PACKED) - 1), st.integers(1, 255))
def test_a_changed_byte_never_changes_a_bit_unnoticed(position, change):
    changed = bytearray(PACKED)
    changed[position] ^= change
    with contextlib.suppress(StatusError):
        assert decode(multibase(bytes(changed))) == EMPTY


@given(st.one_of(st.text(), st.binary().map(multibase), st.binary().map(lambda tail: multibase(PACKED[:20] + tail))))
def test_hostile_text_is_refused_and_nothing_else_happens(encoded):
    with pytest.raises(StatusError):
        decode(encoded)
