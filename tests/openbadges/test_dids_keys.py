"""Every key that may not speak for its issuer, and those that may."""

import copy
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.openbadges import base58, multibase
from hexmark.openbadges.dids import method_key, verification_key
from hexmark.openbadges.errors import FormatError, InvalidKey
from hexmark.openbadges.jwk import public_key
from hexmark.openbadges.keys import SigningKey

AT = datetime(2026, 1, 31, 9, 0, tzinfo=UTC)
KEY = SigningKey.from_seed(b"4" * 32).public
OTHER = SigningKey.from_seed(b"5" * 32).public
ISSUER = "did:web:badges.example:o:acme"
METHOD = f"{ISSUER}#key-1"
PROFILE = "https://badges.example/o/acme"


def jwk(key=KEY, **members) -> dict:
    return {"kty": "OKP", "crv": "Ed25519", "x": multibase.b64url_encode(key.raw), **members}


def document(issuer: str = ISSUER, **method) -> dict:
    identifier = f"{issuer}#key-1"
    found = {"id": identifier, "type": "Multikey", "controller": issuer, "publicKeyMultibase": KEY.multibase, **method}
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": issuer,
        "verificationMethod": [{name: value for name, value in found.items() if value is not None}],
        "assertionMethod": [identifier],
        "authentication": [],
    }


def refusal(controller_document: object, method_id: str = METHOD, **arguments) -> str:
    with pytest.raises(FormatError) as refused:
        verification_key(controller_document, method_id, **{"at": AT, **arguments})
    return refused.value.full_code


@pytest.mark.parametrize("issuer", [ISSUER, PROFILE])
def test_a_listed_key_of_the_issuer_is_found(issuer):
    assert verification_key(document(issuer), f"{issuer}#key-1", at=AT) == KEY


def test_an_issuer_profile_with_keys_is_a_controller_document():
    profile = {**document(PROFILE), "type": ["Profile"], "name": "Acme", "url": "https://acme.example"}
    assert verification_key(profile, f"{PROFILE}#key-1", at=AT) == KEY


def test_relative_references_and_single_values_are_understood():
    found = document(id="#key-1")
    found["assertionMethod"] = "#key-1"
    found["verificationMethod"] = found["verificationMethod"][0]
    assert verification_key(found, METHOD, at=AT) == KEY


def test_the_right_one_of_several_keys_is_found():
    found = document()
    found["verificationMethod"].insert(
        0, {"id": f"{ISSUER}#old", "type": "Multikey", "controller": ISSUER, "publicKeyMultibase": OTHER.multibase}
    )
    found["assertionMethod"].insert(0, f"{ISSUER}#old")
    assert verification_key(found, METHOD, at=AT) == KEY
    assert verification_key(found, f"{ISSUER}#old", at=AT) == OTHER


def test_a_key_with_a_url_of_its_own_counts_when_the_issuer_lists_it():
    found = document(PROFILE, id="https://badges.example/keys/1")
    found["assertionMethod"] = ["https://badges.example/keys/1"]
    assert verification_key(found, "https://badges.example/keys/1", at=AT, controller=PROFILE) == KEY


def test_the_document_is_not_changed():
    found = document()
    before = copy.deepcopy(found)
    verification_key(found, METHOD, at=AT)
    assert found == before


def without(member: str) -> dict:
    return {name: value for name, value in document().items() if name != member}


@pytest.mark.parametrize(
    ("found", "code"),
    [
        pytest.param(None, "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT", id="no object"),
        pytest.param([], "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT", id="array"),
        pytest.param(document("did:web:evil.example"), "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID", id="G19 another id"),
        pytest.param(without("id"), "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID", id="G19 no id"),
        pytest.param(without("assertionMethod"), "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD", id="G21 no assertionMethod"),
        pytest.param({**document(), "assertionMethod": []}, "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD", id="empty"),
        pytest.param({**document(), "assertionMethod": None}, "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD", id="null"),
        pytest.param(
            {**document(), "assertionMethod": [], "authentication": [METHOD]},
            "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD",
            id="D18 authentication only",
        ),
        pytest.param(
            {**document(), "assertionMethod": document()["verificationMethod"]},
            "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD",
            id="G21 embedded",
        ),
        pytest.param({**document(), "verificationMethod": []}, "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD", id="G21 unknown id"),
        pytest.param(without("verificationMethod"), "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD", id="no keys"),
        pytest.param(
            {**document(), "verificationMethod": document()["verificationMethod"] * 2}, "INVALID_VERIFICATION_METHOD", id="two with one id"
        ),
        pytest.param(document(controller="did:web:evil.example"), "ISSUER_KEY_MISMATCH", id="D20 another controller"),
        pytest.param(document(controller=None), "ISSUER_KEY_MISMATCH", id="no controller"),
        pytest.param(document(controller=[ISSUER]), "ISSUER_KEY_MISMATCH", id="controllers"),
        pytest.param(document(revoked="2026-01-01T00:00:00Z"), "INVALID_VERIFICATION_METHOD/KEY_REVOKED", id="D25 revoked before"),
        pytest.param(document(revoked="2026-01-31T09:00:00Z"), "INVALID_VERIFICATION_METHOD/KEY_REVOKED", id="D25 revoked that moment"),
        pytest.param(document(expires="2026-01-30T09:00:00Z"), "INVALID_VERIFICATION_METHOD/KEY_REVOKED", id="D25 expired"),
        pytest.param(document(revoked=True), "INVALID_VERIFICATION_METHOD", id="malformed revocation"),
        pytest.param(document(expires="never"), "INVALID_VERIFICATION_METHOD", id="malformed expiry"),
        pytest.param(document(type="RsaKey"), "INVALID_VERIFICATION_METHOD", id="unknown type"),
        pytest.param(document(type=None), "INVALID_VERIFICATION_METHOD", id="no type"),
        pytest.param(document(publicKeyMultibase=None), "INVALID_VERIFICATION_METHOD", id="no key"),
        pytest.param(document(publicKeyMultibase="u" + KEY.multibase), "INVALID_VERIFICATION_METHOD", id="G23 prefix"),
        pytest.param(
            document(publicKeyMultibase="z" + base58.encode(b"\xec\x01" + KEY.raw)), "INVALID_VERIFICATION_METHOD", id="G23 codec"
        ),
        pytest.param(
            document(publicKeyMultibase="z" + base58.encode(b"\xed\x01" + KEY.raw[:31])), "INVALID_VERIFICATION_METHOD", id="G23 31"
        ),
        pytest.param(document(publicKeyMultibase="z" + base58.encode(b"\xed\x01\0" + KEY.raw)), "INVALID_VERIFICATION_METHOD", id="G23 33"),
        pytest.param(document(publicKeyJwk=jwk(OTHER)), "INVALID_VERIFICATION_METHOD", id="G24 two keys"),
        pytest.param(document(secretKeyMultibase="z3u2"), "KEY_PRIVATE", id="G25 secretKeyMultibase"),
        pytest.param(document(privateKeyJwk={}), "KEY_PRIVATE", id="G25 privateKeyJwk"),
        pytest.param(document(publicKeyJwk=jwk(d="AA")), "KEY_PRIVATE", id="G25 d"),
        pytest.param(document(publicKeyMultibase="z" + base58.encode(b"\x80\x26" + b"4" * 32)), "KEY_PRIVATE", id="secret as public"),
    ],
)
def test_a_key_that_may_not_speak_for_the_issuer_is_refused(found, code):
    assert refusal(found) == code


def test_a_key_in_a_fragment_proves_nothing_about_the_issuer():
    """D22: whoever writes a key behind somebody's address must find it in that address's document."""
    assert refusal(document(PROFILE), f"{PROFILE}#{OTHER.multibase}") == "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"


def test_the_document_must_be_that_of_the_issuer_who_was_asked():
    assert refusal(document(), controller="did:web:other.example") == "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"


def test_a_key_counts_for_its_purpose_only():
    assert refusal(document(), purpose="authentication") == "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"


@pytest.mark.parametrize("member", ["revoked", "expires"])
def test_what_was_signed_before_a_key_ended_still_counts(member):
    ended = document(**{member: "2026-06-01T00:00:00Z"})
    assert verification_key(ended, METHOD, at=AT) == KEY
    assert refusal(ended, at=AT + timedelta(days=200)) == "INVALID_VERIFICATION_METHOD/KEY_REVOKED"


# --- forms of a key ------------------------------------------------------------------------------------------------


def test_a_key_may_be_written_as_jwk_or_twice():
    both = {"type": "JsonWebKey", "publicKeyJwk": jwk(), "publicKeyMultibase": KEY.multibase}
    assert method_key(both) == KEY
    assert method_key({"type": "JsonWebKey2020", "publicKeyJwk": jwk()}) == KEY
    assert method_key({"type": "Ed25519VerificationKey2020", "publicKeyMultibase": KEY.multibase}) == KEY


@pytest.mark.parametrize("members", [{"alg": "EdDSA"}, {"alg": "Ed25519"}, {"use": "sig"}, {"key_ops": ["verify"]}, {"kid": "k"}])
def test_a_jwk_for_verifying_is_read(members):
    assert public_key(jwk(**members)) == KEY


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (None, "INVALID_VERIFICATION_METHOD"),
        ("{}", "INVALID_VERIFICATION_METHOD"),
        ({}, "INVALID_VERIFICATION_METHOD"),
        (jwk(kty="EC"), "INVALID_VERIFICATION_METHOD"),
        (jwk(kty="oct"), "INVALID_VERIFICATION_METHOD"),
        (jwk(crv="X25519"), "INVALID_VERIFICATION_METHOD"),
        (jwk(alg="none"), "INVALID_VERIFICATION_METHOD"),
        (jwk(use="enc"), "INVALID_VERIFICATION_METHOD"),
        (jwk(key_ops=["sign"]), "INVALID_VERIFICATION_METHOD"),
        (jwk(x="AA"), "INVALID_VERIFICATION_METHOD"),
        (jwk(x=multibase.b64url_encode(KEY.raw) + "="), "INVALID_VERIFICATION_METHOD"),
        (jwk(x=5), "INVALID_VERIFICATION_METHOD"),
        (jwk(x=None), "INVALID_VERIFICATION_METHOD"),
        (jwk(d="AA"), "KEY_PRIVATE"),
        ({"kty": "oct", "k": "AA"}, "KEY_PRIVATE"),
    ],
)
def test_a_jwk_that_is_none_of_ours_is_refused(found, code):
    with pytest.raises(InvalidKey) as refused:
        public_key(found)
    assert refused.value.code == code


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda i: st.lists(i, max_size=3) | st.dictionaries(st.text(max_size=8), i, max_size=3),
    )
)
def test_any_document_gives_a_key_or_a_refusal(value):
    for found in (
        value,
        {"id": ISSUER, "assertionMethod": value},
        document(publicKeyMultibase=None, publicKeyJwk=jwk(x=value)),
        document(publicKeyJwk=jwk(key_ops=value)),
        {**document(), "verificationMethod": value},
    ):
        with pytest.raises(FormatError):
            verification_key(found, METHOD, at=AT)
