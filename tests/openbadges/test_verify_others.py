"""Whose is it, and what do others say? Bad inputs C17, C18 and C24 of our list; strangers are simulated."""

import hashlib

import pytest
from tests.simulator import NOW, Simulator

from hexmark.openbadges.checks.endorsements import ENDORSEMENTS
from hexmark.openbadges.report import Axis, Outcome, Report
from hexmark.verification import verify


@pytest.fixture
def simulator():
    return Simulator()


@pytest.fixture
def hexham(simulator):
    return simulator.did_web_issuer("hexham.example")


def check(simulator: Simulator, document, **settings) -> Report:
    return verify(document, **{"fetch": simulator.fetch, "at": NOW, **settings})


def identity(**changes):
    digest = hashlib.sha256(b"amara@example.orgs4lt").hexdigest()
    entry = {"type": "IdentityObject", "hashed": True, "identityHash": f"sha256${digest}", "identityType": "emailAddress", "salt": "s4lt"}
    return {name: value for name, value in {**entry, **changes}.items() if value is not None}


class TestRecipient:
    def badge(self, hexham, **changes):
        subject = {**hexham.badge()["credentialSubject"], "identifier": [identity(**changes)]}
        return hexham.issue(credentialSubject=subject)

    @pytest.mark.parametrize("email", ["amara@example.org", "Amara@Example.org", " amara@example.org "])
    def test_a_matching_address_passes(self, simulator, hexham, email):
        report = check(simulator, self.badge(hexham), recipient=email)
        assert report.ok
        assert report.check(Axis.RECIPIENT).outcome is Outcome.PASSED

    def test_another_address_fails(self, simulator, hexham):
        report = check(simulator, self.badge(hexham), recipient="bela@example.org")
        assert report.failed == ["recipient"]
        assert report.check(Axis.RECIPIENT).code == "RECIPIENT_MISMATCH"

    def test_an_address_in_the_open_is_compared_too(self, simulator, hexham):
        document = self.badge(hexham, hashed=False, identityHash="amara@example.org", salt=None)
        assert check(simulator, document, recipient="amara@example.org").ok
        assert check(simulator, document, recipient="bela@example.org").failed == ["recipient"]

    def test_a_mailbox_as_the_subjects_id_is_compared_too(self, simulator, hexham):
        subject = {**hexham.badge()["credentialSubject"], "id": "mailto:amara@example.org"}
        document = hexham.issue(credentialSubject=subject)
        assert check(simulator, document, recipient="amara@example.org").ok
        assert check(simulator, document, recipient="bela@example.org").failed == ["recipient"]

    def test_a_badge_that_names_no_address_leaves_the_question_open(self, simulator, hexham):
        report = check(simulator, hexham.issue(), recipient="amara@example.org")
        assert report.ok
        assert report.check(Axis.RECIPIENT).code == "RECIPIENT_NOT_NAMED"

    def test_an_old_hash_is_read_and_pointed_out(self, simulator, hexham):
        digest = hashlib.md5(b"amara@example.orgs4lt").hexdigest()
        document = self.badge(hexham, identityHash=f"md5${digest}")
        report = check(simulator, document, recipient="amara@example.org")
        assert report.check(Axis.RECIPIENT).outcome is Outcome.PASSED
        assert any("WEAK_HASH" in remark for remark in report.warnings)

    def test_a_hash_without_salt_is_pointed_out(self, simulator, hexham):
        digest = hashlib.sha256(b"amara@example.org").hexdigest()
        report = check(simulator, self.badge(hexham, identityHash=f"sha256${digest}", salt=None), recipient="amara@example.org")
        assert report.check(Axis.RECIPIENT).outcome is Outcome.PASSED
        assert any("UNSALTED_IDENTITY" in remark for remark in report.warnings)

    @pytest.mark.parametrize("written", ["", "sha256$", "sha256$00", "sha1$00", "$", "amara@example.org", 7, None, []])
    def test_a_hash_that_is_none_matches_nobody(self, simulator, hexham, written):
        document = hexham.issue()
        document["credentialSubject"] = {**document["credentialSubject"], "identifier": [identity(identityHash=written)]}
        for email in ("amara@example.org", ""):
            assert check(simulator, document, recipient=email).check(Axis.RECIPIENT).outcome is Outcome.FAILED


class TestEndorsements:
    @pytest.fixture
    def council(self, simulator):
        return simulator.did_web_issuer("council.example")

    def endorsed(self, hexham, *endorsements):
        return hexham.issue(endorsement=list(endorsements))

    def test_a_good_one_passes_and_names_the_endorsers_domain(self, simulator, hexham, council):
        report = check(simulator, self.endorsed(hexham, council.endorse(hexham.id)))
        assert report.ok
        assert report.check(Axis.ENDORSEMENTS).sentence == "The endorsement by council.example holds."

    def test_one_with_a_bad_proof_fails_the_badge_that_carries_it(self, simulator, hexham, council):
        forged = {**council.endorse(hexham.id), "name": "Stronger endorsement"}
        report = check(simulator, self.endorsed(hexham, forged))
        assert report.failed == ["endorsements"]
        assert report.check(Axis.ENDORSEMENTS).code == "ENDORSEMENT"

    def test_one_signed_by_somebody_else_fails(self, simulator, hexham, council):
        forged = hexham.sign({name: value for name, value in council.endorse(hexham.id).items() if name != "proof"})
        assert check(simulator, self.endorsed(hexham, forged)).failed == ["endorsements"]

    def test_one_whose_issuer_cannot_be_reached_is_unknown_and_decides_nothing(self, simulator, hexham, council):
        document = self.endorsed(hexham, council.endorse(hexham.id))
        simulator.unreachable("council.example")
        report = check(simulator, document)
        assert report.ok
        assert report.unknown == ["endorsements"]

    def test_one_in_a_way_of_signing_that_nobody_knows_is_unknown(self, simulator, hexham, council):
        endorsement = council.endorse(hexham.id)
        strange = {**endorsement, "proof": [{**endorsement["proof"][0], "cryptosuite": "eddsa-rdf-2022"}]}
        assert check(simulator, self.endorsed(hexham, strange)).unknown == ["endorsements"]

    def test_one_that_is_out_of_date_is_not_counted(self, simulator, hexham, council):
        report = check(simulator, self.endorsed(hexham, council.endorse(hexham.id, validUntil="2026-06-01T00:00:00Z")))
        assert report.ok
        assert report.check(Axis.ENDORSEMENTS).outcome is Outcome.SKIPPED

    def test_those_of_the_issuer_and_the_achievement_are_found_too(self, simulator, hexham, council):
        badge = hexham.badge()
        badge["issuer"]["endorsement"] = [council.endorse(hexham.id)]
        badge["credentialSubject"]["achievement"]["endorsement"] = [council.endorse("https://hexham.example/achievements/kiln-safety")]
        report = check(simulator, hexham.sign(badge))
        assert [c.outcome.value for c in report.checks if c.axis is Axis.ENDORSEMENTS] == ["passed", "passed"]

    def test_nonsense_in_the_place_of_a_compact_one_fails(self, simulator, hexham):
        report = check(simulator, {**hexham.issue(), "endorsementJwt": ["eyJhbGciOiJFUzI1NiJ9.e30.c2ln"]})
        assert report.check(Axis.ENDORSEMENTS).code == "ENDORSEMENT"

    @pytest.mark.parametrize("endorsement", ["text", 7, {}, {"type": "EndorsementCredential"}, {"type": ["OpenBadgeCredential"]}])
    def test_nonsense_in_the_place_of_one_fails(self, simulator, hexham, endorsement):
        assert "endorsements" in check(simulator, {**hexham.issue(), "endorsement": [endorsement]}).failed

    def test_only_so_many_are_worked_out(self, simulator, hexham, council):
        document = {**hexham.issue(), "endorsement": [council.endorse(hexham.id)] * 50}
        checks = [c for c in check(simulator, document).checks if c.axis is Axis.ENDORSEMENTS]
        assert len(checks) == ENDORSEMENTS + 1
        assert checks[-1].outcome is Outcome.UNKNOWN
        assert simulator.asked.count("https://council.example/.well-known/did.json") == 1
