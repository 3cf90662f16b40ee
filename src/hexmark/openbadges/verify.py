"""Verification of one credential, step by step, into a Report. Pure: time, network and canonicalisation arrive as arguments.

Every step runs whatever the others found, so that a person sees all that is right and all that is wrong at once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from hexmark.openbadges import dids, jose, ob2, schema
from hexmark.openbadges.checks import record
from hexmark.openbadges.checks.endorsements import check_endorsements
from hexmark.openbadges.checks.kind import Kind, kind_of, lifted
from hexmark.openbadges.checks.period import check_period
from hexmark.openbadges.checks.recipient import check_recipient
from hexmark.openbadges.checks.refresh import refresh_remarks
from hexmark.openbadges.checks.signature import Signature, check_signature
from hexmark.openbadges.checks.sources import QUESTIONS, Document, Sources, issuer_id, refusal
from hexmark.openbadges.checks.status import check_status
from hexmark.openbadges.checks.token import check_token
from hexmark.openbadges.checks.words import host_of
from hexmark.openbadges.errors import FormatError
from hexmark.openbadges.report import Axis, Check, Outcome, Report

__all__ = ["Sources", "verify_document", "verify_token"]

_ORDER = list(Axis)
#: Kind -> what is wrong with one; anything else is held to be a badge.
_PROBLEMS = {Kind.ENDORSEMENT: schema.endorsement_problems, Kind.LEARNER_RECORD: schema.record_problems}


def verify_document(document: Document, *, sources: Sources, at: datetime, recipient: str | None = None) -> Report:
    """What can be said about this document at this moment. Nothing is raised over a document, whatever it holds.

    `at` is an aware datetime; `recipient` an e-mail address to compare with the one in the document.

    Source: VCDM 2.0, 7.1; Open Badges 3.0, "Verification".
    """
    if kind_of(document) is Kind.OPEN_BADGES_2:
        return ob2.verify_open_badge_2(document, sources=sources, at=at, recipient=recipient)
    return _report(document, check_signature, sources=_bounded(sources, document), at=at, recipient=recipient)


def verify_token(token: str, *, sources: Sources, at: datetime, recipient: str | None = None) -> Report:
    """What can be said about this compact credential (JWT) at this moment: the same as about a document.

    Raises:
        FormatError: as `jose.read_jwt`: it cannot be read at all.
    Source: Open Badges 3.0, 8.2; W3C Securing VCs using JOSE and COSE, 3.1.
    """
    jwt = jose.read_jwt(token)
    if kind_of(jwt.credential) is Kind.OPEN_BADGES_2:
        return ob2.verify_signed_badge(token, sources=sources, at=at, recipient=recipient)
    return _report(jwt.credential, _token_check(jwt), sources=_bounded(sources, jwt.credential), at=at, recipient=recipient)


def _token_check(jwt: jose.Jwt) -> Callable[..., Signature]:
    def check(_: Document, *, sources: Sources, at: datetime) -> Signature:
        return check_token(jwt, sources=sources, at=at)

    return check


def _bounded(sources: Sources, document: Document) -> Sources:
    return sources.bounded(record.QUESTIONS if kind_of(document) is Kind.LEARNER_RECORD else QUESTIONS)


def _report(
    document: Document,
    check: Callable[..., Signature],
    *,
    sources: Sources,
    at: datetime,
    recipient: str | None,
    is_inside: bool = False,
) -> Report:
    # 1. What is it? Older kinds are named as such and never taken for altered.
    kind = kind_of(document)
    # 2. Integrity and issuer: is it what was signed, and whose key signed it?
    signature = check(document, sources=sources, at=at)
    # 3. Status: did the issuer take it back?
    status = check_status(document, sources=sources, at=at)
    # 4. Time: is it in date?
    time = check_period(document, at=at)
    # 5. Schema: does it say what Open Badges 3.0 demands?
    form, remarks = _check_schema(document, kind)
    # 6. Recipient: is it this person's? Only if asked.
    person = check_recipient(document, recipient)
    # 7. Endorsements: what do others say, and did they say it?
    endorsements = check_endorsements(document, sources=sources, at=at)
    # 8. Is there a newer version? Asked only of an issuer whose proof holds.
    newer = refresh_remarks(document, sources=sources, at=at) if signature.holds and not is_inside else []
    checks = [signature.integrity, signature.issuer, *status, *time, *form, *person, *endorsements]
    # 9. Is it a collection? Then each credential in it is asked the same, and its answers stand beside those of the whole.
    if kind is Kind.LEARNER_RECORD:
        inside, further = _inside(document, sources=sources, at=at, is_inside=is_inside)
        checks, remarks = sorted([*checks, *inside], key=lambda each: _ORDER.index(each.axis)), [*remarks, *further]
    return Report(tuple(checks), (*signature.remarks, *remarks, *_lookalike(document), *newer))


def _inside(document: Document, *, sources: Sources, at: datetime, is_inside: bool) -> tuple[list[Check], list[str]]:
    """What the credentials inside a record say. A record inside another one is not unfolded: each would multiply the work."""
    if is_inside:
        sentence = "It is a record itself, and what is inside it was not checked."
        return [Check(Axis.INTEGRITY, Outcome.UNKNOWN, sentence, record.UNCHECKED)], []
    return record.check_record(document, lambda embedded: _embedded_report(embedded, sources=sources, at=at))


def _embedded_report(document: Document, *, sources: Sources, at: datetime) -> Report:
    try:
        token = jose.enveloped(document)
        jwt = jose.read_jwt(token) if token is not None else None
    except FormatError as error:
        return Report((refusal(Axis.INTEGRITY, error),))
    inner, check = (jwt.credential, _token_check(jwt)) if jwt is not None else (document, check_signature)
    if kind_of(inner) is Kind.OPEN_BADGES_2:
        return ob2.verify_open_badge_2(inner, sources=sources, at=at)
    return _report(inner, check, sources=sources, at=at, recipient=None, is_inside=True)


def _check_schema(document: Document, kind: Kind) -> tuple[list[Check], list[str]]:
    """The checks, and remarks about what is allowed but unwise."""
    if kind is Kind.DATA_MODEL_1:
        document = lifted(document)
    found = _PROBLEMS.get(kind_of(document), schema.problems)(document)
    remarks = [f"{problem.message} ({problem.code})" for problem in found if problem.is_warning]
    failed = [
        Check(Axis.SCHEMA, Outcome.FAILED, f"Format: {problem.message}", problem.code, {"pointer": problem.pointer})
        for problem in found
        if not problem.is_warning
    ]
    return failed or [Check(Axis.SCHEMA, Outcome.PASSED, f"Format: {kind}.")], remarks


def _lookalike(document: Document) -> list[str]:
    issuer = issuer_id(document) or ""
    host = host_of(issuer)
    if host and dids.lookalike(f"https://{host}/"):
        return [f"The issuer's domain {host} holds letters that can look like others: compare it closely (LOOKALIKE)."]
    return []
