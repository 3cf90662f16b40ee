"""Verification as the doors offer it: our own documents from our tables, strangers' through the one way to their servers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import timezone

from hexmark.issuing.models import Credential
from hexmark.issuing.publication import is_own_address, own_award_id, own_document
from hexmark.issuing.queries import public_credential
from hexmark.net import Fetched, fetch
from hexmark.openbadges.errors import Unreachable
from hexmark.openbadges.report import Report
from hexmark.verification import Verifier, document_of, verify

JSON = "application/json"


def fetch_for_site(url: str, *, accept: Sequence[str] = (JSON,)) -> Fetched:
    """What stands at this address; for an address of our own the document itself, without a request.

    Raises:
        Unreachable: it could not be had; the code says why.
    """
    if not is_own_address(url):
        return fetch(url, accept=accept, allowed_origins=settings.ALLOWED_LOCAL_ORIGINS)
    document = own_document(url)
    if document is None:
        raise Unreachable("This address is on this very server and holds nothing that a verifier needs.", code="SELF_REFERENCE_BLOCKED")
    return Fetched(body=document, content_type=JSON)


@cache
def _verifier() -> Verifier:
    """One for this process: its killable process for documents of strangers is started when it is first needed."""
    return Verifier(fetch=fetch_for_site, clock=timezone.now)


def report_on(document: str | bytes, *, recipient: str | None = None) -> Report:
    """The report on a document that somebody gave us.

    Raises:
        FormatError: it cannot be read as a credential at all.
    """
    own = _own_credential(document)
    if own is not None:
        # Our own lists are read as they stand now: a list kept for a minute would still say yes after a revocation.
        return verify(document, fetch=fetch_for_site, at=timezone.now(), recipient=recipient)
    return _verifier().verify(document, recipient=recipient)


def check_presentation(document: Mapping[str, Any], *, challenge: str | None, domain: str | None) -> None:
    """Pass silently if the presentation's own proofs hold. Errors as `openbadges.presentation.check_presentation`."""
    _verifier().check_presentation(document, challenge=challenge, domain=domain)


def report_on_own(credential: Credential, *, recipient: str | None = None) -> Report:
    """The report on a credential of ours, whose every source is in our tables, so that no slow path is needed."""
    return verify(credential.document, fetch=fetch_for_site, at=timezone.now(), recipient=recipient)


def _own_credential(document: str | bytes) -> Credential | None:
    """The credential of ours that this text is, byte by byte; None for anything else, a changed copy of ours among it."""
    text = document if isinstance(document, str) else document.decode("utf-8", "replace")
    identifier = document_of(document).get("id")
    award_id = own_award_id(identifier) if isinstance(identifier, str) else None
    credential = public_credential(award_id) if award_id else None
    return credential if credential is not None and text in (credential.document, credential.token) else None
