"""Rounded hexagons, in SVG axes: x to the right, y downwards, angles in degrees clockwise from the right."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

Point = tuple[float, float]


def cosine(degrees: float) -> float:
    """The cosine of an angle in degrees."""
    return math.cos(math.radians(degrees))


def sine(degrees: float) -> float:
    """The sine of an angle in degrees."""
    return math.sin(math.radians(degrees))


def number(value: float, places: int = 2) -> str:
    """The shortest text for a coordinate. Rounding also hides the last bits, in which machines may differ."""
    text = f"{value:.{places}f}".rstrip("0").rstrip(".") if places else f"{value:.0f}"
    return "0" if text in ("-0", "") else text


def polygon(points: Iterable[Point]) -> str:
    """Path data of a closed polygon."""
    return "M" + "L".join(f"{number(x, 1)} {number(y, 1)}" for x, y in points) + "Z"


def plain_hexagon(centre: Point, radius: float) -> list[Point]:
    """The corners of a sharp pointy-top hexagon, clockwise from the lower right."""
    return [(centre[0] + radius * cosine(30 + 60 * k), centre[1] + radius * sine(30 + 60 * k)) for k in range(6)]


@dataclass(frozen=True, slots=True)
class Hexagon:
    """A pointy-top hexagon with rounded corners: the hexagon of the corners' centres, grown by a disc.

    Side `j` faces the direction of 60·j degrees (0 is the right one); corner `j` lies between sides `j` and `j + 1`.
    """

    x: float
    y: float
    apothem: float
    corner_radius: float

    def inset(self, distance: float, *, sharpen: float = 0.5, least_radius: float = 8) -> Hexagon:
        """The same shape, `distance` further in. Corners sharpen by `sharpen` of it, as a milled edge does, down to `least_radius`."""
        radius = max(self.corner_radius - distance * sharpen, min(self.corner_radius, least_radius))
        return replace(self, apothem=self.apothem - distance, corner_radius=radius)

    def moved(self, right: float, down: float) -> Hexagon:
        """The same hexagon elsewhere."""
        return replace(self, x=self.x + right, y=self.y + down)

    def at(self, corner: int, direction: float) -> Point:
        """The point of a rounded corner where the outline faces `direction`."""
        reach = (self.apothem - self.corner_radius) / cosine(30)
        angle = 30 + 60 * corner
        return (
            self.x + reach * cosine(angle) + self.corner_radius * cosine(direction),
            self.y + reach * sine(angle) + self.corner_radius * sine(direction),
        )

    def side(self, j: int) -> tuple[Point, Point]:
        """The straight part of side `j`, clockwise."""
        return self.at(j - 1, 60 * j), self.at(j, 60 * j)

    def path(self) -> str:
        """Path data of the whole outline."""
        radius = number(self.corner_radius)
        parts = []
        for j in range(6):
            (x0, y0), (x1, y1) = self.at(j, 60 * j), self.at(j, 60 * (j + 1))
            parts.append(f"{'L' if j else 'M'}{number(x0)} {number(y0)}A{radius} {radius} 0 0 1 {number(x1)} {number(y1)}")
        return "".join(parts) + "Z"
