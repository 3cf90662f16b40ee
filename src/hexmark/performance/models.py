"""Tables of performance, in one place for Django: each part of the room has its own file."""

from hexmark.performance.cycle_models import Cycle, CycleQuerySet, Phase
from hexmark.performance.plan_models import Outline, OutlineStep, Plan, PlanStep, Scorecard, StepKind
from hexmark.performance.review_models import (
    Confirmation,
    Feedback,
    Note,
    Packet,
    Reopening,
    Review,
    ReviewQuerySet,
    ReviewRead,
    Words,
)
from hexmark.performance.target_models import RoleTarget, Target, TargetComment, TargetQuerySet

__all__ = [
    "Confirmation",
    "Cycle",
    "CycleQuerySet",
    "Feedback",
    "Note",
    "Outline",
    "OutlineStep",
    "Packet",
    "Phase",
    "Plan",
    "PlanStep",
    "Reopening",
    "Review",
    "ReviewQuerySet",
    "ReviewRead",
    "RoleTarget",
    "Scorecard",
    "StepKind",
    "Target",
    "TargetComment",
    "TargetQuerySet",
    "Words",
]
