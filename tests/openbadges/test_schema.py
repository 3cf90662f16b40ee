"""The schema: nothing that is right is refused, and what no credential may have is malformed."""

import json

import pytest
from tests.openbadges.forms import ABSENT, ACHIEVEMENT, BADGE, ENDORSEMENT, HASH, SUBJECT, changed, found

from hexmark.openbadges.errors import Malformed
from hexmark.openbadges.schema import MALFORMED, SCHEMA, check, endorsement_problems, problems

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
