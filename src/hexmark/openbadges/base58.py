"""Base58 in the Bitcoin alphabet, strict: one text for one sequence of bytes, nothing else accepted."""

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
_VALUES = {pair: value for value, pair in enumerate(_PAIRS)}
_TEN_DIGITS = 58**10
# Decoding is quadratic in the length; the longest RSA key that we read has 1,422 characters.
_LONGEST = 1500


def encode(data: bytes) -> str:
    """The text of these bytes; each leading zero byte is one `1`."""
    number = int.from_bytes(data)
    tens = []
    # Ten digits at a time, and these two by two: long division by a small number is what takes the time.
    while number:
        number, ten = divmod(number, _TEN_DIGITS)
        tens.append(_ten(ten))
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(tens)).lstrip("1")


def decode(text: str) -> bytes:
    """The bytes of this text.

    Raises:
        ValueError: a character outside the alphabet (0, O, I and l among them), or more than 1,500 characters.
    """
    if len(text) > _LONGEST:
        raise ValueError("too long for base58 here")
    zeros = len(text) - len(text.lstrip("1"))
    # Two digits at a time; a one in front is a zero, which makes the number of digits even.
    even = text if len(text) % 2 == 0 else f"1{text}"
    number = 0
    try:
        for place in range(0, len(even), 2):
            number = number * 3364 + _VALUES[even[place : place + 2]]
    except KeyError as error:
        raise ValueError(f"{error.args[0]!a} has another character than those of base58") from None
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def _ten(number: int) -> str:
    # Without a loop, which would take as long as the divisions.
    number, fifth = divmod(number, 3364)
    number, fourth = divmod(number, 3364)
    number, third = divmod(number, 3364)
    first, second = divmod(number, 3364)
    return _PAIRS[first] + _PAIRS[second] + _PAIRS[third] + _PAIRS[fourth] + _PAIRS[fifth]
