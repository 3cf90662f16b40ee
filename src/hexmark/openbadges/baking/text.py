"""What both kinds of picture share: which texts can be baked."""

import re

from hexmark.openbadges import limits
from hexmark.openbadges.errors import Malformed, TooLarge

#: Compact JWS; its middle part is empty where the payload is detached, which no credential is.
_JWS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*", re.ASCII)


def is_jws(text: str) -> bool:
    """Whether the text has the form of a compact JWS. Source: RFC 7515, 7.1."""
    return _JWS.fullmatch(text) is not None


def encoded(credential: str) -> bytes:
    """The UTF-8 bytes of a text that may be baked.

    Raises:
        Malformed: it is neither a JSON object nor a compact JWS, or no UTF-8 can stand for it.
        TooLarge: BAKED_TOO_LARGE, longer than any document we read.
    """
    if not credential.lstrip(" \t\r\n").startswith("{") and not is_jws(credential):
        raise Malformed("Only a signed badge, as JSON or as a JWS, can be baked into a picture.")
    if "\x00" in credential:
        raise Malformed("U+0000 cannot be baked into a picture.")
    try:
        octets = credential.encode()
    except UnicodeEncodeError as error:
        raise Malformed("Half of a surrogate pair cannot be baked into a picture.") from error
    require_length(len(octets))
    return octets


def require_length(octets: int) -> None:
    """Pass silently if a baked text of so many bytes is one that we read.

    Raises:
        TooLarge: BAKED_TOO_LARGE.
    """
    if octets > limits.DOCUMENT_BYTES:
        raise TooLarge("The badge in the picture is larger than 1 MiB.", code="BAKED_TOO_LARGE")
