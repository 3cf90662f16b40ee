"""Colours as `#rrggbb`, mixed in OKLab so that a ramp from shadow to light keeps its hue, and compared as WCAG compares them."""

from collections.abc import Sequence
from functools import lru_cache

Lab = tuple[float, float, float]


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _gamma(light: float) -> float:
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


def _linear_rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return red, green, blue


@lru_cache(maxsize=512)
def to_oklab(colour: str) -> Lab:
    """The colour's lightness (0 to 1) and its two opponent axes.

    Source: Björn Ottosson, "A perceptual color space for image processing" (2020).
    """
    red, green, blue = _linear_rgb(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def from_oklab(lab: Lab) -> str:
    """The nearest `#rrggbb`, each channel clipped to what a screen can show."""
    lightness, a, b = lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    channels = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{max(0, min(255, round(255 * _gamma(max(0.0, channel))))):02x}" for channel in channels)


def mix(first: str, second: str, share: float) -> str:
    """The colour that lies `share` (0 to 1) of the way from the first to the second."""
    one, other = to_oklab(first), to_oklab(second)
    lightness, a, b = (start + (end - start) * share for start, end in zip(one, other, strict=True))
    return from_oklab((lightness, a, b))


def ramp(anchors: Sequence[str], tone: float) -> str:
    """The colour at `tone` (0 to 1, clipped) on a scale through evenly spaced anchors."""
    place = max(0.0, min(1.0, tone)) * (len(anchors) - 1)
    index = min(int(place), len(anchors) - 2)
    return mix(anchors[index], anchors[index + 1], place - index)


def contrast(first: str, second: str) -> float:
    """How far apart two colours are in luminance, 1 to 21.

    Source: WCAG 2.2, definitions of contrast ratio and relative luminance.
    """

    def luminance(colour: str) -> float:
        red, green, blue = _linear_rgb(colour)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    brighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)
