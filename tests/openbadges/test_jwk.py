"""JSON Web Keys and the DIDs that are made of them: one text for one key, and no key that contradicts itself."""

import contextlib
import copy
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.openbadges.signing_keys import KEYS, did_jwk

from hexmark.openbadges import dids, strict_json
from hexmark.openbadges.errors import DidError, FormatError, InvalidKey
from hexmark.openbadges.jwk import jwk_of, public_key
from hexmark.openbadges.keys import ALGORITHMS, PublicKey
from hexmark.openbadges.multibase import b64url_decode, b64url_encode

AT = datetime(2026, 6, 15, tzinfo=UTC)
JWKS = {kind: jwk_of(key.public) for kind, key in KEYS.items()}


@pytest.fixture(params=KEYS)
def kind(request) -> str:
    return request.param


def changed(kind: str, **members: object) -> dict:
    """The JWK of this kind with these members changed; None removes one."""
    return {name: value for name, value in {**JWKS[kind], **members}.items() if value is not None}


def refusal(jwk: object) -> str:
    with pytest.raises(InvalidKey) as refused:
        public_key(jwk)
    return refused.value.full_code


def test_a_key_comes_back_from_its_jwk(kind):
    assert public_key(JWKS[kind]) == KEYS[kind].public
    assert public_key(JWKS[kind]).algorithms == ALGORITHMS[kind]


def test_the_jwk_of_the_standards_is_read():
    """RFC 7517, A.1; RFC 8037, A.2."""
    curve = {
        "kty": "EC",
        "crv": "P-256",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
        "use": "sig",
        "kid": "1",
    }
    assert jwk_of(public_key(curve)) == {name: curve[name] for name in ("kty", "crv", "x", "y")}
    edwards = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert jwk_of(public_key(edwards)) == edwards


def test_the_algorithm_that_a_jwk_names_is_the_only_one(kind):
    for algorithm in ALGORITHMS[kind]:
        key = public_key(changed(kind, alg=algorithm))
        assert key.algorithms == (algorithm,)
        assert jwk_of(key) == {**JWKS[kind], "alg": algorithm}
    assert public_key(changed("Ed25519", alg="Ed25519")).algorithms == ("EdDSA",)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "ES512", "ES256K", "RS1", "RSA1_5", "ECDH-ES", "", None, 5, ["ES256"]])
def test_an_algorithm_that_does_not_go_with_the_key_is_refused(kind, algorithm):
    assert refusal({**JWKS[kind], "alg": algorithm}) == "INVALID_VERIFICATION_METHOD"


def test_the_algorithm_of_another_kind_is_refused(kind):
    for other in KEYS:
        if other != kind:
            assert refusal(changed(kind, alg=ALGORITHMS[other][0])) == "INVALID_VERIFICATION_METHOD"


@pytest.mark.parametrize(
    "members",
    [
        {"use": "enc"},
        {"use": 5},
        {"use": "SIG"},
        {"key_ops": ["sign"]},
        {"key_ops": []},
        {"key_ops": "verify"},
        {"key_ops": ["verify", "verify"]},
        {"key_ops": ["verify", 5]},
        {"key_ops": ["encrypt"]},
        {"use": "enc", "key_ops": ["verify"]},
        {"use": "sig", "key_ops": ["encrypt"]},
        {"kid": 5},
        {"kid": ["k"]},
    ],
)
def test_a_key_that_is_not_for_verifying_is_refused(kind, members):
    assert refusal(changed(kind, **members)) == "INVALID_VERIFICATION_METHOD"


@pytest.mark.parametrize("member", ["d", "p", "q", "dp", "dq", "qi", "oth", "k"])
def test_a_secret_in_the_open_is_named(kind, member):
    """E12."""
    assert refusal(changed(kind, **{member: "AA"})) == "KEY_PRIVATE"


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        pytest.param("P-256", {"y": None}, id="E28 no y"),
        pytest.param("P-256", {"x": None}, id="no x"),
        pytest.param("P-256", {"y": JWKS["P-256"]["x"]}, id="E28 off the curve"),
        pytest.param("P-256", {"x": b64url_encode(bytes(32)), "y": b64url_encode(bytes(32))}, id="E28 zero"),
        pytest.param("P-256", {"x": b64url_encode(b"\xff" * 32)}, id="E28 beyond the field"),
        pytest.param("P-256", {"x": b64url_encode(b"\0" + b64url_decode(JWKS["P-256"]["x"]))}, id="padded with zero"),
        pytest.param("P-256", {"x": JWKS["P-256"]["x"] + "="}, id="padded base64"),
        pytest.param("P-256", {"x": 5}, id="number"),
        pytest.param("P-256", {"crv": "P-384"}, id="wrong curve"),
        pytest.param("P-256", {"crv": "P-521"}, id="unknown curve"),
        pytest.param("P-256", {"crv": "secp256k1"}, id="another unknown curve"),
        pytest.param("P-256", {"crv": None}, id="no curve"),
        pytest.param("P-256", {"crv": ["P-256"]}, id="curve as array"),
        pytest.param("P-256", {"kty": "RSA"}, id="wrong type"),
        pytest.param("P-256", {"kty": "ec"}, id="type in lower case"),
        pytest.param("P-256", {"kty": None}, id="no type"),
        pytest.param("P-256", {"kty": ["EC"]}, id="type as array"),
        pytest.param("P-256", {"n": JWKS["RSA"]["n"]}, id="members of two types"),
        pytest.param("Ed25519", {"y": "AA"}, id="a coordinate too many"),
        pytest.param("Ed25519", {"crv": "X25519"}, id="E03 for agreeing on keys"),
        pytest.param("Ed25519", {"crv": "Ed448"}, id="unknown Edwards curve"),
        pytest.param("Ed25519", {"x": b64url_encode(bytes(32))}, id="small order"),
        pytest.param("RSA", {"crv": "P-256"}, id="RSA with a curve"),
        pytest.param("RSA", {"n": None}, id="no modulus"),
        pytest.param("RSA", {"e": None}, id="no exponent"),
        pytest.param("RSA", {"e": "AAEAAQ"}, id="exponent with a leading zero"),
        pytest.param("RSA", {"e": ""}, id="empty exponent"),
        pytest.param("RSA", {"e": 65537}, id="exponent as number"),
        pytest.param("RSA", {"n": "AA"}, id="zero"),
        pytest.param("RSA", {"n": b64url_encode(b"\0" + b64url_decode(JWKS["RSA"]["n"]))}, id="modulus with a leading zero"),
    ],
)
def test_a_jwk_that_contradicts_itself_is_refused(kind, members):
    assert refusal(changed(kind, **members)) == "INVALID_VERIFICATION_METHOD"


@pytest.mark.parametrize(
    ("member", "value"), [("e", "Aw"), ("e", "AQ"), ("n", b64url_encode(b"\xff" * 128)), ("n", b64url_encode(b"\xff" * 2048))]
)
def test_a_weak_rsa_key_is_refused(member, value):
    """E25."""
    assert refusal(changed("RSA", **{member: value})).startswith("KEY_WEAK/")


@given(st.sampled_from([*KEYS]), st.data())
def test_a_changed_character_gives_another_key_or_none(kind, data):
    jwk = copy.deepcopy(JWKS[kind])
    member = data.draw(st.sampled_from(sorted(jwk)))
    where = data.draw(st.integers(0, len(jwk[member]) - 1))
    letter = data.draw(st.sampled_from("ABCXYZabcxyz0189-_=+/ \n"))
    text = jwk[member][:where] + letter + jwk[member][where + 1 :]
    if text == jwk[member]:
        return
    with contextlib.suppress(InvalidKey):
        assert public_key({**jwk, member: text}) != KEYS[kind].public


# --- did:jwk -------------------------------------------------------------------------------------------------------


def test_a_did_jwk_is_its_own_document(kind):
    did = did_jwk(KEYS[kind].public)
    document = dids.did_jwk_document(did)
    assert document["id"] == did
    assert dids.computed_document(did) == document
    assert dids.verification_key(document, f"{did}#0", at=AT) == KEYS[kind].public
    assert len(did) < 2048


def test_the_did_jwk_of_its_specification_is_read():
    did = (
        "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5IjoiX0"
        "tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9"
    )
    (method,) = dids.did_jwk_document(did)["verificationMethod"]
    assert method["id"] == f"{did}#0"
    assert method["publicKeyJwk"]["x"] == "acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0"


def did_of(value: object) -> str:
    return "did:jwk:" + b64url_encode(json.dumps(value).encode())


@pytest.mark.parametrize(
    ("did", "code"),
    [
        ("did:jwk:", "INVALID_DID"),
        ("did:key:" + KEYS["P-256"].public.multibase, "INVALID_DID"),
        ("did:jwk:!!!!", "INVALID_DID"),
        (did_of([]), "INVALID_DID"),
        (did_of({}), "INVALID_DID"),
        (did_of(changed("P-256", use="enc")), "INVALID_DID"),
        (did_of(changed("P-256", y="AA")), "INVALID_DID"),
        (did_of(changed("P-256", d="AA")), "KEY_PRIVATE"),
        (did_jwk(KEYS["P-256"].public) + "=", "INVALID_DID"),
        (did_jwk(KEYS["P-256"].public) + "#0", "INVALID_DID"),
        ("did:jwk:" + b64url_encode(b'{"kty":"EC","kty":"EC"}'), "INVALID_DID"),
        ("did:jwk:" + "A" * 3000, "INVALID_DID"),
    ],
)
def test_a_did_jwk_without_a_key_that_we_know_is_refused(did, code):
    with pytest.raises(DidError) as refused:
        dids.did_jwk_document(did)
    assert refused.value.code == code


def test_the_documents_of_other_dids_are_fetched():
    assert dids.computed_document("did:web:badges.example") is None
    assert dids.computed_document("https://badges.example/") is None
    did = f"did:key:{KEYS['P-384'].public.multibase}"
    assert dids.computed_document(did) == dids.did_key_document(did)


def test_a_verification_method_of_another_kind_than_its_key_is_refused():
    with pytest.raises(InvalidKey):
        dids.method_key({"type": "Ed25519VerificationKey2020", "publicKeyMultibase": KEYS["P-256"].public.multibase})


def test_a_method_in_two_forms_keeps_the_algorithm_of_its_jwk():
    method = {"type": "JsonWebKey", "publicKeyMultibase": KEYS["RSA"].public.multibase, "publicKeyJwk": {**JWKS["RSA"], "alg": "PS256"}}
    assert dids.method_key(method).algorithms == ("PS256",)


@given(st.text(max_size=60))
def test_any_did_jwk_is_read_or_refused(text):
    with pytest.raises(FormatError):
        dids.did_jwk_document(f"did:jwk:{text}")


def test_a_did_jwk_keeps_the_text_of_its_key():
    did = did_jwk(PublicKey("RSA", KEYS["RSA"].public.raw, "RS256"))
    (method,) = dids.did_jwk_document(did)["verificationMethod"]
    assert strict_json.dump(method["publicKeyJwk"]) == b64url_decode(did.removeprefix("did:jwk:"))
