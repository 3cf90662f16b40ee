"""Tokens across implementations: ours read by a widely used library, and its tokens read by us."""

import pytest
from tests.openbadges.samples import BADGE, ISSUER
from tests.openbadges.signing_keys import KEYS

from hexmark.openbadges import jose, jws
from hexmark.openbadges.errors import FormatError
from hexmark.openbadges.jose import Profile
from hexmark.openbadges.jwk import jwk_of, public_key
from hexmark.openbadges.keys import ALGORITHMS

jwt = pytest.importorskip("jwt", reason="PyJWT is not installed.")
pytestmark = pytest.mark.foreign

METHOD = f"{ISSUER}#key-1"
CLAIMS = {"verify_aud": False, "verify_exp": False, "verify_nbf": False}


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("profile", Profile)
def test_our_token_is_read_by_another_library(kind, profile):
    token = jose.sign_jwt(BADGE, key=KEYS[kind], verification_method=METHOD, profile=profile)
    key = jwt.PyJWK.from_dict({**jwk_of(KEYS[kind].public), "alg": ALGORITHMS[kind][0]})
    payload = jwt.decode(token, key=key, algorithms=[ALGORITHMS[kind][0]], options=CLAIMS)
    assert {name: payload[name] for name in BADGE} == BADGE
    assert jwt.get_unverified_header(token)["typ"] == profile.value


def private(kind: str):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    secret = KEYS[kind].secret
    return Ed25519PrivateKey.from_private_bytes(secret[:32]) if isinstance(secret, bytes) else secret


@pytest.mark.parametrize(("kind", "algorithm"), [(kind, name) for kind, names in ALGORITHMS.items() for name in names])
def test_the_token_of_another_library_is_read_by_us(kind, algorithm):
    claims = {"iss": ISSUER, "jti": BADGE["id"], "nbf": 1769850000}
    token = jwt.encode({**BADGE, **claims}, private(kind), algorithm=algorithm, headers={"kid": METHOD})
    assert jose.check_jwt(jose.read_jwt(token), KEYS[kind].public) == BADGE
    for other, key in KEYS.items():
        if other != kind:
            with pytest.raises(FormatError):
                jose.check_jwt(jose.read_jwt(token), key.public)


@pytest.mark.parametrize(("kind", "algorithm"), [("RSA", "RS512"), ("RSA", "PS384"), ("RSA", "RS384")])
def test_an_algorithm_that_no_profile_names_is_refused(kind, algorithm):
    token = jwt.encode(BADGE, private(kind), algorithm=algorithm, headers={"kid": METHOD})
    with pytest.raises(FormatError) as refused:
        jws.check(jws.split(token), KEYS[kind].public)
    assert refused.value.code == "JWS_ALG"


def test_a_public_key_is_no_shared_secret():
    """The oldest forgery: a token made with the public key as the secret of HS256."""
    secret = jwk_of(KEYS["RSA"].public)["n"]
    token = jwt.encode(BADGE, secret, algorithm="HS256", headers={"kid": METHOD})
    with pytest.raises(FormatError) as refused:
        jose.check_jwt(jose.read_jwt(token), KEYS["RSA"].public)
    assert refused.value.code == "JWS_ALG"


@pytest.mark.parametrize("kind", KEYS)
def test_the_jwk_of_another_library_is_the_same_key(kind):
    algorithm = jwt.get_algorithm_by_name(ALGORITHMS[kind][0])
    written = algorithm.to_jwk(private(kind).public_key(), as_dict=True)
    assert public_key(written) == KEYS[kind].public
