"""What a target may ask for: the terms as typed, and as they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hexmark.errors import Invalid
from hexmark.files.text import hides_in_line, hides_in_text
from hexmark.measures.models import Measure
from hexmark.measures.rules import checked_number
from hexmark.people.models import Person, Team
from hexmark.performance.models import Cycle
from hexmark.requirements.codec import RequirementError, parse, to_json

LONGEST = {"title": 200, "why": 1000, "consequence": 2000, "adjustments": 2000}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed: of whom, what, by when, why. Either a rule or a measure with a value."""

    title: str
    due_on: date
    person: Person | None = None
    team: Team | None = None
    rule: Any = None
    measure: Measure | None = None
    value: Decimal | None = None
    why: str = ""
    cycle: Cycle | None = None
    counts_from: date | None = None
    consequence: str = ""
    adjustments: str = ""

    def cleaned(self) -> dict[str, Any]:
        """The terms as they are stored.

        Raises:
            Invalid: one of them cannot be used.
        """
        terms: dict[str, Any] = {name: getattr(self, name).strip() for name in LONGEST}
        for name, longest in LONGEST.items():
            hides = hides_in_line if name == "title" else hides_in_text
            if len(terms[name]) > longest or hides(terms[name]):
                raise Invalid(f"Write at most {longest} characters, all of them visible.", field=name)
        if not terms["title"]:
            raise Invalid("Say in a few words what is to be reached.", field="title")
        if (self.rule is None) == (self.measure is None):
            raise Invalid("A target asks for one thing: something held, or a figure that is reached.", field="rule")
        terms |= {"due_on": self.due_on, "cycle": self.cycle, "measure": self.measure, "rule": None, "value": None}
        return terms | (self._of_measure() if self.measure else self._of_rule())

    def _of_measure(self) -> dict[str, Any]:
        assert self.measure is not None
        if self.value is None:
            raise Invalid("Say which value is to be reached.", field="value")
        if self.person and not self.measure.is_about_people:
            raise Invalid(f"“{self.measure.name}” is not kept of single people.", field="measure")
        if self.team and self.measure.per == Measure.Per.ORGANISATION:
            raise Invalid(f"“{self.measure.name}” is kept of the whole organisation.", field="measure")
        value = checked_number(self.value)
        if value <= 0 and self.measure.direction == Measure.Direction.UP:
            raise Invalid("A value to be reached is more than nothing.", field="value")
        return {"value": value}

    def _of_rule(self) -> dict[str, Any]:
        try:
            rule = to_json(parse(self.rule))
        except RequirementError as error:
            raise Invalid(str(error), field="rule") from error
        if self.team is None:
            return {"rule": rule}
        value = checked_number(Decimal(100) if self.value is None else self.value)
        if not 0 < value <= 100:
            raise Invalid("Say how many of a hundred people it takes: 1 to 100.", field="value")
        return {"rule": rule, "value": value}


def in_log(terms: dict[str, Any]) -> dict[str, Any]:
    """Terms as they can stand in the log: words of the agreement's own, and names of what it points at."""
    told: dict[str, Any] = {}
    for name, value in terms.items():
        if value in (None, ""):
            continue
        told[name] = value if isinstance(value, str | int | dict | list) else value.isoformat() if isinstance(value, date) else str(value)
    return told
