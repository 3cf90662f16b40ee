"""Verification answers on separate axes. Bad inputs C10 to C12 and D01 to D34 of our list; strangers are simulated."""

import copy
from datetime import timedelta

import pytest
from tests.simulator import NOW, Simulator

from hexmark.openbadges.errors import Unreachable, WorkLimit
from hexmark.openbadges.report import Axis, Report, Verdict
from hexmark.openbadges.verify import Sources, verify_document
from hexmark.verification import verify


@pytest.fixture
def simulator():
    return Simulator()


@pytest.fixture
def hexham(simulator):
    return simulator.did_web_issuer("hexham.example")


def check(simulator: Simulator, document, **settings) -> Report:
    return verify(document, **{"fetch": simulator.fetch, "at": NOW, **settings})


def code(report: Report, axis: str) -> str | None:
    return report.check(Axis(axis)).code


class TestAnHonestBadge:
    def test_of_a_did_web_issuer_is_verified(self, simulator, hexham):
        report = check(simulator, hexham.issue())
        report.require()
        assert report.verdict is Verdict.VERIFIED
        assert report.warnings == ()
        assert simulator.asked == ["https://hexham.example/.well-known/did.json"]

    def test_of_an_organisation_on_a_shared_host_is_verified(self, simulator):
        guild = simulator.did_web_issuer("hexham.example", "o", "guild")
        report = check(simulator, guild.issue())
        assert report.ok
        assert report.check(Axis.ISSUER).sentence == "The issuer's identity: hexham.example/o/guild controls this key."
        assert simulator.asked == ["https://hexham.example/o/guild/did.json"]

    def test_of_an_https_issuer_is_verified(self, simulator):
        assert check(simulator, simulator.https_issuer().issue()).ok

    def test_of_a_did_key_issuer_is_verified_and_says_that_nobody_is_named(self, simulator):
        report = check(simulator, simulator.did_key_issuer().issue())
        assert report.ok
        assert "no domain says who holds it" in report.check(Axis.ISSUER).sentence
        assert simulator.asked == []

    def test_names_its_checks_in_plain_words(self, simulator, hexham):
        report = check(simulator, hexham.issue(validUntil="2028-03-14T00:00:00Z"))
        sentences = {check.axis.value: check.sentence for check in report.checks}
        assert sentences == {
            "integrity": "Content unchanged since it was signed.",
            "issuer": "The issuer's identity: hexham.example controls this key.",
            "status": "The issuer declared no way to take this badge back.",
            "time": "In date: valid until 14 March 2028.",
            "schema": "Format: Open Badges 3.0.",
            "recipient": "Nobody asked whose it is: give an e-mail address to compare.",
            "endorsements": "Nobody has endorsed this.",
        }

    def test_answers_in_the_order_of_the_axes(self, simulator, hexham):
        assert [each.axis for each in check(simulator, hexham.issue()).checks] == list(Axis)

    def test_gives_the_same_report_every_time(self, simulator, hexham):
        document = hexham.issue()
        before = copy.deepcopy(document)
        assert check(simulator, document) == check(simulator, document)
        assert document == before


class TestIntegrity:
    def test_changed_content_fails(self, simulator, hexham):
        report = check(simulator, {**hexham.issue(), "name": "Master of Kilns"})
        assert report.failed == ["integrity"]
        assert code(report, "integrity") == "PROOF_VERIFICATION_ERROR"

    @pytest.mark.parametrize("proof", [None, [], {}, "", "signed", [{}], [None], 7])
    def test_without_a_proof_nobody_stands_for_it(self, simulator, hexham, proof):
        report = check(simulator, {**hexham.badge(), "proof": proof})
        assert code(report, "integrity") == "NO_PROOF"
        assert report.failed[0] == "integrity"
        assert "issuer" in report.unknown
        assert check(simulator, hexham.badge()).failed == ["integrity"]

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            ({"proofValue": ""}, "PROOF_VERIFICATION_ERROR"),
            ({"proofValue": "z0OIl"}, "PROOF_VERIFICATION_ERROR"),
            ({"proofValue": None}, "PROOF_VERIFICATION_ERROR"),
            ({"cryptosuite": "EDDSA-RDFC-2022"}, "PROOF_VERIFICATION_ERROR"),
            ({"cryptosuite": ["eddsa-rdfc-2022"]}, "PROOF_VERIFICATION_ERROR"),
            ({"cryptosuite": "none"}, "PROOF_VERIFICATION_ERROR"),
            ({"type": "SomeProof"}, "PROOF_VERIFICATION_ERROR"),
            ({"proofPurpose": "authentication"}, "INVALID_PROOF_PURPOSE"),
            ({"proofPurpose": None}, "INVALID_PROOF_PURPOSE"),
            ({"domain": "elsewhere.example"}, "INVALID_DOMAIN_ERROR"),
            ({"challenge": "7"}, "INVALID_CHALLENGE_ERROR"),
            ({"previousProof": "urn:uuid:missing"}, "PROOF_VERIFICATION_ERROR"),
            ({"expires": "2026-01-01T00:00:00Z"}, "PROOF_VERIFICATION_ERROR"),
            ({"created": "yesterday"}, "PROOF_VERIFICATION_ERROR"),
            ({"@context": ["https://www.w3.org/ns/credentials/v2"]}, "PROOF_VERIFICATION_ERROR"),
        ],
    )
    def test_a_proof_that_is_not_as_the_standard_says_fails(self, simulator, hexham, change, expected):
        document = hexham.issue()
        proof = {name: value for name, value in {**document["proof"][0], **change}.items() if value is not None}
        report = check(simulator, {**document, "proof": proof})
        assert "integrity" in report.failed
        assert code(report, "integrity") == expected

    @pytest.mark.parametrize("kind", ["JsonWebSignature2020", "Ed25519Signature2018", "bbs-2023"])
    def test_a_sound_way_of_signing_that_is_not_known_yet_is_unknown(self, simulator, hexham, kind):
        proof = {**hexham.issue()["proof"][0], "cryptosuite": kind}
        if kind[0].isupper():
            proof["type"] = proof.pop("cryptosuite")
        report = check(simulator, {**hexham.badge(), "proof": [proof]})
        assert report.verdict is Verdict.UNKNOWN
        assert code(report, "integrity") == "UNSUPPORTED_PROOF"
        assert kind in report.check(Axis.INTEGRITY).sentence

    def test_an_unknown_proof_beside_a_good_one_is_named(self, simulator, hexham):
        document = hexham.issue()
        strange = {"type": "SomeProofType", "verificationMethod": "https://council.example/keys#1"}
        report = check(simulator, {**document, "proof": [strange, *document["proof"]]})
        assert report.ok
        assert report.warnings == ("A further proof of the kind SomeProofType by council.example/keys was not checked.",)

    def test_a_second_proof_by_another_is_checked_and_not_counted(self, simulator, hexham):
        witness = simulator.did_web_issuer("witness.example")
        twice = witness.sign(hexham.issue())
        for proofs in (twice["proof"], list(reversed(twice["proof"]))):
            report = check(simulator, {**twice, "proof": proofs})
            assert report.ok
            assert report.warnings == ("Another proof, which is not by the issuer, was not counted.",)

    def test_of_two_proofs_one_that_does_not_hold_fails_the_badge(self, simulator, hexham):
        document = hexham.issue()
        for signer in (hexham, simulator.did_key_issuer("witness")):
            stale = signer.sign(hexham.badge(name="Another"))["proof"]
            assert "integrity" in check(simulator, {**document, "proof": document["proof"] + stale}).failed

    def test_a_document_that_no_signature_could_cover_fails_even_without_a_key(self, simulator, hexham):
        document = {**hexham.issue(), "salary": 9}
        simulator.unreachable("hexham.example")
        report = check(simulator, document)
        assert report.check(Axis.INTEGRITY).details["detail"] == "UNDEFINED_TERM"
        assert code(report, "integrity") == "PROOF_TRANSFORMATION_ERROR"

    def test_a_foreign_context_is_refused_and_never_fetched(self, simulator, hexham):
        document = hexham.issue()
        report = check(simulator, {**document, "@context": [*document["@context"], "https://evil.example/context.json"]})
        assert "integrity" in report.failed
        assert all("evil" not in url for url in simulator.asked)

    def test_work_without_end_fails(self, simulator, hexham):
        def canonicalize(document):
            raise WorkLimit("Too much.")

        sources = Sources(controller=lambda url: hexham.controller_document, status_list=dict, canonicalize=canonicalize)
        report = verify_document(hexham.issue(), sources=sources, at=NOW)
        assert code(report, "integrity") == "RDFC_LIMIT"
        assert "integrity" in report.failed

    def test_a_crowded_worker_is_unknown_and_not_an_answer(self, simulator, hexham):
        def canonicalize(document):
            raise Unreachable("Too many at once.", code="CANONICALIZER_BUSY")

        sources = Sources(controller=lambda url: hexham.controller_document, status_list=dict, canonicalize=canonicalize)
        report = verify_document(hexham.issue(), sources=sources, at=NOW)
        assert report.verdict is Verdict.UNKNOWN
        assert code(report, "integrity") == "CANONICALIZER_BUSY"


class TestTime:
    @pytest.mark.parametrize(
        ("seconds", "outcome", "expected"),
        [(0, "passed", None), (-1, "passed", None), (-300, "passed", None), (-301, "failed", "NOT_YET_VALID"), (1, "passed", None)],
    )
    def test_a_badge_may_begin_a_little_in_the_future(self, simulator, hexham, seconds, outcome, expected):
        report = check(simulator, hexham.issue(validFrom="2026-06-15T10:41:00Z"), at=NOW + timedelta(seconds=seconds))
        assert report.check(Axis.TIME).outcome == outcome
        assert code(report, "time") == expected

    def test_a_badge_ends_with_its_last_second(self, simulator, hexham):
        document = hexham.issue(validUntil="2026-06-15T10:41:00Z")
        assert check(simulator, document).ok
        report = check(simulator, document, at=NOW + timedelta(seconds=1))
        assert report.failed == ["time"]
        assert code(report, "time") == "EXPIRED"
        assert report.check(Axis.TIME).sentence == "Expired on 15 June 2026."

    @pytest.mark.parametrize("moment", ["2026-01-01", "yesterday", "2026-13-01T00:00:00Z", 7, None, [], "2026-01-01T00:00:00"])
    def test_a_time_that_is_none_fails(self, simulator, hexham, moment):
        report = check(simulator, {**hexham.issue(), "validUntil": moment})
        assert "time" in report.failed
        assert code(report, "time") == "MALFORMED_VALUE_ERROR"

    @pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
    def test_the_ends_of_the_calendar_are_times_like_others(self, simulator, hexham, moment):
        for name in ("validFrom", "validUntil"):
            assert isinstance(check(simulator, {**hexham.issue(), name: moment}), Report)
