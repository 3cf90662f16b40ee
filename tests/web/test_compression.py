"""What is sent compressed, and what is not because its length could tell a secret."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from django.utils import timezone
from tests.web.pages import Visitor

from hexmark.issuing.models import Credential
from hexmark.web.compression import COMPRESSIBLE, FOLDER, compressed_copy

GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def body_of(response: object) -> bytes:
    """The bytes that were sent."""
    return b"".join(response) if getattr(response, "streaming", False) else response.content  # type: ignore[attr-defined,call-overload]


@pytest.mark.parametrize("name", ["hexmark/css/components.css", "hexmark/icons.svg", "django_htmx/htmx-2.min.js", "hexmark/js/toast.js"])
def test_a_static_file_is_sent_compressed_to_who_takes_it(visitor: Visitor, name: str) -> None:
    plain, packed = visitor.get(f"/static/{name}"), visitor.get(f"/static/{name}", headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    sent = body_of(packed)
    assert len(sent) == int(packed.headers["Content-Length"])
    whole = body_of(plain)
    assert gzip.decompress(sent) == whole
    assert len(sent) < len(whole) * 0.6


def test_a_font_is_sent_as_it_is(visitor: Visitor) -> None:
    assert "Content-Encoding" not in visitor.get("/static/hexmark/fonts/inter-latin-wght-normal.woff2", headers=GZIP).headers


def test_no_other_site_may_read_a_static_file(visitor: Visitor) -> None:
    headers = visitor.get("/static/hexmark/js/toast.js", headers=GZIP).headers
    assert "Access-Control-Allow-Origin" not in headers
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Content-Type"].startswith("text/javascript")


def test_a_file_is_compressed_once_and_again_when_it_changed(tmp_path: Path, settings) -> None:
    settings.DATA_DIR = tmp_path / "data"
    style = tmp_path / "new.css"
    style.write_text("body { color: red }\n" * 50)
    first = compressed_copy(str(style))
    assert first is not None
    assert first.parent == tmp_path / "data" / FOLDER
    written = first.stat().st_mtime_ns
    assert compressed_copy(str(style)) == first
    assert first.stat().st_mtime_ns == written
    style.write_text("body { color: blue }\n" * 60)
    second = compressed_copy(str(style))
    assert second is not None
    assert second != first
    assert gzip.decompress(second.read_bytes()) == style.read_bytes()


def test_what_would_grow_and_what_is_no_text_are_left_alone(tmp_path: Path, settings) -> None:
    settings.DATA_DIR = tmp_path / "data"
    for name, text in (("short.css", "a{}"), ("picture.png", "x" * 900)):
        (tmp_path / name).write_text(text)
        assert compressed_copy(str(tmp_path / name)) is None
    assert ".png" not in COMPRESSIBLE


def test_where_nothing_can_be_written_files_are_sent_as_they_are(tmp_path: Path, settings) -> None:
    (tmp_path / "data").write_text("A file stands where the folder should be.")
    settings.DATA_DIR = tmp_path / "data"
    style = tmp_path / "new.css"
    style.write_text("body { color: red }\n" * 50)
    assert compressed_copy(str(style)) is None


@pytest.mark.parametrize("address", ["/", "/verify", "/b/safety-champion", "/o/acme", "AWARD", "AWARD.json", "AWARD.svg", "/nothing"])
def test_what_everybody_may_see_is_compressed(credential: Credential, visitor: Visitor, address: str) -> None:
    address = address.replace("AWARD", f"/a/{credential.award.public_id}")
    plain, packed = visitor.get(address), visitor.get(address, headers=GZIP)
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) * 0.7
    assert packed.status_code == plain.status_code


def test_the_signed_bytes_arrive_unchanged(credential: Credential, visitor: Visitor) -> None:
    address = f"/a/{credential.award.public_id}.json"
    assert gzip.decompress(visitor.get(address, headers=GZIP).content) == visitor.get(address).content


def test_a_picture_of_pixels_is_not_compressed_again(credential: Credential, visitor: Visitor) -> None:
    assert "Content-Encoding" not in visitor.get(f"/a/{credential.award.public_id}.png", headers=GZIP).headers


@pytest.mark.parametrize(("came_from", "compressed"), [("same-origin", True), ("none", True), ("cross-site", False), ("same-site", False)])
@pytest.mark.parametrize("address", ["/me", "/award", "/o/acme"])
def test_a_page_for_somebody_is_compressed_only_when_no_other_site_asked(
    credential: Credential, steward: Visitor, address: str, came_from: str, compressed: bool
) -> None:
    response = steward.get(address, headers=GZIP | {"Sec-Fetch-Site": came_from})
    assert response.status_code == 200
    assert ("Content-Encoding" in response.headers) == compressed


def test_a_browser_that_does_not_say_who_asked_gets_pages_for_somebody_as_they_are(credential: Credential, steward: Visitor) -> None:
    assert "Content-Encoding" not in steward.get("/me", headers=GZIP).headers


@pytest.mark.parametrize("address", ["/setup?token=invented", "/join/invented", "/me/settings/factors"])
def test_a_page_that_may_show_a_secret_is_never_compressed(steward: Visitor, address: str) -> None:
    response = steward.get(address, headers=GZIP | {"Sec-Fetch-Site": "same-origin"})
    assert "Content-Encoding" not in response.headers


def test_a_key_that_is_shown_once_is_not_compressed(steward: Visitor) -> None:
    session = steward.session
    session["account_authentication_methods"] = [{"method": "password", "at": timezone.now().timestamp(), "email": "steward@acme.example"}]
    session.save()
    wanted = {"label": "Course platform", "scopes": ["badge:read"], "days": "90"}
    response = steward.post("/developer/keys/new", wanted, headers=GZIP | {"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 201
    assert "Content-Encoding" not in response.headers


def test_the_length_of_a_page_differs_from_one_answer_to_the_next(credential: Credential, visitor: Visitor) -> None:
    lengths = {len(visitor.get("/o/acme", headers=GZIP).content) for _ in range(12)}
    assert len(lengths) > 1
