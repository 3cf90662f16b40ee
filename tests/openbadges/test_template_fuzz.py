"""Both paths on random badges: whatever the document, the bytes or the refusal are the same."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.openbadges.random_badges import HOSTILE, badges, iris, outcome, siblings, slowly, texts

from hexmark.openbadges import strict_json
from hexmark.openbadges.jsonld import canonical
from hexmark.openbadges.keys import SigningKey
from hexmark.openbadges.proofs import add_proof
from hexmark.openbadges.template import BadgeTemplates, Shapes, Slot, Watch, fill

KEY = SigningKey.from_seed(bytes(32))
SIGNING: dict[str, Any] = {"key": KEY, "verification_method": "did:web:a.example#key", "created": datetime(2026, 1, 31, tzinfo=UTC)}
RARE = 10**9
MANY = settings(deadline=None, suppress_health_check=list(HealthCheck))


def compare_shapes(documents: list[dict[str, Any]]) -> None:
    shapes = Shapes(watch=Watch(alarm=pytest.fail, every=RARE))
    for document in documents:
        before = copy.deepcopy(document)
        assert outcome(shapes, document) == slowly(document)
        assert document == before


@settings(MANY, max_examples=60)
@given(siblings())
def test_documents_of_one_outline_are_canonicalised_alike(documents):
    compare_shapes(documents)


@pytest.mark.long
@settings(MANY, max_examples=4000)
@given(siblings())
def test_twenty_thousand_documents_are_canonicalised_alike(documents):
    compare_shapes(documents)


def with_slots(badge: dict[str, Any]) -> dict[str, Any]:
    """The badge with slots in its id, its name and below its subject."""
    document = copy.deepcopy(badge)
    document |= {"id": Slot("award"), "name": Slot("name")}
    subject = document["credentialSubject"]
    subject |= {"id": Slot("subject"), "narrative": Slot("narrative")}
    subject["achievement"]["criteria"]["narrative"] = Slot("criteria")
    return document


awards = st.fixed_dictionaries({"award": iris, "name": texts, "subject": iris, "narrative": texts, "criteria": texts})


def compare_signing(badge: dict[str, Any], given_values: list[dict[str, str]]) -> None:
    document = with_slots(badge)
    templates = BadgeTemplates(watch=Watch(alarm=pytest.fail, every=RARE))
    for values in given_values:
        slow = outcome(lambda filled: strict_json.dump(add_proof(filled, **SIGNING)).decode(), fill(document, values))
        assert outcome(lambda _, values=values: templates.sign(document, values, **SIGNING), document) == slow


@settings(MANY, max_examples=40)
@given(badges, st.lists(awards, min_size=1, max_size=4))
def test_awards_of_random_badges_are_signed_alike(badge, given_values):
    compare_signing(badge, given_values)


@pytest.mark.long
@settings(MANY, max_examples=2000)
@given(badges, st.lists(awards, min_size=1, max_size=4))
def test_thousands_of_awards_of_random_badges_are_signed_alike(badge, given_values):
    compare_signing(badge, given_values)


@pytest.mark.parametrize("text", HOSTILE)
def test_every_hostile_text_comes_out_alike_in_every_place(badge, text):
    shapes = Shapes(watch=Watch(alarm=pytest.fail, every=RARE))
    # Known shapes first: the plain badge twice with other texts.
    for number in range(2):
        shapes(placed(badge, f"urn:uuid:{number}", f"Text {number}"))
    for iri, literal in ((text, "Text"), ("urn:uuid:3", text), (text, text)):
        document = placed(badge, iri, literal)
        assert outcome(shapes, document) == slowly(document)


def placed(badge: dict[str, Any], iri: str, literal: str) -> dict[str, Any]:
    document = copy.deepcopy(badge)
    document["id"] = iri
    document["name"] = literal
    return document


def test_a_stranger_who_joins_two_nodes_gains_nothing(badge):
    shapes = Shapes(watch=Watch(alarm=pytest.fail, every=RARE))
    creator = {"id": "did:web:other.example", "type": ["Profile"], "name": "Acme"}
    badge["credentialSubject"]["achievement"]["creator"] = creator
    for _ in range(3):
        assert shapes(badge) == canonical(badge)
    joined = copy.deepcopy(badge)
    joined["credentialSubject"]["achievement"]["creator"]["id"] = badge["issuer"]["id"]
    for _ in range(3):
        assert shapes(joined) == canonical(joined)
