"""Requirements as people read them: what is met, what is missing and why, one pattern after the other."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from hexmark.requirements import (
    ConsentFact,
    CredentialFact,
    Explanation,
    Holdings,
    MeasureFact,
    PointsFact,
    ReviewMarkFact,
    TenureFact,
    Wording,
    evaluate,
    parse,
    references,
    sentence,
)

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
ACME = "https://acme.example/"
COACHING = {"type": "achievement", "achievement": f"{ACME}coaching", "name": "Coaching", "assurance_at_least": 3}
SAFETY = {"type": "achievement", "achievement": f"{ACME}safety", "name": "Safety", "assurance_at_least": 3}
TEAM_LEAD = {
    "type": "all",
    "parts": [
        COACHING,
        SAFETY,
        {"type": "tenure", "months_at_least": 18, "role": "field-engineer", "name": "Field engineer"},
        {"type": "review_mark", "at_least": 3},
        {"type": "consent", "by": "manager"},
    ],
}


def held(name: str, *, assurance: int = 3, since: datetime = datetime(2025, 1, 15, tzinfo=UTC), **more: Any) -> CredentialFact:
    return CredentialFact(f"urn:{name}", f"{ACME}{name}", name.title(), "did:web:acme.example", assurance, 0, since, **more)


def asked(document: dict[str, Any], *credentials: CredentialFact, **facts: Any) -> Explanation:
    return evaluate(parse(document), Holdings(credentials=credentials, **facts), NOW)


JO = Holdings(
    credentials=(held("coaching", valid_until=datetime(2027, 3, 3, tzinfo=UTC)), held("safety")),
    tenures=(TenureFact("field-engineer", date(2024, 5, 1)),),
    marks=(ReviewMarkFact("2025", Decimal(3), datetime(2026, 1, 20, tzinfo=UTC)),),
)


def test_all_but_consent_says_exactly_that() -> None:
    answer = evaluate(parse(TEAM_LEAD), JO, NOW)
    assert answer.summary == "4 of 5 shown; missing: consent of the manager (not given yet)."
    assert [one.what for one in answer.counted] == ["Coaching", "Safety", "since 1 May 2024", "a mark of 3 on 20 January 2026"]


def test_with_consent_it_is_met_until_the_first_part_lapses() -> None:
    consent = ConsentFact("manager", "", NOW)
    answer = evaluate(parse(TEAM_LEAD), Holdings(JO.credentials, (), JO.tenures, JO.marks, (consent,)), NOW)
    assert answer.summary == "Met; lapses on 3 March 2027."


WHY_NOT = [
    ({}, "not held"),
    ({"assurance": 2}, "counts as “Completed”; “Evidence judged” is needed"),
    ({"valid_until": datetime(2026, 3, 3, tzinfo=UTC)}, "expired on 3 March 2026"),
    ({"paused_at": datetime(2026, 2, 1, tzinfo=UTC)}, "paused by its issuer since 1 February 2026"),
    ({"ended_at": datetime(2026, 2, 1, tzinfo=UTC)}, "revoked by its issuer on 1 February 2026"),
    ({"since": datetime(2026, 4, 2, tzinfo=UTC)}, "held only from 2 April 2026"),
]


@pytest.mark.parametrize(("state", "why"), WHY_NOT, ids=[why for _, why in WHY_NOT])
def test_what_does_not_count_says_why(state: dict[str, Any], why: str) -> None:
    answer = asked(COACHING, held("coaching", **state)) if state else asked(COACHING)
    assert answer.summary == f"Missing: Coaching ({why})."


def test_waiting_is_named_where_waiting_helps() -> None:
    answer = asked({**COACHING, "held_for_months": 18}, held("coaching"))
    assert answer.summary == "Missing: Coaching (held for 14 of 18 months, enough from 15 July 2026)."
    assert answer.missing[0].met_from == datetime(2026, 7, 15, tzinfo=UTC)


def test_what_was_renewed_is_held_since_the_first_one() -> None:
    first = held("coaching", since=datetime(2023, 1, 1, tzinfo=UTC), valid_until=datetime(2025, 2, 1, tzinfo=UTC))
    assert asked({**COACHING, "held_for_months": 36}, first, held("coaching")).met


def test_the_nearest_reason_is_told_when_several_credentials_fail() -> None:
    expired = held("coaching", valid_until=datetime(2026, 3, 3, tzinfo=UTC))
    assert "expired" in asked(COACHING, held("coaching", assurance=1), expired).summary


def test_k_of_n_in_groups_names_what_is_left() -> None:
    rule = {
        "type": "k_of_n",
        "at_least": 3,
        "groups": [
            {
                "name": "Community",
                "at_least": 1,
                "parts": [{"type": "achievement", "achievement": f"{ACME}{one}", "name": one} for one in "ab"],
            },
            {"name": "Learning", "parts": [{"type": "achievement", "achievement": f"{ACME}{one}", "name": one} for one in "cd"]},
        ],
    }
    assert asked(rule, held("a"), held("c"), held("d")).met
    assert asked(rule, held("c"), held("d")).summary == "2 of 3 shown; missing: one from Community of: a; b (none shown)."
    assert asked(rule, held("a"), held("c")).summary == "2 of 3 shown; missing: one more of: b; d (2 of 3 shown)."


def test_a_step_above_a_missing_one_does_not_count() -> None:
    ladder = {
        "type": "ladder",
        "steps": [{"type": "achievement", "achievement": f"{ACME}{one}", "name": one} for one in ("one", "two", "three")],
    }
    answer = asked(ladder, held("one"), held("three"))
    assert (answer.met, answer.shown, answer.of) == (False, 1, 3)
    assert answer.summary == "1 of 3 shown; missing: two (not held); three (held, but it counts only after the step before it)."


def test_999_points_are_not_1000() -> None:
    rule = {"type": "points", "at_least": 1000}
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert asked(rule, points=(PointsFact("a", "talk", Decimal(999), at),)).summary == "Missing: 1,000 points (999 of 1,000 points)."
    assert asked(rule, points=(PointsFact("a", "talk", Decimal(999), at), PointsFact("b", "talk", Decimal(1), at))).met


def test_points_need_at_least_one_of_each_kind_that_is_named() -> None:
    rule = {"type": "points", "at_least": 40, "minimums": [{"name": "talk", "at_least": 1}, {"name": "course", "at_least": 1}]}
    talks = tuple(PointsFact(str(number), "talk", Decimal(20), NOW) for number in range(3))
    assert "0 of 1 from course" in asked(rule, points=talks).summary
    assert asked(rule, points=(*talks, PointsFact("c", "course", Decimal(10), NOW))).met


PARTNER = {
    "type": "score",
    "at_least": 70,
    "no_zero": True,
    "parts": [{"name": name, "measure": name.lower(), "most": 40} for name in ("Performance", "Skilling", "Success")],
}


@pytest.mark.parametrize(
    ("values", "met", "words"),
    [
        ((35, 40, 0), False, "Success is 0, which may not be"),
        ((20, 30, 20), True, "Met."),
        ((20, 29, 20), False, "a score of 69, 70 is needed"),
    ],
)
def test_a_score_has_a_minimum_and_no_zero(values: tuple[int, int, int], met: bool, words: str) -> None:
    names = ("performance", "skilling", "success")
    facts = tuple(MeasureFact(name, Decimal(value), NOW) for name, value in zip(names, values, strict=True))
    answer = asked(PARTNER, measures=facts)
    assert answer.met is met
    assert words in answer.summary


@pytest.mark.parametrize(("scores", "met"), [((80, 70, 60), True), (("79.2", 70, 60), False)])
def test_a_weighted_practical_is_75_or_it_is_not(scores: tuple[Any, ...], met: bool) -> None:
    weights = ("0.7", "0.15", "0.15")
    parts = [{"name": f"Part {place}", "measure": f"m{place}", "weight": weight} for place, weight in enumerate(weights)]
    facts = tuple(MeasureFact(f"m{place}", Decimal(score), NOW) for place, score in enumerate(scores))
    assert asked({"type": "score", "at_least": 75, "parts": parts}, measures=facts).met is met


def test_a_composite_lapses_with_its_first_part() -> None:
    instructor = {"type": "all", "parts": [COACHING, SAFETY]}
    soon, later = datetime(2026, 4, 20, tzinfo=UTC), datetime(2027, 4, 20, tzinfo=UTC)
    assert asked(instructor, held("coaching", valid_until=later), held("safety", valid_until=soon)).lapses_on == soon
    either = {**instructor, "type": "any"}
    assert asked(either, held("coaching", valid_until=later), held("safety", valid_until=soon)).lapses_on == later


def foreign(**more: Any) -> CredentialFact:
    given = {"assurance": 4, "foreign": True, **more}
    return CredentialFact(
        ref="urn:f", achievement=f"{ACME}coaching", name="Coaching", issuer="https://f.example", level=0, held_from=NOW, **given
    )


def test_a_foreign_credential_counts_only_where_its_issuer_is_named() -> None:
    rule = {"type": "achievement", "achievement": f"{ACME}coaching", "name": "Coaching"}
    assert asked(rule, foreign()).summary == "Missing: Coaching (https://f.example is not a trusted issuer)."
    assert asked({**rule, "issuers": ["https://f.example"]}, foreign()).met


def test_a_foreign_credential_is_assured_as_far_as_its_issuer_is_trusted() -> None:
    def trusting(assurance: int) -> dict[str, Any]:
        return {**COACHING, "issuers": [{"id": "https://f.example", "name": "F", "assurance": assurance}]}

    assert asked(trusting(3), foreign()).met
    assert "counts as “Completed”" in asked(trusting(2), foreign()).summary
    assert "counts as “Took part”" in asked(trusting(3), foreign(assurance=1)).summary


def test_the_sentence_reads_as_english() -> None:
    assert sentence(parse(TEAM_LEAD)) == (
        "All of: Coaching (Evidence judged or better); Safety (Evidence judged or better); 18 months as Field engineer; "
        "a mark of 3 or above in the latest review; consent of the manager"
    )
    many = {"type": "count", "at_least": 3, "labels": ["Safety"], "max_age_months": 24}
    assert sentence(parse(many)) == "3 badges with the label Safety (from the last 2 years)"
    assert sentence(parse(many), wording=Wording({}, "Weasel", "Weasels")) == "3 Weasels with the label Safety (from the last 2 years)"


def test_names_are_taken_from_whoever_knows_them() -> None:
    assert sentence(parse(COACHING), {f"{ACME}coaching": "Coaching 2"}) == "Coaching 2 (Evidence judged or better)"
    assert references(parse(TEAM_LEAD)) == {f"{ACME}coaching", f"{ACME}safety", "field-engineer"}


def test_the_answer_as_json_holds_everything_that_was_said() -> None:
    answer = evaluate(parse(TEAM_LEAD), JO, NOW).to_json()
    assert answer["met"] is False
    assert answer["missing"] == [{"kind": "consent", "what": "consent of the manager", "why": "not given yet"}]
    assert answer["counted"][0] == {
        "ref": "urn:coaching",
        "kind": "credential",
        "what": "Coaching",
        "since": "2025-01-15T00:00:00+00:00",
        "lapses_on": "2027-03-03T00:00:00+00:00",
    }
