"""Base58, base64url and Multikey: one text for one sequence of bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.openbadges import base58, multibase
from hexmark.openbadges.errors import InvalidKey, Malformed
from hexmark.openbadges.keys import SigningKey

SPECIFIED = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"\0", "1"),
        (b"\0\0\0", "111"),
        (b"Hello World!", "2NEpo7TZRRrLZSi2U"),
        (b"The quick brown fox jumps over the lazy dog.", "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z"),
        (bytes.fromhex("0000287fb4cd"), "11233QC4"),
    ],
)
def test_base58_is_that_of_the_published_examples(data, text):
    """IETF draft-msporny-base58-03, 5."""
    assert base58.encode(data) == text
    assert base58.decode(text) == data


@pytest.mark.parametrize("text", ["0", "O", "I", "l", "2NEpo7TZRRrLZSi2U ", " 2", "é", "2\n", "+/", "1" * 1501])
def test_base58_refuses_every_other_character_and_endless_text(text):
    with pytest.raises(ValueError, match="base58"):
        base58.decode(text)


@given(st.binary(max_size=80))
def test_base58_round_trips(data):
    assert base58.decode(base58.encode(data)) == data


@given(st.text(base58.ALPHABET, max_size=60))
def test_no_two_base58_texts_mean_the_same_bytes(text):
    assert base58.encode(base58.decode(text)) == text


@pytest.mark.parametrize(("data", "text"), [(b"", ""), (b"\xff", "_w"), (b"\xfb\xff", "-_8"), (b"abc", "YWJj"), (b"ab", "YWI")])
def test_base64url_has_its_own_alphabet_and_no_padding(data, text):
    assert multibase.b64url_encode(data) == text
    assert multibase.b64url_decode(text) == data


@pytest.mark.parametrize("text", ["YWI=", "YW\nI", " YWJj", "Y", "YWJjY", "a+b/", "YWJ", "_x", "é", "YWJj\n"])
def test_base64url_refuses_padding_whitespace_other_alphabets_and_leftover_bits(text):
    with pytest.raises(Malformed):
        multibase.b64url_decode(text)


@given(st.binary(max_size=80))
def test_base64url_round_trips(data):
    assert multibase.b64url_decode(multibase.b64url_encode(data)) == data


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", max_size=12))
def test_no_two_base64url_texts_mean_the_same_bytes(text):
    try:
        data = multibase.b64url_decode(text)
    except Malformed:
        return
    assert multibase.b64url_encode(data) == text


@given(st.binary(min_size=64, max_size=64))
def test_a_signature_round_trips_through_multibase(signature):
    assert multibase.decode(multibase.encode(signature), length=64) == signature


@pytest.mark.parametrize("text", ["", "z", "uAAAA", "mAAAA", "Z11", "z0", "z" + "1" * 63, "z" + "1" * 65, None, 5, ["z1"]])
def test_multibase_of_another_base_alphabet_or_length_is_refused(text):
    with pytest.raises(Malformed):
        multibase.decode(text, length=64)


def test_a_multikey_of_the_specification_round_trips():
    key = multibase.decode_multikey(SPECIFIED)
    assert key.kind == "Ed25519"
    assert key.multibase == SPECIFIED


@given(st.binary(min_size=32, max_size=32))
def test_every_key_has_a_multikey_that_begins_alike(seed):
    public = SigningKey.from_seed(seed).public
    assert public.multibase.startswith("z6Mk")
    assert multibase.decode_multikey(public.multibase) == public


RAW = multibase.decode_multikey(SPECIFIED).raw


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("u" + multibase.b64url_encode(b"\xed\x01" + RAW), "INVALID_VERIFICATION_METHOD", id="another base"),
        pytest.param(SPECIFIED[1:], "INVALID_VERIFICATION_METHOD", id="no base"),
        pytest.param(SPECIFIED + "0", "INVALID_VERIFICATION_METHOD", id="another alphabet"),
        pytest.param("z" + base58.encode(b"\xec\x01" + RAW), "INVALID_VERIFICATION_METHOD", id="X25519"),
        pytest.param("z" + base58.encode(b"\x80\x24" + RAW), "INVALID_VERIFICATION_METHOD", id="P-256 codec"),
        pytest.param("z" + base58.encode(b"\xed" + RAW), "INVALID_VERIFICATION_METHOD", id="half a codec"),
        pytest.param("z" + base58.encode(b"\xed\x01" + RAW[:31]), "INVALID_VERIFICATION_METHOD", id="31 bytes"),
        pytest.param("z" + base58.encode(b"\xed\x01" + RAW + b"\0"), "INVALID_VERIFICATION_METHOD", id="33 bytes"),
        pytest.param("z" + base58.encode(b"\xed\x01" + b"\0" * 32), "INVALID_VERIFICATION_METHOD", id="small order"),
        pytest.param("z" + base58.encode(b"\x80\x26" + RAW), "KEY_PRIVATE", id="secret key"),
        pytest.param("z", "INVALID_VERIFICATION_METHOD", id="empty"),
        pytest.param(None, "INVALID_VERIFICATION_METHOD", id="null"),
        pytest.param(["z6Mk"], "INVALID_VERIFICATION_METHOD", id="array"),
    ],
)
def test_what_is_no_public_multikey_is_refused(text, code):
    with pytest.raises(InvalidKey) as refused:
        multibase.decode_multikey(text)
    assert refused.value.code == code
