"""The schema: every member in its place, every fault named where it is, and nothing that is right refused."""

import copy
import json
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.openbadges import limits, schema, status_list
from hexmark.openbadges.errors import Malformed, SchemaError
from hexmark.openbadges.model import vocabulary
from hexmark.openbadges.schema import MALFORMED, SCHEMA, check, endorsement_problems, problems, status_list_problems

HASH = "sha256$" + "0" * 64

BADGE = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
    "id": "urn:uuid:1",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "did:web:acme.example", "type": ["Profile"], "name": "Acme"},
    "validFrom": "2026-01-01T00:00:00Z",
    "credentialSubject": {
        "id": "did:example:1",
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "https://acme.example/a/1",
            "type": ["Achievement"],
            "name": "Welding",
            "description": "Joins metal.",
            "criteria": {"narrative": "Weld a seam."},
        },
    },
}
ENDORSEMENT = {
    "@context": BADGE["@context"],
    "id": "urn:uuid:2",
    "type": ["VerifiableCredential", "EndorsementCredential"],
    "name": "Good standing",
    "issuer": "https://state.example",
    "validFrom": "2026-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:web:acme.example", "type": ["EndorsementSubject"], "endorsementComment": "Fine."},
}
ABSENT = object()


def steps(pointer: str) -> list[str | int]:
    return [int(step) if step.isdigit() else step for step in pointer.split("/")[1:]]


def changed(pointer: str, value, document=BADGE):
    """The document with one member set, or taken out."""
    document = copy.deepcopy(document)
    inner = document
    *path, last = steps(pointer)
    for step in path:
        inner = inner.setdefault(step, {}) if isinstance(inner, dict) else inner[step]
    if value is ABSENT:
        del inner[last]
    else:
        inner[last] = value
    return document


def found(document, find=problems) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.code) for problem in find(document)]


SUBJECT = "/credentialSubject"
ACHIEVEMENT = "/credentialSubject/achievement"


# What is right


def test_a_plain_badge_has_no_problems():
    assert problems(BADGE) == []
    check(BADGE)


@pytest.mark.parametrize("name", ["simple", "complete", "simple-context-alias", "simple-context-version", "simple-multiple-proofs"])
def test_published_valid_samples_have_no_problems(reference_data, name):
    assert problems(json.loads((reference_data / "vectors" / "ob-samples" / "valid" / f"{name}.json").read_text())) == []


def test_the_published_endorsement_has_no_problems(reference_data):
    document = json.loads((reference_data / "vectors" / "ob-samples" / "valid" / "endorsement-valid.json").read_text())
    assert endorsement_problems(document) == []


def test_a_published_credential_of_data_model_1_1_is_recognised(reference_data):
    document = json.loads((reference_data / "vectors" / "ob-samples" / "valid" / "simple_v1.json").read_text())
    first = problems(document)[0]
    assert (first.pointer, first.code) == ("/@context/0", MALFORMED)
    assert "version 1.1" in first.message


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("simple-err-context", ("/@context/0", MALFORMED)),
        ("simple-err-type", ("/type", SCHEMA)),
        ("simple-err-credential-subject-type", ("/credentialSubject/type", SCHEMA)),
        ("simple-err-issuer-type", ("/issuer/type", SCHEMA)),
        ("simple-noproof", ("/@context/0", MALFORMED)),
    ],
)
def test_published_samples_of_a_wrong_form_are_refused_for_what_is_wrong(reference_data, name, expected):
    document = json.loads((reference_data / "vectors" / "ob-samples" / "invalid" / f"{name}.json").read_text())
    assert found(document)[0] == expected


@pytest.mark.parametrize("name", ["simple-err-expired", "simple-err-proof-method", "simple-err-proof-value"])
def test_published_samples_that_other_axes_refuse_have_the_right_form(reference_data, name):
    assert problems(json.loads((reference_data / "vectors" / "ob-samples" / "invalid" / f"{name}.json").read_text())) == []


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/type", ["VerifiableCredential", "AchievementCredential"]),
        ("/type", ["OpenBadgeCredential", "ext:Own", "VerifiableCredential"]),
        ("/issuer", "did:web:acme.example"),
        ("/issuer/type", "Profile"),
        ("/issuer/type", ["Organisation", "Profile"]),
        ("/issuer/email", "office@acme.example"),
        ("/issuer/dateOfBirth", "2000-02-29"),
        ("/issuer/parentOrg", {"id": "https://x.example", "type": ["Profile"]}),
        (
            "/issuer/address",
            {"type": "Address", "addressCountryCode": "DE", "geo": {"type": "GeoCoordinates", "latitude": -90, "longitude": 0}},
        ),
        ("/unknown", {"any": [None]}),
        ("/issuer/unknown", 7),
        (f"{ACHIEVEMENT}/unknown", []),
        ("/@context", [*BADGE["@context"], "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json", {"x": "https://x.example"}]),
        ("/@context/1", "https://purl.imsglobal.org/spec/ob/v3p0/context.json"),
        ("/validUntil", "2026-01-01T00:00:00Z"),
        ("/validUntil", "2026-01-01T01:00:00.5+01:00"),
        ("/credentialSubject", [BADGE["credentialSubject"]]),
        (
            f"{SUBJECT}/identifier",
            [{"type": "IdentityObject", "hashed": True, "identityHash": HASH, "identityType": "emailAddress", "salt": "s"}],
        ),
        (f"{SUBJECT}/identifier", [{"type": ["IdentityObject"], "hashed": False, "identityHash": "7", "identityType": "ext:badgeNumber"}]),
        (f"{SUBJECT}/creditsEarned", 0.5),
        (f"{ACHIEVEMENT}/achievementType", "ext:Mongoose"),
        (f"{ACHIEVEMENT}/achievementType", "MicroCredential"),
        (f"{ACHIEVEMENT}/criteria", {"id": "https://acme.example/how"}),
        (f"{ACHIEVEMENT}/inLanguage", "de-AT"),
        (f"{ACHIEVEMENT}/image", {"id": "data:image/png;base64,AA==", "type": "Image"}),
        (
            f"{ACHIEVEMENT}/alignment",
            [{"type": ["Alignment"], "targetName": "x", "targetUrl": "https://x.example/ö", "targetType": "CFItem"}],
        ),
        (f"{ACHIEVEMENT}/related", [{"id": "urn:uuid:4", "type": ["Related"], "inLanguage": "en"}]),
        (f"{ACHIEVEMENT}/otherIdentifier", [{"type": "IdentifierEntry", "identifier": "1", "identifierType": "isbn"}]),
        (f"{ACHIEVEMENT}/endorsement", [ENDORSEMENT]),
        (f"{ACHIEVEMENT}/endorsementJwt", ["a.b.c"]),
        ("/proof", {"type": "DataIntegrityProof"}),
        ("/proof", [{"type": "DataIntegrityProof"}]),
        ("/evidence", {"type": "Evidence"}),
        ("/evidence", [{"type": ["Evidence"], "narrative": "A seam."}]),
        ("/credentialStatus", [{"type": "BitstringStatusListEntry"}, {"type": ["X"], "id": "https://x.example/1"}]),
        ("/credentialSchema", {"id": "https://x.example/1.json", "type": "JsonSchema"}),
        ("/refreshService", {"id": "https://x.example/1", "type": "1EdTechCredentialRefresh"}),
        ("/termsOfUse", [{"type": "X"}]),
        ("/relatedResource", {"id": "https://x.example/1.png", "digestMultibase": "uAA"}),
        ("/relatedResource", [{"id": "https://x.example/1.png", "digestSRI": "sha384-AA"}]),
    ],
)
def test_what_the_standard_allows_has_no_problems(pointer, value):
    assert problems(changed(pointer, value)) == []


def test_a_recipient_without_an_id_is_named_by_an_identifier():
    identifier = [{"type": "IdentityObject", "hashed": True, "identityHash": HASH, "identityType": "emailAddress", "salt": "s"}]
    assert problems(changed(f"{SUBJECT}/id", ABSENT, changed(f"{SUBJECT}/identifier", identifier))) == []


# What no credential may have


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/@context", ABSENT),
        ("/type", ABSENT),
        ("/issuer", ABSENT),
        ("/credentialSubject", ABSENT),
        ("/@context", "https://www.w3.org/ns/credentials/v2"),
        ("/@context", None),
        ("/@context", {}),
        ("/@context/0", "https://www.w3.org/2018/credentials/v1"),
        ("/@context/0", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"),
        ("/@context/1", "https://purl.imsglobal.org/spec/ob/v3p0/context-4.0.0.json"),
        ("/@context/1", "https://evil.example/ob/v3p0/context-3.0.3.json"),
        ("/@context/1", {}),
        ("/id", ["urn:uuid:1"]),
        ("/id", 7),
        ("/id", "badge 1"),
        ("/id", "relative/1"),
        ("/id", ""),
        ("/id", None),
        ("/type", []),
        ("/type", [""]),
        ("/type", ["OpenBadgeCredential"]),
        ("/type", "OpenBadgeCredential"),
        ("/type", 7),
        ("/issuer", None),
        ("/issuer", ["did:web:acme.example"]),
        ("/issuer", ""),
        ("/issuer", "Acme"),
        ("/issuer", {}),
        ("/issuer/id", ABSENT),
        ("/issuer/id", "acme"),
        ("/issuer/id", "https:///path"),
        ("/issuer/id", "https://?x"),
        ("/issuer/id", "http:acme.example"),
        ("/issuer/id", ["did:web:acme.example"]),
        ("/validFrom", "2026-01-01T00:00:00"),
        ("/validFrom", "2026-02-30T00:00:00Z"),
        ("/validFrom", 1767225600),
        ("/validUntil", "2025-12-31T23:59:59Z"),
        ("/validUntil", "never"),
        ("/credentialSubject", {}),
        ("/credentialSubject", []),
        ("/credentialSubject", "did:example:1"),
        ("/credentialSubject", None),
        ("/credentialSubject/id", "ann@x.example"),
        ("/credentialSubject/id", ["did:example:1"]),
        ("/credentialStatus", {"id": "https://x.example/1"}),
        ("/credentialStatus", [{"type": "X"}, {}]),
        ("/credentialStatus", {"type": "X", "id": "7"}),
        ("/credentialStatus", "none"),
        ("/credentialSchema", {"id": "https://x.example/1"}),
        ("/credentialSchema", [{"type": "JsonSchema"}]),
        ("/refreshService", {"id": "https://x.example/1"}),
        ("/refreshService", {"type": "X"}),
        ("/termsOfUse", [{"id": "https://x.example/1"}]),
        ("/termsOfUse", []),
        ("/relatedResource", {"id": "https://x.example/1"}),
        ("/relatedResource", {"digestSRI": "sha384-AA"}),
        ("/proof", "signed"),
        ("/name", {"@language": "de"}),
        ("/name", {"@value": "x", "@direction": "up"}),
        ("/name", {"@value": "x", "url": "https://x.example"}),
        ("/name", 7),
    ],
)
def test_what_no_credential_may_have_is_malformed(pointer, value):
    codes = {code for _, code in found(changed(pointer, value))}
    assert MALFORMED in codes
    with pytest.raises(Malformed):
        check(changed(pointer, value))


def test_an_empty_subject_in_an_array_is_malformed_where_it_stands():
    assert ("/credentialSubject/1", MALFORMED) in found(changed(SUBJECT, [BADGE["credentialSubject"], {}]))


# What no badge may have


@pytest.mark.parametrize(
    ("pointer", "value", "where"),
    [
        ("/id", ABSENT, "/id"),
        ("/validFrom", ABSENT, "/validFrom"),
        ("/type", ["VerifiableCredential"], "/type"),
        ("/type", ["VerifiableCredential", "openBadgeCredential"], "/type"),
        ("/name", {"@value": "Schweißen", "@language": "de"}, "/name"),
        ("/image", "https://x.example/1.png", "/image"),
        ("/image", {"id": "https://x.example/1.png"}, "/image/type"),
        ("/awardedDate", "2026-01-01", "/awardedDate"),
        ("/issuer/type", ABSENT, "/issuer/type"),
        ("/issuer/type", [], "/issuer/type"),
        ("/issuer/type", "profile", "/issuer/type"),
        ("/issuer/url", "acme.example", "/issuer/url"),
        ("/issuer/email", "nobody", "/issuer/email"),
        ("/issuer/dateOfBirth", "2001-02-29", "/issuer/dateOfBirth"),
        ("/issuer/parentOrg", {"id": "https://x.example"}, "/issuer/parentOrg/type"),
        ("/issuer/address", {"type": "Address", "addressCountryCode": "Germany"}, "/issuer/address/addressCountryCode"),
        (
            "/issuer/address",
            {"type": "Address", "geo": {"type": "GeoCoordinates", "latitude": 91, "longitude": 0}},
            "/issuer/address/geo/latitude",
        ),
        ("/issuer/address", {"type": "Address", "geo": {"type": "GeoCoordinates", "latitude": 1}}, "/issuer/address/geo/longitude"),
        ("/evidence", [{"narrative": "A seam."}], "/evidence/0/type"),
        ("/evidence", [{"type": "Proof"}], "/evidence/0/type"),
        ("/evidence", [{"type": "Evidence", "id": "seam"}], "/evidence/0/id"),
        ("/evidence", "a seam", "/evidence"),
        (f"{SUBJECT}/type", ABSENT, f"{SUBJECT}/type"),
        (f"{SUBJECT}/type", ["Person"], f"{SUBJECT}/type"),
        (f"{SUBJECT}/id", ABSENT, SUBJECT),
        (SUBJECT, [BADGE["credentialSubject"]] * 2, SUBJECT),
        (f"{SUBJECT}/achievement", ABSENT, ACHIEVEMENT),
        (f"{SUBJECT}/achievement", "https://acme.example/a/1", ACHIEVEMENT),
        (f"{SUBJECT}/creditsEarned", "2", f"{SUBJECT}/creditsEarned"),
        (f"{SUBJECT}/activityEndDate", "2026", f"{SUBJECT}/activityEndDate"),
        (f"{SUBJECT}/result", [{"value": "7"}], f"{SUBJECT}/result/0/type"),
        (f"{SUBJECT}/result", [{"type": ["Result"], "status": "ext:Frozen"}], f"{SUBJECT}/result/0/status"),
        (f"{SUBJECT}/result", [{"type": ["Result"], "value": 7}], f"{SUBJECT}/result/0/value"),
        (f"{ACHIEVEMENT}/id", ABSENT, f"{ACHIEVEMENT}/id"),
        (f"{ACHIEVEMENT}/name", ABSENT, f"{ACHIEVEMENT}/name"),
        (f"{ACHIEVEMENT}/name", "", f"{ACHIEVEMENT}/name"),
        (f"{ACHIEVEMENT}/description", ABSENT, f"{ACHIEVEMENT}/description"),
        (f"{ACHIEVEMENT}/criteria", ABSENT, f"{ACHIEVEMENT}/criteria"),
        (f"{ACHIEVEMENT}/criteria", {}, f"{ACHIEVEMENT}/criteria"),
        (f"{ACHIEVEMENT}/criteria", {"narrative": ""}, f"{ACHIEVEMENT}/criteria"),
        (f"{ACHIEVEMENT}/criteria", {"id": "somewhere"}, f"{ACHIEVEMENT}/criteria/id"),
        (f"{ACHIEVEMENT}/achievementType", "Mongoose", f"{ACHIEVEMENT}/achievementType"),
        (f"{ACHIEVEMENT}/achievementType", "ext:", f"{ACHIEVEMENT}/achievementType"),
        (f"{ACHIEVEMENT}/inLanguage", "german!", f"{ACHIEVEMENT}/inLanguage"),
        (f"{ACHIEVEMENT}/tag", "metal", f"{ACHIEVEMENT}/tag"),
        (f"{ACHIEVEMENT}/tag", ["metal", 7], f"{ACHIEVEMENT}/tag/1"),
        (f"{ACHIEVEMENT}/alignment", [{"type": ["Alignment"], "targetUrl": "https://x.example"}], f"{ACHIEVEMENT}/alignment/0/targetName"),
        (f"{ACHIEVEMENT}/related", [{"type": ["Related"]}], f"{ACHIEVEMENT}/related/0/id"),
        (f"{ACHIEVEMENT}/endorsementJwt", ["a.b"], f"{ACHIEVEMENT}/endorsementJwt/0"),
        (f"{ACHIEVEMENT}/endorsement", [{"type": ["VerifiableCredential"]}], f"{ACHIEVEMENT}/endorsement/0/name"),
        (
            f"{ACHIEVEMENT}/otherIdentifier",
            [{"type": "IdentifierEntry", "identifier": "1", "identifierType": "isbn", "more": 1}],
            f"{ACHIEVEMENT}/otherIdentifier/0/more",
        ),
    ],
)
def test_what_no_badge_may_have_is_a_schema_error_where_it_stands(pointer, value, where):
    document = changed(pointer, value)
    assert (where, SCHEMA) in found(document)
    assert not [code for _, code in found(document) if code == MALFORMED]
    with pytest.raises(SchemaError):
        check(document)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"hashed": "true"}, "hashed"),
        ({"identityHash": "md5$short"}, "identityHash"),
        ({"identityHash": "0" * 64}, "identityHash"),
        ({"identityHash": "sha256$" + "g" * 64}, "identityHash"),
        ({"identityHash": HASH + "\n"}, "identityHash"),
        ({"identityType": "shoeSize"}, "identityType"),
        ({"type": "Identity"}, "type"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_an_identity_must_have_exactly_its_form(changes, where):
    identity = {"type": "IdentityObject", "hashed": True, "identityHash": HASH, "identityType": "emailAddress", "salt": "s"} | changes
    assert found(changed(f"{SUBJECT}/identifier", [identity])) == [(f"{SUBJECT}/identifier/0/{where}", SCHEMA)]


@pytest.mark.parametrize(
    ("changes", "warnings"),
    [
        ({"identityHash": "md5$" + "0" * 32}, ["WEAK_HASH"]),
        ({"salt": ""}, ["UNSALTED_IDENTITY"]),
        ({"identityHash": "md5$" + "0" * 32, "salt": ""}, ["WEAK_HASH", "UNSALTED_IDENTITY"]),
        ({"hashed": False, "salt": "", "identityHash": "md5$"}, []),
    ],
)
def test_a_weakly_hidden_recipient_is_a_warning_and_no_fault(changes, warnings):
    identity = {"type": "IdentityObject", "hashed": True, "identityHash": HASH, "identityType": "emailAddress", "salt": "s"} | changes
    document = changed(f"{SUBJECT}/identifier", [identity])
    assert [(problem.code, problem.is_warning) for problem in problems(document)] == [(code, True) for code in warnings]
    check(document)


# Results against their scale


def with_result(scale: dict, result: dict):
    scale = {"id": "urn:uuid:5", "type": ["ResultDescription"], "name": "Score", "resultType": "RawScore"} | scale
    result = {"type": ["Result"], "resultDescription": "urn:uuid:5"} | result
    return changed(f"{SUBJECT}/result", [result], changed(f"{ACHIEVEMENT}/resultDescription", [scale]))


LEVELS = {"rubricCriterionLevel": [{"id": "urn:uuid:6", "type": ["RubricCriterionLevel"], "name": "Mastery"}]}


@pytest.mark.parametrize(
    ("scale", "result"),
    [
        ({}, {"value": "anything"}),
        ({}, {"status": "Completed"}),
        ({"valueMin": "0", "valueMax": "100"}, {"value": "0"}),
        ({"valueMin": "0", "valueMax": "100"}, {"value": "100.00"}),
        ({"valueMin": "-1.5"}, {"value": "-1.5"}),
        ({"valueMax": "9"}, {"value": "10"[:1]}),
        ({"valueMin": "F", "valueMax": "A"}, {"value": "C"}),
        ({"allowedValue": ["fail", "pass"]}, {"value": "pass"}),
        (LEVELS, {"achievedLevel": "urn:uuid:6"}),
        ({"requiredLevel": "urn:uuid:6"} | LEVELS, {}),
        ({"valueMin": "0", "valueMax": "9", "requiredValue": "5"}, {}),
    ],
)
def test_a_result_on_its_scale_has_no_problems(scale, result):
    assert problems(with_result(scale, result)) == []


@pytest.mark.parametrize(
    ("scale", "result", "where"),
    [
        ({"valueMin": "0", "valueMax": "100"}, {"value": "100.01"}, "result/0/value"),
        ({"valueMin": "0", "valueMax": "100"}, {"value": "-1"}, "result/0/value"),
        ({"valueMin": "0", "valueMax": "100"}, {"value": "many"}, "result/0/value"),
        ({"valueMin": "0", "valueMax": "100"}, {"value": "1e2"}, "result/0/value"),
        ({"valueMin": "0", "valueMax": "100"}, {"value": "NaN"}, "result/0/value"),
        ({"valueMax": "9"}, {"value": "10"}, "result/0/value"),
        ({"allowedValue": ["fail", "pass"]}, {"value": "Pass"}, "result/0/value"),
        ({}, {"resultDescription": "urn:uuid:9"}, "result/0/resultDescription"),
        ({}, {"achievedLevel": "urn:uuid:6"}, "result/0/achievedLevel"),
        (LEVELS, {"achievedLevel": "urn:uuid:7"}, "result/0/achievedLevel"),
        ({"requiredLevel": "urn:uuid:7"} | LEVELS, {}, "achievement/resultDescription/0/requiredLevel"),
        ({"allowedValue": ["fail", "pass"], "requiredValue": "good"}, {}, "achievement/resultDescription/0/requiredValue"),
        ({"valueMin": "5", "valueMax": "4"}, {}, "achievement/resultDescription/0/valueMax"),
    ],
)
def test_a_result_off_its_scale_is_a_schema_error(scale, result, where):
    assert found(with_result(scale, result)) == [(f"{SUBJECT}/{where}", SCHEMA)]


# Sentences


@pytest.mark.parametrize(
    ("pointer", "value", "message"),
    [
        ("/id", ABSENT, "The document needs id."),
        (f"{ACHIEVEMENT}/name", ABSENT, "achievement needs name."),
        (f"{ACHIEVEMENT}/name", "", "name must not be empty."),
        (f"{ACHIEVEMENT}/tag", ["metal", 7], "tag (number 2) must be a text."),
        ("/issuer", [], "issuer must be a text or an object."),
        ("/issuer/url", "acme", "url must be one absolute URL, like https://example.org/1 or did:web:example.org."),
        ("/validFrom", "today", "validFrom must be a date and time with its time zone, like 2026-01-31T09:00:00Z."),
        ("/issuer/type", ["Organisation"], "type must include Profile."),
        ("/issuer/type", "Organisation", "type must be Profile."),
        ("/type", ["OpenBadgeCredential"], "type must include VerifiableCredential."),
        (SUBJECT, [BADGE["credentialSubject"]] * 2, "credentialSubject must have exactly 1."),
        (
            f"{ACHIEVEMENT}/achievementType",
            "Mongoose",
            "achievementType must be one of the words that the standard lists for it, or begin with ext:.",
        ),
        (f"{ACHIEVEMENT}/inLanguage", "!", "inLanguage does not have the form that the standard asks for."),
    ],
)
def test_a_problem_is_told_in_a_sentence(pointer, value, message):
    assert [problem.message for problem in problems(changed(pointer, value))] == [message]


def test_every_problem_is_a_sentence_and_repeats_nothing_hostile():
    evil = "<script>alert(1)</script>"
    for pointer in ("/id", "/issuer", "/validFrom", f"{ACHIEVEMENT}/achievementType", f"{SUBJECT}/identifier", "/type"):
        for problem in problems(changed(pointer, evil)):
            assert problem.message.endswith(".")
            assert "script" not in problem.message


def test_a_member_with_strange_letters_has_a_pointer_of_the_standard():
    identity = {"type": "IdentityObject", "hashed": False, "identityHash": "x", "identityType": "name", "a/b~c": 1}
    assert found(changed(f"{SUBJECT}/identifier", [identity])) == [(f"{SUBJECT}/identifier/0/a~1b~0c", SCHEMA)]


def test_one_fault_is_told_once():
    assert found(changed(SUBJECT, {})) == [(SUBJECT, MALFORMED)]
    assert found(changed("/issuer", 7)) == [("/issuer", MALFORMED)]


# Endorsements and status lists


def test_an_endorsement_has_its_own_form():
    assert endorsement_problems(ENDORSEMENT) == []
    assert ("/type", SCHEMA) in found(BADGE, endorsement_problems)
    assert ("/type", SCHEMA) in found(ENDORSEMENT)


@pytest.mark.parametrize(
    ("pointer", "value", "where", "code"),
    [
        ("/name", ABSENT, "/name", SCHEMA),
        ("/id", ABSENT, "/id", SCHEMA),
        ("/issuer", {"id": "https://state.example"}, "/issuer/type", SCHEMA),
        (f"{SUBJECT}/id", ABSENT, f"{SUBJECT}/id", SCHEMA),
        (f"{SUBJECT}/type", ["AchievementSubject"], f"{SUBJECT}/type", SCHEMA),
        (f"{SUBJECT}/endorsementComment", 7, f"{SUBJECT}/endorsementComment", SCHEMA),
        ("/validUntil", "2020-01-01T00:00:00Z", "/validUntil", MALFORMED),
        ("/@context/1", "https://x.example", "/@context/1", MALFORMED),
    ],
)
def test_an_endorsement_of_a_wrong_form_is_refused(pointer, value, where, code):
    assert found(changed(pointer, value, ENDORSEMENT), endorsement_problems) == [(where, code)]


LIST = status_list.status_list_credential(
    "https://acme.example/status/1",
    issuer="did:web:acme.example",
    purpose=["revocation"],
    bits=bytes(limits.STATUS_LIST_ENTRIES // 8),
    valid_from=datetime(2026, 1, 1, tzinfo=UTC),
)


def test_our_own_status_list_has_the_right_form():
    assert status_list_problems(LIST) == []


@pytest.mark.parametrize(
    ("pointer", "value", "where"),
    [
        ("/type", ["VerifiableCredential"], "/type"),
        ("/@context/0", "https://www.w3.org/2018/credentials/v1", "/@context/0"),
        (f"{SUBJECT}/type", "StatusList2021", f"{SUBJECT}/type"),
        (f"{SUBJECT}/encodedList", ABSENT, f"{SUBJECT}/encodedList"),
        (f"{SUBJECT}/encodedList", "H4sI", f"{SUBJECT}/encodedList"),
        (f"{SUBJECT}/statusPurpose", [], f"{SUBJECT}/statusPurpose"),
        (f"{SUBJECT}/ttl", -1, f"{SUBJECT}/ttl"),
        ("/validUntil", "2020-01-01T00:00:00Z", "/validUntil"),
    ],
)
def test_a_status_list_of_a_wrong_form_is_malformed(pointer, value, where):
    assert found(changed(pointer, value, LIST), status_list_problems) == [(where, MALFORMED)]


# The schemas themselves


def texts_of(value):
    if isinstance(value, dict):
        for name, each in value.items():
            yield name, each
            yield from texts_of(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_of(each)


def schema_files():
    from importlib import resources

    return [path for path in resources.files("hexmark.openbadges").joinpath("schemas").iterdir() if path.name.endswith(".schema.json")]


def test_no_reference_leaves_its_file():
    files = schema_files()
    assert len(files) == 3
    for path in files:
        members = list(texts_of(json.loads(path.read_text(encoding="utf-8"))))
        assert all(value.startswith("#/$defs/") for name, value in members if name == "$ref")
        assert not [name for name, _ in members if name in ("$id", "$dynamicRef", "$anchor")]


def test_the_words_of_the_schema_are_those_of_the_model():
    text = next(path for path in schema_files() if path.name.startswith("openbadges")).read_text(encoding="utf-8")
    definitions = json.loads(text)["$defs"]
    for name, words in (
        ("achievementType", vocabulary.ACHIEVEMENT_TYPES),
        ("targetType", vocabulary.TARGET_TYPES),
        ("resultType", vocabulary.RESULT_TYPES),
        ("identifierType", vocabulary.IDENTIFIER_TYPES),
    ):
        assert tuple(definitions[name]["anyOf"][0]["enum"]) == words
    assert tuple(definitions["resultStatus"]["enum"]) == vocabulary.RESULT_STATUSES


def test_a_schema_that_a_document_names_is_not_fetched():
    named = [
        {"id": "file:///etc/passwd", "type": "JsonSchema"},
        {"id": "http://169.254.169.254/x.json", "type": "1EdTechJsonSchemaValidator2019"},
    ]
    assert problems(changed("/credentialSchema", named) | {"$schema": "http://x.example", "$ref": "file:///x", "$id": "x:y"}) == []


# Hostile documents


def test_a_thousand_faults_are_not_a_thousand_sentences():
    assert len(problems(changed(f"{ACHIEVEMENT}/tag", [7] * 1000))) == schema.MOST_PROBLEMS


def test_of_a_hundred_thousand_faults_the_first_is_told_and_quickly():
    document = changed(f"{ACHIEVEMENT}/tag", ["metal"] + [7] * 100_000)
    began = time.process_time()
    assert found(document) == [(f"{ACHIEVEMENT}/tag/1", SCHEMA)]
    assert time.process_time() - began < 0.5


def test_many_results_times_many_levels_cost_no_time():
    levels = [{"id": f"urn:l:{number}"} for number in range(200)]
    scales = [{"id": f"urn:s:{number}", "rubricCriterionLevel": levels, "requiredLevel": "urn:x"} for number in range(200)]
    results = [{"resultDescription": "urn:s:1", "achievedLevel": "urn:x"}] * 200
    document = changed(f"{SUBJECT}/result", results, changed(f"{ACHIEVEMENT}/resultDescription", scales))
    began = time.process_time()
    assert len(problems(document)) == schema.MOST_PROBLEMS
    assert time.process_time() - began < 0.5


def test_a_large_badge_without_faults_has_no_problems():
    assert problems(changed("/unknown", [[1] * 100] * 200)) == []


def test_what_json_cannot_hold_is_a_problem_and_no_crash():
    assert found(changed("/id", "urn:\ud800")) == [("", MALFORMED)]
    assert found(changed("/validFrom", "\ud800")) == [("", MALFORMED)]
    assert {code for _, code in found(changed(f"{ACHIEVEMENT}/name", "\ud800"))} <= {MALFORMED}
    deep: dict = {}
    inner = deep
    for _ in range(5000):
        inner["issuer"] = inner = {}
    assert found(deep) == [("", MALFORMED)]


def test_a_document_is_not_changed():
    document = changed(f"{ACHIEVEMENT}/tag", [7])
    before = copy.deepcopy(document)
    problems(document)
    assert document == before


LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "type", "name", "value", "hashed"]), inner, max_size=4)
    ),
    max_leaves=10,
)
PLACES = ["/@context", "/type", "/issuer", SUBJECT, ACHIEVEMENT, f"{ACHIEVEMENT}/criteria", f"{ACHIEVEMENT}/resultDescription"]
PLACES += [f"{SUBJECT}/identifier", f"{SUBJECT}/result", "/evidence", "/credentialStatus", "/validUntil", "/relatedResource"]


@given(st.sampled_from(PLACES), JSON, st.sampled_from([problems, endorsement_problems, status_list_problems]))
def test_hostile_members_are_judged_and_nothing_else_happens(place, value, find):
    for problem in find(changed(place, value)):
        assert problem.message.endswith(".")
        assert problem.pointer == "" or problem.pointer.startswith("/")


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=3))
def test_members_that_the_standard_does_not_know_are_nobody_s_business(members):
    unknown = {f"x{name}": value for name, value in members.items()}
    assert problems({**unknown, **BADGE}) == []
    assert problems(changed("/issuer", unknown | BADGE["issuer"])) == []
