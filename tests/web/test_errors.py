"""Pages of errors, forged forms and forged hosts."""

from __future__ import annotations

import pytest
from django.test import override_settings
from tests.web.pages import Visitor, text_of, without_tokens
from tests.world import World

from hexmark.catalogue.models import AchievementVersion
from hexmark.configuration import ConfigurationError
from hexmark.errors import Conflict, DomainError, Invalid, NotConfigured, NotPermitted
from hexmark.issuing.models import Credential

FORMS = [
    ("/catalogue/new", {"name": "Forged"}),
    ("/catalogue/safety-champion/retire", {}),
    ("/catalogue/safety-champion/new-version", {}),
    ("/award", {"to": "member@acme.example"}),
    ("/me/organisation", {"organisation": "acme"}),
    ("/sign-out", {}),
    ("/sign-in", {"login": "steward@acme.example", "password": "four plain words here"}),
]


@pytest.mark.parametrize(("address", "given"), FORMS)
def test_a_form_from_another_site_is_refused(acme: World, version: AchievementVersion, address: str, given: dict[str, str]) -> None:
    forged = Visitor(acme.steward_person, enforce_csrf_checks=True)
    response = forged.post(address, given, headers={"Origin": "https://evil.example"})
    assert response.status_code == 403
    assert "Please send it again" in text_of(response)
    version.refresh_from_db()
    assert version.state == "published"


def test_revoking_from_another_site_is_refused(acme: World, credential: Credential) -> None:
    forged = Visitor(acme.steward_person, enforce_csrf_checks=True)
    assert forged.post(f"/awards/{credential.award.public_id}/revoke", {"revoke-reason": "x"}).status_code == 403
    credential.refresh_from_db()
    assert credential.revoked_at is None


def test_a_form_of_our_own_carries_its_token(acme: World) -> None:
    careful = Visitor(acme.steward_person, enforce_csrf_checks=True)
    page = careful.get("/catalogue/new").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    given = {"name": "Honest", "csrfmiddlewaretoken": token}
    referer = {"Referer": "https://badges.acme.example/catalogue/new"}
    assert careful.post("/catalogue/new", given, headers=referer).status_code == 302


@pytest.mark.parametrize("host", ["evil.example", "badges.acme.example.evil.example", "badges.acme.example@evil.example"])
def test_another_hosts_name_is_refused_and_stands_nowhere(credential: Credential, visitor: Visitor, host: str) -> None:
    response = visitor.get(f"/a/{credential.award.public_id}", headers={"Host": host})
    assert response.status_code == 400
    assert b"evil" not in response.content


def test_a_forwarded_host_changes_no_link(credential: Credential, visitor: Visitor) -> None:
    response = visitor.get(f"/a/{credential.award.public_id}", headers={"X-Forwarded-Host": "evil.example"})
    assert b"evil" not in response.content
    assert "evil" not in response.headers["Link"]


def test_what_is_not_there_says_so_and_leads_back(visitor: Visitor, steward: Visitor) -> None:
    for who in (visitor, steward):
        response = who.get("/no/such/page")
        assert response.status_code == 404
        assert "To the start page" in text_of(response)


def test_whoever_is_signed_in_keeps_the_way_round_on_an_error_page(steward: Visitor) -> None:
    assert "Catalogue" in text_of(steward.get("/no/such/page"))


def test_what_is_not_yours_and_what_never_was_are_the_same_bytes(acme: World, stranger: Visitor, version: AchievementVersion) -> None:
    theirs = stranger.get("/catalogue/safety-champion")
    never = stranger.get("/catalogue/never-was")
    assert theirs.status_code == never.status_code == 404
    assert without_tokens(theirs.content) == without_tokens(never.content)


def test_a_conflict_says_what_stands_in_the_way(acme: World, steward: Visitor, credential: Credential) -> None:
    response = steward.post(f"/awards/{credential.award.public_id}/lift")
    assert response.status_code == 409
    assert "This is not paused. Nothing was changed." in text_of(response)


class NeverHeardOf(DomainError):
    """A kind of refusal that the table of codes does not name."""


REFUSALS = [(ConfigurationError, 503), (NotConfigured, 503), (Conflict, 409), (Invalid, 422), (NotPermitted, 404), (NeverHeardOf, 422)]


@pytest.mark.parametrize(("kind", "status"), REFUSALS)
def test_every_refusal_has_a_page_whichever_class_it_is_of(
    acme: World, steward: Visitor, monkeypatch: pytest.MonkeyPatch, kind: type[DomainError], status: int
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise kind("Supply a key.")

    monkeypatch.setattr("hexmark.web.catalogue.catalogue", refuse)
    response = steward.get("/catalogue")
    assert response.status_code == status
    assert ("Supply a key." in text_of(response)) is (status != 404)


def test_a_fault_of_ours_shows_a_reference_and_nothing_of_the_inside(credential: Credential, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the password is swordfish")

    monkeypatch.setattr("hexmark.web.public.report_on_own", broken)
    visitor = Visitor(raise_request_exception=False)
    response = visitor.get(f"/a/{credential.award.public_id}")
    assert response.status_code == 500
    page = text_of(response)
    assert "Reference:" in page
    assert "swordfish" not in page
    assert "RuntimeError" not in page


@override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=5)
def test_a_form_of_absurd_size_is_refused(steward: Visitor) -> None:
    response = steward.post("/catalogue/new", {f"field{n}": "x" for n in range(20)})
    assert response.status_code == 400
    assert "cannot be used" in text_of(response)


def test_a_closed_account_is_told_so(db: None, visitor: Visitor) -> None:
    response = visitor.get("/account/inactive")
    assert response.status_code == 403
    assert "This account is closed" in text_of(response)
