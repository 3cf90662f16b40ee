"""From bytes of any kind to the text of a credential: JSON as it is, or baked into a PNG or SVG. Told by content, not by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from hexmark.openbadges import limits
from hexmark.openbadges.errors import TooLarge, Unparsable

Container = Literal["json", "png", "svg"]

_PNG = b"\x89PNG\r\n\x1a\n"
_JWT = re.compile(rb"\s*[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\s*")


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
        Unparsable: UNSUPPORTED_FORMAT for a compact credential (JWT), NOT_A_CREDENTIAL for a web page or other text.
    """
    if data.startswith(_PNG):
        return Read(_unbaked(data), "png")
    start = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        if re.match(rb"<!doctype\s+html|<html", start, re.IGNORECASE):
            raise Unparsable("This is a web page, not a badge. Download the badge itself and check that file.", detail="NOT_A_CREDENTIAL")
        return Read(_unbaked(data), "svg")
    if len(data) > limits.DOCUMENT_BYTES:
        raise TooLarge(f"The document is larger than {limits.DOCUMENT_BYTES} bytes.", detail="DOCUMENT_BYTES")
    if _JWT.fullmatch(data):
        raise _compact()
    return Read(data, "json")


def _unbaked(data: bytes) -> str:
    if len(data) > limits.IMAGE_BYTES:
        raise TooLarge(f"The image is larger than {limits.IMAGE_BYTES} bytes.", code="BAKED_TOO_LARGE")
    from hexmark.openbadges import baking

    text = baking.unbake(data)
    if _JWT.fullmatch(text.encode()):
        raise _compact()
    return text


def _compact() -> Unparsable:
    return Unparsable("This badge is signed in the compact form (JWT), which cannot be checked here yet.", code="UNSUPPORTED_FORMAT")
