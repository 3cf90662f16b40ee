"""Tells subscribers, after each change and again by the sweep."""

from hexmark.events.subscriptions import deliver, is_behind
from hexmark.jobs import job, sweep, wake


@job("events.deliver")
def deliver_events() -> None:
    """Every subscriber has been told what is final."""
    deliver()


@sweep("events.deliver", every_seconds=10)
def wake_if_behind() -> None:
    """A wake-up call that a crash swallowed is made again."""
    if is_behind():
        wake("events.deliver")
