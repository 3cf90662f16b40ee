"""What opportunities record."""

from enum import StrEnum


class EventType(StrEnum):
    """Events about openings, and about the people who want them."""

    CREATED = "opportunity.created"
    CHANGED = "opportunity.changed"
    GATE_CHANGED = "opportunity.gate_changed"
    OPENED = "opportunity.opened"
    CLOSED = "opportunity.closed"
    INTEREST_RAISED = "interest.raised"
    INTEREST_WITHDRAWN = "interest.withdrawn"
    INTEREST_DECIDED = "interest.decided"
    DECISION_UNDONE = "interest.decision_undone"
    WAIVER_ASKED = "waiver.asked"
    WAIVER_DECIDED = "waiver.decided"
    CONSENT_ASKED = "consent.asked"
    CONSENT_GIVEN = "consent.given"
    CONSENT_REFUSED = "consent.refused"
    CONSENT_WITHDRAWN = "consent.withdrawn"
