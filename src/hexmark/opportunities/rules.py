"""Decisions about interest, waivers and consent that need no database."""

from __future__ import annotations

from datetime import datetime, timedelta

from hexmark.errors import Invalid
from hexmark.files.text import hides_in_text
from hexmark.opportunities.interest_tables import LONGEST_REASON, Interest

#: As with an award: in this time what somebody did can be undone as if it had never been, and nobody is told of it yet.
HOLD = timedelta(minutes=10)


def may_be_undone(interest: Interest, now: datetime) -> bool:
    """Whether the decision can be taken back: nobody was told of it yet."""
    return interest.decided_at is not None and interest.told_at is None


def was_just_raised(interest: Interest, now: datetime) -> bool:
    """Whether taking the hand down is undoing it, and no withdrawal."""
    return interest.decided_at is None and now - interest.raised_at < HOLD


def checked_reason(reason: str, *, field: str = "reason", longest: int = LONGEST_REASON) -> str:
    """The reason without space around it.

    Raises:
        Invalid: there is none, it is too long, or something in it does not show.
    """
    given = reason.strip()
    if not given:
        raise Invalid("Give a reason: it is told to whom it concerns, and kept.", field=field)
    return checked_words(given, field=field, longest=longest)


def checked_words(words: str, *, field: str, longest: int = LONGEST_REASON) -> str:
    """The words without space around them; there may be none.

    Raises:
        Invalid: they are too long, or something in them does not show.
    """
    given = words.strip()
    if len(given) > longest or hides_in_text(given):
        raise Invalid(f"At most {longest:,} characters, all of them visible.", field=field)
    return given
