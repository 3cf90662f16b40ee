"""What all shapes share. Requests name only known fields; answers may gain fields, which programs must pass over."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from hexmark.api.cursors import LONGEST_CURSOR

#: RFC 3339 with seconds and a zone; years as databases keep them.
_MOMENT = re.compile(r"[12]\d{3}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
PUBLIC_ID = "^[a-z2-7]{26}$"


class Given(BaseModel):
    """What a request says. An unknown field is refused: it is a mistake, or somebody trying what they can set."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Shown(BaseModel):
    """What an answer says."""

    model_config = ConfigDict(frozen=True)


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError("Write a moment like 2026-03-14T09:30:00Z.")
    return datetime.fromisoformat(value.upper())


#: An aware moment.
Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]


def _day(value: Any) -> date:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"[12]\d{3}-\d\d-\d\d", value, re.ASCII):
        raise ValueError("Write a day like 2026-03-14.")
    return date.fromisoformat(value)


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
#: The public id of a person, run or award.
PublicId = Annotated[str, StringConstraints(pattern=PUBLIC_ID)]
#: One line of text.
Line = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Reason = Annotated[
    str,
    Field(min_length=1, max_length=500, description="Why. The person is told these words."),
]
#: `next` of every list.
Next = Annotated[str | None, Field(description="Where the next page begins; null on the last one.")]


class PageAsked(Given):
    """Which page of a list."""

    limit: Annotated[int, Field(ge=1, le=100, description="How many at most in this answer.")] = 50
    cursor: Annotated[str | None, Field(max_length=LONGEST_CURSOR, description="`next` of the answer before.")] = None


class Because(Given):
    """A reason for the person whom it touches."""

    reason: Reason
