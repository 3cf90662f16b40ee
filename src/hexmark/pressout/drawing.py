"""Writing SVG: definitions once each, identifiers that are safe to put many badges into one page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from hexmark.pressout.geometry import Point, number

#: offset 0 to 1, colour, opacity 0 to 1
Stop = tuple[float, str, float]


def opaque(stops: Iterable[tuple[float, str]]) -> list[Stop]:
    """Gradient stops without transparency."""
    return [(offset, colour, 1.0) for offset, colour in stops]


def _stops(stops: Sequence[Stop]) -> str:
    def opacity(value: float) -> str:
        return f' stop-opacity="{number(value, 3)}"' if value < 1 else ""

    return "".join(f'<stop offset="{number(offset)}" stop-color="{colour}"{opacity(alpha)}/>' for offset, colour, alpha in stops)


@dataclass(slots=True)
class Drawing:
    """A picture being written. `prefix` begins every identifier; two drawings with different prefixes can stand in one document."""

    prefix: str
    definitions: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    _known: dict[str, str] = field(default_factory=dict)

    def define(self, element: str, content: str) -> str:
        """Put `<element id=…content>` among the definitions, unless it stands there already, and return its identifier."""
        key = f"{element} {content}"
        if key not in self._known:
            self._known[key] = f"{self.prefix}{len(self._known)}"
            self.definitions.append(f'<{element} id="{self._known[key]}"{content}')
        return self._known[key]

    def linear(self, start: Point, end: Point, stops: Sequence[Stop], *, repeat: bool = False) -> str:
        """A linear gradient as a paint, `url(#…)`."""
        ends = f'x1="{number(start[0])}" y1="{number(start[1])}" x2="{number(end[0])}" y2="{number(end[1])}"'
        spread = ' spreadMethod="repeat"' if repeat else ""
        content = f' gradientUnits="userSpaceOnUse" {ends}{spread}>{_stops(stops)}</linearGradient>'
        return f"url(#{self.define('linearGradient', content)})"

    def radial(self, centre: Point, radius: float, stops: Sequence[Stop], *, repeat: bool = False) -> str:
        """A radial gradient as a paint, `url(#…)`."""
        spread = ' spreadMethod="repeat"' if repeat else ""
        circle = f'cx="{number(centre[0])}" cy="{number(centre[1])}" r="{number(radius)}"'
        content = f' gradientUnits="userSpaceOnUse" {circle}{spread}>{_stops(stops)}</radialGradient>'
        return f"url(#{self.define('radialGradient', content)})"

    def clip(self, data: str) -> str:
        """A clip path, `url(#…)`."""
        content = f'><path d="{data}"/></clipPath>'
        return f"url(#{self.define('clipPath', content)})"

    def shape(self, data: str) -> str:
        """A path to be used many times; returns its identifier."""
        return self.define("path", f' d="{data}"/>')

    def path(self, data: str, fill: str, **attributes: str | float) -> None:
        """Draw a path. Attribute names are written with underscores."""
        self.body.append(f'<path d="{data}" fill="{fill}"{attributes_text(attributes)}/>')

    def use(self, shape: str, transform: str, **attributes: str | float) -> None:
        """Draw a defined shape again, moved and coloured."""
        self.body.append(f'<use xlink:href="#{shape}" transform="{transform}"{attributes_text(attributes)}/>')

    def group(self, **attributes: str | float) -> None:
        """Open a group; `end_group` closes it."""
        self.body.append(f"<g{attributes_text(attributes)}>")

    def end_group(self) -> None:
        """Close the group that was opened last."""
        self.body.append("</g>")

    def document(self, *, title: str, description: str, width: float = 512, height: float = 512) -> str:
        """The whole SVG. Title and description are its text alternative (SVG 2, clause 5.7)."""
        size = f'viewBox="0 0 {number(width)} {number(height)}" width="{number(width)}" height="{number(height)}"'
        title_id, description_id = f"{self.prefix}-title", f"{self.prefix}-description"
        labels = f'<title id="{title_id}">{escape(title)}</title><desc id="{description_id}">{escape(description)}</desc>'
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'{size} role="img" aria-labelledby="{title_id} {description_id}">'
            f"{labels}<defs>{''.join(self.definitions)}</defs>{''.join(self.body)}</svg>\n"
        )


def attributes_text(attributes: dict[str, str | float]) -> str:
    """` name="value"` for each, underscores turned into hyphens, numbers rounded."""
    texts = ((name, value if isinstance(value, str) else number(value, 3)) for name, value in attributes.items())
    return "".join(f' {name.replace("_", "-")}="{value}"' for name, value in texts)
