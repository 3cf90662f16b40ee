"""The only writers of cycles: made, changed while they are drafts, opened for many at once, closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from hexmark.access import Actor, Permission, allow
from hexmark.errors import Conflict, Invalid
from hexmark.events.log import record, record_many
from hexmark.jobs import wake
from hexmark.organisations.models import Organisation
from hexmark.people.lines import teams_within
from hexmark.people.models import JobRole, Person, RoleAssignment, Team
from hexmark.performance.cycle_models import Cycle, Phase
from hexmark.performance.review_event_types import EventType
from hexmark.performance.review_models import Review
from hexmark.performance.review_rules import LONGEST_AGREEMENT, Dates, checked_phases, checked_text, read_scale

BATCH = 500


@dataclass(frozen=True, slots=True)
class CycleText:
    """What a cycle says of itself, as it is typed."""

    name: str
    starts_on: date
    ends_on: date
    consequence: str = ""
    adjustments: str = ""
    scale: str = ""
    marks_count: bool = False
    hr_reads: str = Cycle.HrReads.CLOSED
    predecessor: str = Cycle.Predecessor.STAYS


@transaction.atomic
def make_cycle(
    organisation: Organisation,
    text: CycleText,
    *,
    phases: Mapping[str, Dates],
    teams: Iterable[Team] = (),
    roles: Iterable[JobRole] = (),
    actor: Actor,
) -> Cycle:
    """There is a cycle that nobody is in yet.

    Raises:
        NotPermitted: the actor may not run reviews here.
        Invalid: dates, scale or texts cannot be used.
        Conflict: another cycle has this name.
    """
    allow(actor, Permission.RUN_REVIEWS, organisation)
    cycle = Cycle(organisation=organisation)
    _write(cycle, text, phases)
    cycle.teams.set(teams)
    cycle.roles.set(roles)
    record(EventType.CYCLE_MADE, cycle, actor=actor)
    return cycle


@transaction.atomic
def change_cycle(
    cycle: Cycle, text: CycleText, *, phases: Mapping[str, Dates], teams: Iterable[Team], roles: Iterable[JobRole], actor: Actor
) -> None:
    """The cycle says this from now on. Once it is open, its scale and what HR reads stay: people wrote under those terms.

    Raises:
        NotPermitted: the actor may not run reviews here.
        Invalid: dates, scale or texts cannot be used.
        Conflict: it is closed, another cycle has this name, or what is promised would change.
    """
    allow(actor, Permission.RUN_REVIEWS, cycle)
    before = Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
    if before.closed_at is not None:
        raise Conflict("This cycle is closed, so it stays as it is.")
    _write(cycle, text, phases)
    promised = ("rating_scale", "marks_count", "hr_reads", "predecessor")
    if before.opened_at is not None and any(getattr(before, name) != getattr(cycle, name) for name in promised):
        raise Conflict("People write under these terms already: in an open cycle, the scale, what marks are for and who reads stay.")
    cycle.teams.set(teams)
    cycle.roles.set(roles)
    record(EventType.CYCLE_CHANGED, cycle, actor=actor)


def people_in(cycle: Cycle) -> QuerySet[Person]:
    """Whom the cycle's teams (with the teams within them) and roles name today; everybody on the staff if it names neither."""
    people = Person.objects.filter(organisation_id=cycle.organisation_id).present().filter(kind=Person.Kind.STAFF)
    teams, roles = list(cycle.teams.values_list("pk", flat=True)), list(cycle.roles.values_list("pk", flat=True))
    if not teams and not roles:
        return people
    today = timezone.localdate()
    current = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    held = RoleAssignment.objects.filter(current, role__in=roles, starts_on__lte=today)
    named = Q(pk__in=held.values("person_id"))
    for team in teams:
        named |= Q(team__in=teams_within(team))
    return people.filter(named)


def still_without(cycle: Cycle) -> QuerySet[Person]:
    """Who would get a review if the cycle were opened, or opened for more, now."""
    return people_in(cycle).exclude(pk__in=Review.objects.filter(cycle=cycle).values("person_id"))


@transaction.atomic
def open_cycle(cycle: Cycle, *, actor: Actor) -> int:
    """Everybody whom the cycle names has a review in it; returns how many are new. Done again, it adds who joined since.

    Raises:
        NotPermitted: the actor may not run reviews here.
        Conflict: it is closed.
        Invalid: it names nobody.
    """
    allow(actor, Permission.RUN_REVIEWS, cycle)
    if Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk).closed_at is not None:
        raise Conflict("This cycle is closed. Make another one.")
    ids = list(still_without(cycle).order_by("pk").values_list("pk", flat=True))
    if not ids and cycle.opened_at is None:
        raise Invalid("Nobody is in the teams and roles of this cycle. Choose others first.")
    reviews = (Review(organisation_id=cycle.organisation_id, cycle=cycle, person_id=person_id) for person_id in ids)
    Review.objects.bulk_create(reviews, batch_size=BATCH)
    Cycle.objects.filter(pk=cycle.pk, opened_at__isnull=True).update(opened_at=timezone.now())
    record(EventType.CYCLE_OPENED, cycle, actor=actor, people=len(ids))
    wake("performance.tell_phases")
    return len(ids)


@transaction.atomic
def close_cycle(cycle: Cycle, *, actor: Actor) -> None:
    """Nothing in the cycle changes any more. Reviews that were not confirmed by both stay as they are, without a packet.

    Raises:
        NotPermitted: the actor may not run reviews here.
        Conflict: it is not open.
    """
    allow(actor, Permission.RUN_REVIEWS, cycle)
    live = Cycle.objects.filter(pk=cycle.pk, opened_at__isnull=False, closed_at__isnull=True)
    if not live.update(closed_at=timezone.now()):
        raise Conflict("This cycle is not open.")
    record_many(EventType.CYCLE_CLOSED, [(cycle, {})], actor=actor)


def _write(cycle: Cycle, text: CycleText, phases: Mapping[str, Dates]) -> None:
    cycle.name = checked_text(text.name, most=120, field="name", missing="Give the cycle a name, such as FY 2026.")
    if text.ends_on < text.starts_on:
        raise Invalid("The period ends before it begins.", field="ends_on")
    cycle.starts_on, cycle.ends_on = text.starts_on, text.ends_on
    cycle.consequence = checked_text(text.consequence, most=LONGEST_AGREEMENT, field="consequence")
    cycle.adjustments = checked_text(text.adjustments, most=LONGEST_AGREEMENT, field="adjustments")
    cycle.rating_scale = read_scale(text.scale)
    cycle.marks_count = text.marks_count and bool(cycle.rating_scale)
    cycle.hr_reads, cycle.predecessor = text.hr_reads, text.predecessor
    dates = checked_phases(phases, Phase.Kind.values)
    try:
        with transaction.atomic():
            cycle.save()
    except IntegrityError as error:
        raise Conflict("Another cycle has this name.", field="name") from error
    cycle.phases.exclude(kind__in=dates).delete()
    for kind, one in dates.items():
        _keep_phase(cycle, kind, one)


def _keep_phase(cycle: Cycle, kind: str, dates: Dates) -> None:
    phase, made = Phase.objects.get_or_create(cycle=cycle, kind=kind, defaults={"starts_on": dates.starts_on, "ends_on": dates.ends_on})
    # A phase that was put off begins anew, and people are told then.
    again = {"told_at": None, "told_up_to": 0} if dates.starts_on > phase.starts_on and not made else {}
    Phase.objects.filter(pk=phase.pk).update(starts_on=dates.starts_on, ends_on=dates.ends_on, **again)
