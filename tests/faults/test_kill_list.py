"""A list of some thousand rows whose worker is killed again and again while it makes awards of them: nobody lost, nobody awarded twice."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest
from tests.faults.installation import Installation, installation

ROWS = 6_000
SAMPLE = 50

#: How far into the chunk that turns rows into awards (0: its first statement, 1: its last), and whether that statement is done.
POINTS = [
    (0.0, "before"),
    (0.01, "after"),
    (0.25, "after"),
    (0.5, "before"),
    (0.75, "after"),
    (0.95, "before"),
    (0.99, "after"),
    (1.0, "before"),
    (1.0, "after"),
]


@pytest.mark.slow
def test_a_list_of_6000_survives_being_killed_while_it_becomes_awards(tmp_path: Path) -> None:
    with installation(tmp_path / "data") as here:
        assert here.ask("start_list", str(ROWS), seconds=300) == {"ready": ROWS}
        kills = [_killed(here, point, tmp_path / f"kill-{number}") for number, point in enumerate(POINTS)]
        unfinished = here.ask("wait", "0")
        _work_to_the_end(here)
        found = here.ask("judge_list") | here.ask("judge", str(SAMPLE), seconds=300)
    print(json.dumps({"kills": kills, **found}, indent=1))
    assert not unfinished["done"], "the list was run before the last kill"
    assert found == {
        "rows": {"awarded": ROWS},
        "rows_without_award": 0,
        "awards": ROWS,
        "people_awarded": ROWS,
        "people_added": ROWS,
        "made_recorded": ROWS,
        "made_recorded_twice": 0,
        "lost": 0,
        "credentials": ROWS,
        "unsigned": 0,
        "doubled": 0,
        "other_bytes": 0,
        "indexes_used_twice": 0,
        "drawn": ROWS,
        "events": ROWS,
        "events_of_other_bytes": 0,
        "verified": SAMPLE,
    }


def _killed(here: Installation, point: tuple[float, str], note: Path) -> str:
    """A worker has worked until this point and died there; where that was."""
    share, moment = point
    code, _, errors = here.run("-m", "tests.faults.mortal_worker", "make", str(share), moment, str(note), seconds=120)
    assert code == -signal.SIGKILL, errors[-4000:]
    return note.read_text(encoding="utf-8")


def _work_to_the_end(here: Installation) -> None:
    """The worker as everybody starts it finishes what the others left."""
    worker = here.start("-c", "from hexmark.cli import main; main()", "worker")
    try:
        assert here.ask("wait", "240", seconds=300)["done"]
    finally:
        os.killpg(worker.pid, signal.SIGTERM)
        worker.communicate(timeout=40)
