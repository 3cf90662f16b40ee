"""Moments as the W3C specifications write them: xsd:dateTimeStamp, which is xsd:dateTime with its time zone."""

import re
from datetime import UTC, datetime

from hexmark.openbadges.errors import Malformed

_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)


def parse(text: object) -> datetime:
    """The moment that the text names.

    Raises:
        Malformed: not an xsd:dateTimeStamp. Source: XML Schema 1.1 part 2, 3.4.28.
    """
    if isinstance(text, str) and _TIMESTAMP.fullmatch(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    raise Malformed("A moment is written as 2030-01-31T09:00:00Z, with its time zone.", detail="TIMESTAMP")


def write(moment: datetime) -> str:
    """`2030-01-31T09:00:00Z`: in UTC, to the second.

    Raises:
        ValueError: the moment has no time zone, so nobody can tell when it was.
    """
    if moment.tzinfo is None:
        raise ValueError("A moment needs its time zone.")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
