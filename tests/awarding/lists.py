"""Lists of people for the tests of awarding many."""

from __future__ import annotations

from collections.abc import Sequence

from tests.world import World

from hexmark.awarding.batches import begin_batch
from hexmark.awarding.models import Batch
from hexmark.awarding.row_rules import GivenRow
from hexmark.catalogue.models import AchievementVersion


def rows(*lines: str) -> list[GivenRow]:
    """Rows as `email,name,narrative,decided_on`, beginning in line 2 below the headings."""
    return [GivenRow(line, *text.split(",")) for line, text in enumerate(lines, start=2)]


def begun(acme: World, version: AchievementVersion, *lines: str) -> Batch:
    """A list of acme's steward with these lines, checked."""
    batch = begin_batch(version, rows=rows(*lines), source="staff.csv", actor=acme.steward)
    batch.refresh_from_db()
    return batch


def outcomes(batch: Batch) -> list[str]:
    """What is said of each row, in order."""
    return list(batch.rows.order_by("line").values_list("outcome", flat=True))


def reasons(batch: Batch) -> Sequence[str]:
    """Why, of each row, in order."""
    return list(batch.rows.order_by("line").values_list("reason", flat=True))
