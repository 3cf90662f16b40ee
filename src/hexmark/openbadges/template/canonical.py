"""The canonical N-Quads of a document from its texts alone (rules 3, 5, 7 and 8 of the package)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hexmark.openbadges.template.blank_nodes import Labelling
from hexmark.openbadges.template.lines import Lines
from hexmark.openbadges.template.slots import Miss


@dataclass(frozen=True, slots=True)
class CanonicalTemplate:
    """What is left of canonicalisation once the structure is known."""

    #: For each slot how its text is written into lines; it raises Miss over a text of another class.
    writers: tuple[Callable[[str], str], ...]
    labelling: Labelling
    #: Lines that are the same for all documents, in order.
    constant: tuple[str, ...]
    varying: Lines | None

    def canonical(self, texts: Sequence[str]) -> bytes:
        """The canonical N-Quads of the document that has these texts in its slots.

        Raises:
            Miss: they are outside of what the template is known to be right for.
        """
        if self.varying is None:
            return _joined(list(self.constant))
        written = [write(text) for write, text in zip(self.writers, texts, strict=True)]
        written += self.labelling.labels(written)
        lines = self.varying.filled(written)
        lines += self.constant
        if len(set(lines)) < len(lines):
            raise Miss("two quads became equal")
        lines.sort()
        return _joined(lines)

    @property
    def characters(self) -> int:
        """How much room the template takes, within a factor of three or so."""
        own = sum(map(len, self.constant)) + (len(self.varying.format) if self.varying else 0)
        return own + sum(len(node.lines.format) if node.lines else 64 for node in self.labelling.nodes)


def _joined(lines: list[str]) -> bytes:
    lines.append("")
    return "\n".join(lines).encode()
