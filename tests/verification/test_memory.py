"""What a verifier remembers: answers for as long as they may be kept, and which status list was the newest. F25 of our bad inputs."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.simulator import NOW, Simulator

from hexmark.net import Fetched
from hexmark.openbadges import strict_json
from hexmark.openbadges.report import Axis, Verdict
from hexmark.verification import Canonicalizer, Verifier
from hexmark.verification.memory import CONTROLLER_TYPES, LIST_SECONDS, LIST_TYPES, KeptAnswers, NewestLists

LIST = "https://hexham.example/lists/1"
BEFORE, AFTER = NOW - timedelta(hours=2), NOW - timedelta(hours=1)


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now

    def pass_by(self, **time):
        self.now += timedelta(**time)


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


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def verifier(simulator, clock, canonicalize):
    return Verifier(fetch=simulator.fetch, clock=clock, canonicalize=canonicalize)


class TestOwnTtl:
    def test_a_list_that_asks_to_be_kept_for_less_is_kept_for_less(self, verifier, simulator, hexham, clock):
        revocations = hexham.status_list(LIST, ttl=timedelta(seconds=10))
        document = hexham.issue(credentialStatus=revocations.entry(7))
        assert verifier.verify(document).ok
        revocations.set(7)
        clock.pass_by(seconds=9)
        assert verifier.verify(document).ok
        clock.pass_by(seconds=1)
        assert verifier.verify(document).failed == ["status"]
        assert simulator.asked.count(LIST) == 2

    def test_a_list_that_may_be_kept_for_a_day_is_not(self, verifier, hexham, clock):
        revocations = hexham.status_list(LIST, ttl=timedelta(days=1))
        document = hexham.issue(credentialStatus=revocations.entry(7))
        assert verifier.verify(document).ok
        revocations.set(7)
        clock.pass_by(seconds=LIST_SECONDS)
        assert verifier.verify(document).failed == ["status"]

    def test_a_list_that_ends_soon_is_not_kept_beyond_its_end(self, verifier, simulator, hexham, clock):
        revocations = hexham.status_list(LIST, valid_until=NOW + timedelta(seconds=5))
        document = hexham.issue(credentialStatus=revocations.entry(7))
        assert verifier.verify(document).ok
        clock.pass_by(seconds=5)
        verifier.verify(document)
        assert simulator.asked.count(LIST) == 2

    def test_a_ttl_of_nothing_is_asked_each_time(self, verifier, simulator, hexham):
        document = hexham.issue(credentialStatus=hexham.status_list(LIST, ttl=timedelta(0)).entry(7))
        assert verifier.verify(document).ok
        assert verifier.verify(document).ok
        assert simulator.asked.count(LIST) == 2

    @pytest.mark.parametrize("body", [b"<html>", b"{", b'{"type":["BitstringStatusListCredential"]}', b"\xff"])
    def test_an_answer_that_cannot_be_understood_is_not_kept(self, body):
        asked = []

        def fetch(url, *, accept):
            asked.append(url)
            return Fetched(body, "application/json")

        kept = KeptAnswers(fetch, lambda: NOW)
        for _ in range(3):
            kept(LIST, accept=LIST_TYPES)
        assert len(asked) == 3

    @given(
        ttl=st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False), st.text())
    )
    def test_no_ttl_makes_an_answer_stay_longer_than_ours(self, ttl):
        moment = NOW
        asked = []

        def fetch(url, *, accept):
            asked.append(url)
            subject = {"type": "BitstringStatusList", "ttl": ttl}
            document = {"type": ["BitstringStatusListCredential"], "credentialSubject": subject}
            return Fetched(strict_json.dump(document), "application/json")

        kept = KeptAnswers(fetch, lambda: moment)
        kept(LIST, accept=LIST_TYPES)
        moment += timedelta(seconds=LIST_SECONDS)
        kept(LIST, accept=LIST_TYPES)
        assert len(asked) == 2

    def test_a_controller_document_is_not_read_for_a_ttl(self):
        kept = KeptAnswers(lambda url, *, accept: Fetched(b"{", "application/json"), lambda: NOW)
        first = kept(LIST, accept=CONTROLLER_TYPES)
        assert kept(LIST, accept=CONTROLLER_TYPES) is first


class TestRollback:
    def test_an_older_list_than_one_seen_before_is_refused(self, verifier, hexham, clock):
        revocations = hexham.status_list(LIST, valid_from=BEFORE)
        document = hexham.issue(credentialStatus=revocations.entry(7))
        assert verifier.verify(document).ok
        revocations.settings["valid_from"] = AFTER
        revocations.set(7)
        clock.pass_by(seconds=LIST_SECONDS)
        assert verifier.verify(document).failed == ["status"]
        # Somebody between us serves the list from before the revocation, whose signature still holds.
        revocations.settings["valid_from"] = BEFORE
        revocations.set(7, False)
        clock.pass_by(seconds=LIST_SECONDS)
        report = verifier.verify(document)
        assert report.verdict is Verdict.UNKNOWN
        assert report.check(Axis.STATUS).code == "STATUS_ROLLBACK"

    def test_a_verifier_that_never_saw_the_newer_one_cannot_know(self, simulator, hexham, clock, canonicalize):
        revocations = hexham.status_list(LIST, valid_from=BEFORE)
        document = hexham.issue(credentialStatus=revocations.entry(7))
        assert Verifier(fetch=simulator.fetch, clock=clock, canonicalize=canonicalize).verify(document).ok

    def test_a_list_without_a_beginning_is_older_than_one_with(self, verifier, hexham, clock):
        revocations = hexham.status_list(LIST)
        document = hexham.issue(credentialStatus=revocations.entry(7))
        assert verifier.verify(document).ok
        undated = {name: value for name, value in revocations.unsigned.items() if name != "validFrom"}
        hexham.simulator.publish(LIST, hexham.sign(undated))
        clock.pass_by(seconds=LIST_SECONDS)
        assert verifier.verify(document).check(Axis.STATUS).code == "STATUS_ROLLBACK"

    def test_a_list_that_nobody_signed_is_not_remembered(self, verifier, hexham, clock):
        revocations = hexham.status_list(LIST, valid_from=BEFORE)
        document = hexham.issue(credentialStatus=revocations.entry(7))
        hexham.simulator.publish(LIST, {**hexham.sign(revocations.unsigned), "validFrom": "2026-06-15T10:00:00Z"})
        assert verifier.verify(document).unknown == ["status"]
        revocations.publish()
        clock.pass_by(seconds=LIST_SECONDS)
        assert verifier.verify(document).ok

    def test_a_list_from_the_future_does_not_lock_the_present_out(self, verifier, hexham, clock):
        revocations = hexham.status_list(LIST, valid_from=NOW + timedelta(days=3650))
        document = hexham.issue(credentialStatus=revocations.entry(7))
        assert verifier.verify(document).unknown == ["status"]
        revocations.settings["valid_from"] = BEFORE
        revocations.publish()
        clock.pass_by(seconds=LIST_SECONDS)
        assert verifier.verify(document).ok

    def test_the_same_list_again_is_no_rollback(self, verifier, hexham, clock):
        document = hexham.issue(credentialStatus=hexham.status_list(LIST).entry(7))
        for _ in range(3):
            assert verifier.verify(document).ok
            clock.pass_by(seconds=LIST_SECONDS)

    @given(hours=st.lists(st.integers(0, 100), min_size=1))
    def test_the_answer_is_the_latest_of_all_so_far(self, hours):
        newest = NewestLists()
        moments = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=each) for each in hours]
        answers = [newest(LIST, moment) for moment in moments]
        assert answers == [max(moments[: number + 1]) for number in range(len(moments))]

    def test_memory_is_bounded_and_forgets_the_longest_unasked(self):
        newest = NewestLists(most=2)
        newest("a", AFTER)
        newest("b", AFTER)
        newest("a", BEFORE)
        newest("c", AFTER)
        assert newest("a", BEFORE) == AFTER
        assert newest("b", BEFORE) == BEFORE
