"""A draft that the tests of the catalogue begin with."""

from __future__ import annotations

from typing import Any

from tests.world import World, plain_picture

from hexmark.catalogue.actions import create_achievement
from hexmark.catalogue.models import AchievementVersion


def draft(acme: World, name: str = "Kiln Safety", **text: Any) -> AchievementVersion:
    """A draft that lacks nothing, with these texts changed."""
    version = create_achievement(acme.organisation, name=name.strip() or "Nameless", actor=acme.steward)
    given = {
        "description": "Fires a kiln safely.",
        "criteria": "Three firings under supervision.",
        "image_png": plain_picture(),
        "name": name,
    }
    for field, value in (given | text).items():
        setattr(version, field, value)
    version.save()
    return version
