"""Decisions about achievements that need no database."""

from __future__ import annotations

from hexmark.catalogue.models import AchievementVersion
from hexmark.organisations.models import Organisation

SHORTEST_CRITERIA = 20


def missing_for_publication(version: AchievementVersion) -> dict[str, str]:
    """What keeps a draft from being published: field name → sentence. Empty when nothing does."""
    missing: dict[str, str] = {}
    if not version.name.strip():
        missing["name"] = "Give it a name."
    if not version.description.strip():
        missing["description"] = "Say in a sentence or two what it stands for."
    if len(version.criteria.strip()) < SHORTEST_CRITERIA:
        missing["criteria"] = "Say how to earn it: what somebody must do or show. Without this nobody can judge what it is worth."
    return missing


def kind_of(organisation: Organisation, assurance: str) -> AchievementVersion.Kind:
    """The kind that the organisation's own rule gives to this assurance."""
    assessed = assurance >= organisation.assessed_from
    return AchievementVersion.Kind.ASSESSED if assessed else AchievementVersion.Kind.UNASSESSED
