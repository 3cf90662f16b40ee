"""Comprehensive Learner Records 2.0: the record's own proof, and every credential inside. Strangers are simulated."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.openbadges.png_pictures import itxt, picture
from tests.openbadges.records import RECORD_CONTEXTS, numbered, record
from tests.simulator import NOW, Simulator

from hexmark.openbadges import guard, jose, jsonld, limits, strict_json
from hexmark.openbadges.checks import record as record_checks
from hexmark.openbadges.errors import FormatError, TooLarge
from hexmark.openbadges.report import Axis, Check, Report, Verdict
from hexmark.verification import document_of, verify


@pytest.fixture
def simulator():
    return Simulator()


@pytest.fixture
def hexham(simulator):
    return simulator.did_web_issuer("hexham.example")


@pytest.fixture
def university(simulator):
    return simulator.did_web_issuer("uni.example")


def check(simulator: Simulator, document, **arguments) -> Report:
    return verify(document, **{"fetch": simulator.fetch, "at": NOW, **arguments})


def inside(report: Report, axis: Axis) -> Check:
    (found,) = [each for each in report.checks if each.axis is axis and each.sentence.startswith("Inside:")]
    return found


class TestRecord:
    def test_a_record_of_sound_credentials_is_verified_and_says_how_many_hold(self, simulator, hexham, university):
        document = university.sign(record(university, [numbered(hexham, number) for number in range(3)]))
        report = check(simulator, document)
        assert report.ok
        assert report.warnings == ()
        assert inside(report, Axis.INTEGRITY).sentence == "Inside: 3 of 3 credentials are unchanged since they were signed."
        assert inside(report, Axis.INTEGRITY).details["holding"] == 3
        assert "Format: Comprehensive Learner Record 2.0." in [each.sentence for each in report.checks]
        assert [each.axis for each in report.checks] == sorted((each.axis for each in report.checks), key=list(Axis).index)

    def test_the_records_own_proof_is_checked(self, simulator, hexham, university):
        document = university.sign(record(university, [numbered(hexham, 1)]))
        report = check(simulator, {**document, "name": "Other"})
        assert report.failed == ["integrity"]
        assert inside(report, Axis.INTEGRITY).outcome == "passed"

    def test_a_credential_taken_out_or_put_in_breaks_the_records_proof(self, simulator, hexham, university):
        document = university.sign(record(university, [numbered(hexham, 1), numbered(hexham, 2)]))
        for credentials in ([numbered(hexham, 1)], [numbered(hexham, number) for number in (1, 2, 3)]):
            subject = {**document["credentialSubject"], "verifiableCredential": credentials}
            assert "integrity" in check(simulator, {**document, "credentialSubject": subject}).failed

    def test_an_altered_credential_inside_fails_the_record_that_vouches_for_it(self, simulator, hexham, university):
        forged = {**numbered(hexham, 2), "name": "Doctor of Kilns"}
        report = check(simulator, university.sign(record(university, [numbered(hexham, 1), forged])))
        assert report.failed == ["integrity"]
        found = inside(report, Axis.INTEGRITY)
        assert found.code == "EMBEDDED"
        assert "1 of 2" in found.sentence
        assert "Doctor of Kilns by hexham.example" in found.sentence
        assert [each["verdict"] for each in found.details["credentials"]] == ["verified", "not valid"]

    def test_a_credential_of_somebody_else_than_it_says_fails_the_record(self, simulator, hexham, university):
        mallory = simulator.did_web_issuer("mallory.example")
        forged = mallory.sign(hexham.badge())
        report = check(simulator, university.sign(record(university, [forged])))
        assert report.failed == ["issuer"]

    def test_a_credential_without_a_proof_is_not_the_records_to_prove(self, simulator, hexham, university):
        report = check(simulator, university.sign(record(university, [hexham.badge()])))
        assert "integrity" in report.failed

    def test_a_revoked_credential_inside_fails_the_record(self, simulator, hexham, university):
        revocations = hexham.status_list("https://hexham.example/lists/1")
        document = university.sign(record(university, [numbered(hexham, 1, credentialStatus=revocations.entry(7)), numbered(hexham, 2)]))
        assert check(simulator, document).ok
        revocations.set(7)
        report = check(simulator, document)
        assert report.failed == ["status"]
        assert "Revoked by issuer" in inside(report, Axis.STATUS).sentence

    def test_an_expired_credential_inside_is_remarked_on_and_decides_nothing(self, simulator, hexham, university):
        old = numbered(hexham, 1, validUntil="2026-02-01T00:00:00Z")
        report = check(simulator, university.sign(record(university, [old, numbered(hexham, 2)])))
        assert report.ok
        assert inside(report, Axis.INTEGRITY).details["holding"] == 1
        assert report.warnings == ("Of the 2 credentials inside, 1 are not in date: Badge 1 by hexham.example (EMBEDDED_NOT_IN_DATE)",)

    def test_an_expired_record_has_expired(self, simulator, hexham, university):
        document = university.sign(record(university, [numbered(hexham, 1)], validUntil="2026-03-01T00:00:00Z"))
        assert check(simulator, document).failed == ["time"]

    def test_an_issuer_inside_that_cannot_be_asked_leaves_the_record_unknown(self, simulator, hexham, university):
        document = university.sign(record(university, [numbered(hexham, 1)]))
        simulator.unreachable("hexham.example")
        report = check(simulator, document)
        assert report.verdict is Verdict.UNKNOWN
        assert inside(report, Axis.ISSUER).code == "EMBEDDED_UNCHECKED"

    def test_a_malformed_credential_inside_fails_the_record(self, simulator, hexham, university):
        report = check(simulator, university.sign(record(university, [hexham.issue(type=["VerifiableCredential"])])))
        assert "schema" in report.failed

    def test_a_credential_for_another_holder_is_remarked_on(self, simulator, hexham, university):
        subject = {**hexham.badge()["credentialSubject"], "id": "did:example:bela"}
        report = check(simulator, university.sign(record(university, [hexham.issue(credentialSubject=subject)])))
        assert report.ok
        assert "EMBEDDED_SUBJECT" in report.warnings[0]

    def test_a_record_inside_a_record_is_not_unfolded(self, simulator, hexham, university):
        inner = university.sign(record(university, [numbered(hexham, 1)], id="urn:uuid:inner"))
        report = check(simulator, university.sign(record(university, [inner])))
        assert report.verdict is Verdict.UNKNOWN
        assert inside(report, Axis.INTEGRITY).outcome == "unknown"

    def test_a_compact_credential_in_an_envelope_is_checked_too(self, simulator, hexham, university):
        token = jose.sign_jwt(hexham.badge(), key=hexham.key, verification_method=hexham.method, profile=jose.Profile.W3C)

        def answer(token):
            envelope = {
                "@context": [RECORD_CONTEXTS[0]],
                "id": f"data:application/vc+jwt,{token}",
                "type": ["EnvelopedVerifiableCredential"],
            }
            return inside(check(simulator, university.sign(record(university, [envelope]))), Axis.INTEGRITY)

        assert answer(token).outcome == "passed"
        assert answer(token[:-4] + "AAAA").outcome == "failed"
        assert answer("nonsense").outcome == "failed"

    def test_a_record_is_read_from_a_picture(self, simulator, hexham, university):
        document = university.sign(record(university, [numbered(hexham, 1)]))
        assert check(simulator, picture(itxt(strict_json.dump(document), keyword=b"clrcredential"))).ok

    def test_a_record_as_token_is_checked_like_one_with_a_proof(self, simulator, hexham, university):
        unsigned = record(university, [numbered(hexham, 1)])
        token = jose.sign_jwt(unsigned, key=university.key, verification_method=university.method)
        report = check(simulator, token)
        assert report.ok
        assert inside(report, Axis.INTEGRITY).outcome == "passed"


class TestBounds:
    def test_one_issuer_is_asked_once_for_all_of_its_credentials(self, simulator, hexham, university):
        check(simulator, university.sign(record(university, [numbered(hexham, number) for number in range(10)])))
        assert len(simulator.asked) == 2

    def test_many_issuers_can_be_asked_and_no_more_than_that(self, simulator, university):
        def asked(count: int) -> Report:
            issuers = [simulator.did_web_issuer(f"i{number}.example") for number in range(count)]
            return check(simulator, university.sign(record(university, [numbered(each, number) for number, each in enumerate(issuers)])))

        assert asked(record_checks.QUESTIONS - 1).ok
        simulator.asked.clear()
        assert asked(record_checks.QUESTIONS + 5).verdict is Verdict.UNKNOWN
        assert len(simulator.asked) == record_checks.QUESTIONS

    def test_hundreds_of_credentials_of_one_achievement_are_checked(self, simulator, hexham, university):
        credentials = [hexham.issue(id=f"urn:uuid:{number}") for number in range(limits.ARRAY_ITEMS + 10)]
        report = check(simulator, university.sign(record(university, credentials)))
        assert report.ok
        assert inside(report, Axis.INTEGRITY).details["holding"] == len(credentials)

    def test_more_than_are_worked_out_are_named_as_not_checked(self, monkeypatch, simulator, hexham, university):
        monkeypatch.setattr(record_checks, "EMBEDDED", 2)
        report = check(simulator, university.sign(record(university, [numbered(hexham, number) for number in range(3)])))
        assert report.verdict is Verdict.UNKNOWN
        assert "Only the first 2 of 3 credentials inside were checked." in [each.sentence for each in report.checks]

    def test_only_a_records_arrays_may_be_long(self, university):
        many = [{"type": ["X"], "id": f"urn:x:{number}"} for number in range(limits.ARRAY_ITEMS + 1)]
        assert document_of(record(university, many))
        for document in ({**record(university, many), "type": ["VerifiableCredential", "OpenBadgeCredential"]}, {"tag": many, "type": 7}):
            with pytest.raises(TooLarge):
                document_of(document)
        with pytest.raises(TooLarge):
            document_of(record(university, ["urn:x"] * (limits.RECORD_ITEMS + 1)))

    def test_the_guard_bounds_a_record_by_numbers_of_its_own(self, university):
        def guarded(count: int) -> None:
            guard.guard_structure(record(university, [{"type": ["X"]}] * count))

        guarded(limits.ARRAY_ITEMS + 1)
        with pytest.raises(TooLarge):
            guarded(limits.RECORD_ITEMS + 1)

    @pytest.mark.parametrize("name", ["tags", "one thing said over and over", "alike", "alike in alike"])
    def test_a_record_built_to_keep_us_busy_is_refused_soon(self, hexham, university, name):
        alike = {"type": ["Achievement"], "name": "x", "alignment": [{"type": ["Alignment"], "targetName": "y"}] * 20}
        achievements = {
            "tags": [{"id": "urn:a", "type": ["Achievement"], "tag": [f"t{number}" for number in range(limits.RECORD_ITEMS)]}],
            "one thing said over and over": [
                {"id": "urn:a", "type": ["Achievement"], "tag": [f"t{first}.{number}" for number in range(limits.ARRAY_ITEMS)]}
                for first in range(25)
            ],
            "alike": [{"type": ["Achievement"], "name": "x"}] * 800,
            "alike in alike": [alike, alike],
        }[name]
        document = record(university, [numbered(hexham, 1)], {"achievement": achievements})
        started = time.process_time()
        with pytest.raises(FormatError):
            jsonld.canonical(document)
        assert time.process_time() - started < 3

    @pytest.mark.parametrize(
        "order", [[0, 2, 1], [1, 0, 2], [2, 1, 0], [0, 1, 1, 2]], ids=["record last", "record first", "badges first", "record twice"]
    )
    def test_contexts_in_another_order_are_refused(self, order):
        with pytest.raises(FormatError):
            guard.guard_context({"@context": [RECORD_CONTEXTS[number] for number in order]})

    @pytest.mark.parametrize("credentials", [None, [], "x", 7, [7], ["urn:x"], [[]], {"a": 1}, [None], [{}], [{"type": "ClrCredential"}]])
    def test_nonsense_in_the_place_of_credentials_gets_a_report_that_is_not_verified(self, simulator, university, credentials):
        document = record(university, [])
        document["credentialSubject"]["verifiableCredential"] = credentials
        report = check(simulator, {**document, "proof": {"type": "DataIntegrityProof"}})
        assert report.verdict is Verdict.NOT_VALID

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab:/é", max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["id", "type", "issuer", "proof", "name", "credentialSubject", "@context"]), inner, max_size=4
                )
            ),
            max_leaves=10,
        )
    )
    def test_whatever_stands_inside_is_never_taken_for_sound(self, simulator, university, strange):
        document = record(university, [strange])
        assert not check(simulator, {**document, "proof": [{"type": "DataIntegrityProof"}]}).ok
