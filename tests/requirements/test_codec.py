"""Reading requirements: strict, bounded, and as the schema says that ships with it."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.requirements.anything import some_rule

from hexmark.requirements import RequirementError, parse, to_json
from hexmark.requirements.schema import schema

COACHING = {"type": "achievement", "achievement": "https://acme.example/coaching"}
#: What the schema cannot say.
BEYOND_THE_SCHEMA = {"TOO_MANY_ASKED", "TOO_FEW_ASKED", "TOO_LARGE", "TOO_DEEP", "NOTHING_ASKED", "NOT_A_DAY", "NOT_A_NUMBER", "EMPTY"}

REFUSED: list[tuple[str, Any, str, str]] = [
    ("a list", [], "NOT_AN_OBJECT", ""),
    ("nothing", None, "NOT_AN_OBJECT", ""),
    ("no type", {}, "UNKNOWN_TYPE", "/type"),
    ("an unknown type", {"type": "most"}, "UNKNOWN_TYPE", "/type"),
    ("a type that is a list", {"type": ["all"]}, "UNKNOWN_TYPE", "/type"),
    ("no parts", {"type": "all", "parts": []}, "EMPTY", "/parts"),
    ("parts that are none", {"type": "any", "parts": {"0": COACHING}}, "NOT_A_LIST", "/parts"),
    ("a misspelt condition", {**COACHING, "asurance_at_least": 3}, "UNKNOWN_MEMBER", "/asurance_at_least"),
    ("a condition with no meaning there", {"type": "tenure", "months_at_least": 3, "issuers": ["x"]}, "UNKNOWN_MEMBER", "/issuers"),
    ("assurance beyond the scale", {**COACHING, "assurance_at_least": 5}, "OUT_OF_BOUNDS", "/assurance_at_least"),
    ("assurance as a truth value", {**COACHING, "assurance_at_least": True}, "NOT_A_WHOLE_NUMBER", "/assurance_at_least"),
    ("assurance as a fraction", {**COACHING, "assurance_at_least": 2.5}, "NOT_A_WHOLE_NUMBER", "/assurance_at_least"),
    ("more than there is", {"type": "k_of_n", "at_least": 2, "parts": [COACHING]}, "TOO_MANY_ASKED", "/at_least"),
    ("more steps than there are", {"type": "ladder", "reach": 2, "steps": [COACHING]}, "TOO_MANY_ASKED", "/reach"),
    ("more badges than are named", {"type": "count", "at_least": 2, "achievements": ["a", "a"]}, "TOO_MANY_ASKED", "/at_least"),
    (
        "groups that ask for more than the whole",
        {"type": "k_of_n", "at_least": 1, "groups": [{"name": "A", "at_least": 2, "parts": [COACHING, COACHING]}]},
        "TOO_FEW_ASKED",
        "/at_least",
    ),
    ("deep inside", {"type": "all", "parts": [COACHING, {"type": "points", "at_least": -1}]}, "OUT_OF_BOUNDS", "/parts/1/at_least"),
    ("points of nothing", {"type": "points", "at_least": 0}, "NOTHING_ASKED", ""),
    ("a measure without a bound", {"type": "measure", "measure": "m"}, "NOTHING_ASKED", ""),
    ("not a number", {"type": "measure", "measure": "m", "at_least": float("nan")}, "NOT_A_NUMBER", "/at_least"),
    ("without end", {"type": "measure", "measure": "m", "at_least": float("inf")}, "NOT_A_NUMBER", "/at_least"),
    ("a number with an exponent", {"type": "measure", "measure": "m", "at_least": "1e9"}, "NOT_A_NUMBER", "/at_least"),
    ("a number that is huge", {"type": "measure", "measure": "m", "at_least": 10**4000}, "OUT_OF_BOUNDS", "/at_least"),
    ("a day that is none", {**COACHING, "valid_on": "2026-02-30"}, "NOT_A_DAY", "/valid_on"),
    ("two sources", {"type": "score", "at_least": 1, "parts": [{"name": "A", "measure": "m", "label": "l"}]}, "ONE_SOURCE", "/parts/0"),
    ("an empty name", {**COACHING, "name": " "}, "EMPTY", "/name"),
    ("a text too long", {**COACHING, "name": "x" * 2001}, "TOO_LONG", "/name"),
    ("a hidden character", {**COACHING, "name": "a\x00b"}, "HIDDEN_CHARACTERS", "/name"),
    ("half a character", {**COACHING, "name": "a\ud800b"}, "HIDDEN_CHARACTERS", "/name"),
    ("an issuer that is a number", {**COACHING, "issuers": [7]}, "NOT_AN_OBJECT", "/issuers/0"),
    (
        "a flag that is a word",
        {"type": "score", "at_least": 1, "no_zero": "yes", "parts": [{"name": "A", "label": "l"}]},
        "NOT_A_FLAG",
        "/no_zero",
    ),
]


@pytest.mark.parametrize(("document", "code", "path"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_is_no_requirement_is_refused_with_its_place(document: Any, code: str, path: str) -> None:
    with pytest.raises(RequirementError) as refused:
        parse(document)
    assert (refused.value.code, refused.value.path) == (code, path)
    assert refused.value.message.endswith(".")


def test_a_requirement_that_contains_itself_is_refused_as_too_deep() -> None:
    document: dict[str, Any] = {"type": "all", "parts": []}
    document["parts"].append(document)
    with pytest.raises(RequirementError) as refused:
        parse(document)
    assert refused.value.code == "TOO_DEEP"


def test_twelve_levels_are_read_and_thirteen_are_too_deep() -> None:
    def nested(levels: int) -> dict[str, Any]:
        return COACHING if not levels else {"type": "all", "parts": [nested(levels - 1)]}

    assert parse(nested(12))
    with pytest.raises(RequirementError, match="deep"):
        parse(nested(13))


def test_more_than_five_hundred_parts_are_refused_wherever_they_stand() -> None:
    many = {"type": "all", "parts": [{"type": "any", "parts": [COACHING] * 100}] * 6}
    with pytest.raises(RequirementError) as refused:
        parse(many)
    assert refused.value.code == "TOO_LARGE"


def test_the_work_is_bounded_when_a_small_document_unfolds_into_a_large_one() -> None:
    document: dict[str, Any] = COACHING
    for _ in range(11):
        document = {"type": "any", "parts": [document] * 50}
    with pytest.raises(RequirementError) as refused:
        parse(document)
    assert refused.value.code == "TOO_LARGE"


def test_what_is_not_asked_is_not_written() -> None:
    assert to_json(parse({**COACHING, "assurance_at_least": 0, "grace_days": 0})) == COACHING


def test_no_digit_of_a_weight_is_lost() -> None:
    document = {"type": "score", "at_least": "69.95", "parts": [{"name": "Practical", "measure": "m", "weight": 0.15}]}
    assert to_json(parse(document))["parts"][0]["weight"] == "0.15"
    assert to_json(parse(document))["at_least"] == "69.95"


def test_an_issuer_without_name_or_trust_is_written_as_its_id() -> None:
    issuers = ["did:web:a.example", {"id": "did:web:b.example", "name": "B", "assurance": 3}]
    assert to_json(parse({**COACHING, "issuers": issuers}))["issuers"] == issuers


def _agree(document: Any) -> None:
    accepted = jsonschema_rs.validator_for(schema()).is_valid(document)
    code = _code_of(document)
    assert accepted if code is None else not accepted or code in BEYOND_THE_SCHEMA, (document, code)


def _code_of(document: Any) -> str | None:
    """Why it is refused; None if it is read."""
    try:
        parse(document)
    except RequirementError as error:
        return error.code
    return None


@pytest.mark.parametrize("case", REFUSED, ids=[case[0] for case in REFUSED])
def test_the_schema_and_the_reader_agree_about_what_is_wrong(case: tuple[str, Any, str, str]) -> None:
    document = case[1]
    try:
        json.dumps(document, allow_nan=False, ensure_ascii=False).encode("utf-8")
    except (ValueError, UnicodeError):
        pytest.skip("Not JSON at all.")
    _agree(document)


@pytest.mark.parametrize("seed", range(4))
def test_the_schema_accepts_what_is_read_and_refuses_what_is_not(seed: int) -> None:
    random = Random(seed)
    validator = jsonschema_rs.validator_for(schema())
    for _ in range(100):
        document = some_rule(random)
        assert validator.is_valid(document), document
        assert validator.is_valid(to_json(parse(document)))
        _agree(_spoilt(document, random))


def _spoilt(document: dict[str, Any], random: Random) -> dict[str, Any]:
    """The same with one member changed for something else."""
    name = random.choice(sorted(document))
    value = random.choice([None, True, -1, 0, 7, 2.5, "", "x", [], {}, ["x"], 10**7, {"type": "all"}])
    spoilt = {**document, name: value}
    return spoilt if random.random() < 0.7 else {**document, random.choice(["parts", "groups", "minimums", "name", "extra"]): value}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(max_size=8) | st.sampled_from(["all", "any", "achievement"]),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "parts", "achievement", "issuers", "at_least", "name", "id"]), inside, max_size=4)
    ),
    max_leaves=8,
)


@given(_JSON)
def test_whatever_arrives_is_read_or_refused_and_the_schema_agrees(document: Any) -> None:
    _agree(document)
