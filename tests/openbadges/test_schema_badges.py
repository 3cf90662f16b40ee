"""The schema: every fault of a badge is named where it stands, and results are held against their scale."""

import pytest
from tests.openbadges.forms import ABSENT, ACHIEVEMENT, BADGE, HASH, SUBJECT, changed, found

from hexmark.openbadges.errors import SchemaError
from hexmark.openbadges.schema import MALFORMED, SCHEMA, check, problems

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
