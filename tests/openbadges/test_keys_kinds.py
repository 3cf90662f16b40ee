"""Keys of every kind: what is one, what it signs, and what may never verify. ECDSA over P-256 and P-384, and RSA."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st
from tests.openbadges.signing_keys import KEYS

from hexmark.openbadges import multibase
from hexmark.openbadges.algorithms import ecdsa
from hexmark.openbadges.algorithms import rsa as rsa_keys
from hexmark.openbadges.errors import InvalidKey, ProofError
from hexmark.openbadges.keys import ALGORITHMS, CODECS, PublicKey, SigningKey

MESSAGE = b"badge"


SIZES = {"Ed25519": 64, "P-256": 64, "P-384": 96, "RSA": 256}


@pytest.fixture(params=KEYS)
def key(request) -> SigningKey:
    return KEYS[request.param]


def test_there_is_a_key_of_every_kind():
    assert KEYS.keys() == CODECS.keys() == ALGORITHMS.keys()
    assert {kind: key.public.kind for kind, key in KEYS.items()} == {kind: kind for kind in KEYS}


def test_what_a_key_signs_it_verifies_and_signs_alike_again(key):
    signature = key.sign(MESSAGE)
    assert len(signature) == SIZES[key.public.kind]
    assert key.sign(MESSAGE) == signature
    key.public.verify(MESSAGE, signature)
    for algorithm in key.public.algorithms[:1]:
        key.public.verify(MESSAGE, signature, algorithm=algorithm)


def test_no_secret_shows_in_any_representation(key):
    shown = repr(key) + str(key) + f"{key!r:.9000}"
    assert "secret" not in shown
    assert "Private" not in shown
    if isinstance(key.secret, bytes):
        assert key.secret.hex() not in shown
    assert shown.startswith("SigningKey(public=PublicKey(kind=")


def test_two_readings_of_one_key_are_equal():
    again = SigningKey.from_scalar("P-256", bytes(range(1, 33)))
    assert again == KEYS["P-256"]
    assert len({again.public, KEYS["P-256"].public}) == 1
    assert PublicKey("P-256", again.public.raw, "ES256") == again.public


def test_a_multikey_says_the_kind_and_comes_back(key):
    text = key.public.multibase
    assert multibase.decode_multikey(text) == key.public
    assert text.startswith({"Ed25519": "z6Mk", "P-256": "zDn", "P-384": "z82L", "RSA": "z4MX"}[key.public.kind])


@pytest.mark.parametrize("bits", [2048, 4096])
def test_long_rsa_keys_have_a_multikey_too(bits):
    private = rsa.generate_private_key(65537, bits) if bits == 2048 else None
    modulus = private.public_key().public_numbers().n if private else NINETY_DIGITS_AND_MORE
    key = PublicKey("RSA", rsa_keys.encoded(modulus, 65537))
    assert multibase.decode_multikey(key.multibase) == key


# A number is enough where nothing is verified: no small factor, not from the faulty generator.
NINETY_DIGITS_AND_MORE = next(n for n in range(2**4095 + 1, 2**4095 + 10**6, 2) if all(n % p for p in rsa_keys._SMALL_PRIMES))


@given(st.sampled_from([kind for kind in KEYS if kind != "RSA"]), st.binary(max_size=120))
def test_every_message_can_be_signed(kind, message):
    key = KEYS[kind]
    key.public.verify(message, key.sign(message))


@given(st.sampled_from([*KEYS]), st.integers(0, 511))
def test_a_changed_bit_of_a_signature_never_verifies(kind, bit):
    key = KEYS[kind]
    signature = bytearray(key.sign(MESSAGE))
    signature[bit // 8] ^= 1 << (bit % 8)
    with pytest.raises(ProofError):
        key.public.verify(MESSAGE, bytes(signature))


@given(st.sampled_from([*KEYS]), st.integers(0, 8 * len(MESSAGE) - 1))
def test_a_changed_bit_of_a_message_never_verifies(kind, bit):
    key = KEYS[kind]
    changed = bytearray(MESSAGE)
    changed[bit // 8] ^= 1 << (bit % 8)
    with pytest.raises(ProofError):
        key.public.verify(bytes(changed), key.sign(MESSAGE))


@pytest.mark.parametrize("other", KEYS)
def test_a_signature_of_one_key_is_not_that_of_another(key, other):
    if KEYS[other] is not key:
        with pytest.raises(ProofError):
            KEYS[other].public.verify(MESSAGE, key.sign(MESSAGE))


@pytest.mark.parametrize(
    "change", [lambda s: b"", lambda s: s[:-1], lambda s: s + b"\0", lambda s: b"\0" + s, lambda s: s * 2, lambda s: bytes(len(s))]
)
def test_a_signature_of_another_length_or_of_zeros_is_refused(key, change):
    with pytest.raises(ProofError):
        key.public.verify(MESSAGE, change(key.sign(MESSAGE)))


def test_an_ecdsa_signature_in_der_is_refused():
    """D11: the other way of writing one."""
    key = KEYS["P-256"]
    signature = key.sign(MESSAGE)
    with pytest.raises(ProofError):
        key.public.verify(MESSAGE, encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:])))


def test_a_key_is_used_with_its_own_algorithms_only(key):
    for algorithm in {name for names in ALGORITHMS.values() for name in names} - {*ALGORITHMS[key.public.kind]}:
        with pytest.raises(ProofError) as refused:
            key.public.verify(MESSAGE, key.sign(MESSAGE), algorithm=algorithm)
        assert refused.value.code == "KEY_ALG"
        with pytest.raises(InvalidKey):
            PublicKey(key.public.kind, key.public.raw, algorithm)


def test_an_rsa_key_for_one_scheme_does_not_verify_the_other():
    key = KEYS["RSA"]
    signature = key.sign(MESSAGE)
    for_pss = PublicKey("RSA", key.public.raw, "PS256")
    assert for_pss.algorithms == ("PS256",)
    with pytest.raises(ProofError) as refused:
        for_pss.verify(MESSAGE, signature, algorithm="RS256")
    assert refused.value.code == "KEY_ALG"
    with pytest.raises(ProofError):
        for_pss.verify(MESSAGE, signature)


# --- Wycheproof ----------------------------------------------------------------------------------------------------


def wycheproof(reference_data, name: str) -> list[dict]:
    return json.loads((reference_data / "vectors/wycheproof/testvectors_v1" / name).read_text())["testGroups"]


@pytest.mark.parametrize(
    ("name", "kind", "valid", "invalid"),
    [
        ("ecdsa_secp256r1_sha256_p1363_test.json", "P-256", 173, 89),
        ("ecdsa_secp384r1_sha384_p1363_test.json", "P-384", 193, 87),
    ],
)
def test_all_wycheproof_vectors_of_ecdsa_have_their_result(reference_data, name, kind, valid, invalid):
    results = {"valid": 0, "invalid": 0}
    for group in wycheproof(reference_data, name):
        point = bytes.fromhex(group["publicKey"]["uncompressed"])
        curve = ecdsa.P_256 if kind == "P-256" else ecdsa.P_384
        key = PublicKey(kind, ecdsa.compressed(curve, point[1 : 1 + curve.size], point[1 + curve.size :]))
        for test in group["tests"]:
            found = outcome(key, test)
            assert found == test["result"], (test["tcId"], test["comment"])
            results[found] += 1
    assert results == {"valid": valid, "invalid": invalid}


#: tcId -> why a signature that Wycheproof calls valid, or leaves to the verifier, is refused here.
REFUSED_RSA = {
    8: "the digest's algorithm is written without its parameters, which RFC 8017, 9.2 demands",
    258: "the exponent is 3: FIPS 186-5 asks for 65537 or more",
    259: "the exponent is 3: FIPS 186-5 asks for 65537 or more",
}


def test_all_wycheproof_vectors_of_rsa_have_their_result(reference_data):
    results = {"valid": 0, "invalid": 0}
    for group in wycheproof(reference_data, "rsa_signature_2048_sha256_test.json"):
        for test in group["tests"]:
            found = outcome_of_rsa(bytes.fromhex(group["publicKeyAsn"]), test)
            assert found == ("invalid" if test["tcId"] in REFUSED_RSA else test["result"]), (test["tcId"], test["comment"])
            results[found] += 1
    assert results == {"valid": 7, "invalid": 252}


def outcome_of_rsa(raw: bytes, test: dict) -> str:
    try:
        return outcome(PublicKey("RSA", raw), test)
    except InvalidKey:
        return "invalid"


def outcome(key: PublicKey, test: dict) -> str:
    try:
        key.verify(bytes.fromhex(test["msg"]), bytes.fromhex(test["sig"]))
    except ProofError:
        return "invalid"
    return "valid"
