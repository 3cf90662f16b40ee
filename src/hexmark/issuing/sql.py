"""SQL of issuing that is written by hand, the same for both databases."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from hexmark.issuing.models import Credential


def write_documents(rows: Iterable[tuple[int, str, str, str]]) -> None:
    """Each row (its key, the signed text, the token beside it, the text's SHA-256) has its document.

    Call it where these rows are locked and unsigned.
    One statement for all of them: an update a row through the models took longer than signing them (measured).
    """
    table, quote = Credential._meta.db_table, connection.ops.quote_name
    statement = f"UPDATE {quote(table)} SET document = %s, token = %s, document_sha256 = %s WHERE id = %s AND issued_at IS NULL"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(text, token, digest, pk) for pk, text, token, digest in rows])
