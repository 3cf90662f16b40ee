"""Files that are made while they are being taken away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from django.http import HttpResponse, StreamingHttpResponse

from hexmark.files.tables import csv_bytes


def csv_download(file_name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV that no spreadsheet runs, sent as it is read: a hundred thousand rows never stand in memory together."""
    response = StreamingHttpResponse(_pieces(csv_bytes(columns, rows)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    # Views say that they answer with a response, and the middleware takes both kinds.
    return cast(HttpResponse, response)


def _pieces(lines: Iterable[bytes], *, size: int = 64 * 1024) -> Iterable[bytes]:
    """The lines in pieces worth sending."""
    waiting = bytearray()
    for line in lines:
        waiting += line
        if len(waiting) >= size:
            yield bytes(waiting)
            waiting.clear()
    yield bytes(waiting)
