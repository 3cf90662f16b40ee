"""Verification of one badge of version 2, step by step, into the same Report as any other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hexmark.openbadges import dids, jws, limits, strict_json
from hexmark.openbadges.checks.recipient import check_recipient
from hexmark.openbadges.checks.sources import Document, Sources, refusal, unknown
from hexmark.openbadges.checks.words import day, host_of, who
from hexmark.openbadges.errors import FormatError, Unreachable
from hexmark.openbadges.ob2 import form, hosting, moments
from hexmark.openbadges.ob2.parts import Part, badge_class_of, hosted_part, id_of, is_same, is_stub, issuer_of, says_signed, types_of
from hexmark.openbadges.ob2.revocation import check_hosted_status, check_listed_status
from hexmark.openbadges.ob2.signing import check_signed
from hexmark.openbadges.report import Axis, Check, Outcome, Report
from hexmark.openbadges.schema.problem import Problem

_NAME = "Open Badges 2.0"
#: Faults of an answer, not of the badge: another answer, later, may not have them.
_NO_ANSWER = frozenset({"PARSING_ERROR", "PAYLOAD_TOO_LARGE"})


@dataclass(frozen=True, slots=True)
class _Chain:
    """What the report is about: the assertion that decides, with its BadgeClass and issuer."""

    assertion: Document
    badge_class: Part
    issuer: Part


def verify_open_badge_2(document: Document, *, sources: Sources, at: datetime, recipient: str | None = None) -> Report:
    """What can be said about this hosted badge at this moment. Nothing is raised over a document, whatever it holds.

    Source: Open Badges 2.0, "Hosted Badges".
    """
    sources = sources.bounded()
    if "Assertion" not in types_of(document):
        return _no_award()
    if says_signed(document):
        sentence = "This badge is of the signed kind, but stands here without its signature."
        return _report(
            _chain(document, sources),
            (Check(Axis.INTEGRITY, Outcome.FAILED, sentence, "NO_PROOF"), _nobody()),
            Check(Axis.STATUS, Outcome.UNKNOWN, "Whether it was revoked was not checked.", "NO_PROOF"),
            at=at,
            recipient=recipient,
        )
    # 1. The issuer's server is asked, and what it answers decides from here on.
    hosted = hosted_part(document, "badge", sources=sources)
    chain = _chain(hosted.document if hosted.document is not None else document, sources)
    integrity = _hosted_integrity(document, hosted)
    issuer = _hosted_issuer(hosted, chain.issuer)
    status = check_hosted_status(hosted, at=at)
    remarks = _more(document, hosted, integrity)
    return _report(chain, (integrity, issuer), status, at=at, recipient=recipient, remarks=remarks)


def verify_signed_badge(token: str, *, sources: Sources, at: datetime, recipient: str | None = None) -> Report:
    """What can be said about this compact JWS whose payload is an assertion of version 2, at this moment.

    Raises:
        FormatError: it is no compact JWS, or its payload no JSON object, so that there is nothing to report about.
    Source: Open Badges 2.0, "Signed Badges".
    """
    sources = sources.bounded()
    parts = jws.split(token)
    assertion = strict_json.parse(parts.payload)
    if "Assertion" not in types_of(assertion):
        return _no_award()
    chain = _chain(assertion, sources)
    integrity, issuer = check_signed(parts, assertion, chain.issuer, sources=sources)
    status = check_listed_status(assertion, chain.issuer, sources=sources, at=at)
    return _report(chain, (integrity, issuer), status, at=at, recipient=recipient)


def _chain(assertion: Document, sources: Sources) -> _Chain:
    badge_class = badge_class_of(assertion, sources=sources)
    return _Chain(assertion, badge_class, issuer_of(badge_class, sources=sources))


def _hosted_integrity(document: Document, hosted: Part) -> Check:
    before = "Whether this is what the issuer published could not be checked: "
    if hosted.document is None:
        assert hosted.error is not None
        return _not_had(Axis.INTEGRITY, hosted.error, before)
    if not is_same(id_of(hosted.document), hosted.url):
        return Check(Axis.INTEGRITY, Outcome.FAILED, "Another badge stands at the address of this one.", "HOSTED_DIFFERS")
    differing = hosting.differing_members(document, hosted.document)
    if differing:
        words = ", ".join(name[:40] for name in differing[:5])
        sentence = f"The issuer's server shows this badge with other content than here: {words}."
        return Check(Axis.INTEGRITY, Outcome.FAILED, sentence, "HOSTED_DIFFERS", {"members": differing[:20]})
    return Check(Axis.INTEGRITY, Outcome.PASSED, "The issuer's server shows this badge as it is here.", details={"hosted": hosted.url})


def _hosted_issuer(hosted: Part, issuer: Part) -> Check:
    before = "Who issued this could not be checked: "
    if hosted.document is None or hosted.url is None:
        assert hosted.error is not None
        return unknown(Axis.ISSUER, hosted.error, before)
    if issuer.document is None or issuer.url is None:
        assert issuer.error is not None
        return _not_had(Axis.ISSUER, issuer.error, before)
    details = {"issuer": issuer.url, "hosted": hosted.url}
    if not is_same(id_of(issuer.document), issuer.url):
        sentence = f"Another profile than its own stands at the address of the issuer {who(issuer.url)}."
        return Check(Axis.ISSUER, Outcome.FAILED, sentence, "ISSUER_DIFFERS", details)
    if not hosting.is_in_scope(hosted.url, issuer.url, issuer.document):
        sentence = f"It stands at {who(hosted.url)}, where its issuer {who(issuer.url)} publishes no badges."
        return Check(Axis.ISSUER, Outcome.FAILED, sentence, "ISSUER_SCOPE", details)
    return Check(
        Axis.ISSUER, Outcome.PASSED, f"The issuer's identity: it stands where {who(issuer.url)} publishes its badges.", details=details
    )


def _not_had(axis: Axis, error: FormatError | Unreachable, before: str) -> Check:
    if isinstance(error, Unreachable) or error.code in _NO_ANSWER:
        return unknown(axis, error, before)
    return refusal(axis, error, before)


def _more(document: Document, hosted: Part, integrity: Check) -> list[str]:
    """That the issuer's copy has members which this one lacks is worth saying: a person looks at this one."""
    if hosted.document is None or integrity.outcome is not Outcome.PASSED or is_stub(document):
        return []
    more = sorted(name for name in hosted.document.keys() - document.keys() if name not in ("@context", "revoked"))
    return [f"The issuer's server says more about this badge than stands here: {', '.join(more[:5])[:200]}."] if more else []


def _report(
    chain: _Chain, signature: tuple[Check, Check], status: Check, *, at: datetime, recipient: str | None, remarks: list[str] | None = None
) -> Report:
    problems, unread = _form(chain)
    failed = [
        Check(Axis.SCHEMA, Outcome.FAILED, f"Format: {each.message}", each.code, {"pointer": each.pointer})
        for each in problems
        if not each.is_warning
    ]
    schema = [*failed, *unread] or [Check(Axis.SCHEMA, Outcome.PASSED, f"Format: {_NAME}.")]
    warnings = [f"{each.message} ({each.code})" for each in problems if each.is_warning]
    host = host_of(chain.issuer.url or "")
    if host and dids.lookalike(f"https://{host}/"):
        warnings.append(f"The issuer's domain {host} holds letters that can look like others: compare it closely (LOOKALIKE).")
    checks = (*signature, status, _period(chain.assertion, at), *schema, *_recipient(chain.assertion, recipient), _endorsements(chain))
    return Report(checks, (*(remarks or []), *warnings))


def _form(chain: _Chain) -> tuple[list[Problem], list[Check]]:
    """The problems of each part, and a check for each part that could not be had."""
    found = form.assertion_problems(chain.assertion)
    unread = []
    for name, part, problems in (
        ("BadgeClass", chain.badge_class, form.badge_class_problems),
        ("issuer's profile", chain.issuer, form.issuer_problems),
    ):
        if part.document is not None:
            found += problems(part.document)
            if part.url is not None and not is_same(id_of(part.document), part.url):
                found.append(Problem("/id", f"At the address of the {name} stands another one."))
        elif part.error is not None:
            unread.append(_not_had(Axis.SCHEMA, part.error, f"Of this badge of {_NAME}, the {name} could not be read: "))
    return found, unread


def _period(assertion: Document, at: datetime) -> Check:
    try:
        begins = moments.parse(assertion["issuedOn"]) if assertion.get("issuedOn") is not None else None
        ends = moments.parse(assertion["expires"]) if assertion.get("expires") is not None else None
    except FormatError as error:
        return refusal(Axis.TIME, error)
    if begins is None and ends is None:
        return Check(Axis.TIME, Outcome.SKIPPED, "The badge names no time at which it was issued or expires.")
    if begins is not None and begins > at + timedelta(seconds=limits.CLOCK_SKEW_SECONDS):
        return Check(Axis.TIME, Outcome.FAILED, f"Not valid yet: it is dated {day(begins)}.", "NOT_YET_VALID")
    if ends is not None and ends < at:
        return Check(Axis.TIME, Outcome.FAILED, f"Expired on {day(ends)}.", "EXPIRED", {"expires": ends.isoformat()})
    return Check(Axis.TIME, Outcome.PASSED, f"In date: valid until {day(ends)}." if ends is not None else "In date: it does not expire.")


def _recipient(assertion: Document, email: str | None) -> list[Check]:
    """Compared like that of a newer badge, which has the same members by other names."""
    recipient = assertion.get("recipient")
    if not isinstance(recipient, dict) or recipient.get("type") not in ("email", "schema:email"):
        return check_recipient({}, email)
    identity = {
        "identityType": "emailAddress",
        "identityHash": recipient.get("identity"),
        "hashed": recipient.get("hashed"),
        "salt": recipient.get("salt") or "",
    }
    return check_recipient({"credentialSubject": {"identifier": [identity]}}, email)


def _endorsements(chain: _Chain) -> Check:
    parts = (chain.assertion, chain.badge_class.document, chain.issuer.document)
    if any(part is not None and part.get("endorsement") for part in parts):
        sentence = f"Endorsements of {_NAME} cannot be checked here yet."
        return Check(Axis.ENDORSEMENTS, Outcome.UNKNOWN, sentence, "ENDORSEMENT_UNCHECKED")
    return Check(Axis.ENDORSEMENTS, Outcome.SKIPPED, "Nobody has endorsed this.")


def _nobody() -> Check:
    return Check(Axis.ISSUER, Outcome.UNKNOWN, "Without a signature, nobody stands for this document.", "ISSUER_UNBOUND")


def _no_award() -> Report:
    """A BadgeClass by itself: it says what can be earned, and nobody who did."""
    sentence = f"This describes a badge of {_NAME}, but awards it to nobody."
    nothing = "There is no award in it that could be checked."
    return Report(
        (
            Check(Axis.INTEGRITY, Outcome.UNKNOWN, nothing, "NOT_AN_AWARD"),
            Check(Axis.ISSUER, Outcome.UNKNOWN, nothing, "NOT_AN_AWARD"),
            Check(Axis.SCHEMA, Outcome.FAILED, f"Format: {sentence}", "NOT_AN_AWARD"),
        )
    )
