"""Baking: embedding a credential in a badge's picture, PNG or SVG, and taking it out of a foreign one.

Nothing here looks at the picture or believes the credential: what comes out of `unbake` is text from a stranger, for
`strict_json` and `verify` to judge. What is refused here is whatever two programs could read differently.

Source: Open Badges 3.0, 5.3 (PNG: 5.3.1, SVG: 5.3.2).
"""

from typing import Literal

from hexmark.openbadges.baking import png, svg
from hexmark.openbadges.errors import BakedError

__all__ = ["ImageType", "bake", "image_type", "unbake"]

ImageType = Literal["png", "svg"]


def image_type(image: bytes) -> ImageType:
    """Which of the two kinds of picture the bytes begin like. A file's name or media type is never asked.

    Raises:
        BakedError: TYPE_MISMATCH, neither of them; XML_ENCODING, XML that does not begin like UTF-8.
    """
    if image.startswith(png.SIGNATURE):
        return "png"
    if svg.looks_like_svg(image):
        return "svg"
    raise BakedError("This is neither a PNG nor an SVG picture.", code="TYPE_MISMATCH")


def bake(image: bytes, credential: str) -> bytes:
    """The picture with the credential (JSON text or compact JWS) in it, instead of any that was in it before.

    Raises:
        BakedError, TooLarge: the picture cannot be read, as for `unbake`.
        Malformed: the text is neither JSON nor a JWS, or holds what cannot be written (half a surrogate pair, U+0000).
    """
    if image_type(image) == "png":
        return png.bake(image, credential)
    return svg.bake(image, credential)


def unbake(image: bytes) -> str:
    """The one credential in the picture, as text: JSON or a compact JWS, exactly as it was baked.

    Of a badge of version 2 it may also be a link to where the badge stands; nothing here follows it.

    Raises:
        BakedError: BAKED_NOT_FOUND, BAKED_AMBIGUOUS, PNG_MALFORMED, PNG_TOO_MANY_CHUNKS, TYPE_MISMATCH, XML_DTD_FORBIDDEN,
            XML_ENCODING, SVG_MALFORMED.
        TooLarge: BAKED_TOO_LARGE, SVG_TOO_LARGE.
    """
    if image_type(image) == "png":
        return png.unbake(image)
    return svg.unbake(image)
