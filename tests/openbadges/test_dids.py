"""Whose key it is: did:web, did:key, HTTPS issuers, and every key that may not speak for its issuer."""

import copy
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.openbadges import base58, multibase
from hexmark.openbadges.dids import (
    controller_of,
    controller_url,
    did_key_document,
    did_web,
    did_web_url,
    jwk_key,
    lookalike,
    method_key,
    verification_key,
)
from hexmark.openbadges.errors import DidError, FormatError, InvalidKey
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


# --- did:web -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("did", "url"),
    [
        ("did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"),
        ("did:web:w3c-ccg.github.io:user:alice", "https://w3c-ccg.github.io/user/alice/did.json"),
        ("did:web:example.com%3A3000:user:alice", "https://example.com:3000/user/alice/did.json"),
        ("did:web:example.com%3a3000", "https://example.com:3000/.well-known/did.json"),
        ("did:web:badges.example:o:acme", "https://badges.example/o/acme/did.json"),
        ("did:web:example.com:caf%C3%A9", "https://example.com/caf%C3%A9/did.json"),
        ("did:web:localhost", "https://localhost/.well-known/did.json"),
        ("did:web:xn--bcher-kva.example", "https://xn--bcher-kva.example/.well-known/did.json"),
    ],
)
def test_a_did_web_names_the_url_of_its_document(did, url):
    """did:web Method Specification, 3.2."""
    assert did_web_url(did) == url
    assert controller_url(did) == url


@pytest.mark.parametrize("did", ["did:web:Badges.EXAMPLE", "did:web:badges.example."])
def test_case_and_a_final_dot_of_a_host_do_not_matter(did):
    assert did_web_url(did) == "https://badges.example/.well-known/did.json"


@pytest.mark.parametrize(
    "did",
    [
        "did:web:",
        "did:web",
        "did:webs:example.com",
        "web:example.com",
        "did:key:z6Mk",
        "did:web:example.com:",
        "did:web:example.com::a",
        "did:web:example.com:a:",
        "did:web::a",
        "did:web:example.com:..",
        "did:web:example.com:.",
        "did:web:example.com:a:..:b",
        "did:web:example.com:%2e%2e",
        "did:web:example.com:%2E",
        "did:web:example.com:a%2fb",
        "did:web:example.com:a%2Fb",
        "did:web:example.com:a%5Cb",
        "did:web:example.com:a%00b",
        "did:web:example.com:a%25b",
        "did:web:example.com:a%3Fb",
        "did:web:example.com:a%0a",
        "did:web:example.com:a%2",
        "did:web:example.com:a%zz",
        "did:web:example.com/a",
        "did:web:example.com?a",
        "did:web:example.com#a",
        "did:web:good@evil.example",
        "did:web:good%40evil.example",
        "did:web:good\\@evil.example",
        "did:web:exam ple.com",
        "did:web:exam\tple.com",
        "did:web:example.com\n",
        "did:web:\u0435xample.com",
        "did:web:example..com",
        "did:web:.example.com",
        "did:web:-a.example",
        "did:web:example.com%3A",
        "did:web:example.com%3Aabc",
        "did:web:example.com%3A123456",
        "did:web:example.com%3A1%3A2",
        "did:web:" + "a" * 64 + ".example",
        "did:web:" + "a." * 130 + "example",
        "did:web:example.com:" + "a" * 10_000,
        "did:web:example.com" + ":a" * 200,
    ],
)
def test_a_did_web_with_a_second_meaning_is_refused(did):
    with pytest.raises(DidError) as refused:
        did_web_url(did)
    assert refused.value.code == "DID_MALFORMED"


def test_an_address_of_ip_version_6_is_refused_as_such():
    with pytest.raises(DidError) as refused:
        did_web_url("did:web:[::1]")
    assert refused.value.code == "SSRF_BLOCKED"


def test_our_own_did_web_is_made_from_host_and_path():
    assert did_web("badges.example", "o", "acme") == ISSUER
    assert did_web("localhost:8000", "o", "acme") == "did:web:localhost%3A8000:o:acme"
    assert did_web_url(did_web("localhost:8000", "o", "acme")) == "https://localhost:8000/o/acme/did.json"
    assert did_web("badges.example", "café") == "did:web:badges.example:caf%C3%A9"


@pytest.mark.parametrize(
    ("host", "path"), [("", ()), ("a b", ()), ("badges.example", ("",)), ("badges.example", ("..",)), ("badges.example", ("a/b",))]
)
def test_a_host_or_path_that_makes_no_did_is_refused(host, path):
    with pytest.raises(DidError):
        did_web(host, *path)


@given(st.lists(st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=8), min_size=1, max_size=5))
def test_every_slug_makes_a_did_whose_url_holds_it(path):
    assert did_web_url(did_web("badges.example", *path)) == f"https://badges.example/{'/'.join(path)}/did.json"


@given(st.text(max_size=40))
def test_any_text_is_a_did_web_with_an_https_url_or_refused(text):
    try:
        url = did_web_url(f"did:web:{text}")
    except DidError:
        return
    assert url.startswith("https://")
    assert url.endswith("/did.json")
    assert ".." not in url.removeprefix("https://").split("/", 1)[1].split("/")
    assert not {"@", "?", "#", "\\", " "} & set(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://xn--bcher-kva.example/", True),
        ("https://a.xn--p1ai/x", True),
        ("https://bücher.example/", True),
        ("https://badges.example/xn--x", False),
    ],
)
def test_a_host_that_may_look_like_another_is_remarked_upon(url, expected):
    assert lookalike(url) is expected


# --- from a key's id to its controller -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method_id", "controller"),
    [
        (METHOD, ISSUER),
        ("did:key:z6MkX#z6MkX", "did:key:z6MkX"),
        ("https://badges.example/o/acme#key-1", PROFILE),
        ("https://badges.example/keys/1", "https://badges.example/keys/1"),
        ("https://badges.example:8443/a?b=c#d", "https://badges.example:8443/a?b=c"),
    ],
)
def test_the_controller_of_a_key_is_what_stands_before_the_fragment(method_id, controller):
    assert controller_of(method_id) == controller


@pytest.mark.parametrize(
    ("method_id", "code"),
    [
        ("https://good.example@evil.example/#k", "URL_MALFORMED"),
        ("https://user:pw@good.example/#k", "URL_MALFORMED"),
        ("https://good.example\\@evil.example/#k", "URL_MALFORMED"),
        ("https://good.example\t.evil.example/#k", "URL_MALFORMED"),
        ("https://good.example\n/#k", "URL_MALFORMED"),
        ("https://good.example /#k", "URL_MALFORMED"),
        ("https://bücher.example/#k", "URL_MALFORMED"),
        ("https://good.example:99999/#k", "URL_MALFORMED"),
        ("https://good.example:0/#k", "URL_MALFORMED"),
        ("https://[::1/#k", "URL_MALFORMED"),
        ("https:///path#k", "URL_MALFORMED"),
        ("http://good.example/#k", "URL_MALFORMED"),
        ("file:///etc/passwd#k", "URL_MALFORMED"),
        ("urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33#k", "URL_MALFORMED"),
        ("#key-1", "URL_MALFORMED"),
        ("", "URL_MALFORMED"),
        ("https://good.example/" + "a" * 3000, "URL_MALFORMED"),
        ("did:web:a/b#k", "INVALID_DID"),
        ("did:Web:a#k", "INVALID_DID"),
        ("did:#k", "INVALID_DID"),
    ],
)
def test_a_key_id_with_a_second_meaning_is_refused(method_id, code):
    with pytest.raises(DidError) as refused:
        controller_of(method_id)
    assert refused.value.code == code


def test_an_https_issuer_is_fetched_at_its_own_id():
    assert controller_url(PROFILE) == PROFILE


@pytest.mark.parametrize("controller", ["did:key:z6MkX", "did:example:1", "urn:uuid:1", "http://badges.example/", "acme"])
def test_what_cannot_be_fetched_is_not_asked_for(controller):
    with pytest.raises(DidError):
        controller_url(controller)


# --- did:key -------------------------------------------------------------------------------------------------------


def test_a_did_key_is_its_own_document():
    did = f"did:key:{KEY.multibase}"
    found = did_key_document(did)
    assert found["id"] == did
    assert verification_key(found, f"{did}#{KEY.multibase}", at=AT) == KEY


@pytest.mark.parametrize(
    "did",
    [
        "did:key:",
        "did:key:z",
        "did:key:u" + KEY.multibase,
        "did:key:z6Mk0",
        "did:web:badges.example",
        f"did:key:{KEY.multibase}#x",
        "did:key:z" + base58.encode(b"\xed\x01" + b"\0" * 32),
        "did:key:zDnaegE6RR3atJtHKwTRTWHsJ3kNHqFwv7n9YjTgmU7TyfU76",
    ],
)
def test_a_did_key_without_a_key_that_we_know_is_refused(did):
    with pytest.raises(DidError) as refused:
        did_key_document(did)
    assert refused.value.code == "INVALID_DID"


# --- the key of an issuer ------------------------------------------------------------------------------------------


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
    assert jwk_key(jwk(**members)) == KEY


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
        jwk_key(found)
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
