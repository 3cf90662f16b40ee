"""The catalogue as a table: what a row says, and what becomes of each row that somebody brings. Files are read by `files.tables`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import transaction

from hexmark.access import Actor, Permission, allow
from hexmark.catalogue.actions import create_achievement, edit_draft
from hexmark.catalogue.effort import effort_in_words
from hexmark.catalogue.facets import fold
from hexmark.catalogue.models import AchievementVersion
from hexmark.errors import DomainError
from hexmark.organisations.models import Organisation

#: Drafts that one list may begin: each one is written by itself, and somebody has to look at each of them afterwards.
MOST_ROWS = 500
#: Columns that a list to import may have, and the fields that they fill.
TEXT_COLUMNS: Mapping[str, str] = {
    "name": "name",
    "description": "description",
    "criteria": "criteria",
    "evidence": "evidence",
    "assessment": "assessment",
    "assurance": "assurance",
    "level": "level",
    "effort": "effort_minutes",
    "validity_months": "validity_months",
    "roles": "roles",
    "subjects": "subjects",
    "tags": "tags",
    "language": "language",
    "type": "achievement_type",
}
#: What an export says besides; an import leaves these alone.
STATE_COLUMNS = ("address", "state", "version", "kind", "listed", "published", "earners")
COLUMNS = (*TEXT_COLUMNS, *STATE_COLUMNS)


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    EXISTS = "exists"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row of a list, and what would become of it."""

    line: int
    name: str
    outcome: Outcome
    reason: str = ""
    #: Fields of a version by name.
    text: Mapping[str, object] = field(default_factory=dict)


def exported(versions: Iterable[AchievementVersion], *, earners: Mapping[int, int]) -> Iterator[Sequence[object]]:
    """A row for each version, in the order of `COLUMNS`; `earners` by key of the achievement, left out where they are few."""
    for version in versions:
        yield (
            *(version.name, version.description, version.criteria, version.evidence, version.assessment),
            *(str(version.get_assurance_display()), version.level or None, effort_in_words(version.effort_minutes)),
            *(version.validity_months, ", ".join(version.roles), ", ".join(version.subjects), ", ".join(version.tags)),
            *(version.language, version.achievement_type, version.achievement.url, str(version.get_state_display()), version.number),
            *(version.word, "yes" if version.achievement.listed else "no"),
            *(version.published_at.date().isoformat() if version.published_at else "", earners.get(version.achievement_id)),
        )


def names_taken(organisation: Organisation) -> set[str]:
    """Names, folded, that an achievement of the organisation has or had."""
    names = AchievementVersion.objects.filter(achievement__organisation=organisation).values_list("name", flat=True)
    return {fold(name) for name in names}


def begin_drafts(organisation: Organisation, rows: Iterable[PlannedRow], *, actor: Actor) -> list[PlannedRow]:
    """Every row that was planned as new is a draft; returns what became of each row.

    Each row is written by itself, so that one that cannot be written keeps no other from it. Running the same list again begins nothing
    twice: what exists by then is said to exist.

    Raises:
        NotPermitted: the actor may not edit the catalogue here.
    """
    allow(actor, Permission.EDIT_CATALOGUE, organisation)
    taken = names_taken(organisation)
    done = []
    for row in rows:
        if row.outcome is Outcome.NEW and fold(row.name) in taken:
            done.append(PlannedRow(row.line, row.name, Outcome.EXISTS, "Something of this name is there already."))
            continue
        done.append(_begin(organisation, row, actor) if row.outcome is Outcome.NEW else row)
        taken.add(fold(row.name))
    return done


def _begin(organisation: Organisation, row: PlannedRow, actor: Actor) -> PlannedRow:
    try:
        with transaction.atomic():
            version = create_achievement(organisation, name=row.name, actor=actor)
            edit_draft(version, text=row.text, alignments=(), actor=actor)
    except DomainError as error:
        return PlannedRow(row.line, row.name, Outcome.WRONG, str(error))
    return row
