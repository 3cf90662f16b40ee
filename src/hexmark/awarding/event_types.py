"""What awarding records."""

from enum import StrEnum


class EventType(StrEnum):
    """Events about awards and their runs."""

    AWARDED = "award.made"
    UNDONE = "award.undone"
    RELEASED = "award.released"
    REFUSED = "award.refused"
    RUN_STARTED = "award.run_started"
    RUN_PAUSED = "award.run_paused"
    RUN_RESUMED = "award.run_resumed"
