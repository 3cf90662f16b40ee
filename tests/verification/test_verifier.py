"""Verification with its surroundings: reading, asking, remembering; strangers are simulated."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.simulator import NOW, Simulator, key_of

from hexmark.net import Fetched
from hexmark.openbadges import baking, strict_json
from hexmark.openbadges.errors import FormatError
from hexmark.openbadges.report import Axis, Verdict
from hexmark.verification import Canonicalizer, Verifier, document_of, verify
from hexmark.verification.memory import CACHE_ANSWER_BYTES, CONTROLLER_SECONDS, LIST_SECONDS

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
LIST = "https://hexham.example/lists/1"
DID = "https://hexham.example/.well-known/did.json"


@pytest.fixture(scope="module")
def canonicalize():
    with Canonicalizer() as shared:
        yield shared


@pytest.fixture
def simulator():
    return Simulator()


@pytest.fixture
def hexham(simulator):
    return simulator.did_web_issuer()


class Clock:
    """A clock that tests can move."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now

    def pass_by(self, **time):
        self.now += timedelta(**time)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def verifier(simulator, clock, canonicalize):
    return Verifier(fetch=simulator.fetch, clock=clock, canonicalize=canonicalize)


class TestSources:
    def test_the_same_badge_verifies_in_every_container(self, simulator, hexham, canonicalize):
        document = hexham.issue()
        data = strict_json.dump(document)
        sources = [document, data, data.decode(), baking.bake(SVG, data.decode())]
        reports = [verify(source, fetch=simulator.fetch, at=NOW, canonicalize=canonicalize) for source in sources]
        assert all(report.ok for report in reports)
        assert all(report == reports[0] for report in reports)

    def test_the_work_in_a_worker_gives_the_same_report_as_the_work_here(self, simulator, hexham, canonicalize):
        good = hexham.issue()
        for document in (good, {**good, "name": "Other"}, {**good, "salary": 9}, {**good, "@context": []}):
            here = verify(document, fetch=simulator.fetch, at=NOW)
            assert verify(document, fetch=simulator.fetch, at=NOW, canonicalize=canonicalize) == here

    @pytest.mark.parametrize(
        ("source", "expected"),
        [
            (b"", "PARSING_ERROR"),
            (b"[]", "PARSING_ERROR"),
            (b'{"a": 1, "a": 2}', "PARSING_ERROR/DUPLICATE_KEY"),
            ("{\ud800}", "PARSING_ERROR"),
            ("hello", "PARSING_ERROR"),
            (b"\xff\xd8\xff\xe0", "TYPE_MISMATCH"),
            (b"eyJhbGciOiJFUzI1NiJ9.e30", "JWS_PARTS"),
            (b"eyJhbGciOiJFUzI1NiJ9.W10.c2ln", "PARSING_ERROR/NOT_AN_OBJECT"),
            ({"a": float("nan")}, "MALFORMED_VALUE_ERROR"),
            ({"a": 2**60}, "MALFORMED_VALUE_ERROR"),
        ],
    )
    def test_what_cannot_be_read_is_an_error_and_no_report(self, source, expected):
        with pytest.raises(FormatError) as refused:
            document_of(source)
        assert refused.value.full_code.startswith(expected)

    def test_what_other_servers_answer_is_read_as_strictly(self, simulator, hexham):
        twice = strict_json.dump(hexham.controller_document).replace(b'{"@context"', b'{"id":"did:web:x","@context"', 1)
        simulator.publish(DID, twice)
        report = verify(hexham.issue(), fetch=simulator.fetch, at=NOW)
        assert report.verdict is Verdict.UNKNOWN
        assert report.check(Axis.ISSUER).details["detail"] == "DUPLICATE_KEY"

    def test_slow_servers_are_asked_only_for_so_long_in_all(self, simulator, hexham, monkeypatch):
        monkeypatch.setattr("hexmark.verification.verifier.PATIENCE_SECONDS", 0.3)
        council = [simulator.did_web_issuer(f"council{number}.example").endorse(hexham.id) for number in range(8)]

        def slow(url, *, accept):
            time.sleep(0.2)
            return simulator.fetch(url, accept=accept)

        started = time.monotonic()
        report = verify(hexham.issue(endorsement=council), fetch=slow, at=NOW)
        assert time.monotonic() - started < 1
        assert report.ok
        assert [check.outcome.value for check in report.checks if check.axis is Axis.ENDORSEMENTS].count("unknown") >= 6


class TestVerifier:
    def test_asks_an_issuer_once_in_a_while(self, verifier, simulator, hexham, clock):
        document = hexham.issue()
        assert all(verifier.verify(document).ok for _ in range(10))
        assert simulator.asked == [DID]
        clock.pass_by(seconds=CONTROLLER_SECONDS)
        assert verifier.verify(document).ok
        assert simulator.asked == [DID, DID]

    def test_sees_a_revocation_soon(self, verifier, simulator, hexham, clock):
        revocations = hexham.status_list(LIST)
        document = hexham.issue(credentialStatus=revocations.entry(7))
        assert verifier.verify(document).ok
        revocations.set(7)
        assert verifier.verify(document).ok
        clock.pass_by(seconds=LIST_SECONDS)
        assert verifier.verify(document).failed == ["status"]
        assert simulator.asked.count(DID) == 1

    def test_asks_a_dead_host_once_a_minute_and_notices_when_it_is_back(self, verifier, simulator, hexham, clock):
        simulator.unreachable("hexham.example", "DEADLINE")
        document = hexham.issue()
        for _ in range(100):
            assert verifier.verify(document).check(Axis.ISSUER).code == "DEADLINE"
        assert len(simulator.asked) == 1
        simulator.reachable("hexham.example")
        clock.pass_by(seconds=61)
        assert verifier.verify(document).ok

    def test_asks_again_when_a_kept_answer_does_not_know_the_key(self, verifier, simulator, hexham):
        assert verifier.verify(hexham.issue()).ok
        rotated = replace(hexham, key=key_of("the next key"), method=f"{hexham.id}#key-2")
        rotated.publish()
        assert verifier.verify(rotated.issue()).ok
        assert simulator.asked.count(hexham.document_url) == 2

    def test_asks_only_once_more_about_a_key_that_nobody_knows(self, verifier, simulator, hexham):
        assert verifier.verify(hexham.issue()).ok
        forged = replace(hexham, key=key_of("a forger"), method=f"{hexham.id}#key-2").issue()
        assert verifier.verify(forged).failed
        assert simulator.asked.count(hexham.document_url) == 2

    def test_answers_for_the_moment_it_is_asked_about(self, verifier, hexham):
        document = hexham.issue(validUntil="2026-06-20T00:00:00Z")
        assert verifier.verify(document).ok
        assert verifier.verify(document, at=NOW + timedelta(days=30)).failed == ["time"]

    def test_compares_a_recipient(self, verifier, hexham):
        report = verifier.verify(hexham.issue(), recipient="amara@example.org")
        assert report.check(Axis.RECIPIENT).code == "RECIPIENT_NOT_NAMED"

    def test_keeps_a_bounded_number_of_answers(self, simulator, clock, canonicalize, monkeypatch):
        monkeypatch.setattr("hexmark.verification.memory.CACHE_ENTRIES", 3)
        verifier = Verifier(fetch=simulator.fetch, clock=clock, canonicalize=canonicalize)
        issuers = [simulator.did_web_issuer(f"host{number}.example") for number in range(5)]
        for issuer in (*issuers, issuers[4], issuers[0]):
            assert verifier.verify(issuer.issue()).ok
        assert len(simulator.asked) == 6

    def test_keeps_no_long_answer(self, simulator, hexham, clock, canonicalize):
        simulator.publish(DID, strict_json.dump(hexham.controller_document) + b" " * CACHE_ANSWER_BYTES)
        verifier = Verifier(fetch=simulator.fetch, clock=clock, canonicalize=canonicalize)
        for _ in range(3):
            assert verifier.verify(hexham.issue()).ok
        assert len(simulator.asked) == 3

    def test_asks_for_what_it_needs_by_name(self, hexham, clock, canonicalize):
        accepted = []

        def fetch(url, *, accept):
            accepted.append(accept)
            return Fetched(strict_json.dump(hexham.controller_document), "application/did+json")

        Verifier(fetch=fetch, clock=clock, canonicalize=canonicalize).verify(hexham.issue())
        assert "application/did+json" in accepted[0]

    def test_ends_its_worker_when_it_is_closed(self, simulator, hexham, clock):
        with Verifier(fetch=simulator.fetch, clock=clock) as verifier:
            assert verifier.verify(hexham.issue()).ok
            assert verifier._canonicalize.worker_id is not None
        assert verifier._canonicalize.worker_id is None


def test_no_part_of_verification_loads_the_web_framework():
    import subprocess
    import sys

    program = "import sys, hexmark.verification.verifier, hexmark.cli.verify, hexmark.cli.words; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
