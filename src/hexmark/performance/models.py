"""Tables of performance, in one place for Django: each part of the room has its own file."""

from hexmark.performance.cycle_models import Cycle, CycleQuerySet, Phase
from hexmark.performance.plan_models import Outline, OutlineStep, Plan, PlanStep, Scorecard, StepKind
from hexmark.performance.target_models import RoleTarget, Target, TargetComment, TargetQuerySet

__all__ = [
    "Cycle",
    "CycleQuerySet",
    "Outline",
    "OutlineStep",
    "Phase",
    "Plan",
    "PlanStep",
    "RoleTarget",
    "Scorecard",
    "StepKind",
    "Target",
    "TargetComment",
    "TargetQuerySet",
]
