"""What changed from one version to another, field by field, in words. No database here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from hexmark.catalogue.effort import effort_in_words
from hexmark.catalogue.labels import language_name
from hexmark.catalogue.models import AchievementVersion, Alignment

#: Longer texts are shown whole, old and new: comparing them word by word takes time with the square of their length.
MOST_COMPARED_WORDS = 1500


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed, went or came."""

    text: str
    #: "same", "gone" or "new".
    state: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that says something else now."""

    label: str
    pieces: Sequence[Piece]


def differences(old: AchievementVersion, new: AchievementVersion) -> list[Difference]:
    """Every field in which the two versions differ, in the order of the editor."""
    before, after = dict(_said(old)), dict(_said(new))
    return [Difference(label, compared(before[label], after[label])) for label in before if before[label] != after[label]]


def _said(version: AchievementVersion) -> Iterator[tuple[str, str]]:
    yield "Name", version.name
    yield "What it stands for", version.description
    yield "How to earn it", version.criteria
    yield "What to show", version.evidence
    yield "How it is judged", version.assessment
    yield "How surely it is shown", str(version.get_assurance_display())
    yield "Level", str(version.level) if version.level else ""
    yield "Usual effort", effort_in_words(version.effort_minutes)
    yield "Valid for", f"{version.validity_months} months" if version.validity_months else "without end"
    yield "For which roles", ", ".join(version.roles)
    yield "Subjects", ", ".join(version.subjects)
    yield "Tags", ", ".join(version.tags)
    yield "Skills", "\n".join(_skill(one) for one in version.alignments.order_by("pk"))
    yield "Type in the open standard", version.achievement_type
    yield "Language", language_name(version.language)
    yield "Picture", "your own" if version.image_png and not version.drawn_svg else "drawn"


def _skill(alignment: Alignment) -> str:
    return " ".join(filter(None, (alignment.target_name, alignment.target_code, alignment.target_framework, alignment.target_url)))


def compared(old: str, new: str) -> list[Piece]:
    """Runs of words that stayed, went or came; those that did not come make up the old text, those that did not go the new one."""
    before, after = re.findall(r"\s+|\S+", old), re.findall(r"\s+|\S+", new)
    if max(len(before), len(after)) > MOST_COMPARED_WORDS:
        return [Piece(old, "gone"), Piece(new, "new")]
    pieces = []
    for what, first, last, begin, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece("".join(before[first:last]), "same"))
            continue
        pieces += [Piece("".join(before[first:last]), "gone"), Piece("".join(after[begin:end]), "new")]
    return [piece for piece in pieces if piece.text]
