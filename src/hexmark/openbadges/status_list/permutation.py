"""Which index the next credential gets: a counter, shuffled by a key.

In sequence, the indexes of a list would tell a verifier how many people hold a badge and who got it when. A random draw would
collide, and more often the fuller the list is. A permutation under a key looks random to whoever has not the key and never
gives an index twice.
"""

import hashlib

from hexmark.openbadges import limits

#: A Feistel network over so small a domain needs more than the four rounds that Luby and Rackoff prove enough for a large one.
_ROUNDS = 8


def permuted_index(counter: int, key: bytes, entries: int = limits.STATUS_LIST_ENTRIES) -> int:
    """The index, below `entries`, of the `counter`th credential of a list: for one key, another one for each counter.

    Raises:
        ValueError: the counter is not below `entries` (the list is full), or the key has not 16 to 64 bytes.
    Source: Black and Rogaway, Ciphers with Arbitrary Finite Domains (2002), cycle-walking over a balanced Feistel network.
    """
    if not 0 <= counter < entries:
        raise ValueError("The list has no more entries than this; begin another one.")
    if not 16 <= len(key) <= 64:
        raise ValueError("The key of a permutation has 16 to 64 bytes.")
    half_bits = max(1, ((entries - 1).bit_length() + 1) // 2)
    index = _feistel(counter, key, half_bits)
    # Two equal halves cover up to four times as many numbers as the list has: walk on until one falls into it.
    while index >= entries:
        index = _feistel(index, key, half_bits)
    return index


def _feistel(number: int, key: bytes, half_bits: int) -> int:
    mask = (1 << half_bits) - 1
    left, right = number >> half_bits, number & mask
    for round_number in range(_ROUNDS):
        salt = bytes((round_number, half_bits))
        digest = hashlib.blake2b(right.to_bytes(8, "big"), digest_size=8, key=key, salt=salt, person=b"hexmark-index").digest()
        left, right = right, left ^ (int.from_bytes(digest, "big") & mask)
    return left << half_bits | right
