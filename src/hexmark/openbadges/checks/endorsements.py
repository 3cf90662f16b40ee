"""What third parties say about the badge, its achievement or its issuer: each endorsement is a credential with a proof of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from hexmark.openbadges import jose
from hexmark.openbadges.checks.period import check_period
from hexmark.openbadges.checks.signature import Signature, check_signature
from hexmark.openbadges.checks.sources import Document, Sources, issuer_id, items_of
from hexmark.openbadges.checks.token import check_token
from hexmark.openbadges.checks.words import who
from hexmark.openbadges.errors import FormatError
from hexmark.openbadges.jose import Jwt
from hexmark.openbadges.report import Axis, Check, Outcome

#: Endorsements of one credential that are worked out.
ENDORSEMENTS = 10
CODE = "ENDORSEMENT"
UNCHECKED = "ENDORSEMENT_UNCHECKED"


def check_endorsements(document: Document, *, sources: Sources, at: datetime) -> list[Check]:
    """One check for each endorsement inside the document; a single skipped one if there is none.

    Integrity and issuer of an endorsement decide; one whose proof does not hold fails the document, which vouches for it.
    """
    found = _found_in(document)
    checks = [_check(endorsement, sources=sources, at=at) for endorsement in found[:ENDORSEMENTS]]
    if len(found) > ENDORSEMENTS:
        sentence = f"Only the first {ENDORSEMENTS} endorsements of {len(found)} were checked."
        checks.append(Check(Axis.ENDORSEMENTS, Outcome.UNKNOWN, sentence, UNCHECKED))
    return checks or [Check(Axis.ENDORSEMENTS, Outcome.SKIPPED, "Nobody has endorsed this.")]


def _found_in(document: Document) -> list[Any]:
    """Endorsements at any depth, documents and compact ones alike. Those of endorsers are theirs to show, not followed."""
    found: list[Any] = []
    waiting: list[Any] = [document]
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, Mapping):
            found.extend(items_of(part.get("endorsement")))
            found.extend(_Token(token) for token in items_of(part.get("endorsementJwt")))
            waiting.extend(value for name, value in part.items() if name != "endorsement" and isinstance(value, (Mapping, list)))
    return found


@dataclass(frozen=True, slots=True)
class _Token:
    """What stands as a compact endorsement."""

    text: object


def _check(endorsement: object, *, sources: Sources, at: datetime) -> Check:
    check: Callable[..., Signature] = check_signature
    if isinstance(endorsement, _Token):
        try:
            jwt = jose.read_jwt(endorsement.text if isinstance(endorsement.text, str) else "")
        except FormatError as error:
            sentence = f"What stands as an endorsement in the compact form cannot be read: {error}"
            return Check(Axis.ENDORSEMENTS, Outcome.FAILED, sentence, CODE, {"reason": error.code})
        endorsement, check = jwt.credential, partial(_check_token, jwt)
    if not isinstance(endorsement, Mapping) or "EndorsementCredential" not in items_of(endorsement.get("type")):
        return Check(Axis.ENDORSEMENTS, Outcome.FAILED, "What stands as an endorsement is not one.", CODE)
    issuer = issuer_id(endorsement)
    by = f"The endorsement by {who(issuer)}" if issuer else "An endorsement by nobody"
    signature = check(endorsement, sources=sources, at=at)
    answers = (signature.integrity, signature.issuer)
    failed = [answer for answer in answers if answer.outcome is Outcome.FAILED and not _unheard_of(answer)]
    if failed:
        return _because(Outcome.FAILED, CODE, f"{by} does not hold: ", endorsement, failed[0])
    unknown = [answer for answer in answers if answer.outcome is not Outcome.PASSED]
    if unknown:
        return _because(Outcome.UNKNOWN, UNCHECKED, f"{by} could not be checked: ", endorsement, unknown[0])
    if check_period(endorsement, at=at)[0].outcome is Outcome.FAILED:
        return Check(Axis.ENDORSEMENTS, Outcome.SKIPPED, f"{by} is not in date, so it is not counted.")
    return Check(Axis.ENDORSEMENTS, Outcome.PASSED, f"{by} holds.")


def _check_token(jwt: Jwt, _: Document, *, sources: Sources, at: datetime) -> Signature:
    return check_token(jwt, sources=sources, at=at)


def _unheard_of(answer: Check) -> bool:
    """A kind of proof that nobody knows says nothing against the badge around it: complete, but not checkable."""
    return answer.details.get("detail") == "UNKNOWN_CRYPTOSUITE"


def _because(outcome: Outcome, code: str, before: str, endorsement: Mapping[str, Any], answer: Check) -> Check:
    details = {"id": endorsement.get("id"), "reason": answer.code, **answer.details}
    return Check(Axis.ENDORSEMENTS, outcome, before + answer.sentence, code, details)
