"""Older and other ways of signing, verified: the data model 1.1, deprecated suites, canonical JSON, and keys of every kind."""

import copy
from datetime import timedelta

import pytest
from tests.openbadges.signing_keys import KEYS, did_jwk
from tests.simulator import CONTEXTS, NOW, ForeignIssuer, Simulator

from hexmark.openbadges import contexts, multibase
from hexmark.openbadges.checks.kind import Kind, kind_of, lifted
from hexmark.openbadges.keys import SigningKey
from hexmark.openbadges.proofs import add_proof, hash_data, proof_options
from hexmark.openbadges.report import Axis, Report, Verdict
from hexmark.openbadges.suites import ED25519_SIGNATURE_2020, EDDSA_2022, EDDSA_RDFC_2022, SUITES, Suite
from hexmark.verification import Canonicalizer, verify

OLD_CONTEXTS = [
    contexts.CREDENTIALS_V1,
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://w3id.org/security/data-integrity/v2",
    "https://w3id.org/security/suites/ed25519-2020/v1",
]


@pytest.fixture
def simulator():
    return Simulator()


@pytest.fixture
def hexham(simulator) -> ForeignIssuer:
    return simulator.did_web_issuer("hexham.example")


@pytest.fixture(scope="module")
def canonicalize():
    with Canonicalizer() as shared:
        yield shared


def check(simulator: Simulator, document, **settings) -> Report:
    return verify(document, **{"fetch": simulator.fetch, "at": NOW, **settings})


def signed_by(issuer: ForeignIssuer, document: dict, suite: Suite) -> dict:
    """The document with a proof of a suite that we do not issue ourselves."""
    options = proof_options(verification_method=issuer.method, created=NOW - timedelta(days=1), suite=suite)
    if suite.proof_type == suite.name:
        options = {name: value for name, value in {**options, "type": suite.name}.items() if name != "cryptosuite"}
    data = hash_data(document, options, suite=suite)
    return {**document, "proof": [{**options, "proofValue": multibase.encode(issuer.key.sign(data))}]}


def old_badge(issuer: ForeignIssuer, **changes) -> dict:
    """A badge of the data model 1.1."""
    document = {**issuer.badge(validFrom=None), "@context": OLD_CONTEXTS, "issuanceDate": "2026-01-10T09:00:00Z", **changes}
    return {name: value for name, value in document.items() if value is not None}


class TestTheDataModel1:
    @pytest.mark.parametrize("suite", [ED25519_SIGNATURE_2020, EDDSA_RDFC_2022, EDDSA_2022], ids=lambda suite: suite.name)
    def test_a_badge_is_verified_under_its_own_contexts(self, simulator, hexham, suite):
        report = check(simulator, signed_by(hexham, old_badge(hexham), suite))
        report.require()
        assert report.check(Axis.SCHEMA).sentence == "Format: Open Badges 3.0 in the older data model 1.1."

    def test_an_altered_badge_is_not_valid(self, simulator, hexham):
        document = signed_by(hexham, old_badge(hexham), ED25519_SIGNATURE_2020)
        for changed in ({**document, "name": "Another"}, {**document, "issuanceDate": "2025-01-10T09:00:00Z"}):
            assert check(simulator, changed).check(Axis.INTEGRITY).code == "PROOF_VERIFICATION_ERROR"

    def test_its_own_words_for_time_count(self, simulator, hexham):
        document = signed_by(hexham, old_badge(hexham, expirationDate="2026-02-01T00:00:00Z"), ED25519_SIGNATURE_2020)
        assert check(simulator, document).failed == ["time"]
        document = signed_by(hexham, old_badge(hexham, issuanceDate="2027-02-01T00:00:00Z"), ED25519_SIGNATURE_2020)
        assert check(simulator, document).check(Axis.TIME).code == "NOT_YET_VALID"

    @pytest.mark.parametrize(
        "changes", [{"issuanceDate": None}, {"id": None}, {"credentialSubject": {"id": "urn:x", "type": ["AchievementSubject"]}}]
    )
    def test_what_every_badge_needs_it_needs_too(self, simulator, hexham, changes):
        report = check(simulator, signed_by(hexham, old_badge(hexham, **changes), ED25519_SIGNATURE_2020))
        assert "schema" in report.failed

    def test_the_contexts_cannot_be_exchanged(self, simulator, hexham):
        document = signed_by(hexham, old_badge(hexham), EDDSA_RDFC_2022)
        assert check(simulator, {**document, "@context": [contexts.CREDENTIALS_V2, *OLD_CONTEXTS[1:]]}).verdict is Verdict.NOT_VALID

    def test_an_endorsement_is_held_to_the_form_of_endorsements(self, simulator, hexham):
        subject = {"id": "urn:x", "type": ["EndorsementSubject"], "endorsementComment": "Sound."}
        endorsement = old_badge(hexham, type=["VerifiableCredential", "EndorsementCredential"], credentialSubject=subject)
        assert check(simulator, signed_by(hexham, endorsement, ED25519_SIGNATURE_2020)).ok

    def test_is_compared_in_the_words_of_2_without_being_changed(self, hexham):
        document = old_badge(hexham, expirationDate="2027-01-01T00:00:00Z")
        before = copy.deepcopy(document)
        found = lifted(document)
        assert document == before
        assert kind_of(document) is Kind.DATA_MODEL_1
        assert kind_of(found) is Kind.OPEN_BADGES_3
        assert (found["validFrom"], found["validUntil"]) == (document["issuanceDate"], document["expirationDate"])
        assert found.keys().isdisjoint({"issuanceDate", "expirationDate"})

    def test_new_words_do_not_hide_old_ones(self, hexham):
        found = lifted({**old_badge(hexham), "validFrom": "1999-01-01T00:00:00Z"})
        assert found["validFrom"] == "2026-01-10T09:00:00Z"


class TestDeprecatedSuites:
    def test_the_older_name_of_the_suite_is_verified(self, simulator, hexham):
        assert check(simulator, signed_by(hexham, hexham.badge(), EDDSA_2022)).ok
        named = [*OLD_CONTEXTS[:2], "https://w3id.org/security/data-integrity/v1"]
        assert check(simulator, signed_by(hexham, {**old_badge(hexham), "@context": named}, EDDSA_2022)).ok

    def test_a_signature_of_2020_is_verified_where_its_context_is_named(self, simulator, hexham):
        document = {**hexham.badge(), "@context": [*CONTEXTS, "https://w3id.org/security/suites/ed25519-2020/v1"]}
        assert check(simulator, signed_by(hexham, document, ED25519_SIGNATURE_2020)).ok

    def test_a_signature_of_another_kind_of_key_does_not_pass_for_one(self, simulator, hexham):
        document = {**hexham.badge(), "@context": [*CONTEXTS, "https://w3id.org/security/suites/ed25519-2020/v1"]}
        hexham.key = KEYS["P-256"]
        hexham.publish()
        report = check(simulator, signed_by(hexham, document, ED25519_SIGNATURE_2020))
        assert report.check(Axis.INTEGRITY).details["detail"] == "KEY_KIND"


ISSUED = [suite for suite in SUITES if suite.issued]


@pytest.mark.parametrize("suite", ISSUED, ids=lambda suite: f"{suite.name} {suite.key_kind}")
class TestEverySuite:
    def sign(self, issuer: ForeignIssuer, suite: Suite, **changes) -> dict:
        issuer.key = KEYS[suite.key_kind]
        if issuer.document_url:
            issuer.publish()
        created = NOW - timedelta(days=1)
        document = issuer.badge(**changes)
        return add_proof(document, key=issuer.key, verification_method=issuer.method, created=created, cryptosuite=suite.name)

    def test_is_verified(self, simulator, hexham, suite, canonicalize):
        document = self.sign(hexham, suite)
        check(simulator, document).require()
        check(simulator, document, canonicalize=canonicalize).require()

    def test_is_refused_when_altered(self, simulator, hexham, suite):
        report = check(simulator, {**self.sign(hexham, suite), "name": "Another"})
        assert report.failed == ["integrity"]
        assert report.check(Axis.INTEGRITY).sentence.startswith("The content is not what was signed: ")

    def test_of_a_key_that_is_its_own_issuer_is_verified(self, simulator, suite):
        key: SigningKey = KEYS[suite.key_kind]
        for did, method in ((did_jwk(key.public), "0"), (f"did:key:{key.public.multibase}", key.public.multibase)):
            issuer = ForeignIssuer(simulator, did, key, f"{did}#{method}", "")
            report = check(simulator, self.sign(issuer, suite))
            assert report.ok
            assert "no domain says who holds it" in report.check(Axis.ISSUER).sentence

    def test_of_a_key_in_a_fragment_says_nothing_about_the_issuer(self, simulator, suite):
        """Threat T3, D22: for every kind of key."""
        key = KEYS[suite.key_kind]
        issuer = ForeignIssuer(simulator, "https://bank.example/7", key, f"https://bank.example/7#{key.public.multibase}", "")
        report = check(simulator, self.sign(issuer, suite))
        assert report.check(Axis.INTEGRITY).outcome == "passed"
        assert (report.verdict, report.check(Axis.ISSUER).code) == (Verdict.UNKNOWN, "ISSUER_KEY_UNRESOLVED")

    def test_of_a_bare_key_beside_another_issuer_is_unbound(self, simulator, hexham, suite):
        """D23."""
        key = KEYS[suite.key_kind]
        did = did_jwk(key.public)
        document = ForeignIssuer(simulator, did, key, f"{did}#0", "").badge(issuer="urn:uuid:1")
        created = NOW - timedelta(days=1)
        signed = add_proof(document, key=key, verification_method=f"{did}#0", created=created, cryptosuite=suite.name)
        report = check(simulator, signed)
        assert (report.check(Axis.INTEGRITY).outcome.value, report.check(Axis.ISSUER).code) == ("passed", "ISSUER_UNBOUND")

    def test_under_unknown_contexts_is_refused(self, simulator, hexham, suite):
        """Canonical JSON covers every letter, but what the letters mean is said elsewhere."""
        hexham.key = KEYS[suite.key_kind]
        hexham.publish()
        document = {**hexham.badge(), "@context": [*CONTEXTS, "https://evil.example/context"]}
        options = proof_options(verification_method=hexham.method, created=NOW - timedelta(days=1), suite=suite)
        if suite.form == "JCS":
            data = hash_data(document, options, suite=suite)
            document = {**document, "proof": [{**options, "proofValue": multibase.encode(hexham.key.sign(data))}]}
        else:
            document = {**document, "proof": [{**options, "proofValue": "z" + "1" * suite.signature_bytes}]}
        assert check(simulator, document).check(Axis.INTEGRITY).code == "CONTEXT_NOT_ALLOWED"

    def test_with_what_no_document_may_hold_is_refused(self, simulator, hexham, suite):
        report = check(simulator, {**self.sign(hexham, suite), "@vocab": "https://evil.example/"})
        assert report.check(Axis.INTEGRITY).code == "KEYWORD_IN_BODY"


def test_a_malformed_did_jwk_is_named(simulator):
    issuer = ForeignIssuer(simulator, "did:jwk:e30", KEYS["P-256"], "did:jwk:e30#0", "")
    document = add_proof(issuer.badge(), key=issuer.key, verification_method=issuer.method, created=NOW - timedelta(days=1))
    report = check(simulator, document)
    assert report.failed == ["integrity", "issuer"]
    assert report.check(Axis.ISSUER).code == "INVALID_DID"
