"""`hexmark backup`: the whole installation in one archive, while it runs."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hexmark.cli import framework
from hexmark.cli.progress import Progress, bars

if TYPE_CHECKING:
    from hexmark.cli.archive.manifest import FilesEntry, Manifest, TableEntry
    from hexmark.cli.archive.tape import Writer

LAST_BACKUP = "last-backup.json"
#: Written, but stored files were damaged and are not in it.
INCOMPLETE = 4
_COUNTED = {
    "organisations": "organisations.organisation",
    "people": "people.person",
    "accounts": "people.account",
    "achievements": "catalogue.achievement",
    "awards": "awarding.award",
    "events": "events.event",
}


@click.command()
@click.argument("out", metavar="OUT.tar.gz", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--with-key", is_flag=True, help="Put the key-encryption key in as well: whoever finds the archive can sign in your name.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object about what was written.")
@click.pass_context
def backup(context: click.Context, out: Path, with_key: bool, as_json: bool) -> None:
    """Write everything into one archive, OUT.tar.gz: all tables as they stand at one moment, all stored files, sealed keys.

    The site may go on running. The key-encryption key is not inside: keep it somewhere else, without it the keys stay closed.

    \b
    Exit code:
      0  written
      1  refused, nothing was written
      4  written without some stored files that are damaged or missing; they are named
    """
    if not re.search(r"\.(tar\.gz|tgz)\Z", out.name):
        raise click.ClickException(f"{out.name} must end in .tar.gz.")
    if out.exists():
        raise click.ClickException(f"{out} is there already. A backup is never written over another; choose a new name.")
    framework.start()
    framework.require_secrets()
    _require_up_to_date()
    started = time.monotonic()
    with bars(quiet=as_json) as progress:
        manifest = _write(out, with_key=with_key, progress=progress)
    summary = _summary(out, manifest, round(time.monotonic() - started, 2))
    _note(summary)
    click.echo(json.dumps(summary) if as_json else _in_words(summary))
    if with_key:
        click.secho(
            f"! {out} opens your signing keys. Whoever reads it can sign in your name: lock it away.", fg="red", bold=True, err=True
        )
    for digest in manifest.damaged:
        click.echo(
            f"! The stored file {digest} is damaged or missing, so it is not in the archive. Take it from an older backup.", err=True
        )
    context.exit(INCOMPLETE if manifest.damaged else 0)


def _require_up_to_date() -> None:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise click.ClickException("The database is not of this version. Run `hexmark manage migrate`, or back up with the version before.")


def _write(out: Path, *, with_key: bool, progress: Progress) -> Manifest:
    from django.conf import settings

    from hexmark.cli.archive import manifest as form
    from hexmark.cli.archive.snapshot import applied_migrations, snapshot
    from hexmark.cli.archive.tape import Writer
    from hexmark.keys.store import key_encryption_key

    now, key = datetime.now(UTC), key_encryption_key()
    try:
        with Writer(out, made_at=int(now.timestamp())) as writer:
            with snapshot() as connection:
                entries = _write_tables(writer, connection, progress)
                migrations, vendor, signed = applied_migrations(connection), connection.vendor, _signed(connection.alias)
            # After the tables: a file is stored before a row names it, so every file that a row names is here by now.
            files, damaged = _write_files(writer, progress)
            if with_key:
                writer.add(form.KEY, settings.KEY_ENCRYPTION_KEY.strip().encode("ascii"))
            rows = {entry.model: entry.rows for entry in entries}
            manifest = form.Manifest(
                hexmark=version("hexmark"),
                made_at=now.isoformat(),
                public_url=settings.PUBLIC_URL,
                database=vendor,
                migrations=migrations,
                tables=tuple(entries),
                files=files,
                counts={name: rows.get(model, 0) for name, model in _COUNTED.items()} | {"credentials": signed},
                key_id=form.key_id_of(key),
                with_key=with_key,
                damaged=damaged,
            )
            written = manifest.to_bytes()
            writer.add(form.MANIFEST, written)
            writer.add(form.SEAL, form.seal_of(written, key).encode("ascii"))
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror or error}.") from error
    return manifest


def _signed(alias: str) -> int:
    """How many credentials are signed; rows of others wait for their signature."""
    from hexmark.issuing.models import Credential

    return Credential.objects.using(alias).issued().count()


def _write_tables(writer: Writer, connection: Any, progress: Progress) -> list[TableEntry]:
    from hexmark.cli.archive.snapshot import Table, tables

    entries, every = [], tables()
    for number, model in enumerate(every, start=1):
        table = Table(model, connection)
        for name, data in table.parts():
            writer.add(name, data)
        entries.append(table.entry())
        progress("Writing tables", number, len(every))
    return entries


def _write_files(writer: Writer, progress: Progress) -> tuple[FilesEntry, tuple[str, ...]]:
    from django.conf import settings

    from hexmark.cli.archive.manifest import FilesEntry

    stored = sorted(_stored(Path(settings.DATA_DIR) / "files"))
    names, count, size, damaged = hashlib.sha256(), 0, 0, []
    for number, path in enumerate(stored, start=1):
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() == path.name:
                length = file.tell()
                file.seek(0)
                writer.add_file(f"files/{path.parent.name}/{path.name}", file, length)
                names.update(f"{path.name}\n".encode())
                count, size = count + 1, size + length
            else:
                damaged.append(path.name)
        progress("Writing files", number, len(stored))
    missing = sorted(_named_pictures() - {path.name for path in stored})
    return FilesEntry(count=count, size=size, sha256=names.hexdigest()), (*damaged, *missing)


def _stored(folder: Path) -> Iterator[Path]:
    # Files that are only being written have other names.
    return (path for path in folder.glob("*/*") if re.fullmatch(r"[0-9a-f]{64}", path.name) and path.parent.name == path.name[:2])


def _named_pictures() -> set[str]:
    from hexmark.catalogue.models import AchievementVersion

    pairs = AchievementVersion.objects.values_list("image_png", "drawn_svg")
    return {digest for pair in pairs for digest in pair if digest}


def _summary(out: Path, manifest: Manifest, seconds: float) -> dict[str, Any]:
    with out.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "file": str(out),
        "at": manifest.made_at,
        "bytes": out.stat().st_size,
        "sha256": sha256,
        **manifest.counts,
        "files": manifest.files.count,
        "with_key": manifest.with_key,
        "damaged": list(manifest.damaged),
        "seconds": seconds,
    }


def _note(summary: dict[str, Any]) -> None:
    """The set-up checklist can say when the last backup was made."""
    from django.conf import settings

    target = Path(settings.DATA_DIR) / LAST_BACKUP
    beside = target.with_suffix(".new")
    beside.write_text(json.dumps({name: summary[name] for name in ("at", "sha256", "credentials")}), encoding="utf-8")
    beside.replace(target)


def _in_words(summary: dict[str, Any]) -> str:
    held = f"{summary['people']} people, {summary['credentials']} credentials, {summary['events']} events, {summary['files']} files"
    return f"{summary['file']}: {held}, {summary['bytes']:,} bytes in {summary['seconds']} seconds.\nSHA-256 {summary['sha256']}"
