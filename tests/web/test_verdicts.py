"""What the strip at the head of a page says about a report."""

from __future__ import annotations

from typing import Any

import pytest

from hexmark.openbadges.report import Axis, Check, Outcome, Report
from hexmark.web.verifying import lines_of, strip_of

PASSED, FAILED, UNKNOWN, SKIPPED = Outcome.PASSED, Outcome.FAILED, Outcome.UNKNOWN, Outcome.SKIPPED
ISSUER = {"issuer": "did:web:acme.example:o:acme"}


def report(**changed: Check) -> Report:
    """A report on a good badge without a status, with other checks in their places."""
    good = {
        "integrity": Check(Axis.INTEGRITY, PASSED, "Content unchanged since it was signed."),
        "issuer": Check(Axis.ISSUER, PASSED, "The issuer's identity: acme.example controls this key.", details=ISSUER),
        "status": Check(Axis.STATUS, SKIPPED, "The issuer declared no way to take this badge back."),
        "time": Check(Axis.TIME, PASSED, "In date: it does not expire."),
        "schema": Check(Axis.SCHEMA, PASSED, "Format: Open Badges 3.0."),
    }
    return Report(tuple((good | changed).values()))


def failed(axis: Axis, code: str, **details: Any) -> Check:
    """A failed check."""
    return Check(axis, FAILED, f"It failed: {code}", code, details)


def test_a_good_badge_is_summed_up_in_three_sentences() -> None:
    strip = strip_of(report())
    assert (strip.state, strip.title) == ("verified", "Verified")
    assert strip.sentence == (
        "Signed by acme.example/o/acme and unchanged since. The issuer declared no way to take this badge back. "
        "In date: it does not expire."
    )


def test_a_name_that_we_know_ourselves_stands_before_the_identity() -> None:
    assert strip_of(report(), issuer_name="Acme").sentence.startswith("Signed by Acme (acme.example/o/acme) and unchanged since.")


@pytest.mark.parametrize(
    ("axis", "code", "state"),
    [
        (Axis.STATUS, "REVOKED", "revoked"),
        (Axis.STATUS, "SUSPENDED", "paused"),
        (Axis.STATUS, "STATUS_LIST_LENGTH", "not valid"),
        (Axis.TIME, "EXPIRED", "expired"),
        (Axis.TIME, "NOT_YET_VALID", "not valid"),
        (Axis.INTEGRITY, "PROOF", "not valid"),
        (Axis.RECIPIENT, "RECIPIENT_MISMATCH", "not valid"),
    ],
)
def test_one_cause_gives_the_state_its_word(axis: Axis, code: str, state: str) -> None:
    assert strip_of(report(**{axis.value: failed(axis, code)})).state == state


def test_what_was_revoked_and_forged_is_not_called_revoked() -> None:
    both = report(status=failed(Axis.STATUS, "REVOKED"), integrity=failed(Axis.INTEGRITY, "PROOF"))
    strip = strip_of(both)
    assert strip.state == "not valid"
    assert "unchanged since" not in strip.sentence


def test_a_revoked_badge_whose_signer_could_not_be_asked_is_not_called_genuine() -> None:
    unsure = report(status=failed(Axis.STATUS, "REVOKED"), issuer=Check(Axis.ISSUER, UNKNOWN, "Not reached.", "DNS"))
    assert "unchanged since" not in strip_of(unsure).sentence


def test_an_unknown_answer_is_never_green_and_says_what_is_unknown() -> None:
    strip = strip_of(report(status=Check(Axis.STATUS, UNKNOWN, "Whether it was revoked could not be checked.", "DNS")))
    assert strip.state == "unknown"
    assert strip.title == "Could not be checked completely"
    assert strip.sentence == "Whether it was revoked could not be checked."


def test_what_is_wrong_with_the_form_is_said_only_where_nothing_else_is_wrong() -> None:
    form = failed(Axis.SCHEMA, "SCHEMA")
    assert "SCHEMA" in strip_of(report(schema=form)).sentence
    assert "SCHEMA" not in strip_of(report(schema=form, integrity=failed(Axis.INTEGRITY, "PROOF"))).sentence


def test_a_recipient_who_matches_is_said_so() -> None:
    own = Report((*report().checks, Check(Axis.RECIPIENT, PASSED, "The recipient is the person with this e-mail address.")))
    assert strip_of(own).sentence.endswith("The recipient is the person with this e-mail address.")


def test_both_questions_of_status_have_titles_of_their_own() -> None:
    lists = [Check(Axis.STATUS, PASSED, "No.", details={"purpose": purpose}) for purpose in ("revocation", "suspension", "refresh")]
    assert [line.axis for line in lines_of(Report(tuple(lists)))] == ["Revocation", "Pause", "Status"]
