"""From a document with sentinels to a template (rules 2, 3, 5 and 9 of the package)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from hexmark.openbadges import jsonld
from hexmark.openbadges.jsonld import Contexts
from hexmark.openbadges.nquads import Quad, line
from hexmark.openbadges.template.blank_nodes import labelling
from hexmark.openbadges.template.canonical import CanonicalTemplate
from hexmark.openbadges.template.leaves import context_urls
from hexmark.openbadges.template.lines import Lines, sentinels_in, whole_slot
from hexmark.openbadges.template.slots import SCHEMES, Miss, iri_text, is_iri, literal_text

Document = Mapping[str, Any]

_RDF = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_LIST_TERMS = frozenset({f"{_RDF}first>", f"{_RDF}rest>", f"{_RDF}nil>"})
_TYPE = f"{_RDF}type>"


class NotASlot(Miss):
    """These slots do not arrive as whole terms, so their texts are part of the structure."""

    def __init__(self, numbers: frozenset[int]) -> None:
        super().__init__("a text that JSON-LD does not hand through")
        self.numbers = numbers


def compile_template(sketch: Document, texts: Sequence[str], *, using: Contexts) -> CanonicalTemplate:
    """The template of the document that is this sketch with text n for sentinel n.

    It has not been compared with the slow path yet (`checked` does that), whose errors this may raise too.

    Raises:
        NotASlot: try again with fewer slots.
        Miss: there is no template for such a document.
    """
    _check_terms(sketch, using)
    quads = list(dict.fromkeys(jsonld.quads(sketch, using=using)))
    if any(term in _LIST_TERMS for quad in quads for term in quad):
        raise Miss("a list")
    kinds = _kinds(quads, texts)
    plan = labelling(quads)
    numbers = {node.label: len(texts) + place for place, node in enumerate(plan.nodes)}
    if plan.constant is not None:
        labels = {node.label: label for node, label in zip(plan.nodes, plan.constant, strict=True)}
        quads = [(labels.get(s, s), p, labels.get(o, o), labels.get(g, g)) for s, p, o, g in quads]
    varying = [quad for quad in quads if sentinels_in(quad) or any(term in numbers for term in quad if plan.constant is None)]
    constant = sorted(line(quad)[:-1] for quad in set(quads) - set(varying))
    return CanonicalTemplate(
        writers=tuple(iri_text if kinds[number] else literal_text for number in range(len(texts))),
        labelling=plan,
        constant=tuple(constant),
        varying=Lines.of(varying, numbers if plan.constant is None else None) if varying else None,
    )


def checked(template: CanonicalTemplate, texts: Sequence[str], *, expected: bytes) -> CanonicalTemplate:
    """The template, which gives the slow path's bytes for the document that it was compiled from.

    Raises:
        Miss: it does not, so it must not be used.
    """
    if template.canonical(texts) != expected:
        raise Miss("the template does not give what the slow path gives")
    return template


def _check_terms(sketch: Document, using: Contexts) -> None:
    for url in context_urls(sketch):
        terms = using.terms(url)
        if not terms.isdisjoint(SCHEMES) or any(map(is_iri, terms)):
            raise Miss("a context gives a meaning of its own to IRIs")


def _kinds(quads: Sequence[Quad], texts: Sequence[str]) -> dict[int, bool]:
    """Whether each slot is an IRI somewhere; if so, its text has to be one everywhere (an IRI reads the same as a literal)."""
    found: dict[int, set[bool]] = defaultdict(set)
    unfit = set(range(len(texts)))
    broken = set()
    for quad in quads:
        for place, term in enumerate(quad):
            whole = whole_slot(term)
            if whole is None or place == 1 or (quad[1] == _TYPE and place == 2):
                broken.update(sentinels_in(("", "", "", term)))
            else:
                found[whole[0]].add(whole[1])
                unfit.discard(whole[0])
    kinds = {number: True in seen for number, seen in found.items()}
    unfit |= broken | {number for number, iri in kinds.items() if iri and not is_iri(texts[number])}
    if unfit:
        raise NotASlot(frozenset(unfit))
    return kinds
