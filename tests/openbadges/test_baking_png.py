"""Credentials in PNG pictures: what was baked comes out unchanged, and whatever could be read in two ways is refused."""

import contextlib
import io
import json
import struct
import time
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from hexmark.openbadges import limits
from hexmark.openbadges.baking import bake, image_type, png, unbake
from hexmark.openbadges.errors import BakedError, FormatError, Malformed, TooLarge

CREDENTIAL = '{"id":"urn:uuid:1","name":"Großes Schweißen 🏅"}'
JWS = "eyJhbGciOiJFZERTQSJ9.eyJpZCI6InVybjp1dWlkOjEifQ.c2lnbmF0dXJl"


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def header(width=1, height=1, depth=8, colour=0, compression=0, filtering=0, interlace=0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, compression, filtering, interlace))


IDAT = chunk(b"IDAT", zlib.compress(b"\x00\x00"))
IEND = chunk(b"IEND")


def picture(*chunks: bytes) -> bytes:
    """A grey pixel, with these chunks before its end."""
    return png.SIGNATURE + header() + IDAT + b"".join(chunks) + IEND


def itxt(body: bytes = CREDENTIAL.encode(), keyword: bytes = png.KEYWORD, compressed: bool = False) -> bytes:
    return chunk(b"iTXt", keyword + b"\x00" + (b"\x01\x00" if compressed else b"\x00\x00") + b"\x00\x00" + body)


def ztxt(body: bytes, keyword: bytes) -> bytes:
    return chunk(b"zTXt", keyword + b"\x00\x00" + zlib.compress(body, 9))


def text(body: bytes, keyword: bytes) -> bytes:
    return chunk(b"tEXt", keyword + b"\x00" + body)


def refusal(error: type[FormatError], image: bytes) -> str:
    with pytest.raises(error) as caught:
        unbake(image)
    return caught.value.full_code


# Baking


@pytest.mark.parametrize("credential", [CREDENTIAL, JWS, "{}", '\n {"a": "]]>"}\r\n'])
def test_what_was_baked_comes_out_unchanged(credential):
    assert unbake(bake(picture(), credential)) == credential


def test_one_uncompressed_international_text_stands_directly_before_the_end():
    baked = bake(picture(), CREDENTIAL)
    assert baked == picture(itxt())
    assert baked.endswith(CREDENTIAL.encode() + baked[-16:-12] + IEND)


def test_the_picture_itself_stays_as_it_was():
    drawn = io.BytesIO()
    Image.linear_gradient("L").save(drawn, "PNG")
    baked = bake(drawn.getvalue(), CREDENTIAL)
    with Image.open(io.BytesIO(drawn.getvalue())) as before, Image.open(io.BytesIO(baked)) as after:
        assert before.tobytes() == after.tobytes()
        assert after.text == {"openbadgecredential": CREDENTIAL}


def test_baking_again_replaces_the_credential():
    once = bake(picture(), JWS)
    assert bake(once, CREDENTIAL) == bake(picture(), CREDENTIAL)


def test_baking_takes_older_badges_out_and_leaves_other_texts_in():
    title = text(b"Welding", b"Title")
    old = picture(text(b"https://old.example/1", b"openbadges"), title, ztxt(b"{}", b"clrcredential"))
    assert bake(old, CREDENTIAL) == picture(title, itxt())


@pytest.mark.parametrize("credential", ["", "hello", "a.b", "a.b.c.d", "a.b.c\n", "[]", '"{}"', '{"a":"\ud800"}', '{"a":"\x00"}'])
def test_what_is_no_credential_is_not_baked(credential):
    with pytest.raises(Malformed):
        bake(picture(), credential)


def test_a_credential_larger_than_any_we_read_is_not_baked():
    with pytest.raises(TooLarge) as caught:
        bake(picture(), '{"a":"' + "ä" * 600_000 + '"}')
    assert caught.value.code == "BAKED_TOO_LARGE"


def test_a_broken_picture_is_not_baked_into():
    with pytest.raises(BakedError):
        bake(picture()[:-1], CREDENTIAL)


# Unbaking what others baked


def test_published_samples_hold_their_credentials(reference_data):
    samples = reference_data / "vectors" / "ob-samples" / "valid"
    document = json.loads(unbake((samples / "simple-json.png").read_bytes()))
    assert document["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert document["proof"]
    assert unbake((samples / "simple-jwt.png").read_bytes()).count(".") == 2


def test_a_published_badge_of_version_2_is_recognised(reference_data):
    image = (reference_data / "vectors" / "ob-samples" / "ob20" / "simple-badge.png").read_bytes()
    assert refusal(BakedError, image) == "BAKED_NOT_FOUND/OPEN_BADGES_2"


def test_what_another_program_baked_is_read():
    info = PngImagePlugin.PngInfo()
    info.add_itxt("openbadgecredential", CREDENTIAL)
    baked = io.BytesIO()
    Image.new("RGB", (3, 3)).save(baked, "PNG", pnginfo=info)
    assert unbake(baked.getvalue()) == CREDENTIAL


def test_a_language_and_a_translated_keyword_do_not_matter():
    data = png.KEYWORD + b"\x00\x00\x00de\x00" + b"Abzeichen" + b"\x00" + CREDENTIAL.encode()
    assert unbake(picture(chunk(b"iTXt", data))) == CREDENTIAL


def test_a_modest_compressed_text_is_read_although_baking_must_not_compress():
    assert unbake(picture(itxt(zlib.compress(CREDENTIAL.encode()), compressed=True))) == CREDENTIAL


def test_an_ordinary_picture_holds_no_badge():
    assert refusal(BakedError, picture(text(b"Welding", b"Title"))) == "BAKED_NOT_FOUND"
    assert refusal(BakedError, picture(text(b"{}", b"OpenBadgeCredential"))) == "BAKED_NOT_FOUND"


@pytest.mark.parametrize("kind", [text, ztxt, itxt])
def test_a_badge_of_version_2_has_its_own_answer_and_its_link_is_not_followed(kind):
    image = picture(kind(b"http://169.254.169.254/latest", b"openbadges"))
    assert refusal(BakedError, image) == "BAKED_NOT_FOUND/OPEN_BADGES_2"


def test_a_learner_record_has_its_own_answer():
    assert refusal(BakedError, picture(itxt(keyword=b"clrcredential"))) == "BAKED_NOT_FOUND/CLR"


@pytest.mark.parametrize("kind", [text, ztxt])
def test_a_credential_in_another_kind_of_text_is_not_taken_for_one(kind):
    assert refusal(BakedError, picture(kind(b"{}", png.KEYWORD))) == "BAKED_NOT_FOUND/WRONG_CHUNK"


@pytest.mark.parametrize(
    "second",
    [
        itxt(),
        itxt(b"{}"),
        text(b"{}", png.KEYWORD),
        ztxt(b"{}", png.KEYWORD),
        text(b"https://old.example/1", b"openbadges"),
        itxt(keyword=b"clrcredential"),
    ],
    ids=["the same twice", "two credentials", "international and plain", "international and compressed", "versions 3 and 2", "record"],
)
def test_two_badges_in_one_picture_are_refused(second):
    assert refusal(BakedError, picture(itxt(), second)) == "BAKED_AMBIGUOUS"
    assert refusal(BakedError, picture(second, itxt())) == "BAKED_AMBIGUOUS"


def test_a_credential_that_is_not_text_is_refused():
    assert refusal(BakedError, picture(itxt(b"{\xff}"))) == "PNG_MALFORMED"


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
