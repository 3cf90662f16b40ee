"""A learner record holds whole credentials, each with a proof of its own: every one is checked like any other that somebody shows.

The record's issuer vouches for the collection. So one inside that is altered, forged, revoked or malformed fails the record, and
one that could not be checked leaves it unknown. One that has expired does neither: that it was earned stays true, and the record
says until when it counted; it is only remarked on.

Source: Comprehensive Learner Record 2.0, ClrCredential and "Verification".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hexmark.openbadges.checks.sources import Document, issuer_id, items_of
from hexmark.openbadges.checks.words import who
from hexmark.openbadges.report import Axis, Check, Outcome, Report

#: Credentials of one record that are worked out, each some ten milliseconds. More are named as not checked.
EMBEDDED = 500
#: Addresses that a whole record may make us ask for: many issuers, each with a status list.
QUESTIONS = 64
CODE, UNCHECKED = "EMBEDDED", "EMBEDDED_UNCHECKED"
_NAMED = 3
#: Axis -> what can be said of those inside that passed it.
_PASSED = {
    Axis.INTEGRITY: "unchanged since they were signed",
    Axis.ISSUER: "by who they say",
    Axis.STATUS: "not taken back",
    Axis.SCHEMA: "of the form that they need",
}


@dataclass(frozen=True, slots=True)
class Embedded:
    """One credential inside, and what was found out about it."""

    credential: Document
    report: Report

    @property
    def title(self) -> str:
        """A name for it that a person can recognise, with its issuer's domain, which nobody can make up."""
        name, issuer = self.credential.get("name"), issuer_id(self.credential)
        return f"{name[:60] if isinstance(name, str) else 'one without a name'} by {who(issuer) if issuer else 'nobody'}"

    def outcome(self, axis: Axis) -> Outcome:
        """How it fared on an axis; an axis on which nothing was found out is unknown."""
        try:
            return self.report.check(axis).outcome
        except LookupError:
            return Outcome.UNKNOWN


def embedded_in(document: Document) -> list[object]:
    """Whatever stands inside the record as a credential."""
    subjects = [subject for subject in items_of(document.get("credentialSubject")) if isinstance(subject, Mapping)]
    return [each for subject in subjects for each in items_of(subject.get("verifiableCredential"))]


def check_record(document: Document, report_on: Callable[[Document], Report]) -> tuple[list[Check], list[str]]:
    """One check on each axis about all credentials inside, and remarks; `report_on` verifies one of them."""
    inside = embedded_in(document)
    found = [Embedded(each, report_on(each)) for each in inside[:EMBEDDED] if isinstance(each, Mapping)]
    checks = [_summary(axis, found) for axis in _PASSED] if found else []
    strange = sum(not isinstance(each, Mapping) for each in inside[:EMBEDDED])
    if strange:
        sentence = f"What stands inside as a credential is none, in {strange} places."
        checks.append(Check(Axis.SCHEMA, Outcome.FAILED, sentence, CODE))
    if len(inside) > EMBEDDED:
        sentence = f"Only the first {EMBEDDED} of {len(inside)} credentials inside were checked."
        checks.append(Check(Axis.INTEGRITY, Outcome.UNKNOWN, sentence, UNCHECKED))
    return checks, _remarks(document, found)


def _summary(axis: Axis, found: list[Embedded]) -> Check:
    failed = [each for each in found if each.outcome(axis) is Outcome.FAILED]
    unknown = [each for each in found if each.outcome(axis) is Outcome.UNKNOWN]
    details = {"inside": len(found), "failed": len(failed), "unknown": len(unknown)}
    if axis is Axis.INTEGRITY:
        details = {**details, "holding": sum(each.report.ok for each in found), "credentials": [_entry(each) for each in found]}  # type: ignore[dict-item]
    good = len(found) - len(failed) - len(unknown)
    words = f"Inside: {good} of {len(found)} credentials are {_PASSED[axis]}."
    if failed:
        return Check(axis, Outcome.FAILED, f"{words} Not so: {_named(failed, axis)}", CODE, details)
    if unknown:
        return Check(axis, Outcome.UNKNOWN, f"{words} Not known: {_named(unknown, axis)}", UNCHECKED, details)
    return Check(axis, Outcome.PASSED, words, details=details)


def _entry(embedded: Embedded) -> dict[str, str | None]:
    identifier = embedded.credential.get("id")
    return {
        "id": identifier if isinstance(identifier, str) else None,
        "title": embedded.title,
        "verdict": embedded.report.verdict.value,
    }


def _named(found: list[Embedded], axis: Axis) -> str:
    named = [f"{each.title} ({_sentence(each, axis)})" for each in found[:_NAMED]]
    return "; ".join(named) + (f"; and {len(found) - _NAMED} more." if len(found) > _NAMED else ".")


def _sentence(embedded: Embedded, axis: Axis) -> str:
    try:
        return embedded.report.check(axis).sentence.rstrip(".")
    except LookupError:
        return "it was not looked at"


def _remarks(document: Document, found: list[Embedded]) -> list[str]:
    remarks = []
    late = [each for each in found if each.outcome(Axis.TIME) is Outcome.FAILED]
    if late:
        names = "; ".join(each.title for each in late[:_NAMED])
        remarks.append(f"Of the {len(found)} credentials inside, {len(late)} are not in date: {names} (EMBEDDED_NOT_IN_DATE)")
    learners = {subject for each in found for subject in _subject_ids(each.credential)}
    others = learners - set(_subject_ids(document))
    if others and _subject_ids(document):
        remarks.append(f"Of the credentials inside, some name another holder than the record: {len(others)} other ids (EMBEDDED_SUBJECT)")
    return remarks


def _subject_ids(document: Document) -> list[str]:
    subjects = [subject for subject in items_of(document.get("credentialSubject")) if isinstance(subject, Mapping)]
    return [subject["id"] for subject in subjects if isinstance(subject.get("id"), str)]
