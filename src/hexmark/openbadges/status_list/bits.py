"""Packing a status list's bits and unpacking a foreign one, bounded; reading and setting the bits of one entry.

Source: W3C Bitstring Status List 1.0, 3.3 and 3.4.
"""

import struct
import zlib

from hexmark.openbadges import limits
from hexmark.openbadges.errors import Malformed, StatusError
from hexmark.openbadges.multibase import b64url_decode, b64url_encode

#: Compressed and encoded, no list that inflates within bounds is longer than this.
_ENCODED_CHARACTERS = limits.STATUS_LIST_BYTES * 4 // 3 + 4096
#: Behind the magic: deflate, no flags, no time, no extra flags, system "unknown": the same bytes on every platform and Python.
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_HEADER = _GZIP_MAGIC + b"\x08\x00\x00\x00\x00\x00\x00\xff"


def encode(bits: bytes | bytearray) -> str:
    """The list as it is published: gzip (level 6, no time stamp), base64url without padding behind the multibase letter `u`.

    Raises:
        StatusError: STATUS_LIST_LENGTH_ERROR, fewer than 131,072 bits; STATUS_LIST_TOO_LARGE, more than 16 MiB.
    """
    _require_length(bits)
    deflate = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = deflate.compress(bits) + deflate.flush()
    packed = _GZIP_HEADER + body + struct.pack("<II", zlib.crc32(bits), len(bits) & 0xFFFFFFFF)
    return "u" + b64url_encode(packed)


def decode(encoded: object) -> bytes:
    """The list's bits, entry 0 at the most significant bit of the first byte.

    Never inflates more than `limits.STATUS_LIST_BYTES`, and a bomb not at all.

    Raises:
        StatusError: STATUS_LIST_TOO_LARGE, STATUS_LIST_LENGTH_ERROR (too few entries, or gzip within gzip), or
            STATUS_VERIFICATION_ERROR with detail ENCODING, NOT_GZIP, LENGTH, TRUNCATED or TRAILING_BYTES.
    """
    packed = _from_multibase(encoded)
    if not packed.startswith(_GZIP_MAGIC):
        raise StatusError("The status list is not gzip-compressed as it must be.", detail="NOT_GZIP")
    # gzip ends with the length of what it holds. Inflating 16 MiB takes some 50 ms, believing a bomb that admits its size takes
    # none; and one that lies is caught one byte behind the length it claims.
    claimed = int.from_bytes(packed[-4:], "little")
    if claimed > limits.STATUS_LIST_BYTES:
        raise StatusError("The status list is larger than any we read.", code="STATUS_LIST_TOO_LARGE")
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        bits = inflate.decompress(packed, claimed + 1)
    except zlib.error as error:
        raise StatusError("The status list is not gzip-compressed as it must be.", detail="NOT_GZIP") from error
    if len(bits) > claimed:
        raise StatusError("The status list does not have the length that it claims.", detail="LENGTH")
    if not inflate.eof:
        raise StatusError("The status list ends in the middle.", detail="TRUNCATED")
    if inflate.unused_data:
        raise StatusError("Something follows behind the end of the status list.", detail="TRAILING_BYTES")
    _require_length(bits)
    if _is_gzip(bits):
        raise StatusError("The status list was compressed twice.", code="STATUS_LIST_LENGTH_ERROR", detail="NESTED")
    return bits


def _from_multibase(encoded: object) -> bytes:
    if not isinstance(encoded, str) or not encoded.startswith("u"):
        raise StatusError("The status list must be base64url text behind the letter u.", detail="ENCODING")
    if len(encoded) > _ENCODED_CHARACTERS:
        raise StatusError("The status list is larger than any we read.", code="STATUS_LIST_TOO_LARGE")
    try:
        return b64url_decode(encoded[1:])
    except Malformed as error:
        raise StatusError("The status list is not base64url without padding.", detail="ENCODING") from error


def _require_length(bits: bytes | bytearray) -> None:
    if len(bits) > limits.STATUS_LIST_BYTES:
        raise StatusError("The status list is larger than any we read.", code="STATUS_LIST_TOO_LARGE")
    if len(bits) * 8 < limits.STATUS_LIST_ENTRIES:
        raise StatusError("The status list has fewer than 131,072 entries, which privacy demands.", code="STATUS_LIST_LENGTH_ERROR")


def _is_gzip(bits: bytes) -> bool:
    """Chance can begin a list with gzip's two bytes; a stream that then inflates without a fault is no chance."""
    if not bits.startswith(_GZIP_MAGIC):
        return False
    try:
        zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(bits, limits.STATUS_LIST_BYTES)
    except zlib.error:
        return False
    return True


def bit(bits: bytes | bytearray, index: int) -> bool:
    """Whether the bit of an entry is set; index 0 is 0x80 of the first byte.

    Raises:
        StatusError: RANGE_ERROR, the list has no such entry.
    """
    return value(bits, index) == 1


def value(bits: bytes | bytearray, index: int, *, size: int = 1) -> int:
    """The value of an entry of `size` bits, most significant bit first.

    Raises:
        StatusError: RANGE_ERROR, the list has no such entry.
    """
    start, end = _span(bits, index, size)
    first, last = start // 8, (end - 1) // 8 + 1
    whole = int.from_bytes(bits[first:last], "big")
    return (whole >> (last * 8 - end)) & ((1 << size) - 1)


def set_bit(bits: bytearray, index: int, on: bool) -> None:
    """The bit of this entry, and no other, is as told.

    Raises:
        StatusError: RANGE_ERROR, the list has no such entry.
    """
    set_value(bits, index, int(on))


def set_value(bits: bytearray, index: int, new: int, *, size: int = 1) -> None:
    """The entry of `size` bits, and no other, has this value.

    Raises:
        StatusError: RANGE_ERROR, the list has no such entry.
        ValueError: the value needs more bits than an entry has.
    """
    start, end = _span(bits, index, size)
    if not 0 <= new < 1 << size:
        raise ValueError(f"{new} does not fit into {size} bits.")
    first, last = start // 8, (end - 1) // 8 + 1
    shift = last * 8 - end
    whole = int.from_bytes(bits[first:last], "big")
    whole = whole & ~(((1 << size) - 1) << shift) | new << shift
    bits[first:last] = whole.to_bytes(last - first, "big")


def _span(bits: bytes | bytearray, index: int, size: int) -> tuple[int, int]:
    end = (index + 1) * size
    if index < 0 or size < 1 or end > len(bits) * 8:
        raise StatusError("The status list has no entry with this index.", code="RANGE_ERROR")
    return end - size, end
