"""Verification on the site: what a report says, in the words of a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from hexmark.issuing.reports import fetch_for_site, report_on, report_on_own
from hexmark.openbadges.checks.words import who
from hexmark.openbadges.report import Axis, Check, Outcome, Report

__all__ = ["Line", "Strip", "checked_at", "fetch_for_site", "lines_of", "report_on", "report_on_own", "strip_of"]


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


#: What a check is about, in the words of the page.
_AXES = {
    Axis.INTEGRITY: "Content",
    Axis.ISSUER: "Issuer",
    Axis.STATUS: "Status",
    Axis.TIME: "In date",
    Axis.SCHEMA: "Format",
    Axis.RECIPIENT: "Recipient",
    Axis.ENDORSEMENTS: "Endorsements",
}
_PURPOSES = {"revocation": "Revocation", "suspension": "Pause"}


@dataclass(frozen=True, slots=True)
class Line:
    """One check as the page lists it."""

    axis: str
    outcome: str
    sentence: str
    code: str | None


def lines_of(report: Report) -> list[Line]:
    """Every check of a report, in order, titled in words."""
    return [Line(_title(check), check.outcome.value, check.sentence, check.code) for check in report.checks]


def _title(check: Check) -> str:
    return _PURPOSES.get(str(check.details.get("purpose")), _AXES[check.axis])


def strip_of(report: Report, *, issuer_name: str = "") -> Strip:
    """What to say first about a report: the cause in one word where one cause stands out.

    `issuer_name` is the name that we ourselves know the issuer by; what a document calls its issuer could be anybody's.
    """
    state = _state_of(report)
    sentences = _sentences_of_verified(report, issuer_name) if state == "verified" else _telling_sentences(report)
    if state in ("revoked", "paused", "expired") and _is_authentic(report):
        # Taken back or over, but not forged: that is worth knowing.
        sentences.append(_signed_by(report, issuer_name))
    return Strip(state=state, title=_TITLES[state], sentence=" ".join(sentences))


def _state_of(report: Report) -> str:
    codes = {check.code for check in report.checks if check.outcome is Outcome.FAILED}
    if report.failed == [Axis.STATUS.value]:
        return "revoked" if "REVOKED" in codes else "paused" if "SUSPENDED" in codes else "not valid"
    if report.failed == [Axis.TIME.value] and "EXPIRED" in codes:
        return "expired"
    return report.verdict.value


def _sentences_of_verified(report: Report, issuer_name: str) -> list[str]:
    passed = {check.details.get("purpose") for check in report.checks if check.axis is Axis.STATUS and check.outcome is Outcome.PASSED}
    status = "Neither revoked nor paused." if passed == {"revocation", "suspension"} else _sentence(report, Axis.STATUS)
    recipient = [_sentence(report, Axis.RECIPIENT)] if Axis.RECIPIENT.value in report.axes(Outcome.PASSED) else []
    return [_signed_by(report, issuer_name), status, _sentence(report, Axis.TIME), *recipient]


def _signed_by(report: Report, issuer_name: str) -> str:
    identity = who(str(report.check(Axis.ISSUER).details.get("issuer", "")))
    return f"Signed by {f'{issuer_name} ({identity})' if issuer_name else identity} and unchanged since."


def _is_authentic(report: Report) -> bool:
    return all(report.check(axis).outcome is Outcome.PASSED for axis in (Axis.INTEGRITY, Axis.ISSUER))


def _sentence(report: Report, axis: Axis) -> str:
    return report.check(axis).sentence.rstrip(".") + "."


def _telling_sentences(report: Report) -> list[str]:
    outcome = Outcome.FAILED if report.failed else Outcome.UNKNOWN
    telling = [check for check in report.checks if check.outcome is outcome]
    # What is wrong with the form says little beside what is wrong with the content.
    chosen = [check for check in telling if check.axis is not Axis.SCHEMA] or telling
    return [check.sentence.rstrip(".") + "." for check in chosen]


def checked_at() -> datetime:
    """When the page was made, to be shown beside the verdict."""
    return timezone.now()
