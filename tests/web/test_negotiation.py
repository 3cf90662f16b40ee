"""One address, several forms: the page for people, the signed file and the pictures for programs."""

from __future__ import annotations

import pytest
from tests.web.pages import Visitor
from tests.world import World

from hexmark.issuing.models import Credential
from hexmark.openbadges import strict_json
from hexmark.openbadges.baking import unbake
from hexmark.verification import read
from hexmark.web.negotiation import preferred

OFFERED = ("text/html", "application/vc", "application/json", "image/png")


@pytest.fixture
def url(credential: Credential) -> str:
    """The award's address."""
    return f"/a/{credential.award.public_id}"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", "text/html; charset=utf-8"),
        ("", "text/html; charset=utf-8"),
        ("*/*", "text/html; charset=utf-8"),
        ("application/vc", "application/vc"),
        ("application/json", "application/json"),
        ("application/ld+json", "application/ld+json"),
        ("image/png", "image/png"),
        ("image/svg+xml", "image/svg+xml"),
        ("image/*", "image/png"),
        ("application/vc;q=0.9, text/html;q=0.2", "application/vc"),
        ("text/csv", "text/html; charset=utf-8"),
        ("no such thing", "text/html; charset=utf-8"),
        (";;;,,,/", "text/html; charset=utf-8"),
        ("text/html;q=hello", "text/html; charset=utf-8"),
    ],
)
def test_an_award_is_given_in_the_form_that_is_asked_for(
    credential: Credential, visitor: Visitor, url: str, accept: str, kind: str
) -> None:
    response = visitor.get(url, headers={"Accept": accept})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == kind
    assert "Accept" in response.headers["Vary"]


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("text/html;q=0, application/json", "application/json"),
        ("text/html;q=0.1, */*", "application/vc"),
        ("application/*;q=0.8, text/html;q=0.5", "application/vc"),
        ("*/*;q=0.1, image/png;q=0.2", "image/png"),
    ],
)
def test_the_more_telling_wish_decides(accept: str, chosen: str) -> None:
    assert preferred(accept, OFFERED) == chosen


def test_a_hundred_wishes_are_not_all_weighed() -> None:
    assert preferred(", ".join(f"application/x-{n}" for n in range(5000)), OFFERED) == "text/html"


@pytest.mark.parametrize(("form", "kind"), [("json", "application/vc"), ("png", "image/png"), ("svg", "image/svg+xml")])
def test_each_form_has_an_address_of_its_own_to_download(credential: Credential, visitor: Visitor, url: str, form: str, kind: str) -> None:
    response = visitor.get(f"{url}.{form}")
    assert response.headers["Content-Type"] == kind
    assert response.headers["Content-Disposition"] == f'attachment; filename="badge-{credential.award.public_id[:8]}.{form}"'


def test_the_signed_file_is_served_as_the_bytes_that_were_signed(credential: Credential, visitor: Visitor, url: str) -> None:
    assert visitor.get(f"{url}.json").content == credential.document.encode()
    assert visitor.get(url, headers={"Accept": "application/vc"}).content == credential.document.encode()


@pytest.mark.parametrize("form", ["png", "svg"])
def test_a_picture_from_the_site_carries_the_very_bytes_that_were_signed(
    credential: Credential, visitor: Visitor, url: str, form: str
) -> None:
    picture = visitor.get(f"{url}.{form}").content
    assert unbake(picture).encode() == credential.document.encode()
    assert read(picture).text in (credential.document, credential.document.encode())


def test_other_endings_are_not_there(credential: Credential, visitor: Visitor, url: str) -> None:
    for form in ("html", "jwt", "exe"):
        assert visitor.get(f"{url}.{form}").status_code == 404


def test_the_page_names_its_other_forms(credential: Credential, visitor: Visitor, url: str) -> None:
    links = visitor.get(url).headers["Link"]
    for form in ("json", "png", "svg"):
        assert f'<https://badges.acme.example{url}.{form}>; rel="alternate"' in links


def test_an_achievement_is_a_document_of_the_standard_for_programs(acme: World, credential: Credential, visitor: Visitor) -> None:
    document = strict_json.parse(visitor.get("/b/safety-champion/1", headers={"Accept": "application/json"}).content)
    signed = strict_json.parse(credential.document)["credentialSubject"]["achievement"]
    assert document["id"] == signed["id"] == "https://badges.acme.example/b/safety-champion/1"
    assert document["name"] == signed["name"]
    assert document["@context"][0] == "https://www.w3.org/ns/credentials/v2"


def test_an_issuer_is_a_profile_for_programs(acme: World, visitor: Visitor) -> None:
    document = strict_json.parse(visitor.get("/o/acme", headers={"Accept": "application/ld+json"}).content)
    assert document["id"] == acme.organisation.did == "did:web:badges.acme.example:o:acme"
    assert "email" not in document
