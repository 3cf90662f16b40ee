"""Words that sentences and explanations share: names, the organisation's own word for "badge", lists and numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

ASSURANCE = ("Self-stated", "Took part", "Completed", "Evidence judged", "Examined")


@dataclass(frozen=True, slots=True)
class Wording:
    """How things are called: ids → names, and what people here say for "badge"."""

    names: Mapping[str, str] = field(default_factory=dict)
    badge: str = "badge"
    badges: str = "badges"

    def name(self, id_: str, fallback: str = "") -> str:
        """What this id is called, or at least what the requirement says, or the id itself."""
        return self.names.get(id_) or fallback or id_


PLAIN = Wording()


def listed(names: Sequence[str], joint: str = "and") -> str:
    """A list in words: "A", "A and B", "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {joint} {names[-1]}"


def number(value: Decimal | int) -> str:
    """A number for people: 12,500 and 0.7, without zeros that say nothing."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def many(count: int, one: str, more: str) -> str:
    """A number with its word: "1 badge", "3 badges"."""
    return f"{count:,} {one if count == 1 else more}"
