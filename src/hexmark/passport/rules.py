"""Decisions about passports that need no database."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hexmark.errors import Invalid
from hexmark.files.text import hides_in_line, hides_in_text

#: Douglas Crockford's base 32: no letter that passes for a digit.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Five bits each: 100 bits, which nobody guesses.
CODE_CHARACTERS = 20
GROUP = 5
#: As people copy them: letters that pass for digits, and whatever they put between groups.
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": "", "\u2011": "", "\u2013": ""})

LONGEST_TERM_DAYS = 365
MOST_SHARED = 50
MOST_COLLECTED = 200
LONGEST_NAME = 120
LONGEST_HEADLINE = 200
LONGEST_TEXT = 1000
LONGEST_OBJECTION = 2000
_HANDLE = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,38})[a-z0-9]")
#: Whoever has one of these would pass for the installation.
RESERVED = frozenset("admin administrator hexmark support security help root system official verify staff".split())


def code_of(secret_bytes: bytes) -> str:
    """The first 100 bits of these bytes, in four groups of five characters that are hard to misread.

    Raises:
        ValueError: there are fewer than 13 bytes.
    """
    if len(secret_bytes) < 13:
        raise ValueError("A code needs 100 bits.")
    number = int.from_bytes(secret_bytes[:13]) >> 4
    characters = "".join(ALPHABET[number >> (5 * place) & 31] for place in reversed(range(CODE_CHARACTERS)))
    return "-".join(characters[start : start + GROUP] for start in range(0, CODE_CHARACTERS, GROUP))


def meant_code(typed: str) -> str | None:
    """The twenty characters that somebody meant, without what they put between; None where it can be no code."""
    meant = typed.strip().upper().translate(_MEANT)
    return meant if len(meant) == CODE_CHARACTERS and set(meant) <= set(ALPHABET) else None


def clean_handle(handle: str) -> str:
    """The handle in small letters.

    Raises:
        Invalid: it is not 3 to 40 letters, digits and hyphens, or one that would deceive.
    """
    cleaned = handle.strip().lower()
    if not _HANDLE.fullmatch(cleaned) or "--" in cleaned:
        raise Invalid("The address holds 3 to 40 small letters, digits and hyphens, with a letter or digit at both ends.", field="handle")
    if cleaned in RESERVED:
        raise Invalid("That address is kept free. Choose another.", field="handle")
    return cleaned


def clean_line(text: str, *, field: str, longest: int, required: bool = True) -> str:
    """One line without blanks at its ends.

    Raises:
        Invalid: it is missing, too long, or holds hidden characters.
    """
    cleaned = text.strip()
    if (required and not cleaned) or len(cleaned) > longest or hides_in_line(cleaned):
        raise Invalid(f"Write {'between 1 and' if required else 'at most'} {longest} characters, all of them visible.", field=field)
    return cleaned


def clean_text(text: str, *, field: str, longest: int, required: bool = False) -> str:
    """Text without blanks at its ends.

    Raises:
        Invalid: it is missing, too long, or holds hidden characters.
    """
    cleaned = text.replace("\r\n", "\n").strip()
    if (required and not cleaned) or len(cleaned) > longest or hides_in_text(cleaned):
        raise Invalid(f"Write {'between 1 and' if required else 'at most'} {longest} characters, all of them visible.", field=field)
    return cleaned


def in_order(keys: list[int], positions: Mapping[int, int]) -> list[int]:
    """These keys by the numbers that somebody typed beside them; what has none keeps its place behind, and equals stay as they were."""
    return sorted(keys, key=lambda key: (positions.get(key, len(keys) + 1), keys.index(key)))
