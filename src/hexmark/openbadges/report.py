"""What verification answers: ordered checks on separate axes, and one verdict drawn from them.

A report is never a boolean. `bool(report)` raises, because `if verify(document):` would otherwise be true for every
report, the failed ones too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Axis(StrEnum):
    """Separate questions about one document, in the order in which a report lists them."""

    INTEGRITY = "integrity"
    ISSUER = "issuer"
    STATUS = "status"
    TIME = "time"
    SCHEMA = "schema"
    RECIPIENT = "recipient"
    ENDORSEMENTS = "endorsements"


class Outcome(StrEnum):
    """Unknown means that a source could not be reached: neither passed nor failed. Skipped: nothing was declared or asked."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """VERIFIED needs the deciding axes passed (status and time may be skipped: nothing declared) and no check failed."""

    VERIFIED = "verified"
    NOT_VALID = "not valid"
    UNKNOWN = "unknown"


#: These must hold for VERIFIED. Recipient and endorsements may stay unanswered, but a failure there counts like any other.
DECIDING = (Axis.INTEGRITY, Axis.ISSUER, Axis.STATUS, Axis.TIME, Axis.SCHEMA)


@dataclass(frozen=True, slots=True)
class Check:
    """One answered question. `code` is None when passed or skipped; `sentence` is for people, `details` for engineers."""

    axis: Axis
    outcome: Outcome
    sentence: str
    code: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


class NotVerified(Exception):
    """`Report.require()` found something failed or unknown; `report` says what."""

    def __init__(self, report: Report) -> None:
        super().__init__("; ".join(check.sentence for check in report.checks if check.outcome in (Outcome.FAILED, Outcome.UNKNOWN)))
        self.report = report


@dataclass(frozen=True, slots=True)
class Report:
    """Ordered checks, one or more an axis, and remarks (`warnings`) that decide nothing."""

    checks: tuple[Check, ...]
    warnings: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        raise TypeError("A report is not a boolean: ask report.ok, or call report.require().")

    def axes(self, outcome: Outcome) -> list[str]:
        """Names of the axes on which some check had this outcome, in report order, each once."""
        return list(dict.fromkeys(check.axis.value for check in self.checks if check.outcome is outcome))

    @property
    def failed(self) -> list[str]:
        """The axes that failed, in order."""
        return self.axes(Outcome.FAILED)

    @property
    def unknown(self) -> list[str]:
        """The axes of which nothing could be found out, in order."""
        return self.axes(Outcome.UNKNOWN)

    @property
    def verdict(self) -> Verdict:
        """NOT_VALID if any check failed (an unknown elsewhere cannot heal it), else UNKNOWN if a deciding one is unknown or missing."""
        if any(check.outcome is Outcome.FAILED for check in self.checks):
            return Verdict.NOT_VALID
        deciding = [check for check in self.checks if check.axis in DECIDING]
        made = {check.axis for check in deciding}
        if made != set(DECIDING) or any(check.outcome is Outcome.UNKNOWN for check in deciding):
            return Verdict.UNKNOWN
        # Integrity and schema are never "nothing declared": a document without a proof is not verified.
        if any(check.outcome is Outcome.SKIPPED for check in deciding if check.axis in (Axis.INTEGRITY, Axis.ISSUER, Axis.SCHEMA)):
            return Verdict.UNKNOWN
        return Verdict.VERIFIED

    @property
    def ok(self) -> bool:
        """Whether the verdict is VERIFIED."""
        return self.verdict is Verdict.VERIFIED

    def require(self) -> None:
        """Pass silently if verified.

        Raises:
            NotVerified: a deciding check failed or is unknown.
        """
        if not self.ok:
            raise NotVerified(self)

    def check(self, axis: Axis) -> Check:
        """The check that decides an axis: its first failed one, else first unknown, else its first.

        Raises:
            LookupError: no check was made on this axis.
        """
        of_axis = [check for check in self.checks if check.axis is axis]
        for outcome in (Outcome.FAILED, Outcome.UNKNOWN):
            for check in of_axis:
                if check.outcome is outcome:
                    return check
        if not of_axis:
            raise LookupError(f"No check was made on {axis.value}.")
        return of_axis[0]

    def to_json(self) -> dict[str, Any]:
        """`{verdict, checks: [{axis, outcome, sentence, code, details}], warnings}` as plain JSON data."""
        return {
            "verdict": self.verdict.value,
            "checks": [
                {"axis": c.axis.value, "outcome": c.outcome.value, "sentence": c.sentence, "code": c.code, "details": dict(c.details)}
                for c in self.checks
            ],
            "warnings": list(self.warnings),
        }
