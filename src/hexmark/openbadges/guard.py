"""What a document must not hold before JSON-LD sees it. Cheap: one walk without recursion, no context is read.

Whatever is refused here would otherwise change the meaning of the document, or stay out of its signature, unnoticed.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hexmark.openbadges import contexts, limits
from hexmark.openbadges.errors import ContextNotAllowed, FormatError, Malformed, SchemaError, TooLarge, UnsafeDocument, WorkLimit

Document = Mapping[str, Any]
Allow = Callable[[str], bool]

# A whole credential embedded in another brings its contexts along; nowhere else may one stand below the top.
_EMBEDDED = frozenset({"endorsement", "verifiableCredential"})
_OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context"
_OTHERS = 4
#: The arrays of a learner record that make it a collection.
_RECORD_ARRAYS = frozenset(f"/credentialSubject/{name}" for name in ("verifiableCredential", "achievement", "association"))
#: From here on blank nodes in ids are not a mistake any more.
_BLANK_IDS = 6
_LANGUAGE_TAG = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*").fullmatch
_NONCHARACTER = re.compile("[\ufffe\uffff]").search
_ABSOLUTE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S", re.ASCII).match
_INVALID_IN_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`]').search
#: In ASCII, absolute and without what no IRI may hold, as nearly every id is.
_PLAIN_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!#-;=?-\[\]_a-z~]+").fullmatch


def pinned(url: str) -> bool:
    """Whether the URL is, character for character, that of a context which comes with this software."""
    return url in contexts.PINNED


def guard_context(document: Document, *, allow: Allow = pinned, pointer: str = "") -> None:
    """Pass silently if the contexts are known ones in their one order.

    The order is: credentials, then learner records, Open Badges, its extensions, then others. A signature covers neither the order nor a
    context that adds nothing, so this rule is all that keeps them as they were.

    Raises:
        Malformed: no contexts, not an array of strings, or another order (`CONTEXT_MISSING`, `CONTEXT_TYPE`, `CONTEXT_ORDER`).
        ContextNotAllowed: a context is unknown, or written into the document itself.
    Source: W3C VCDM 2.0, 4.3.
    """
    pointer = f"{pointer}/@context"
    named = document.get("@context")
    if "@context" not in document or named == []:
        raise Malformed("The document names no contexts.", detail="CONTEXT_MISSING", pointer=pointer)
    if not isinstance(named, list) or not all(isinstance(item, (str, dict)) for item in named):
        raise Malformed("The contexts of a credential are an array of URLs.", detail="CONTEXT_TYPE", pointer=pointer)
    for item in named:
        if isinstance(item, dict):
            raise ContextNotAllowed("The document brings a context of its own.", pointer=pointer)
        if not allow(item):
            raise ContextNotAllowed(f"{item[:200]!a} is not a context that this software knows.", pointer=pointer)
    ranks = [_rank(url) for url in named]
    if 0 not in ranks:
        raise Malformed("The context of W3C credentials is missing.", detail="CONTEXT_MISSING", pointer=pointer)
    fixed = [rank for rank in ranks if rank < _OTHERS]
    if ranks != sorted(ranks) or len(set(named)) != len(named) or len(set(fixed)) != len(fixed):
        raise Malformed("The contexts do not stand in the order of the standard.", detail="CONTEXT_ORDER", pointer=pointer)


def guard_structure(document: Document, *, allow: Allow = pinned) -> None:
    """Pass silently if the document has only what a signature can cover and what we can canonicalise in bounded time.

    Raises:
        SchemaError: a null. Malformed: an empty or nested array, an id or language that is none, an id that is a blank node.
        UnsafeDocument: a keyword (`KEYWORD_IN_BODY`), or an id that is relative.
        ContextNotAllowed, Malformed: an embedded credential's contexts, as `guard_context`.
        TooLarge, WorkLimit: more items, levels or nameless objects than `limits` allows.
    Source: W3C Data Integrity 1.0, 2.4.2 and 4.6.
    """
    nameless = 0
    blank: list[str] = []
    values = 1
    record = is_record(document)
    waiting: list[tuple[Any, str, str, int]] = [(document, "", "", 1)]
    while waiting:
        value, key, pointer, depth = waiting.pop()
        if depth > limits.DOCUMENT_DEPTH:
            raise TooLarge("The document is nested too deeply.", detail="TOO_DEEP", pointer=pointer)
        if isinstance(value, dict):
            if "@value" in value and _is_text_with_language(value, pointer):
                continue
            _check_keys(value, key, pointer, allow)
            nameless += "id" not in value
            values += len(value)
            waiting += _members(value, pointer, depth + 1)
        elif isinstance(value, list):
            _check_array(value, pointer, limits.RECORD_ITEMS if record and pointer in _RECORD_ARRAYS else limits.ARRAY_ITEMS)
            values += len(value)
            if depth >= limits.DOCUMENT_DEPTH or key == "id" or not all(type(item) is str and _is_plain(item) for item in value):
                waiting += [(item, key, f"{pointer}/{number}", depth + 1) for number, item in enumerate(value)]
        elif isinstance(value, str) and value[:2] == "_:" and " " not in value:
            blank.append(pointer)
        else:
            _check_leaf(value, key, pointer)
    _check_totals(blank, nameless, limits.RECORD_BLANK_NODES if record else limits.BLANK_NODES)
    most = limits.RECORD_NODE_VALUES if record else limits.ARRAY_ITEMS
    if values > most:
        # With fewer values in all, no node has too many; nearly every badge is done here.
        _check_nodes(document, most)


def leaves(document: Document) -> Iterator[tuple[str, str]]:
    """Every string that a signature must cover, with its pointer; not contexts, and of a text with language the text alone."""
    waiting: list[tuple[Any, str]] = [(document, "")]
    while waiting:
        value, pointer = waiting.pop()
        if isinstance(value, str):
            yield value, pointer
        elif isinstance(value, dict) and "@value" in value:
            yield value["@value"], pointer
        elif isinstance(value, dict):
            waiting += [(item, f"{pointer}/{_escaped(name)}") for name, item in value.items() if name != "@context"]
        elif isinstance(value, list):
            waiting += [(item, f"{pointer}/{number}") for number, item in enumerate(value)]


def objects(document: Document) -> Iterator[tuple[Document, str]]:
    """Every object of the document, itself first, with its pointer."""
    waiting: list[tuple[Any, str]] = [(document, "")]
    while waiting:
        value, pointer = waiting.pop()
        if isinstance(value, dict):
            yield value, pointer
            waiting += [(item, f"{pointer}/{_escaped(name)}") for name, item in value.items() if name != "@context"]
        elif isinstance(value, list):
            waiting += [(item, f"{pointer}/{number}") for number, item in enumerate(value)]


def _rank(url: str) -> int:
    if url in (contexts.CREDENTIALS_V1, contexts.CREDENTIALS_V2):
        return 0
    if url == contexts.LEARNER_RECORD_V2:
        return 1
    if url.startswith(_OPEN_BADGES):
        return 2
    return 3 if url == contexts.OPEN_BADGES_EXTENSIONS else _OTHERS


def _check_keys(value: Document, key: str, pointer: str, allow: Allow) -> None:
    for name in value:
        if name.isalnum():
            # Nearly every name; the other tests take six times as long.
            continue
        if name == "@context" and (not pointer or key in _EMBEDDED):
            guard_context(value, allow=allow, pointer=pointer)
        elif name.startswith("@"):
            raise UnsafeDocument(f"The keyword {name[:40]!a} stands in the document.", code="KEYWORD_IN_BODY", pointer=pointer)
        elif name.startswith("_:") or _INVALID_IN_IRI(name):
            raise UnsafeDocument(f"No context defines {name[:80]!a}.", detail="UNDEFINED_TERM", pointer=pointer)


def _is_text_with_language(value: Document, pointer: str) -> bool:
    """`{"@value": "…", "@language": "de", "@direction": "ltr"}`, the one place for keywords. Source: W3C VCDM 2.0, 11.1."""
    if not value.keys() <= {"@value", "@language", "@direction"}:
        return False
    if not isinstance(value["@value"], str) or len(value) == 1:
        return False
    _check_leaf(value["@value"], "@value", pointer)
    language, direction = value.get("@language", "en"), value.get("@direction", "ltr")
    if not isinstance(language, str) or not _LANGUAGE_TAG(language):
        raise Malformed(f"{str(language)[:40]!a} is not a language tag of BCP 47.", detail="LANGUAGE", pointer=pointer)
    if direction not in ("ltr", "rtl"):
        raise Malformed("A text runs ltr or rtl.", detail="LANGUAGE", pointer=pointer)
    return True


def is_record(document: Document) -> bool:
    """Whether the document says that it is a learner record, whose arrays may be longer: it is a collection of whole credentials."""
    types = document.get("type")
    return isinstance(types, list) and "ClrCredential" in types


def _check_array(value: list[Any], pointer: str, most: int) -> None:
    if len(value) > most:
        raise TooLarge(f"An array holds more than {most} items.", detail="ARRAY_ITEMS", pointer=pointer)
    if not value:
        raise Malformed("An empty array says nothing, and no signature covers it.", detail="EMPTY_ARRAY", pointer=pointer)
    if list in map(type, value):
        raise Malformed("An array stands directly in another, which no signature shows.", detail="NESTED_ARRAY", pointer=pointer)


def _check_leaf(value: object, key: str, pointer: str) -> None:
    if value is None:
        raise SchemaError("A member is null: leave it out instead.", detail="NULL_VALUE", pointer=pointer)
    if not isinstance(value, (str, int, float)):
        raise Malformed(f"{type(value).__name__} is not JSON.", pointer=pointer)
    if isinstance(value, str):
        if _NONCHARACTER(value):
            # RDFC-1.0 escapes them, widely used implementations do not: they would never agree on the signature.
            raise Malformed("A text holds U+FFFE or U+FFFF, which are no characters.", detail="CONTROL_CHAR", pointer=pointer)
        if key == "id" and (error := _iri_error(value)):
            raise type(error)(str(error), detail=error.detail, pointer=pointer)
    elif key == "id":
        raise Malformed("An id is a string.", detail="INVALID_IRI", pointer=pointer)


def _iri_error(text: str) -> FormatError | None:
    if _INVALID_IN_IRI(text):
        return Malformed(f"{text[:80]!a} holds characters that no IRI may hold.", detail="INVALID_IRI")
    if not _ABSOLUTE_IRI(text):
        return UnsafeDocument(f"{text[:80]!a} is not an absolute IRI.", detail="RELATIVE_IRI")
    return None


def _check_nodes(document: Document, most: int) -> None:
    # Objects with one id are one node; what they say adds up, and PyLD compares each value with all before it.
    values: dict[tuple[str, str], int] = {}
    for value, _ in objects(document):
        node = value.get("id")
        if not isinstance(node, str):
            continue
        for name, item in value.items():
            total = values[node, name] = values.get((node, name), 0) + (len(item) if isinstance(item, list) else 1)
            if total > most:
                raise TooLarge(f"{node[:80]!a} has more than {most} values of {name[:40]!a}.", detail="ARRAY_ITEMS")


def _members(value: Document, pointer: str, depth: int) -> list[tuple[Any, str, str, int]]:
    """What of an object is to be looked at: not its contexts, nor a text in which `_check_leaf` would find nothing, as most are."""
    found = []
    for name, item in value.items():
        # `_is_plain` written out: a badge has sixty texts, and the calls would be a tenth of the guard's time.
        is_plain = type(item) is str and item[:2] != "_:" and (item.isascii() or not _NONCHARACTER(item))
        if name == "id":
            is_plain = is_plain and _PLAIN_IRI(item) is not None
        if name != "@context" and (not is_plain or depth > limits.DOCUMENT_DEPTH):
            found.append((item, name, f"{pointer}/{_escaped(name)}", depth))
    return found


def _is_plain(text: str) -> bool:
    return text[:2] != "_:" and (text.isascii() or not _NONCHARACTER(text))


def _check_totals(blank: list[str], nameless: int, most: int) -> None:
    if len(blank) > _BLANK_IDS:
        # So many can only be a graph of its own making, the way to write one that no canonicalisation finishes.
        raise WorkLimit("The document writes out a graph of blank nodes.", detail="BLANK_NODES", pointer=blank[0])
    if blank:
        raise Malformed("A blank node is not an identifier.", detail="BLANK_NODE_ID", pointer=blank[0])
    if nameless > most:
        raise WorkLimit(f"The document has more than {most} parts without an id.", detail="BLANK_NODES")


def _escaped(name: str) -> str:
    return name if "/" not in name and "~" not in name else name.replace("~", "~0").replace("/", "~1")
