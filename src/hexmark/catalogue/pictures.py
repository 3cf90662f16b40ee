"""The picture of a published version in the size in which it is shown: made once, kept by what it is made from."""

from __future__ import annotations

import io

from PIL import Image

from hexmark.catalogue import art
from hexmark.catalogue.models import AchievementVersion
from hexmark.files import store
from hexmark.files.derived import made
from hexmark.files.images import rasterise

MEDIA_TYPES = {"webp": "image/webp", "png": "image/png"}
#: Nobody shows a badge larger than a certificate does.
LARGEST_SIDE = 1024
#: At this quality a badge of 512 pixels takes a sixth of what it takes as a PNG, and shows no difference.
WEBP_QUALITY = 86


def picture(version: AchievementVersion, *, size: int, density: int = 1, form: str = "webp") -> bytes:
    """The version's picture for a place of `size` by `size` pixels on a screen of this density: with words, without them, or a sign.

    Made at most once for each size, density and form, of which there are few.
    """
    side = min(size * density, LARGEST_SIDE)
    # A drawing of another size is another drawing; the files it comes from are told by their hashes.
    kind = "upload" if not version.drawn_svg else "whole" if art.is_first_generation(version) or size >= art.FULL_FROM else f"at {size}"
    source = version.drawn_svg or version.image_png
    return made("picture", source, kind, side, form, make=lambda: _encoded(_pixels(version, kind, size, side), form))


def _pixels(version: AchievementVersion, kind: str, size: int, side: int) -> Image.Image:
    if kind == "upload":
        uploaded = Image.open(io.BytesIO(store.get(version.image_png)), formats=["PNG"]).convert("RGBA")
        return uploaded.resize((side, side), Image.Resampling.LANCZOS)
    svg = store.get(version.drawn_svg).decode() if kind == "whole" else art.drawing_of(version, size=size)
    return Image.open(io.BytesIO(rasterise(svg, side=side)), formats=["PNG"])


def _encoded(pixels: Image.Image, form: str) -> bytes:
    output = io.BytesIO()
    if form == "webp":
        pixels.save(output, format="WEBP", quality=WEBP_QUALITY, method=6)
    else:
        pixels.save(output, format="PNG", optimize=True)
    return output.getvalue()
