"""The schema: faults told in sentences, the forms of other documents, and schemas that nobody from outside can bend."""

import json
from datetime import UTC, datetime
from importlib import resources

import pytest
from tests.openbadges.forms import ABSENT, ACHIEVEMENT, BADGE, ENDORSEMENT, SUBJECT, changed, found

from hexmark.openbadges import limits, status_list
from hexmark.openbadges.model import vocabulary
from hexmark.openbadges.schema import MALFORMED, SCHEMA, endorsement_problems, problems, status_list_problems

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
    return [path for path in resources.files("hexmark.openbadges").joinpath("schemas").iterdir() if path.name.endswith(".schema.json")]


def test_no_reference_leaves_its_file():
    files = schema_files()
    assert len(files) == 4
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
