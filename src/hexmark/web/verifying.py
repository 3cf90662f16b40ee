"""Verification on the site: our own documents from our tables, strangers' through the one door to their servers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings
from django.utils import timezone

from hexmark.issuing.models import Credential
from hexmark.issuing.publication import is_own_address, own_document
from hexmark.net import Fetched, fetch
from hexmark.openbadges.errors import Unreachable
from hexmark.openbadges.report import Axis, Outcome, Report
from hexmark.verification import Verifier, verify

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
    return _verifier().verify(document, recipient=recipient)


def report_on_own(credential: Credential) -> Report:
    """The report on a credential of ours, whose every source is in our tables, so that no slow path is needed."""
    return verify(credential.document, fetch=fetch_for_site, at=timezone.now())


@dataclass(frozen=True, slots=True)
class Strip:
    """The verdict strip at the head of a page: its state, headline and the sentence under it."""

    state: str
    title: str
    sentence: str


_TITLES = {
    "verified": "Verified",
    "revoked": "Revoked by issuer",
    "paused": "Paused by issuer",
    "expired": "Expired",
    "not valid": "Not valid",
    "unknown": "Could not be checked completely",
}


def strip_of(report: Report) -> Strip:
    """What to say first about a report: the cause in one word where one cause stands out."""
    state = _state_of(report)
    return Strip(state=state, title=_TITLES[state], sentence=" ".join(_telling_sentences(report)))


def _state_of(report: Report) -> str:
    codes = {check.code for check in report.checks if check.outcome is Outcome.FAILED}
    if report.failed == [Axis.STATUS.value]:
        return "revoked" if "REVOKED" in codes else "paused" if "SUSPENDED" in codes else "not valid"
    if report.failed == [Axis.TIME.value] and "EXPIRED" in codes:
        return "expired"
    return report.verdict.value


def _telling_sentences(report: Report) -> list[str]:
    telling = (Outcome.FAILED,) if report.failed else (Outcome.UNKNOWN,) if report.unknown else (Outcome.PASSED,)
    deciding = [check for check in report.checks if check.outcome in telling and check.axis is not Axis.SCHEMA]
    chosen = deciding or [check for check in report.checks if check.outcome in telling]
    return [check.sentence.rstrip(".") + "." for check in chosen]


def checked_at() -> datetime:
    """When the page was made, to be shown beside the verdict."""
    return timezone.now()
