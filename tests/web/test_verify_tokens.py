"""The verify page takes badges in the compact form (JWT) as it takes any other."""

import pytest
from tests.simulator import Simulator
from tests.web.pages import text_of

from hexmark.openbadges import jws, strict_json
from hexmark.openbadges.jwk import jwk_of


@pytest.fixture
def issuer():
    """An issuer that nobody has to be asked about: it is a key."""
    return Simulator().did_key_issuer()


def test_a_pasted_token_is_checked_and_its_badge_shown(visitor, issuer):
    page = text_of(visitor.post("/verify", {"text": issuer.sign_jwt(issuer.badge())}))
    assert "Kiln Safety" in page
    assert "Content unchanged since it was signed." in page


def test_a_token_with_a_key_of_its_own_is_not_shown_as_verified(visitor, issuer):
    badge = issuer.badge(issuer="https://bank.example/issuers/1")
    token = jws.sign(strict_json.dump(badge), {"jwk": jwk_of(issuer.key.public)}, key=issuer.key)
    page = text_of(visitor.post("/verify", {"text": token}))
    assert "nothing says that the key belongs to bank.example" in page


def test_half_a_token_is_refused_in_words(visitor, issuer):
    token = issuer.sign_jwt(issuer.badge()).rpartition(".")[0]
    response = visitor.post("/verify", {"text": token})
    assert "three parts with two dots" in text_of(response)
