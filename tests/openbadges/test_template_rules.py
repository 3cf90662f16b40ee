"""The argument in `hexmark.openbadges.template`, rules 1 to 3: what of a document is structure, and which texts go where."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from hexmark.openbadges import contexts
from hexmark.openbadges.errors import UnsafeDocument
from hexmark.openbadges.jsonld import REVISIONS, Contexts, canonical
from hexmark.openbadges.template import BadgeTemplate, Miss, Slot, fill
from hexmark.openbadges.template.compiler import NotASlot, compile_template
from hexmark.openbadges.template.leaves import read, structural_names
from hexmark.openbadges.template.slots import is_iri, literal_text

VALUES = {"award": "urn:uuid:7", "narrative": "Led every talk."}
STRUCTURAL = structural_names(REVISIONS[0])


@pytest.fixture
def slotted(badge: dict[str, Any]) -> dict[str, Any]:
    """A badge whose id and narrative differ from award to award."""
    badge["id"] = Slot("award")
    badge["credentialSubject"]["narrative"] = Slot("narrative")
    return badge


@pytest.fixture
def template(slotted: dict[str, Any]) -> BadgeTemplate:
    return BadgeTemplate.compile(slotted)


def compiled(document: dict[str, Any]) -> BadgeTemplate:
    return BadgeTemplate.compile(document)


def same_as_slow(document: dict[str, Any], values: dict[str, str]) -> bool:
    return compiled(document).canonical(values) == canonical(fill(document, values))


class TestRule1Structure:
    def test_documents_that_differ_in_texts_alone_have_one_structure(self, badge):
        other = copy.deepcopy(badge)
        other["name"] = badge["credentialSubject"]["achievement"]["name"] = "Second aid"
        badge["name"] = "Second aid"
        other["credentialSubject"]["achievement"]["name"] = "Second aid"
        other["issuer"]["name"] = "Somebody"
        assert read(other, STRUCTURAL)[0] == read(badge, STRUCTURAL)[0]

    @pytest.mark.parametrize(
        "change",
        [
            lambda badge: badge.pop("name"),
            lambda badge: badge.update(type=["OpenBadgeCredential", "VerifiableCredential"]),
            lambda badge: badge.update(type="OpenBadgeCredential"),
            lambda badge: badge.update(name={"@value": "First aid", "@language": "en"}),
            lambda badge: badge["@context"].pop(),
            lambda badge: badge["credentialSubject"].update(creditsEarned=2),
            lambda badge: badge["credentialSubject"].update(creditsEarned=True),
            lambda badge: badge["credentialSubject"]["achievement"]["tag"].append("help"),
            lambda badge: badge["credentialSubject"]["achievement"].update(tag="health"),
        ],
    )
    def test_anything_else_is_another_structure(self, badge, change):
        before = read(copy.deepcopy(badge), STRUCTURAL)[0]
        change(badge)
        assert read(badge, STRUCTURAL)[0] != before

    def test_one_and_one_point_nought_and_true_are_not_the_same(self):
        structures = {read({"creditsEarned": value}, STRUCTURAL)[0] for value in (1, 1.0, True, "1", None)}
        assert len(structures) == 5

    def test_a_name_that_reads_like_a_mark_of_the_structure_stays_a_name(self):
        assert read({"a": ["b"]}, STRUCTURAL)[0] != read({"a": {"b": "c"}}, STRUCTURAL)[0]
        assert read({"a": {"b": "x"}, "c": "y"}, STRUCTURAL)[0] != read({"a": {"b": "x", "c": "y"}}, STRUCTURAL)[0]
        assert read({"a": ["b", "c"]}, STRUCTURAL)[0] != read({"a": [["b"], "c"]}, STRUCTURAL)[0]

    def test_the_languages_of_a_text_are_structure(self):
        german = read({"name": {"@value": "Hilfe", "@language": "de"}}, STRUCTURAL)
        english = read({"name": {"@value": "Hilfe", "@language": "en"}}, STRUCTURAL)
        assert german[0] != english[0]
        assert german[1] == english[1] == ["Hilfe"]

    def test_other_names_for_type_are_found_in_contexts_through_any_number_of_steps(self):
        document = {"@context": {"kind": {"@id": "sort"}, "sort": "@type", "A": {"@id": "urn:a", "@context": {"form": "kind"}}}}
        using = Contexts(lambda _: document)
        assert {"kind", "sort", "form"} <= structural_names(using, ["urn:context"])

    def test_what_is_not_json_is_a_miss(self):
        with pytest.raises(Miss):
            read({"name": ("a", "b")}, STRUCTURAL)

    def test_a_slot_cannot_stand_for_a_type(self, slotted):
        slotted["credentialSubject"]["type"] = [Slot("kind")]
        with pytest.raises(Miss):
            compiled(slotted)

    def test_a_slot_cannot_stand_for_a_language_or_a_context(self, slotted):
        with pytest.raises(Miss):
            compiled({**slotted, "name": {"@value": "Hilfe", "@language": Slot("language")}})
        with pytest.raises(Miss):
            compiled({**slotted, "@context": [*slotted["@context"][:1], Slot("context")]})


class TestRule2WholeTerms:
    def test_a_text_arrives_whole_as_literal_or_as_iri(self, template):
        text = template.canonical(VALUES).decode()
        assert "<urn:uuid:7> <" in text
        assert ' "Led every talk." .\n' in text

    def test_a_word_of_a_vocabulary_is_no_slot(self, badge):
        endorsement = {"type": "DataIntegrityProof", "proofPurpose": Slot("purpose"), "@context": badge["@context"]}
        template = compiled(endorsement)
        with pytest.raises(Miss):
            template.canonical({"purpose": "assertionMethod"})

    def test_a_text_that_is_dropped_or_undefined_is_refused_as_the_slow_path_does(self, slotted):
        with pytest.raises(UnsafeDocument):
            compiled({**slotted, "salary": Slot("salary")})

    def test_one_text_may_stand_in_several_places(self, slotted):
        slotted["name"] = Slot("narrative")
        assert same_as_slow(slotted, VALUES)

    def test_a_text_that_is_an_iri_and_a_literal_has_to_be_an_iri(self, slotted):
        slotted["name"] = Slot("award")
        assert same_as_slow(slotted, VALUES)
        with pytest.raises(Miss):
            compiled(slotted).canonical(VALUES | {"award": "no IRI"})

    def test_a_sketch_names_the_slots_that_are_none(self, badge):
        sketch = {**badge, "id": "urn:x-hexmark-slot:0:", "name": "urn:x-hexmark-slot:1:"}
        with pytest.raises(NotASlot) as refused:
            compile_template(sketch, ["tag:a,1", "Any name", "in no place"], using=REVISIONS[0])
        assert refused.value.numbers == {0, 2}


class TestRule3Classes:
    @pytest.mark.parametrize(
        "text", ["https://a.example/", "urn:uuid:1", "did:web:a.example:o:b#key", "mailto:a@b.example", "https://é.example/%7E?a=b"]
    )
    def test_iris_of_known_schemes_go_into_slots(self, slotted, text):
        assert is_iri(text)
        assert same_as_slow(slotted, VALUES | {"award": text})

    @pytest.mark.parametrize(
        "text",
        [
            *(
                "",
                "urn",
                "urn:",
                "tag:a,1",
                "geo:1",
                "obi:x",
                "HTTPS://a.example",
                "a/b",
                "_:b0",
                "@id",
                "https://a b",
                "urn:a\n",
                "urn:<a>",
            ),
            *(
                "urn:\u00a0x",
                "urn:x\u2028y",
                "https://a.example/\u007f",
                "urn:\ufffe",
                "https://relative.invalid/x",
                'urn:"',
                "urn:\\u0041",
            ),
        ],
    )
    def test_all_others_take_the_slow_path(self, template, text):
        assert not is_iri(text)
        with pytest.raises(Miss):
            template.canonical(VALUES | {"award": text})

    @pytest.mark.parametrize(
        "text", ["", "@id", "type", "%s", 'quote " \\', "a\nb\tc\r\u000b\u0008\u007f", "\u0085\u2028", "é漢😀", " _:b0", "a_:b"]
    )
    def test_literals_are_escaped_as_the_slow_path_does(self, slotted, text):
        assert same_as_slow(slotted, VALUES | {"narrative": text})

    @pytest.mark.parametrize("text", ["_:b0", "_:b0 x", "_:", "\ufffe", "a\uffffb"])
    def test_texts_that_the_guards_look_at_take_the_slow_path(self, template, text):
        with pytest.raises(Miss):
            literal_text(text)
        with pytest.raises(Miss):
            template.canonical(VALUES | {"narrative": text})

    def test_half_a_surrogate_pair_is_a_miss(self, template):
        with pytest.raises(Miss):
            template.canonical(VALUES | {"narrative": "\ud800"})

    @pytest.mark.parametrize("term", ["urn", "https", "https://a.example/term"])
    def test_a_context_that_gives_iris_a_meaning_of_its_own_has_no_template(self, slotted, term):
        def load(url: str) -> dict[str, Any]:
            document = contexts.context(url)
            return {"@context": {**document["@context"], term: "https://evil.example/"}} if url == contexts.CREDENTIALS_V2 else document

        with pytest.raises(Miss):
            BadgeTemplate.compile(slotted, using=Contexts(load))

    def test_no_pinned_context_does(self):
        for using in REVISIONS:
            for url in contexts.PINNED:
                assert not any(is_iri(term) or is_iri(f"{term}:x") for term in using.terms(url))
