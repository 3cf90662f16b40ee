"""The address of a badge's picture in the size in which a page shows it."""

from __future__ import annotations

import re

from django import template

register = template.Library()

#: Sides in pixels in which pictures are made, as texts of addresses. Any other size is shown as the next larger one, made smaller.
SIZES = ("32", "48", "64", "96", "128", "160", "192", "224", "256", "320", "512")
_PUBLISHED = re.compile(r"(?:https?://[^/]+)?/b/[a-z0-9-]+/[0-9]+/image")
_DRAFT = re.compile(r"/catalogue/[a-z0-9-]+/picture(\?[^ ]*)?")


@register.filter
def at_size(src: str, size: str | int) -> str:
    """The picture's address for this size; an address of any other picture stays as it is."""
    if _PUBLISHED.fullmatch(src):
        return f"{src}/{step(size)}.webp"
    if match := _DRAFT.fullmatch(src):
        return f"{src}{'&' if match[1] else '?'}size={step(size)}"
    return src


@register.filter
def for_fine_screens(src: str, size: str | int) -> str:
    """The picture with twice as many pixels, or nothing where the address is that of any other picture."""
    return f"{src}/{step(size)}x2.webp" if _PUBLISHED.fullmatch(src) else ""


def step(size: str | int) -> str:
    """The smallest size that is no smaller than this one."""
    wanted = int(size) if str(size).isdecimal() else 512
    return next((made for made in SIZES if int(made) >= wanted), SIZES[-1])
