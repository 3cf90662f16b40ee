"""How `hexmark verify` puts its answer to a person: each line has a symbol and a word, and colour only beside them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from hexmark.cli.verify import Answer
    from hexmark.openbadges.report import Check, Report

_VERDICTS = {
    "verified": ("✓", "VERIFIED", "bold green"),
    "not valid": ("✗", "NOT VALID", "bold red"),
    "unknown": ("?", "UNKNOWN", "bold yellow"),
}
_OUTCOMES = {"passed": ("✓", "green"), "failed": ("✗", "red"), "unknown": ("?", "yellow"), "skipped": ("\N{MIDDLE DOT}", "dim")}
_AXES = {
    "integrity": "Content",
    "issuer": "Issuer",
    "status": "Status",
    "time": "Time",
    "schema": "Format",
    "recipient": "Recipient",
    "endorsements": "Endorsements",
}


def print_answer(answer: Answer) -> None:
    """The answer stands on standard output, for a person."""
    # A program or a file that reads the answer wants each check on one line, however long.
    if sys.stdout.isatty():
        _print(answer, Console(highlight=False))
        return
    # A program or a file that reads the answer wants each check on one line, however long, and no blanks at its end.
    console = Console(highlight=False, width=100_000)
    with console.capture() as captured:
        _print(answer, console)
    sys.stdout.write("\n".join(line.rstrip() for line in captured.get().split("\n")))


def _print(answer: Answer, console: Console) -> None:
    # A path that is broken over two lines cannot be copied.
    console.print(Text(plain(answer.source), style="bold"), soft_wrap=True)
    if answer.report is None:
        console.print(
            Padding(Text(f"! UNREADABLE  {plain(answer.message or '')} ({answer.code})", style="bold red"), (0, 0, 1, 2), expand=False)
        )
        return
    symbol, word, style = _VERDICTS[answer.report.verdict.value]
    console.print(Padding(Text(f"{symbol} {word}{_because(answer.report)}", style=style), (0, 0, 0, 2), expand=False))
    console.print(Padding(_table(answer.report), (0, 0, 0, 2), expand=False))
    for remark in answer.report.warnings:
        console.print(Padding(Text(f"! note     {plain(remark)}", style="yellow"), (0, 0, 0, 2), expand=False))
    console.print()


def plain(text: str) -> str:
    """The text without what could move a terminal's cursor or turn its letters around: documents are written by strangers."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)


def _because(report: Report) -> str:
    axes = report.failed or (report.unknown if report.verdict.value == "unknown" else [])
    return f"  ({', '.join(_AXES[axis].lower() for axis in axes)})" if axes else ""


def _table(report: Report) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for check in report.checks:
        symbol, style = _OUTCOMES[check.outcome.value]
        table.add_row(Text(f"{symbol} {check.outcome.value}", style=style), _AXES[check.axis.value], _sentence(check))
    return table


def _sentence(check: Check) -> Text:
    # The axis stands beside it already.
    sentence = Text(plain(check.sentence).removeprefix(f"{_AXES[check.axis.value]}: "))
    if check.code:
        sentence.append(f" ({plain(check.code)})", style="dim")
    return sentence
