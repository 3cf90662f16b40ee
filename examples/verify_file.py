"""Verify badges from your own program: the report of each file, check by check.

    python examples/verify_file.py badge.png other.json

Ends with 0 if every badge is verified, else with 1.
"""

# ruff: noqa: T201 (an example shows what it did)
from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from hexmark.net import Fetched, fetch
from hexmark.openbadges.errors import FormatError
from hexmark.openbadges.report import Report
from hexmark.verification import Verifier


def ask(url: str, *, accept: Sequence[str]) -> Fetched:
    """What stands at this public https address. Private networks are never asked, redirects never followed.

    Only a server of your own machine that HEXMARK_ALLOW_LOCAL_ORIGIN names, such as the demo's, is asked as well.
    """
    named = os.environ.get("HEXMARK_ALLOW_LOCAL_ORIGIN", "")
    return fetch(url, accept=accept, allowed_origins=frozenset(filter(None, named.split(","))))


def describe(report: Report) -> str:
    """The verdict and every check, a line each. Never write `if report:`; that raises, because a report is not a yes or no."""
    lines = [report.verdict.value]
    lines += [f"  {check.outcome.value:8} {check.axis.value:12} {check.sentence}" for check in report.checks]
    return "\n".join([*lines, *(f"  note     {remark}" for remark in report.warnings)])


def main() -> None:
    """Print the report of each file."""
    if len(sys.argv) < 2:
        sys.exit("usage: python examples/verify_file.py FILE...")
    all_verified = True
    # One verifier for all: it keeps answers of other servers for a while, and one process that strangers' documents cannot leave.
    with Verifier(fetch=ask, clock=lambda: datetime.now(UTC)) as verifier:
        for name in sys.argv[1:]:
            try:
                report = verifier.verify(Path(name).read_bytes())
            except (FormatError, OSError) as error:
                all_verified = False
                print(f"{name}: cannot be read: {error}")
                continue
            all_verified = all_verified and report.ok
            print(f"{name}: {describe(report)}")
    sys.exit(0 if all_verified else 1)


if __name__ == "__main__":
    main()
