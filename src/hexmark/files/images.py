"""Pictures: cleaning what people upload, and rasterising our own drawings."""

from __future__ import annotations

import io
import struct
import zlib
from base64 import b64encode
from typing import NewType

from PIL import Image, ImageOps

from hexmark.errors import Invalid
from hexmark.openbadges.limits import IMAGE_BYTES, IMAGE_PIXELS

#: A PNG that was drawn anew here: nothing else can be shown as a badge.
CleanPicture = NewType("CleanPicture", bytes)
SMALLEST_SIDE = 400
STORED_SIDE = 1024
#: Everything that a damaged picture makes the decoder raise (found by damaging some).
_UNREADABLE = (
    Image.DecompressionBombError,
    OSError,
    ValueError,
    TypeError,
    SyntaxError,
    EOFError,
    LookupError,
    ArithmeticError,
    struct.error,
    zlib.error,
)


def clean_upload(data: bytes) -> CleanPicture:
    """A square PNG of at most 1024 px a side, drawn anew from the upload, so that nothing but its pixels is kept.

    It may take seconds: never inside a transaction.

    Raises:
        Invalid: it is no PNG or JPEG, too large, damaged, not square or smaller than 400 px.
    """
    if len(data) > IMAGE_BYTES:
        raise Invalid("The picture is larger than 5 MB. Export a smaller one.", field="image")
    try:
        image = Image.open(io.BytesIO(data), formats=["PNG", "JPEG"])
        _check_size(image)
        # A telephone's picture stands as it was held; the note of that would be lost with everything else that is not a pixel.
        pixels = ImageOps.exif_transpose(image).convert("RGBA")
    except _UNREADABLE as error:
        raise Invalid("This is not a PNG or JPEG picture that can be read.", field="image") from error
    side = min(pixels.width, pixels.height, STORED_SIDE)
    if pixels.size != (side, side):
        pixels = pixels.resize((side, side), Image.Resampling.LANCZOS)
    output = io.BytesIO()
    # Without what the upload noted beside its pixels: place, author, colour profile, text.
    Image.frombytes("RGBA", pixels.size, pixels.tobytes()).save(output, format="PNG", optimize=True)
    return CleanPicture(output.getvalue())


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > IMAGE_PIXELS:
        raise Invalid("The picture has more than 25 million pixels. Export a smaller one.", field="image")
    # Some cameras write a second picture into a JPEG; the first one is the picture.
    if image.format == "PNG" and getattr(image, "n_frames", 1) > 1:
        raise Invalid("A picture that moves cannot be used. Export a single frame.", field="image")
    if abs(image.width - image.height) > 1:
        raise Invalid(f"The picture must be square; this one is {image.width} by {image.height} pixels.", field="image")
    if min(image.size) < SMALLEST_SIDE:
        raise Invalid(f"The picture must be at least {SMALLEST_SIDE} pixels wide; this one has {image.width}.", field="image")


def rasterise(svg: str, *, side: int = 512, height: int | None = None) -> bytes:
    """Our own drawing as a PNG of this side in pixels, square unless a height is given. Never for drawings of strangers."""
    import resvg_py

    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=side, height=height or side))


def svg_around(png: bytes, *, title: str) -> str:
    """An SVG that shows the PNG, so that an uploaded picture can carry a credential in either format."""
    from xml.sax.saxutils import escape

    data = b64encode(png).decode("ascii")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" width="512" height="512">'
        f'<title>{escape(title)}</title><image width="512" height="512" href="data:image/png;base64,{data}"/></svg>'
    )
