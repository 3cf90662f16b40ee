"""How answers are written: compact JSON in UTF-8, moments in UTC."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest
from ninja.renderers import BaseRenderer


class Renderer(BaseRenderer):
    """Writes what a route returned."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """The bytes of the answer."""
        return rendered(data)


def rendered(data: Any) -> bytes:
    """The data as the API writes it: the same data, the same bytes."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=_written).encode()


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON.")
