"""Does one credential count under these conditions, until when, and if not, why not?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from hexmark.requirements.facts import CredentialFact
from hexmark.requirements.moments import NEVER, begin_of, day, days_after, full_months, just_before, months, months_after
from hexmark.requirements.rules import Conditions
from hexmark.requirements.wording import ASSURANCE, listed


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something does not count. `rank` orders reasons by how near they come to counting, 0 the nearest."""

    rank: int
    why: str
    met_from: datetime | None = None


def assured(fact: CredentialFact, conditions: Conditions) -> int:
    """For how much assurance this fact counts here: a foreign one for no more than its issuer is trusted with."""
    if not fact.foreign:
        return fact.assurance
    trusted = [issuer.assurance for issuer in conditions.issuers if issuer.id == fact.issuer]
    return min(fact.assurance, max(trusted, default=0))


def is_accepted(fact: CredentialFact, conditions: Conditions) -> bool:
    """Whether its issuer counts, and its assurance is enough. A foreign one counts only where its issuer is named."""
    if conditions.issuers:
        if all(issuer.id != fact.issuer for issuer in conditions.issuers):
            return False
    elif fact.foreign:
        return False
    return assured(fact, conditions) >= conditions.assurance_at_least


def counts_until(fact: CredentialFact, conditions: Conditions, at: datetime, peers: Iterable[CredentialFact]) -> datetime | None:
    """The last moment at which this fact, which counts at `at`, still counts; NEVER if it does not lapse; None if it does not count.

    `peers` are the facts that may stand for it in time: a credential that was renewed is held since the first of them.
    """
    if fact.held_from > at or not is_accepted(fact, conditions):
        return None
    until = NEVER
    if fact.valid_until is not None:
        until = days_after(fact.valid_until, conditions.grace_days - conditions.valid_for_days)
        if conditions.valid_on is not None and _ends_before(fact.valid_until, conditions):
            return None
    if conditions.max_age_months:
        until = min(until, months_after(fact.held_from, conditions.max_age_months))
    for stop in (fact.ended_at, fact.paused_at):
        if stop is not None:
            until = min(until, just_before(stop))
    if until < at:
        return None
    if conditions.held_for_months and months_after(held_since(fact, conditions, at, peers), conditions.held_for_months) > at:
        return None
    return until


def held_since(fact: CredentialFact, conditions: Conditions, at: datetime, peers: Iterable[CredentialFact]) -> datetime:
    """Since when it is held without a gap, by itself or by those that it renewed. A revoked one never was held."""
    earlier = [peer for peer in peers if (peer.ended_at is None or peer.ended_at > at) and is_accepted(peer, conditions)]
    since = fact.held_from
    for peer in sorted(earlier, key=lambda one: one.held_from, reverse=True):
        if peer.held_from < since and (peer.valid_until is None or peer.valid_until >= since):
            since = peer.held_from
    return since


def why_not(facts: Sequence[CredentialFact], conditions: Conditions, at: datetime) -> Reason:
    """The reason of the fact that comes nearest to counting, or that nothing is held."""
    if not facts:
        return Reason(9, "not held")
    reasons = [next(_reasons(fact, conditions, at, facts)) for fact in facts]
    return min(reasons, key=lambda reason: (reason.rank, reason.met_from or NEVER))


def _reasons(fact: CredentialFact, conditions: Conditions, at: datetime, peers: Sequence[CredentialFact]) -> Iterator[Reason]:
    """Why it does not count, the plainest reason first."""
    if fact.ended_at is not None and fact.ended_at <= at:
        yield Reason(6, f"revoked by its issuer on {day(fact.ended_at)}")
    if not is_accepted(fact, conditions):
        yield _refused(fact, conditions)
    if fact.valid_until is not None and days_after(fact.valid_until, conditions.grace_days) < at:
        yield Reason(4, f"expired on {day(fact.valid_until)}")
    if fact.paused_at is not None and fact.paused_at <= at:
        yield Reason(3, f"paused by its issuer since {day(fact.paused_at)}")
    if fact.held_from > at:
        yield Reason(0, f"held only from {day(fact.held_from)}", fact.held_from)
    if conditions.max_age_months and months_after(fact.held_from, conditions.max_age_months) < at:
        yield Reason(4, f"from {day(fact.held_from)}, older than {months(conditions.max_age_months)}")
    if fact.valid_until is not None and conditions.valid_on is not None and _ends_before(fact.valid_until, conditions):
        yield Reason(2, f"expires on {day(fact.valid_until)}, before {day(conditions.valid_on)}")
    if fact.valid_until is not None and days_after(fact.valid_until, conditions.grace_days - conditions.valid_for_days) < at:
        yield Reason(2, f"expires on {day(fact.valid_until)}, in less than {conditions.valid_for_days} days")
    since = held_since(fact, conditions, at, peers)
    whole = months_after(since, conditions.held_for_months)
    so_far = max(0, full_months(since, at))
    why = f"held for {so_far} of {months(conditions.held_for_months)}, enough from {day(whole)}"
    yield Reason(1, why, whole if _lasts(fact, whole) else None)


def _refused(fact: CredentialFact, conditions: Conditions) -> Reason:
    named = [issuer for issuer in conditions.issuers if issuer.id == fact.issuer]
    if not named and (fact.foreign or conditions.issuers):
        accepted = listed([issuer.name or issuer.id for issuer in conditions.issuers], "or")
        return Reason(
            8, f"issued by {fact.issuer}; it counts only from {accepted}" if accepted else f"{fact.issuer} is not a trusted issuer"
        )
    counted = assured(fact, conditions)
    return Reason(5, f"counts as “{ASSURANCE[counted]}”; “{ASSURANCE[conditions.assurance_at_least]}” is needed")


def _ends_before(valid_until: datetime, conditions: Conditions) -> bool:
    assert conditions.valid_on is not None
    return days_after(valid_until, conditions.grace_days) < begin_of(conditions.valid_on, valid_until.tzinfo)


def _lasts(fact: CredentialFact, until: datetime) -> bool:
    return fact.valid_until is None or fact.valid_until >= until
