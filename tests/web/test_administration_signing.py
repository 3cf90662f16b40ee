"""The page on which an organisation chooses how it signs."""

import pytest
from tests.web.pages import Visitor, text_of
from tests.world import PASSWORD, World

from hexmark.issuing.choosing import signed_form_of, vc_api_is_open
from hexmark.keys.models import StoredKey

PAGE = "/administration/signing"


@pytest.fixture
def just_signed_in(acme: World) -> Visitor:
    """Acme's badge administrator, who typed their password a moment ago."""
    visitor = Visitor()
    assert visitor.post("/sign-in", {"login": acme.steward_person.email, "password": PASSWORD}).status_code == 302
    return visitor


def choice(**given: str) -> dict[str, str]:
    return {"choose": "1", "suite": "eddsa-rdfc-2022", "profile": "", "algorithm": "EdDSA"} | given


def test_the_choice_holds_from_now_on_and_its_keys_are_made(acme: World, just_signed_in: Visitor) -> None:
    chosen = choice(suite="ecdsa-rdfc-2019", profile="vc+jwt", algorithm="RS256")
    assert just_signed_in.post(PAGE, chosen).status_code == 302
    assert "Saved." in text_of(just_signed_in.get(PAGE))
    assert str(signed_form_of(acme.organisation.pk)) == "ecdsa-rdfc-2019 vc+jwt:RS256"
    assert set(StoredKey.objects.values_list("kind", flat=True)) == {"Ed25519", "P-256", "RSA"}
    just_signed_in.post(PAGE, chosen)
    assert "Nothing was changed." in text_of(just_signed_in.get(PAGE))


def test_a_file_with_neither_proof_nor_token_is_refused_with_the_form(acme: World, just_signed_in: Visitor) -> None:
    answer = just_signed_in.post(PAGE, choice(suite=""))
    assert answer.status_code == 422
    assert "Without a proof inside, a token is needed" in text_of(answer)
    assert str(signed_form_of(acme.organisation.pk)) == "eddsa-rdfc-2022"


@pytest.mark.parametrize("given", [{"suite": "eddsa-2022"}, {"profile": "JWS"}, {"algorithm": "none"}])
def test_what_is_not_offered_is_refused(acme: World, just_signed_in: Visitor, given: dict[str, str]) -> None:
    assert just_signed_in.post(PAGE, choice(**given)).status_code == 422
    assert str(signed_form_of(acme.organisation.pk)) == "eddsa-rdfc-2022"


def test_the_interface_for_other_software_is_closed_until_it_is_opened(acme: World, just_signed_in: Visitor) -> None:
    assert "It is closed." in text_of(just_signed_in.get(PAGE))
    just_signed_in.post(PAGE, {"vc_api": "open"})
    assert vc_api_is_open(acme.organisation.pk)
    just_signed_in.post(PAGE, {"vc_api": "close"})
    assert not vc_api_is_open(acme.organisation.pk)


def test_a_member_finds_nothing_there(member: Visitor) -> None:
    assert member.get(PAGE).status_code == 404
