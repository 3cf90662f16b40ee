"""What people record."""

from enum import StrEnum


class EventType(StrEnum):
    """Events about persons and their access, teams, and lists that were brought."""

    PERSON_ADDED = "person.added"
    PERSON_CHANGED = "person.changed"
    PERSON_LEFT = "person.left"
    PERSON_RETURNED = "person.returned"
    ROLE_GIVEN = "person.role_given"
    ROLE_ENDED = "person.role_ended"
    TEAM_MADE = "team.made"
    TEAM_CHANGED = "team.changed"
    TEAM_CLOSED = "team.closed"
    IMPORT_RUN = "people_import.run"
    ACCESS_GRANTED = "person.access_granted"
    ACCESS_ENDED = "person.access_ended"
    ACCOUNT_LINKED = "person.account_linked"
