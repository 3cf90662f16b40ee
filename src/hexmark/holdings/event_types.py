"""What holdings record."""

from enum import StrEnum


class EventType(StrEnum):
    """Events about what people hold. `holding.changed` names the people of one organisation whose facts are not what they were."""

    HOLDINGS_CHANGED = "holding.changed"
    HOLDING_EXPIRED = "holding.expired"
    DECIDED = "decision.recorded"
