"""`hexmark restore`: an archive into an empty place, and every credential verified there."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hexmark.cli import framework
from hexmark.cli.backup import INCOMPLETE
from hexmark.cli.files import Unreadable
from hexmark.cli.progress import Progress, bars

if TYPE_CHECKING:
    from hexmark.cli.archive.checking import Checked

#: Restored, but something needs attention.
ATTENTION = INCOMPLETE
STAGING = ".restoring"
DATABASE = "hexmark.sqlite3"
KEY_FILE = "key-encryption-key"
#: A disk may have this in its own directory; it is no data of ours.
_NOT_DATA = {"lost+found", STAGING}


@click.command()
@click.argument("archive", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), help="The empty data directory. Without it: HEXMARK_DATA_DIR.")
@click.option("--check", "only_check", is_flag=True, help="Only say whether the archive is whole and unaltered; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object about what was found.")
@click.pass_context
def restore(context: click.Context, archive: Path, into: Path | None, only_check: bool, as_json: bool) -> None:
    """Restore the archive FILE into an empty data directory (and an empty database), and verify every credential in it.

    The tables come into SQLite, or into the database that HEXMARK_DATABASE_URL names, whichever they came from; an archive of an
    older version is brought up to date. Either everything is restored or nothing.

    \b
    Exit code:
      0  restored (or, with --check, sound), and every credential holds
      1  refused, nothing was written: the target is not empty, another address, a newer version
      3  the archive is damaged, cut off or altered; nothing was written
      4  restored, but something needs attention: a credential that does not hold, keys that do not open, pictures that are missing
    """
    started = time.monotonic()
    with bars(quiet=as_json) as progress:
        checked = _checked(archive, progress)
        summary = _about(archive, checked)
        if not only_check:
            summary |= _restore(archive, checked, _target(into), progress)
    summary["seconds"] = round(time.monotonic() - started, 2)
    click.echo(json.dumps(summary) if as_json else _in_words(summary))
    for sentence in (problems := _attention(summary)):
        click.echo(f"! {sentence}", err=True)
    context.exit(ATTENTION if problems else 0)


def _checked(archive: Path, progress: Progress) -> Checked:
    from hexmark.cli.archive.checking import check
    from hexmark.cli.archive.tape import Unsound
    from hexmark.configuration import ConfigurationError, read
    from hexmark.errors import NotConfigured
    from hexmark.keys.sealing import parse_key_encryption_key

    try:
        key = parse_key_encryption_key(read().key_encryption_key)
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from error
    except NotConfigured:
        key = None
    try:
        return check(archive, key_encryption_key=key, at=lambda done, total: progress("Checking the archive", done, total))
    except Unsound as error:
        raise Unreadable(f"{archive}: {error}") from error


def _target(into: Path | None) -> Path:
    target = (into or Path(os.environ.get("HEXMARK_DATA_DIR") or "data")).resolve()
    held = {entry.name for entry in target.iterdir()} if target.exists() else set()
    if held - _NOT_DATA:
        raise click.ClickException(f"{target} is not empty. Restore into a new directory (--into DIR), so that nothing is written over.")
    return target


def _restore(archive: Path, checked: Checked, target: Path, progress: Progress) -> dict[str, Any]:
    _agree_on_the_address(checked)
    staging = target / STAGING
    shutil.rmtree(staging, ignore_errors=True)
    # For this user alone, as `hexmark init` makes it.
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    staging.mkdir(mode=0o700)
    _require_room(archive, checked, staging)
    framework.start(data_dir=staging, public_url=checked.manifest.public_url)
    try:
        return _fill(archive, checked, staging, progress)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _agree_on_the_address(checked: Checked) -> None:
    configured, own = os.environ.get("HEXMARK_PUBLIC_URL", "").rstrip("/"), checked.manifest.public_url
    if configured and configured != own:
        raise click.ClickException(
            f"The archive is of {own}, which every signed file in it names, and HEXMARK_PUBLIC_URL is {configured}. Set it to {own}."
        )


def _require_room(archive: Path, checked: Checked, staging: Path) -> None:
    tables = sum(part.size for table in checked.manifest.tables for part in table.parts)
    # With indexes and the log beside it, a database takes about twice what its rows do.
    needed, free = 2 * tables + checked.manifest.files.size, shutil.disk_usage(staging).free
    if needed > free:
        raise click.ClickException(f"It needs about {needed >> 20} MiB, and {staging.parent} has {free >> 20} MiB left.")


def _fill(archive: Path, checked: Checked, staging: Path, progress: Progress) -> dict[str, Any]:
    from django.db import DatabaseError, connection

    from hexmark.cli.archive.loading import TooNew, load_files
    from hexmark.cli.archive.tape import Unsound
    from hexmark.events.restoring import place_before_new_transactions
    from hexmark.issuing.restoring import close_registers

    try:
        _require_empty_database()
        manifest = checked.manifest
        load_files(archive, staging / "files", manifest, told=lambda done, total: progress("Restoring files", done, total))
        with _all_or_nothing():
            _load_tables(archive, checked, progress)
            place_before_new_transactions()
            close_registers()
            found = _examined(progress)
            _keep_key(checked, staging)
            if connection.vendor == "postgresql":
                _move(staging)
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
            _move(staging)
    except Unsound as error:
        raise Unreadable(f"{archive}: {error} Nothing was restored.") from error
    except TooNew as error:
        raise click.ClickException(str(error)) from error
    except (DatabaseError, OSError) as error:
        raise click.ClickException(f"Nothing was restored: {error}") from error
    return found | {"into": str(staging.parent), "key_in": str(staging.parent / KEY_FILE) if checked.key else ""}


def _load_tables(archive: Path, checked: Checked, progress: Progress) -> None:
    from hexmark.cli.archive.loading import load_rows, make_tables, restore_last_keys

    apps = make_tables(checked.manifest)
    load_rows(archive, checked.manifest, apps, told=lambda done, total: progress("Restoring tables", done, total))
    framework.migrate()
    restore_last_keys(checked.manifest)


def _require_empty_database() -> None:
    from django.db import connection

    if connection.vendor == "postgresql" and (names := connection.introspection.table_names()):
        raise click.ClickException(f"The database that HEXMARK_DATABASE_URL names has tables already ({names[0]} …). Name an empty one.")


@contextmanager
def _all_or_nothing() -> Iterator[None]:
    """On PostgreSQL one transaction, tables and all; SQLite's file is moved to its place only when it is complete."""
    from django.db import connection, transaction

    if connection.vendor == "sqlite":
        yield
        return
    with transaction.atomic():
        yield


def _examined(progress: Progress) -> dict[str, Any]:
    from dataclasses import asdict

    from hexmark.cli.backup import _named_pictures, _stored
    from hexmark.issuing.examination import examine

    figures = examine(progress=lambda done, total: progress("Verifying credentials", done, total))
    from django.conf import settings

    missing = _named_pictures() - {path.name for path in _stored(settings.DATA_DIR / "files")}
    return {"verification": asdict(figures), "keys_closed": _closed_keys(), "pictures_missing": len(missing)}


def _closed_keys() -> list[str]:
    """The organisations whose signing key does not open here."""
    from hexmark.errors import NotConfigured
    from hexmark.keys.store import open_active_key
    from hexmark.organisations.models import Organisation

    closed = []
    for organisation in Organisation.objects.order_by("slug"):
        try:
            open_active_key(organisation.pk)
        except NotConfigured:
            closed.append(organisation.slug)
    return closed


def _keep_key(checked: Checked, staging: Path) -> None:
    if checked.key:
        (staging / KEY_FILE).touch(mode=0o600)
        (staging / KEY_FILE).write_text(checked.key + "\n", encoding="ascii")


def _move(staging: Path) -> None:
    """What was prepared stands in its place; the database comes last, so that where it is, everything is."""
    present = {entry.name for entry in staging.iterdir()}
    for name in (KEY_FILE, "files", DATABASE):
        if name in present:
            (staging / name).rename(staging.parent / name)


def _about(archive: Path, checked: Checked) -> dict[str, Any]:
    manifest = checked.manifest
    return {
        "file": str(archive),
        "hexmark": manifest.hexmark,
        "made_at": manifest.made_at,
        "public_url": manifest.public_url,
        "database": manifest.database,
        **manifest.counts,
        "files": manifest.files.count,
        "damaged": list(manifest.damaged),
        "with_key": manifest.with_key,
        "sealed_by_us": checked.sealed_by_us,
    }


def _attention(summary: dict[str, Any]) -> list[str]:
    if "verification" not in summary:
        return []
    found, problems = summary["verification"], []
    if wrong := found["examined"] - found["hold"]:
        problems.append(f"{wrong} credentials do not hold:")
        problems += [f"  {public_id}: {sentence}" for public_id, sentence in found["problems"]]
    if summary["pictures_missing"]:
        problems.append(f"{summary['pictures_missing']} pictures are missing; they were damaged or missing when the backup was made.")
    if summary["keys_closed"]:
        way = f"It is in {summary['key_in']}." if summary["key_in"] else "Set the one that was in use when the backup was made."
        closed = ", ".join(summary["keys_closed"])
        problems.append(f"Nothing can be signed for {closed}: HEXMARK_KEY_ENCRYPTION_KEY does not open the signing keys. {way}")
    return problems


def _in_words(summary: dict[str, Any]) -> str:
    seal = {True: "sealed with this key-encryption key", None: "sealed with another key-encryption key, so who made it is not known"}
    held = f"{summary['people']} people, {summary['credentials']} credentials, {summary['events']} events, {summary['files']} files"
    lines = [f"{summary['file']}: whole and unaltered, {seal[summary['sealed_by_us']]}.", f"Made {summary['made_at']}: {held}."]
    if "verification" in summary:
        found = summary["verification"]
        states = ", ".join(f"{found[state]} {state}" for state in ("valid", "expired", "paused", "revoked"))
        lines.append(f"Restored into {summary['into']} as {summary['public_url']}.")
        lines.append(f"{found['hold']} of {found['examined']} credentials hold ({states}), in {summary['seconds']} seconds.")
    return "\n".join(lines)
