"""The chapters of a house as they happened: published, awarded sitting by sitting with back-dated decisions, and really signed.

The signature is of today, and says so: only the decision, and with it the validity, is of the past.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import transaction

from hexmark.access import Actor
from hexmark.awarding import actions as awarding
from hexmark.catalogue.actions import begin_version, create_achievement, edit_draft, publish_version, retire_version
from hexmark.catalogue.models import Achievement, AchievementVersion, Alignment
from hexmark.demo.settling import Settled, days_ago
from hexmark.demo.tale import Chapter
from hexmark.demo.telling import Sitting, sittings

MINUTES_AN_HOUR = 60


def tell(settled: Settled, chapters: Sequence[Chapter], *, told: Callable[[], None]) -> None:
    """Every chapter stands in the catalogue, and everybody who earned it was awarded it."""
    history: dict[str, dict[str, int]] = {}
    published: dict[str, Achievement] = {}
    by = settled.by
    for chapter in chapters:
        version = _version(settled, chapter, published.get(chapter.name), by)
        published[chapter.name] = version.achievement
        if chapter.ends != "draft":
            publish_version(version, actor=by)
            held = history.setdefault(chapter.name, {})
            for sitting in sittings(chapter, settled.figures, history, steward=settled.steward.email):
                _award(settled, version, sitting, held, by)
        if chapter.ends == "retired":
            retire_version(version, actor=by)
        told()


def _version(settled: Settled, chapter: Chapter, achievement: Achievement | None, actor: Actor) -> AchievementVersion:
    """The chapter's draft."""
    if chapter.is_next_version and achievement is not None:
        version = begin_version(achievement, actor=actor)
    else:
        version = create_achievement(settled.organisation, name=chapter.name, actor=actor)
    text: dict[str, object] = {
        "description": chapter.description,
        "criteria": chapter.criteria,
        "evidence": chapter.evidence,
        "assessment": chapter.assessment,
        "assurance": chapter.assurance,
        "level": chapter.level,
        "achievement_type": chapter.achievement_type,
        "validity_months": chapter.validity_months,
        "tags": list(chapter.tags),
        "roles": list(chapter.roles),
        "subjects": list(chapter.subjects),
        "effort_minutes": round(chapter.hours * MINUTES_AN_HOUR) or None,
        "language": chapter.language,
    }
    skills = [
        Alignment(target_name=skill.name, target_url=skill.url, target_code=skill.code, target_framework="Hexham skills")
        for skill in chapter.skills
    ]
    edit_draft(version, text=text, alignments=skills, actor=actor)
    return version


@transaction.atomic
def _award(settled: Settled, version: AchievementVersion, sitting: Sitting, held: dict[str, int], actor: Actor) -> None:
    # Who holds the version before keeps it; the next one is for those who come after.
    earners = [settled.people[email] for email in sitting.earners if email not in held]
    if not earners:
        return
    decided_at = days_ago(sitting.days_ago)
    awarded = awarding.award(version, to=earners, actor=actor, narrative=sitting.narrative, decided_at=decided_at)
    awarding.release_now(awarded.run, actor=actor)
    held |= dict.fromkeys(sitting.earners, sitting.days_ago)
