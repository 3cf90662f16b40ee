"""Templates of documents by strangers: the second document of a shape compiles it, later ones are canonicalised by template.

For a process that may be killed: compiling costs what the slow path costs, three or four times.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from operator import eq, itemgetter
from typing import Any, Self

from hexmark.openbadges import jsonld
from hexmark.openbadges.errors import FormatError
from hexmark.openbadges.jsonld import Contexts
from hexmark.openbadges.template.canonical import CanonicalTemplate
from hexmark.openbadges.template.compiler import NotASlot, checked, compile_template
from hexmark.openbadges.template.leaves import Structure, context_urls, mentions_sentinel, read, structural_names, with_texts
from hexmark.openbadges.template.slots import Miss, sentinel
from hexmark.openbadges.template.watch import Watch

Document = Mapping[str, Any]

#: Structures that are kept, and for each how many templates: issuers write one badge in one way.
STRUCTURES = 256
TEMPLATES_PER_STRUCTURE = 4
#: Shapes seen once that are remembered, by hash.
SIGHTINGS = 2048
#: Texts of a document beyond which it is no everyday badge and always takes the slow path.
TEXTS = 1000
#: All templates together, in characters of their lines: some 50 MiB at worst, in a process that may use 512.
CHARACTERS = 8 * 1024 * 1024
#: Options of proofs that are remembered as they were; issuers sign many badges at one moment with one key.
OPTIONS = 256
#: How often one structure is compiled with fewer slots; a badge needs two rounds.
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class _Shape:
    """One template, and which of the document's texts it takes and which it demands."""

    #: Numbers of texts that have to be as given, because they are part of it, and those texts.
    fixed: tuple[int, ...]
    demanded: tuple[str, ...]
    #: Picks the texts that go into its slots.
    pick: Callable[[list[str]], Sequence[str]]
    #: None: a document of this shape has no template, so there is no use in trying again.
    template: CanonicalTemplate | None

    @classmethod
    def of(cls, texts: list[str], slots: Sequence[int], template: CanonicalTemplate | None) -> Self:
        fixed = tuple(sorted(set(range(len(texts))) - set(slots)))
        return cls(fixed, tuple(texts[number] for number in fixed), _picker(slots), template)

    def fits(self, texts: list[str]) -> bool:
        return all(map(eq, map(texts.__getitem__, self.fixed), self.demanded))


@dataclass(slots=True)
class _Family:
    """The shapes of one structure, the newest first."""

    shapes: list[_Shape] = field(default_factory=list)

    @property
    def characters(self) -> int:
        return sum(shape.template.characters if shape.template else 0 for shape in self.shapes)


class Shapes:
    """A callable like `jsonld.canonical` that remembers shapes. For one thread."""

    def __init__(self, *, watch: Watch, using: Contexts = jsonld.REVISIONS[0]) -> None:
        self._watch = watch
        self._using = using
        self._families: OrderedDict[Structure, _Family] = OrderedDict()
        self._sighted: OrderedDict[bytes, None] = OrderedDict()
        self._characters = 0
        self._recent_options: dict[tuple[object, ...], bytes] = {}

    @cached_property
    def _structural(self) -> frozenset[str]:
        return structural_names(self._using)

    def __call__(self, document: Document, /, *, hash_name: str = "SHA-256") -> bytes:
        """The canonical N-Quads. Templates are kept for SHA-256 alone; another hash of blank nodes takes the slow path.

        Raises:
            as `jsonld.canonical`.
        """
        if hash_name != "SHA-256" or not self._watch.trusted:
            return jsonld.canonical(document, using=self._using, hash_name=hash_name)
        if "cryptosuite" in document:
            return self._options(document)
        return self._canonical(document)

    def _options(self, options: Document) -> bytes:
        """The same for the options of a proof, which all badges share that were signed in one go."""
        # What is no text is told from a text that reads like it by standing in a tuple.
        key = tuple((name, value if type(value) is str else (repr(value),)) for name, value in options.items())
        found = self._recent_options.get(key)
        if found is None:
            found = self._canonical(options)
            if len(self._recent_options) >= OPTIONS:
                self._recent_options.clear()
            self._recent_options[key] = found
        return found

    def _canonical(self, document: Document) -> bytes:
        # No guard here: what they would look at is the same for all documents of a shape (rule 10), and of any other the slow path asks.
        try:
            structure, texts = read(document, self._structural)
        except (Miss, RecursionError):
            return self._slowly(document)
        shape = self._shape(structure, texts)
        if shape is None:
            return self._first(document, structure, texts)
        if shape.template is None:
            return self._slowly(document)
        try:
            fast = shape.template.canonical(shape.pick(texts))
        except Miss:
            return self._slowly(document)
        return self._watch.confirmed(fast, lambda: self._slowly(document))

    @property
    def characters(self) -> int:
        """The room that all templates take, in characters of their lines."""
        return self._characters

    def __len__(self) -> int:
        return sum(len(family.shapes) for family in self._families.values())

    def _slowly(self, document: Document) -> bytes:
        return jsonld.canonical(document, using=self._using)

    def _shape(self, structure: Structure, texts: list[str]) -> _Shape | None:
        family = self._families.get(structure)
        if family is None:
            return None
        self._families.move_to_end(structure)
        return next((shape for shape in family.shapes if shape.fits(texts)), None)

    def _first(self, document: Document, structure: Structure, texts: list[str]) -> bytes:
        """The slow path's bytes; and if this shape was seen before, it is compiled for the next time."""
        slow = self._slowly(document)
        if len(texts) <= TEXTS and self._seen_before(structure, texts):
            self._keep(structure, self._compile(document, texts, slow))
        return slow

    def _seen_before(self, structure: Structure, texts: list[str]) -> bool:
        # Of a structure that has a shape already, the texts that it demanded tell the next shape: otherwise each document with
        # another word in such a place would be compiled at once.
        family = self._families.get(structure)
        demanded = [texts[number] for number in family.shapes[0].fixed] if family else []
        sighting = sha256(repr((structure, demanded)).encode("utf-8", "surrogatepass")).digest()
        if sighting in self._sighted:
            del self._sighted[sighting]
            return True
        self._sighted[sighting] = None
        if len(self._sighted) > SIGHTINGS:
            self._sighted.popitem(last=False)
        return False

    def _compile(self, document: Document, texts: list[str], slow: bytes) -> _Shape:
        slots = tuple(range(len(texts)))
        hopeless = _Shape.of(texts, (), None)
        if mentions_sentinel(document) or not structural_names(self._using, context_urls(document)) <= self._structural:
            return hopeless
        for _ in range(_ROUNDS):
            taken = [texts[number] for number in slots]
            places = {text: sentinel(place) for place, text in enumerate(taken)}
            try:
                sketch = with_texts(document, lambda text, places=places: places.get(text, text), self._structural)  # type: ignore[misc]
                template = checked(compile_template(sketch, taken, using=self._using), taken, expected=slow)
            except NotASlot as error:
                slots = tuple(number for place, number in enumerate(slots) if place not in error.numbers)
            except (Miss, FormatError):
                return hopeless
            else:
                return _Shape.of(texts, slots, template)
        return hopeless

    def _keep(self, structure: Structure, shape: _Shape) -> None:
        family = self._families.setdefault(structure, _Family())
        self._characters -= family.characters
        family.shapes = [shape, *family.shapes][:TEMPLATES_PER_STRUCTURE]
        self._characters += family.characters
        while len(self._families) > STRUCTURES or self._characters > CHARACTERS:
            _, dropped = self._families.popitem(last=False)
            self._characters -= dropped.characters


def _picker(slots: Sequence[int]) -> Callable[[list[str]], Sequence[str]]:
    if len(slots) > 1:
        return itemgetter(*slots)
    return lambda texts: [texts[number] for number in slots]
