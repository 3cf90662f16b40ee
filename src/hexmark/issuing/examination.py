"""Verifying every credential of this installation as a stranger would, from the bytes that are served."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from hexmark.issuing.models import Credential, StatusList
from hexmark.issuing.publication import own_document
from hexmark.issuing.rules import is_expired
from hexmark.net import Fetched
from hexmark.openbadges.errors import FormatError, Unreachable
from hexmark.openbadges.report import Axis, Report
from hexmark.verification import Verifier

ROWS_AT_ONCE = 200
#: So many are named; the others are counted.
NAMED = 20


@dataclass(slots=True)
class Figures:
    """What was found. A credential *holds* if its bytes are those that were stored, its signature is its issuer's, and its status and
    dates are what the tables say: one that was revoked must be seen as revoked."""

    examined: int = 0
    hold: int = 0
    valid: int = 0
    revoked: int = 0
    paused: int = 0
    expired: int = 0
    #: The award's public id and what is wrong, for the first few that do not hold.
    problems: list[tuple[str, str]] = field(default_factory=list)

    @property
    def all_hold(self) -> bool:
        """Whether none is wrong."""
        return self.hold == self.examined


def examine(*, progress: Callable[[int, int], None]) -> Figures:
    """Every signed credential, in every organisation, was verified; `progress` is told how many are done of how many."""
    figures = Figures()
    issued = Credential.objects.issued()
    total, last = issued.count(), 0
    behind = set(StatusList.objects.filter(revision__gt=F("published_revision")).values_list("register_id", flat=True))
    with Verifier(fetch=_served, clock=timezone.now) as verifier:
        while rows := list(issued.filter(pk__gt=last).select_related("award").order_by("pk")[:ROWS_AT_ONCE]):
            for row in rows:
                _count(row, figures, _problem(verifier, row, list_is_behind=row.register_id in behind))
                progress(figures.examined, total)
            last = rows[-1].pk
    return figures


def _count(row: Credential, figures: Figures, problem: str) -> None:
    figures.examined += 1
    if problem:
        if len(figures.problems) < NAMED:
            figures.problems.append((row.award.public_id, problem))
        return
    figures.hold += 1
    if row.revoked_at:
        figures.revoked += 1
    elif is_expired(row.valid_until, timezone.now()):
        figures.expired += 1
    elif row.paused_at:
        figures.paused += 1
    else:
        figures.valid += 1


def _problem(verifier: Verifier, row: Credential, *, list_is_behind: bool) -> str:
    """What is wrong with the credential, or nothing."""
    if hashlib.sha256(row.document.encode()).hexdigest() != row.document_sha256:
        return "The stored file is not the one that was signed."
    for text in (row.document, row.token):
        if text and (problem := _problem_of_text(verifier, row, text, list_is_behind=list_is_behind)):
            return problem
    return ""


def _problem_of_text(verifier: Verifier, row: Credential, text: str, *, list_is_behind: bool) -> str:
    now = timezone.now()
    try:
        report = verifier.verify(text, at=now)
    except FormatError as error:
        return f"It cannot be read: {error}"
    expected = _expected(row, now)
    found = set(report.failed)
    if list_is_behind:
        # The list that shows the last change is only to be published; the row says it already.
        expected, found = expected - {Axis.STATUS}, found - {Axis.STATUS}
    if found == expected and not report.unknown:
        return ""
    return _sentences(report) or f"It should fail on {' and '.join(sorted(expected))}, and does not."


def _expected(row: Credential, now: datetime) -> set[str]:
    """The axes on which verification must fail."""
    taken_back = {Axis.STATUS.value} if row.revoked_at or row.paused_at else set()
    return taken_back | ({Axis.TIME.value} if is_expired(row.valid_until, now) else set())


def _sentences(report: Report) -> str:
    return " ".join(check.sentence for check in report.checks if check.axis.value in (*report.failed, *report.unknown))[:300]


def _served(url: str, *, accept: Sequence[str] = ()) -> Fetched:
    """What our own server answers at this address; nobody else is asked."""
    document = own_document(url)
    if document is None:
        raise Unreachable("Nobody but this installation is asked.", code="OFFLINE")
    return Fetched(body=document, content_type="application/json")
