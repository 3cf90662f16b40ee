"""`hexmark bake` and `hexmark unbake`: the signed text goes into a picture and comes out of it unchanged."""

import struct
import zlib

import pytest
from click.testing import CliRunner
from tests.simulator import Simulator

from hexmark.cli.bake import bake, unbake
from hexmark.cli.verify import verify
from hexmark.openbadges import strict_json

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'


def png() -> bytes:
    """One grey pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\x00\x80")) + chunk(b"IEND", b"")


@pytest.fixture
def credential(tmp_path):
    path = tmp_path / "badge.json"
    # Spaces and line feeds of its own: the text is not to be written anew on the way.
    path.write_bytes(
        strict_json.dump(Simulator().did_key_issuer().issue(name="K\u00f6ln & Co. ]]> <b>")).replace(b'"name"', b' \n "name"', 1)
    )
    return path


@pytest.fixture(params=["badge.png", "badge.svg"])
def image(request, tmp_path):
    path = tmp_path / request.param
    path.write_bytes(png() if request.param.endswith("png") else SVG)
    return path


def run(command, *arguments):
    return CliRunner().invoke(command, [str(each) for each in arguments])


def test_what_was_baked_comes_out_byte_for_byte_and_still_verifies(image, credential, tmp_path):
    baked = tmp_path / f"baked{image.suffix}"
    result = run(bake, image, credential, "-o", baked)
    assert result.exit_code == 0, result.output
    assert run(unbake, baked).stdout_bytes == credential.read_bytes()
    out = tmp_path / "out.json"
    assert run(unbake, baked, "-o", out).exit_code == 0
    assert out.read_bytes() == credential.read_bytes()
    assert run(verify, baked, "--offline", "--at", "2026-06-15").exit_code == 0


def test_the_picture_given_stays_as_it_was(image, credential, tmp_path):
    before = image.read_bytes()
    run(bake, image, credential, "-o", tmp_path / "baked")
    assert image.read_bytes() == before


def test_baking_again_replaces_the_badge_inside(image, credential, tmp_path):
    second = tmp_path / "second.json"
    second.write_bytes(b'{"id": "urn:uuid:2"}')
    baked = tmp_path / "baked"
    run(bake, image, credential, "-o", baked)
    assert run(bake, baked, second, "-o", baked).exit_code == 0
    assert run(unbake, baked).stdout_bytes == b'{"id": "urn:uuid:2"}'


@pytest.mark.parametrize("data", [b"", b"nothing", b"[]", b'{"a": 1, "a": 2}', b"\xff", b'{"a": NaN}'])
def test_what_no_verifier_would_read_is_not_baked(image, tmp_path, data):
    credential, baked = tmp_path / "bad.json", tmp_path / "baked"
    credential.write_bytes(data)
    result = run(bake, image, credential, "-o", baked)
    assert result.exit_code == 3
    assert "PARSING_ERROR" in result.output
    assert not baked.exists()


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"<html></html>", b"{}"])
def test_what_is_no_picture_is_not_baked_into(tmp_path, credential, data):
    image, baked = tmp_path / "image", tmp_path / "baked"
    image.write_bytes(data)
    assert run(bake, image, credential, "-o", baked).exit_code == 3
    assert not baked.exists()


def test_a_picture_without_a_badge_says_so(image):
    result = run(unbake, image)
    assert result.exit_code == 3
    assert "BAKED_NOT_FOUND" in result.output


def test_a_place_that_cannot_be_written_is_a_plain_error(image, credential, tmp_path):
    result = run(bake, image, credential, "-o", tmp_path / "no" / "such" / "folder")
    assert result.exit_code == 1
    assert "cannot be written" in result.output


def test_a_missing_file_is_wrong_usage(tmp_path, credential):
    assert run(unbake, tmp_path / "nothing.png").exit_code == 2
    assert run(bake, credential).exit_code == 2
