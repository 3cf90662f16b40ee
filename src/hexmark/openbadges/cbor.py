"""CBOR as proof values of selective disclosure use it: whole numbers, byte strings, texts, arrays and maps, nothing else.

Only the one deterministic form of a value is read (RFC 8949, 4.2.1): where one value had two forms, a proof could be changed and
still hold.
"""

from hexmark.openbadges.errors import Unparsable

Value = int | bytes | str | list["Value"] | dict[int, "Value"]

_UNSIGNED, _BYTES, _TEXT, _ARRAY, _MAP = 0, 2, 3, 4, 5
#: What follows a head whose low bits say so: one, two, four or eight bytes of length.
_WIDTHS = {24: 1, 25: 2, 26: 4, 27: 8}
#: A proof value is an array of arrays and maps of scalars.
_DEPTH = 4


def encode(value: Value) -> bytes:
    """The deterministic encoding of a value. Map keys are whole numbers, in ascending order.

    Raises:
        ValueError: a negative number.
    Source: RFC 8949, 3 and 4.2.1.
    """
    if isinstance(value, int):
        return _head(_UNSIGNED, value)
    if isinstance(value, bytes):
        return _head(_BYTES, len(value)) + value
    if isinstance(value, str):
        text = value.encode()
        return _head(_TEXT, len(text)) + text
    if isinstance(value, list):
        return _head(_ARRAY, len(value)) + b"".join(map(encode, value))
    return _head(_MAP, len(value)) + b"".join(encode(key) + encode(value[key]) for key in sorted(value))


def decode(data: bytes) -> Value:
    """The value that these bytes are, all of them.

    Raises:
        Unparsable: another type, another than the deterministic form, too deep, cut off, or with bytes left over.
    """
    value, end = _decode(data, 0, _DEPTH)
    # A map out of order, or a number longer than it must be, reads well and encodes to something else.
    if end != len(data) or encode(value) != data:
        raise _refused()
    return value


def _head(major: int, number: int) -> bytes:
    if number < 0:
        raise ValueError("Negative numbers have no place here.")
    if number < 24:
        return bytes([major << 5 | number])
    for low, width in _WIDTHS.items():
        if number < 1 << 8 * width:
            return bytes([major << 5 | low]) + number.to_bytes(width, "big")
    raise ValueError("The number is too large.")


def _decode(data: bytes, start: int, depth: int) -> tuple[Value, int]:
    major, number, at = _read_head(data, start)
    if major == _UNSIGNED:
        return number, at
    # Each item takes a byte at least: a head that promises more than is there is refused before anything is set aside for it.
    if number > len(data) - at:
        raise _refused()
    if major == _BYTES:
        return data[at : at + number], at + number
    if major == _TEXT:
        return _text(data[at : at + number]), at + number
    if major not in (_ARRAY, _MAP) or not depth:
        raise _refused()
    if major == _ARRAY:
        items: list[Value] = []
        for _ in range(number):
            item, at = _decode(data, at, depth - 1)
            items.append(item)
        return items, at
    entries: dict[int, Value] = {}
    for _ in range(number):
        key, at = _decode(data, at, 0)
        if not isinstance(key, int):
            raise _refused()
        entries[key], at = _decode(data, at, depth - 1)
    return entries, at


def _read_head(data: bytes, start: int) -> tuple[int, int, int]:
    if start >= len(data):
        raise _refused()
    major, low = data[start] >> 5, data[start] & 31
    if low < 24:
        return major, low, start + 1
    width = _WIDTHS.get(low)
    if width is None or start + 1 + width > len(data):
        raise _refused()
    return major, int.from_bytes(data[start + 1 : start + 1 + width], "big"), start + 1 + width


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise _refused() from None


def _refused() -> Unparsable:
    return Unparsable("This is not the deterministic CBOR that a proof value is made of.", detail="CBOR")
