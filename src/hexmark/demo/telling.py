"""Who earned what, and when: drawn from the story's chapters, always the same. Nothing here knows the database."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hexmark.demo.casting import Figure
from hexmark.demo.tale import SEED, Chapter

#: A sitting is at least so many days after the one that is its condition.
APART_DAYS = 30


@dataclass(frozen=True, slots=True)
class Sitting:
    """One past decision: the earners by address, how many days ago, and what was said of them."""

    chapter: Chapter
    earners: tuple[str, ...]
    days_ago: int
    narrative: str = ""


#: Chapter name → address → how many days ago it was earned.
History = Mapping[str, Mapping[str, int]]


def sittings(chapter: Chapter, figures: Sequence[Figure], history: History, *, steward: str) -> list[Sitting]:
    """The chapter's past decisions, oldest first. Nobody earns it twice, before they came, or without what it asks for."""
    own = [
        Sitting(chapter, (figure.email,), decision.days_ago, decision.narrative or chapter.narrative)
        for decision in chapter.own
        for figure in figures
        if figure.name == decision.name
    ]
    # Nobody awards themselves, and who is named has their own story.
    apart = {figure.email for figure in figures if figure.persona is not None} | {steward}
    able = [figure for figure in figures if figure.group in chapter.of and figure.email not in apart]
    draw = random.Random(f"{SEED} {chapter.name}")  # noqa: S311 (a story, not a secret)
    chosen = draw.sample(able, round(len(able) * chapter.share))
    days = [chapter.days_back - n * (chapter.days_back // chapter.sittings) for n in range(chapter.sittings)]
    groups: dict[int, list[str]] = {day: [] for day in days}
    for figure in chosen:
        open_to_them = [day for day in days if day < _earliest(figure, chapter, history)]
        if open_to_them:
            groups[draw.choice(open_to_them)].append(figure.email)
    drawn = [Sitting(chapter, tuple(emails), day, chapter.narrative) for day, emails in groups.items() if emails]
    return sorted([*own, *drawn], key=lambda sitting: -sitting.days_ago)


def _earliest(figure: Figure, chapter: Chapter, history: History) -> int:
    """Days ago before which they cannot have earned it."""
    if not chapter.needs:
        return figure.started_days_ago
    held_since = history.get(chapter.needs, {}).get(figure.email, 0)
    return min(figure.started_days_ago, held_since - APART_DAYS)
