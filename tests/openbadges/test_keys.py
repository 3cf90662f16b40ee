"""Ed25519: the vectors of RFC 8032 and Wycheproof, and what may never verify."""

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.openbadges.errors import FormatError, InvalidKey, ProofError
from hexmark.openbadges.keys import PublicKey, SigningKey

ORDER = 2**252 + 27742317777372353535851937790883648493
SEED = bytes(range(32))
KEY = SigningKey.from_seed(SEED)


@pytest.mark.parametrize(
    ("seed", "public", "message", "signature"),
    [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
    ],
)
def test_signatures_are_those_of_rfc_8032(seed, public, message, signature):
    key = SigningKey.from_seed(bytes.fromhex(seed))
    assert key.public.raw.hex() == public
    assert key.sign(bytes.fromhex(message)).hex() == signature
    key.public.verify(bytes.fromhex(message), bytes.fromhex(signature))


def test_all_wycheproof_vectors_have_their_result(reference_data):
    vectors = json.loads((reference_data / "vectors/wycheproof/testvectors_v1/ed25519_test.json").read_text())
    results = {"valid": 0, "invalid": 0}
    for group in vectors["testGroups"]:
        key = PublicKey("Ed25519", bytes.fromhex(group["publicKey"]["pk"]))
        for test in group["tests"]:
            try:
                key.verify(bytes.fromhex(test["msg"]), bytes.fromhex(test["sig"]))
                found = "valid"
            except ProofError:
                found = "invalid"
            assert found == test["result"], (test["tcId"], test["comment"])
            results[found] += 1
    assert results == {"valid": 88, "invalid": 63}


def test_a_signature_with_the_group_order_added_is_refused():
    signature = KEY.sign(b"badge")
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    malleable = signature[:32] + scalar.to_bytes(32, "little")
    with pytest.raises(ProofError):
        KEY.public.verify(b"badge", malleable)


SMALL_ORDER = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
]


@pytest.mark.parametrize("point", SMALL_ORDER)
def test_a_key_of_small_order_is_no_key(point):
    with pytest.raises(InvalidKey):
        PublicKey("Ed25519", bytes.fromhex(point))


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="empty"),
        pytest.param(KEY.public.raw[:31], id="31 bytes"),
        pytest.param(KEY.public.raw + b"\0", id="33 bytes"),
        pytest.param(b"\xff" * 32, id="not canonical"),
        pytest.param((2).to_bytes(32, "little"), id="not on the curve"),
    ],
)
def test_what_is_no_point_of_the_group_is_no_key(raw):
    with pytest.raises(InvalidKey):
        PublicKey("Ed25519", raw)


def test_the_point_of_one_kind_is_no_key_of_another():
    with pytest.raises(InvalidKey):
        PublicKey("P-256", KEY.public.raw)


@pytest.mark.parametrize("seed", [b"", SEED[:31], SEED + b"\0"])
def test_a_seed_has_32_bytes(seed):
    with pytest.raises(InvalidKey):
        SigningKey.from_seed(seed)


def test_the_secret_shows_in_no_representation():
    shown = repr(KEY) + str(KEY) + f"{KEY!s}"
    assert SEED.hex() not in shown
    assert repr(KEY.secret) not in shown
    assert "secret" not in shown


def test_keys_do_not_change():
    with pytest.raises(AttributeError):
        KEY.public.raw = b""
    assert pickle.loads(pickle.dumps(KEY.public)) == KEY.public


@pytest.mark.parametrize("length", [0, 1, 63, 65, 128])
def test_a_signature_of_another_length_is_refused(length):
    with pytest.raises(ProofError):
        KEY.public.verify(b"badge", b"\0" * length)


@given(st.binary(max_size=200))
def test_what_a_key_signs_it_verifies_and_signs_alike_again(message):
    signature = KEY.sign(message)
    KEY.public.verify(message, signature)
    assert len(signature) == 64
    assert KEY.sign(message) == signature


@given(st.binary(min_size=1, max_size=80), st.integers(0), st.integers(0, 511))
def test_a_changed_bit_of_message_or_signature_never_verifies(message, where, bit):
    signature = bytearray(KEY.sign(message))
    signature[bit // 8] ^= 1 << (bit % 8)
    with pytest.raises(ProofError):
        KEY.public.verify(message, bytes(signature))
    changed = bytearray(message)
    changed[where % len(changed)] ^= 1
    with pytest.raises(ProofError):
        KEY.public.verify(bytes(changed), KEY.sign(message))


@given(st.binary(min_size=32, max_size=32).filter(lambda seed: seed != SEED))
def test_another_key_never_verifies(seed):
    with pytest.raises(FormatError):
        SigningKey.from_seed(seed).public.verify(b"badge", KEY.sign(b"badge"))
