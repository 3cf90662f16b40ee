"""Compact JWS: Wycheproof, and every way in which a token may ask to be believed. Bad inputs E01 to E34 of our list."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.openbadges.signing_keys import KEYS

from hexmark.openbadges import jwk, jws, limits
from hexmark.openbadges.errors import FormatError, TokenError, TooLarge
from hexmark.openbadges.keys import ALGORITHMS, PublicKey
from hexmark.openbadges.multibase import b64url_decode, b64url_encode

KEY = KEYS["P-256"]
TOKEN = jws.sign(b'{"badge":1}', {"typ": "JWT"}, key=KEY)


def token_of(header: object, payload: bytes = b"{}", kind: str = "P-256") -> str:
    """A token with this header, signed whatever the header says."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    signing_input = f"{b64url_encode(text)}.{b64url_encode(payload)}"
    return f"{signing_input}.{b64url_encode(KEYS[kind].sign(signing_input.encode()))}"


def refusal(token: str, key: PublicKey = KEY.public) -> str:
    with pytest.raises(FormatError) as refused:
        jws.check(jws.split(token), key)
    return refused.value.code


# --- published vectors ---------------------------------------------------------------------------------------------

SYMMETRIC = "whoever can check such a token can also make it"
LONGER_HASH = "no profile of credentials uses it, and each further algorithm is one more to be mixed up"
NO_CURVE = "P-521 is used by no profile of credentials"
NOT_CANONICAL = "what is no base64url stands in it, so that one signature would fit two texts"
#: tcId -> why a token that Wycheproof calls valid is refused here on purpose.
REFUSED_TOKENS = {
    **dict.fromkeys((1, 348, 352, 357, 358, 359, 376, 377), SYMMETRIC),
    **dict.fromkeys((*range(264, 272), *range(320, 324), *range(325, 329), 346, 350), LONGER_HASH),
    **dict.fromkeys((347, 351), NO_CURVE),
    **dict.fromkeys((372, 373), NOT_CANONICAL),
}
REFUSED_KEYS = dict.fromkeys((2, 13, 14, 15), SYMMETRIC)


@pytest.mark.parametrize(
    ("name", "refused", "count"),
    [("json_web_signature_test.json", REFUSED_TOKENS, (16, 385)), ("json_web_key_test.json", REFUSED_KEYS, (1, 25))],
)
def test_no_invalid_wycheproof_token_is_accepted_and_few_valid_ones_are_refused(reference_data, name, refused, count):
    """E34."""
    found = {True: 0, False: 0}
    for group in json.loads((reference_data / "vectors/wycheproof/testvectors_v1" / name).read_text())["testGroups"]:
        published = group.get("public") or group["private"]
        for test in group["tests"]:
            accepted = any(accepts(test["jws"], key) for key in published.get("keys", [published]))
            expected = test["result"] == "valid" and test["tcId"] not in refused
            assert accepted == expected, (test["tcId"], test["comment"])
            found[accepted] += 1
    assert (found[True], found[False]) == count


def accepts(token: object, key: dict) -> bool:
    try:
        jws.check(jws.split(token if isinstance(token, str) else json.dumps(token)), jwk.public_key(key))
    except FormatError:
        return False
    return True


def test_the_token_of_rfc_7515_is_accepted():
    """RFC 7515, A.3: ES256."""
    token = (
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    )
    key = {
        "kty": "EC",
        "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    }
    parts = jws.split(token)
    jws.check(parts, jwk.public_key(key))
    assert json.loads(parts.payload)["iss"] == "joe"


def test_the_token_of_rfc_8037_is_reproduced():
    """RFC 8037, A.4: EdDSA."""
    from hexmark.openbadges.keys import SigningKey

    key = SigningKey.from_seed(b64url_decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"))
    assert jws.sign(b"Example of Ed25519 signing", {}, key=key) == (
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    )


# --- signing and checking ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KEYS)
def test_a_token_of_every_kind_of_key_is_accepted_by_that_key_alone(kind):
    token = jws.sign(b"payload", {"kid": "k"}, key=KEYS[kind])
    parts = jws.split(token)
    assert (parts.payload, parts.header) == (b"payload", {"alg": ALGORITHMS[kind][0], "kid": "k"})
    jws.check(parts, KEYS[kind].public)
    for other, key in KEYS.items():
        if other != kind:
            assert refusal(token, key.public) == "KEY_ALG"


def test_the_newer_name_of_eddsa_is_known():
    jws.check(jws.split(token_of({"alg": "Ed25519"}, kind="Ed25519")), KEYS["Ed25519"].public)


def test_pss_is_checked_with_a_salt_as_long_as_the_hash_only():
    """E27."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    signing_input = b64url_encode(b'{"alg":"PS256"}') + ".e30"
    for salt, accepted in ((32, True), (20, False), (0, False), (222, False)):
        scheme = padding.PSS(padding.MGF1(hashes.SHA256()), salt)
        signature = KEYS["RSA"].secret.sign(signing_input.encode(), scheme, hashes.SHA256())
        parts = jws.split(f"{signing_input}.{b64url_encode(signature)}")
        if accepted:
            jws.check(parts, KEYS["RSA"].public)
        else:
            with pytest.raises(TokenError) as refused:
                jws.check(parts, KEYS["RSA"].public)
            assert refused.value.code == "SIG_INVALID"


@pytest.mark.parametrize(
    ("header", "kind", "code"),
    [
        pytest.param({"alg": "none"}, "P-256", "JWS_ALG", id="E01 none"),
        pytest.param({"alg": "None"}, "P-256", "JWS_ALG", id="E01 None"),
        pytest.param({"alg": "nOnE"}, "P-256", "JWS_ALG", id="E01 nOnE"),
        pytest.param({"alg": ""}, "P-256", "JWS_ALG", id="E01 empty"),
        pytest.param({}, "P-256", "JWS_ALG", id="E01 missing"),
        pytest.param({"alg": None}, "P-256", "JWS_ALG", id="E01 null"),
        pytest.param({"alg": 5}, "P-256", "JWS_ALG", id="E01 number"),
        pytest.param({"alg": ["ES256"]}, "P-256", "JWS_ALG", id="array"),
        pytest.param({"alg": "es256"}, "P-256", "JWS_ALG", id="lower case"),
        pytest.param({"alg": "HS256"}, "P-256", "JWS_ALG", id="symmetric"),
        pytest.param({"alg": "ES256K"}, "P-256", "JWS_ALG", id="another curve"),
        pytest.param({"alg": "RS256"}, "P-256", "KEY_ALG", id="E03 RS256 with an EC key"),
        pytest.param({"alg": "ES256"}, "P-384", "KEY_ALG", id="E03 ES256 with a P-384 key"),
        pytest.param({"alg": "EdDSA"}, "P-256", "KEY_ALG", id="EdDSA with an EC key"),
        pytest.param({"alg": "PS256"}, "RSA", "SIG_INVALID", id="the other scheme of RSA"),
        pytest.param({"alg": "ES256", "jku": "https://evil.example/"}, "P-256", "JWS_HEADER_FORBIDDEN", id="E06 jku"),
        pytest.param({"alg": "ES256", "x5u": "https://10.0.0.1/"}, "P-256", "JWS_HEADER_FORBIDDEN", id="E06 x5u"),
        pytest.param({"alg": "ES256", "x5c": ["MII="]}, "P-256", "JWS_HEADER_FORBIDDEN", id="E07 x5c"),
        pytest.param({"alg": "ES256", "crit": ["x"], "x": 1}, "P-256", "JWS_HEADER_FORBIDDEN", id="E14 unknown extension"),
        pytest.param({"alg": "ES256", "crit": []}, "P-256", "JWS_HEADER_FORBIDDEN", id="E14 no extension"),
        pytest.param({"alg": "ES256", "crit": ["alg"]}, "P-256", "JWS_HEADER_FORBIDDEN", id="E14 standard member"),
        pytest.param({"alg": "ES256", "crit": ["b64"], "b64": False}, "P-256", "JWS_HEADER_FORBIDDEN", id="E15 unencoded"),
        pytest.param({"alg": "ES256", "b64": False}, "P-256", "JWS_HEADER_FORBIDDEN", id="E15 unencoded, not critical"),
        pytest.param({"alg": "ES256", "zip": "DEF"}, "P-256", "JWS_HEADER_FORBIDDEN", id="compressed"),
        pytest.param({"alg": "ES256", "enc": "A128GCM"}, "P-256", "JWS_HEADER_FORBIDDEN", id="encrypted"),
        pytest.param({"alg": "none", "jku": "https://evil.example/"}, "P-256", "JWS_HEADER_FORBIDDEN", id="both"),
        pytest.param({"alg": "ES256", "kid": 5}, "P-256", "JWS_HEADER", id="kid is a number"),
        pytest.param({"alg": "ES256", "typ": ["JWT"]}, "P-256", "JWS_HEADER", id="typ is an array"),
        pytest.param({"alg": "ES256", "kid": "k", "jwk": {}}, "P-256", "JWS_HEADER", id="two keys"),
        pytest.param([{"alg": "ES256"}], "P-256", "JWS_HEADER", id="E23 array"),
        pytest.param("alg", "P-256", "JWS_HEADER", id="E23 string"),
        pytest.param(None, "P-256", "JWS_HEADER", id="null"),
        pytest.param(b'{"alg":"none","alg":"ES256"}', "P-256", "JWS_HEADER", id="one member twice"),
        pytest.param(b"{'alg':'ES256'}", "P-256", "JWS_HEADER", id="not JSON"),
        pytest.param(b"\xef\xbb\xbf{}", "P-256", "JWS_HEADER", id="byte order mark"),
        pytest.param(b"\xff\xfe", "P-256", "JWS_HEADER", id="not UTF-8"),
        pytest.param(b"[" * 5000, "P-256", "JWS_HEADER", id="deep"),
    ],
)
def test_a_header_that_no_badge_may_have_is_refused(header, kind, code):
    assert refusal(token_of(header, kind=kind), KEYS[kind].public) == code


@pytest.mark.parametrize(
    ("token", "code"),
    [
        pytest.param("", "JWS_PARTS", id="nothing"),
        pytest.param("abc", "JWS_PARTS", id="one part"),
        pytest.param("a.b", "JWS_PARTS", id="two parts"),
        pytest.param(TOKEN + ".e30", "JWS_PARTS", id="four parts"),
        pytest.param(json.dumps({"payload": "e30", "signatures": []}), "JWS_PARTS", id="E21 JSON"),
        pytest.param(TOKEN + "!!!!", "JWS_B64_NONCANONICAL", id="E18 appended"),
        pytest.param(TOKEN + "\0", "JWS_B64_NONCANONICAL", id="E18 zero appended"),
        pytest.param(TOKEN + "é", "JWS_B64_NONCANONICAL", id="not ASCII"),
        pytest.param(TOKEN + "=", "JWS_B64", id="E19 padded"),
        pytest.param(TOKEN + "\n", "JWS_B64", id="E19 new line"),
        pytest.param(" " + TOKEN, "JWS_B64", id="E19 space"),
        pytest.param(TOKEN[:-4] + "+/+/", "JWS_B64", id="E19 the other alphabet"),
        pytest.param("eyI.e30.", "JWS_HEADER", id="half a header"),
        pytest.param(TOKEN.replace(".", ".AA", 1), "JWS_B64", id="a length that no bytes have"),
    ],
)
def test_another_text_than_canonical_base64url_in_three_parts_is_refused(token, code):
    assert refusal(token) == code


def test_bits_left_over_are_refused():
    """E18: the same bytes for a lenient reader."""
    header, payload, signature = TOKEN.split(".")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    changed = letters[letters.index(signature[-1]) + 1]
    assert refusal(f"{header}.{payload}.{signature[:-1]}{changed}") == "JWS_B64_NONCANONICAL"


def test_a_token_beyond_all_bounds_is_refused_before_it_is_decoded():
    """E24."""
    with pytest.raises(TooLarge):
        jws.split("A" * (limits.DOCUMENT_BYTES + 1))
    with pytest.raises(TooLarge):
        jws.split("." * (limits.DOCUMENT_BYTES + 1))


@pytest.mark.parametrize("change", [lambda s: b"", lambda s: s[:-1], lambda s: s + b"\0", lambda s: bytes(64), lambda s: s[32:] + s[:32]])
def test_another_signature_is_refused(change):
    header, payload, signature = TOKEN.split(".")
    changed = b64url_encode(change(b64url_decode(signature)))
    assert refusal(f"{header}.{payload}.{changed}") == "SIG_INVALID"


@settings(max_examples=300)
@given(st.integers(0, len(TOKEN) - 1), st.characters(codec="utf-8"))
def test_a_changed_character_of_a_token_never_verifies(where, letter):
    changed = TOKEN[:where] + letter + TOKEN[where + 1 :]
    if changed != TOKEN:
        with pytest.raises(FormatError):
            jws.check(jws.split(changed), KEY.public)


@given(st.text(max_size=80))
def test_any_text_is_refused(text):
    with pytest.raises(FormatError):
        jws.check(jws.split(text), KEY.public)


@given(
    st.dictionaries(st.sampled_from(["alg", "kid", "jwk", "typ", "x", "crit"]), st.none() | st.text(max_size=6) | st.integers(), max_size=4)
)
def test_any_header_is_refused_or_signed_with_the_key(header):
    token = token_of(header)
    if header.get("alg") != "ES256":
        with pytest.raises(FormatError):
            jws.check(jws.split(token), KEY.public)
