"""The form of a learner record: what it needs beyond any credential."""

import pytest
from tests.openbadges.forms import ABSENT, changed, found
from tests.openbadges.records import numbered, record
from tests.simulator import Simulator

from hexmark.openbadges.schema import MALFORMED, SCHEMA, record_problems

HEXHAM = Simulator().did_web_issuer("hexham.example")
ASSOCIATION = {
    "type": ["Association"],
    "associationType": "precedes",
    "sourceId": "https://hexham.example/achievements/1",
    "targetId": "https://hexham.example/achievements/2",
}
RECORD = record(HEXHAM, [numbered(HEXHAM, 1), numbered(HEXHAM, 2)], {"association": [ASSOCIATION]}, partial=True)
SUBJECT = "/credentialSubject"


def test_a_whole_record_has_no_problems():
    assert found(RECORD, record_problems) == []


@pytest.mark.parametrize("pointer", ["/id", "/name", "/validFrom", f"{SUBJECT}/verifiableCredential", f"{SUBJECT}/type"])
def test_a_member_that_it_needs_is_missed(pointer):
    problems = found(changed(pointer, ABSENT, RECORD), record_problems)
    assert [each for each, code in problems if code == SCHEMA] == [pointer]


@pytest.mark.parametrize("pointer", ["/issuer", "/credentialSubject", "/type", "/@context"])
def test_what_every_credential_needs_is_missed_too(pointer):
    assert MALFORMED in [code for _, code in found(changed(pointer, ABSENT, RECORD), record_problems)]


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/partial", "yes"),
        ("/name", ""),
        ("/type", ["VerifiableCredential"]),
        ("/validFrom", "yesterday"),
        (f"{SUBJECT}/type", ["AchievementSubject"]),
        (f"{SUBJECT}/verifiableCredential", []),
        (f"{SUBJECT}/verifiableCredential", "urn:uuid:1"),
        (f"{SUBJECT}/verifiableCredential/0", "eyJ.e30.c2ln"),
        (f"{SUBJECT}/identifier", [{"type": "IdentityObject"}]),
        (f"{SUBJECT}/achievement", [{"id": "https://a.example/1"}]),
        (f"{SUBJECT}/association/0/associationType", "isFriendOf"),
        (f"{SUBJECT}/association/0/sourceId", "one"),
        (f"{SUBJECT}/association/0/type", ["Alignment"]),
        (f"{SUBJECT}/association/0", {}),
    ],
)
def test_a_member_of_the_wrong_form_is_found(pointer, value):
    problems = found(changed(pointer, value, RECORD), record_problems)
    assert problems
    assert all(each.startswith(pointer) for each, _ in problems if not each.endswith(("sourceId", "targetId")))


@pytest.mark.parametrize("left_out", [1, 2])
def test_both_contexts_are_needed(left_out):
    contexts = [each for number, each in enumerate(RECORD["@context"]) if number != left_out]
    assert ("/@context", MALFORMED) in found(changed("/@context", contexts, RECORD), record_problems)


def test_an_association_with_what_is_not_in_the_record_is_remarked_on():
    document = changed(f"{SUBJECT}/association/0/targetId", "https://elsewhere.example/9", RECORD)
    (problem,) = record_problems(document)
    assert (problem.pointer, problem.code, problem.is_warning) == (f"{SUBJECT}/association/0/targetId", "ASSOCIATION_OUTSIDE", True)


@pytest.mark.parametrize("kind", "exactMatchOf isChildOf isParentOf isPartOf isPeerOf isRelatedTo precedes replacedBy".split())
def test_every_kind_of_association_of_the_standard_is_known(kind):
    assert found(changed(f"{SUBJECT}/association/0/associationType", kind, RECORD), record_problems) == []


def test_a_member_that_the_standard_does_not_know_is_no_problem():
    assert found(changed("/weather", "fair", RECORD), record_problems) == []
