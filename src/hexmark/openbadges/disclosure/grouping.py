"""A document as statements under labels that tell a stranger nothing, and which of the statements a selection of it makes.

The parts of a document that have no id are blank nodes. A selection of the document has other canonical labels for them than the whole, so
each is given an id of ours while statements are compared (the suite's "skolemization"), and none of it stays in what is signed or shown.

Source: W3C Data Integrity ECDSA Cryptosuites v1.0, 3.4.1 to 3.4.10 and 3.4.16.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hexmark.openbadges import jsonld, multibase, nquads, rdfc
from hexmark.openbadges.disclosure.selection import select
from hexmark.openbadges.errors import Malformed
from hexmark.openbadges.guard import Document
from hexmark.openbadges.jsonld import Canonicalize

_OURS = "urn:bnid:"
_ID = re.compile(rf"<{_OURS}([0-9]+)>")
_LABEL = re.compile(r"_:(c14n[0-9]+)(?= )")
#: Members whose value is no part of the graph of its own that could bear an id.
_NO_NODES = ("@context",)


@dataclass(frozen=True, slots=True)
class Statements:
    """`lines`: canonical N-Quads under the labels that were signed, in order. `labels`: id of ours (`urn:bnid:3`) → label (`_:u…`)."""

    lines: Sequence[str]
    labels: Mapping[str, str]


def hmac_label(hmac_key: bytes, canonical_label: str) -> str:
    """The label (without `_:`) that stands for this canonical one. Source: 3.4.4."""
    return "u" + multibase.b64url_encode(hmac.digest(hmac_key, canonical_label.encode(), hashlib.sha256))


def relabel(canonical: bytes, labels: Mapping[str, str]) -> list[str]:
    """Canonical N-Quads with each label `c14n…` replaced, in the order that they have then.

    Raises:
        Malformed: `LABELS`: a label has no other, or another has no label here.
    Source: 3.4.1, 3.4.3.
    """
    text = canonical.decode()
    present = set(_LABEL.findall(_outside_texts(text)))
    if present != set(labels):
        raise Malformed("The proof does not name each part of this document once.", detail="LABELS")
    return sorted(_with_labels(line, labels) for line in _lines(text))


def with_ids(document: Document) -> dict[str, Any]:
    """A copy in which everything without an id has one of ours.

    Raises:
        Malformed: the document uses such ids itself, so that they could be mistaken for one another.
    Source: 3.4.7 (skolemizeCompactJsonLd), on the compact document: what is not a thing of the graph refuses the id when it is read.
    """
    numbers = iter(range(1 << 30))

    def copied(value: Any) -> Any:
        if isinstance(value, list):
            return [copied(item) for item in value]
        if not isinstance(value, dict):
            if isinstance(value, str) and _OURS in value:
                raise Malformed("This document uses ids that are reserved while it is signed.", detail="RESERVED_ID")
            return value
        inside = {name: inner if name in _NO_NODES else copied(inner) for name, inner in value.items()}
        if "id" in inside or "@value" in inside:
            return inside
        return {"id": f"{_OURS}{next(numbers)}", **inside}

    named: dict[str, Any] = copied(dict(document))
    return named


def statements(named: Document, hmac_key: bytes, *, canonicalize: Canonicalize) -> Statements:
    """What a document whose every part has an id (`with_ids`) states, under labels made with this key.

    Raises:
        as `jsonld.canonical`.
    Source: 3.4.16, steps 1 to 4.
    """
    quads = nquads.parse(_ID.sub(r"_:b\1", canonicalize(named).decode()))
    # The graph came through the reading above, so its size is bounded; what is left to bound is how much of it looks alike.
    lines, found = rdfc.canonicalize_with_map(quads, budget=jsonld.BADGE_WORK, ties=jsonld.TIES)
    signed = {canonical[2:]: hmac_label(hmac_key, canonical[2:]) for canonical in found.values()}
    labels = {f"{_OURS}{label[3:]}": f"_:{signed[canonical[2:]]}" for label, canonical in found.items()}
    return Statements(sorted(_with_labels(line, signed) for line in lines), labels)


def group(named: Document, pointers: Sequence[str], whole: Statements, *, canonicalize: Canonicalize) -> list[int]:
    """The indexes of those statements that the selection by these pointers makes, in ascending order.

    Raises:
        Malformed: `POINTER`, or as `jsonld.canonical`.
    Source: 3.4.16, steps 5 and 6.
    """
    selected = select(pointers, named)
    if selected is None:
        return []
    text = _ID.sub(lambda found: whole.labels[found[0][1:-1]], canonicalize(selected).decode())
    wanted = set(_lines(text))
    indexes = [index for index, line in enumerate(whole.lines) if line in wanted]
    if len(indexes) != len(wanted):
        # A part read by itself must not mean something else than within the whole.
        raise Malformed("What the pointers select does not mean the same by itself.", detail="POINTER")
    return indexes


def shown_labels(lines: Sequence[str]) -> dict[str, str]:
    """For a document that makes only these statements: its canonical labels → those under which the statements were signed.

    Source: 3.5.4, steps 12 and 13.
    """
    _, canonical = rdfc.canonicalize_with_map(nquads.parse("".join(lines)), budget=jsonld.BADGE_WORK, ties=jsonld.TIES)
    return {c14n[2:]: label[2:] for label, c14n in canonical.items()}


def _lines(text: str) -> list[str]:
    # Never splitlines(): it also splits at U+0085 and U+2028, which literals may hold.
    return [f"{line}\n" for line in text.split("\n") if line]


def _outside_texts(text: str) -> str:
    return re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', text)


def _with_labels(line: str, labels: Mapping[str, str]) -> str:
    subject, predicate, object_, graph = nquads.parse(line)[0]

    def changed(term: str) -> str:
        return f"_:{labels[term[2:]]}" if term.startswith("_:") else term

    return nquads.line((changed(subject), predicate, changed(object_), changed(graph)))
