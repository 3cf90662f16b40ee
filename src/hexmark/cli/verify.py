"""`hexmark verify`: check badges from files, addresses or standard input, without a database.

Only click is imported at the top, so that the command answers at once; the rest is loaded when there is something to check.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hexmark.net import Fetch, Fetched
    from hexmark.openbadges.report import Report
    from hexmark.verification import Canonicalizer, Verifier

VERIFIED, NOT_VALID, UNKNOWN, UNREADABLE = 0, 1, 2, 3
#: What is worse comes first when several sources were checked.
_WORST_FIRST = (UNREADABLE, NOT_VALID, UNKNOWN, VERIFIED)
USAGE = 64
#: Sources from which on waiting is shown.
MANY = 4
CREDENTIAL_TYPES = (
    "application/vc",
    "application/vc+ld+json",
    "application/vc+jwt",
    "application/jwt",
    "application/ld+json",
    "application/json",
    "image/png",
    "image/svg+xml",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found out about one source: a report, or the reason why it could not be read."""

    source: str
    report: Report | None
    code: str | None = None
    message: str | None = None

    @property
    def exit_code(self) -> int:
        """0 verified, 1 not valid, 2 unknown, 3 unreadable."""
        if self.report is None:
            return UNREADABLE
        return {"verified": VERIFIED, "not valid": NOT_VALID, "unknown": UNKNOWN}[self.report.verdict.value]

    def to_json(self) -> dict[str, Any]:
        """The report's JSON with the source, or verdict `unreadable` with an error."""
        if self.report is not None:
            return {"source": self.source, **self.report.to_json()}
        return {"source": self.source, "verdict": "unreadable", "error": {"code": self.code, "message": self.message}}


class _WrongUsage(click.UsageError):
    """Ends with 64 as in sysexits.h, because 2, click's own, already means that the answer is unknown."""

    exit_code = USAGE


class Command(click.Command):
    """A command whose wrong usage ends with 64."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, with our exit code."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            raise _WrongUsage(error.format_message(), ctx) from None


def moment(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime | None:
    """The moment that an option names, in UTC where it names no zone."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter("give a date like 2026-01-31 or a time like 2026-01-31T09:00:00Z.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@click.command(cls=Command)
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: one object, or an array for several sources.")
@click.option("--offline", is_flag=True, help="Ask nobody: what only other servers could tell is unknown.")
@click.option(
    "--sources",
    "kept",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Ask nobody, but read keys and lists from the files that this sources.json of an archive names.",
)
@click.option("--at", metavar="TIME", callback=moment, help="Answer as of this moment instead of now, such as 2026-01-31T09:00:00Z.")
@click.option("--recipient", metavar="EMAIL", help="Also compare the badge's recipient with this e-mail address.")
@click.option(
    "--key", "trusted_key", metavar="KEY", default="", help="The issuer's public key (z6Mk…), for a review packet without a network."
)
@click.pass_context
def verify(
    context: click.Context,
    sources: tuple[str, ...],
    *,
    as_json: bool,
    offline: bool,
    kept: Path | None,
    at: datetime | None,
    recipient: str | None,
    trusted_key: str,
) -> None:
    """Check Open Badges: is each what its issuer signed, in date and not taken back?

    A SOURCE is a file (JSON, JWT, or a PNG or SVG with a badge inside), an https address, or - for standard input.
    A review packet is checked too: its signature, each credential in it as of its day, and what changed since.

    \b
    Exit code, the worst of all sources in the order 3, 1, 2, 0:
      0   verified
      1   not valid: altered, expired, revoked, paused, or not what the standard demands
      2   unknown: something could not be reached or cannot be checked yet
      3   unreadable: no such file or address, or no badge in it
      64  wrong usage
    """
    from hexmark.verification import Canonicalizer, Verifier

    fetch = fetch_kept(kept) if kept else fetch_for(offline=offline)
    with Canonicalizer() as canonicalize:
        canonicalize.start()
        verifier = Verifier(fetch=fetch, clock=lambda: datetime.now(UTC), canonicalize=canonicalize)
        packets = _packet_checker(fetch, canonicalize, at=at, trusted_key=trusted_key)
        check = _checker(verifier, fetch, packets, at=at, recipient=recipient)
        answers = [check(source) for source in _shown(sources)]
    _print_json(answers) if as_json else _print_words(answers)
    context.exit(worst(answer.exit_code for answer in answers))


def worst(exit_codes: Iterable[int]) -> int:
    """The exit code for several sources: 3 before 1 before 2 before 0."""
    codes = set(exit_codes)
    return next((code for code in _WORST_FIRST if code in codes), VERIFIED)


def fetch_for(*, offline: bool) -> Fetch:
    """The way to strangers' servers, or one that refuses to ask."""
    from hexmark.net import Fetcher, origin_of
    from hexmark.openbadges.errors import Unreachable

    def refuse(url: str, *, accept: Sequence[str]) -> Fetched:
        raise Unreachable("Nobody was asked, because of --offline.", code="OFFLINE")

    if offline:
        return refuse
    # The demo's server is on the loopback, which is otherwise never asked.
    named = [origin.strip() for origin in os.environ.get("HEXMARK_ALLOW_LOCAL_ORIGIN", "").split(",") if origin.strip()]
    try:
        return Fetcher(allowed_origins=frozenset(origin_of(origin) for origin in named))
    except Unreachable as error:
        raise _WrongUsage(f"HEXMARK_ALLOW_LOCAL_ORIGIN: {error}") from None


def fetch_kept(sources: Path) -> Fetch:
    """What lies beside the sources file, and nothing else: whoever gives it decides whose keys count."""
    from hexmark.net import Fetched
    from hexmark.openbadges.errors import Unreachable
    from hexmark.openbadges.limits import FETCH_BYTES

    files = _sources(sources)
    click.echo(f"Keys and lists are those of {sources}: trust the answer as far as that file.", err=True)

    def read(url: str, *, accept: Sequence[str]) -> Fetched:
        # An archive of a demo names http where did:web always says https.
        name = files.get(url.partition("://")[2])
        file = (sources.parent / name).resolve() if name else None
        if file is None or not file.is_relative_to(sources.parent.resolve()) or not file.is_file():
            raise Unreachable(f"{url} is not among the sources, and nobody was asked.", code="OFFLINE")
        with file.open("rb") as opened:
            return Fetched(body=opened.read(FETCH_BYTES), content_type=accept[0])

    return read


def _sources(file: Path) -> dict[str, str]:
    """Which file stands for which address, without the scheme."""
    import json

    try:
        listed = json.loads(file.read_text(encoding="utf-8"))
        return {str(url).partition("://")[2]: str(name) for url, name in listed.items()}
    except (ValueError, AttributeError, OSError) as error:
        raise _WrongUsage(f"{file} is no sources.json of an archive: {error}") from None


def _packet_checker(
    fetch: Fetch, canonicalize: Canonicalizer, *, at: datetime | None, trusted_key: str
) -> Callable[[bytes], Report | None]:
    """Answers for a review packet, and with None for anything else."""
    from hexmark.verification.packets import check_packet, packet_of

    def check(data: bytes) -> Report | None:
        found = packet_of(data)
        now = at or datetime.now(UTC)
        return check_packet(found, fetch=fetch, now=now, canonicalize=canonicalize, trusted_key=trusted_key) if found else None

    return check


def _checker(
    verifier: Verifier, fetch: Fetch, packets: Callable[[bytes], Report | None], *, at: datetime | None, recipient: str | None
) -> Callable[[str], Answer]:
    from hexmark.openbadges.errors import FormatError, Unreachable

    def check(source: str) -> Answer:
        try:
            data = bytes_of(source, fetch)
            packet = packets(data)
            return Answer(source, packet if packet is not None else verifier.verify(data, at=at, recipient=recipient))
        except FormatError as error:
            return Answer(source, None, error.full_code, str(error))
        except Unreachable as error:
            return Answer(source, None, error.code, str(error))
        except OSError as error:
            return Answer(source, None, "FILE", f"The file cannot be read: {error.strerror or error}.")

    return check


def bytes_of(source: str, fetch: Fetch) -> bytes:
    """What is in this file, at this address, or on standard input."""
    from hexmark.openbadges.limits import IMAGE_BYTES

    if source.startswith(("https://", "http://")):
        return fetch(source, accept=CREDENTIAL_TYPES).body
    # One byte more than may be read is enough to know that it is too many.
    if source == "-":
        return sys.stdin.buffer.read(IMAGE_BYTES + 1)
    with Path(source).open("rb") as file:
        return file.read(IMAGE_BYTES + 1)


def _shown(sources: tuple[str, ...]) -> Iterable[str]:
    """The sources one after the other, with a bar on standard error where there are many and somebody looks."""
    if len(sources) < MANY or not sys.stderr.isatty():
        return sources
    from rich.console import Console
    from rich.progress import track

    return track(sources, description="Checking", console=Console(stderr=True), transient=True)


def _print_json(answers: list[Answer]) -> None:
    import json

    found = [answer.to_json() for answer in answers]
    click.echo(json.dumps(found[0] if len(found) == 1 else found, ensure_ascii=False, indent=2))


def _print_words(answers: list[Answer]) -> None:
    from hexmark.cli.words import print_answer

    for answer in answers:
        print_answer(answer)
