"""What a file holds is told by its content, never by its name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.openbadges.png_pictures import picture
from tests.openbadges.png_pictures import text as chunk

from hexmark.openbadges import baking, limits, strict_json
from hexmark.openbadges.errors import FormatError
from hexmark.verification import read

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
CREDENTIAL = '{"id": "urn:uuid:1", "name": "K\u00f6ln"}'


def refusal(data: bytes) -> str:
    with pytest.raises(FormatError) as refused:
        read(data)
    return refused.value.code


def test_json_is_handed_on_as_it_is():
    for text in (b"{}", b'  \n{"a": 1}', b"[1]", b"\xef\xbb\xbf{}", b'{"a": "\xff"}', b"not json"):
        found = read(text)
        assert (found.text, found.container) == (text, "json")


def test_a_picture_gives_the_badge_inside(reference_data):
    found = read(baking.bake(SVG, CREDENTIAL))
    assert (found.text, found.container) == (CREDENTIAL, "svg")
    samples = reference_data / "vectors" / "ob-samples" / "valid"
    assert read((samples / "simple-json.png").read_bytes()).container == "png"
    assert read((samples / "simple-json.svg").read_bytes()).container == "svg"


@pytest.mark.parametrize("start", [b"", b"<?xml version='1.0'?>", b"\n ", b"\xef\xbb\xbf"])
def test_svg_may_begin_in_several_ways(start):
    with pytest.raises(FormatError) as refused:
        read(start + SVG)
    assert refused.value.code in {"BAKED_NOT_FOUND", "SVG_MALFORMED", "XML_ENCODING", "TYPE_MISMATCH"}


JWT = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2EuZXhhbXBsZSJ9.c2ln"


@pytest.mark.parametrize("data", [JWT, f"\n{JWT}\r\n", f"  {JWT}\t"])
def test_a_compact_credential_is_handed_on_without_the_space_around_it(data):
    found = read(data.encode())
    assert (found.text, found.container) == (JWT, "jwt")


@pytest.mark.parametrize("data", [JWT + "!!!!", JWT.replace(".", ". ", 1), "eyJhbGciOiJSUzI1NiJ9.e30"])
def test_a_malformed_one_is_handed_on_to_be_refused_as_what_it_is(data):
    found = read(data.encode())
    assert (found.text, found.container) == (data, "jwt")


def test_a_picture_with_a_compact_credential_gives_its_text(reference_data):
    found = read(baking.bake(SVG, JWT))
    assert (found.text, found.container) == (JWT, "svg")
    samples = reference_data / "vectors" / "ob-samples" / "valid"
    for kind in ("png", "svg"):
        found = read((samples / f"simple-jwt.{kind}").read_bytes())
        assert found.container == kind
        assert found.text.startswith("eyJhbGciOiJSUzI1NiIsImp3ayI6")


@pytest.mark.parametrize(
    "data",
    [
        b"<!doctype html><html></html>",
        b"  <!DOCTYPE HTML>\n<p>",
        b"<html><body>Sign in</body></html>",
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b"GIF89a\x01\x00\x01\x00\x80\x00\x00",
        b"RIFF\x24\x00\x00\x00WEBPVP8 ",
        b"\x88PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"PK\x03\x04\x00\x00",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
    ],
)
def test_another_kind_of_file_is_named_as_such(data):
    assert refusal(data) == "TYPE_MISMATCH"


def test_xml_in_another_encoding_is_not_read():
    assert refusal(SVG.decode().encode("utf-16")) in {"XML_ENCODING", "TYPE_MISMATCH"}


def test_too_large_is_refused_before_anything_is_read():
    assert refusal(b"{" + b" " * limits.DOCUMENT_BYTES + b"}") == "PAYLOAD_TOO_LARGE"
    assert refusal(SVG + b" " * limits.IMAGE_BYTES) == "BAKED_TOO_LARGE"
    assert refusal(b"\x89PNG\r\n\x1a\n" + bytes(limits.IMAGE_BYTES)) == "BAKED_TOO_LARGE"


def test_a_picture_of_version_2_is_read(reference_data):
    found = read((reference_data / "vectors" / "ob-samples" / "ob20" / "simple-badge.png").read_bytes())
    assert found.container == "png"
    assert '"type":"Assertion"' in found.text


def test_a_picture_that_only_links_to_its_badge_becomes_a_badge_to_ask_for():
    found = read(picture(chunk(b" http://old.example/1 ", b"openbadges")))
    assert strict_json.parse(found.text)["id"] == "http://old.example/1"


@given(
    st.one_of(
        st.binary(max_size=200),
        st.sampled_from([b"<", b"<svg", b"\x89PNG\r\n\x1a\n", b"{"]).flatmap(
            lambda start: st.binary(max_size=100).map(lambda rest: start + rest)
        ),
    )
)
def test_any_bytes_are_read_or_refused(data):
    try:
        found = read(data)
    except FormatError:
        return
    assert found.container in {"json", "jwt", "png", "svg"}
