"""Pages of long lists: an opaque cursor says behind which row the next page begins, whatever was added or removed meanwhile."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime

from hexmark.api.problems import Problem

M = TypeVar("M", bound=Model)
Position = list[Any]
LONGEST_CURSOR = 1000


def page_of(rows: QuerySet[M], *, order: Sequence[str], cursor: str | None, limit: int, of: str) -> tuple[list[M], str | None]:
    """The next rows, and the cursor behind them; None when there are no more.

    `order` names fields that together tell every row from every other, all ascending or all with a minus. `of` names list and filters:
    a cursor of another list is refused.

    Raises:
        Problem: invalid, when the cursor is not one of ours or of another list.
    """
    if cursor:
        rows = rows.filter(_behind(order, read_cursor(cursor, of=of)))
    found = list(rows.order_by(*order)[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], write_cursor([_value(last, field.lstrip("-")) for field in order], of=of)


def write_cursor(position: Position, *, of: str) -> str:
    """The cursor of a place in this list. Encrypted, because places are told by database keys, which are nobody's business."""
    text = json.dumps([of, [_written(value) for value in position]], separators=(",", ":"))
    return _cipher().encrypt(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str, *, of: str) -> Position:
    """The place that the cursor names.

    Raises:
        Problem: invalid, when it was not given out by this list.
    """
    if len(cursor) <= LONGEST_CURSOR and cursor.isascii():
        try:
            text = _cipher().decrypt(cursor.encode() + b"=" * (-len(cursor) % 4))
        except InvalidToken:
            pass
        else:
            made_for, position = json.loads(text)
            if made_for == of:
                return [_read(value) for value in position]
    detail = "This cursor was not given out by this list with these filters. Begin without one."
    raise Problem("invalid", detail, errors=[{"parameter": "cursor", "detail": detail}])


def _behind(order: Sequence[str], position: Position) -> Q:
    """Rows that come later: the first field further on, or equal there and the second further on, and so on."""
    later, equal = Q(), Q()
    for field, value in zip(order, position, strict=True):
        name, comparison = field.lstrip("-"), "lt" if field.startswith("-") else "gt"
        later |= equal & Q(**{f"{name}__{comparison}": value})
        equal &= Q(**{name: value})
    return later


def _value(row: Model, path: str) -> Any:
    value: Any = row
    for part in path.split("__"):
        value = getattr(value, part)
    return value


def _written(value: Any) -> Any:
    return {"at": value.isoformat()} if isinstance(value, datetime) else value


def _read(value: Any) -> Any:
    return parse_datetime(value["at"]) if isinstance(value, dict) else value


@cache
def _cipher() -> Fernet:
    key = hashlib.sha256(b"hexmark.api.cursors\x00" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
