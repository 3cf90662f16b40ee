"""What awarding records."""

from enum import StrEnum


class EventType(StrEnum):
    """Events about awards."""

    AWARDED = "award.made"
    UNDONE = "award.undone"
    RELEASED = "award.released"
    REFUSED = "award.refused"
