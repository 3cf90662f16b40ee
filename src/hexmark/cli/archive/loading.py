"""Rows of an archive into an empty database: at the state of the schema that they were written in, then brought up to date."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps

from hexmark.cli.archive.checking import STORED_FILE, TABLE_PART, read_part
from hexmark.cli.archive.manifest import Manifest, TableEntry
from hexmark.cli.archive.tape import Member, Unsound, members

ROWS_AT_ONCE = 1000
Told = Callable[[int, int], None]


class TooNew(Exception):
    """A newer version of Hexmark wrote the archive."""


def unknown_migrations(manifest: Manifest) -> list[str]:
    """Migrations of the archive that this version does not have."""
    loader = MigrationExecutor(connection).loader
    known = set(loader.disk_migrations) | {old for migration in loader.disk_migrations.values() for old in migration.replaces}
    return [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known]


def make_tables(manifest: Manifest) -> StateApps:
    """The database has the tables of the version that wrote the archive, empty; returns its models.

    Raises:
        TooNew: this version does not know that state.
    """
    if unknown := unknown_migrations(manifest):
        raise TooNew(
            f"It was made by Hexmark {manifest.hexmark}, which has changes that this version lacks ({unknown[0]}). Install that one."
        )
    executor = MigrationExecutor(connection)
    recorded = set(manifest.migrations)
    graph = executor.loader.graph
    targets = [node for node in graph.nodes if node in recorded and not any(child.key in recorded for child in _followers(graph, node))]
    executor.migrate(targets)
    apps = executor.loader.project_state(targets).apps
    assert isinstance(apps, StateApps)
    return apps


def _followers(graph: Any, node: tuple[str, str]) -> list[Any]:
    return [child for child in graph.node_map[node].children if child.key[0] == node[0]]


def load_rows(archive: Path, manifest: Manifest, apps: StateApps, *, told: Told) -> None:
    """Every row of the archive stands in its table, with the keys that it had.

    Raises:
        Unsound: a part does not fit its table, or is no longer the one that was checked.
    """
    by_name = {model._meta.label_lower: model for model in apps.get_models(include_auto_created=True)}
    unknown = [table.model for table in manifest.tables if table.model not in by_name]
    if unknown:
        raise Unsound(f"The archive holds a table {unknown[0]} that its own version did not have.")
    parts = {part.name: (table, part.sha256) for table in manifest.tables for part in table.parts}
    total, done = sum(table.rows for table in manifest.tables), 0
    with transaction.atomic():
        _refer_later()
        # What a migration put there by itself stands in the archive as it was when it was made.
        _empty([by_name[table.model] for table in manifest.tables])
        for member in members(archive):
            if not TABLE_PART.fullmatch(member.name):
                break
            table, sha256 = parts[member.name]
            done += _load(_same(member, sha256), table, by_name[table.model])
            told(done, total)
        _check_references()


def _same(member: Member, sha256: str) -> bytes:
    data = read_part(member)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Unsound("The archive changed while it was read.")
    return data


def _empty(every: Iterable[type[models.Model]]) -> None:
    with connection.cursor() as cursor:
        for model in every:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 (a table's own name)


def _load(data: bytes, table: TableEntry, model: type[models.Model]) -> int:
    columns = _columns(table, model)
    quoted = ", ".join(connection.ops.quote_name(column.column) for column in columns)
    places = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({quoted}) VALUES ({places})"  # noqa: S608
    lines = data.splitlines()
    with connection.cursor() as cursor:
        for start in range(0, len(lines), ROWS_AT_ONCE):
            try:
                rows = [_row(line, columns) for line in lines[start : start + ROWS_AT_ONCE]]
                cursor.executemany(statement, rows)
            except (DatabaseError, ValidationError, ValueError, TypeError, OverflowError) as error:
                raise Unsound(f"A row does not fit into the table {table.model}: {error}") from error
    return len(lines)


def _columns(table: TableEntry, model: type[models.Model]) -> Sequence[models.Field[Any, Any]]:
    own = {column.attname: column for column in model._meta.concrete_fields if not column.generated}
    if set(own) != set(table.columns) or len(own) != len(table.columns):
        raise Unsound(f"The columns of {table.model} are not those that its version had.")
    return [own[name] for name in table.columns]


def _row(line: bytes, columns: Sequence[models.Field[Any, Any]]) -> list[Any]:
    values = orjson.loads(line)
    if not isinstance(values, list) or len(values) != len(columns):
        raise ValueError("a line has not as many values as the table has columns")
    # As the field itself reads and writes it, but without its `pre_save`, which would date every row today.
    return [column.get_db_prep_save(column.to_python(value), connection) for column, value in zip(columns, values, strict=True)]


def _refer_later() -> None:
    """A row may name another that comes later, whatever the migrations in this transaction asked for."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _check_references() -> None:
    try:
        connection.check_constraints()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # What is checked only at the end of a transaction would forbid the migrations that follow in the same one.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError as error:
        raise Unsound(f"A row names another one that is not in the archive: {error}") from error


def restore_last_keys(manifest: Manifest) -> None:
    """No table gives out a key again that it gave out before the backup, also not one whose row is gone. After all migrations."""
    from hexmark.cli.archive.snapshot import tables

    last = {table.model: table.last_key for table in manifest.tables}
    for model in tables():
        if isinstance(model._meta.pk, models.AutoField | models.BigAutoField | models.SmallAutoField):
            _count_on_from(model, last.get(model._meta.label_lower, 0))


def _count_on_from(model: type[models.Model], last: int) -> None:
    table, column = model._meta.db_table, model._meta.pk.column
    last = max(last, model._base_manager.aggregate(most=models.Max("pk"))["most"] or 0)
    if not last:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s)::regclass, %s)", [f'"{table}"', column, last])
            return
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])


def load_files(archive: Path, folder: Path, manifest: Manifest, *, told: Told) -> None:
    """Every stored file lies in `folder`, as `files/aa/<sha256>` does in a data directory.

    Raises:
        Unsound: one is no longer what was checked.
    """
    done = 0
    for member in members(archive):
        if not (match := STORED_FILE.fullmatch(member.name)):
            continue
        target = folder / match[1] / match[2]
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with target.open("xb") as file:
            for piece in member.chunks():
                digest.update(piece)
                file.write(piece)
        if digest.hexdigest() != match[2]:
            raise Unsound("The archive changed while it was read.")
        done += 1
        told(done, manifest.files.count)
