"""What an achievement, and later a signed file, says of a skill that the organisation keeps: its words as they are when it is chosen."""

from __future__ import annotations

from hexmark.catalogue.models import Alignment
from hexmark.skills.models import HIGHEST_LEVEL, Skill

_LONGEST = Alignment._meta.get_field("target_description").max_length or 0


def link_to(alignment: Alignment, skill: Skill, level: int) -> Alignment:
    """The alignment is with this skill at this level (0 for none), in the words that the skill has now."""
    alignment.skill, alignment.level = skill, level
    alignment.target_name, alignment.target_url, alignment.target_code = skill.name, skill.url, skill.code
    alignment.target_framework = skill.framework.name
    alignment.target_description = level_in_words(skill, level)
    return alignment


def level_in_words(skill: Skill, level: int) -> str:
    """“Level 3 of 5: …”, the only place that the standard has for a level in an alignment; empty for none."""
    if not level:
        return ""
    text = skill.level_text(level)
    return (f"Level {level} of {HIGHEST_LEVEL}: {text}" if text else f"Level {level} of {HIGHEST_LEVEL}")[:_LONGEST]
