"""What each step of assurance says, and does not say: badge against credential, in words for whoever has to rely on one. No database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hexmark.catalogue.models import AchievementVersion
from hexmark.organisations.assurance import Assurance
from hexmark.organisations.models import Organisation

_KIND = AchievementVersion.Kind


@dataclass(frozen=True, slots=True)
class Meaning:
    """What somebody looked at before it was given, and what nobody did."""

    checked: str
    not_checked: str


MEANINGS: Mapping[str, Meaning] = {
    Assurance.STATED: Meaning(
        "Nothing: whoever holds it says so.",
        "Whether it is true. Nobody else looked at it.",
    ),
    Assurance.TOOK_PART: Meaning(
        "That whoever holds it was there.",
        "What they learned, and whether they can do it.",
    ),
    Assurance.COMPLETED: Meaning(
        "That everything asked for was finished.",
        "How well it was done: nobody judged the work.",
    ),
    Assurance.JUDGED: Meaning(
        "Somebody with the right to judge compared what was handed in or done with what is asked for.",
        "There was no examination under supervision.",
    ),
    Assurance.EXAMINED: Meaning(
        "An examination or a practical test was passed.",
        "How the skill is used at work since then.",
    ),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the five, as an organisation sees it."""

    code: str
    label: str
    #: What the organisation calls an achievement of this step.
    word: str
    is_this: bool


def meaning_of(assurance: str) -> Meaning:
    """What was and was not checked at this step."""
    return MEANINGS[assurance]


def steps_of(version: AchievementVersion) -> Sequence[Step]:
    """The five steps with the words of the version's organisation; the version's own is marked and has the word that it was given."""
    organisation = version.achievement.organisation
    return [
        Step(
            code=step.value,
            label=step.label,
            word=version.word if step.value == version.assurance else word_from(organisation, step.value),
            is_this=step.value == version.assurance,
        )
        for step in Assurance
    ]


def word_from(organisation: Organisation, assurance: str) -> str:
    """What the organisation calls what is published with this assurance now."""
    return organisation.word_assessed if assurance >= organisation.assessed_from else organisation.word_unassessed


def counts_as(version: AchievementVersion, kind: AchievementVersion.Kind) -> bool:
    """Whether the version will do where this kind is required. Where nothing need be assessed, what was assessed does too."""
    return kind == _KIND.UNASSESSED or version.kind == _KIND.ASSESSED
