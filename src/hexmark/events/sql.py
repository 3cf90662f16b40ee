"""SQL that differs by database, both forms side by side.

On PostgreSQL a transaction that began early may commit late: its events then have smaller ids than events that were
already read. Ordering by (transaction, id) and reading only below the oldest transaction still running makes the
order final. SQLite has one writer at a time, so ids are that order already.
"""

from __future__ import annotations

from django.db import connection

#: Larger than any transaction number: everything committed may be read.
NO_HORIZON = 2**63 - 1


def current_transaction() -> int:
    """The number of the transaction that is open on this connection; 0 on SQLite."""
    if connection.vendor != "postgresql":
        return 0
    return _number("SELECT pg_current_xact_id()::text::bigint")


def horizon() -> int:
    """Events of transactions below this number are complete: no transaction that is still running can add one."""
    if connection.vendor != "postgresql":
        return NO_HORIZON
    return _number("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")


def _number(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return int(row[0])
