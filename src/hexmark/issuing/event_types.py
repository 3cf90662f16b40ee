"""What issuing records."""

from enum import StrEnum


class EventType(StrEnum):
    """Events about credentials and status lists."""

    CREDENTIAL_ISSUED = "credential.issued"
    CREDENTIAL_REVOKED = "credential.revoked"
    CREDENTIAL_PAUSED = "credential.paused"
    CREDENTIAL_LIFTED = "credential.lifted"
    STATUS_LIST_PUBLISHED = "status_list.published"
