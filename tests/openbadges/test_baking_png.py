"""Credentials in PNG pictures: what was baked comes out unchanged, and whatever could be read in two ways is refused."""

import io
import json
import zlib

import pytest
from PIL import Image, PngImagePlugin
from tests.openbadges.png_pictures import CREDENTIAL, IEND, JWS, chunk, itxt, picture, refusal, text, ztxt

from hexmark.openbadges.baking import bake, png, unbake
from hexmark.openbadges.errors import BakedError, Malformed, TooLarge

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


def test_a_published_badge_of_version_2_is_read(reference_data):
    image = (reference_data / "vectors" / "ob-samples" / "ob20" / "simple-badge.png").read_bytes()
    assert json.loads(unbake(image))["type"] == "Assertion"


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
def test_a_badge_of_version_2_is_read_from_any_kind_of_text_and_its_link_is_not_followed(kind):
    assert unbake(picture(kind(b"http://169.254.169.254/latest", b"openbadges"))) == "http://169.254.169.254/latest"


def test_a_learner_record_is_read():
    assert unbake(picture(itxt(keyword=b"clrcredential"))) == CREDENTIAL


@pytest.mark.parametrize("kind", [text, ztxt])
@pytest.mark.parametrize("keyword", [png.KEYWORD, png.RECORD_KEYWORD])
def test_a_credential_in_another_kind_of_text_is_not_taken_for_one(kind, keyword):
    assert refusal(BakedError, picture(kind(b"{}", keyword))) == "BAKED_NOT_FOUND/WRONG_CHUNK"


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
