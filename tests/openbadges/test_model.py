"""The model: what we issue has the form of the standard."""

import dataclasses
import json

import pytest
from tests.openbadges.badges import ACHIEVEMENT, CREDENTIAL

from hexmark.openbadges.model import (
    AchievementSubject,
    Address,
    Alignment,
    CredentialStatus,
    EndorsementCredential,
    EndorsementSubject,
    GeoCoordinates,
    IdentifierEntry,
    IdentityObject,
    Image,
    OpenBadgeCredential,
    Profile,
    Related,
    ResultDescription,
    RubricCriterionLevel,
)
from hexmark.openbadges.status_list import StatusEntry, entries_of


def test_a_plain_badge_has_the_form_of_the_standard():
    assert CREDENTIAL.to_json() == {
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
                "criteria": {"narrative": "Weld a seam."},
                "description": "Joins metal.",
                "name": "Welding",
            },
        },
    }


def test_context_id_and_type_come_first():
    assert list(CREDENTIAL.to_json())[:3] == ["@context", "id", "type"]
    assert list(ACHIEVEMENT.to_json())[:2] == ["id", "type"]
    assert next(iter(Alignment(target_name="x", target_url="https://x.example").to_json())) == "type"


def test_the_same_object_is_always_written_in_the_same_order():
    assert json.dumps(CREDENTIAL.to_json()) == json.dumps(OpenBadgeCredential.from_json(CREDENTIAL.to_json()).to_json())


def test_one_of_many_is_written_as_an_array():
    level = RubricCriterionLevel(id="urn:uuid:3", name="Mastery", alignment=(Alignment(target_name="x", target_url="https://x.example"),))
    scale = ResultDescription(
        id="urn:uuid:2", name="Grade", result_type="LetterGrade", allowed_value=("A",), rubric_criterion_level=(level,)
    )
    achievement = dataclasses.replace(
        ACHIEVEMENT, tag=("metal",), related=(Related(id="urn:uuid:4"),), result_description=(scale,), endorsement_jwt=("a.b.c",)
    ).to_json()
    assert achievement["tag"] == ["metal"]
    assert achievement["endorsementJwt"] == ["a.b.c"]
    assert achievement["related"] == [{"id": "urn:uuid:4", "type": ["Related"]}]
    assert achievement["resultDescription"][0]["allowedValue"] == ["A"]
    assert achievement["resultDescription"][0]["rubricCriterionLevel"][0]["alignment"][0]["targetName"] == "x"


def test_one_status_stands_alone_and_two_stand_in_an_array():
    entries = [StatusEntry(purpose=p, index=7, list_url=f"https://acme.example/{p}") for p in ("revocation", "suspension")]
    statuses = tuple(CredentialStatus.from_json(entry.to_json()) for entry in entries)
    one = dataclasses.replace(CREDENTIAL, credential_status=statuses[:1]).to_json()
    two = dataclasses.replace(CREDENTIAL, credential_status=statuses).to_json()
    assert one["credentialStatus"]["statusListIndex"] == "7"
    assert [each["statusPurpose"] for each in two["credentialStatus"]] == ["revocation", "suspension"]
    assert [(e.purpose, e.index) for e in entries_of(two)] == [("revocation", 7), ("suspension", 7)]


def test_classes_whose_type_is_one_word_write_it_as_one_word():
    for written in (
        Image(id="https://x.example/1.png"),
        IdentifierEntry(identifier="1", identifier_type="systemId"),
        GeoCoordinates(latitude=1, longitude=2.5),
        IdentityObject(hashed=False, identity_hash="a@x.example", identity_type="emailAddress"),
    ):
        assert written.to_json()["type"] == type(written).__name__


def test_false_and_zero_are_written_and_nothing_is_not():
    identity = IdentityObject(hashed=False, identity_hash="a@x.example", identity_type="emailAddress", salt="").to_json()
    assert identity["hashed"] is False
    assert "salt" not in identity
    assert AchievementSubject(achievement=ACHIEVEMENT, credits_earned=0).to_json()["creditsEarned"] == 0
    assert GeoCoordinates(latitude=0, longitude=0).to_json()["latitude"] == 0


def test_long_names_are_spelled_as_in_the_standard():
    address = Address(post_office_box_number="1", address_country_code="DE", geo=GeoCoordinates(latitude=1, longitude=1))
    profile = Profile(id="https://x.example", parent_org="https://y.example", date_of_birth="2000-01-01", address=address)
    assert list(profile.to_json()) == ["id", "type", "address", "parentOrg", "dateOfBirth"]
    assert list(address.to_json()) == ["type", "addressCountryCode", "postOfficeBoxNumber", "geo"]


def test_an_endorsement_is_a_credential_of_its_own():
    endorsement = EndorsementCredential(
        id="urn:uuid:9",
        name="Good standing",
        issuer="https://state.example",
        valid_from="2026-01-01T00:00:00Z",
        credential_subject=EndorsementSubject(id="did:web:acme.example", endorsement_comment="Fine."),
    ).to_json()
    assert endorsement["type"] == ["VerifiableCredential", "EndorsementCredential"]
    assert endorsement["credentialSubject"]["type"] == ["EndorsementSubject"]
    embedded = dataclasses.replace(CREDENTIAL, endorsement=(endorsement,))
    assert embedded.to_json()["endorsement"] == [endorsement]


def test_what_is_written_does_not_share_its_members_with_the_object():
    written = CREDENTIAL.to_json()
    written["issuer"]["name"] = "Evil"
    written["type"].append("Evil")
    assert CREDENTIAL.to_json()["issuer"]["name"] == "Acme"
    assert CREDENTIAL.type == ("VerifiableCredential", "OpenBadgeCredential")


def test_an_object_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        CREDENTIAL.id = "urn:uuid:2"
