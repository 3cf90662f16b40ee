"""Every table as it stands at one moment, as lines of JSON, while the site goes on writing.

A read transaction is a moment: SQLite's write-ahead log and PostgreSQL's snapshots keep it still for us without holding up any
writer. The rows are written in no database's own form, so that they can be loaded into either.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import orjson
from django.apps import apps
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.duration import duration_string

from hexmark.cli.archive.manifest import Part, TableEntry

ALIAS = "snapshot"
#: What can be made anew, or must not outlive the machine: wake-up calls, open sessions, the framework's own lists.
LEFT_OUT = frozenset({"sessions", "contenttypes", "auth", "django_tasks_database"})
PART_BYTES = 8 * 1024 * 1024
ROWS_AT_ONCE = 500


@contextmanager
def snapshot() -> Iterator[BaseDatabaseWrapper]:
    """A connection of its own on which the database stands still."""
    settings: dict[str, Any] = dict(connections["default"].settings_dict)
    if connections["default"].vendor == "sqlite":
        # The house's transactions take the write lock at once; this one never writes and must stop nobody.
        settings["OPTIONS"] = settings["OPTIONS"] | {"transaction_mode": "DEFERRED"}
    connections.databases[ALIAS] = settings
    connection = connections[ALIAS]
    try:
        with transaction.atomic(using=ALIAS):
            _stand_still(connection)
            yield connection
    finally:
        connection.close()
        del connections[ALIAS]
        del connections.databases[ALIAS]


def _stand_still(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # The moment is that of the first reading, not that of BEGIN.
        cursor.execute("SELECT count(*) FROM django_migrations")
        cursor.fetchone()


def tables() -> list[type[models.Model]]:
    """Every table that belongs into a backup, in order of name; what a new room adds is among them without anybody's doing."""
    every = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy]
    return sorted((model for model in every if model._meta.app_label not in LEFT_OUT), key=lambda model: model._meta.label_lower)


def columns_of(model: type[models.Model]) -> tuple[str, ...]:
    """The columns that are stored, by attribute; the database computes the others."""
    return tuple(column.attname for column in model._meta.concrete_fields if not column.generated)


def applied_migrations(connection: BaseDatabaseWrapper) -> tuple[tuple[str, str], ...]:
    """Application and name of each migration, in order."""
    from django.db.migrations.recorder import MigrationRecorder

    return tuple(sorted(MigrationRecorder(connection).applied_migrations()))


class Table:
    """One table on its way out: its parts, and, once they are all taken, its entry in the manifest."""

    def __init__(self, model: type[models.Model], connection: BaseDatabaseWrapper) -> None:
        self.model = model
        self._connection = connection
        self._parts: list[Part] = []
        self.rows = 0

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """Name and content of each part, in order."""
        lines: list[bytes] = []
        size = 0
        for row in self._rows():
            line = orjson.dumps(row, default=_portable) + b"\n"
            if lines and size + len(line) > PART_BYTES:
                yield self._part(lines)
                lines, size = [], 0
            lines.append(line)
            size += len(line)
        if lines:
            yield self._part(lines)

    def entry(self) -> TableEntry:
        """What the manifest says of it."""
        return TableEntry(
            model=self.model._meta.label_lower,
            columns=columns_of(self.model),
            rows=self.rows,
            last_key=last_key(self.model, self._connection),
            parts=tuple(self._parts),
        )

    def _rows(self) -> Iterator[Sequence[Any]]:
        found = self.model._base_manager.using(self._connection.alias).order_by("pk").values_list(*columns_of(self.model))
        return found.iterator(chunk_size=ROWS_AT_ONCE)

    def _part(self, lines: list[bytes]) -> tuple[str, bytes]:
        data = b"".join(lines)
        name = f"tables/{self.model._meta.label_lower}/{len(self._parts):06}.jsonl"
        self._parts.append(Part(name=name, size=len(data), sha256=hashlib.sha256(data).hexdigest()))
        self.rows += len(lines)
        return name, data


def last_key(model: type[models.Model], connection: BaseDatabaseWrapper) -> int:
    """The last key that the table gave out, be the row still there or not; 0 where keys are not counted up."""
    if not isinstance(model._meta.pk, models.AutoField | models.BigAutoField | models.SmallAutoField):
        return 0
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)", [f'"{table}"', column])
        else:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
    return int(row[0] or 0) if row else 0


def _portable(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return b64encode(bytes(value)).decode("ascii")
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, timedelta):
        return duration_string(value)
    raise TypeError(f"{type(value).__name__} has no portable form.")
