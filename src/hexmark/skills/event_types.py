"""What skills record."""

from enum import StrEnum


class EventType(StrEnum):
    """Events about frameworks, skills and what roles ask for."""

    FRAMEWORK_CREATED = "framework.created"
    FRAMEWORK_CHANGED = "framework.changed"
    FRAMEWORK_REMOVED = "framework.removed"
    FRAMEWORK_IMPORTED = "framework.imported"
    SKILL_CHANGED = "skill.changed"
    ROLE_REQUIREMENTS_CHANGED = "role_requirements.changed"
