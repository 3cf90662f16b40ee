"""Places for texts, and which texts may go there (rules 3 and 9 of the package)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hexmark.openbadges import nquads

#: What every sentinel begins with. A document that holds it anywhere has no template.
PREFIX = "urn:x-hexmark-slot:"
#: Schemes of IRIs that may fill a slot. Compiling makes sure that no context of the document defines a term of that name,
#: which would turn `data:x` into something else.
SCHEMES = ("https", "http", "urn", "did", "mailto", "data", "ipfs")

# Not below the base that `jsonld` resolves relative IRIs against, to refuse them afterwards.
_BEGINNING = rf"(?!https://relative\.invalid/)(?:{'|'.join(SCHEMES)}):"
# \s and not only the space: the guards and PyLD take an IRI with any kind of white space for something else. U+007F and the
# noncharacters are not forbidden in IRIs, but a slot may stand in a literal too, where they would be escaped.
_IRI = re.compile(rf'{_BEGINNING}[^\s\x00-\x20<>"{{}}|\\^`\x7f\ud800-\udfff\ufffe\uffff]+').fullmatch
#: The same in ASCII, as nearly all are: takes a third of the time.
_ASCII_IRI = re.compile(rf"{_BEGINNING}[!#-;=?-\[\]_a-z~]+").fullmatch
_NEVER = re.compile("[\ud800-\udfff\ufffe\uffff]").search


class Miss(Exception):
    """No template answers for this document: take the slow path. Says nothing about whether the document is sound."""


class Slot(str):
    """A place in a document for a text that differs from award to award; stands where that text will stand.

    A kind of `str`, so that the model can carry it; told by its class, never by its text, which anybody could write.
    """

    __slots__ = ()

    def __new__(cls, name: str) -> Slot:
        if not re.fullmatch("[a-z][a-z0-9_]*", name):
            raise ValueError("A slot is named in small letters, digits and underscores.")
        return super().__new__(cls, f"{PREFIX}{name}:")

    @property
    def name(self) -> str:
        """The name that it was made with."""
        return self[len(PREFIX) : -1]


def sentinel(number: int) -> str:
    """The text that stands for a slot while a template is compiled: an IRI, so that it passes wherever one is demanded."""
    return f"{PREFIX}{number}:"


def fill(document: Any, values: Mapping[str, str]) -> Any:
    """The document with a text in each slot. All else is shared with the document, not copied.

    Raises:
        KeyError: no text is given for a slot.
    """
    if isinstance(document, Slot):
        return values[document.name]
    if isinstance(document, Mapping):
        return {name: fill(item, values) for name, item in document.items()}
    if isinstance(document, list):
        return [fill(item, values) for item in document]
    return document


def is_iri(text: str) -> bool:
    """Whether JSON-LD hands this text through as an IRI, whatever the rest of it is."""
    return (_ASCII_IRI(text) or _IRI(text)) is not None


def iri_text(text: str) -> str:
    """The text as it stands in an IRI.

    Raises:
        Miss: it is not of the class that is known to pass unchanged.
    """
    if not is_iri(text):
        raise Miss("not an absolute IRI of a known scheme")
    return text


def literal_text(text: str) -> str:
    """The text as it stands in a literal.

    Raises:
        Miss: the guards would refuse it, or might.
    """
    if text[:2] == "_:":
        raise Miss("what looks like a blank node")
    if text.isprintable() and '"' not in text and "\\" not in text:
        return text
    if _NEVER(text):
        raise Miss("a text that the guards look at more closely")
    return nquads.escape(text)
