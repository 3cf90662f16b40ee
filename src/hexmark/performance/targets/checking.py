"""What became of targets: met by itself with what proves it, ended when the proof ends, shown again when it is back.

A target is *stale* when something happened that may change the answer. Marking is one statement; a job looks, some at a time, and
writes its answers in one short transaction. A sweep finds what nobody was woken for, and what ends by the clock alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from hexmark.access import system
from hexmark.events.log import record
from hexmark.holdings.decisions import record_decision
from hexmark.holdings.queries import holdings_of_many
from hexmark.jobs import wake
from hexmark.measures.models import Measure
from hexmark.measures.rules import NOTHING, Figure
from hexmark.performance.models import Target
from hexmark.performance.targets import letters
from hexmark.performance.targets.event_types import EventType
from hexmark.performance.targets.figures import figures_of, people_of
from hexmark.performance.targets.rules import is_reached
from hexmark.requirements import CredentialFact, Explanation, Holdings
from hexmark.requirements.codec import parse
from hexmark.requirements.evaluate import evaluate, evaluate_many

BATCH = 100
State = Target.State
#: What is looked at. A paused target is looked at again when it goes on.
OPEN = (State.LIVE, State.MET, State.LAPSED)
_RELATED = ("organisation", "measure", "person__manager", "person__team__lead", "team__lead__manager")


def mark_stale(targets: Q) -> None:
    """Targets that match may have another answer; a job looks at them."""
    if Target.objects.filter(targets, state__in=OPEN, stale=False).update(stale=True):
        wake("performance.check_targets")


def mark_stale_of_people(person_ids: Iterable[int]) -> None:
    """What these people hold is not what it was: their targets that ask for it, and those of their teams, may have another answer."""
    ids = sorted(set(person_ids))
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        mark_stale(Q(person__in=some, rule__isnull=False))
        # Teams of teams are few: all of the organisation's that ask for something held are looked at.
        organisations = Target.objects.filter(team__organisation__people__in=some, rule__isnull=False, state__in=OPEN)
        if organisations.exists():
            mark_stale(Q(team__isnull=False, rule__isnull=False, organisation__in=organisations.values("organisation")))


def mark_stale_by_the_clock(now: datetime) -> None:
    """Targets whose proof ended, and those whose last day is over and which ask for no more than so much, are looked at."""
    mark_stale(Q(state=State.MET, lapses_on__lt=now))
    over = Q(state=State.LIVE, measure__direction=Measure.Direction.DOWN, due_on__lt=now.date())
    mark_stale(over & (Q(checked_at__isnull=True) | Q(checked_at__date__lt=now.date())))


@transaction.atomic
def check_batch(now: datetime | None = None) -> int:
    """Up to a hundred stale targets have their answer as of this moment; returns how many were looked at.

    The mark is taken away first: what changes while this runs marks them again.
    """
    now = now or timezone.now()
    stale = Target.objects.filter(stale=True, state__in=OPEN).order_by("pk")
    keys = list(stale.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)[:BATCH])
    if not keys:
        return 0
    Target.objects.filter(pk__in=keys).update(stale=False, checked_at=now)
    targets = list(Target.objects.filter(pk__in=keys).select_related(*_RELATED).order_by("pk"))
    check(targets, at=now)
    return len(keys)


@transaction.atomic
def check(targets: Sequence[Target], *, at: datetime) -> None:
    """Each of these, of any organisation, has its answer as of `at`, and whoever is concerned is told once of what changed."""
    persons = [target for target in targets if target.rule is not None and target.person_id is not None]
    holdings = holdings_of_many([target.person_id for target in persons if target.person_id is not None])
    lapsed = [target for target in persons if _check_held(target, holdings[target.person_id or 0], at)]
    for target in targets:
        if target.rule is not None and target.team_id is not None:
            _check_team(target, at)
    of_measures = [target for target in targets if target.measure_id is not None]
    for organisation in {target.organisation for target in of_measures}:
        today = timezone.localdate(at, timezone=organisation.zone)
        theirs = [target for target in of_measures if target.organisation_id == organisation.pk]
        figures = figures_of(theirs, today=today)
        for target in theirs:
            _check_figure(target, figures.get(target.pk, NOTHING), at, is_over=target.due_on < today)
    letters.send_lapsed(lapsed)


def _check_held(target: Target, held: Holdings, at: datetime) -> bool:
    """The answer of a person's target that asks for something held; whether it ended just now."""
    # Months of employment and last days are counted in the organisation's calendar.
    at = timezone.localtime(at, timezone=target.organisation.zone)
    explanation = evaluate(parse(target.rule), held, at)
    target.explanation = explanation.to_json()
    values: dict[str, Any] = {"explanation": target.explanation, "lapses_on": explanation.lapses_on}
    if explanation.met and target.state == State.LIVE:
        values |= _met(target, explanation, at)
    elif explanation.met and target.state == State.LAPSED:
        values |= _met(target, explanation, at) | {"lapsed_at": None, "lapse_reason": ""}
    elif not explanation.met and target.state == State.MET:
        reason, ended_at = _why_ended(target, held, at)
        values |= {"state": State.LAPSED, "lapsed_at": ended_at, "lapse_reason": reason}
    before = target.state
    if not _write(target, values):
        return False
    if target.state == before:
        return False
    assert target.person is not None
    assert target.rule is not None
    record_decision(
        organisation=target.organisation,
        person=target.person,
        about=target.title,
        purpose="target",
        path=f"/targets/{target.public_id}",
        rule=target.rule,
        rule_version=target.rule_version,
        facts=held,
        explanation=explanation,
        at=at,
        actor=system(target.organisation_id),
    )
    return _tell(target, before)


def _check_team(target: Target, at: datetime) -> None:
    """How many of the team's people meet what it asks for, and whether these are enough of a hundred."""
    assert target.team_id is not None
    people = people_of(target.team_id)
    at = timezone.localtime(at, timezone=target.organisation.zone)
    met = len(evaluate_many(parse(target.rule), holdings_of_many(people), at).met)
    figure = Figure(Decimal(met), Decimal(len(people)), Decimal(100), len(people)) if people else NOTHING
    _check_figure(target, figure, at, is_over=False)


def _check_figure(target: Target, figure: Figure, at: datetime, *, is_over: bool) -> None:
    """The answer of a target that asks for a value."""
    assert target.value is not None
    measure = target.measure
    reached = is_reached(
        figure.value,
        target.value,
        less_is_better=measure is not None and measure.direction == Measure.Direction.DOWN,
        adds_up=measure is not None and measure.adds_up,
        is_over=is_over,
    )
    before = target.state
    values: dict[str, Any] = {"current": figure.value, "numerator": figure.numerator, "denominator": figure.denominator}
    if reached and before in (State.LIVE, State.LAPSED):
        values |= {"state": State.MET, "met_at": target.met_at or at, "lapsed_at": None, "lapse_reason": ""}
    elif not reached and before == State.MET and measure is not None and measure.adds_up:
        # A total never falls by itself: what it was counted from was corrected, so it was not reached.
        values |= {"state": State.LIVE, "met_at": None}
    elif not reached and before == State.MET:
        values |= {"state": State.LAPSED, "lapsed_at": at, "lapse_reason": Target.LapseReason.CHANGED}
    if _write(target, values) and target.state != before and _tell(target, before):
        letters.send_lapsed([target])


def _met(target: Target, explanation: Explanation, at: datetime) -> dict[str, Any]:
    """Met by what counted, on the day on which the last of it was held."""
    since = [one.since for one in explanation.counted if one.since is not None and one.since <= at]
    refs = dict.fromkeys(one.ref for one in explanation.counted if one.ref)
    return {"state": State.MET, "met_at": max(since, default=at), "met_ref": "\n".join(refs)}


def _why_ended(target: Target, held: Holdings, at: datetime) -> tuple[Target.LapseReason, datetime]:
    """What ended what showed it, and when: of several, the first that did."""
    refs = set(target.met_ref.splitlines())
    ends = [end for fact in held.credentials if fact.ref in refs for end in _ends(fact) if end[1] <= at]
    return min(ends, key=lambda end: end[1], default=(Target.LapseReason.CHANGED, at))


def _ends(fact: CredentialFact) -> list[tuple[Target.LapseReason, datetime]]:
    ends = [
        (Target.LapseReason.REVOKED, fact.ended_at),
        (Target.LapseReason.PAUSED, fact.paused_at),
        (Target.LapseReason.EXPIRED, fact.valid_until),
    ]
    return [(reason, moment) for reason, moment in ends if moment is not None]


def _write(target: Target, values: dict[str, Any]) -> bool:
    """The answer stands, unless somebody changed the target's state meanwhile; then it is looked at again."""
    if not Target.objects.filter(pk=target.pk, state=target.state).update(**values):
        return False
    for name, value in values.items():
        setattr(target, name, value)
    return True


def _tell(target: Target, before: str) -> bool:
    """The change is on record, and who is concerned is told that it is met; returns whether it ended."""
    actor = system(target.organisation_id)
    if target.state == State.LAPSED:
        record(EventType.LAPSED, target, actor=actor, reason=target.lapse_reason, refs=target.met_ref.splitlines())
        return True
    if target.state == State.LIVE:
        record(EventType.UNMET, target, actor=actor)
        return False
    if before == State.LAPSED:
        record(EventType.SHOWN_AGAIN, target, actor=actor, refs=target.met_ref.splitlines())
        return False
    record(EventType.MET, target, actor=actor, refs=target.met_ref.splitlines())
    if target.role_target_id is None:
        # What comes with a role was not agreed to one by one; whoever earned the badge was told of that.
        letters.send_met(target)
    return False
