"""The argument in `hexmark.openbadges.template`, rules 4 to 9: equality, sets, blank nodes, order and sentinels."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from tests.openbadges.samples import BADGE

from hexmark.openbadges import contexts
from hexmark.openbadges.jsonld import REVISIONS, Contexts, canonical
from hexmark.openbadges.template import BadgeTemplate, Miss, Slot, fill
from hexmark.openbadges.template.compiler import checked, compile_template
from hexmark.openbadges.template.leaves import read, structural_names

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


class TestRule4Equality:
    def test_two_slots_with_one_text_are_a_miss(self, template):
        with pytest.raises(Miss):
            template.canonical({"award": "urn:uuid:7", "narrative": "urn:uuid:7"})

    @pytest.mark.parametrize("text", ["Acme", "Sixteen hours and an examination.", "safety", "https://acme.example", "Profile"])
    def test_a_slot_with_the_text_of_another_leaf_is_a_miss(self, template, text):
        with pytest.raises(Miss):
            template.canonical(VALUES | {"narrative": text})

    def test_nodes_that_become_one_are_a_miss(self, slotted, badge):
        with pytest.raises(Miss):
            compiled(slotted).canonical(VALUES | {"award": badge["issuer"]["id"]})

    def test_a_structure_says_which_texts_are_equal(self):
        assert read({"a": "x", "b": "x"}, STRUCTURAL)[0] != read({"a": "x", "b": "y"}, STRUCTURAL)[0]
        assert read({"a": "x", "b": "x"}, STRUCTURAL)[0] == read({"a": "z", "b": "z"}, STRUCTURAL)[0]

    def test_an_issuer_who_is_creator_too_is_one_node(self, slotted, badge):
        slotted["credentialSubject"]["achievement"]["creator"] = copy.deepcopy(badge["issuer"])
        assert same_as_slow(slotted, VALUES)


class TestRule5Sets:
    def test_a_value_said_twice_is_one_quad(self, slotted):
        slotted["credentialSubject"]["achievement"]["tag"] = [Slot("narrative"), "safety", Slot("narrative")]
        assert same_as_slow(slotted, VALUES)

    def test_a_document_with_a_list_has_no_template(self, slotted):
        def load(url: str) -> dict[str, Any]:
            document = contexts.context(url)
            if url == contexts.OPEN_BADGES_EXTENSIONS:
                document["@context"]["steps"] = {"@id": "https://a.example/steps", "@container": "@list"}
            return document

        with pytest.raises(Miss, match="a list"):
            BadgeTemplate.compile({**slotted, "steps": ["one", "two"]}, using=Contexts(load))

    def test_lines_that_become_equal_are_a_miss(self, badge):
        # Only reached past rule 4, so straight through the compiler.
        badge["credentialSubject"]["achievement"]["tag"] = ["urn:x-hexmark-slot:0:", "urn:x-hexmark-slot:1:"]
        template = compile_template(badge, ["a", "b"], using=REVISIONS[0])
        with pytest.raises(Miss, match="became equal"):
            template.canonical(["a", "a"])


class TestRules6And7BlankNodes:
    def test_nodes_without_slots_have_constant_labels(self, badge):
        badge["name"] = Slot("name")
        template = compiled(badge)
        assert template.document.labelling.constant is not None
        assert template.canonical({"name": "Other"}) == canonical({**badge, "name": "Other"})

    def test_a_node_that_holds_a_slot_is_ranked_anew_for_each_award(self, slotted):
        template = compiled(slotted)
        labels = set()
        for number in range(12):
            values = VALUES | {"narrative": f"Narrative {number}"}
            found = template.canonical(values)
            assert found == canonical(fill(slotted, values))
            labels |= {line.split(b" ")[0] for line in found.split(b"\n") if b"Narrative" in line}
        assert len(labels) > 1

    def test_nodes_that_look_alike_have_no_template(self, slotted):
        alike = [{"type": ["Alignment"]}, {"type": ["Alignment"]}]
        with pytest.raises(Miss, match="look alike"):
            compiled(
                {
                    **slotted,
                    "credentialSubject": {
                        **slotted["credentialSubject"],
                        "achievement": {**BADGE["credentialSubject"]["achievement"], "alignment": alike},
                    },
                }
            )

    def test_nodes_that_come_to_look_alike_are_a_miss(self, badge):
        badge["credentialSubject"]["achievement"]["alignment"] = [
            {"type": ["Alignment"], "targetName": "urn:x-hexmark-slot:0:"},
            {"type": ["Alignment"], "targetName": "urn:x-hexmark-slot:1:"},
        ]
        template = compile_template(badge, ["a", "b"], using=REVISIONS[0])
        with pytest.raises(Miss, match="look alike"):
            template.canonical(["a", "a"])

    def test_equal_first_degree_lines_both_stay(self, badge):
        # Two nodes that the same node leads to by one property: their lines read `_:a p _:z` twice.
        narratives = [{"type": ["Evidence"], "narrative": text} for text in ("One", "Two")]
        document = {**badge, "evidence": narratives, "name": Slot("name")}
        del document["id"]
        assert same_as_slow(document, {"name": "Any"})
        one = {**document, "evidence": narratives[:1]}
        assert compiled(one).canonical({"name": "Any"}) != compiled(document).canonical({"name": "Any"})


class TestRule8Order:
    def test_lines_stand_in_code_point_order(self, template):
        lines = template.canonical(VALUES | {"narrative": "😀\uffee\u0085\u2028"}).decode().split("\n")
        assert lines.pop() == ""
        assert lines == sorted(lines)

    @pytest.mark.parametrize("text", ["a", "a .", 'a" .', "a \u0020", "", "\u0001", "~"])
    def test_a_line_that_begins_like_another_stands_where_the_slow_path_puts_it(self, slotted, text):
        slotted["credentialSubject"]["achievement"]["tag"] = ["a", "a b", 'a" . b', Slot("narrative")]
        if text != "a":
            assert same_as_slow(slotted, VALUES | {"narrative": text})


class TestRule9Sentinels:
    def test_a_text_that_looks_like_a_slot_is_none(self, slotted):
        slotted["name"] = str(Slot("award"))
        with pytest.raises(Miss):
            compiled(slotted)

    def test_a_text_that_holds_a_sentinel_is_put_in_like_any_other(self, slotted):
        assert same_as_slow(slotted, VALUES | {"narrative": "urn:x-hexmark-slot:0: %s"})

    def test_slots_have_plain_names(self):
        assert Slot("status_index").name == "status_index"
        for name in ("", "Award", "1", "a b", "a:b"):
            with pytest.raises(ValueError, match="named"):
                Slot(name)


class TestSelfCheck:
    def test_a_template_that_gives_other_bytes_is_never_used(self, badge):
        sketch = {**badge, "name": "urn:x-hexmark-slot:0:"}
        template = compile_template(sketch, ["Name"], using=REVISIONS[0])
        expected = canonical({**badge, "name": "Name"})
        assert checked(template, ["Name"], expected=expected) is template
        with pytest.raises(Miss, match="slow path"):
            checked(template, ["Name"], expected=expected + b" ")
