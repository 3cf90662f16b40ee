"""Whose key it is: did:web, did:key and HTTPS issuers."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.openbadges import base58
from hexmark.openbadges.dids import (
    controller_of,
    controller_url,
    did_key_document,
    did_web,
    did_web_url,
    lookalike,
    verification_key,
)
from hexmark.openbadges.errors import DidError
from hexmark.openbadges.keys import SigningKey

AT = datetime(2026, 1, 31, 9, 0, tzinfo=UTC)
KEY = SigningKey.from_seed(b"4" * 32).public
OTHER = SigningKey.from_seed(b"5" * 32).public
ISSUER = "did:web:badges.example:o:acme"
METHOD = f"{ISSUER}#key-1"
PROFILE = "https://badges.example/o/acme"


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
        "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme",
    ],
)
def test_a_did_key_without_a_key_that_we_know_is_refused(did):
    with pytest.raises(DidError) as refused:
        did_key_document(did)
    assert refused.value.code == "INVALID_DID"
