"""Verifiers that others wrote, each asked in its own words about a badge that our site serves."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from openbadgeslib.ob3 import OB3LdpVerifier, OB3VerificationError, OB3Verifier, verify_data_integrity_proof
from openbadgeslib.ob3.did import resolve_verification_method
from openbadgeslib.verify import verify_badge
from tests.foreign.site import Site

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes or no, with a reason."""

    verified: bool
    reason: str


def unbake(picture: bytes) -> str:
    """The credential's text as openbadgeslib takes it out of a PNG or SVG."""
    is_png = picture.startswith(b"\x89PNG")
    return str(OB3Verifier.extract_token_from_png(picture) if is_png else OB3Verifier.extract_token_from_svg(picture))


def ask_openbadgeslib(site: Site, badge: str) -> Answer:
    """What the Python library openbadgeslib says."""
    document = json.loads(badge)
    try:
        verifier = OB3LdpVerifier.for_issuer_did(document["issuer"]["id"], download=site.fetch)
        # Its status check reads the bits; the proofs of the lists are asked for one by one.
        verifier.verify(badge, check_status=True, verify_status_list=False, download=site.fetch)
        for entry in document["credentialStatus"]:
            _check_list(site, entry["statusListCredential"])
    except OB3VerificationError as error:
        return Answer(verified=False, reason=str(error))
    return Answer(verified=True, reason="")


def ask_openbadgeslib_about_picture(site: Site, picture: bytes) -> Answer:
    """What openbadgeslib says about a PNG or SVG as it is, key and status included."""
    result = verify_badge(picture, resolve_did=True, check_status=True, verify_status_list=False, download=site.fetch)
    return Answer(verified=result.valid and result.trusted, reason=result.reason or "")


def _check_list(site: Site, url: str) -> None:
    status_list = json.loads(site.fetch(url))
    key = resolve_verification_method(status_list["proof"][0]["verificationMethod"], download=site.fetch)
    verify_data_integrity_proof(status_list, key)


def ask_digitalbazaar(site: Site, badge: str, *, at: datetime | None = None) -> Answer:
    """What Digital Bazaar's JavaScript libraries say; they see only what our site serves."""
    credential: dict[str, Any] = json.loads(badge)
    question = {"credential": credential, "documents": site.documents_about(credential), "now": at.isoformat() if at else None}
    node = shutil.which("node")
    assert node, "node is needed"
    done = subprocess.run(
        [node, str(HERE / "verify.mjs")], input=json.dumps(question), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    return Answer(verified=answer["verified"], reason=answer["error"] or "")
