"""Base58 in the Bitcoin alphabet, strict: one text for one sequence of bytes, nothing else accepted."""

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
# Decoding is quadratic in the length; the longest RSA key that we read has 1,422 characters.
_LONGEST = 1500


def encode(data: bytes) -> str:
    """The text of these bytes; each leading zero byte is one `1`."""
    number = int.from_bytes(data)
    digits = []
    while number:
        number, digit = divmod(number, 58)
        digits.append(ALPHABET[digit])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(digits))


def decode(text: str) -> bytes:
    """The bytes of this text.

    Raises:
        ValueError: a character outside the alphabet (0, O, I and l among them), or more than 1,500 characters.
    """
    if len(text) > _LONGEST:
        raise ValueError("too long for base58 here")
    number = 0
    for character in text:
        value = _VALUES.get(character)
        if value is None:
            raise ValueError(f"{character!a} is not a base58 character")
        number = number * 58 + value
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)
