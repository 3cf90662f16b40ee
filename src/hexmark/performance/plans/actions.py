"""The only writers of outlines and plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from hexmark.access import Actor, Permission, allow
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.events.log import record
from hexmark.files.text import hides_in_line, hides_in_text
from hexmark.measures.models import Measure
from hexmark.measures.rules import checked_number
from hexmark.organisations.models import Organisation
from hexmark.people.models import Person
from hexmark.performance.models import Outline, OutlineStep, Plan, PlanStep, StepKind
from hexmark.performance.targets.event_types import EventType
from hexmark.performance.targets.policy import check_may_set, is_side_of_manager, is_side_of_subject
from hexmark.performance.targets.rules import first_working_day

MOST_STEPS = 100
LONGEST_DAYS = 730


@dataclass(frozen=True, slots=True)
class Step:
    """One step as typed. `day` counts from the first day, which is day 0; a figure has a value."""

    kind: str
    title: str
    day: int
    measure: Measure | None = None
    value: Decimal | None = None


@transaction.atomic
def make_outline(organisation: Organisation, *, name: str, steps: Sequence[Step], actor: Actor, description: str = "") -> Outline:
    """The organisation has this plan, to be assigned to people.

    Raises:
        NotPermitted: the actor may not set targets here.
        Invalid: name or a step cannot be used.
        Conflict: another has the name.
    """
    allow(actor, Permission.SET_TARGETS, organisation)
    name = name.strip()
    if not name or len(name) > 120 or hides_in_line(name):
        raise Invalid("Give the plan a name of at most 120 characters.", field="name")
    if len(description) > 1000 or hides_in_text(description):
        raise Invalid("Write at most 1,000 characters.", field="description")
    if not 1 <= len(steps) <= MOST_STEPS:
        raise Invalid(f"A plan has 1 to {MOST_STEPS} steps.", field="steps")
    for step in steps:
        _check_step(organisation, step)
    try:
        with transaction.atomic():
            outline = Outline.objects.create(organisation=organisation, name=name, description=description.strip())
    except IntegrityError as error:
        raise Conflict(f"There is a plan called “{name}” already.") from error
    ordered = sorted(steps, key=lambda step: step.day)
    OutlineStep.objects.bulk_create(
        OutlineStep(
            outline=outline, place=place, kind=step.kind, title=step.title.strip(), day=step.day, measure=step.measure, value=step.value
        )
        for place, step in enumerate(ordered, start=1)
    )
    record(EventType.OUTLINE_MADE, outline, actor=actor, name=name, steps=len(steps))
    return outline


@transaction.atomic
def assign_plan(outline: Outline, *, to: Person, actor: Actor, on: date | None = None) -> Plan:
    """The person follows the plan from that day on (today), or from the Monday after it where it falls on a weekend.

    Raises:
        NotPermitted: the actor neither manages nor leads them, and may not set targets for anybody.
        Conflict: they follow it already, or have left.
    """
    check_may_set(actor, outline.organisation, person=to)
    if outline.organisation_id != to.organisation_id:
        raise NotPermitted("There is nothing here that you may change.")
    if to.left_at is not None:
        raise Conflict(f"{to.name} has left.")
    assigned_on = on or timezone.localdate(timezone=outline.organisation.zone)
    starts_on = first_working_day(assigned_on)
    plan = Plan(organisation_id=outline.organisation_id, outline=outline, person=to, assigned_on=assigned_on, starts_on=starts_on)
    plan.assigned_by_label = actor.label[:200]
    try:
        with transaction.atomic():
            plan.save()
    except IntegrityError as error:
        raise Conflict(f"{to.name} follows “{outline.name}” already.") from error
    PlanStep.objects.bulk_create(
        PlanStep(
            plan=plan,
            place=step.place,
            kind=step.kind,
            title=step.title,
            due_on=starts_on + timedelta(days=step.day),
            measure_id=step.measure_id,
            value=step.value,
        )
        for step in outline.steps.order_by("place")
    )
    record(EventType.PLAN_ASSIGNED, plan, actor=actor, starts_on=starts_on.isoformat())
    return plan


@transaction.atomic
def tick(step: PlanStep, *, done: bool, actor: Actor) -> None:
    """The step is done, or not done after all. What a figure shows is not ticked.

    Raises:
        NotPermitted: it is neither the actor's plan nor that of somebody whom they manage or lead.
        Conflict: a figure says whether it is done, or the plan has ended.
    """
    plan = step.plan
    _check_side(plan, actor)
    if step.measure_id is not None:
        raise Conflict("A figure says whether this is done.")
    if plan.ended_at is not None:
        raise Conflict("This plan has ended.")
    values = {"done_at": timezone.now(), "done_by_label": actor.label[:200]} if done else {"done_at": None, "done_by_label": ""}
    if PlanStep.objects.filter(pk=step.pk, done_at__isnull=done).update(**values):
        record(EventType.PLAN_STEP_DONE if done else EventType.PLAN_STEP_UNDONE, plan, actor=actor, step=step.title)


@transaction.atomic
def end_plan(plan: Plan, *, actor: Actor) -> None:
    """The plan is over, however far it came.

    Raises:
        NotPermitted: the actor neither manages nor leads the person, and may not set targets for anybody.
        Conflict: it has ended already.
    """
    if actor.organisation_id != plan.organisation_id or not is_side_of_manager(actor, person=plan.person):
        raise NotPermitted("A plan is ended by who manages or leads. Ask them.")
    if not Plan.objects.filter(pk=plan.pk, ended_at__isnull=True).update(ended_at=timezone.now()):
        raise Conflict("This plan has ended already.")
    record(EventType.PLAN_ENDED, plan, actor=actor)


def _check_side(plan: Plan, actor: Actor) -> None:
    ours = actor.organisation_id == plan.organisation_id
    if not ours or not (is_side_of_subject(actor, person=plan.person) or is_side_of_manager(actor, person=plan.person)):
        raise NotPermitted("There is nothing here that you may change.")


def _check_step(organisation: Organisation, step: Step) -> None:
    if step.kind not in StepKind.values:
        raise Invalid(f"A step is one of {', '.join(StepKind.values)}.", field="steps")
    if not step.title.strip() or len(step.title) > 200 or hides_in_line(step.title):
        raise Invalid("Each step says in up to 200 characters what is done.", field="steps")
    if not 0 <= step.day <= LONGEST_DAYS:
        raise Invalid(f"“{step.title[:60]}”: the day is one of 0 to {LONGEST_DAYS}.", field="steps")
    if (step.measure is None) != (step.value is None):
        raise Invalid(f"“{step.title[:60]}”: a figure needs a value, and a value a figure.", field="steps")
    if step.measure is not None:
        if step.measure.organisation_id != organisation.pk or not step.measure.is_about_people:
            raise Invalid(f"“{step.title[:60]}”: the figure is not one of single people here.", field="steps")
        if step.value is not None:
            checked_number(step.value, field="steps")
