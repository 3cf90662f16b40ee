"""Signing awards of one badge as tokens (JWT): guarded once, then texts are put in and signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hexmark.openbadges import guard, jose, jsonld, jws, strict_json
from hexmark.openbadges.errors import FormatError
from hexmark.openbadges.jose import Profile
from hexmark.openbadges.keys import KeyKind, SigningKey
from hexmark.openbadges.template.json_text import JsonTemplate
from hexmark.openbadges.template.leaves import context_urls, structural_names
from hexmark.openbadges.template.slots import PREFIX, Miss, Slot, fill, iri_text, literal_text, sentinel

Document = Mapping[str, Any]

#: Members whose moments the claims repeat as numbers.
_MOMENTS = ("validFrom", "validUntil")


@dataclass(frozen=True, slots=True)
class TokenTemplate:
    """All tokens of one badge under one issuer's method, save for the texts that differ."""

    names: tuple[str, ...]
    #: Names of slots in which an id stands, and with it what else is read as an IRI.
    ids: frozenset[str]
    #: The credential's own moments, or their slots; empty in a profile without claims.
    moments: tuple[tuple[str, str], ...]
    kind: KeyKind
    header: str
    text: JsonTemplate

    @classmethod
    def compile(
        cls, document: Document, *, kind: KeyKind, verification_method: str, profile: Profile = Profile.OPEN_BADGES
    ) -> TokenTemplate:
        """The template of an unsigned document whose varying texts are `Slot`s.

        Raises:
            FormatError: as `jose.sign_jwt`.
            Miss: there is no template for such a document.
        """
        structural = structural_names(jsonld.REVISIONS[0], context_urls(document))
        found = list(_slots(document, structural, ""))
        written = strict_json.dump(document).count(PREFIX.encode())
        if not found or written != len(found) or any(name in structural for _, name in found) or "issuanceDate" in document:
            raise Miss("no slot, or one where JSON-LD reads instructions, or what looks like one")
        names = tuple(dict.fromkeys(slot.name for slot, _ in found))
        sketch = fill(document, {name: sentinel(number) for number, name in enumerate(names)})
        guard.guard_context(sketch)
        guard.guard_structure({name: value for name, value in sketch.items() if name != "proof"})
        claims = {} if profile is Profile.W3C else jose.text_claims(sketch)
        if claims and "validFrom" not in document:
            raise Miss("no beginning, which the claims would repeat")
        return cls(
            names=names,
            ids=frozenset(slot.name for slot, name in found if name == "id"),
            moments=tuple((name, document[name]) for name in _MOMENTS if claims and name in document),
            kind=kind,
            header=jws.header_part(jose.header_of(verification_method, profile), kind=kind),
            text=JsonTemplate.of({**sketch, **claims}),
        )

    def sign(self, values: Mapping[str, str], *, key: SigningKey) -> str:
        """The token: that of `jose.sign_jwt(fill(document, values), …)`.

        Raises:
            KeyError: no value is given for a slot.
            Miss: take the slow path.
        """
        if key.public.kind != self.kind:
            raise Miss("a key of another kind")
        texts = [values[name] for name in self.names]
        for name, text in zip(self.names, texts, strict=True):
            iri_text(text) if name in self.ids else literal_text(text)
        payload = self.text.filled(texts)
        if self.moments:
            payload = f"{payload[:-1]}{self._moment_claims(values)}}}"
        return jws.sign_part(self.header, payload.encode(), key=key)

    def _moment_claims(self, values: Mapping[str, str]) -> str:
        said = {name: values[text.name] if isinstance(text, Slot) else text for name, text in self.moments}
        try:
            return "".join(f',"{claim}":{seconds}' for claim, seconds in jose.moment_claims(said).items())
        except FormatError:
            raise Miss("a moment that is none") from None


def _slots(document: Any, structural: frozenset[str], name: str) -> Iterator[tuple[Slot, str]]:
    """Every slot of the document with the member that it stands in, or with the one of structure around it."""
    if isinstance(document, Slot):
        yield document, name
    elif isinstance(document, Mapping):
        for inner, item in document.items():
            yield from _slots(item, structural, name if name in structural else inner)
    elif isinstance(document, list):
        for item in document:
            yield from _slots(item, structural, name)
