"""Shapes of foreign documents: compiled on second sight, bounded, guarded, and never another answer than the slow path's."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from hexmark.openbadges import jsonld, strict_json
from hexmark.openbadges.errors import ContextNotAllowed, FormatError, UnsafeDocument
from hexmark.openbadges.jsonld import REVISIONS, canonical, canonical_later
from hexmark.openbadges.keys import SigningKey
from hexmark.openbadges.proofs import add_proof, check_proof, proofs_of
from hexmark.openbadges.template import Shapes, Watch, shapes
from hexmark.openbadges.template.canonical import CanonicalTemplate


@pytest.fixture
def alarms() -> list[str]:
    return []


@pytest.fixture
def known(alarms: list[str]) -> Shapes:
    return Shapes(watch=Watch(alarm=alarms.append, every=10**9))


@pytest.fixture
def slow_calls(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Every document that took the slow path."""
    calls: list[dict[str, Any]] = []
    slow = jsonld.canonical

    def noted(document: dict[str, Any], **options: Any) -> bytes:
        calls.append(document)
        return slow(document, **options)

    monkeypatch.setattr(jsonld, "canonical", noted)
    return calls


def named(badge: dict[str, Any], name: str) -> dict[str, Any]:
    """Another badge of the same shape."""
    document = copy.deepcopy(badge)
    document["name"] = name
    document["id"] = f"urn:uuid:{name}"
    return document


class TestSecondSight:
    def test_a_shape_is_compiled_when_it_is_seen_a_second_time(self, known, badge, slow_calls):
        for number in range(6):
            assert known(named(badge, f"n{number}")) == canonical(named(badge, f"n{number}"))
        assert len(slow_calls) == 2
        assert len(known) == 1

    def test_the_bytes_are_those_of_the_slow_path_under_each_revision(self, badge):
        later = Shapes(watch=Watch(alarm=pytest.fail), using=REVISIONS[-1])
        for number in range(4):
            document = named(badge, f"n{number}")
            assert later(document) == canonical_later(document)

    def test_another_order_of_members_is_another_shape_and_the_same_answer(self, known, badge):
        for number in range(3):
            known(named(badge, f"n{number}"))
        turned = dict(reversed(badge.items()))
        for _ in range(3):
            assert known(turned) == canonical(badge)
        assert len(known) == 2

    def test_a_word_that_is_part_of_the_template_makes_a_template_for_each_of_its_values(self, known, badge, slow_calls):
        options = {"@context": badge["@context"], "type": "DataIntegrityProof"}
        for purpose in ("assertionMethod", "authentication") * 4:
            document = {**options, "proofPurpose": purpose}
            assert known(document) == canonical(document)
        assert len(known) == 2
        assert len(slow_calls) == 4

    def test_a_document_that_no_rule_covers_is_remembered_as_such(self, known, badge, slow_calls):
        badge["evidence"] = [{"type": ["Evidence"]}, {"type": ["Evidence"]}]
        for _ in range(4):
            assert known(badge) == canonical(badge)
        assert len(slow_calls) == 4
        assert known.characters == 0

    def test_a_document_with_a_sentinel_in_it_takes_the_slow_path(self, known, badge, slow_calls):
        badge["name"] = "urn:x-hexmark-slot:0:"
        for _ in range(4):
            assert known(badge) == canonical(badge)
        assert len(slow_calls) == 4

    def test_texts_of_other_classes_take_the_slow_path_each(self, known, badge, slow_calls):
        for number in range(3):
            known(named(badge, f"n{number}"))
        slow_calls.clear()
        odd = {**named(badge, "odd"), "id": "tag:a.example,2026:1"}
        assert known(odd) == canonical(odd)
        assert len(slow_calls) == 1

    def test_another_hash_of_blank_nodes_takes_the_slow_path(self, known, badge, slow_calls):
        for number in range(4):
            assert known(named(badge, f"n{number}"), hash_name="SHA-384") == canonical(named(badge, f"n{number}"), hash_name="SHA-384")
        assert len(slow_calls) == 4
        assert len(known) == 0

    def test_it_checks_proofs_in_the_place_of_the_slow_path(self, known, badge, created):
        key = SigningKey.from_seed(bytes(32))
        for number in range(5):
            signed = add_proof(named(badge, f"n{number}"), key=key, verification_method="did:web:a.example#key", created=created)
            signed = strict_json.parse(strict_json.dump(signed))
            check_proof(signed, proofs_of(signed)[0], key.public, canonicalize=known)
            with pytest.raises(FormatError):
                check_proof({**signed, "name": "Altered"}, proofs_of(signed)[0], key.public, canonicalize=known)
        # One for the badge; the options, which are the same in all, are remembered as they were.
        assert len(known) == 1

    def test_options_of_proofs_are_remembered_as_they_were(self, known, badge, slow_calls):
        options = {"@context": badge["@context"], "type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022"}
        for moment in ("2026-01-31T09:00:00Z", "2026-01-31T09:00:01Z") * 3:
            assert known({**options, "created": moment}) == canonical({**options, "created": moment})
        assert len(slow_calls) == 2

    def test_options_that_read_alike_are_not_the_same(self, known, badge):
        options = {"@context": badge["@context"], "type": ["DataIntegrityProof"], "cryptosuite": "eddsa-rdfc-2022"}
        for kind in (["DataIntegrityProof"], "['DataIntegrityProof']", ["DataIntegrityProof"]):
            document = {**options, "type": kind}
            try:
                expected = canonical(document)
            except FormatError as error:
                with pytest.raises(type(error)):
                    known(document)
            else:
                assert known(document) == expected

    def test_more_options_than_are_remembered_are_right_too(self, known, badge, monkeypatch):
        monkeypatch.setattr("hexmark.openbadges.template.shapes.OPTIONS", 3)
        options = {"@context": badge["@context"], "type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022"}
        for second in (*range(8), *range(8)):
            document = {**options, "created": f"2026-01-31T09:00:0{second}Z"}
            assert known(document) == canonical(document)


class TestStrangers:
    @pytest.fixture
    def familiar(self, known: Shapes, badge: dict[str, Any]) -> Shapes:
        """The shape of the badge is known."""
        for number in range(3):
            known(named(badge, f"n{number}"))
        return known

    @pytest.mark.parametrize(
        ("change", "detail"),
        [
            ({"id": "relative"}, "RELATIVE_IRI"),
            ({"id": "_:b0"}, "BLANK_NODE_ID"),
            ({"id": "urn:<x>"}, "INVALID_IRI"),
            ({"name": "\uffff"}, "CONTROL_CHAR"),
            ({"name": None}, "NULL_VALUE"),
            ({"tag": []}, "EMPTY_ARRAY"),
            ({"salary": "9"}, "UNDEFINED_TERM"),
            ({"@id": "urn:x"}, None),
        ],
    )
    def test_what_the_guards_refuse_is_refused_though_the_shape_is_known(self, familiar, badge, change, detail):
        with pytest.raises(FormatError) as refused:
            familiar(badge | change)
        with pytest.raises(FormatError) as slowly:
            canonical(badge | change)
        assert (refused.value.full_code, refused.value.pointer) == (slowly.value.full_code, slowly.value.pointer)
        if detail:
            assert refused.value.detail == detail

    def test_the_guards_run_before_a_template_is_asked(self, familiar, badge, monkeypatch):
        monkeypatch.setattr(CanonicalTemplate, "canonical", lambda *_: pytest.fail("asked before the guards"))
        with pytest.raises(ContextNotAllowed):
            familiar({**badge, "@context": [*badge["@context"], "https://evil.example/context.json"]})
        with pytest.raises(UnsafeDocument):
            familiar({**badge, "id": "relative"})

    def test_a_refused_document_is_not_remembered(self, known, badge):
        for _ in range(3):
            with pytest.raises(UnsafeDocument):
                known({**badge, "salary": "9"})
        assert len(known) == 0
        assert not known._families

    def test_contexts_belong_to_the_shape(self, familiar, badge, slow_calls):
        older = copy.deepcopy(badge)
        older["@context"][1] = older["@context"][1].replace("3.0.3", "3.0.2")
        assert familiar(older) == canonical(older)
        assert len(slow_calls) == 1

    def test_what_is_not_json_takes_the_slow_path(self, familiar, badge):
        odd = {**badge, "name": ("a",)}
        with pytest.raises(FormatError):
            familiar(odd)


class TestBounds:
    def test_so_many_structures_are_kept_and_the_longest_unused_goes(self, known, badge, monkeypatch):
        monkeypatch.setattr(shapes, "STRUCTURES", 3)
        for count in range(1, 7):
            badge["credentialSubject"]["achievement"]["tag"] = [f"tag {number}" for number in range(count)]
            for _ in range(2):
                known(badge)
        assert len(known._families) == 3
        assert known.characters == sum(family.characters for family in known._families.values())

    def test_so_many_characters_are_kept(self, known, badge, monkeypatch):
        known(badge)
        known(badge)
        monkeypatch.setattr(shapes, "CHARACTERS", known.characters + 100)
        badge["credentialSubject"]["achievement"]["tag"].append("third")
        known(badge)
        known(badge)
        assert len(known) == 1
        assert known.characters <= shapes.CHARACTERS

    def test_one_structure_has_few_templates_and_no_word_is_compiled_at_first_sight(self, known, badge, slow_calls):
        options = {"@context": badge["@context"], "type": "DataIntegrityProof"}
        words = ("assertionMethod", "authentication", "keyAgreement", "capabilityInvocation", "capabilityDelegation", "assertionMethod")
        for word in words:
            for _ in range(2):
                known({**options, "proofPurpose": word})
        family = next(iter(known._families.values()))
        assert len(family.shapes) <= shapes.TEMPLATES_PER_STRUCTURE

    def test_so_many_sightings_are_remembered(self, known, badge, monkeypatch):
        monkeypatch.setattr(shapes, "SIGHTINGS", 4)
        for count in range(1, 9):
            badge["credentialSubject"]["achievement"]["tag"] = [f"tag {number}" for number in range(count)]
            known(badge)
        assert len(known._sighted) == 4
        assert len(known) == 0

    def test_a_document_of_very_many_texts_always_takes_the_slow_path(self, known, badge, monkeypatch, slow_calls):
        monkeypatch.setattr(shapes, "TEXTS", 5)
        for _ in range(4):
            known(badge)
        assert len(slow_calls) == 4
        assert not known._sighted


class TestWatched:
    def test_one_in_so_many_results_is_compared(self, badge, alarms, slow_calls):
        known = Shapes(watch=Watch(alarm=alarms.append, every=5))
        for number in range(22):
            known(named(badge, f"n{number}"))
        assert len(slow_calls) == 2 + 4
        assert alarms == []

    def test_a_difference_switches_templates_off_and_alarms(self, badge, alarms, monkeypatch):
        known = Shapes(watch=Watch(alarm=alarms.append, every=1))
        for number in range(2):
            known(named(badge, f"n{number}"))
        monkeypatch.setattr(CanonicalTemplate, "canonical", lambda *_: b"wrong")
        for number in range(3):
            assert known(named(badge, f"n{number}")) == canonical(named(badge, f"n{number}"))
        assert len(alarms) == 1

    def test_a_template_that_fails_its_self_check_is_never_used(self, known, badge, monkeypatch):
        monkeypatch.setattr(CanonicalTemplate, "canonical", lambda *_: b"wrong")
        for _ in range(4):
            assert known(badge) == canonical(badge)
        assert known.characters == 0


def test_every_published_sample_is_canonicalised_alike(reference_data):
    known = Shapes(watch=Watch(alarm=pytest.fail, every=10**9))
    for file in sorted((reference_data / "vectors/ob-samples/valid").glob("*.json")):
        document = strict_json.parse(file.read_bytes())
        del document["proof"]
        for _ in range(3):
            assert known(document) == canonical(document), file.name
