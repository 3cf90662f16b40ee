"""What issuing records."""

from enum import StrEnum


class EventType(StrEnum):
    """Events about credentials and status lists."""

    CREDENTIAL_ISSUED = "credential.issued"
    CREDENTIAL_REVOKED = "credential.revoked"
    CREDENTIAL_PAUSED = "credential.paused"
    CREDENTIAL_LIFTED = "credential.lifted"
    STATUS_LIST_PUBLISHED = "status_list.published"
    SIGNED_FORM_CHOSEN = "issuing.form_chosen"
    VC_API_OPENED = "issuing.vc_api_opened"
    VC_API_CLOSED = "issuing.vc_api_closed"
    CREDENTIAL_REQUESTED = "issuing.credential_requested"
    REQUESTED_STATUS_CHANGED = "issuing.requested_status_changed"
