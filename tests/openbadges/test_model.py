"""The model: what we issue has the standard's form, and what others issued survives reading and writing unchanged."""

import copy
import dataclasses
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.openbadges import model
from hexmark.openbadges.errors import Malformed
from hexmark.openbadges.model import (
    Achievement,
    AchievementSubject,
    Address,
    Alignment,
    CredentialStatus,
    Criteria,
    EndorsementCredential,
    EndorsementSubject,
    Evidence,
    GeoCoordinates,
    IdentifierEntry,
    IdentityObject,
    Image,
    OpenBadgeCredential,
    Profile,
    Related,
    Result,
    ResultDescription,
    RubricCriterionLevel,
    identity_hash,
    is_word,
    matches_identity,
)
from hexmark.openbadges.status_list import StatusEntry, entries_of

ACHIEVEMENT = Achievement(
    id="https://acme.example/a/1", name="Welding", description="Joins metal.", criteria=Criteria(narrative="Weld a seam.")
)
CREDENTIAL = OpenBadgeCredential(
    id="urn:uuid:1",
    issuer=Profile(id="did:web:acme.example", name="Acme"),
    valid_from="2026-01-01T00:00:00Z",
    credential_subject=AchievementSubject(id="did:example:1", achievement=ACHIEVEMENT),
)


# Writing


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


# Reading


def test_every_published_sample_survives_unchanged(reference_data):
    samples = reference_data / "vectors" / "ob-samples" / "valid"
    for name in ("simple", "complete", "simple-context-alias", "simple-context-version", "simple-multiple-proofs"):
        document = json.loads((samples / f"{name}.json").read_text())
        credential = OpenBadgeCredential.from_json(document)
        assert credential.to_json() == document
        assert credential.extra == {}
    endorsement = json.loads((samples / "endorsement-valid.json").read_text())
    assert EndorsementCredential.from_json(endorsement).to_json() == endorsement


def test_the_complete_sample_is_understood(reference_data):
    text = (reference_data / "vectors" / "ob-samples" / "valid" / "complete.json").read_text()
    credential = OpenBadgeCredential.from_json(json.loads(text))
    subject = credential.credential_subject
    assert isinstance(credential.issuer, Profile)
    assert credential.issuer.address.geo.latitude == 1
    assert subject.achievement.creator.parent_org.name == "Universal Universities"
    assert [each.target_type for each in subject.achievement.alignment] == ["CFItem", "CTDL"]
    assert subject.achievement.result_description[1].rubric_criterion_level[0].level == "Mastered"
    assert [each.identity_hash for each in subject.identifier] == ["student@1edtech.edu", "somebody@gmail.com"]
    assert credential.evidence[1] == Evidence(
        id="https://github.com/somebody/project",
        name="Final Project Code",
        description="This is the source code for the final project app.",
        genre="Research",
        audience="Department",
    )
    assert subject.result


def with_member(pointer: tuple[str | int, ...], value):
    document = copy.deepcopy(CREDENTIAL.to_json())
    inner = document
    for step in pointer[:-1]:
        inner = inner[step]
    inner[pointer[-1]] = value
    return document


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        (("type",), "OpenBadgeCredential"),
        (("proof",), {"type": "DataIntegrityProof"}),
        (("proof",), [{"type": "DataIntegrityProof"}]),
        (("issuer",), "did:web:acme.example"),
        (("issuer", "type"), "Profile"),
        (("issuer", "parentOrg"), "https://x.example"),
        (("credentialStatus",), [{"type": "X"}]),
        (("credentialStatus",), {"type": "X", "statusSize": 2}),
        (("credentialStatus",), [{"type": "X"}, {"type": "Y"}]),
        (("credentialSubject", "achievement", "tag"), "metal"),
        (("credentialSubject", "achievement", "tag"), []),
        (("credentialSubject", "achievement", "tag"), ["metal", None]),
        (("credentialSubject", "achievement", "image"), {"id": "https://x.example/1.png", "type": ["Image"]}),
        (("credentialSubject", "achievement", "image"), {"id": "https://x.example/1.png"}),
        (("credentialSubject", "achievement", "image"), "https://x.example/1.png"),
        (("credentialSubject", "achievement", "criteria"), [{"narrative": "Weld."}]),
        (("credentialSubject", "achievement", "criteria"), {"narrative": ""}),
        (("credentialSubject", "achievement", "name"), ""),
        (("credentialSubject", "creditsEarned"), 1.5),
        (("credentialSubject", "creditsEarned"), "1.5"),
        (("credentialSubject", "result"), [{"type": ["Result"], "value": "7"}, 7]),
        (("credentialSubject", "identifier"), {"type": "IdentityObject", "hashed": True}),
        (("description",), None),
        (("description",), {"@value": "Schweißen", "@language": "de"}),
        (("name",), ["Welding"]),
        (("refreshService",), [{"id": "https://x.example", "type": "A"}, {"id": "https://y.example", "type": "B"}]),
        (("evidence",), [[{"type": ["Evidence"]}]]),
        (("unknown",), {"deep": [1, {"x": None}]}),
        (("issuer", "ext:colour"), "red"),
        (("extra",), "a member that is called like ours"),
        (("valid_from",), "a member that is spelled like ours"),
    ],
)
def test_what_others_write_differently_survives_unchanged(pointer, value):
    document = with_member(pointer, value)
    before = copy.deepcopy(document)
    assert OpenBadgeCredential.from_json(document).to_json() == before
    assert document == before


def test_what_does_not_fit_can_be_seen_in_extra():
    credential = OpenBadgeCredential.from_json(with_member(("evidence",), "none") | {"ext:colour": "red"})
    assert credential.evidence == ()
    assert credential.extra == {"evidence": "none", "ext:colour": "red"}


def test_a_member_set_later_wins_over_what_could_not_be_read():
    credential = OpenBadgeCredential.from_json(with_member(("name",), 7))
    assert dataclasses.replace(credential, name="Welding").to_json()["name"] == "Welding"


def test_a_type_that_is_missing_is_not_invented():
    document = with_member(("issuer",), {"id": "did:web:acme.example"})
    credential = OpenBadgeCredential.from_json(document)
    assert credential.issuer.type == ()
    assert credential.to_json() == document


@pytest.mark.parametrize(
    ("pointer", "value", "where"),
    [
        (("id",), 7, "/id"),
        (("issuer",), None, "/issuer"),
        (("issuer",), [], "/issuer"),
        (("issuer",), {"name": "Acme"}, "/issuer/id"),
        (("credentialSubject",), {}, "/credentialSubject/achievement"),
        (("credentialSubject",), [{}, {}], "/credentialSubject"),
        (("credentialSubject", "achievement"), "https://x.example", "/credentialSubject/achievement"),
        (("credentialSubject", "achievement", "criteria"), "Weld.", "/credentialSubject/achievement/criteria"),
        (("credentialSubject", "achievement", "name"), ["a", "b"], "/credentialSubject/achievement/name"),
        (("validFrom",), True, "/validFrom"),
    ],
)
def test_a_required_member_that_cannot_be_read_is_named(pointer, value, where):
    with pytest.raises(Malformed) as caught:
        OpenBadgeCredential.from_json(with_member(pointer, value))
    assert caught.value.pointer == where


NAMES = st.sampled_from(
    [
        "@context",
        "id",
        "type",
        "name",
        "image",
        "issuer",
        "credentialStatus",
        "evidence",
        "proof",
        "alignment",
        "criteria",
        "address",
        "geo",
        "x",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4)
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12)


def identical(first, second) -> bool:
    """Equal, and 1 is neither 1.0 nor true."""
    return json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)


@given(st.dictionaries(NAMES, JSON, max_size=6))
def test_any_document_survives_reading_and_writing(members):
    document = CREDENTIAL.to_json() | members
    before = copy.deepcopy(document)
    try:
        written = OpenBadgeCredential.from_json(document).to_json()
    except Malformed:
        return
    assert identical(written, before)


@given(st.dictionaries(NAMES, JSON, max_size=6), st.sampled_from([Evidence, Address, Criteria, Result, EndorsementCredential, Image]))
def test_any_part_survives_reading_and_writing(members, part):
    try:
        written = part.from_json(members)
    except Malformed:
        return
    assert identical(written.to_json(), members)
    assert part.from_json(written.to_json()) == written


# Vocabulary


@pytest.mark.parametrize(
    ("word", "vocabulary", "allowed"),
    [
        ("MicroCredential", model.ACHIEVEMENT_TYPES, True),
        ("ext:Mongoose", model.ACHIEVEMENT_TYPES, True),
        ("Mongoose", model.ACHIEVEMENT_TYPES, False),
        ("OnHold", model.RESULT_STATUSES, True),
        ("ext:Frozen", model.RESULT_STATUSES, False),
        ("ceterms:Credential", model.TARGET_TYPES, True),
        ("Percent", model.RESULT_TYPES, True),
        ("percent", model.RESULT_TYPES, False),
        ("emailAddress", model.IDENTIFIER_TYPES, True),
    ],
)
def test_a_word_is_of_the_vocabulary_or_an_extension_of_it(word, vocabulary, allowed):
    assert is_word(word, vocabulary) is allowed


# Identity


def test_an_identity_is_hashed_with_its_salt_behind_it():
    assert identity_hash("a@x.example", "salt") == "sha256$" + hashlib.sha256(b"a@x.examplesalt").hexdigest()


def test_an_identity_of_letters_beyond_ascii_is_hashed_as_utf_8():
    assert identity_hash("jürgen@x.example", "ß") == "sha256$" + hashlib.sha256("jürgen@x.exampleß".encode()).hexdigest()


def identity(**changes) -> IdentityObject:
    values = {"hashed": True, "identity_hash": identity_hash("ann@x.example", "s"), "identity_type": "emailAddress", "salt": "s"} | changes
    return IdentityObject(**values)


@pytest.mark.parametrize("email", ["ann@x.example", "Ann@x.example", "ann@X.EXAMPLE", "ANN@X.EXAMPLE"])
def test_the_recipient_is_recognised_whatever_the_case(email):
    assert matches_identity(identity(), email)
    assert matches_identity(identity(hashed=False, identity_hash="Ann@X.example"), email)


def test_an_address_hashed_with_capitals_matches_as_it_was_written():
    hashed = identity(identity_hash=identity_hash("Ann.Lee@x.example", "s"))
    assert matches_identity(hashed, "Ann.Lee@x.example")
    assert matches_identity(hashed, "Ann.Lee@X.Example")
    assert not matches_identity(hashed, "ann.lee@x.example")


def test_old_hashes_are_read_and_hexadecimal_capitals_too():
    md5 = hashlib.md5(b"ann@x.examples").hexdigest()
    assert matches_identity(identity(identity_hash=f"md5${md5}"), "ann@x.example")
    assert matches_identity(identity(identity_hash=f"md5${md5.upper()}"), "ann@x.example")
    assert matches_identity(identity(identity_hash=identity_hash("ann@x.example", ""), salt=None), "ann@x.example")


@pytest.mark.parametrize(
    ("changes", "email"),
    [
        ({}, "bob@x.example"),
        ({}, ""),
        ({"salt": "t"}, "ann@x.example"),
        ({"salt": None}, "ann@x.example"),
        ({"identity_type": "userName"}, "ann@x.example"),
        ({"hashed": False}, "ann@x.example"),
        ({"hashed": False}, identity_hash("ann@x.example", "s") + "x"),
        ({"identity_hash": ""}, "ann@x.example"),
        ({"identity_hash": "sha256$"}, "ann@x.example"),
        ({"identity_hash": "sha1$" + hashlib.sha1(b"ann@x.examples").hexdigest()}, "ann@x.example"),
        ({"identity_hash": hashlib.sha256(b"ann@x.examples").hexdigest()}, "ann@x.example"),
        ({"identity_hash": "ann@x.example"}, "ann@x.example"),
    ],
)
def test_nobody_else_is_taken_for_the_recipient(changes, email):
    assert not matches_identity(identity(**changes), email)


def test_an_identity_can_be_asked_as_json_and_a_broken_one_matches_nobody():
    assert matches_identity(identity().to_json(), "ann@x.example")
    assert not matches_identity({"hashed": "yes"}, "ann@x.example")


@given(st.emails(), st.text(max_size=10))
def test_whoever_was_hashed_is_recognised(email, salt):
    assert matches_identity(identity(identity_hash=identity_hash(email, salt), salt=salt), email)


@given(st.text(max_size=30), st.text(st.characters(), max_size=30), st.booleans())
def test_hostile_identities_match_or_do_not_and_nothing_else_happens(hashed, email, is_hashed):
    assert matches_identity(identity(identity_hash=hashed, hashed=is_hashed), email) in (True, False)
