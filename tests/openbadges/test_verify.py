"""Verification answers on separate axes. Bad inputs C10 to C18, D01 to D40, G15 to G25 of our list; strangers are simulated."""

import copy
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.simulator import NOW, Simulator, key_of

from hexmark.openbadges.errors import Unreachable, WorkLimit
from hexmark.openbadges.report import Axis, Outcome, Report, Verdict
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

    @pytest.mark.parametrize("kind", ["Ed25519Signature2020", "ecdsa-rdfc-2019", "ecdsa-sd-2023", "eddsa-jcs-2022", "bbs-2023"])
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


BADGE = Simulator().did_key_issuer().issue(validUntil="2028-01-01T00:00:00Z")


def strings_of(value, path=()):
    """Paths to every string of a document."""
    if isinstance(value, dict):
        return [found for name, each in value.items() for found in strings_of(each, (*path, name))]
    if isinstance(value, list):
        return [found for number, each in enumerate(value) for found in strings_of(each, (*path, number))]
    return [path] if isinstance(value, str) else []


def objects_of(value, path=()):
    """Paths to every object of a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return ([path] if isinstance(value, dict) else []) + [found for name, each in inner for found in objects_of(each, (*path, name))]


def at_path(document, path):
    for step in path:
        document = document[step]
    return document


class TestTampering:
    """D38 and D39: whatever is changed in a good badge, it is never verified again."""

    @settings(max_examples=150, deadline=None)
    @given(st.sampled_from(strings_of(BADGE)), st.integers(0, 200), st.characters(codec="utf-8", exclude_characters="\x00"))
    def test_a_changed_character_anywhere_is_never_verified(self, path, position, character):
        document = copy.deepcopy(BADGE)
        parent, text = at_path(document, path[:-1]), at_path(document, path)
        position %= max(1, len(text))
        changed = text[:position] + character + text[position + 1 :]
        if changed == text:
            return
        parent[path[-1]] = changed
        assert not check(Simulator(), document).ok

    @settings(max_examples=100, deadline=None)
    @given(st.sampled_from(objects_of(BADGE)), st.sampled_from(["drop", "rename", "add"]), st.data())
    def test_a_key_dropped_renamed_or_added_anywhere_is_never_verified(self, path, change, data):
        document = copy.deepcopy(BADGE)
        part = at_path(document, path)
        name = data.draw(st.sampled_from(sorted(part)))
        if change == "add":
            part["narrative" if name != "narrative" else "phone"] = "Added."
        else:
            value = part.pop(name)
            if change == "rename":
                part[f"{name}x"] = value
        assert not check(Simulator(), document).ok

    json = st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    )

    @settings(max_examples=200, deadline=None)
    @given(st.sampled_from([*sorted(BADGE), "endorsement", "endorsementJwt", "credentialStatus", "evidence", "expirationDate"]), json)
    def test_any_member_may_be_nonsense_and_there_is_still_a_report(self, name, value):
        document = {**BADGE, name: value}
        sources = Sources(controller=lambda url: {}, status_list=lambda url: {})
        report = verify_document(document, sources=sources, at=NOW, recipient="a@b.example")
        assert {each.axis for each in report.checks} >= {Axis.INTEGRITY, Axis.ISSUER, Axis.SCHEMA}
        if document != BADGE:
            assert not report.ok

    @settings(max_examples=100, deadline=None)
    @given(st.dictionaries(st.text(max_size=8), json, max_size=4))
    def test_any_object_gets_a_report(self, document):
        sources = Sources(controller=lambda url: {}, status_list=lambda url: {})
        assert not verify_document(document, sources=sources, at=NOW).ok
