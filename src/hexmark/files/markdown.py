"""Text that people write in Markdown, as HTML that is safe to show."""

from __future__ import annotations

import nh3
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_ALLOWED_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "code", "pre", "h3", "h4", "hr"}
_PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": 20})


#: What forms let through. Beyond it the parser takes more than a tenth of a second over the worst of texts.
LONGEST = 10_000


def to_html(text: str) -> SafeString:
    """The text as HTML: no raw HTML, no images, links only to absolute https, http and mailto addresses.

    A text of more than 10,000 characters is shown as it is, unread.
    """
    if len(text) > LONGEST:
        return format_html("<pre>{}</pre>", text)
    html = nh3.clean(
        _PARSER.render(text),
        tags=_ALLOWED_TAGS,
        # Under the star the cleaner would keep titles, which show one address over another.
        attributes={"a": {"href"}, "*": set()},
        url_schemes={"https", "http", "mailto"},
        # Without this, links to //evil and to pages of our own pass.
        url_relative="deny",
        link_rel="nofollow noopener noreferrer",
    )
    return mark_safe(html)  # noqa: S308 (the cleaner's output is what makes it safe)
