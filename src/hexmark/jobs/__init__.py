"""Background work. The queue is only a wake-up call: what is still to do stands in domain tables.

A room registers its jobs by name and its sweeps; whoever changed something wakes a job by name, so that no module
imports in a circle. A job may run twice and may die anywhere; a sweep finds again what a crash left.
"""

from hexmark.jobs.registry import Sweep, job, registered_jobs, run, sweep, sweeps, wake

__all__ = ["Sweep", "job", "registered_jobs", "run", "sweep", "sweeps", "wake"]
