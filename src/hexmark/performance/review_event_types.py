"""What happens to cycles and reviews, for the log. Never with words of anybody: the log is read by more people than a review."""

from enum import StrEnum


class EventType(StrEnum):
    """Events about cycles, reviews, feedback and packets."""

    CYCLE_MADE = "cycle.made"
    CYCLE_CHANGED = "cycle.changed"
    CYCLE_OPENED = "cycle.opened"
    CYCLE_CLOSED = "cycle.closed"
    REVIEW_HANDED_IN = "review.handed_in"
    REVIEW_CONFIRMED = "review.confirmed"
    REVIEW_CLOSED = "review.closed"
    REVIEW_REOPENED = "review.reopened"
    FEEDBACK_ASKED = "feedback.asked"
    FEEDBACK_ANSWERED = "feedback.answered"
    PACKET_SIGNED = "packet.signed"
