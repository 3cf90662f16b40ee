"""From bytes of any kind to the text of a credential: JSON or JWT as it is, or baked into a PNG or SVG. Told by content, not by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from hexmark.openbadges import jose, limits
from hexmark.openbadges.errors import TooLarge, Unparsable

Container = Literal["json", "jwt", "png", "svg"]

_PNG = b"\x89PNG\r\n\x1a\n"
#: `<` in UTF-16: handed on, to be refused as XML in the wrong encoding.
_UTF_16 = (b"\xff\xfe<\x00", b"\xfe\xff\x00<")
_LINK = re.compile(r"https?://[^\s<>\"]{1,2000}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Read:
    """The text of a credential, and what it was found in."""

    text: str | bytes
    container: Container


def read(data: bytes) -> Read:
    """The credential inside these bytes, still unparsed.

    Raises:
        TooLarge: more than an image or a document may have.
        BakedError: an image without exactly one credential.
        Unparsable: TYPE_MISMATCH for a web page or another kind of file.
    """
    if data.startswith(_PNG):
        return Read(_unbaked(data), "png")
    start = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    if re.match(rb"<!doctype\s+html|<html", start, re.IGNORECASE):
        raise Unparsable("This is a web page, not a badge. Download the badge itself and check that file.", code="TYPE_MISMATCH")
    if start.startswith(b"<") or data[:4] in _UTF_16:
        return Read(_unbaked(data), "svg")
    if not start.startswith((b"{", b"[")) and not _is_text(data[:4096]):
        raise Unparsable("This file is neither a badge's text nor a PNG or SVG picture.", code="TYPE_MISMATCH")
    if len(data) > limits.DOCUMENT_BYTES:
        raise TooLarge(f"The document is larger than {limits.DOCUMENT_BYTES} bytes.", detail="DOCUMENT_BYTES")
    # Files and text fields end in new lines; inside the token white space is refused where it is read.
    text = data.strip().decode("latin-1")
    return Read(text, "jwt") if jose.is_compact(text) else Read(data, "json")


def _is_text(start: bytes) -> bool:
    # The cut may fall within a character, which is at most four bytes.
    return b"\x00" not in start and any(_decodes(start[: len(start) - cut]) for cut in range(4))


def _decodes(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _unbaked(data: bytes) -> str:
    if len(data) > limits.IMAGE_BYTES:
        raise TooLarge(f"The image is larger than {limits.IMAGE_BYTES} bytes.", code="BAKED_TOO_LARGE")
    from hexmark.openbadges import baking

    text = baking.unbake(data)
    if not _LINK.fullmatch(text.strip()):
        return text
    from hexmark.openbadges import ob2, strict_json

    # Only badges of version 2 are baked as links: what is known of such a badge is its address, and that it has to be asked.
    return strict_json.dump(ob2.stub(text.strip())).decode()
