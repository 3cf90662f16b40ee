"""`hexmark qualify`: do these badges meet this requirement? Without a database, and with the same answer as the page of the open gate.

Only click is imported at the top, as in `verify`; the rest is loaded when there is something to answer.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hexmark.cli.verify import NOT_VALID, UNKNOWN, UNREADABLE, VERIFIED, Command, bytes_of, fetch_for, fetch_kept, moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hexmark.net import Fetch
    from hexmark.openbadges.report import Check
    from hexmark.verification.open_gates import Gate
    from hexmark.verification.qualifying import Qualification


@click.command(cls=Command)
@click.argument("requirement", metavar="REQUIREMENT")
@click.argument("sources", metavar="[FILES]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: the check of the requirement, the badges, and the Explanation.")
@click.option("--offline", is_flag=True, help="Ask nobody: what only other servers could tell is unknown, and counts for nothing.")
@click.option(
    "--sources",
    "kept",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Ask nobody, but read keys and lists from the files that this sources.json of an archive names.",
)
@click.option("--key", "trusted_key", default="", metavar="MULTIBASE", help="The key that you know to be the organisation's (z6Mk…).")
@click.option("--at", metavar="TIME", callback=moment, help="Answer as of this moment instead of now, such as 2026-01-31T09:00:00Z.")
@click.pass_context
def qualify(
    context: click.Context,
    requirement: str,
    sources: tuple[str, ...],
    *,
    as_json: bool,
    offline: bool,
    kept: Path | None,
    trusted_key: str,
    at: datetime | None,
) -> None:
    """Say whether these badges meet a requirement: what is met, what is missing and why.

    REQUIREMENT is the signed document of an open gate, or a requirement as plain JSON: a file or an https address. FILES are badges from
    any issuer: JSON, JWT, or PNG or SVG pictures with one inside, or their addresses.

    \b
    Exit code:
      0   met
      1   not met, or the signed requirement was altered
      2   met, but whether the requirement is the organisation's own could not be checked
      3   the requirement cannot be read
      64  wrong usage
    """
    from hexmark.errors import DomainError
    from hexmark.openbadges.errors import FormatError, Unreachable
    from hexmark.requirements import RequirementError
    from hexmark.verification.open_gates import gate_of

    fetch = fetch_kept(kept) if kept else fetch_for(offline=offline)
    now = at or datetime.now(UTC)
    try:
        gate = gate_of(bytes_of(requirement, fetch))
    except (FormatError, RequirementError, Unreachable, DomainError, OSError) as error:
        click.echo(f"{requirement} cannot be read as a requirement. {error}", err=True)
        context.exit(UNREADABLE)
    checks = _checks(gate, fetch, now, trusted_key)
    answer = _answer(gate, sources, fetch, now)
    if as_json:
        click.echo(json.dumps(_as_json(gate, checks, answer), ensure_ascii=False, indent=2))
    else:
        _print_words(gate, checks, answer)
    context.exit(_exit_code(checks, met=answer.explanation.met))


def _checks(gate: Gate, fetch: Fetch, now: datetime, trusted_key: str) -> list[Check]:
    from hexmark.openbadges import strict_json
    from hexmark.verification.memory import CONTROLLER_TYPES
    from hexmark.verification.open_gates import check_gate

    def controller(url: str) -> Mapping[str, Any]:
        return strict_json.parse(fetch(url, accept=CONTROLLER_TYPES).body)

    return check_gate(gate, controller=controller, at=now, trusted_key=trusted_key)


def _answer(gate: Gate, sources: Sequence[str], fetch: Fetch, now: datetime) -> Qualification:
    from hexmark.openbadges.errors import FormatError, Unreachable
    from hexmark.verification import Canonicalizer, Verifier
    from hexmark.verification.qualifying import Qualification, Shown
    from hexmark.verification.qualifying import qualify as ask

    given, failed = [], []
    for source in sources:
        try:
            given.append((source, bytes_of(source, fetch)))
        except (FormatError, Unreachable, OSError) as error:
            failed.append(Shown(source, sentence=f"It cannot be read: {error}"))
    with Canonicalizer() as canonicalize:
        canonicalize.start()
        verifier = Verifier(fetch=fetch, clock=lambda: now, canonicalize=canonicalize)
        answer = ask(gate, given, report_on=lambda text: verifier.verify(text, at=now), at=now)
    return Qualification(answer.explanation, (*answer.shown, *failed))


def _exit_code(checks: Sequence[Check], *, met: bool) -> int:
    from hexmark.openbadges.report import Outcome

    outcomes = {check.outcome for check in checks}
    if Outcome.FAILED in outcomes or not met:
        return NOT_VALID
    return UNKNOWN if Outcome.UNKNOWN in outcomes else VERIFIED


def _as_json(gate: Gate, checks: Sequence[Check], answer: Qualification) -> dict[str, Any]:
    return {
        "requirement": {
            "title": gate.title,
            "url": gate.url,
            "issuer": gate.issuer,
            "version": gate.version,
            "checks": [
                {"axis": one.axis.value, "outcome": one.outcome.value, "sentence": one.sentence, "code": one.code} for one in checks
            ],
        },
        "badges": [one.to_json() for one in answer.shown],
        "explanation": answer.explanation.to_json(),
    }


def _print_words(gate: Gate, checks: Sequence[Check], answer: Qualification) -> None:
    if gate.title:
        click.echo(f"{gate.title} ({gate.issuer_name or gate.issuer}, version {gate.version})")
    for check in checks:
        click.echo(f"  {check.outcome.value:8} {check.sentence}")
    if answer.shown:
        click.echo("Badges")
    for one in answer.shown:
        click.echo(f"  {one.verdict:8} {one.name or one.source}: {one.sentence}{'' if one.fact else ' Not counted.'}")
    click.echo("Answer")
    for part in answer.explanation.parts or (answer.explanation,):
        why = "" if part.met else f" ({'; '.join(one.why for one in part.missing)})"
        click.echo(f"  {'met' if part.met else 'missing':8} {part.sentence}{why}")
    click.echo(answer.explanation.summary)
