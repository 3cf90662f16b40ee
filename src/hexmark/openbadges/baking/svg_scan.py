"""One pass over a foreign SVG: is it one that we read, where does its root begin, and which badges stand where.

No tree is built and nothing outside the file is ever opened. A document type is refused with all that it could bring (entities,
external files), except for the W3C's own public ones without anything inside, which drawing programs and the published samples
write: that line is blanked before parsing, so that not even an undefined entity can hide behind it.
"""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from hexmark.openbadges import limits
from hexmark.openbadges.errors import BakedError, TooLarge

NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
OPEN_BADGES_2_NAMESPACE = "http://openbadges.org"
PREFIX = "openbadges"
NODES = 100_000
DEPTH = 256
_SVG_ROOTS = ("svg", "http://www.w3.org/2000/svg svg")
_BADGES = (f"{NAMESPACE} credential", f"{OPEN_BADGES_2_NAMESPACE} assertion")
#: White space, comments and processing instructions (with the XML declaration) before document type and root; never backtracks.
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t\r\n]++|<!--(?:[^-]++|-(?!->))*+-->|<\?(?:[^?]++|\?(?!>))*+\?>)*+")
_ENCODING = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[ \t\r\n][^>]*?encoding[ \t\r\n]*=[ \t\r\n]*[\"']([^\"'>]*)[\"']")
_DOCTYPE_NAME = re.compile(rb"<!DOCTYPE[ \t\r\n]+([^ \t\r\n>\[]+)", re.IGNORECASE)
_W3C_DOCTYPE = re.compile(
    rb"<!DOCTYPE\s+svg\s+PUBLIC\s+([\"'])-//W3C//DTD SVG [A-Za-z0-9. ]+//EN\1\s+([\"'])https?://www\.w3\.org/[A-Za-z0-9./-]+\.dtd\2\s*>"
)
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*+:)?svg[\s/>]")
_TAG = re.compile(rb"<([^\s/>]++)(?:[^\"'>]++|\"[^\"]*+\"|'[^']*+')*+>")
#: How XML begins in encodings that we do not read: UTF-16 and UTF-32 with a mark and without, EBCDIC.
_FOREIGN_STARTS = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00", b"\x00\x00", b"\x4c\x6f\xa7\x94")


@dataclass(slots=True)
class Badge:
    """An element that holds a badge: `name` is "namespace local", `parents` counts the elements around it, bytes `start` to `end`."""

    name: str
    parents: int
    verify: str | None
    start: int
    end: int = 0
    body: list[str] = field(default_factory=list)
    has_elements: bool = False

    @property
    def text(self) -> str:
        """The body as XML means it: entities and CDATA resolved, once."""
        return "".join(self.body)


@dataclass(slots=True)
class Scan:
    """What one pass found. The root's start tag is bytes `root_start` to `root_end`; `prefixes` are the namespaces it declares."""

    root_start: int = -1
    root_end: int = -1
    prefixes: dict[str | None, str] = field(default_factory=dict)
    badges: list[Badge] = field(default_factory=list)
    has_stray_credential: bool = False


def looks_like_svg(image: bytes) -> bool:
    """Whether the bytes begin like XML with the root `svg`, or like XML in an encoding that `scan` then refuses by name."""
    if image.startswith(_FOREIGN_STARTS) or _declares_foreign_encoding(image):
        return True
    start = _prolog_end(image)
    doctype = _DOCTYPE_NAME.match(image, start)
    if doctype:
        return doctype[1].lower() != b"html"
    return _ROOT.match(image, start) is not None


def tag_end(image: bytes, start: int) -> tuple[int, int]:
    """Where the name of the start tag at `start` ends, and the byte behind the tag. The tag is known to be well formed."""
    tag = _TAG.match(image, start)
    assert tag is not None
    return tag.end(1), tag.end()


def scan(image: bytes) -> Scan:
    """What is in the SVG.

    Raises:
        TooLarge: SVG_TOO_LARGE (bytes, elements or depth).
        BakedError: TYPE_MISMATCH, XML_ENCODING, XML_DTD_FORBIDDEN or SVG_MALFORMED.
    """
    if len(image) > limits.IMAGE_BYTES:
        raise TooLarge("The picture is larger than 5 MiB.", code="SVG_TOO_LARGE", detail="BYTES")
    _require_utf8(image)
    walker = _Walker(_without_public_doctype(image))
    try:
        walker.run()
    except expat.ExpatError as error:
        raise BakedError("This SVG picture is not well-formed XML.", code="SVG_MALFORMED") from error
    return walker.found


def _prolog_end(image: bytes) -> int:
    prolog = _PROLOG.match(image)
    assert prolog is not None
    return prolog.end()


def _declares_foreign_encoding(image: bytes) -> bool:
    declared = _ENCODING.match(image)
    return declared is not None and declared[1].upper() != b"UTF-8"


def _require_utf8(image: bytes) -> None:
    if image.startswith(_FOREIGN_STARTS) or _declares_foreign_encoding(image):
        raise BakedError("An SVG picture with a badge must be written in UTF-8.", code="XML_ENCODING")
    try:
        image.decode()
    except UnicodeDecodeError as error:
        raise BakedError("An SVG picture with a badge must be written in UTF-8.", code="XML_ENCODING") from error


def _without_public_doctype(image: bytes) -> bytes:
    doctype = _W3C_DOCTYPE.match(image, _prolog_end(image))
    if doctype is None:
        return image
    return image[: doctype.start()] + b" " * len(doctype[0]) + image[doctype.end() :]


class _Walker:
    """Expat's handlers, which are methods because expat remembers nothing."""

    def __init__(self, image: bytes) -> None:
        self.image = image
        self.found = Scan()
        self._nodes = 0
        self._depth = 0
        #: Badge elements around the present place, the outermost first.
        self._open: list[tuple[int, Badge]] = []
        self._parser = parser = expat.ParserCreate("UTF-8", " ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartNamespaceDeclHandler = self._namespace
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def run(self) -> None:
        """The whole picture at once: fed in pieces, expat would begin a long token anew with each."""
        self._parser.Parse(self.image, True)

    def _doctype(self, *_declaration: object) -> None:
        raise BakedError("An SVG picture with a badge must not declare a document type of its own.", code="XML_DTD_FORBIDDEN")

    def _namespace(self, prefix: str | None, uri: str) -> None:
        if self._nodes == 0:
            self.found.prefixes[prefix] = uri

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        start = self._parser.CurrentByteIndex
        self._nodes += 1
        self._depth += 1
        if self._nodes > NODES or self._depth > DEPTH:
            raise TooLarge(
                "This SVG picture has more elements, or more within each other, than we read.", code="SVG_TOO_LARGE", detail="NODES"
            )
        if self._nodes == 1:
            if name not in _SVG_ROOTS:
                raise BakedError("This is not an SVG picture.", code="TYPE_MISMATCH")
            self.found.root_start, self.found.root_end = start, tag_end(self.image, start)[1]
        for _, around in self._open:
            around.has_elements = True
        if name in _BADGES:
            badge = Badge(name=name, parents=self._depth - 1, verify=attributes.get("verify"), start=start)
            self.found.badges.append(badge)
            self._open.append((self._depth, badge))
            self._parser.CharacterDataHandler = badge.body.append
        elif name.rpartition(" ")[2] == "credential":
            self.found.has_stray_credential = True

    def _end(self, _name: str) -> None:
        if self._open and self._open[-1][0] == self._depth:
            badge = self._open.pop()[1]
            badge.end = self._badge_end(badge)
            self._parser.CharacterDataHandler = self._open[-1][1].body.append if self._open else None
        self._depth -= 1

    def _badge_end(self, badge: Badge) -> int:
        behind_start_tag = tag_end(self.image, badge.start)[1]
        if self.image[behind_start_tag - 2 : behind_start_tag] == b"/>":
            return behind_start_tag
        return self.image.index(b">", self._parser.CurrentByteIndex) + 1
