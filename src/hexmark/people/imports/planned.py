"""One row of a list on its way through the check: what it says, whom it means, what it would do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hexmark.people.models import ImportRow, Person

Status = ImportRow.Status


class Fault(Exception):
    """Why a row cannot be run: a code for programs and a sentence for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(slots=True)
class Planned:
    """A row and what is known of it by now. Days in `values` are ISO texts; `manager` is a person of the house or another row."""

    line: int
    cells: list[str]
    #: Cells by our fields; only those fields that the list has.
    given: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    person: Person | None = None
    manager: Person | Planned | None = None
    changes: dict[str, list[str]] = field(default_factory=dict)
    fault: Fault | None = None
    status: str = ""
    place: int = 0

    @property
    def runs(self) -> bool:
        """Whether the row does something, and can."""
        return self.status in (Status.NEW, Status.CHANGED)

    def refuse(self, fault: Fault) -> None:
        """The row cannot be run; the first reason stands."""
        if self.fault is None:
            self.fault = fault
            self.status = Status.CONFLICT if fault.code == "CONFLICT" else Status.ERROR
