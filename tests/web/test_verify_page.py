"""The verify page: any kind of input, hostile ones among them, and an answer in words."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.pages import Visitor, errors_beside, text_of
from tests.world import World, run_jobs

from hexmark.issuing.actions import revoke
from hexmark.issuing.models import Credential
from hexmark.issuing.publication import baked_png, baked_svg

PUBLIC = "https://badges.acme.example"


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Whoever opens a connection or asks for an address is noted and refused."""
    asked: list[Any] = []

    def refuse(*arguments: Any, **_named: Any) -> Any:
        asked.append(arguments)
        raise OSError("This test has no network.")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    return asked


def file(data: bytes, name: str = "badge.bin") -> dict[str, Any]:
    """A dropped file."""
    return {"file": SimpleUploadedFile(name, data)}


def test_the_page_says_what_it_takes_and_what_is_checked(visitor: Visitor) -> None:
    page = text_of(visitor.get("/verify"))
    assert "nothing that you give here is kept" in page
    assert "What is checked" in page


@pytest.mark.parametrize("kind", ["json", "png", "svg"])
def test_a_file_of_each_kind_is_verified(credential: Credential, visitor: Visitor, kind: str, no_network: list[Any]) -> None:
    data = {"json": credential.document.encode(), "png": baked_png(credential), "svg": baked_svg(credential)}[kind]
    response = visitor.post("/verify", file(data))
    page = text_of(response)
    assert response.status_code == 200
    assert "Verified Signed by badges.acme.example/o/acme and unchanged since." in page
    assert "Achievement Safety Champion" in page
    assert "Its public page" in page
    assert no_network == []


def test_pasted_text_is_verified(credential: Credential, visitor: Visitor) -> None:
    assert "Verified" in text_of(visitor.post("/verify", {"text": f"\n  {credential.document}\n"}))


@pytest.mark.parametrize("ending", ["", ".json", ".png", ".svg"])
def test_our_own_links_are_verified_without_any_network(
    credential: Credential, visitor: Visitor, no_network: list[Any], ending: str
) -> None:
    link = f"{credential.url}{ending}"
    assert "Verified" in text_of(visitor.post("/verify", {"text": link}))
    assert "Verified" in text_of(visitor.get("/verify", {"link": link}))
    assert no_network == []


def test_a_link_of_ours_that_leads_nowhere_is_said_so_without_any_network(visitor: Visitor, no_network: list[Any]) -> None:
    assert "There is nothing to verify at this address" in text_of(visitor.post("/verify", {"text": f"{PUBLIC}/a/{'a' * 26}"}))
    assert no_network == []


@pytest.mark.parametrize("link", [f"{PUBLIC}/healthz", f"{PUBLIC}/verify?link=x", f"{PUBLIC}:443/me", "https://BADGES.acme.example./me"])
def test_the_site_never_asks_itself(visitor: Visitor, no_network: list[Any], link: str) -> None:
    assert "SELF_REFERENCE_BLOCKED" in text_of(visitor.post("/verify", {"text": link}))
    assert no_network == []


def test_a_link_to_the_page_with_a_strangers_address_asks_nobody_before_the_button_is_pressed(
    visitor: Visitor, no_network: list[Any]
) -> None:
    response = visitor.get("/verify", {"link": "https://elsewhere.example/badge.json"})
    assert "https://elsewhere.example/badge.json" in text_of(response)
    assert no_network == []


def test_a_revoked_badge_says_so_as_soon_as_its_list_is_published(acme: World, credential: Credential, visitor: Visitor) -> None:
    assert "Verified" in text_of(visitor.post("/verify", {"text": credential.document}))
    revoke(credential, actor=acme.steward, reason="An error.")
    run_jobs()
    assert "Revoked by issuer" in text_of(visitor.post("/verify", {"text": credential.document}))


def test_a_changed_letter_is_not_valid_and_its_words_are_called_claims(credential: Credential, visitor: Visitor) -> None:
    changed = json.loads(credential.document)
    changed["credentialSubject"]["achievement"]["name"] = "Chief Safety Champion"
    page = text_of(visitor.post("/verify", {"text": json.dumps(changed)}))
    assert "Not valid" in page
    assert "It could not be confirmed." in page
    assert "Chief Safety Champion" in page


def test_a_document_that_nobody_signed_is_not_verified(credential: Credential, visitor: Visitor) -> None:
    unsigned = json.loads(credential.document)
    del unsigned["proof"]
    page = text_of(visitor.post("/verify", {"text": json.dumps(unsigned)}))
    assert "Nobody has signed this" in page
    assert "Verified Signed by" not in page


@pytest.mark.parametrize(("address", "outcome"), [("member@acme.example", "Recipient passed"), ("other@acme.example", "Not valid")])
def test_whose_it_is_can_be_compared(credential: Credential, visitor: Visitor, address: str, outcome: str) -> None:
    response = visitor.post("/verify", {"text": credential.document, "recipient": address})
    assert outcome in text_of(response)


def test_without_anything_given_the_page_says_what_to_give(visitor: Visitor) -> None:
    for given in ({}, {"text": "   "}):
        response = visitor.post("/verify", given)
        assert response.status_code == 422
        assert "Choose a file, or paste a link or text." in text_of(response)


def test_an_address_that_is_none_is_said_beside_its_field_and_the_text_is_kept(credential: Credential, visitor: Visitor) -> None:
    response = visitor.post("/verify", {"text": "https://elsewhere.example/kept", "recipient": "nobody"})
    assert response.status_code == 422
    assert "valid email address" in errors_beside(response, "id_recipient")
    assert "https://elsewhere.example/kept" in text_of(response)


@pytest.mark.parametrize(
    "text",
    [
        "<html><script>alert(1)</script></html>",
        "hello",
        "{",
        "[]",
        "null",
        '{"a": 1, "a": 2}',
        "[" * 100_000,
        '{"@context": NaN}',
        "\x00",
        "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
        "eyJhbGciOiJub25lIn0.e30.",
        "data:application/json,{}",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
    ],
)
def test_what_is_no_badge_is_said_in_words(visitor: Visitor, text: str) -> None:
    response = visitor.post("/verify", {"text": text})
    assert response.status_code in (200, 422)
    assert b"<script>alert" not in response.content
    assert "Verified" not in text_of(response).replace("Verify", "")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"<svg",
        b"\xff\xfe{\x00}\x00",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"\x00" * 1000,
        b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><svg>&a;</svg>",
    ],
    ids=["empty", "cut PNG", "cut SVG", "UTF-16", "PDF", "ZIP", "zeros", "entities"],
)
def test_a_file_that_is_no_badge_is_said_in_words(visitor: Visitor, data: bytes) -> None:
    response = visitor.post("/verify", file(data))
    assert response.status_code in (200, 422)
    page = text_of(response)
    assert "could not be read as an Open Badge" in page or "The file is empty" in page


def test_a_huge_file_is_refused_beside_its_field(visitor: Visitor) -> None:
    response = visitor.post("/verify", file(b"\x00" * (6 * 1024 * 1024)))
    assert response.status_code == 422
    assert "larger than 5 MB" in errors_beside(response, "id_file")


def test_a_huge_text_is_refused(visitor: Visitor) -> None:
    assert visitor.post("/verify", {"text": "x" * (7 * 1024 * 1024)}).status_code in (400, 413)


def test_names_in_a_strangers_document_stay_text(credential: Credential, visitor: Visitor) -> None:
    evil = json.loads(credential.document)
    evil["credentialSubject"]["achievement"]["name"] = "<img src=x onerror=alert(1)>"
    evil["issuer"]["name"] = "</dd><script>alert(2)</script>"
    body = visitor.post("/verify", {"text": json.dumps(evil)}).content
    assert b"<img src=x" not in body
    assert b"<script>alert" not in body


@pytest.mark.parametrize(
    "odd", [{"name": {"a": 1}}, {"name": ["x"]}, {"issuer": 7}, {"credentialSubject": "x"}, {"validFrom": "soon"}, {"id": 5}]
)
def test_members_of_odd_types_break_nothing(credential: Credential, visitor: Visitor, odd: dict[str, Any]) -> None:
    document = json.loads(credential.document) | odd
    response = visitor.post("/verify", {"text": json.dumps(document)})
    assert response.status_code == 200
    assert "Not valid" in text_of(response) or "could not be read" in text_of(response)


@pytest.mark.parametrize(
    "link",
    [
        "http://127.0.0.1/",
        "http://localhost:8000/a/x",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/",
        "https://0x7f000001/",
        "https://user:pass@elsewhere.example/",
        "https://elsewhere.example:22/",
        "https://",
        "https://%00/",
        "HTTPS://127.0.0.1/",
        "https://[",
        "http://[::1/a/x",
        "https://\u2100/",
    ],
)
def test_private_and_odd_addresses_are_refused_in_words(visitor: Visitor, link: str) -> None:
    response = visitor.post("/verify", {"text": link})
    page = text_of(response)
    assert response.status_code == 200
    assert "could not be read as an Open Badge" in page
    assert "Code:" in page


@pytest.mark.parametrize("link", ["https://[", "https://[/a/x", "https://\u2100/a/x"])
def test_half_an_address_in_a_link_to_the_page_or_in_a_document_breaks_nothing(visitor: Visitor, link: str) -> None:
    assert visitor.get("/verify", {"link": link}).status_code == 200
    assert visitor.post("/verify", {"text": json.dumps({"id": link, "type": ["VerifiableCredential"]})}).status_code == 200


def test_a_server_that_cannot_be_reached_is_said_in_words(visitor: Visitor, no_network: list[Any]) -> None:
    page = text_of(visitor.post("/verify", {"text": "https://elsewhere.example/badge.json"}))
    assert "could not be read as an Open Badge" in page


def test_the_page_needs_no_cookie_and_gives_none(credential: Credential) -> None:
    careful = Visitor(enforce_csrf_checks=True)
    response = careful.post("/verify", {"text": credential.document})
    assert response.status_code == 200
    assert not response.cookies
    assert not careful.get("/verify").cookies


@pytest.mark.parametrize("method", ["put", "delete"])
def test_other_methods_are_refused(visitor: Visitor, method: str) -> None:
    assert getattr(visitor, method)("/verify").status_code == 405
