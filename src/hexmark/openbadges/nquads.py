"""N-Quads in the canonical form of RDFC-1.0, 5: what is hashed and signed. Terms are text, as they stand in a line.

A quad is `(subject, predicate, object, graph)`, each `<iri>`, `_:label` or `"literal"…`; graph is `""` for the default graph.
"""

import re

from hexmark.openbadges.errors import Unparsable

Quad = tuple[str, str, str, str]

XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"

# RDFC-1.0, 5: ECHAR where one exists, UCHAR for the other controls and for what XML 1.1 does not count as a character.
_NAMED = {0x08: "\\b", 0x09: "\\t", 0x0A: "\\n", 0x0C: "\\f", 0x0D: "\\r", 0x22: '\\"', 0x5C: "\\\\"}
_ESCAPES = {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)} | _NAMED
_needs_escape = re.compile('[\x00-\x1f"\\\\\x7f\ufffe\uffff]').search

_IRI = r'<(?:[^\x00-\x20<>"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>'
_BLANK = r"_:[0-9A-Za-z_\u00b7-\U000effff](?:[0-9A-Za-z_.\-\u00b7-\U000effff]*[0-9A-Za-z_\-\u00b7-\U000effff])?"
_TEXT = r'"(?:[^"\\\n\r]|\\[tbnrf"\'\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*"'
_LITERAL = rf"{_TEXT}(?:\^\^{_IRI}|@[A-Za-z]+(?:-[A-Za-z0-9]+)*)?"
_LINE = re.compile(
    rf"[ \t]*(?P<s>{_IRI}|{_BLANK})[ \t]*(?P<p>{_IRI})[ \t]*(?P<o>{_IRI}|{_BLANK}|{_LITERAL})[ \t]*"
    rf"(?P<g>{_IRI}|{_BLANK})?[ \t]*\.[ \t]*(?:#.*)?"
)
_EMPTY = re.compile(r"[ \t]*(?:#.*)?")
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_PLAIN = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


def escape(text: str) -> str:
    """The text as it stands between the quotes of a canonical literal. Source: RDFC-1.0, 5."""
    return text.translate(_ESCAPES) if _needs_escape(text) else text


def literal(text: str, *, datatype: str = XSD_STRING, language: str | None = None) -> str:
    """A canonical literal term; the datatype is unwritten where it is xsd:string."""
    quoted = f'"{escape(text)}"'
    if language:
        return f"{quoted}@{language}"
    return quoted if datatype == XSD_STRING else f"{quoted}^^<{datatype}>"


def line(quad: Quad) -> str:
    """One canonical line with its line feed."""
    subject, predicate, object_, graph = quad
    return f"{subject} {predicate} {object_} {graph} .\n" if graph else f"{subject} {predicate} {object_} .\n"


def parse(text: str) -> list[Quad]:
    """The quads of an N-Quads document, in order, their terms in canonical form. Comments and empty lines are passed over.

    Raises:
        Unparsable: a line is not N-Quads.
    """
    quads: list[Quad] = []
    # Never splitlines(): it also splits at U+0085 and U+2028, which literals may hold.
    for number, raw in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if _EMPTY.fullmatch(raw):
            continue
        match = _LINE.fullmatch(raw)
        if match is None:
            raise Unparsable(f"Line {number} is not N-Quads.", detail="NQUADS")
        quads.append((_term(match["s"]), _term(match["p"]), _term(match["o"]), _term(match["g"] or "")))
    return quads


def _term(raw: str) -> str:
    if raw[:1] == "<":
        return _unescape(raw)
    if raw[:1] != '"':
        return raw
    end = raw.rindex('"')
    text, suffix = _unescape(raw[1:end]), raw[end + 1 :]
    if suffix.startswith("^^"):
        return literal(text, datatype=_unescape(suffix[3:-1]))
    return literal(text, language=suffix[1:])


def _unescape(raw: str) -> str:
    def plain(match: re.Match[str]) -> str:
        digits = match[1] or match[2]
        if digits is None:
            return _PLAIN[match[3]]
        code = int(digits, 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise Unparsable(f"\\u{digits} is not a character.", detail="NQUADS")
        return chr(code)

    return _ESCAPED.sub(plain, raw) if "\\" in raw else raw
