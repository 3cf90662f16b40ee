"""What holds for every requirement and everybody's holdings: tried on ten thousand random ones, from fixed seeds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from tests.requirements.anything import NOW, also_holding, some_credential, some_holdings, some_rule
from tests.requirements.oracle import is_met

from hexmark.requirements import Explanation, Holdings, evaluate, evaluate_many, parse, preview, references, sentence, to_json
from hexmark.requirements.rules import AllOf, AnyOf, KOfN, parts_of

SEEDS = range(20)
_EACH = 500


def _cases(seed: int, count: int = _EACH) -> Iterator[tuple[dict[str, Any], Holdings]]:
    random = Random(seed)
    for _ in range(count):
        yield some_rule(random), some_holdings(random)


@pytest.mark.parametrize("seed", SEEDS)
def test_ten_thousand_random_rules_are_answered_as_by_a_second_plainer_program(seed: int) -> None:
    met = 0
    for document, holdings in _cases(seed):
        expected = is_met(document, holdings, NOW)
        explanation = evaluate(parse(document), holdings, NOW)
        assert explanation.met is expected, (document, holdings)
        _is_honest(explanation)
        met += expected
    # A test that nearly always sees the same answer would not see much.
    assert 0.15 < met / _EACH < 0.85


def _is_honest(explanation: Explanation) -> None:
    """Never says met when it is not, and always says what is missing when it is not."""
    assert explanation.summary.startswith("Met") is explanation.met
    assert bool(explanation.missing) is not explanation.met
    assert (explanation.shown == explanation.of) is explanation.met
    assert 0 <= explanation.shown <= explanation.of
    assert explanation.lapses_on is None or (explanation.met and explanation.lapses_on >= NOW)
    for part in explanation.parts:
        _is_honest(part)


@pytest.mark.parametrize("seed", range(4))
def test_many_are_answered_as_each_alone(seed: int) -> None:
    random = Random(seed)
    people = {number: some_holdings(random) for number in range(25)}
    for _ in range(60):
        rule = parse(some_rule(random))
        answers = evaluate_many(rule, people, NOW)
        assert {key for key, answer in answers.items() if answer.met} == answers.met
        assert len(answers) == len(people)


@pytest.mark.parametrize("seed", range(4))
def test_one_more_credential_never_takes_away_what_was_met(seed: int) -> None:
    random = Random(seed)
    for document, holdings in _cases(seed):
        rule = parse(document)
        richer = also_holding(holdings, some_credential(random))
        assert evaluate(rule, richer, NOW).met or not evaluate(rule, holdings, NOW).met


@pytest.mark.parametrize("seed", range(4))
def test_a_composite_agrees_with_its_parts(seed: int) -> None:
    for document, holdings in _cases(seed):
        rule = parse(document)
        parts = [evaluate(part, holdings, NOW).met for part in parts_of(rule)]
        whole = evaluate(rule, holdings, NOW).met
        if isinstance(rule, AllOf):
            assert whole is all(parts)
        if isinstance(rule, AnyOf):
            assert whole is any(parts)
        if isinstance(rule, KOfN) and not rule.groups:
            assert whole is (sum(parts) >= rule.at_least)


@pytest.mark.parametrize("seed", range(4))
def test_what_lapses_is_still_met_at_the_last_moment_and_is_said_to_be_nothing_later(seed: int) -> None:
    lapsing = 0
    for document, holdings in _cases(seed):
        rule = parse(document)
        answer = evaluate(rule, holdings, NOW)
        if answer.lapses_on is None:
            continue
        # Only what is held today: facts that begin later may carry it on, or replace a mark or a measure.
        today = _only_past(holdings)
        assert evaluate(rule, today, answer.lapses_on).met, (document, holdings)
        if not _may_ripen(document):
            assert not evaluate(rule, today, answer.lapses_on + timedelta(microseconds=1)).met, (document, holdings)
            lapsing += 1
    assert lapsing > 15


def _only_past(holdings: Holdings) -> Holdings:
    def past(facts: Any) -> Any:
        return tuple(fact for fact in facts if getattr(fact, "at", getattr(fact, "held_from", NOW)) <= NOW)

    return Holdings(
        past(holdings.credentials),
        past(holdings.points),
        holdings.tenures,
        past(holdings.marks),
        past(holdings.consents),
        past(holdings.measures),
        holdings.attributes,
    )


def _may_ripen(document: dict[str, Any]) -> bool:
    """Time alone can make more of it come true."""
    return "held_for_months" in json.dumps(document) or "tenure" in json.dumps(document)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_written_is_read_back_the_same(seed: int) -> None:
    for document, _ in _cases(seed):
        rule = parse(document)
        written = json.loads(json.dumps(to_json(rule)))
        assert parse(written) == rule
        assert to_json(parse(written)) == written
        assert sentence(rule)
        assert all(isinstance(one, str) for one in references(rule))


def test_a_preview_says_who_gains_and_who_loses() -> None:
    random = Random(5)
    people = {number: some_holdings(random) for number in range(40)}
    before, after = parse(some_rule(random)), parse({"type": "any", "parts": [some_rule(random), some_rule(random)]})
    change = preview(before, after, people, NOW)
    then = {key for key, held in people.items() if evaluate(before, held, NOW).met}
    now = {key for key, held in people.items() if evaluate(after, held, NOW).met}
    assert (set(change.gain), set(change.lose), change.keep) == (now - then, then - now, len(now & then))
    assert change.meets == len(now)
    assert change.of == 40
