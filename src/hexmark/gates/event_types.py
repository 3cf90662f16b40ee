"""What happens to open gates, for the log."""

from enum import StrEnum


class EventType(StrEnum):
    """Events about open gates."""

    PUBLISHED = "open_gate.published"
    SIGNED = "open_gate.signed"
    WITHDRAWN = "open_gate.withdrawn"
