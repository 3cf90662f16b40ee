"""RDF Dataset Canonicalization (RDFC-1.0, W3C Recommendation of 21 May 2024): one order and one set of labels for the same graph.

Names follow the Recommendation, clause by clause, so that both can be read side by side. Beyond it stands a budget: a graph
of a few kilobytes can be built that keeps the algorithm busy for hours (RDFC-1.0, 7.1, "dataset poisoning").
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import permutations

from hexmark.openbadges import limits
from hexmark.openbadges.errors import WorkLimit
from hexmark.openbadges.nquads import Quad, line

#: Hash algorithms by the names that the Recommendation and the cryptosuites use.
HASHES: dict[str, Callable[[bytes], "hashlib._Hash"]] = {"SHA-256": hashlib.sha256, "SHA-384": hashlib.sha384}


def canonicalize(
    quads: Iterable[Quad], *, hash_name: str = "SHA-256", budget: int = limits.RDFC_WORK, ties: int | None = None
) -> list[str]:
    """The canonical N-Quads lines of a dataset, in code point order, each with its line feed.

    `budget` bounds Hash N-Degree Quads calls plus permutations tried; `ties`, if given, bounds how many blank nodes may
    look alike at first sight (share a first degree hash).

    Raises:
        WorkLimit: the graph needs more work than that.
    Source: RDFC-1.0, 4.4.3.
    """
    return canonicalize_with_map(quads, hash_name=hash_name, budget=budget, ties=ties)[0]


def canonicalize_with_map(
    quads: Iterable[Quad], *, hash_name: str = "SHA-256", budget: int = limits.RDFC_WORK, ties: int | None = None
) -> tuple[list[str], dict[str, str]]:
    """As `canonicalize`, and beside the lines which label (`_:b7`) became which (`_:c14n0`)."""
    state = _State(quads, hash_name, budget)
    try:
        state.issue_canonical_identifiers(ties)
    except RecursionError:
        raise WorkLimit("The graph of this document is nested too deeply to canonicalise.") from None
    labels = state.canonical
    lines = {line((labels.get(s, s), p, labels.get(o, o), labels.get(g, g))) for s, p, o, g in state.quads}
    return sorted(lines), labels


class _State:
    """Canonicalization state (4.2), with an issuer of identifiers being the dict of those issued, in order (4.5)."""

    def __init__(self, quads: Iterable[Quad], hash_name: str, budget: int) -> None:
        self.quads = list(dict.fromkeys(quads))
        self.algorithm = HASHES[hash_name]
        self.budget = budget
        self.canonical: dict[str, str] = {}
        self.first_degree: dict[str, str] = {}
        self.blank_node_to_quads: dict[str, list[Quad]] = {}
        for quad in self.quads:
            for label in dict.fromkeys((quad[0], quad[2], quad[3])):
                if label.startswith("_:"):
                    self.blank_node_to_quads.setdefault(label, []).append(quad)

    def issue_canonical_identifiers(self, ties: int | None) -> None:
        """Canonicalization Algorithm, 4.4.3, steps 3 to 5."""
        hash_to_blank_nodes: dict[str, list[str]] = {}
        for label in self.blank_node_to_quads:  # step 3
            digest = self.first_degree[label] = self.hash_first_degree_quads(label)
            hash_to_blank_nodes.setdefault(digest, []).append(label)
        if ties is not None and any(len(labels) > ties for labels in hash_to_blank_nodes.values()):
            raise WorkLimit(f"More than {ties} parts of this document cannot be told apart.", detail="TIES")
        shared = []
        for digest in sorted(hash_to_blank_nodes):  # step 4
            labels = hash_to_blank_nodes[digest]
            if len(labels) == 1:
                self.issue(labels[0])
            else:
                shared.append(labels)
        for labels in shared:  # step 5
            hash_paths = [self.hash_n_degree_quads(label, {label: "_:b0"}) for label in labels if label not in self.canonical]
            for _, issued in sorted(hash_paths, key=lambda hash_path: hash_path[0]):
                for label in issued:
                    self.issue(label)

    def issue(self, label: str) -> None:
        """Issue Identifier Algorithm, 4.5.2, of the canonical issuer."""
        if label not in self.canonical:
            self.canonical[label] = f"_:c14n{len(self.canonical)}"

    def hash(self, text: str) -> str:
        return self.algorithm(text.encode()).hexdigest()

    def hash_first_degree_quads(self, reference: str) -> str:
        """4.6.3: what a node looks like from its own quads alone, its own label being _:a and any other _:z."""

        def masked(term: str) -> str:
            if not term.startswith("_:"):
                return term
            return "_:a" if term == reference else "_:z"

        nquads = [line((masked(s), p, masked(o), masked(g))) for s, p, o, g in self.blank_node_to_quads[reference]]
        # Two quads may now read the same; both stay, or graphs that differ would hash alike.
        return self.hash("".join(sorted(nquads)))

    def hash_related_blank_node(self, related: str, quad: Quad, issuer: dict[str, str], position: str) -> str:
        """4.7.3."""
        identifier = self.canonical.get(related) or issuer.get(related) or self.first_degree[related]
        return self.hash(f"{position}{'' if position == 'g' else quad[1]}{identifier}")

    def hash_n_degree_quads(self, identifier: str, issuer: dict[str, str]) -> tuple[str, dict[str, str]]:
        """4.8.3: a hash over the node's surroundings, and the identifiers issued on the best way through them."""
        self.spend()
        related_by_hash: dict[str, list[str]] = {}
        for quad in self.blank_node_to_quads[identifier]:  # step 3
            for component, position in ((quad[0], "s"), (quad[2], "o"), (quad[3], "g")):
                if component.startswith("_:") and component != identifier:
                    digest = self.hash_related_blank_node(component, quad, issuer, position)
                    related_by_hash.setdefault(digest, []).append(component)
        data_to_hash = []
        for digest in sorted(related_by_hash):  # step 5
            path, issuer = self.shortest_path(related_by_hash[digest], issuer)
            data_to_hash += [digest, path]
        return self.hash("".join(data_to_hash)), issuer

    def shortest_path(self, related: list[str], issuer: dict[str, str]) -> tuple[str, dict[str, str]]:
        """4.8.3, steps 5.2 to 5.4: over all orders of nodes that look alike, the path that is least in code point order."""
        chosen: tuple[str, dict[str, str]] | None = None
        for permutation in _orders(related):
            self.spend()
            found = self.walk(permutation, dict(issuer), chosen[0] if chosen else "")
            if found is not None and (chosen is None or found[0] < chosen[0]):
                chosen = found
        if chosen is None:  # the first permutation is never given up
            raise AssertionError
        return chosen

    def walk(self, permutation: tuple[str, ...], issuer: dict[str, str], chosen: str) -> tuple[str, dict[str, str]] | None:
        """4.8.3, steps 5.4.1 to 5.4.5: the path of one order, or None once it can no longer beat the chosen one."""
        path = ""
        recursion = []
        for related in permutation:  # step 5.4.4
            if related in self.canonical:
                path += self.canonical[related]
            else:
                if related not in issuer:
                    recursion.append(related)
                    issuer[related] = f"_:b{len(issuer)}"
                path += issuer[related]
            if _hopeless(path, chosen):
                return None
        for related in recursion:  # step 5.4.5
            label = issuer[related]
            digest, issuer = self.hash_n_degree_quads(related, issuer)
            path += f"{label}<{digest}>"
            if _hopeless(path, chosen):
                return None
        return path, issuer

    def spend(self) -> None:
        self.budget -= 1
        if self.budget < 0:
            raise WorkLimit("Canonicalising this document would take more work than any honest badge needs.")


def _orders(related: list[str]) -> Iterator[tuple[str, ...]]:
    """Every order once, first met first. A node stands in the list once for each quad that leads to it: a proof of eight members
    leads to its graph eight times, and 40,320 equal orders of one node would be tried."""
    distinct = list(dict.fromkeys(related))
    if len(distinct) in (1, len(related)):
        yield from permutations(related) if len(distinct) > 1 else [tuple(related)]
        return
    for first in distinct:
        rest = related.copy()
        rest.remove(first)
        for order in _orders(rest):
            yield (first, *order)


def _hopeless(path: str, chosen: str) -> bool:
    return bool(chosen) and len(path) >= len(chosen) and path > chosen
