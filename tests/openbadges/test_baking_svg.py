"""Credentials in SVG pictures: one line of the table in `baking.svg` after the other, and hostile XML refused."""

import json
import xml.etree.ElementTree as ElementTree

import pytest
from tests.openbadges.svg_pictures import CREDENTIAL, JWS, NS, ONE, PLAIN, SVG, picture, refusal

from hexmark.openbadges.baking import bake, unbake
from hexmark.openbadges.errors import BakedError, Malformed

# Baking


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
        ("<o:assertion xmlns:o='http://openbadges.org'/>", "/EMPTY"),
        ("<g><o:assertion xmlns:o='http://openbadges.org' verify='https://old.example/1'/></g>", "/NOT_CHILD_OF_ROOT"),
    ],
)
def test_what_is_not_a_credential_in_its_place_is_not_found(inside, detail):
    assert refusal(BakedError, picture(inside)) == f"BAKED_NOT_FOUND{detail}"


def test_a_badge_of_version_2_is_read_as_link_token_or_body():
    def assertion(verify: str, body: str = "") -> bytes:
        return picture(f"<o:assertion xmlns:o='http://openbadges.org' {verify}>{body}</o:assertion>")

    assert unbake(assertion("verify='http://169.254.169.254/'")) == "http://169.254.169.254/"
    assert unbake(assertion(f"verify='{JWS}'")) == JWS
    assert unbake(assertion("", '<![CDATA[{"id":"https://old.example/1"}]]>')) == '{"id":"https://old.example/1"}'
    # The older standard asks for both; they must be one badge.
    both = assertion("verify='https://old.example/1'", '<![CDATA[{"id":"https://old.example/1"}]]>')
    assert unbake(both) == '{"id":"https://old.example/1"}'


@pytest.mark.parametrize("body", ['{"id":"https://old.example/2"}', "{}", "hello", '{"id":7}', '{"id":"https://old.example/1"'])
def test_a_badge_of_version_2_with_a_link_to_another_one_is_refused(body):
    inside = f"<o:assertion xmlns:o='http://openbadges.org' verify='https://old.example/1'><![CDATA[{body}]]></o:assertion>"
    assert refusal(BakedError, picture(inside)) == "BAKED_AMBIGUOUS"
