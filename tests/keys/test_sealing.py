"""Private keys at rest: what opens a sealed seed, what does not, and that no secret stands anywhere in the clear."""

from __future__ import annotations

import base64
import dataclasses
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.errors import NotConfigured
from hexmark.keys.sealing import KEY_BYTES, Sealed, new_key_encryption_key, parse_key_encryption_key, seal, unseal

KEY = bytes(range(32))
SEED = b"a seed of thirty-two bytes, yes."
BINDING = b"hexmark signing key 1 z6Mk"


def sealed() -> Sealed:
    """The seed under the key."""
    return seal(SEED, key_encryption_key=KEY, bound_to=BINDING)


def test_what_was_sealed_opens_with_its_key_and_binding() -> None:
    assert unseal(sealed(), key_encryption_key=KEY, bound_to=BINDING) == SEED


def test_sealing_twice_gives_different_ciphertexts() -> None:
    first, second = sealed(), sealed()
    assert first.ciphertext != second.ciphertext
    assert first.wrapped_data_key != second.wrapped_data_key


def test_the_secret_does_not_stand_in_what_is_stored() -> None:
    stored = sealed()
    assert SEED not in stored.ciphertext + stored.wrapped_data_key
    assert len(stored.wrapped_data_key) == KEY_BYTES + 8


def test_another_key_encryption_key_does_not_open_it() -> None:
    with pytest.raises(NotConfigured, match="HEXMARK_KEY_ENCRYPTION_KEY"):
        unseal(sealed(), key_encryption_key=secrets.token_bytes(32), bound_to=BINDING)


@pytest.mark.parametrize("other", [b"hexmark signing key 2 z6Mk", b"hexmark signing key 1 z6Ml", b"", BINDING + b" "])
def test_a_ciphertext_that_was_moved_to_another_row_does_not_open(other: bytes) -> None:
    with pytest.raises(NotConfigured, match="does not open"):
        unseal(sealed(), key_encryption_key=KEY, bound_to=other)


def test_a_data_key_of_another_row_does_not_open_it() -> None:
    with pytest.raises(NotConfigured):
        unseal(dataclasses.replace(sealed(), wrapped_data_key=sealed().wrapped_data_key), key_encryption_key=KEY, bound_to=BINDING)


@given(st.sampled_from(["ciphertext", "wrapped_data_key"]), st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_no_byte_of_the_row_can_be_altered(column: str, place: int, change: int) -> None:
    stored = sealed()
    value = bytearray(getattr(stored, column))
    value[place % len(value)] ^= change
    with pytest.raises(NotConfigured):
        unseal(dataclasses.replace(stored, **{column: bytes(value)}), key_encryption_key=KEY, bound_to=BINDING)


@given(st.sampled_from(["ciphertext", "wrapped_data_key"]), st.binary(max_size=80))
def test_a_row_that_was_overwritten_or_cut_is_refused_with_a_sentence(column: str, value: bytes) -> None:
    with pytest.raises(NotConfigured):
        unseal(dataclasses.replace(sealed(), **{column: value}), key_encryption_key=KEY, bound_to=BINDING)


def test_a_new_key_encryption_key_is_read_back_and_never_comes_twice() -> None:
    made = {new_key_encryption_key() for _ in range(50)}
    assert len(made) == 50
    assert {len(parse_key_encryption_key(text)) for text in made} == {32}


#: A key as it is written down; the same in every process, because test names hold it.
WRITTEN = base64.urlsafe_b64encode(bytes(range(200, 232))).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "changeme",
        "A" * 42,
        "A" * 44 + "=" * 4,
        WRITTEN[:-4],
        WRITTEN * 2,
        "ä" * 44,
        "\x00" * 44,
        # Characters that are no base64 must not be passed over silently: the key would be another than the one that was typed.
        WRITTEN[:-1] + "!!=",
        "!" + WRITTEN,
        WRITTEN.replace("=", "\n="),
    ],
)
def test_a_missing_or_damaged_key_encryption_key_says_how_to_make_one(text: str) -> None:
    with pytest.raises(NotConfigured, match="hexmark keys new-encryption-key"):
        parse_key_encryption_key(text)


def test_a_key_encryption_key_may_stand_among_blanks_and_without_padding() -> None:
    text = new_key_encryption_key()
    assert parse_key_encryption_key(f" {text}\n") == parse_key_encryption_key(text) == parse_key_encryption_key(text.rstrip("="))
