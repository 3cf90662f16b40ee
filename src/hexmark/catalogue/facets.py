"""What people filter the directory by: the groups, how a value is written down, and what was chosen. No database here."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from hexmark.catalogue.effort import BANDS

#: More are not asked for at once: each one makes the database look through every text again.
MOST_WORDS = 8
LONGEST_SEARCH = 100
LONGEST_VALUE = 200
#: Of one group; a link with more was not made by a person.
MOST_CHOSEN = 50

#: The steps of the ladder in words. `web` adds the metal.
LEVEL_WORDS = {1: "Beginner", 2: "Elementary", 3: "Intermediate", 4: "Advanced", 5: "Expert"}


class Group(StrEnum):
    """What one can filter by, in the order of the page."""

    ROLE = "role"
    LEVEL = "level"
    SUBJECT = "subject"
    KIND = "kind"
    ASSURANCE = "assurance"
    ISSUER = "issuer"
    EFFORT = "effort"
    LANGUAGE = "language"


#: Groups whose values have an order of their own; the others stand by how often they occur.
ORDERED: Mapping[Group, Sequence[str]] = {
    Group.LEVEL: [str(level) for level in LEVEL_WORDS],
    Group.ASSURANCE: ["a0", "a1", "a2", "a3", "a4"],
    Group.EFFORT: [band.value for band in BANDS],
    Group.KIND: ["unassessed", "assessed"],
}


class Order(StrEnum):
    """In which order the directory shows what it found."""

    NAME = "name"
    NEWEST = "newest"


def fold(text: str) -> str:
    """The text without accents, case and doubled blanks, so that `Sécurité ` and `securite` are one."""
    for _ in range(2):
        # Twice, as Unicode's own NFKC_Casefold does: what one step gives may have a case, or be composed, again.
        text = unicodedata.normalize("NFKD", text.casefold())
    # The Latin letters that have no decomposition are few, and people leave their strokes out when they type.
    plain = text.translate(_LETTERS)
    bare = "".join(character for character in plain if not unicodedata.combining(character))
    # Composed again, or Korean would be kept in pieces.
    return " ".join(unicodedata.normalize("NFC", bare).split())


def words_of(text: str) -> list[str]:
    """The words of a search, folded, each once, at most eight."""
    return list(dict.fromkeys(fold(text[:LONGEST_SEARCH]).split()))[:MOST_WORDS]


def search_text(parts: Iterable[str]) -> str:
    """Every word of these texts once, folded: what a search looks through."""
    return " ".join(dict.fromkeys(fold(" ".join(parts)).split()))


def token(group: Group, value: str) -> str:
    """How an entry notes that it has this value. A comma would part it in two in an address."""
    return f"{group.value}={fold(value.replace(',', ' '))[:LONGEST_VALUE]}"


@dataclass(frozen=True, slots=True)
class Selection:
    """What somebody asks the directory for: words, values by group (one of them is enough), and an order."""

    search: str = ""
    chosen: Mapping[Group, tuple[str, ...]] = field(default_factory=dict)
    order: Order = Order.NAME

    @property
    def words(self) -> list[str]:
        """The folded words, all of which must occur."""
        return words_of(self.search)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for but an order."""
        return not self.words and not self.chosen

    def without(self, group: Group, value: str | None = None) -> Selection:
        """The same without this value, or without the whole group."""
        rest = tuple(one for one in self.chosen.get(group, ()) if value is not None and one != value)
        others = {other: values for other, values in self.chosen.items() if other != group}
        return replace(self, chosen=others | ({group: rest} if rest else {}))

    def parameters(self) -> dict[str, str]:
        """As an address says it: values of a group with commas between, in a fixed order, nothing that says nothing."""
        said = {"q": self.search} | {group.value: ",".join(self.chosen.get(group, ())) for group in Group}
        return {name: text for name, text in said.items() if text} | ({"sort": self.order.value} if self.order != Order.NAME else {})


def selection_of(query: Mapping[str, Sequence[str]]) -> Selection:
    """What an address asks for. A group may be given several times, and each time with commas; what is unknown asks for nothing."""
    chosen = {}
    for group in Group:
        given = [fold(part)[:LONGEST_VALUE] for text in query.get(group.value, ()) for part in text.split(",")]
        values = dict.fromkeys(_value(group, value) for value in given if value)
        if values:
            chosen[group] = tuple(sorted(values)[:MOST_CHOSEN])
    search = " ".join(query.get("q", [""])[-1:]).strip()[:LONGEST_SEARCH]
    order = query.get("sort", [""])[-1:]
    return Selection(search=" ".join(search.split()), chosen=chosen, order=Order.NEWEST if order == ["newest"] else Order.NAME)


def _value(group: Group, value: str) -> str:
    # "Intermediate" and "level 3" are 3: people write addresses, too.
    if group is Group.LEVEL:
        value = value.removeprefix("level ")
        return _LEVELS.get(value, value)
    return value


_LEVELS = {word.lower(): str(level) for level, word in LEVEL_WORDS.items()}
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "\u0131": "i", "ħ": "h"})
