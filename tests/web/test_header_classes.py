"""The headers of every class of page: signed in, for everybody, in frames, files, the API, errors. A scanner would grade them A+."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from tests.web.pages import Visitor

from hexmark.issuing.models import Credential

#: One of each, and whether whoever asks is signed in. AWARD stands for the public address of a credential.
CLASSES = {
    "signed in": ("/me", True),
    "signed in, administration": ("/administration", True),
    "a form": ("/award", True),
    "for everybody": ("AWARD", False),
    "sign-in": ("/sign-in", False),
    "verify": ("/verify", False),
    "the style guide": ("/styleguide", False),
    "the API's pages": ("/api/docs", False),
    "the API's description": ("/api/v1/openapi.json", False),
    "the API, refused": ("/api/v1/people", False),
    "a signed file": ("AWARD.json", False),
    "a picture": ("AWARD.png", False),
    "a drawing": ("AWARD.svg", False),
    "a picture of what can be achieved": ("/b/safety-champion/1/image", False),
    "a status list": ("/o/acme/status/revocation/1", False),
    "a feed": ("/directory.atom", False),
    "a static file": ("/static/hexmark/css/tokens.css", False),
    "health": ("/healthz", False),
    "nothing there": ("/nothing", False),
    "nothing there, signed in": ("/nothing", True),
}


def headers_of(credential: Credential, steward: Visitor, address: str, signed_in: bool) -> Mapping[str, str]:
    """The headers of the answer."""
    visitor = steward if signed_in else Visitor()
    return visitor.get(address.replace("AWARD", f"/a/{credential.award.public_id}")).headers


def directives(policy: str) -> dict[str, str]:
    """A content security policy by its directives."""
    return {name: rest for name, _, rest in (one.strip().partition(" ") for one in policy.split(";"))}


@pytest.mark.parametrize(("address", "signed_in"), CLASSES.values(), ids=list(CLASSES))
def test_every_class_of_page_has_the_headers_of_a_careful_site(
    credential: Credential, steward: Visitor, address: str, signed_in: bool
) -> None:
    headers = headers_of(credential, steward, address, signed_in)
    policy = directives(headers["Content-Security-Policy"])
    assert policy["default-src"] == "'none'"
    assert "script-src" not in policy or policy["script-src"] == "'self'"
    # A page is not framed; a file is in a sandbox, in which nothing runs or is sent.
    assert policy.get("frame-ancestors") == "'none'" or "sandbox" in policy
    assert policy.get("base-uri") == "'none'" or "sandbox" in policy
    assert not re.search(r"unsafe-eval|http:|\*", headers["Content-Security-Policy"])
    assert "unsafe-inline" not in policy.get("script-src", "")
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] in ("same-origin", "cross-origin")
    assert "camera=()" in headers["Permissions-Policy"]
    assert not {"Server", "X-Powered-By"} & set(headers)


@pytest.mark.parametrize("name", [name for name in CLASSES if name != "a static file"])
def test_every_answer_of_a_view_keeps_to_https_and_tells_other_sites_nothing(credential: Credential, steward: Visitor, name: str) -> None:
    headers = headers_of(credential, steward, *CLASSES[name])
    assert headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_the_page_for_frames_alone_may_stand_in_them_and_can_do_nothing(credential: Credential, steward: Visitor) -> None:
    headers = headers_of(credential, steward, "/embed/a/" + credential.award.public_id, False)
    policy = directives(headers["Content-Security-Policy"])
    assert policy["frame-ancestors"] == "*"
    assert policy["form-action"] == "'none'"
    assert "script-src" not in policy
    assert "X-Frame-Options" not in headers
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_only_files_for_everybody_are_read_by_other_sites(credential: Credential, steward: Visitor) -> None:
    open_to_all = {
        name for name, (address, who) in CLASSES.items() if "Access-Control-Allow-Origin" in headers_of(credential, steward, address, who)
    }
    assert open_to_all >= {"a signed file", "a picture", "a drawing", "a status list"}
    assert not open_to_all & {"signed in", "signed in, administration", "a form", "for everybody", "sign-in", "a static file"}
