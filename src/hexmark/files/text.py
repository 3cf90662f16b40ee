"""What text may hold that people write here and others read, sign or draw: nothing that hides."""

from __future__ import annotations

import re
import unicodedata

#: Persian and the scripts of India join and part letters with these two.
_JOINERS = "\u200c\u200d"
#: Marks of direction that Arabic and Hebrew text may need; they end at the line's end and swap nothing.
_MARKS = "\u200e\u200f\u061c"
#: Controls, halves of pairs, characters of nobody, and orders to turn the line around. XML and signatures cannot carry some of them.
_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_ALLOWED_IN_TEXT = frozenset("\n\r\t\xad" + _JOINERS + _MARKS)
#: Parts of the flags of England, Scotland and Wales.
_TAGS = re.compile("[\U000e0020-\U000e007f]")


def hides_in_line(text: str) -> bool:
    """Whether a name or title holds a character that does not show."""
    return any(unicodedata.category(character) in _HIDDEN for character in text if character not in _JOINERS)


def hides_in_text(text: str) -> bool:
    """Whether a longer text holds one; lines, tabs and gentle marks of direction are no hiding."""
    shown = _TAGS.sub("", text)
    return any(unicodedata.category(character) in _HIDDEN for character in shown if character not in _ALLOWED_IN_TEXT)
