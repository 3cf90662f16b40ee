"""No changed byte of a signed credential is believed. The long run is `make quality`, its figures stand in docs/quality.md."""

import random

import pytest
from tests.quality.mutations import mutated, outcome, random_credential, run
from tests.simulator import NOW, Simulator

from hexmark.openbadges.report import Verdict
from hexmark.verification import verify


def test_no_changed_byte_of_random_credentials_is_verified():
    figures = run(credentials=12, mutations=1200, seed=7)
    assert "VERIFIED" not in figures
    # Were none of them readable, this would say nothing about signatures.
    assert figures["refused"] > 300
    assert figures["unreadable"] > 300


def test_the_question_can_be_answered_with_yes():
    simulator = Simulator()
    original, other = (random_credential(random.Random(seed), simulator) for seed in (1, 2))
    assert outcome(simulator, original, original) == "same"
    assert outcome(simulator, original, other) == "VERIFIED"


def test_each_change_is_a_change_of_one_byte():
    chance, data = random.Random(3), b"0123456789"
    for changed in (mutated(chance, data) for _ in range(200)):
        assert abs(len(changed) - len(data)) <= 1


@pytest.mark.parametrize("issuer", ["did:web:a].example", "did:web:[example", "https://[::1", "https://a]b/", "did:web:a%5Db.example"])
def test_an_issuer_whose_id_no_url_can_hold_gets_a_report_like_any_other(issuer):
    simulator = Simulator()
    badge = simulator.did_key_issuer().issue()
    report = verify({**badge, "issuer": {**badge["issuer"], "id": issuer}}, fetch=simulator.fetch, at=NOW)
    assert report.verdict is Verdict.NOT_VALID
