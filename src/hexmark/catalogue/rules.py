"""Decisions about achievements that need no database."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hexmark.catalogue.models import AchievementVersion, Alignment
from hexmark.files.text import hides_in_line, hides_in_text
from hexmark.organisations.models import Organisation
from hexmark.organisations.rules import is_web_address

SHORTEST_CRITERIA = 20
#: BCP 47 as signed files are checked for it.
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_HIDES = "This holds hidden characters. Type it again instead of pasting it."


def missing_for_publication(version: AchievementVersion) -> dict[str, str]:
    """What keeps a draft from being published: field name → sentence. Empty when nothing does."""
    missing: dict[str, str] = {}
    if not version.name.strip():
        missing["name"] = "Give it a name."
    if not version.description.strip():
        missing["description"] = "Say in a sentence or two what it stands for."
    if len(version.criteria.strip()) < SHORTEST_CRITERIA:
        missing["criteria"] = "Say how to earn it: what somebody must do or show. Without this nobody can judge what it is worth."
    if not _LANGUAGE.fullmatch(version.language):
        missing["language"] = "Name the language by a code such as en, cy or de-AT."
    # What cannot be signed or drawn is refused here, not after somebody was awarded it.
    hiding = {
        "name": hides_in_line(version.name),
        "description": hides_in_text(version.description),
        "criteria": hides_in_text(version.criteria),
        "evidence": hides_in_text(version.evidence),
        "assessment": hides_in_text(version.assessment),
        "tags": any(map(hides_in_line, version.tags)),
        "roles": any(map(hides_in_line, version.roles)),
        "subjects": any(map(hides_in_line, version.subjects)),
    }
    return missing | {field: _HIDES for field, hides in hiding.items() if hides}


def unusable_alignment(alignments: Iterable[Alignment]) -> str:
    """Why one of these skills cannot stand in a signed file; empty when all can."""
    for alignment in alignments:
        if not is_web_address(alignment.target_url):
            return f"The address of the skill “{alignment.target_name}” is none like https://example.org/skill."
        if any(map(hides_in_line, (alignment.target_name, alignment.target_code, alignment.target_framework))):
            return f"The skill “{alignment.target_name}” holds hidden characters. Type it again instead of pasting it."
    return ""


def kind_of(organisation: Organisation, assurance: str) -> AchievementVersion.Kind:
    """The kind that the organisation's own rule gives to this assurance."""
    assessed = assurance >= organisation.assessed_from
    return AchievementVersion.Kind.ASSESSED if assessed else AchievementVersion.Kind.UNASSESSED
