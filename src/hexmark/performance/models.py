"""Tables of performance, in one place for Django: each part of the room has its own file."""

from hexmark.performance.cycle_models import Cycle, CycleQuerySet, Phase

__all__ = ["Cycle", "CycleQuerySet", "Phase"]
