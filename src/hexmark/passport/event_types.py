"""What the passport records in the log of the issuing organisation. What a holder shows to whom is the holder's, and not recorded."""

from enum import StrEnum


class EventType(StrEnum):
    """Events about what was given to somebody."""

    ACCEPTED = "entry.accepted"
    DECLINED = "entry.declined"
    OBJECTED = "objection.made"
    OBJECTION_ANSWERED = "objection.answered"
