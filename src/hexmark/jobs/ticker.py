"""Calls every sweep when it is due, and clears away finished wake-up calls."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.db import DatabaseError, close_old_connections

from hexmark.jobs.registry import Sweep, sweeps

logger = logging.getLogger("hexmark.jobs")


def tick(due_at: dict[str, float], now: float) -> None:
    """Run the sweeps that are due and note in `due_at` (monotonic seconds by name) when each is due next."""
    for entry in sweeps():
        if due_at.get(entry.name, 0.0) <= now:
            due_at[entry.name] = now + entry.every_seconds
            _run_safely(entry)


def run_forever(should_stop: Callable[[], bool], *, pause_seconds: float = 1.0) -> None:
    """Tick until asked to stop. A failing sweep is logged and tried again at its next turn."""
    due_at: dict[str, float] = {}
    while not should_stop():
        tick(due_at, time.monotonic())
        close_old_connections()
        time.sleep(pause_seconds)


def _run_safely(entry: Sweep) -> None:
    try:
        entry.function()
    except DatabaseError:
        # A locked or restarting database is no reason for the ticker to die: the next turn finds the same work.
        logger.warning("The sweep %s could not reach the database and will be tried again.", entry.name)
    except Exception:
        logger.exception("The sweep %s failed and will be tried again.", entry.name)
