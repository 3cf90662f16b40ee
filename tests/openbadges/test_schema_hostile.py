"""The schema: hostile documents are judged in time, and nothing else happens."""

import copy
import time

from hypothesis import given
from hypothesis import strategies as st
from tests.openbadges.forms import ACHIEVEMENT, BADGE, SUBJECT, changed, found

from hexmark.openbadges import schema
from hexmark.openbadges.schema import MALFORMED, SCHEMA, endorsement_problems, problems, status_list_problems

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
