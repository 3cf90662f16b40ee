"""A credential in a PNG: one uncompressed `iTXt` chunk with the keyword `openbadgecredential`. Learner records (`clrcredential`) and
badges of version 2 (`openbadges`) are read too, and never written.

The chunks are walked by hand. Image libraries skip what they do not know, repair what is broken, and differ in which of two
credentials they return; each of these would let one file say two things.

Source: Open Badges 3.0, 5.3.1; PNG (third edition), 5 and 11.3.3.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from hexmark.openbadges import limits
from hexmark.openbadges.baking import text
from hexmark.openbadges.errors import BakedError, TooLarge

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
#: A learner record is baked like a credential, a badge of version 2 in any kind of text. Beside another one each is a second badge.
RECORD_KEYWORD = b"clrcredential"
OPEN_BADGES_2_KEYWORD = b"openbadges"
_KEYWORDS = frozenset({KEYWORD, RECORD_KEYWORD, OPEN_BADGES_2_KEYWORD})
_TEXT_CHUNKS = (b"tEXt", b"zTXt", b"iTXt")
#: PNG, 11.2.1: allowed bit depths by colour type.
_BIT_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk: the whole of it is `image[start:end]`, its data `image[start + 8:end - 4]`."""

    kind: bytes
    start: int
    end: int
    data: bytes

    @property
    def keyword(self) -> bytes | None:
        """The keyword of a text chunk, None for every other chunk."""
        return self.data.split(b"\x00", 1)[0] if self.kind in _TEXT_CHUNKS else None


def bake(image: bytes, credential: str) -> bytes:
    """The PNG with the credential directly before its end, and no other text of a badge in it; everything else as it was.

    Raises: see `hexmark.openbadges.baking.bake`.
    """
    octets = text.encoded(credential)
    chunks = _chunks(image)
    kept = b"".join(image[chunk.start : chunk.end] for chunk in chunks[:-1] if not _is_badge(chunk))
    # Keyword, end of keyword, not compressed, no compression method, no language, no translated keyword.
    data = KEYWORD + b"\x00" + b"\x00\x00" + b"\x00" + b"\x00" + octets
    return SIGNATURE + kept + _packed(b"iTXt", data) + image[chunks[-1].start :]


def unbake(image: bytes) -> str:
    """The one credential in the PNG.

    Raises: see `hexmark.openbadges.baking.unbake`.
    """
    found = [chunk for chunk in _chunks(image) if _is_badge(chunk)]
    if not found:
        raise BakedError("There is no badge in this picture.")
    # Every text is unpacked before anything is said about it: a bomb is a bomb under each keyword.
    texts = [_unpacked(chunk) for chunk in found]
    if len(found) > 1:
        raise BakedError("There is more than one badge in this picture, and programs differ in which they read.", code="BAKED_AMBIGUOUS")
    if found[0].kind != b"iTXt" and found[0].keyword != OPEN_BADGES_2_KEYWORD:
        raise BakedError("The badge stands in a kind of chunk where no badge belongs.", detail="WRONG_CHUNK")
    try:
        return texts[0].decode()
    except UnicodeDecodeError as error:
        raise BakedError("The badge in this picture is not UTF-8 text.", code="PNG_MALFORMED") from error


def _is_badge(chunk: Chunk) -> bool:
    return chunk.keyword in _KEYWORDS


def _packed(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _malformed(sentence: str) -> BakedError:
    return BakedError(f"This PNG picture is broken: {sentence}", code="PNG_MALFORMED")


def _chunks(image: bytes) -> list[Chunk]:
    """All chunks of a PNG that is whole: every checksum right, nothing missing, nothing behind the end."""
    if len(image) > limits.IMAGE_BYTES:
        raise TooLarge("The picture is larger than 5 MiB.", code="BAKED_TOO_LARGE")
    if not image.startswith(SIGNATURE):
        raise BakedError("This is not a PNG picture.", code="TYPE_MISMATCH")
    chunks = list(_walk(image))
    if chunks[-1].kind != b"IEND" or chunks[-1].data:
        raise _malformed("its end is missing.")
    _require_header(chunks[0])
    kinds = [chunk.kind for chunk in chunks]
    if kinds.count(b"IHDR") > 1 or b"IDAT" not in kinds:
        raise _malformed("it has no image data, or two headers.")
    if sum(before != b"IDAT" for before, kind in pairwise(kinds) if kind == b"IDAT") > 1:
        raise _malformed("its image data is interrupted.")
    return chunks


def _walk(image: bytes) -> Iterator[Chunk]:
    """Chunk by chunk up to and with the first IEND, after which nothing may follow."""
    position, count = len(SIGNATURE), 0
    while True:
        if position + 12 > len(image):
            raise _malformed("it ends in the middle.")
        length, kind = struct.unpack_from(">I4s", image, position)
        end = position + 12 + length
        if end > len(image):
            raise _malformed("a part of it claims to be longer than the file.")
        if not kind.isalpha():
            raise _malformed("the name of a part is not made of letters.")
        # One crc32 over name and data; a memoryview spares the copy.
        if zlib.crc32(memoryview(image)[position + 4 : end - 4]) != int.from_bytes(image[end - 4 : end], "big"):
            raise _malformed("a checksum is wrong.")
        count += 1
        if count > limits.PNG_CHUNKS:
            raise BakedError("This PNG picture has more parts than any honest one.", code="PNG_TOO_MANY_CHUNKS")
        yield Chunk(kind, position, end, image[position + 8 : end - 4])
        position = end
        if kind == b"IEND":
            break
    if position != len(image):
        raise _malformed("something follows behind its end.")


def _require_header(header: Chunk) -> None:
    if header.kind != b"IHDR" or len(header.data) != 13:
        raise _malformed("it does not begin with its header.")
    width, height, depth, colour, compression, filtering, interlace = struct.unpack(">IIBBBBB", header.data)
    if not 0 < width < 2**31 or not 0 < height < 2**31:
        raise _malformed("it has no size.")
    if depth not in _BIT_DEPTHS.get(colour, ()) or compression or filtering or interlace > 1:
        raise _malformed("its header asks for what PNG does not have.")
    if width * height > limits.IMAGE_PIXELS:
        raise TooLarge("The picture has more than 25 megapixels.", code="BAKED_TOO_LARGE", detail="PIXELS")


def _unpacked(chunk: Chunk) -> bytes:
    """The text of a text chunk, inflated within bounds if it was compressed."""
    rest = chunk.data.split(b"\x00", 1)[1:]
    if not rest:
        raise _malformed("a text has no content.")
    body = rest[0]
    if chunk.kind == b"tEXt":
        text.require_length(len(body))
        return body
    if chunk.kind == b"zTXt":
        return _inflated(body[:1], body[1:])
    fields = body[2:].split(b"\x00", 2)
    if len(fields) != 3 or body[0] > 1:
        raise _malformed("a text does not have the form that it needs.")
    if body[0] == 1:
        # Baking must not compress (5.3.1), but some do, and the text is the same.
        return _inflated(body[1:2], fields[2])
    text.require_length(len(fields[2]))
    return fields[2]


def _inflated(method: bytes, packed: bytes) -> bytes:
    if method != b"\x00":
        raise _malformed("a text is compressed in a way that PNG does not have.")
    inflate = zlib.decompressobj()
    try:
        body = inflate.decompress(packed, limits.DOCUMENT_BYTES + 1)
    except zlib.error as error:
        raise _malformed("a compressed text cannot be read.") from error
    text.require_length(len(body))
    if not inflate.eof or inflate.unused_data:
        raise _malformed("a compressed text does not end where it should.")
    return body
