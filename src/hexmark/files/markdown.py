"""Text that people write in Markdown, as HTML that is safe to show."""

from __future__ import annotations

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_ALLOWED_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "code", "pre", "h3", "h4", "hr"}
_PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": 20})


def to_html(text: str) -> SafeString:
    """The text as HTML: no raw HTML, no images, links only to absolute https, http and mailto addresses."""
    html = nh3.clean(
        _PARSER.render(text),
        tags=_ALLOWED_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "http", "mailto"},
        # Without this, links to //evil and to pages of our own pass.
        url_relative="deny",
        link_rel="nofollow noopener noreferrer",
    )
    return mark_safe(html)  # noqa: S308 (the cleaner's output is what makes it safe)
