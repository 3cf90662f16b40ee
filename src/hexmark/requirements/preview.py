"""What a change of a requirement would do, before it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from hexmark.requirements.evaluate import evaluate_many
from hexmark.requirements.facts import Holdings
from hexmark.requirements.rules import Requirement

Key = TypeVar("Key")


@dataclass(frozen=True)
class Change(Generic[Key]):
    """Who would meet it newly, who no longer, and who still does. None of `of` people in `meets`: nobody can meet it today."""

    gain: tuple[Key, ...]
    lose: tuple[Key, ...]
    keep: int
    of: int

    @property
    def meets(self) -> int:
        """How many would meet the changed requirement."""
        return self.keep + len(self.gain)


def preview(before: Requirement | None, after: Requirement, many: Mapping[Key, Holdings], at: datetime) -> Change[Key]:
    """Who gains and who loses when `after` stands in place of `before`, in the order of `many`. Without `before`, nobody met it."""
    now = evaluate_many(after, many, at).met
    then: frozenset[Key] = evaluate_many(before, many, at).met if before is not None else frozenset()
    gain = tuple(key for key in many if key in now and key not in then)
    lose = tuple(key for key in many if key in then and key not in now)
    return Change(gain, lose, len(now & then), len(many))
