"""No changed byte of a signed credential is believed. The long run is `make quality`, its figures stand in docs/quality.md."""

import copy
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


ODD = (None, True, 0, -1.5, "", "_:b0", [], {}, [[]], [None], ["x", {"id": 7}], {"id": ["x"]}, {"@value": 1}, {"type": {"id": "x"}})


def places(value, path=()):
    """Paths to everything in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for name, each in inner for found in places(each, (*path, name)))]


@pytest.mark.slow
def test_whatever_stands_in_any_place_of_a_badge_it_gets_a_report():
    simulator = Simulator()
    hexham = simulator.did_web_issuer()
    status = hexham.status_list("https://hexham.example/status").entry(7)
    badge = hexham.issue(credentialStatus=[status], validUntil="2030-01-01T00:00:00Z", endorsement=[hexham.endorse("urn:uuid:1")])
    for path in places(badge)[1:]:
        for odd in ODD:
            changed = copy.deepcopy(badge)
            holder = changed
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = odd
            assert verify(changed, fetch=simulator.fetch, at=NOW).verdict is not Verdict.VERIFIED, (path, odd)
