"""The verdict is drawn from the checks in one way, and nobody can mistake a report for a yes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.openbadges.report import DECIDING, Axis, Check, NotVerified, Outcome, Report, Verdict


def check(axis: Axis, outcome: Outcome = Outcome.PASSED, sentence: str = "So it is.", code: str | None = None) -> Check:
    return Check(axis, outcome, sentence, code)


def report(**outcomes: Outcome) -> Report:
    """All deciding axes passed, except where said otherwise."""
    made = {axis.value: Outcome.PASSED for axis in DECIDING} | outcomes
    return Report(tuple(check(Axis(axis), outcome) for axis, outcome in made.items()))


def test_a_report_is_not_a_boolean():
    with pytest.raises(TypeError, match=r"report\.ok"):
        bool(report())
    with pytest.raises(TypeError):
        assert not report(status=Outcome.FAILED)


def test_all_deciding_checks_passed_is_verified():
    assert report().verdict is Verdict.VERIFIED
    assert report().ok


@pytest.mark.parametrize("axis", ["status", "time"])
def test_nothing_declared_about_status_or_time_is_verified(axis):
    assert report(**{axis: Outcome.SKIPPED}).ok


@pytest.mark.parametrize("axis", ["integrity", "issuer", "schema"])
def test_a_skipped_proof_issuer_or_schema_is_never_verified(axis):
    assert report(**{axis: Outcome.SKIPPED}).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("axis", [axis.value for axis in DECIDING])
def test_an_unknown_deciding_check_makes_the_verdict_unknown(axis):
    assert report(**{axis: Outcome.UNKNOWN}).verdict is Verdict.UNKNOWN
    assert not report(**{axis: Outcome.UNKNOWN}).ok


@pytest.mark.parametrize("axis", ["recipient", "endorsements"])
def test_recipient_and_endorsements_may_stay_unanswered(axis):
    assert report(**{axis: Outcome.UNKNOWN}).ok
    assert report(**{axis: Outcome.SKIPPED}).ok


@pytest.mark.parametrize("axis", [axis.value for axis in Axis])
def test_one_failure_anywhere_is_not_valid_whatever_is_unknown_beside_it(axis):
    others = {other.value: Outcome.UNKNOWN for other in DECIDING}
    assert report(**(others | {axis: Outcome.FAILED})).verdict is Verdict.NOT_VALID


@pytest.mark.parametrize("axis", DECIDING)
def test_a_missing_deciding_check_is_never_verified(axis):
    checks = tuple(check(other) for other in DECIDING if other is not axis)
    assert Report(checks).verdict is Verdict.UNKNOWN
    assert Report(()).verdict is Verdict.UNKNOWN


def test_failed_and_unknown_name_each_axis_once_in_order():
    made = Report(
        (
            check(Axis.STATUS, Outcome.FAILED),
            check(Axis.STATUS, Outcome.FAILED),
            check(Axis.ISSUER, Outcome.UNKNOWN),
            check(Axis.STATUS, Outcome.UNKNOWN),
            check(Axis.TIME, Outcome.FAILED),
        )
    )
    assert made.failed == ["status", "time"]
    assert made.unknown == ["issuer", "status"]
    assert made.axes(Outcome.PASSED) == []


def test_require_is_silent_when_verified():
    assert report().require() is None


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.UNKNOWN])
def test_require_raises_with_the_report_and_its_sentences(outcome):
    bad = Report((*report().checks[:-1], check(Axis.SCHEMA, outcome, "The name is missing.")))
    with pytest.raises(NotVerified, match=r"The name is missing\.") as raised:
        bad.require()
    assert raised.value.report is bad


def test_the_check_of_an_axis_is_its_worst():
    passed, unknown, failed = (check(Axis.STATUS, outcome) for outcome in (Outcome.PASSED, Outcome.UNKNOWN, Outcome.FAILED))
    assert Report((passed, unknown, failed)).check(Axis.STATUS) is failed
    assert Report((passed, unknown)).check(Axis.STATUS) is unknown
    assert Report((passed,)).check(Axis.STATUS) is passed


def test_the_check_of_an_axis_that_nobody_asked_about_is_an_error():
    with pytest.raises(LookupError, match="recipient"):
        report().check(Axis.RECIPIENT)


def test_a_report_is_plain_json():
    made = Report((Check(Axis.STATUS, Outcome.FAILED, "Revoked.", "REVOKED", {"index": 7}),), ("Look closely.",))
    assert json.loads(json.dumps(made.to_json())) == {
        "verdict": "not valid",
        "checks": [{"axis": "status", "outcome": "failed", "sentence": "Revoked.", "code": "REVOKED", "details": {"index": 7}}],
        "warnings": ["Look closely."],
    }


CHECKS = st.lists(st.builds(Check, st.sampled_from(Axis), st.sampled_from(Outcome), st.just("So it is.")), max_size=12)


@given(CHECKS)
def test_verified_always_means_that_every_deciding_axis_was_answered_well(checks):
    made = Report(tuple(checks))
    if made.ok:
        assert made.failed == []
        for axis in DECIDING:
            assert made.check(axis).outcome in {Outcome.PASSED, Outcome.SKIPPED}
        for axis in (Axis.INTEGRITY, Axis.ISSUER, Axis.SCHEMA):
            assert {c.outcome for c in checks if c.axis is axis} == {Outcome.PASSED}


@given(CHECKS, st.sampled_from(Axis))
def test_no_further_check_ever_heals_a_failure(checks, axis):
    failed = Report((*checks, check(Axis.STATUS, Outcome.FAILED)))
    assert failed.verdict is Verdict.NOT_VALID
    assert Report((*failed.checks, check(axis))).verdict is Verdict.NOT_VALID


@given(CHECKS)
def test_the_order_of_checks_does_not_change_the_verdict(checks):
    assert Report(tuple(checks)).verdict is Report(tuple(reversed(checks))).verdict
