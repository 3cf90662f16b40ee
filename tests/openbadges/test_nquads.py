"""N-Quads: canonical terms, and reading of the published test suites."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.openbadges.errors import Unparsable
from hexmark.openbadges.nquads import escape, line, literal, parse

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@pytest.mark.parametrize(
    ("raw", "escaped"),
    [
        ("plain é 🏅", "plain é 🏅"),
        ('say "hi"', r"say \"hi\""),
        ("back\\slash", r"back\\slash"),
        ("a\nb\rc\td", r"a\nb\rc\td"),
        ("\b\f", r"\b\f"),
        ("soft\x0bbreak", r"soft\u000Bbreak"),
        ("\x00\x07\x1f\x7f", r"\u0000\u0007\u001F\u007F"),
        ("\ufffe\uffff", r"\uFFFE\uFFFF"),
        ("\x80\x85\u2028\u2029\ufffd", "\x80\x85\u2028\u2029\ufffd"),
    ],
)
def test_control_characters_are_escaped_as_rdfc_demands(raw, escaped):
    assert escape(raw) == escaped


def test_the_datatype_of_plain_text_is_not_written():
    assert literal("x") == '"x"'
    assert literal("x", datatype="http://www.w3.org/2001/XMLSchema#string") == '"x"'
    assert literal("1", datatype="urn:number") == '"1"^^<urn:number>'
    assert literal("x", language="de-CH") == '"x"@de-CH'


def test_a_line_has_three_or_four_terms():
    assert line(("_:a", "<urn:p>", '"o"', "")) == '_:a <urn:p> "o" .\n'
    assert line(("_:a", "<urn:p>", '"o"', "<urn:g>")) == '_:a <urn:p> "o" <urn:g> .\n'


def test_every_kind_of_term_is_read():
    document = """
# a comment
<urn:s> <urn:p> <urn:o> .
_:b1 <urn:p> _:b2 <urn:g> .
<urn:s>\t<urn:p> "x"@en .   # behind a line
<urn:s> <urn:p> "1"^^<urn:number> _:g .
<urn:s> <urn:p> "plain"^^<http://www.w3.org/2001/XMLSchema#string> .
"""
    assert parse(document) == [
        ("<urn:s>", "<urn:p>", "<urn:o>", ""),
        ("_:b1", "<urn:p>", "_:b2", "<urn:g>"),
        ("<urn:s>", "<urn:p>", '"x"@en', ""),
        ("<urn:s>", "<urn:p>", '"1"^^<urn:number>', "_:g"),
        ("<urn:s>", "<urn:p>", '"plain"', ""),
    ]


def test_escapes_are_read_and_written_canonically():
    assert parse(r'<urn:s> <urn:p\u00e9> "\u0041\U0001F3C5\t\'\u000b" .') == [("<urn:s>", "<urn:pé>", '"A🏅\\t\'\\u000B"', "")]


def test_unusual_line_ends_in_literals_do_not_split_a_line():
    (quad,) = parse('<urn:s> <urn:p> "a\u0085b\u2028c" .')
    assert quad[2] == '"a\u0085b\u2028c"'


@pytest.mark.parametrize(
    "broken",
    [
        "<urn:s> <urn:p> .",
        "<urn:s> <urn:p> <urn:o>",
        "<urn:s> _:p <urn:o> .",
        '"s" <urn:p> <urn:o> .',
        "<urn:s> <urn:p> <urn:o> <urn:g> <urn:h> .",
        "<urn: s> <urn:p> <urn:o> .",
        '<urn:s> <urn:p> "a" "b" .',
        '<urn:s> <urn:p> "a\\x" .',
        r'<urn:s> <urn:p> "\uD800" .',
        r'<urn:s> <urn:p> "\U00110000" .',
        "<urn:s> <urn:p> 'a' .",
    ],
)
def test_what_is_not_nquads_is_refused(broken):
    with pytest.raises(Unparsable):
        parse(broken)


@given(text)
def test_any_text_survives_escaping(value):
    quad = ("<urn:s>", "<urn:p>", literal(value), "")
    assert parse(line(quad)) == [quad]


@given(text, text)
def test_two_texts_never_have_one_escaped_form(one, other):
    assert (escape(one) == escape(other)) == (one == other)


@given(text)
def test_escaped_text_cannot_end_its_literal_or_its_line(value):
    written = escape(value)
    assert "\n" not in written
    assert "\r" not in written
    assert '"' not in written.replace(r"\\", "").replace(r"\"", "")
