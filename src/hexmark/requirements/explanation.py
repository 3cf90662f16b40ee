"""The answer to a requirement for one person, in data and in words. Nothing here decides; `evaluate` does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hexmark.requirements.moments import day


@dataclass(frozen=True, slots=True)
class Counted:
    """A fact that counted: which (`ref`: a credential's id or ""), what in words, since when and until when it counts."""

    ref: str
    kind: str
    what: str
    since: datetime | None = None
    lapses_on: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        """JSON of it; what is not known is left out."""
        found = {"ref": self.ref, "kind": self.kind, "what": self.what, "since": _text(self.since), "lapses_on": _text(self.lapses_on)}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class Missing:
    """What is not shown: what (`id` of the achievement, skill or measure), and why not. `met_from`: when waiting alone mends it."""

    id: str
    kind: str
    what: str
    why: str
    met_from: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        """JSON of it; what is not known is left out."""
        found = {"id": self.id, "kind": self.kind, "what": self.what, "why": self.why, "met_from": _text(self.met_from)}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether a requirement is met, and why. `shown` of `of` parts are there; `lapses_on` is the last moment at which it is still met
    if nothing is gained, None where nothing lapses or it is not met. `counted` and `missing` gather what all parts say."""

    met: bool
    kind: str
    sentence: str
    shown: int
    of: int
    parts: tuple[Explanation, ...] = ()
    counted: tuple[Counted, ...] = ()
    missing: tuple[Missing, ...] = ()
    lapses_on: datetime | None = None

    @property
    def summary(self) -> str:
        """The answer in one line: "Met; lapses on 3 March 2026." or "2 of 3 shown; missing: Coaching (not held)." """
        if self.met:
            return f"Met; lapses on {day(self.lapses_on)}." if self.lapses_on else "Met."
        missing = "; ".join(f"{one.what} ({one.why})" for one in self.missing)
        return f"{self.shown} of {self.of} shown; missing: {missing}." if self.of > 1 else f"Missing: {missing}."

    def to_json(self) -> dict[str, Any]:
        """JSON of it, the same for the same answer: pages, commands and stored decisions compare it."""
        return {
            "met": self.met,
            "type": self.kind,
            "sentence": self.sentence,
            "summary": self.summary,
            "shown": self.shown,
            "of": self.of,
            "lapses_on": _text(self.lapses_on),
            "counted": [one.to_json() for one in self.counted],
            "missing": [one.to_json() for one in self.missing],
            "parts": [part.to_json() for part in self.parts],
        }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
