"""A run of 5,000 awards whose worker is killed twenty times in the middle of a batch: nothing lost, doubled, unsigned or used twice."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

from tests.faults.installation import Installation, installation

AWARDS = 5_000
SAMPLE = 200

#: Stage of the batch, how far into it (0: its first step, 1: its last), and whether that step is done when the process dies.
POINTS = [
    ("reserve", 0.0, "before"),
    ("finish", 0.5, "after"),
    ("sign", 0.0, "before"),
    ("reserve", 1.0, "after"),
    ("finish", 1.0, "after"),
    ("sign", 0.5, "before"),
    ("reserve", 0.5, "after"),
    ("finish", 0.0, "before"),
    ("sign", 1.0, "after"),
    ("reserve", 0.25, "before"),
    ("finish", 0.25, "before"),
    ("sign", 0.25, "after"),
    ("reserve", 0.75, "after"),
    ("finish", 0.98, "before"),
    ("sign", 0.99, "before"),
    ("reserve", 0.9, "before"),
    ("finish", 0.75, "after"),
    ("sign", 0.01, "after"),
    ("finish", 0.01, "after"),
    ("reserve", 1.0, "before"),
]


def test_a_run_of_5000_survives_twenty_kills_inside_its_batches(tmp_path: Path) -> None:
    started = time.monotonic()
    with installation(tmp_path / "data") as here:
        assert here.ask("build", str(AWARDS)) == {"awarded": AWARDS}
        kills = [_killed(here, point, tmp_path / f"kill-{number}") for number, point in enumerate(POINTS)]
        unfinished = here.ask("wait", "0")
        _work_to_the_end(here)
        found = here.ask("judge", str(SAMPLE))
    figures = {"kills_inside_a_batch": len(kills), "seconds": round(time.monotonic() - started, 1), **found, "kills": kills}
    print(json.dumps(figures, indent=1))
    assert not unfinished["done"], "the run was over before the last kill"
    assert found == {
        "awards": AWARDS,
        "lost": 0,
        "credentials": AWARDS,
        "unsigned": 0,
        "doubled": 0,
        "other_bytes": 0,
        "indexes_used_twice": 0,
        "drawn": AWARDS,
        "events": AWARDS,
        "events_of_other_bytes": 0,
        "verified": SAMPLE,
    }


def _killed(here: Installation, point: tuple[str, float, str], note: Path) -> str:
    """A worker has worked until this point and died there; where that was."""
    stage, share, moment = point
    code, _, errors = here.run("-m", "tests.faults.mortal_worker", stage, str(share), moment, str(note), seconds=60)
    assert code == -signal.SIGKILL, errors[-4000:]
    died = note.read_text(encoding="utf-8")
    assert died.startswith(stage)
    return died


def _work_to_the_end(here: Installation) -> None:
    """The worker as everybody starts it finishes what the others left."""
    worker = here.start("-c", "from hexmark.cli import main; main()", "worker")
    try:
        assert here.ask("wait", "120", seconds=150)["done"]
    finally:
        os.killpg(worker.pid, signal.SIGTERM)
        worker.communicate(timeout=40)
