"""No changed byte of a signed credential is believed. The long run is `make quality`, its figures stand in docs/quality.md."""

import random

from tests.quality.mutations import mutated, outcome, random_credential, run
from tests.simulator import Simulator


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
