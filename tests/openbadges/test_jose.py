"""Credentials as JWT: what each profile writes, and what its claims may not say. Bad inputs E29 to E36 of our list."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.openbadges.samples import BADGE, ISSUER
from tests.openbadges.signing_keys import KEYS

from hexmark.openbadges import jose, jws, strict_json
from hexmark.openbadges.errors import FormatError, Malformed
from hexmark.openbadges.jose import Profile, check_jwt, is_compact, missing_claims, profile_of, read_jwt, sign_jwt
from hexmark.openbadges.multibase import b64url_decode, b64url_encode

METHOD = f"{ISSUER}#key-1"
KEY = KEYS["P-256"]
NOT_BEFORE = 1769850000
BADGE_FOR_ONE = {
    **BADGE,
    "credentialSubject": {**BADGE["credentialSubject"], "id": "did:example:amara"},
    "validUntil": "2027-01-31T09:00:00Z",
}


def token_of(payload: object, header: dict[str, Any] | None = None) -> str:
    """A token of any payload, signed whatever it says."""
    return jws.sign(json.dumps(payload).encode(), {"kid": METHOD} if header is None else header, key=KEY)


def refusal(token: str) -> str:
    with pytest.raises(FormatError) as refused:
        check_jwt(read_jwt(token), KEY.public)
    return refused.value.full_code


# --- what is issued ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("document", [BADGE, BADGE_FOR_ONE])
def test_what_is_signed_is_read_back_as_it_was(kind, profile, document):
    before = copy.deepcopy(document)
    token = sign_jwt(document, key=KEYS[kind], verification_method=METHOD, profile=profile)
    assert document == before
    assert is_compact(token)
    assert check_jwt(read_jwt(token), KEYS[kind].public) == document
    assert list(check_jwt(read_jwt(token), KEYS[kind].public)) == list(document)
    assert sign_jwt(document, key=KEYS[kind], verification_method=METHOD, profile=profile) == token
    assert missing_claims(read_jwt(token)) == []


def test_the_open_badges_profile_has_its_header_and_claims():
    """Open Badges 3.0, 8.2.3 and 8.2.4."""
    jwt = read_jwt(sign_jwt(BADGE_FOR_ONE, key=KEYS["RSA"], verification_method=METHOD))
    assert jwt.header == {"alg": "RS256", "kid": METHOD, "typ": "JWT"}
    claims = {name: value for name, value in jwt.payload.items() if name not in BADGE_FOR_ONE}
    assert claims == {"iss": ISSUER, "jti": BADGE["id"], "nbf": NOT_BEFORE, "sub": "did:example:amara", "exp": 1801386000}
    assert profile_of(jwt) is Profile.OPEN_BADGES


def test_a_recipient_without_an_id_has_no_claim():
    jwt = read_jwt(sign_jwt(BADGE, key=KEY, verification_method=METHOD))
    assert jwt.payload.keys() - BADGE.keys() == {"iss", "jti", "nbf"}


def test_the_w3c_profile_adds_nothing_to_the_credential():
    """W3C Securing VCs using JOSE and COSE, 3.1.1."""
    jwt = read_jwt(sign_jwt(BADGE, key=KEYS["Ed25519"], verification_method=METHOD, profile=Profile.W3C))
    assert jwt.header == {"alg": "EdDSA", "kid": METHOD, "typ": "vc+jwt", "cty": "vc"}
    assert jwt.payload == BADGE
    assert profile_of(jwt) is Profile.W3C


@pytest.mark.parametrize("member", ["id", "issuer", "validFrom"])
def test_a_credential_without_what_the_claims_repeat_is_not_signed(member):
    document = {name: value for name, value in BADGE.items() if name != member}
    with pytest.raises(Malformed):
        sign_jwt(document, key=KEY, verification_method=METHOD)


@pytest.mark.parametrize("change", [{"@context": ["https://evil.example/"]}, {"name": None}, {"@id": "urn:x"}, {"name": []}])
@pytest.mark.parametrize("profile", Profile)
def test_what_would_not_be_believed_is_not_signed(change, profile):
    with pytest.raises(FormatError):
        sign_jwt({**BADGE, **change}, key=KEY, verification_method=METHOD, profile=profile)


# --- what is read --------------------------------------------------------------------------------------------------


def test_the_parts_of_a_token_can_be_read_without_any_key():
    jwt = read_jwt(sign_jwt(BADGE, key=KEY, verification_method=METHOD)[:-4] + "AAAA")
    assert jwt.credential == BADGE
    assert jwt.header["kid"] == METHOD
    with pytest.raises(FormatError):
        check_jwt(jwt, KEY.public)


@pytest.mark.parametrize("payload", [b"[]", b'"text"', b"5", b"", b'{"a":1,"a":2}', b'{"a":NaN}', b"\xff", b"[" * 99, b'{"exp":1e20}'])
def test_a_payload_that_is_no_strict_json_is_refused(payload):
    with pytest.raises(FormatError) as refused:
        read_jwt(jws.sign(payload, {}, key=KEY))
    assert refused.value.code in {"PARSING_ERROR", "MALFORMED_VALUE_ERROR"}


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({}, None),
        ({"typ": "JWT"}, None),
        ({"typ": "vc+jwt"}, None),
        ({"typ": "application/vc+jwt", "cty": "vc"}, None),
        ({"typ": "vc+jwt", "cty": "application/vc"}, None),
        ({"typ": "vc+jwt", "iss": ISSUER}, None),
        pytest.param({"typ": "at+jwt"}, "TYP_MISMATCH", id="E29 access token"),
        pytest.param({"typ": ""}, "TYP_MISMATCH", id="E29 empty"),
        pytest.param({"typ": "vp+jwt"}, "TYP_MISMATCH", id="presentation"),
        pytest.param({"typ": "dpop+jwt"}, "TYP_MISMATCH", id="proof of possession"),
        pytest.param({"typ": "secevent+jwt"}, "TYP_MISMATCH", id="security event"),
        pytest.param({"typ": "vc+jwt", "cty": "vp"}, "TYP_MISMATCH", id="another content"),
        pytest.param({"typ": "vc+jwt", "iss": "did:web:evil.example"}, "CLAIM_MISMATCH/iss", id="another issuer in the header"),
        pytest.param({"typ": "JWT", "cty": "vc"}, "JWS_HEADER_FORBIDDEN", id="a member that the profile has not"),
        pytest.param({"iss": ISSUER}, "JWS_HEADER_FORBIDDEN", id="issuer in the header of the other profile"),
    ],
)
def test_the_type_of_a_token_is_what_it_may_be_used_as(header, code):
    token = token_of(BADGE, header)
    if code is None:
        assert check_jwt(read_jwt(token), KEY.public) == BADGE
    else:
        assert refusal(token) == code


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "did:web:evil.example"},
        {"iss": None},
        {"iss": [ISSUER]},
        {"jti": "urn:uuid:another"},
        {"sub": "did:example:mallory"},
        {"nbf": NOT_BEFORE + 1},
        {"nbf": 0},
        {"exp": NOT_BEFORE},
        {"exp": 253402300799},
        {"vc": {**BADGE, "name": "Another"}},
        {"vc": {}},
        {"vc": None},
        {"vc": "text"},
    ],
)
@pytest.mark.parametrize("document", [BADGE, BADGE_FOR_ONE])
def test_a_claim_that_says_something_else_is_refused(document, claims):
    """E30 and E32."""
    assert refusal(token_of({**document, **claims})) == f"CLAIM_MISMATCH/{next(iter(claims))}"


@pytest.mark.parametrize("claim", ["iat", "nbf", "exp"])
@pytest.mark.parametrize("value", ["1769850000", True, False, None, -1, 2**50, [], {}])
def test_a_moment_that_is_none_is_refused(claim, value):
    """E31."""
    assert refusal(token_of({**BADGE_FOR_ONE, claim: value})) == "MALFORMED_VALUE_ERROR/NUMERIC_DATE"


@pytest.mark.parametrize("value", [NOT_BEFORE, float(NOT_BEFORE), NOT_BEFORE + 0.5])
def test_a_moment_may_be_written_with_fractions(value):
    assert check_jwt(read_jwt(token_of({**BADGE, "nbf": value, "iat": 5.5})), KEY.public) == BADGE


def test_a_moment_is_compared_with_what_the_credential_says_to_the_second():
    document = {**BADGE, "validFrom": "2026-01-31T10:00:00.750+01:00"}
    assert check_jwt(read_jwt(token_of({**document, "nbf": NOT_BEFORE})), KEY.public) == document
    assert refusal(token_of({**BADGE, "validFrom": "soon", "nbf": NOT_BEFORE})) == "CLAIM_MISMATCH/nbf"


@pytest.mark.parametrize(
    ("audience", "accepted"),
    [("did:example:amara", True), (["did:example:amara"], True), ([], True), ("x", False), (["did:example:amara", "x"], False), (5, False)],
)
def test_a_token_for_somebody_else_than_its_subject_is_refused(audience, accepted):
    token = token_of({**BADGE_FOR_ONE, "aud": audience})
    if accepted:
        assert check_jwt(read_jwt(token), KEY.public) == BADGE_FOR_ONE
    else:
        assert refusal(token) == "INVALID_DOMAIN_ERROR"


def test_a_credential_that_stands_beside_itself_is_one_credential():
    assert check_jwt(read_jwt(token_of({**BADGE, "vc": BADGE, "jti": BADGE["id"]})), KEY.public) == BADGE
    assert check_jwt(read_jwt(token_of({"vc": BADGE, "iss": ISSUER})), KEY.public) == BADGE
    assert refusal(token_of({"vc": BADGE, "iss": "did:web:evil.example"})) == "CLAIM_MISMATCH/iss"


def test_what_the_profile_asks_to_repeat_is_missed():
    assert missing_claims(read_jwt(token_of(BADGE_FOR_ONE))) == ["iss", "jti", "sub", "nbf", "exp"]
    assert missing_claims(read_jwt(token_of({**BADGE, "iss": ISSUER, "nbf": NOT_BEFORE}))) == ["jti"]
    assert missing_claims(read_jwt(token_of({"vc": 5}))) == []


def test_one_subject_in_an_array_is_the_subject():
    document = {**BADGE_FOR_ONE, "credentialSubject": [BADGE_FOR_ONE["credentialSubject"]]}
    assert check_jwt(read_jwt(token_of({**document, "sub": "did:example:amara"})), KEY.public) == document
    two = {**document, "credentialSubject": document["credentialSubject"] * 2}
    assert refusal(token_of({**two, "sub": "did:example:amara"})) == "CLAIM_MISMATCH/sub"


# --- what it comes in ----------------------------------------------------------------------------------------------


def test_an_enveloped_credential_gives_its_token():
    token = sign_jwt(BADGE, key=KEY, verification_method=METHOD, profile=Profile.W3C)
    envelope = {"@context": BADGE["@context"][:1], "id": f"data:application/vc+jwt,{token}", "type": "EnvelopedVerifiableCredential"}
    assert jose.enveloped(envelope) == token
    assert jose.enveloped({**envelope, "type": [envelope["type"]]}) == token
    assert jose.enveloped(BADGE) is None


@pytest.mark.parametrize("identifier", ["data:application/vc,e30", "data:text/plain,e30.e30.e30", "https://evil.example/", "", None, 5])
def test_an_envelope_of_something_else_is_refused(identifier):
    """E36."""
    with pytest.raises(Malformed):
        jose.enveloped({"type": "EnvelopedVerifiableCredential", "id": identifier})


@pytest.mark.parametrize("form", [{"signatures": [{}, {}]}, {"signature": "e30", "protected": "e30"}, {"signatures": []}])
def test_the_json_forms_of_a_token_are_refused(form):
    """E21."""
    with pytest.raises(FormatError) as refused:
        jose.enveloped({"payload": "e30", **form})
    assert refused.value.code == "JWS_PARTS"


@pytest.mark.parametrize(
    ("text", "compact"),
    [("{}", False), ("e30.e30.", True), ("hello", False), ("1.2.3", False), ('{"a": "x.y.z"}', False), ("eyJ!.x", False)],
)
def test_a_token_is_told_from_json_at_sight(text, compact):
    assert is_compact(text) is compact


@pytest.mark.parametrize("start", [b"{", b"{\n", b"{\t", b"{ ", b"{\r\n"])
def test_a_header_may_be_written_with_spaces(start):
    header = start + b'"alg":"ES256"}'
    signing_input = f"{b64url_encode(header)}.{b64url_encode(strict_json.dump(BADGE))}"
    token = f"{signing_input}.{b64url_encode(KEY.sign(signing_input.encode()))}"
    assert is_compact(token)
    assert check_jwt(read_jwt(token), KEY.public) == BADGE


TOKEN = sign_jwt(BADGE_FOR_ONE, key=KEY, verification_method=METHOD)


@given(st.sampled_from([0, 1]), st.data())
def test_a_changed_byte_under_the_signature_never_verifies(part, data):
    """D38."""
    parts = TOKEN.split(".")
    decoded = bytearray(b64url_decode(parts[part]))
    decoded[data.draw(st.integers(0, len(decoded) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    parts[part] = b64url_encode(bytes(decoded))
    with pytest.raises(FormatError):
        check_jwt(read_jwt(".".join(parts)), KEY.public)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
)


@given(st.sampled_from([*sorted(jose.CLAIMS), "vc", "issuer", "id", "credentialSubject", "validFrom", "validUntil"]), JSON)
def test_any_member_is_compared_or_refused(name, value):
    payload = {**BADGE_FOR_ONE, "iss": ISSUER, "nbf": NOT_BEFORE, name: value}
    try:
        found = check_jwt(read_jwt(token_of(payload)), KEY.public)
    except FormatError:
        return
    assert {**found, **{claim: payload[claim] for claim in payload.keys() - found.keys()}} == payload
