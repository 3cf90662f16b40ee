"""What people record."""

from enum import StrEnum


class EventType(StrEnum):
    """Events about persons and their access."""

    PERSON_ADDED = "person.added"
    PERSON_LEFT = "person.left"
    ACCESS_GRANTED = "person.access_granted"
    ACCESS_ENDED = "person.access_ended"
    ACCOUNT_LINKED = "person.account_linked"
