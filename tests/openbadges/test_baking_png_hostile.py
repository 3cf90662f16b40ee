"""Hostile PNG pictures: refused by name and in a moment, whatever a byte was changed to."""

import contextlib
import json
import struct
import time
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.openbadges.png_pictures import CREDENTIAL, IDAT, IEND, chunk, header, itxt, picture, refusal, text

from hexmark.openbadges import limits
from hexmark.openbadges.baking import bake, image_type, png, unbake
from hexmark.openbadges.errors import BakedError, Malformed, TooLarge

# Bombs


def zeros_packed(megabytes: int) -> bytes:
    deflate = zlib.compressobj(9)
    return b"".join(deflate.compress(bytes(1024 * 1024)) for _ in range(megabytes)) + deflate.flush()


BOMB = zeros_packed(200)


@pytest.mark.parametrize(
    "hostile",
    [
        itxt(BOMB, compressed=True),
        itxt(BOMB, keyword=b"openbadges", compressed=True),
        chunk(b"zTXt", b"openbadges\x00\x00" + BOMB),
        chunk(b"zTXt", png.KEYWORD + b"\x00\x00" + BOMB),
        itxt(BOMB, compressed=True) + itxt(BOMB, compressed=True),
        itxt(b" " * (limits.DOCUMENT_BYTES + 1)),
        text(b" " * (limits.DOCUMENT_BYTES + 1), b"openbadges"),
    ],
    ids=["iTXt", "iTXt of version 2", "zTXt of version 2", "zTXt", "two", "not even compressed", "tEXt"],
)
def test_a_bomb_is_refused_in_a_moment_and_never_inflated(hostile):
    image = picture(hostile)
    began = time.process_time()
    tracemalloc.start()
    assert refusal(TooLarge, image) == "BAKED_TOO_LARGE"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.process_time() - began < 0.05
    assert peak < 8 * 1024 * 1024


def test_seventy_large_texts_are_refused():
    assert refusal(TooLarge, picture(*[itxt(b" " * 1024 * 1024)] * 70)) == "BAKED_TOO_LARGE"


def test_a_hundred_thousand_empty_parts_are_refused():
    assert refusal(BakedError, picture(chunk(b"teSt") * 100_000)) == "PNG_TOO_MANY_CHUNKS"


def test_a_picture_of_more_than_25_megapixels_is_refused():
    image = png.SIGNATURE + header(5001, 5000) + IDAT + itxt() + IEND
    assert refusal(TooLarge, image) == "BAKED_TOO_LARGE/PIXELS"


@pytest.mark.parametrize(
    "data",
    [
        png.KEYWORD,
        png.KEYWORD + b"\x00",
        png.KEYWORD + b"\x00\x00",
        png.KEYWORD + b"\x00\x00\x00de",
        png.KEYWORD + b"\x00\x00\x00de\x00no end",
        png.KEYWORD + b"\x00\x02\x00\x00\x00{}",
        png.KEYWORD + b"\x00\x01\x01\x00\x00" + zlib.compress(b"{}"),
        png.KEYWORD + b"\x00\x01\x00\x00\x00{}",
        png.KEYWORD + b"\x00\x01\x00\x00\x00" + zlib.compress(b"{}")[:-1],
        png.KEYWORD + b"\x00\x01\x00\x00\x00" + zlib.compress(b"{}") + b"x",
    ],
)
def test_a_text_of_the_wrong_form_is_refused(data):
    assert refusal(BakedError, picture(chunk(b"iTXt", data))) == "PNG_MALFORMED"


# Broken pictures


GOOD = picture(itxt())


@pytest.mark.parametrize(
    "image",
    [
        GOOD + b"\x00",
        GOOD + GOOD,
        GOOD + b"<html>",
        GOOD[:-1],
        GOOD[:-12],
        png.SIGNATURE,
        png.SIGNATURE + IEND,
        png.SIGNATURE + header() + IEND,
        png.SIGNATURE + IDAT + header() + IEND,
        png.SIGNATURE + header() + header() + IDAT + IEND,
        png.SIGNATURE + header() + IDAT + itxt() + IDAT + IEND,
        png.SIGNATURE + header() + IDAT + chunk(b"IEND", b"x"),
        png.SIGNATURE + chunk(b"IHDR", b"short") + IDAT + IEND,
        png.SIGNATURE + header() + b"\xff\xff\xff\xff" + IDAT[4:] + IEND,
        png.SIGNATURE + header() + struct.pack(">I", len(GOOD)) + IDAT[4:] + IEND,
        png.SIGNATURE + header() + chunk(b"ID\x00T") + IDAT + IEND,
        picture(itxt()[:-1] + b"\x00"),
    ],
)
def test_a_broken_picture_is_refused(image):
    assert refusal(BakedError, image) == "PNG_MALFORMED"


@pytest.mark.parametrize(
    "fields",
    [
        {"colour": 1},
        {"colour": 9},
        {"depth": 0},
        {"depth": 3},
        {"depth": 99},
        {"colour": 2, "depth": 4},
        {"width": 0},
        {"height": 0},
        {"width": 2**31},
        {"compression": 1},
        {"filtering": 1},
        {"interlace": 2},
    ],
)
def test_a_header_that_no_picture_can_have_is_refused(fields):
    assert refusal(BakedError, png.SIGNATURE + header(**fields) + IDAT + itxt() + IEND) == "PNG_MALFORMED"


@pytest.mark.parametrize("place", [8, 33, len(GOOD) - 30])
def test_a_wrong_checksum_anywhere_is_refused(place):
    position = place + 10
    broken = GOOD[:position] + bytes([GOOD[position] ^ 1]) + GOOD[position + 1 :]
    assert refusal(BakedError, broken) == "PNG_MALFORMED"


@pytest.mark.parametrize(
    "image",
    [
        b"",
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b"GIF89a",
        b"<!DOCTYPE html><html></html>",
        b"<html><svg></svg></html>",
        b"\x09PNG\r\n\x1a\n" + GOOD[8:],
        b"\x89PNG\n\x1a\n" + GOOD[8:],
        b"\x89PNG\r\r\n\x1a\n" + GOOD[8:],
        b" " + GOOD,
        CREDENTIAL.encode(),
    ],
)
def test_what_is_no_picture_of_these_kinds_is_refused_whatever_it_is_called(image):
    assert refusal(BakedError, image) == "TYPE_MISMATCH"


def test_a_picture_is_known_by_how_it_begins():
    assert image_type(GOOD) == "png"
    with pytest.raises(BakedError):
        png.unbake(b"\x89PNG")


# Properties


JSON_TEXTS = st.dictionaries(st.text(max_size=8), st.text(max_size=30) | st.integers(), max_size=5)


@given(JSON_TEXTS, st.booleans())
def test_baking_and_unbaking_are_each_other_s_inverse(document, readable):
    credential = json.dumps(document, ensure_ascii=not readable)
    with contextlib.suppress(Malformed):  # text strategies make no surrogates, but may make U+0000, which JSON escapes
        assert unbake(bake(picture(), credential)) == credential


@settings(max_examples=300)
@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_no_changed_byte_ever_gives_another_credential(position, change):
    changed = bytearray(GOOD)
    changed[position] ^= change
    with contextlib.suppress(BakedError, TooLarge):
        assert unbake(bytes(changed)) == CREDENTIAL


@given(st.integers(0, len(GOOD)), st.integers(0, len(GOOD)), st.binary(max_size=20))
def test_no_cut_or_insertion_ever_gives_another_credential(start, end, inserted):
    with contextlib.suppress(BakedError, TooLarge):
        assert unbake(GOOD[:start] + inserted + GOOD[max(start, end) :]) == CREDENTIAL


@given(st.binary(max_size=200))
def test_hostile_bytes_are_refused_and_nothing_else_happens(noise):
    for image in (noise, png.SIGNATURE + noise, picture(chunk(b"iTXt", noise)), picture(chunk(b"zTXt", b"openbadges\x00" + noise))):
        with contextlib.suppress(BakedError, TooLarge):
            unbake(image)
