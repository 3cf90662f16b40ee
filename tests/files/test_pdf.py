"""Certificates: whatever somebody is called, it is text; and the document can be read by everybody and kept for long."""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fontTools import ttLib
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from PIL import Image

from hexmark.errors import NotConfigured
from hexmark.files import pdf
from hexmark.files.pdf import Certificate, certificate, settable

GIVEN = Certificate(
    title="Data Steward",
    name="Amara Osei",
    issuer="Northwind Academy",
    description="Answers for one area of our data.",
    facts=(("Awarded", "14 March 2026"), ("Valid until", "No end")),
    awarded_on=date(2026, 3, 14),
    url="https://badges.example/a/k3v7q2m7x4b2n4c5w6z2r2t7y4",
    language="en-GB",
    picture="Data Steward, level 4 of 5",
    metal=("#452c02", "#8f640c", "#cb9a28", "#efce69", "#fff8d8"),
    check="Check this credential",
    note="Anyone can.",
)
CODE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


def picture() -> bytes:
    output = io.BytesIO()
    Image.new("RGBA", (64, 64), "#0a5f63").save(output, format="PNG")
    return output.getvalue()


def made(**other: Any) -> bytes:
    return certificate(replace(GIVEN, **other), badge_png=picture(), code_svg=CODE)


def unpacked(document: bytes) -> bytes:
    """The document with its packed parts readable."""
    parts = [document]
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", document, re.DOTALL):
        try:
            parts.append(zlib.decompress(packed))
        except zlib.error:
            continue
    return b"\n".join(parts)


def title_in(document: bytes) -> str:
    """The document's title as its metadata have it."""
    found = re.search(r"<dc:title>.*?<rdf:li[^>]*>(.*?)</rdf:li>", document.decode("utf-8", "replace"), re.DOTALL)
    assert found
    return found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&apos;", "'").replace("&amp;", "&")


def pages_in(document: bytes) -> int:
    return len(re.findall(rb"/Type ?/Page\b(?!s)", unpacked(document)))


def test_a_certificate_is_one_tagged_page_that_says_it_is_accessible() -> None:
    document = made()
    assert document.startswith(b"%PDF-1.7")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in document
    inside = unpacked(document)
    assert re.search(rb"/MarkInfo ?<<[^>]*/Marked true", inside)
    assert b"/Lang(en)" in inside
    assert b"Data Steward, level 4 of 5" in inside
    assert pages_in(document) == 1
    assert title_in(document) == "Data Steward, Amara Osei"


def test_the_same_certificate_has_the_same_bytes() -> None:
    assert made() == made()


def test_the_address_can_be_followed() -> None:
    assert GIVEN.url.encode() in unpacked(made())


HOSTILE = [
    '#read("/etc/passwd")',
    '#include "/etc/passwd"',
    '#import "@preview/cetz:0.3.0": *',
    '#image("badge.png")',
    "#panic()",
    "$ x^2 $",
    "\\",
    "\\u{41}\\ \\#",
    '"); #read("x',
    "]#[",
    "}) #{",
    "<label> @reference",
    "= Heading\n- list\n/ term: x",
    "`raw` ```js alert(1)```",
    "// comment /* more",
    "*_~-- --- ...",
    "{{ constructor }} ${7*7} <script>alert(1)</script>",
    "A\x00B\x1b[31m",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_a_text_stays_text(text: str) -> None:
    document = made(name=text, title=text, description=text, issuer=text)
    assert pages_in(document) == 1
    assert b"root:" not in unpacked(document)
    assert b"Data Steward, level" in unpacked(document)


def test_what_hides_is_left_out() -> None:
    assert settable("A\x00B\x1b") == "AB"


@pytest.mark.parametrize(
    "name",
    ["x" * 300, "W" * 300, "W " * 150, "Wolfeschlegelsteinhausenbergerdorff" * 8, "A", "Ẹ̀kọ́ " * 40, "q" * 299 + "\n" + "q"],
)
def test_the_longest_name_stays_on_the_page(name: str) -> None:
    assert pages_in(made(name=name, title=name[:120], description=name * 3, issuer=name[:200])) == 1


@pytest.mark.parametrize(
    "name", ["عبد الله بن عبد العزيز", "שָׁלוֹם כֹּהֵן", "Ναυσικά Παπαδοπούλου", "Ольга Ковальчук", "Čeněk Łukasiewicz Øst", "Nguyễn Thị Ánh"]
)
def test_names_in_the_scripts_that_we_ship_are_set_whole(name: str) -> None:
    assert pages_in(made(name=name)) == 1


def test_signs_without_a_letter_are_left_out_and_letters_are_not() -> None:
    assert settable("Owl 🦉 Keeper") == "Owl  Keeper"
    with pytest.raises(NotConfigured, match="no font here for 小, 李, 龍"):
        made(name="李小龍")


def test_a_font_that_an_administrator_puts_there_gives_its_letters(settings: Any, tmp_path: Path) -> None:
    # Any font will do: this one is ours under another name, with a letter of another script for one of its own.
    font = ttLib.TTFont(Path(pdf.__file__).parent / "fonts" / "noto-sans-hebrew-400.ttf")
    for table in font["cmap"].tables:
        table.cmap[ord("李")] = table.cmap[0x05D0]
    for record in font["name"].names:
        if record.nameID in (1, 16):
            record.string = "Of the House"
    (tmp_path / "fonts").mkdir()
    font.save(tmp_path / "fonts" / "house.ttf")
    settings.DATA_DIR = tmp_path
    assert pages_in(made(name="李")) == 1


def test_no_font_of_the_machine_is_used() -> None:
    fonts = set(re.findall(rb"/FontName ?/(?:[A-Z]{6}\+)?([A-Za-z-]+)", unpacked(made(name="عبد Ольга"))))
    assert {name.split(b"-")[0] for name in fonts} <= {b"Inter", b"BarlowCondensed", b"NotoSansArabic", b"NotoSansHebrew"}


@pytest.mark.parametrize(("tag", "kept"), [("de-AT", "de"), ("x", "en"), ("", "en"), ("yue", "yue"), ("zh-Hant-TW", "zh")])
def test_a_language_that_a_document_cannot_carry_is_english(tag: str, kept: str) -> None:
    assert pages_in(made(language=tag)) == 1
    assert pdf._language(tag) == kept


@effort(max_examples=25)
@given(st.text(max_size=120), st.text(max_size=120))
def test_any_text_gives_a_page_or_says_which_letters_it_lacks(name: str, title: str) -> None:
    try:
        document = made(name=name, title=title or "x", description=title)
    except NotConfigured:
        return
    assert pages_in(document) == 1
