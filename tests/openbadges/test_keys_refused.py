"""What is no key, and how little of a secret may ever be seen."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from tests.openbadges.signing_keys import KEYS, pkcs8

from hexmark.openbadges import multibase
from hexmark.openbadges.algorithms import ecdsa
from hexmark.openbadges.algorithms import rsa as rsa_keys
from hexmark.openbadges.errors import FormatError, InvalidKey
from hexmark.openbadges.keys import CODECS, PublicKey, SigningKey

POINT = KEYS["P-256"].public.raw
#: One more than the field: the same point as x = 1 to a reader that does not look.
BEYOND_THE_FIELD = bytes([2]) + (2**256 - 2**224 + 2**192 + 2**96 - 1 + 5).to_bytes(32)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\0", id="infinity"),
        pytest.param(bytes(33), id="zeros"),
        pytest.param(POINT[:-1], id="short"),
        pytest.param(POINT + b"\0", id="long"),
        pytest.param(b"\4" + POINT[1:], id="uncompressed mark"),
        pytest.param(b"\6" + POINT[1:], id="hybrid mark"),
        pytest.param(BEYOND_THE_FIELD, id="x beyond the field"),
        pytest.param(KEYS["P-384"].public.raw, id="another curve"),
        pytest.param(KEYS["Ed25519"].public.raw, id="another kind"),
    ],
)
def test_what_is_no_point_of_the_curve_is_no_key(raw):
    """E28."""
    with pytest.raises(InvalidKey):
        PublicKey("P-256", raw)


def test_the_y_that_is_written_must_be_the_one_that_belongs_to_x():
    x, y = ecdsa.coordinates(ecdsa.P_256, POINT)
    assert ecdsa.compressed(ecdsa.P_256, x, y) == POINT
    for wrong in (bytes(32), y[::-1], (int.from_bytes(y) ^ 2).to_bytes(32), y[:-1], y + b"\0"):
        with pytest.raises(InvalidKey):
            ecdsa.compressed(ecdsa.P_256, x, wrong)


ODD = KEYS["RSA"].secret.public_key().public_numbers().n


@pytest.mark.parametrize(
    ("modulus", "exponent", "detail"),
    [
        pytest.param(2**1023 + 2**9 + 7, 65537, "LENGTH", id="E25 1024 bits"),
        pytest.param(ODD >> 1, 65537, "LENGTH", id="2047 bits"),
        pytest.param(2**16383 + 1, 65537, "LENGTH", id="E25 16384 bits"),
        pytest.param(0, 65537, "LENGTH", id="nothing"),
        pytest.param(ODD, 1, "EXPONENT", id="E25 e=1"),
        pytest.param(ODD, 3, "EXPONENT", id="E25 e=3"),
        pytest.param(ODD, 65538, "EXPONENT", id="even exponent"),
        pytest.param(ODD, 2**33 + 1, "EXPONENT", id="endless exponent"),
        pytest.param(ODD - 1, 65537, "FACTOR", id="E25 even modulus"),
        pytest.param(3 * (2**2047 + 1), 65537, "FACTOR", id="a factor of three"),
    ],
)
def test_a_weak_rsa_key_is_no_key(modulus, exponent, detail):
    with pytest.raises(InvalidKey) as refused:
        rsa_keys.encoded(modulus, exponent)
    assert refused.value.full_code == f"KEY_WEAK/{detail}"


def test_a_modulus_of_the_faulty_generator_is_no_key():
    product = 2 * rsa_keys.prod(rsa_keys._SMALL_PRIMES)
    first = pow(65537, 1234, product) + product * (2**804 + 12345)
    second = pow(65537, 77, product) + product * (2**806 + 99)
    assert (first * second).bit_length() >= 2048
    with pytest.raises(InvalidKey) as refused:
        rsa_keys.encoded(first * second, 65537)
    assert refused.value.full_code == "KEY_WEAK/ROCA"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x30\x03\x02\x01\x01",
        KEYS["RSA"].public.raw[:-1],
        KEYS["RSA"].public.raw + b"\0",
        KEYS["RSA"].secret.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        KEYS["P-256"].secret.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    ],
)
def test_another_form_of_an_rsa_key_is_no_key(raw):
    with pytest.raises(InvalidKey):
        PublicKey("RSA", raw)


def test_a_kind_that_is_not_known_is_no_key():
    with pytest.raises(InvalidKey):
        PublicKey("secp256k1", POINT)


# --- secrets -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("private", "kind"),
    [
        (ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32))), "Ed25519"),
        (ec.derive_private_key(int.from_bytes(bytes(range(1, 33))), ec.SECP256R1()), "P-256"),
        (ec.derive_private_key(int.from_bytes(bytes(range(1, 49))), ec.SECP384R1()), "P-384"),
    ],
)
def test_pkcs8_gives_the_key_of_its_kind(private, kind):
    assert SigningKey.from_pkcs8(pkcs8(private)) == KEYS[kind]


@pytest.mark.parametrize(
    "private",
    [ec.derive_private_key(5, ec.SECP256K1()), ec.derive_private_key(5, ec.SECP521R1()), x25519.X25519PrivateKey.generate()],
)
def test_a_private_key_of_another_kind_is_refused(private):
    with pytest.raises(InvalidKey):
        SigningKey.from_pkcs8(pkcs8(private))


@pytest.mark.parametrize("der", [b"", b"secret words", b"\x30\x00", pkcs8(KEYS["P-256"].secret)[:-1]])
def test_what_is_no_private_key_is_refused_without_being_quoted(der):
    with pytest.raises(InvalidKey) as refused:
        SigningKey.from_pkcs8(der)
    assert "secret words" not in str(refused.value)


def test_a_weak_private_key_does_not_sign():
    with pytest.raises(InvalidKey) as refused:
        SigningKey.from_pkcs8(pkcs8(rsa.generate_private_key(65537, 1024)))
    assert refused.value.code == "KEY_WEAK"


@pytest.mark.parametrize(
    ("kind", "scalar"),
    [("P-256", bytes(32)), ("P-256", b"\xff" * 32), ("P-256", bytes(31)), ("P-384", bytes(range(32))), ("RSA", b"\1" * 32)],
)
def test_a_number_outside_the_group_is_no_secret(kind, scalar):
    with pytest.raises(InvalidKey):
        SigningKey.from_scalar(kind, scalar)


def test_the_published_secrets_give_the_published_keys(reference_data):
    folder = reference_data / "vectors/vc-di-ecdsa/TestVectors"
    for name in ("p256KeyPair.json", "p384KeyPair.json"):
        pair = json.loads((folder / name).read_text())
        assert multibase.decode_secret_multikey(pair["secretKeyMultibase"]).public.multibase == pair["publicKeyMultibase"]


@pytest.mark.parametrize(
    "text", ["", "z", "u0", "z6Mk", KEYS["P-256"].public.multibase, multibase.encode(multibase.RSA_SECRET + b"\1" * 32)]
)
def test_what_is_no_secret_is_refused(text):
    with pytest.raises(InvalidKey):
        multibase.decode_secret_multikey(text)


@pytest.mark.parametrize("codec", [multibase.ED25519_SECRET, multibase.P256_SECRET, multibase.P384_SECRET, multibase.RSA_SECRET])
def test_a_secret_in_the_place_of_a_public_key_is_named(codec):
    with pytest.raises(InvalidKey) as refused:
        multibase.decode_multikey(multibase.encode(codec + b"\1" * 32))
    assert refused.value.code == "KEY_PRIVATE"


@given(st.sampled_from([*CODECS.values()]), st.binary(max_size=120))
def test_any_multikey_is_a_key_or_refused(codec, data):
    with pytest.raises(FormatError):
        raise_or_be_equal(multibase.encode(codec + data))


def raise_or_be_equal(text: str) -> None:
    assert multibase.decode_multikey(text).multibase == text
    raise FormatError("it is a key")


def test_base64_of_the_test_keys_is_not_printed_by_accident():
    assert base64.b64encode(KEYS["Ed25519"].secret).decode() not in repr(KEYS)
