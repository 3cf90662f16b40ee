"""What stands in a signed file: the structure, the pseudonyms, the status entries; and that signing twice gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.issuing.served import served
from tests.world import World, run_jobs

from hexmark.awarding.actions import award
from hexmark.catalogue.actions import begin_version, publish_version
from hexmark.catalogue.models import AchievementVersion, Alignment
from hexmark.issuing.models import Credential, Purpose
from hexmark.issuing.publication import baked_png, baked_svg
from hexmark.keys import signer
from hexmark.openbadges import schema, strict_json, timestamps
from hexmark.openbadges.baking import unbake
from hexmark.openbadges.model import OpenBadgeCredential
from hexmark.openbadges.model.identity import matches_identity
from hexmark.people.models import Person
from hexmark.verification import verify


@pytest.fixture
def document(credential: Credential) -> dict[str, Any]:
    """The signed document of acme's member."""
    return strict_json.parse(credential.document)


def test_the_document_has_the_structure_of_the_standard(document: dict[str, Any], credential: Credential) -> None:
    index, award_id = credential.status_index, credential.award.public_id
    lists = "https://badges.acme.example/o/acme/status"
    subject, [proof] = document["credentialSubject"], document["proof"]
    issuer = {"id": "did:web:badges.acme.example:o:acme", "type": ["Profile"], "name": "Acme", "url": "https://badges.acme.example/o/acme"}
    assert {name: document[name] for name in document if name not in ("credentialSubject", "proof")} == {
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": f"https://badges.acme.example/a/{award_id}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": issuer,
        "validFrom": timestamps.write(credential.valid_from),
        "awardedDate": timestamps.write(credential.award.awarded_at),
        "name": "Safety Champion",
        "credentialStatus": [
            {
                "id": f"{lists}/{purpose}/1#{index}",
                "type": "BitstringStatusListEntry",
                "statusPurpose": purpose,
                "statusListIndex": str(index),
                "statusListCredential": f"{lists}/{purpose}/1",
            }
            for purpose in ("revocation", "suspension")
        ],
    }
    assert subject["type"] == ["AchievementSubject"]
    assert subject["achievement"] == {
        "id": "https://badges.acme.example/b/safety-champion/1",
        "type": ["Achievement"],
        "name": "Safety Champion",
        "description": "Looks after a crew's safety.",
        "criteria": {"narrative": "Lead four toolbox talks and close two near-miss reports."},
        "achievementType": "Badge",
        "creator": issuer,
        "image": {"id": "https://badges.acme.example/b/safety-champion/1/image", "type": "Image", "caption": "Safety Champion badge"},
        "inLanguage": "en",
        "resultDescription": [
            {
                "id": "https://badges.acme.example/b/safety-champion/1#assurance",
                "type": ["ResultDescription"],
                "name": "How surely it is shown",
                "resultType": "ext:Assurance",
                "requiredValue": "Took part",
            }
        ],
        "version": "1",
    }
    assert {name: proof[name] for name in ("type", "cryptosuite", "proofPurpose")} == {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "proofPurpose": "assertionMethod",
    }
    assert proof["verificationMethod"].startswith("did:web:badges.acme.example:o:acme#z6Mk")


def test_the_document_is_valid_by_the_schema_and_verifies(document: dict[str, Any], credential: Credential) -> None:
    schema.check(document)
    report = verify(credential.document, fetch=served, at=timezone.now())
    assert report.ok, report.to_json()


def test_the_document_survives_reading_and_writing_by_the_model(document: dict[str, Any]) -> None:
    assert OpenBadgeCredential.from_json(document).to_json() == document


def test_both_status_entries_share_one_index_on_two_lists(document: dict[str, Any], credential: Credential) -> None:
    first, second = document["credentialStatus"]
    assert first["statusListIndex"] == second["statusListIndex"] == str(credential.status_index)
    assert first["statusListCredential"] != second["statusListCredential"]
    assert {first["statusPurpose"], second["statusPurpose"]} == set(Purpose.values)


def test_neither_name_nor_address_of_the_person_stands_in_the_signed_bytes(credential: Credential) -> None:
    person = credential.award.person
    text = credential.document.lower()
    for private in (person.name, person.email, person.public_id, person.email.partition("@")[0] + "@", "acme member"):
        assert private.lower() not in text
    assert hashlib.sha256(person.email.encode()).hexdigest() not in text
    assert hashlib.md5(person.email.encode()).hexdigest() not in text


def test_neither_does_who_awarded_it(credential: Credential) -> None:
    assert "acme steward" not in credential.document.lower()
    assert "steward@" not in credential.document


def test_the_subject_is_a_pseudonym_that_is_new_in_each_credential(acme: World, credential: Credential) -> None:
    award(acme.achievement("Kiln Safety"), to=[acme.member_person], actor=acme.system)
    run_jobs()
    first, second = (strict_json.parse(text)["credentialSubject"] for text in Credential.objects.values_list("document", flat=True))
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", first["id"])
    assert first["id"] != second["id"]
    assert first["identifier"][0]["salt"] != second["identifier"][0]["salt"]
    assert first["identifier"][0]["identityHash"] != second["identifier"][0]["identityHash"]


def test_the_salted_hash_is_that_of_the_persons_address(document: dict[str, Any]) -> None:
    [identity] = document["credentialSubject"]["identifier"]
    assert identity["type"] == "IdentityObject"
    assert identity["hashed"] is True
    assert identity["identityType"] == "emailAddress"
    assert len(bytes.fromhex(identity["salt"])) == 16
    expected = hashlib.sha256(("member@acme.example" + identity["salt"]).encode()).hexdigest()
    assert identity["identityHash"] == f"sha256${expected}"


@pytest.mark.parametrize(
    ("asked", "is_theirs"),
    [
        ("Amara.Okafor@acme.example", True),
        ("amara.okafor@acme.example", True),
        ("AMARA.OKAFOR@ACME.EXAMPLE", True),
        ("amara.okafor@globex.example", False),
        ("amara@acme.example", False),
        ("", False),
    ],
)
def test_whoever_knows_the_address_can_check_it_in_any_case(asked: str, is_theirs: bool, acme: World, version: AchievementVersion) -> None:
    from hexmark.people.actions import add_person

    amara = add_person(acme.organisation, name="Amara Okafor", email="Amara.Okafor@ACME.example", actor=acme.system)
    award(version, to=[amara], actor=acme.system)
    run_jobs()
    [identity] = strict_json.parse(Credential.objects.get().document)["credentialSubject"]["identifier"]
    assert matches_identity(identity, asked) is is_theirs


def test_what_was_written_about_the_award_stands_in_it(acme: World, version: AchievementVersion) -> None:
    written = "Led every toolbox talk.\n\n- And *more* <b>é</b> 李 🦄"
    award(version, to=[acme.member_person], actor=acme.system, narrative=written)
    run_jobs()
    credential = Credential.objects.get()
    assert strict_json.parse(credential.document)["credentialSubject"]["narrative"] == written
    assert verify(credential.document, fetch=served, at=timezone.now()).ok


def test_skills_tags_level_and_end_of_validity_stand_in_it(acme: World) -> None:
    version = acme.achievement("Kiln Safety")
    draft = begin_version(version.achievement, actor=acme.steward)
    draft.tags, draft.validity_months, draft.language = ["safety", "kilns"], 12, "de-AT"
    draft.subjects, draft.roles, draft.effort_minutes = ["Safety", "Crafts"], ["Potter"], 90
    draft.save()
    Alignment.objects.create(version=draft, target_name="Site safety", target_url="https://skills.example/saf-210", target_code="SAF-210")
    Alignment.objects.create(version=draft, target_name="Kilns", target_url="https://skills.example/kilns", target_framework="Crafts")
    publish_version(draft, actor=acme.steward)
    award(draft, to=[acme.member_person], actor=acme.system)
    run_jobs()
    credential = Credential.objects.get()
    document = strict_json.parse(credential.document)
    achievement = document["credentialSubject"]["achievement"]
    assert achievement["tag"] == ["safety", "kilns"]
    assert achievement["inLanguage"] == "de-AT"
    assert achievement["fieldOfStudy"] == "Safety, Crafts"
    assert "Potter" not in credential.document, "the standard has no place for roles"
    assert achievement["version"] == "2"
    assert achievement["alignment"] == [
        {"type": ["Alignment"], "targetName": "Site safety", "targetUrl": "https://skills.example/saf-210", "targetCode": "SAF-210"},
        {"type": ["Alignment"], "targetName": "Kilns", "targetUrl": "https://skills.example/kilns", "targetFramework": "Crafts"},
    ]
    assert document["validUntil"] == timestamps.write(credential.valid_until)  # type: ignore[arg-type]
    assert verify(credential.document, fetch=served, at=timezone.now()).ok


def test_lists_are_arrays_even_of_one(document: dict[str, Any]) -> None:
    for value in (document["type"], document["proof"], document["credentialSubject"]["type"], document["credentialSubject"]["identifier"]):
        assert isinstance(value, list)


def test_nothing_empty_and_no_null_is_signed(document: dict[str, Any]) -> None:
    def walk(value: Any) -> None:
        assert value not in (None, "", [], {})
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(item)

    walk(document)


def test_a_moment_is_written_to_the_second_in_utc(document: dict[str, Any]) -> None:
    for moment in (document["validFrom"], document["awardedDate"], document["proof"][0]["created"]):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment)


def test_the_stored_hash_is_that_of_the_stored_bytes(credential: Credential) -> None:
    assert credential.document_sha256 == hashlib.sha256(credential.document.encode()).hexdigest()


def test_the_same_row_signed_twice_gives_the_same_bytes(credential: Credential) -> None:
    # As after a crash between signing and writing down.
    Credential.objects.filter(pk=credential.pk).update(issued_at=None)
    for _ in range(2):
        [(row_id, signed)] = signer.sign("credential", [credential.pk])
        assert row_id == credential.pk
        assert signed.text == credential.document


def test_the_same_bytes_come_minutes_later_too(credential: Credential) -> None:
    earlier = timezone.now() - timedelta(minutes=7, microseconds=123_456)
    Credential.objects.filter(pk=credential.pk).update(issued_at=None, sign_as_of=earlier)
    first, second = ([signed.text.encode() for _, signed in signer.sign("credential", [credential.pk])] for _ in range(2))
    assert first == second
    assert timestamps.write(earlier).encode() in first[0]


def test_what_was_signed_does_not_change_when_people_or_badges_do(acme: World, credential: Credential) -> None:
    before = credential.document
    Person.objects.filter(pk=acme.member_person.pk).update(name="Somebody Else", email="else@acme.example")
    draft = begin_version(credential.award.version.achievement, actor=acme.steward)
    draft.name = "Another Name"
    draft.save()
    publish_version(draft, actor=acme.steward)
    run_jobs()
    credential.refresh_from_db()
    assert credential.document == before


def test_the_badge_as_picture_carries_the_very_bytes(credential: Credential) -> None:
    assert unbake(baked_png(credential)) == credential.document
    assert unbake(baked_svg(credential)) == credential.document


def test_the_document_is_compact_json_without_doubled_keys(credential: Credential) -> None:
    assert credential.document == json.dumps(json.loads(credential.document), ensure_ascii=False, separators=(",", ":"))
