"""PNG pictures for the tests of baking."""

import struct
import zlib

import pytest

from hexmark.openbadges.baking import png, unbake
from hexmark.openbadges.errors import FormatError

CREDENTIAL = '{"id":"urn:uuid:1","name":"Großes Schweißen 🏅"}'
JWS = "eyJhbGciOiJFZERTQSJ9.eyJpZCI6InVybjp1dWlkOjEifQ.c2lnbmF0dXJl"


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def header(width=1, height=1, depth=8, colour=0, compression=0, filtering=0, interlace=0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, compression, filtering, interlace))


IDAT = chunk(b"IDAT", zlib.compress(b"\x00\x00"))
IEND = chunk(b"IEND")


def picture(*chunks: bytes) -> bytes:
    """A grey pixel, with these chunks before its end."""
    return png.SIGNATURE + header() + IDAT + b"".join(chunks) + IEND


def itxt(body: bytes = CREDENTIAL.encode(), keyword: bytes = png.KEYWORD, compressed: bool = False) -> bytes:
    return chunk(b"iTXt", keyword + b"\x00" + (b"\x01\x00" if compressed else b"\x00\x00") + b"\x00\x00" + body)


def ztxt(body: bytes, keyword: bytes) -> bytes:
    return chunk(b"zTXt", keyword + b"\x00\x00" + zlib.compress(body, 9))


def text(body: bytes, keyword: bytes) -> bytes:
    return chunk(b"tEXt", keyword + b"\x00" + body)


def refusal(error: type[FormatError], image: bytes) -> str:
    with pytest.raises(error) as caught:
        unbake(image)
    return caught.value.full_code
