"""Moments as badges of version 2 write them: ISO 8601 with a time zone, seconds being optional."""

from __future__ import annotations

import re
from datetime import datetime

from hexmark.openbadges.errors import Malformed

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)", re.ASCII)


def parse(text: object) -> datetime:
    """The moment that the text names.

    Raises:
        Malformed: it names none, or none without guessing its time zone. Source: Open Badges 2.0, DateTime.
    """
    if isinstance(text, str) and _MOMENT.fullmatch(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    raise Malformed("A moment is written as 2030-01-31T09:00:00Z, with its time zone.", detail="TIMESTAMP")
