"""Headers of every answer: what a page may do, who may read a file, what a cache may keep, and who gets a cookie."""

from __future__ import annotations

import pytest
from tests.web.pages import Visitor

from hexmark.issuing.models import Credential
from hexmark.web.headers import CONTENT_SECURITY_POLICY, FILE_POLICY

PUBLIC = ["/", "/verify", "/b/safety-champion", "/b/safety-champion/1", "/o/acme", "AWARD"]
PAGES = [*PUBLIC, "/styleguide", "/nothing", "/sign-in", "/setup"]
FILES = ["AWARD.json", "AWARD.png", "AWARD.svg", "/b/safety-champion/1/image", "/o/acme/did.json", "/o/acme/status/revocation/1"]
OWN_PAGES = ["/me", "/catalogue", "/catalogue/safety-champion", "/award", "/awards", "/catalogue/safety-champion/picture"]


def at(credential: Credential, address: str) -> str:
    """The address, with the award's own in the place of AWARD."""
    return address.replace("AWARD", f"/a/{credential.award.public_id}")


@pytest.mark.parametrize("address", [*PAGES, *FILES])
def test_every_answer_carries_the_headers_that_protect_it(credential: Credential, visitor: Visitor, address: str) -> None:
    headers = visitor.get(at(credential, address)).headers
    assert headers["Content-Security-Policy"] == (FILE_POLICY if address in FILES else CONTENT_SECURITY_POLICY)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Strict-Transport-Security"].startswith("max-age=63072000")
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("address", [*PUBLIC, *FILES])
def test_public_pages_and_files_set_no_cookie_and_need_no_session(credential: Credential, visitor: Visitor, address: str) -> None:
    response = visitor.get(at(credential, address))
    assert response.status_code == 200
    assert not response.cookies


@pytest.mark.parametrize("address", FILES)
def test_any_site_may_read_public_files(credential: Credential, visitor: Visitor, address: str) -> None:
    headers = visitor.get(at(credential, address)).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Cache-Control"].startswith("public, no-cache" if address.startswith("AWARD") else "public, max-age=")


@pytest.mark.parametrize("address", ["/verify", "AWARD", "/o/acme", "/me"])
def test_no_other_site_may_read_pages(credential: Credential, member: Visitor, address: str) -> None:
    headers = member.get(at(credential, address)).headers
    assert "Access-Control-Allow-Origin" not in headers
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("address", "cache"),
    [("AWARD", "no-cache"), ("/verify", "no-cache"), ("/b/safety-champion", "public, max-age=300"), ("/o/acme", "public, max-age=300")],
)
def test_a_verdict_is_never_kept_and_what_changes_seldom_is(credential: Credential, visitor: Visitor, address: str, cache: str) -> None:
    headers = visitor.get(at(credential, address)).headers
    assert headers["Cache-Control"] == cache
    assert "Cookie" in headers["Vary"]


@pytest.mark.parametrize("address", [*OWN_PAGES, "AWARD", "/o/acme", "/b/safety-champion"])
def test_what_somebody_sees_signed_in_is_kept_by_nobody_else(credential: Credential, steward: Visitor, address: str) -> None:
    response = steward.get(at(credential, address))
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-cache"


def test_session_cookies_are_bound_to_this_host_and_kept_from_scripts(credential: Credential, visitor: Visitor) -> None:
    visitor.post("/sign-in", {"login": "steward@acme.example", "password": "four plain words here"})
    cookie = visitor.cookies["__Host-session"]
    assert cookie["secure"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["domain"]


def test_static_files_are_protected_too(visitor: Visitor) -> None:
    response = visitor.get("/static/hexmark/css/tokens.css")
    assert response.status_code == 200
    assert response.headers["X-Content-Type-Options"] == "nosniff"
