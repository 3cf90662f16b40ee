"""The published samples of the standard's own validator, each with the answer and the reason that it must get here.

Their issuers do not exist, so that a good sample is "unknown" for its issuer alone. Where we are stricter than the published
validator (it believes a key that stands in a URL's fragment), the report says so in its words: the content is unchanged, the
issuer is not shown to be who it says.
"""

from contextlib import suppress
from datetime import UTC, datetime

import pytest

from hexmark.openbadges import baking, multibase
from hexmark.openbadges.errors import FormatError, Unreachable
from hexmark.openbadges.report import Axis
from hexmark.verification import Canonicalizer, verify

AT = datetime(2026, 6, 15, tzinfo=UTC)
UNBOUND = {"issuer": "ISSUER_KEY_UNRESOLVED"}

#: File → the axes that fail with their codes, and the axes that are unknown with theirs.
EXPECTED: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "valid/simple.json": ({}, UNBOUND),
    "valid/simple-context-alias.json": ({}, UNBOUND),
    "valid/simple-context-version.json": ({}, UNBOUND),
    "valid/simple-multiple-proofs.json": ({}, UNBOUND),
    "valid/simple-json.png": ({}, UNBOUND),
    "valid/simple-json.svg": ({}, UNBOUND),
    "valid/endorsement-valid.json": ({}, UNBOUND),
    "valid/complete.json": ({}, {**UNBOUND, "status": "OFFLINE", "endorsements": "ENDORSEMENT_UNCHECKED"}),
    "valid/simple_v1.json": ({}, UNBOUND),
    # The key in the token's own header says who signed as little as a key in a fragment does.
    "valid/simple-jwt.png": ({}, {"issuer": "ISSUER_UNBOUND"}),
    "valid/simple-jwt.svg": ({}, {"issuer": "ISSUER_UNBOUND"}),
    "invalid/simple-err-context.json": (
        {"integrity": "MALFORMED_VALUE_ERROR", "issuer": "ISSUER_KEY_MISMATCH", "schema": "MALFORMED_VALUE_ERROR"},
        {},
    ),
    "invalid/simple-err-credential-subject-type.json": (
        {"integrity": "PROOF_TRANSFORMATION_ERROR", "schema": "SCHEMA_ERROR"},
        UNBOUND,
    ),
    "invalid/simple-err-expired.json": ({"time": "EXPIRED"}, UNBOUND),
    "invalid/simple-err-issuer-type.json": ({"integrity": "PROOF_TRANSFORMATION_ERROR", "schema": "SCHEMA_ERROR"}, UNBOUND),
    "invalid/simple-err-proof-method.json": ({"integrity": "INVALID_VERIFICATION_METHOD"}, UNBOUND),
    "invalid/simple-err-proof-value.json": ({"integrity": "PROOF_VERIFICATION_ERROR"}, UNBOUND),
    "invalid/simple-err-type.json": ({"integrity": "PROOF_TRANSFORMATION_ERROR", "schema": "SCHEMA_ERROR"}, UNBOUND),
    "invalid/simple-noproof.json": ({"integrity": "NO_PROOF", "schema": "SCHEMA_ERROR"}, {"issuer": "ISSUER_UNBOUND"}),
}


@pytest.fixture(scope="module")
def canonicalize():
    with Canonicalizer() as shared:
        yield shared


@pytest.fixture(scope="session")
def samples(reference_data):
    return reference_data / "vectors" / "ob-samples"


def offline(url, *, accept):
    raise Unreachable("Nobody was asked.", code="OFFLINE")


def test_every_sample_has_an_expected_answer(samples):
    found = {f"{folder}/{path.name}" for folder in ("valid", "invalid") for path in (samples / folder).iterdir()}
    assert found == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_gets_the_right_answer_for_the_right_reason(samples, canonicalize, name):
    report = verify((samples / name).read_bytes(), fetch=offline, at=AT, canonicalize=canonicalize)
    failed, unknown = EXPECTED[name]
    assert report.failed == list(failed)
    assert report.unknown == list(unknown)
    for axis, code in {**failed, **unknown}.items():
        assert code in {check.code for check in report.checks if check.axis == axis}
    assert report.verdict.value == ("not valid" if failed else "unknown")


@pytest.mark.parametrize("name", [name for name, (failed, unknown) in EXPECTED.items() if not failed and "integrity" not in unknown])
def test_a_good_sample_is_unchanged_though_its_issuer_cannot_be_asked(samples, canonicalize, name):
    report = verify((samples / name).read_bytes(), fetch=offline, at=AT, canonicalize=canonicalize)
    check = report.check(Axis.INTEGRITY)
    assert check.outcome == "passed"
    assert "with the key that the document itself names" in check.sentence


def test_a_compact_sample_that_was_altered_is_not_valid(samples):
    token = baking.unbake((samples / "valid/simple-jwt.png").read_bytes())
    header, payload, signature = token.split(".")
    altered = multibase.b64url_encode(multibase.b64url_decode(payload).replace(b"Teamwork Badge", b"Teamwork badge"))
    report = verify(f"{header}.{altered}.{signature}", fetch=offline, at=AT)
    assert report.failed == ["integrity"]
    assert report.check(Axis.INTEGRITY).code == "SIG_INVALID"


def test_the_unknown_proof_of_the_sample_with_two_is_named(samples, canonicalize):
    report = verify((samples / "valid/simple-multiple-proofs.json").read_bytes(), fetch=offline, at=AT, canonicalize=canonicalize)
    assert report.warnings == ("A further proof of the kind SomeProofType was not checked.",)


@pytest.mark.parametrize("name", ["basic-assertion.json", "simple.jwt"])
def test_a_badge_of_version_2_is_unknown_while_its_issuers_server_cannot_be_asked(samples, name):
    report = verify((samples / "ob20" / name).read_bytes(), fetch=offline, at=AT)
    assert report.verdict.value == "unknown"
    assert report.check(Axis.INTEGRITY).code == "OFFLINE"


def test_every_other_published_file_gets_an_answer_too(samples):
    for path in sorted((samples / "ob20").rglob("*")):
        if path.is_file():
            with suppress(FormatError):
                assert not verify(path.read_bytes(), fetch=offline, at=AT).ok


@pytest.mark.parametrize("moment", [datetime(2009, 1, 1, tzinfo=UTC)])
def test_a_sample_from_before_its_time_is_not_valid_yet(samples, canonicalize, moment):
    report = verify((samples / "valid/simple.json").read_bytes(), fetch=offline, at=moment, canonicalize=canonicalize)
    assert report.check(Axis.TIME).code == "NOT_YET_VALID"
