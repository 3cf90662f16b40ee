"""What organisations record."""

from enum import StrEnum


class EventType(StrEnum):
    """Events about an organisation itself."""

    ORGANISATION_FOUNDED = "organisation.founded"
    ORGANISATION_CHANGED = "organisation.changed"
    KEY_MADE = "organisation.key_made"
    API_KEY_MADE = "organisation.api_key_made"
    API_KEY_REVOKED = "organisation.api_key_revoked"
    SECOND_FACTOR_CHANGED = "organisation.second_factor_changed"
    PROVIDER_ADDED = "organisation.provider_added"
    PROVIDER_CHANGED = "organisation.provider_changed"
    PROVIDER_REMOVED = "organisation.provider_removed"
    DOMAIN_PROVEN = "organisation.domain_proven"
    DOMAIN_LOST = "organisation.domain_lost"
