"""Markdown that people write: what becomes HTML, and that nothing in it can run, look elsewhere or take long."""

from __future__ import annotations

import re
import time

import pytest
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from hexmark.files.markdown import LONGEST, to_html
from hexmark.files.text import hides_in_line, hides_in_text

_TAG = re.compile(r"<(/?)([a-z0-9]+)([^<>]*)>")
_LINK = re.compile(r'(?: href="(?:https?://|mailto:)[^"<>]*")? rel="nofollow noopener noreferrer"')
ALLOWED = set("p br strong em ul ol li a blockquote code pre h3 h4 hr".split())


def assert_harmless(html: str) -> None:
    """Every tag is one of the few allowed, without attributes, save for links out."""
    for closing, tag, attributes in _TAG.findall(html):
        assert tag in ALLOWED, html
        assert not attributes.strip(" /") or (tag == "a" and not closing and _LINK.fullmatch(attributes)), html
    assert "<" not in _TAG.sub("", html), html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Four talks.", "<p>Four talks.</p>\n"),
        ("*Four* **talks**", "<p><em>Four</em> <strong>talks</strong></p>\n"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"),
        ("1. one\n2. two", "<ol>\n<li>one</li>\n<li>two</li>\n</ol>\n"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>\n"),
        ("`code`", "<p><code>code</code></p>\n"),
        ("### Heading", "<h3>Heading</h3>\n"),
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>\n"),
        ("5 < 6 & 7", "<p>5 &lt; 6 &amp; 7</p>\n"),
        ("李 é 🦄", "<p>李 é 🦄</p>\n"),
        ("", ""),
        ("[site](https://a.example/b?c=d)", '<p><a href="https://a.example/b?c=d" rel="nofollow noopener noreferrer">site</a></p>\n'),
        ("<https://a.example>", '<p><a href="https://a.example" rel="nofollow noopener noreferrer">https://a.example</a></p>\n'),
        ("[write](mailto:a@b.example)", '<p><a href="mailto:a@b.example" rel="nofollow noopener noreferrer">write</a></p>\n'),
    ],
)
def test_markdown_becomes_html(text: str, html: str) -> None:
    assert to_html(text) == html


def test_the_answer_may_stand_in_a_template_as_it_is() -> None:
    assert isinstance(to_html("*safe*"), SafeString)
    assert isinstance(to_html("x" * (LONGEST + 1)), SafeString)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#x0A;script:alert(1)",
        "&#106;avascript:alert(1)",
        "javascript&colon;alert(1)",
        "\x01javascript:alert(1)",
        "vbscript:msgbox(1)",
        "data:text/html,<script>alert(1)</script>",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "file:///etc/passwd",
        "//evil.example/path",
        "/logout",
        "logout",
        "?next=evil",
        "#top",
        "\\\\evil.example",
        "https:/\\evil.example\n",
        "ftp://a.example",
        "tel:+441434",
        "blob:https://a.example/1",
    ],
)
def test_a_link_that_leads_anywhere_but_out_is_no_link(address: str) -> None:
    for text in (f"[x]({address})", f"[x](<{address}>)", f"<{address}>", f"[x]\n\n[x]: {address}"):
        html = to_html(text)
        assert_harmless(html)
        assert not re.search(r"href=\"(?!https:|mailto:)", html)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "<iframe src=https://evil.example></iframe>",
        "<math><mtext></p><style><!--</style><img title='--&gt;&lt;img src=x onerror=alert(1)&gt;'>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<a href=https://a.example onclick=alert(1)>x</a>",
        "<p style='position:fixed'>x</p>",
        "<form action=/logout><button>x</button></form>",
        "<!--><img src=x onerror=alert(1)>-->",
        "<![CDATA[<script>alert(1)</script>]]>",
        "<?xml version='1.0'?><script/>",
        "```html\n<script>alert(1)</script>\n```",
        "`<script>`",
        "[<img src=x onerror=alert(1)>](https://a.example)",
        '[x](https://a.example "onmouseover=alert(1)")',
        '[x](https://a.example/"onmouseover="alert(1))',
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "# One heading\n\n## and another",
        "a | b\n--|--\n1 | 2",
    ],
)
def test_html_that_somebody_writes_is_shown_not_run(text: str) -> None:
    assert_harmless(to_html(text))


@pytest.mark.parametrize(
    "text",
    ["![pixel](https://evil.example/track.gif)", "![x](data:image/png;base64,AAAA)", "[![x](https://a.example/x.png)](https://a.example)"],
)
def test_no_picture_is_fetched_from_anywhere(text: str) -> None:
    html = to_html(text)
    assert "<img" not in html
    assert "track.gif" not in html


# fmt: off
WORST = [
    ">",
    "[",
    "**a",
    "![",
    "*_",
    "[](",
    "- ",
    "`a``",
    "<a",
    "&",
    "\\",
    "a\n",
    "[a]: b\n",
    "<http:",
    "~",
    "|",
    "(" * 5,
    "[[",
    "](",
    "_a*b",
]


@pytest.mark.parametrize("part", WORST)
def test_the_worst_of_texts_takes_no_time(part: str) -> None:
    text = (part * LONGEST)[:LONGEST]
    started = time.process_time()
    html = to_html(text)
    # Of this process, so that a loaded machine is no fault of the text. Measured: the slowest takes 0.15 s.
    assert time.process_time() - started < 1.5
    assert_harmless(html)


@pytest.mark.parametrize("part", WORST)
def test_a_text_that_is_longer_than_any_form_allows_is_shown_unread(part: str) -> None:
    text = part * 100_000
    started = time.process_time()
    html = to_html(text)
    assert time.process_time() - started < 1
    assert html.startswith("<pre>")
    assert_harmless(html)


@given(st.text(max_size=300) | st.text(alphabet="<>\"'&()[]!*_`#\n \\:/=ahrefscriptjvonclkmg-", max_size=200))
def test_whatever_is_written_the_html_is_harmless(text: str) -> None:
    assert_harmless(to_html(text))


@pytest.mark.parametrize("text", ["Kiln Safety", "Sécurité", "安全", "\u0645\u06cc\u200c\u0631\u0648\u0645", "🦄", "O'Neil & Co. <b>", ""])
def test_plain_lines_hide_nothing(text: str) -> None:
    assert not hides_in_line(text)
    assert not hides_in_text(text)


@pytest.mark.parametrize(
    "hidden",
    [
        "\x00",
        "\x07",
        "\x1b",
        "\x7f",
        "\x85",
        "\u2028",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\u200b",
        "\ue000",
        "\ufffe",
        "\uffff",
        "\U0001ffff",
        "\ud800",
    ],
)
def test_what_does_not_show_is_found_in_lines_and_texts(hidden: str) -> None:
    assert hides_in_line(f"Kiln{hidden}Safety")
    assert hides_in_text(f"Kiln{hidden}Safety")


@pytest.mark.parametrize("allowed", ["\n", "\r\n", "\t", "\u200f", "\u200e", "\xad", "🏴\U000e0067\U000e0062\U000e007f"])
def test_lines_tabs_and_gentle_marks_may_stand_in_texts_but_not_in_lines(allowed: str) -> None:
    assert not hides_in_text(f"Four{allowed}talks")
    assert hides_in_line(f"Four{allowed}talks")
