"""What the catalogue records."""

from enum import StrEnum


class EventType(StrEnum):
    """Events about achievements."""

    ACHIEVEMENT_CREATED = "achievement.created"
    DRAFT_CHANGED = "achievement.draft_changed"
    ACHIEVEMENT_PUBLISHED = "achievement.published"
    ACHIEVEMENT_RETIRED = "achievement.retired"
    VERSION_BEGUN = "achievement.version_begun"
    DRAFT_DISCARDED = "achievement.draft_discarded"
    LISTING_CHANGED = "achievement.listing_changed"
