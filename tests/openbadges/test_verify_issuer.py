"""Whose key is it? Bad inputs D18 to D25 and G01 to G25 of our list; strangers are simulated."""

import pytest
from tests.simulator import NOW, Simulator, key_of

from hexmark.openbadges.report import Axis, Outcome, Report, Verdict
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


class TestIssuer:
    def test_whose_server_is_down_is_unknown_and_so_is_the_content(self, simulator, hexham):
        simulator.unreachable("hexham.example", "DEADLINE")
        report = check(simulator, hexham.issue())
        assert report.verdict is Verdict.UNKNOWN
        assert report.unknown == ["integrity", "issuer"]
        assert code(report, "issuer") == "DEADLINE"

    def test_whose_document_is_garbled_is_unknown(self, simulator, hexham):
        simulator.garble(hexham.document_url)
        report = check(simulator, hexham.issue())
        assert report.verdict is Verdict.UNKNOWN
        assert code(report, "issuer") == "PARSING_ERROR"

    def test_whose_key_is_spelled_in_a_fragment_has_its_content_checked_and_its_identity_unknown(self, simulator):
        report = check(simulator, simulator.fragment_issuer().issue())
        assert report.verdict is Verdict.UNKNOWN
        assert report.unknown == ["issuer"]
        assert code(report, "issuer") == "ISSUER_KEY_UNRESOLVED"
        assert "with the key that the document itself names" in report.check(Axis.INTEGRITY).sentence

    @pytest.mark.parametrize(
        "profile", [{"type": ["Profile"], "name": "Plain"}, {"assertionMethod": ["https://plain.example/issuers/7#key-1"]}]
    )
    def test_whose_profile_does_not_list_the_key_in_the_fragment_is_never_verified(self, simulator, profile):
        forger = simulator.fragment_issuer()
        simulator.publish(forger.id, {"id": forger.id, **profile})
        report = check(simulator, forger.issue())
        assert report.check(Axis.INTEGRITY).outcome is Outcome.PASSED
        assert report.unknown == ["issuer"]
        assert code(report, "issuer") == "ISSUER_KEY_UNRESOLVED"

    def test_whose_profile_lists_the_key_in_the_fragment_is_verified(self, simulator):
        issuer = simulator.fragment_issuer()
        issuer.publish()
        assert check(simulator, issuer.issue()).ok

    def test_a_changed_document_fails_with_the_key_in_the_fragment_too(self, simulator):
        document = simulator.fragment_issuer().issue()
        assert check(simulator, {**document, "name": "Other"}).failed == ["integrity"]

    def test_a_fragment_that_means_to_be_a_key_and_is_none_fails(self, simulator):
        issuer = simulator.fragment_issuer()
        report = check(simulator, issuer.sign(issuer.badge(), method=issuer.method[:-3]))
        assert report.failed == ["integrity"]
        assert code(report, "integrity") == "INVALID_VERIFICATION_METHOD"

    def test_a_bare_key_beside_an_unnamed_issuer_is_unbound(self, simulator):
        stranger = simulator.did_key_issuer()
        document = stranger.issue(issuer={"id": "urn:uuid:2f9c1b34-8a5f-4a9c-9a44-4f1b3b6f7c01", "type": ["Profile"], "name": "Who?"})
        report = check(simulator, document)
        assert report.check(Axis.INTEGRITY).outcome is Outcome.PASSED
        assert code(report, "issuer") == "ISSUER_UNBOUND"
        assert report.verdict is Verdict.UNKNOWN

    def test_a_bare_key_beside_an_https_issuer_is_unbound(self, simulator):
        victim, thief = simulator.https_issuer(), simulator.did_key_issuer("thief")
        report = check(simulator, thief.sign(victim.badge()))
        assert code(report, "issuer") == "ISSUER_UNBOUND"
        assert report.verdict is Verdict.UNKNOWN

    @pytest.mark.parametrize("thief", ["did_web_issuer", "did_key_issuer", "https_issuer"])
    def test_a_key_of_somebody_else_fails(self, simulator, hexham, thief):
        other = getattr(simulator, thief)(*{"did_web_issuer": ["thief.example"]}.get(thief, []))
        report = check(simulator, other.sign(hexham.badge()))
        assert report.failed == ["issuer"]
        assert code(report, "issuer") == "ISSUER_KEY_MISMATCH"

    def test_the_name_inside_the_document_is_never_shown(self, simulator):
        thief = simulator.did_web_issuer("thief.example")
        issuer = {"id": thief.id, "type": ["Profile"], "name": "Hexham Guild", "url": "https://hexham.example"}
        sentences = " ".join(each.sentence for each in check(simulator, thief.issue(issuer=issuer)).checks)
        assert "thief.example" in sentences
        assert "Hexham" not in sentences

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"id": "did:web:other.example"}, "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"),
            ({"assertionMethod": []}, "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"),
            ({"assertionMethod": [], "authentication": ["did:web:hexham.example#key-1"]}, "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"),
            ({"assertionMethod": ["did:web:hexham.example#key-2"]}, "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"),
            ({"verificationMethod": []}, "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"),
        ],
    )
    def test_whose_document_does_not_vouch_for_the_key_fails(self, simulator, hexham, changes, expected):
        hexham.publish(**changes)
        report = check(simulator, hexham.issue())
        assert report.failed == ["issuer"]
        assert code(report, "issuer") == expected

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            ({"controller": "did:web:other.example"}, "ISSUER_KEY_MISMATCH"),
            ({"publicKeyMultibase": "z6Mkfriq"}, "INVALID_VERIFICATION_METHOD"),
            ({"secretKeyMultibase": "z3u2secret"}, "KEY_PRIVATE"),
            ({"revoked": "2026-01-01T00:00:00Z"}, "INVALID_VERIFICATION_METHOD"),
            ({"expires": "2026-01-01T00:00:00Z"}, "INVALID_VERIFICATION_METHOD"),
        ],
    )
    def test_whose_key_may_not_be_used_fails(self, simulator, hexham, change, expected):
        method = {**hexham.controller_document["verificationMethod"][0], **change}
        hexham.publish(verificationMethod=[method])
        report = check(simulator, hexham.issue())
        assert report.failed == ["issuer"]
        assert code(report, "issuer") == expected

    def test_a_key_that_was_retired_after_it_signed_still_counts(self, simulator, hexham):
        document = hexham.issue()
        hexham.publish(verificationMethod=[{**hexham.controller_document["verificationMethod"][0], "revoked": "2026-06-15T00:00:00Z"}])
        assert check(simulator, document).ok

    def test_a_replaced_key_no_longer_verifies_what_the_thief_signed(self, simulator, hexham):
        forged = hexham.sign(hexham.badge(), key=key_of("thief"))
        assert check(simulator, forged).failed == ["integrity"]

    @pytest.mark.parametrize(
        ("issuer", "expected"),
        [
            ("did:web:127.0.0.1", "SSRF_BLOCKED"),
            ("did:web:localhost%3A22", "SSRF_BLOCKED"),
            ("did:web:hexham.example%3A8443", "PORT_BLOCKED"),
            ("https://169.254.169.254/latest", "SSRF_BLOCKED"),
        ],
    )
    def test_at_an_address_that_must_not_be_asked_is_unknown(self, simulator, hexham, issuer, expected):
        from hexmark.net import Fetcher

        document = hexham.sign(hexham.badge(issuer={"id": issuer, "type": ["Profile"]}), method=f"{issuer}#key-1")
        report = check(simulator, document, fetch=Fetcher(resolve=lambda *_, **__: pytest.fail("Nobody may be looked up.")))
        assert code(report, "issuer") == expected
        assert "issuer" in report.unknown

    @pytest.mark.parametrize(
        "issuer", ["did:web:hexham.example:..", "did:web:hexham.example:%2e%2e", "did:web:a:", "did:web:" + "a" * 3000]
    )
    def test_with_a_malformed_did_fails(self, simulator, hexham, issuer):
        report = check(simulator, {**hexham.issue(), "issuer": {"id": issuer, "type": ["Profile"]}})
        assert "issuer" in report.failed

    @pytest.mark.parametrize("issuer", [None, [], "", 7, {}, {"id": None}, {"id": ["did:web:hexham.example"]}])
    def test_that_is_not_named_fails(self, simulator, hexham, issuer):
        report = check(simulator, {**hexham.issue(), "issuer": issuer})
        assert "issuer" in report.failed
        assert report.verdict is Verdict.NOT_VALID

    @pytest.mark.parametrize("method", [None, 7, [], "", "key-1", "#key-1", "https://good@evil.example/#k", "x" * 70_000, "javascript:1#k"])
    def test_a_key_without_a_proper_address_fails(self, simulator, hexham, method):
        document = hexham.issue()
        report = check(simulator, {**document, "proof": [{**document["proof"][0], "verificationMethod": method}]})
        assert report.verdict is Verdict.NOT_VALID
        assert simulator.asked == []

    def test_by_a_method_that_nobody_here_can_look_up_is_unknown(self, simulator, hexham):
        document = hexham.sign(hexham.badge(issuer={"id": "did:example:guild", "type": ["Profile"]}), method="did:example:guild#key-1")
        report = check(simulator, document)
        assert report.verdict is Verdict.UNKNOWN
        assert code(report, "issuer") == "ISSUER_UNBOUND"

    def test_a_domain_in_foreign_letters_is_pointed_out(self, simulator):
        report = check(simulator, simulator.did_web_issuer("xn--hexhm-3ve.example").issue())
        assert report.ok
        assert "xn--hexhm-3ve.example" in report.warnings[0]
        assert "LOOKALIKE" in report.warnings[0]
