"""MS-1: the directory, with thirty things to achieve."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from tests.web.pages import Visitor, text_of
from tests.world import World

from hexmark.catalogue.models import AchievementVersion, DirectoryEntry

ROLES = ("Field engineer", "Sales engineer", "Support")
LEVELS = (1, 2, 3, 4, 5)
SUBJECTS = ("Safety", "Measurement")


@pytest.fixture
def thirty(acme: World) -> list[AchievementVersion]:
    """One for each role, level and subject."""
    return [
        acme.achievement(f"{subject} for {role} {level}", roles=[role], level=level, subjects=[subject], effort_minutes=60 * level)
        for role, level, subject in product(ROLES, LEVELS, SUBJECTS)
    ]


def asked(visitor: Visitor, query: str, address: str = "/directory.json") -> dict[str, Any]:
    """What the directory answers to a program."""
    response = visitor.get(f"{address}?{query}")
    assert response.status_code == 200, response.content
    said: dict[str, Any] = response.json()
    return said


def names(said: dict[str, Any]) -> set[str]:
    """The names in an answer."""
    return {entry["name"] for entry in said["entries"]}


def counts(said: dict[str, Any], group: str) -> dict[str, int]:
    """How many each value of a group says it would give."""
    return {value["label"]: value["count"] for value in said["facets"][group]}


def test_MS_1_directory(visitor: Visitor, thirty: list[AchievementVersion]) -> None:  # noqa: N802
    # Across groups all have to hold.
    found = asked(visitor, "role=Field engineer&level=Intermediate&subject=Safety")
    assert names(found) == {"Safety for Field engineer 3"}

    # With a comma in a group, either does.
    found = asked(visitor, "role=field+engineer,support&level=Intermediate,5&subject=safety")
    assert names(found) == {f"Safety for {role} {level}" for role in ("Field engineer", "Support") for level in (3, 5)}

    # The count of a value is what one gets by choosing it: its own group's filter does not count, all others do.
    assert counts(found, "role") == {"Field engineer": 2, "Sales engineer": 2, "Support": 2}
    assert counts(found, "level")["3, Intermediate"] == 2
    assert counts(found, "subject") == {"Safety": 4, "Measurement": 4}
    for value in found["facets"]["role"]:
        chosen = asked(visitor, f"role={value['value']}&level=Intermediate,5&subject=safety")
        assert chosen["total"] == value["count"]

    # The address says it all: whoever is sent it sees the same.
    page = visitor.get("/directory?role=field+engineer,support&level=3,5&subject=safety")
    assert "4 results" in text_of(page)
    assert (
        'href="https://badges.acme.example/directory?role=field+engineer,support&amp;level=3,5&amp;subject=safety"' in page.content.decode()
    )

    # For programs, under the address that they try, from a moment on.
    earlier, later = datetime(2025, 12, 31, 23, 59, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    DirectoryEntry.objects.update(changed_at=earlier)
    DirectoryEntry.objects.filter(version=thirty[7]).update(changed_at=later)
    since = asked(visitor, "last_modified=2026-01-01..", address="/api/catalog")
    assert names(since) == {thirty[7].name}
    assert since["entries"][0]["lastModified"] == "2026-01-01T00:00:00Z"
    assert asked(visitor, "last_modified=..2025-12-31", address="/api/catalog")["total"] == 29
