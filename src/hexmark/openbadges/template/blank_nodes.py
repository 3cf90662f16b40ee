"""Labels of blank nodes without running RDFC-1.0 again (rules 6 and 7 of the package)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from hexmark.openbadges import limits
from hexmark.openbadges.nquads import Quad, line
from hexmark.openbadges.template.lines import Lines, sentinels_in
from hexmark.openbadges.template.slots import Miss

#: As many as there may be blank nodes in a document.
_LABELS = tuple(f"_:c14n{number}" for number in range(limits.RECORD_BLANK_NODES))


@dataclass(frozen=True, slots=True)
class BlankNode:
    """One blank node: its first degree hash if that is a constant, else the lines to hash once the slots are filled."""

    label: str
    digest: str
    lines: Lines | None


@dataclass(frozen=True, slots=True)
class Labelling:
    """How the blank nodes of a template get their canonical labels."""

    nodes: tuple[BlankNode, ...]
    #: The labels where they are the same for all documents, else None.
    constant: tuple[str, ...] | None

    def labels(self, texts: Sequence[str]) -> tuple[str, ...]:
        """The canonical labels, in the order of `nodes`, of a document with these texts.

        Raises:
            Miss: two nodes look alike, so that RDFC-1.0 has to look further.
        """
        if self.constant is not None:
            return self.constant
        digests = [node.digest if node.lines is None else _hash(node.lines.filled(texts)) for node in self.nodes]
        return _ranked(digests)


def labelling(quads: Sequence[Quad]) -> Labelling:
    """The plan for these quads, whose slots are sentinels.

    Raises:
        Miss: two nodes without any slot look alike.
    """
    labels = dict.fromkeys(term for s, _, o, g in quads for term in (s, o, g) if term.startswith("_:"))
    nodes = tuple(_node(label, [quad for quad in quads if label in (quad[0], quad[2], quad[3])]) for label in labels)
    digests = [node.digest for node in nodes if node.lines is None]
    ranks = _ranked(digests)
    return Labelling(nodes, ranks if len(digests) == len(nodes) else None)


def _node(label: str, quads: Sequence[Quad]) -> BlankNode:
    masked = [_masked(quad, label) for quad in quads]
    if any(sentinels_in(quad) for quad in masked):
        return BlankNode(label, "", Lines.of(masked))
    return BlankNode(label, _hash([line(quad)[:-1] for quad in masked]), None)


def _masked(quad: Quad, label: str) -> Quad:
    subject, predicate, object_, graph = quad
    return (_mask(subject, label), predicate, _mask(object_, label), _mask(graph, label))


def _mask(term: str, label: str) -> str:
    # RDFC-1.0, 4.6.3, step 3.1.
    if not term.startswith("_:"):
        return term
    return "_:a" if term == label else "_:z"


def _hash(lines: list[str]) -> str:
    # RDFC-1.0, 4.6.3, steps 4 and 5. Equal lines both stay.
    lines = sorted(lines)
    return sha256(("\n".join(lines) + "\n").encode()).hexdigest()


def _ranked(digests: Sequence[str]) -> tuple[str, ...]:
    ranks = {digest: rank for rank, digest in enumerate(sorted(digests))}
    if len(ranks) < len(digests) or len(digests) > len(_LABELS):
        raise Miss("blank nodes that look alike, or more than any document may have")
    return tuple([_LABELS[ranks[digest]] for digest in digests])
