"""Whom a gate is open to, kept so that a change is noticed: it opens for somebody and they are told once, it closes and so are they."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from hexmark.mail.letters import Letter
from hexmark.opportunities import letters
from hexmark.opportunities.consents import manager_of
from hexmark.opportunities.decisions import keep_answer
from hexmark.opportunities.facts import Known
from hexmark.opportunities.gates import Gate, gate_from, gate_of, gates_of
from hexmark.opportunities.interest_tables import Consent, Standing, Waiver
from hexmark.opportunities.models import Opportunity
from hexmark.opportunities.queries import may_be_reached
from hexmark.people.models import Person

STEP = 1000
TOLD_AT_ONCE = 200


def work_out(opportunity: Opportunity, at: datetime | None = None) -> int:
    """Everybody's standing is as it is now; returns how many changed. The first time nobody is told: it opened to them with itself.

    May run twice and die anywhere: each person's change stands by itself, and the day is noted when all are done.
    """
    now = at or timezone.now()
    if not opportunity.is_open(now):
        return 0
    first = opportunity.standings_version is None
    changed = sum(_settle(gate, person, tell=not first) for person, gate in _changed(opportunity, now))
    same = Opportunity.objects.filter(pk=opportunity.pk, rule_version=opportunity.rule_version)
    same.update(standings_on=opportunity.today(now), standings_version=opportunity.rule_version)
    return changed


def work_out_person(person: Person, at: datetime | None = None) -> int:
    """The person's standing at every gate that is open to their kind is as it is now; returns how many changed."""
    if person.left_at is not None:
        return 0
    gated = Opportunity.objects.for_person(person, at).filter(rule__isnull=False, standings_version__isnull=False)
    here = gated.filter(Q(organisation_id=person.organisation_id) | Q(shared_with__organisation_id=person.organisation_id)).distinct()
    opportunities = list(here.select_related("organisation"))
    if not opportunities or (person.kind == Person.Kind.GUEST):
        return 0
    gates = gates_of(opportunities, person, at)
    kept = dict(Standing.objects.filter(person=person, opportunity__in=opportunities).values_list("opportunity_id", "is_met"))
    different = [gate for pk, gate in gates.items() if gate.is_open != kept.get(pk, False)]
    return sum(_settle(gate, person, tell=True) for gate in different)


def tell() -> int:
    """Some of those who are owed a letter about a gate have it; returns how many."""
    owed = Standing.objects.filter(told_at__isnull=True).select_related("opportunity__organisation", "person__organisation")
    told = 0
    for standing in owed.select_related("person__manager", "person__account").order_by("pk")[:TOLD_AT_ONCE]:
        told += _tell(standing)
    return told


def behind(now: datetime | None = None) -> list[int]:
    """The gates whose standings are of an earlier day or version, or whose wake-up call was lost."""
    gated = Opportunity.objects.open_now(now).filter(rule__isnull=False).select_related("organisation")
    worked_out = Q(standings_version=F("rule_version"))
    late = list(gated.filter(~worked_out | Q(standings_on__isnull=True) | Q(standings_version__isnull=True)))
    daily = [one for one in gated.filter(worked_out, standings_on__isnull=False) if one.standings_on != one.today(now)]
    return [one.pk for one in (*late, *daily)]


def _changed(opportunity: Opportunity, now: datetime) -> Iterator[tuple[Person, Gate]]:
    """Those whose standing is not the one that is kept, and their gate."""
    if opportunity.rule is None:
        return
    kept = dict(Standing.objects.filter(opportunity=opportunity).values_list("person_id", "is_met"))
    waivers: dict[int, dict[str, Waiver]] = defaultdict(dict)
    for one in Waiver.objects.filter(opportunity=opportunity).order_by("pk"):
        waivers[one.person_id][one.part] = one
    for people in _steps(opportunity):
        for person, gate in _gates(opportunity, people, waivers, now):
            if gate.is_open != kept.get(person.pk, False):
                yield person, gate


def _steps(opportunity: Opportunity) -> Iterator[list[Person]]:
    last = 0
    reached = may_be_reached(opportunity).select_related("organisation", "account").order_by("pk")
    while people := list(reached.filter(pk__gt=last)[:STEP]):
        yield people
        last = people[-1].pk


def _gates(
    opportunity: Opportunity, people: Sequence[Person], waivers: Mapping[int, Mapping[str, Waiver]], now: datetime
) -> Iterable[tuple[Person, Gate]]:
    known = Known(people)
    for person in people:
        yield person, gate_from(opportunity, known.of(opportunity, person), waivers.get(person.pk, {}), now)


@transaction.atomic
def _settle(gate: Gate, person: Person, *, tell: bool) -> int:
    """The standing is the gate's answer, and the answer is kept as a decision; 0 when somebody else was quicker."""
    now = timezone.now()
    told_at = None if tell else now
    standings = Standing.objects.filter(opportunity=gate.opportunity, person=person)
    if gate.is_open and not standings.exists():
        Standing.objects.create(opportunity=gate.opportunity, person=person, is_met=True, changed_at=now, told_at=told_at)
    else:
        other = standings.filter(is_met=not gate.is_open)
        # Whoever was not told yet that it opened need not be told that it closed, and the other way round.
        untold = other.filter(told_at__isnull=True).update(is_met=gate.is_open, changed_at=now, told_at=now)
        if not untold and not other.update(is_met=gate.is_open, changed_at=now, told_at=told_at):
            return 0
    keep_answer(gate, person)
    return 1


@transaction.atomic
def _tell(standing: Standing) -> int:
    owed = Standing.objects.filter(pk=standing.pk, told_at__isnull=True, is_met=standing.is_met)
    if not owed.update(told_at=timezone.now()):
        return 0
    opportunity, person = standing.opportunity, standing.person
    # What closed meanwhile is nothing to tell of.
    if person.left_at is None and opportunity.is_open():
        letters.send(_about(standing, opportunity, person))
    return 1


def _about(standing: Standing, opportunity: Opportunity, person: Person) -> list[Letter]:
    if standing.is_met:
        return [letters.unlocked(opportunity, person)]
    missing = [part.sentence for part in gate_of(opportunity, person).lacking]
    written = [letters.lapsed(opportunity, person, missing=missing)]
    # A manager knows of it only if they were asked: that somebody could apply elsewhere is nobody's business.
    manager = manager_of(person)
    agreed = Consent.objects.filter(opportunity=opportunity, person=person, state=Consent.State.GIVEN)
    if manager is not None and agreed.exists():
        written.append(letters.lapsed(opportunity, manager, missing=missing, about=person))
    return written
