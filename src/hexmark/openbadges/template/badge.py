"""Signing awards of one badge: compiled once with every check, then texts are put in, hashed and signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from hexmark.openbadges import jsonld, multibase, proofs, strict_json, timestamps
from hexmark.openbadges.jsonld import Contexts
from hexmark.openbadges.keys import SigningKey
from hexmark.openbadges.suites import EDDSA_RDFC_2022, Suite
from hexmark.openbadges.template.canonical import CanonicalTemplate
from hexmark.openbadges.template.compiler import checked, compile_template
from hexmark.openbadges.template.json_text import JsonTemplate
from hexmark.openbadges.template.leaves import context_urls, structural_names, with_texts
from hexmark.openbadges.template.slots import PREFIX, Miss, Slot, fill, iri_text, sentinel

Document = Mapping[str, Any]

#: Moments and keys of which the hash of the proof's options is kept; a batch needs one or two.
_CONFIGURATIONS = 64
#: Goes into every literal when a template is compared with the slow path: all that is escaped, or that a format could take amiss.
_AWKWARD = '"\\\n\x01\x7f \u00e9\u2028 %s %% {0}'


@dataclass(frozen=True, slots=True)
class BadgeTemplate:
    """All awards of one badge under one issuer, save for the texts that differ."""

    names: tuple[str, ...]
    #: The texts that do not differ.
    others: frozenset[str]
    document: CanonicalTemplate
    configuration: CanonicalTemplate
    signed_text: JsonTemplate
    suite: Suite = EDDSA_RDFC_2022
    _hashes: dict[tuple[datetime, str], tuple[str, bytes]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def compile(cls, document: Document, *, suite: Suite = EDDSA_RDFC_2022, using: Contexts = jsonld.REVISIONS[0]) -> BadgeTemplate:
        """The template of an unsigned document whose varying texts are `Slot`s. Takes about 10 ms.

        Raises:
            FormatError: as `jsonld.canonical`, it holds something that no signature would cover.
            Miss: there is no template for such a document.
        """
        dumped(document)
        if "proof" in document or suite.form != "RDFC-1.0" or suite.hash_name != "SHA-256":
            raise Miss("signed already, or with a suite that makes no N-Quads of the document, or hashes them otherwise")
        structural = structural_names(using, context_urls(document))
        found = list(_texts(document, structural))
        slots = list(dict.fromkeys(text for text, _ in found if isinstance(text, Slot)))
        if not slots or any(isinstance(text, Slot) and is_structural for text, is_structural in found):
            raise Miss("no slot, or one where JSON-LD reads instructions")
        sketch = fill(document, {slot.name: sentinel(number) for number, slot in enumerate(slots)})
        options = _options(created=sentinel(len(slots)), verification_method=sentinel(len(slots) + 1), suite=suite)
        signed = {**sketch, "proof": [{**options, "proofValue": sentinel(len(slots) + 2)}]}
        configuration = {"@context": document["@context"], **_options(created=sentinel(0), verification_method=sentinel(1), suite=suite)}
        return cls(
            names=tuple(slot.name for slot in slots),
            others=frozenset(text for text, _ in found if not isinstance(text, Slot)),
            document=_compiled(sketch, len(slots), using),
            configuration=_compiled(configuration, 2, using),
            signed_text=_text(signed, len(slots) + 3),
            suite=suite,
        )

    def canonical(self, values: Mapping[str, str]) -> bytes:
        """The canonical N-Quads of the unsigned document with these values in its slots.

        Raises:
            KeyError: no value is given for a slot.
            Miss: take the slow path.
        """
        return self._canonical([values[name] for name in self.names])

    def sign(self, values: Mapping[str, str], *, key: SigningKey, verification_method: str, created: datetime) -> str:
        """The JSON text of the signed document: that of `strict_json.dump(proofs.add_proof(fill(document, values), …))`.

        Raises:
            KeyError: no value is given for a slot.
            Miss: take the slow path.
            ValueError: `created` has no time zone.
        """
        if key.public.kind != self.suite.key_kind:
            raise Miss("a key of another kind")
        texts = [values[name] for name in self.names]
        moment, configuration = self._configured(created, verification_method)
        # W3C Data Integrity EdDSA Cryptosuites v1.0, 3.2.4 and 3.2.5; ECDSA Cryptosuites v1.0, 3.2.4 and 3.2.5.
        data = configuration + sha256(self._canonical(texts)).digest()
        texts += (moment, verification_method, multibase.encode(key.sign(data)))
        return self.signed_text.filled(texts)

    def _canonical(self, texts: list[str]) -> bytes:
        if len(set(texts)) < len(texts) or not self.others.isdisjoint(texts):
            raise Miss("two texts are equal that were not when compiling")
        return self.document.canonical(texts)

    def _configured(self, created: datetime, verification_method: str) -> tuple[str, bytes]:
        """The moment as it is written, and the hash of the proof's options."""
        found = self._hashes.get((created, verification_method))
        if found is None:
            moment = timestamps.write(created)
            found = moment, sha256(self.configuration.canonical((moment, verification_method))).digest()
            if len(self._hashes) >= _CONFIGURATIONS:
                self._hashes.clear()
            self._hashes[created, verification_method] = found
        return found


def _texts(document: Any, structural: frozenset[str], is_structural: bool = False) -> Iterator[tuple[str, bool]]:
    """Every text and slot of the document, and whether it is structure."""
    if isinstance(document, str):
        yield document, is_structural
    elif isinstance(document, Mapping):
        for name, item in document.items():
            yield from _texts(item, structural, is_structural or name in structural)
    elif isinstance(document, list):
        for item in document:
            yield from _texts(item, structural, is_structural)


def dumped(document: Document) -> bytes:
    """The document as JSON, in which whatever looks like a slot is one (rule 9).

    Raises:
        Miss: it is not so.
    """
    text = strict_json.dump(document)
    if text.count(PREFIX.encode()) != sum(isinstance(found, Slot) for found, _ in _texts(document, frozenset())):
        raise Miss("somebody wrote what looks like a slot")
    return text


def _compiled(sketch: Document, slots: int, using: Contexts) -> CanonicalTemplate:
    # While compiling every slot holds an IRI, which may stand in a literal too.
    template = compile_template(sketch, [f"urn:uuid:{number}" for number in range(slots)], using=using)
    texts = [f"urn:uuid:{n}" if write is iri_text else f"{n} {_AWKWARD}" for n, write in enumerate(template.writers)]
    return checked(template, texts, expected=jsonld.canonical(_filled(sketch, texts), using=using))


def _text(sketch: Document, slots: int) -> JsonTemplate:
    template = JsonTemplate.of(sketch)
    texts = [f"{number} {_AWKWARD}" for number in range(slots)]
    if template.filled(texts).encode() != strict_json.dump(_filled(sketch, texts)):
        raise Miss("the template does not give the text that the slow path gives")
    return template


def _filled(sketch: Document, texts: list[str]) -> dict[str, Any]:
    by_sentinel = {sentinel(number): text for number, text in enumerate(texts)}
    filled: dict[str, Any] = with_texts(sketch, lambda text: by_sentinel.get(text, text), frozenset())
    return filled


def _options(*, created: str, verification_method: str, suite: Suite) -> dict[str, str]:
    options = proofs.proof_options(verification_method=verification_method, created=datetime.min.replace(tzinfo=UTC), suite=suite)
    return {**options, "created": created}
