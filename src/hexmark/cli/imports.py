"""`hexmark import`: lists of people, achievements and awards, each row with its outcome, through the same actions as the site."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hexmark.cli import framework

if TYPE_CHECKING:
    from hexmark.access import Actor
    from hexmark.files.tables import Table
    from hexmark.organisations.models import Organisation
    from hexmark.people.models import PeopleImport

#: Done, or would be, but not every row.
SOME_ROWS = 4
#: Outcomes of rows that somebody has to look at.
_BAD = frozenset({"error", "conflict", "wrong", "mend", "double", "failed"})
EXIT_CODES = """

    \b
    Exit code:
      0  every row can be used, or was
      1  refused: the file cannot be read as a list, or the right is missing
      4  some rows cannot be used; each says why, and the others were run all the same
"""


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """What all lists have in common."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object: counts, and each row with its outcome."),
        click.option("--dry-run", is_flag=True, help="Say what would become of each row, and change nothing."),
        click.option("--as", "email", required=True, metavar="EMAIL", help="Who brings the list: a person with the right to."),
        click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True)),
    ):
        command = option(command)
    return command


@click.group("import")
def import_() -> None:
    """Bring lists (CSV or .xlsx) of people, achievements or awards."""


@import_.command("people", help=f"Bring a list of people of ORGANISATION (its short name) from FILE.{EXIT_CODES}")
@click.argument("organisation")
@_options
@click.option("--date-order", type=click.Choice(["day_first", "month_first"]), default=None, help="How 03/04/2026 is meant.")
def people(*, organisation: str, file: Path, email: str, dry_run: bool, as_json: bool, date_order: str | None) -> None:
    """Bring a list of people."""
    framework.start()
    from hexmark.people.imports.checking import check
    from hexmark.people.imports.reading import read
    from hexmark.people.imports.running import apply, run
    from hexmark.people.models import ImportRow, PeopleImport

    with _refusals():
        found, actor = _organisation_and_actor(organisation, email)
        whole = check(read(found, data=file.read_bytes(), file_name=file.name, actor=actor), actor=actor, date_order=date_order or "")
        if whole.state == PeopleImport.State.ASKING:
            whole.delete()
            raise click.ClickException("The list has days such as 03/04/2026 that could be two. Say which with --date-order.")
        if not dry_run and whole.rows.filter(status__in=(ImportRow.Status.NEW, ImportRow.Status.CHANGED)).exists():
            run(whole, actor=actor)
            apply(whole)
        rows = list(_people_rows(whole))
        if dry_run:
            whole.delete()
    _finish(rows, dry_run=dry_run, as_json=as_json)


def _people_rows(whole: PeopleImport) -> Iterator[dict[str, Any]]:
    emails = whole.columns.index(whole.mapping["email"]) if "email" in whole.mapping else None
    for row in whole.rows.order_by("line").iterator(chunk_size=1000):
        who = row.values.get("email") or (row.cells[emails] if emails is not None and emails < len(row.cells) else "")
        yield {"line": row.line, "outcome": row.outcome or row.status, "what": who, "reason": row.sentence, "changes": row.changes}


@import_.command("achievements", help=f"Begin a draft in ORGANISATION for each new achievement in FILE.{EXIT_CODES}")
@click.argument("organisation")
@_options
def achievements(*, organisation: str, file: Path, email: str, dry_run: bool, as_json: bool) -> None:
    """Begin drafts."""
    framework.start()
    from hexmark.access import Permission, allow
    from hexmark.catalogue.sheets import begin_drafts, names_taken
    from hexmark.web.forms.catalogue_import import planned

    with _refusals():
        found, actor = _organisation_and_actor(organisation, email)
        allow(actor, Permission.EDIT_CATALOGUE, found)
        plan = list(planned(_table(file), taken=names_taken(found)))
        done = plan if dry_run else begin_drafts(found, plan, actor=actor)
    rows = [{"line": row.line, "outcome": row.outcome.value, "what": row.name, "reason": row.reason} for row in done]
    _finish(rows, dry_run=dry_run, as_json=as_json)


@import_.command("awards", help=f"Award BADGE (the last part of its address) to the people in FILE.{EXIT_CODES}")
@click.argument("badge")
@_options
@click.option("--why", "narrative", default="", help="What they did, where the list does not say; stands in the signed file.")
@click.option("--now", is_flag=True, help="Sign without the ten minutes in which it can be undone.")
def awards(*, badge: str, file: Path, email: str, dry_run: bool, as_json: bool, narrative: str, now: bool) -> None:
    """Award a list."""
    framework.start()
    from hexmark.awarding.batches import begin_batch, discard, start
    from hexmark.awarding.checking import check_some
    from hexmark.awarding.holding import release_now
    from hexmark.awarding.making import TO_MAKE, make_some
    from hexmark.awarding.sources import rows_of_table
    from hexmark.catalogue.queries import awardable_version

    version = awardable_version(badge)
    if version is None:
        raise click.ClickException(f"No published badge has the address …/b/{badge}.")
    with _refusals():
        _, actor = _organisation_and_actor(version.achievement.organisation.slug, email)
        batch = begin_batch(version, rows=rows_of_table(_table(file)), source=file.name, actor=actor, narrative=narrative)
        while check_some(batch):
            pass
        runs = not dry_run and batch.rows.filter(outcome__in=TO_MAKE).exists()
        if runs:
            run = start(batch, actor=actor)
            while make_some(batch.pk):
                pass
            if now:
                release_now(run, actor=actor)
        lines = batch.rows.order_by("line").values_list("line", "outcome", "email", "reason")
        rows = [{"line": line, "outcome": outcome, "what": who, "reason": reason} for line, outcome, who, reason in lines]
        if not runs:
            discard(batch, actor=actor)
    _finish(rows, dry_run=dry_run, as_json=as_json)


def _table(file: Path) -> Table:
    from hexmark.files.tables import read_table

    return read_table(file.read_bytes(), file_name=file.name)


def _organisation_and_actor(slug: str, email: str) -> tuple[Organisation, Actor]:
    from hexmark.organisations.models import Organisation
    from hexmark.people.queries import actor_for, people_by_email

    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        raise click.ClickException(f"No organisation here has the short name {slug!r}.")
    person = people_by_email(found, [email]).get(email.lower())
    if person is None:
        raise click.ClickException(f"Nobody in this organisation has the address {email}.")
    return found, actor_for(person)


@contextmanager
def _refusals() -> Iterator[None]:
    from hexmark.errors import DomainError

    try:
        yield
    except DomainError as error:
        raise click.ClickException(str(error)) from error


def _finish(rows: Iterable[dict[str, Any]], *, dry_run: bool, as_json: bool) -> None:
    """Each row is told, and the command ends with 4 if one cannot be used."""
    told = list(rows)
    counts: dict[str, int] = {}
    for row in told:
        counts[row["outcome"]] = counts.get(row["outcome"], 0) + 1
    if as_json:
        click.echo(json.dumps({"dry_run": dry_run, "counts": counts, "rows": told}, ensure_ascii=False))
    else:
        for row in told:
            click.echo(f"{row['line']:>6}  {row['outcome']:<10} {row['what']}{'  ' + row['reason'] if row['reason'] else ''}")
        summed = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
        click.echo(f"{summed}. Nothing was changed." if dry_run else f"{summed}.")
    raise SystemExit(SOME_ROWS if _BAD & counts.keys() else 0)
