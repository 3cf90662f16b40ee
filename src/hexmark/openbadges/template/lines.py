"""N-Quads lines with places for texts: the form in which a template is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from hexmark.openbadges.nquads import Quad, line
from hexmark.openbadges.template.slots import PREFIX

#: A sentinel that fills a term: between `<` and `>`, or between quotes, after which a datatype or language may follow.
_WHOLE = re.compile(rf'(?:<{PREFIX}(?P<iri>\d+):>|"{PREFIX}(?P<literal>\d+):"(?:\^\^<[^<>]*>|@[A-Za-z0-9-]+)?)')
_SENTINEL = re.compile(rf"{PREFIX}(\d+):")


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of which each holds at least one place."""

    #: As for the % operator; the lines without their line feeds, joined by line feeds.
    format: str
    pick: Callable[[Sequence[str]], Any]

    @classmethod
    def of(cls, quads: Sequence[Quad], labels: Mapping[str, int] | None = None) -> Lines:
        """The lines of these quads. Slot n takes text n; a blank node in `labels` takes the text with the number given there."""
        formats, places = [], []
        for quad in quads:
            # Term by term: a literal may hold what looks like a blank node.
            (subject, predicate, object_, graph), numbers = zip(*(_placed(term, labels or {}) for term in quad), strict=True)
            formats.append(line((subject, predicate, object_, graph))[:-1])
            places += [number for found in numbers for number in found]
        return cls("\n".join(formats), itemgetter(*places))

    def filled(self, texts: Sequence[str]) -> list[str]:
        """The lines with these texts, none of which holds a line feed."""
        filled: str = self.format % self.pick(texts)
        return filled.split("\n")


def sentinels_in(quad: Quad) -> list[int]:
    """The numbers of the slots in this quad, in order, with repetition."""
    return [int(number) for term in quad for number in _SENTINEL.findall(term)]


def whole_slot(term: str) -> tuple[int, bool] | None:
    """The slot that fills this term, and whether as an IRI; None if the term is anything else."""
    match = _WHOLE.fullmatch(term)
    if match is None:
        return None
    return (int(match["iri"]), True) if match["iri"] else (int(match["literal"]), False)


def _placed(term: str, labels: Mapping[str, int]) -> tuple[str, list[int]]:
    """The term as a format, and the numbers of the texts that it takes."""
    if term in labels:
        return "%s", [labels[term]]
    return _SENTINEL.sub("%s", term.replace("%", "%%")), [int(number) for number in _SENTINEL.findall(term)]
