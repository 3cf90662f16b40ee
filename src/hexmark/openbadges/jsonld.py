"""JSON-LD to quads without losing anything on the way: what the signature does not cover must not be in the document.

JSON-LD drops what it does not understand (undefined terms, null, relative types, keyword-like strings) without a word, and PyLD
has no mode that says so. So this module looks before (`guard_context`, `guard_structure`), listens while PyLD expands, and checks
after it that every string of the document arrived in the quads. W3C Data Integrity 1.0, 2.4 and 4.6, asks for this.
"""

import re
import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol

from pyld import jsonld as pyld
from pyld.context_resolver import ContextResolver

from hexmark.openbadges import contexts, limits, nquads, rdfc
from hexmark.openbadges.errors import ContextNotAllowed, FormatError, Malformed, UnsafeDocument
from hexmark.openbadges.guard import Document, guard_context, guard_structure, is_record, leaves, objects
from hexmark.openbadges.nquads import Quad

#: Parts of a badge that look alike at first sight; each more multiplies the work. Honest badges have two or three.
TIES = 6
#: Far above what a badge within `TIES` needs, far below what a stranger may spend of ours.
BADGE_WORK = 1024
#: In a learner record the same criteria or recipient may stand in hundreds of credentials. The guard keeps them trees, so that
#: one that looks like another costs one step and not a permutation.
RECORD_TIES = 500

# Relative IRIs are resolved against this, so that they can be recognised afterwards. RFC 6761 reserves `.invalid`.
_BASE = "https://relative.invalid/"
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_INVALID_IN_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`]').search


class Canonicalize(Protocol):
    """Document -> the bytes to be hashed. A door that serves strangers passes one that runs in a process it can kill.

    `hash_name` is that of the hash which tells blank nodes apart; asked for only where it is not SHA-256.
    """

    def __call__(self, document: Document, /, *, hash_name: str = ...) -> bytes: ...


class Contexts:
    """A choice of context documents, and what PyLD made of them, kept for each thread (its caches have no locks).

    `load` answers the context document of a URL or raises ContextNotAllowed.
    """

    def __init__(self, load: Callable[[str], Mapping[str, Any]]) -> None:
        self.load = load
        self._thread = threading.local()
        self._terms: dict[str, frozenset[str]] = {}

    def allow(self, url: str) -> bool:
        """Whether the context of this URL may be used."""
        try:
            self.terms(url)
        except ContextNotAllowed:
            return False
        return True

    def terms(self, url: str) -> frozenset[str]:
        """Every term that this context defines at any depth."""
        found = self._terms.get(url)
        if found is None:
            found = self._terms[url] = frozenset(_terms(self.load(url)["@context"]))
        return found

    def options(self) -> dict[str, Any]:
        """Options for PyLD with the resolver of this thread."""
        resolver = getattr(self._thread, "resolver", None)
        if resolver is None:
            resolver = self._thread.resolver = _Resolver({}, self._loader)
        # Base direction is signed in the form that the other implementations of these cryptosuites use.
        return {"base": _BASE, "documentLoader": self._loader, "contextResolver": resolver, "rdfDirection": "i18n-datatype"}

    def _loader(self, url: str, _options: object = None) -> dict[str, Any]:
        # Without the tag PyLD would process the context anew for every document.
        return {"contextType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": self.load(url), "tag": "static"}


class _Resolver(ContextResolver):  # type: ignore[misc]
    """Finds scoped contexts by identity. PyLD writes each out as canonical JSON to look it up, a third of all time (measured)."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        # The context is kept beside its answer: its id() could otherwise be given to another object.
        self._by_identity: dict[int, tuple[object, list[Any]]] = {}

    def resolve(self, active_ctx: Any, context: Any, base: Any, cycles: Any = None) -> list[Any]:
        if not isinstance(context, dict) or "@context" in context:
            return list(super().resolve(active_ctx, context, base, cycles))
        known = self._by_identity.get(id(context))
        if known is None:
            known = self._by_identity[id(context)] = (context, super().resolve(active_ctx, context, base, cycles))
        return known[1]


#: One for each revision in which contexts were published; see `contexts.PINNED`.
REVISIONS = tuple(Contexts(partial(contexts.context, revision=number)) for number in range(max(map(len, contexts.PINNED.values()))))


def quads(document: Document, *, using: Contexts = REVISIONS[0]) -> list[Quad]:
    """The quads of a document, in no particular order, with nothing of the document missing from them.

    Raises:
        ContextNotAllowed, Malformed, SchemaError, TooLarge, WorkLimit: as `guard_context` and `guard_structure`.
        UnsafeDocument: a term is undefined, an IRI is relative, or something else would go unsigned.
    Source: JSON-LD 1.1 Processing Algorithms, 8.1; W3C Data Integrity EdDSA Cryptosuites v1.0, 3.2.3.
    """
    guard_context(document, allow=using.allow)
    guard_structure(document, allow=using.allow)
    dataset = _to_rdf(document, using)
    found: list[Quad] = []
    arrived: set[str] = set()
    for graph, triples in dataset.items():
        graph_term = "" if graph == "@default" else graph if graph.startswith("_:") else f"<{graph}>"
        for triple in triples:
            _check_triple(triple)
            arrived.update(triple[part]["value"] for part in ("subject", "predicate", "object"))
            found.append((_term(triple["subject"]), _term(triple["predicate"]), _term(triple["object"]), graph_term))
    terms = _known_terms(document, using)
    for text, pointer in leaves(document):
        if text not in arrived and text not in terms:
            raise UnsafeDocument(f"The signature would not cover {text[:80]!a}.", detail="DROPPED_VALUE", pointer=pointer)
    return found


def canonical(document: Document, *, using: Contexts = REVISIONS[0], hash_name: str = "SHA-256") -> bytes:
    """The bytes that are hashed and signed for a badge, another credential (a status list) or the options of a proof.

    Raises:
        as `quads`; WorkLimit if the graph is built to keep us busy.
    Source: W3C Data Integrity EdDSA Cryptosuites v1.0, 3.2.3; RDFC-1.0.
    """
    ties, budget = (RECORD_TIES, limits.RDFC_WORK) if is_record(document) else (TIES, BADGE_WORK)
    lines = rdfc.canonicalize(quads(document, using=using), hash_name=hash_name, budget=budget, ties=ties)
    return "".join(lines).encode()


def canonical_later(document: Document, *, hash_name: str = "SHA-256") -> bytes:
    """As `canonical`, reading each context in its last published revision.

    Raises:
        as `canonical`.
    """
    return canonical(document, using=REVISIONS[-1], hash_name=hash_name)


def _to_rdf(document: Document, using: Contexts) -> dict[str, list[dict[str, Any]]]:
    def dropped(_term: str | None) -> None:
        name, pointer = _undefined_key(document, using)
        raise UnsafeDocument(f"{name} is defined by none of the contexts here.", detail="UNDEFINED_TERM", pointer=pointer)

    try:
        dataset: dict[str, list[dict[str, Any]]] = pyld.JsonLdProcessor(on_property_dropped=dropped).to_rdf(document, using.options())
    except FormatError:
        raise
    except (pyld.JsonLdError, RecursionError, TypeError, ValueError, AttributeError, KeyError) as error:
        code = _json_ld_code(error)
        raise UnsafeDocument(f"This document is not valid JSON-LD: {code}.", detail="JSON_LD") from error
    return dataset


def _undefined_key(document: Document, using: Contexts) -> tuple[str, str | None]:
    """The key that no context knows at all; else it is one that is not defined for the type at hand, and PyLD does not say where."""
    known = _known_terms(document, using)
    for value, pointer in objects(document):
        for key in value:
            if key not in known and key != "@context":
                return f"The property {key[:80]!a}", pointer
    return "A property of this document", None


def _json_ld_code(error: BaseException | None) -> str:
    while error is not None:
        if code := getattr(error, "code", None):
            return str(code)
        error = error.__cause__
    return "its structure"


def _check_triple(triple: Mapping[str, Any]) -> None:
    predicate, object_ = triple["predicate"]["value"], triple["object"]
    if predicate.startswith(_BASE) or (predicate == _RDF_TYPE and object_["value"].startswith(_BASE)):
        raise UnsafeDocument("A type or property of this document is defined by none of its contexts.", detail="UNDEFINED_TERM")
    for term in (triple["subject"], triple["predicate"], object_):
        iri = term.get("datatype", _RDF_TYPE) if term["type"] == "literal" else term["value"]
        if iri.startswith(_BASE):
            raise UnsafeDocument(f"{iri.removeprefix(_BASE)[:80]!a} is not an absolute IRI.", detail="RELATIVE_IRI")
        if _INVALID_IN_IRI(iri):
            raise Malformed(f"{iri[:80]!a} holds characters that no IRI may hold.", detail="INVALID_IRI")


def _term(node: Mapping[str, Any]) -> str:
    if node["type"] == "IRI":
        return f"<{node['value']}>"
    if node["type"] == "blank node":
        return str(node["value"])
    return nquads.literal(node["value"], datatype=node["datatype"], language=node.get("language"))


def _known_terms(document: Document, using: Contexts) -> frozenset[str]:
    urls = {url for value, _ in objects(document) for url in value.get("@context", [])}
    return frozenset().union(*(using.terms(url) for url in urls))


def _terms(context: Any) -> set[str]:
    found: set[str] = set()
    waiting = [context]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            found.update(part)
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return found
