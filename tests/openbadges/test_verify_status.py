"""Was it taken back? Bad inputs of group F of our list; strangers are simulated."""

from datetime import timedelta

import pytest
from tests.simulator import NOW, Simulator

from hexmark.openbadges.checks.sources import QUESTIONS
from hexmark.openbadges.checks.status import ENTRIES
from hexmark.openbadges.report import Axis, Report, Verdict
from hexmark.verification import verify

LIST = "https://hexham.example/lists/1"


@pytest.fixture
def simulator():
    return Simulator()


@pytest.fixture
def hexham(simulator):
    return simulator.did_web_issuer("hexham.example")


@pytest.fixture
def revocations(hexham):
    return hexham.status_list(LIST)


def check(simulator: Simulator, document, **settings) -> Report:
    return verify(document, **{"fetch": simulator.fetch, "at": NOW, **settings})


def status(report: Report):
    return report.check(Axis.STATUS)


class TestStatus:
    def test_not_revoked_is_verified_and_says_when_it_was_asked(self, simulator, hexham, revocations):
        report = check(simulator, hexham.issue(credentialStatus=revocations.entry()))
        assert report.ok
        assert status(report).sentence == "Not revoked (list checked 15 June 2026, 10:41 UTC)."

    def test_revoked_fails(self, simulator, hexham, revocations):
        document = hexham.issue(credentialStatus=revocations.entry(7))
        revocations.set(8)
        assert check(simulator, document).ok
        revocations.set(7)
        report = check(simulator, document)
        assert report.failed == ["status"]
        assert status(report).code == "REVOKED"
        assert status(report).sentence.startswith("Revoked by issuer")

    def test_suspended_fails_in_words_of_its_own_and_can_be_lifted(self, simulator, hexham):
        paused = hexham.status_list(LIST, "suspension")
        document = hexham.issue(credentialStatus=paused.entry(7))
        paused.set(7)
        report = check(simulator, document)
        assert report.failed == ["status"]
        assert status(report).code == "SUSPENDED"
        assert status(report).sentence.startswith("Paused by issuer")
        paused.set(7, False)
        assert check(simulator, document).ok

    def test_revocation_and_suspension_are_two_answers_from_one_fetch_of_a_shared_list(self, simulator, hexham):
        shared = hexham.status_list(LIST, ["revocation", "suspension"])
        entries = [shared.entry(7), shared.entry(8, statusPurpose="suspension")]
        document = hexham.issue(credentialStatus=entries)
        assert check(simulator, document).ok
        assert simulator.asked.count(LIST) == 1
        shared.set(8)
        assert [c.code for c in check(simulator, document).checks if c.axis is Axis.STATUS] == [None, "SUSPENDED"]
        shared.set(7)
        assert [c.code for c in check(simulator, document).checks if c.axis is Axis.STATUS] == ["REVOKED", "SUSPENDED"]

    @pytest.mark.parametrize("expected", ["CONNECT_FAILED", "DEADLINE", "SSRF_BLOCKED", "REDIRECT", "TLS_ERROR"])
    def test_a_list_that_cannot_be_reached_is_unknown(self, simulator, hexham, expected):
        listed = hexham.status_list("https://lists.example/1")
        simulator.unreachable("lists.example", expected)
        report = check(simulator, hexham.issue(credentialStatus=listed.entry()))
        assert report.verdict is Verdict.UNKNOWN
        assert report.unknown == ["status"]
        assert status(report).code == expected

    def test_a_garbled_list_is_unknown(self, simulator, hexham, revocations):
        simulator.garble(LIST)
        report = check(simulator, hexham.issue(credentialStatus=revocations.entry()))
        assert report.unknown == ["status"]
        assert status(report).code == "STATUS_VERIFICATION_ERROR"

    def test_a_list_without_a_good_proof_is_unknown_and_never_not_revoked(self, simulator, hexham, revocations):
        document = hexham.issue(credentialStatus=revocations.entry())
        forged = {**hexham.sign(revocations.unsigned), "validFrom": "2026-06-01T00:00:00Z"}
        for listed in (revocations.unsigned, forged):
            simulator.publish(LIST, listed)
            report = check(simulator, document)
            assert report.unknown == ["status"]
            assert status(report).code == "STATUS_VERIFICATION_ERROR"

    def test_a_list_by_another_issuer_fails(self, simulator, hexham):
        other = simulator.did_web_issuer("other.example").status_list("https://other.example/lists/1")
        report = check(simulator, hexham.issue(credentialStatus=other.entry()))
        assert report.failed == ["status"]
        assert status(report).details["detail"] == "LIST_ISSUER"
        assert "other.example" in status(report).sentence

    def test_a_list_signed_by_another_in_the_issuers_name_is_unknown(self, simulator, hexham, revocations):
        thief = simulator.did_web_issuer("thief.example")
        simulator.publish(LIST, thief.sign(revocations.unsigned))
        report = check(simulator, hexham.issue(credentialStatus=revocations.entry()))
        assert report.unknown == ["status"]

    @pytest.mark.parametrize(
        ("changes", "detail"),
        [({"id": "https://hexham.example/lists/2"}, "LIST_ID"), ({"type": ["VerifiableCredential"]}, "NOT_A_LIST")],
    )
    def test_a_list_that_is_not_the_one_named_fails(self, simulator, hexham, revocations, changes, detail):
        revocations.publish(**changes)
        report = check(simulator, hexham.issue(credentialStatus=revocations.entry()))
        assert report.failed == ["status"]
        assert status(report).code == "STATUS_VERIFICATION_ERROR"
        assert status(report).details["detail"] == detail

    def test_a_list_for_another_purpose_fails(self, simulator, hexham, revocations):
        report = check(simulator, hexham.issue(credentialStatus=revocations.entry(statusPurpose="suspension")))
        assert report.failed == ["status"]
        assert status(report).details["detail"] == "STATUS_PURPOSE"

    def test_an_index_outside_of_the_list_fails(self, simulator, hexham, revocations):
        for index in (131_072, 2**31, 2**64):
            report = check(simulator, hexham.issue(credentialStatus=revocations.entry(index)))
            assert report.failed == ["status"]
            assert status(report).code == "RANGE_ERROR"

    @pytest.mark.parametrize("entry", [{"statusListIndex": "-1"}, {"statusListIndex": 7}, {"statusListIndex": "07"}, {"statusPurpose": ""}])
    def test_a_malformed_entry_fails(self, simulator, hexham, revocations, entry):
        report = check(simulator, {**hexham.issue(), "credentialStatus": revocations.entry(**entry)})
        assert "status" in report.failed
        assert status(report).code == "MALFORMED_VALUE_ERROR"

    @pytest.mark.parametrize("declared", ["none", 7, True, [[]], [None], {}, {"type": []}, [{"id": "urn:uuid:1"}]])
    def test_nonsense_in_the_place_of_a_status_fails(self, simulator, hexham, declared):
        assert "status" in check(simulator, {**hexham.issue(), "credentialStatus": declared}).failed

    def test_a_stale_list_is_unknown(self, simulator, hexham):
        listed = hexham.status_list(LIST, valid_until=NOW - timedelta(minutes=30))
        report = check(simulator, hexham.issue(credentialStatus=listed.entry()))
        assert report.unknown == ["status"]
        assert status(report).code == "STATUS_STALE"

    def test_the_past_is_not_answered_from_a_list_of_today(self, simulator, hexham, revocations):
        report = check(simulator, hexham.issue(credentialStatus=revocations.entry()), at=NOW - timedelta(days=30))
        assert report.unknown == ["status"]

    def test_a_kind_of_status_that_cannot_be_read_is_unknown_and_hides_no_revocation(self, simulator, hexham, revocations):
        old = {"id": "https://hexham.example/revocations", "type": "1EdTechRevocationList"}
        document = {**hexham.issue(), "credentialStatus": [old, revocations.entry(7)]}
        assert [c.outcome.value for c in check(simulator, document).checks if c.axis is Axis.STATUS] == ["unknown", "passed"]
        revocations.set(7)
        assert "status" in check(simulator, document).failed

    def test_a_list_that_names_a_status_of_its_own_is_not_followed(self, simulator, hexham, revocations):
        revocations.publish(credentialStatus=revocations.entry(9))
        assert check(simulator, hexham.issue(credentialStatus=revocations.entry(7))).ok
        assert simulator.asked.count(LIST) == 1

    def test_a_purpose_that_nobody_knows_is_unknown_when_set(self, simulator, hexham):
        listed = hexham.status_list(LIST, "https://hexham.example/vocabulary#probation")
        document = hexham.issue(credentialStatus=listed.entry())
        assert check(simulator, document).ok
        listed.set(7)
        assert check(simulator, document).unknown == ["status"]

    def test_a_message_is_told_in_the_issuers_words(self, simulator, hexham):
        listed = hexham.status_list(LIST, "message")
        words = [{"status": "0x0", "message": "In good standing"}, {"status": "0x1", "message": "Under review"}]
        document = hexham.issue(credentialStatus=listed.entry(statusMessage=words, statusSize=1))
        assert "In good standing" in status(check(simulator, document)).sentence
        listed.set(7)
        assert "Under review" in status(check(simulator, document)).sentence

    def test_a_newer_version_is_mentioned(self, simulator, hexham):
        listed = hexham.status_list(LIST, "refresh")
        listed.set(7)
        assert "newer version" in status(check(simulator, hexham.issue(credentialStatus=listed.entry(7)))).sentence

    def test_one_badge_cannot_make_us_ask_the_whole_world(self, simulator, hexham, revocations):
        entries = [revocations.entry(7, statusListCredential=f"https://victim-{number}.example/") for number in range(100)]
        report = check(simulator, {**hexham.issue(), "credentialStatus": entries})
        assert len(simulator.asked) <= 1 + ENTRIES <= QUESTIONS
        assert "TOO_MANY_QUESTIONS" in {c.code for c in report.checks}
