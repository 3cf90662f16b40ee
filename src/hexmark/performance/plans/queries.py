"""Reading plans with a meaning: where each step stands today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from hexmark.access import Actor
from hexmark.measures.models import Measure
from hexmark.measures.queries import figures_of_people
from hexmark.measures.rules import NOTHING, Figure
from hexmark.performance.models import Plan, PlanStep
from hexmark.performance.targets.rules import SOON, Status, is_reached, progress_in_words


@dataclass(frozen=True, slots=True)
class StepSeen:
    """A step as it stands today."""

    step: PlanStep
    figure: Figure
    is_done: bool
    status: Status

    @property
    def progress(self) -> str:
        """ "31/40"; empty for what is ticked."""
        return progress_in_words(self.figure.value, self.step.value) if self.step.value is not None else ""

    @property
    def percent(self) -> int | None:
        """How much of the value is there, at most 100."""
        if not self.step.value:
            return None
        return int(max(Decimal(0), min(Decimal(1), (self.figure.value or Decimal(0)) / self.step.value)) * 100)


@dataclass(frozen=True, slots=True)
class PlanSeen:
    """A plan with its steps as they stand today."""

    plan: Plan
    steps: Sequence[StepSeen]

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.is_done for step in self.steps)

    @property
    def next(self) -> StepSeen | None:
        """The first step that is not done, by its day."""
        return next((step for step in self.steps if not step.is_done), None)


def visible_plans(actor: Actor) -> QuerySet[Plan]:
    """All that the actor may see."""
    related = ("outline", "person", "organisation")
    return Plan.objects.visible_to(actor).select_related(*related).order_by("ended_at", "-starts_on", "-pk")


def plan_today(plan: Plan, *, today: date) -> PlanSeen:
    """The plan's steps, each counted from the plan's first day to the step's own."""
    steps = list(plan.steps.select_related("measure").order_by("place"))
    return PlanSeen(plan, [_seen(plan, step, today) for step in steps])


def plans_today(plans: Sequence[Plan], *, today: date) -> list[PlanSeen]:
    """As `plan_today`, of a few."""
    return [plan_today(plan, today=today) for plan in plans]


def _seen(plan: Plan, step: PlanStep, today: date) -> StepSeen:
    if step.measure is None or step.value is None:
        return StepSeen(step, NOTHING, step.done_at is not None, _status(step, step.done_at is not None, today))
    # What comes after the step's day counts too: late is better than never, and the page says that it is late.
    figure = figures_of_people(step.measure, [plan.person_id], since=plan.starts_on, until=today).get(plan.person_id, NOTHING)
    done = is_reached(
        figure.value,
        step.value,
        less_is_better=step.measure.direction == Measure.Direction.DOWN,
        adds_up=step.measure.adds_up,
        is_over=step.due_on < today,
    )
    return StepSeen(step, figure, done, _status(step, done, today))


def _status(step: PlanStep, done: bool, today: date) -> Status:
    if done:
        return Status.MET
    if step.due_on < today:
        return Status.OVERDUE
    return Status.SOON if (step.due_on - today) * 4 <= SOON else Status.ON_TIME
