"""Each benchmark runs, compares what it measures, and prints one JSON object with the agreed members."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


def figures(name: str) -> dict[str, Any]:
    """What a very short run prints."""
    command = [sys.executable, str(FOLDER / f"{name}.py"), "--json", "--slices", "1", "--seconds", "0.05"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.mark.parametrize("name", ["sign", "verify"])
def test_a_benchmark_prints_one_object(name: str) -> None:
    result = figures(name)
    assert list(result) == ["name", "unit", "ours", "peer", "ratio", "peak_mb", "details"]
    assert result["name"].startswith(f"{name}: ")
    assert result["ours"] > result["peer"] > 0
    assert result["ratio"] == pytest.approx(result["ours"] / result["peer"], rel=0.01)
    assert 10 < result["peak_mb"] < 400
    assert result["details"]["plain_path"] > 0


def test_the_peer_signs_what_we_sign() -> None:
    assert figures("sign")["details"]["peer_gives_our_proof"] is True


def test_without_json_a_benchmark_speaks_to_people() -> None:
    command = [sys.executable, str(FOLDER / "sign.py"), "--slices", "1", "--seconds", "0.05"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.startswith("sign: sign one badge for many people: ")


def test_a_long_list_is_awarded_faster_than_the_peer_signs() -> None:
    command = [sys.executable, str(FOLDER / "award.py"), "--json", "--rows", "400", "--slices", "1", "--seconds", "0.05"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert list(result) == ["name", "unit", "ours", "peer", "ratio", "peak_mb", "details"]
    assert result["name"].startswith("award: ")
    assert result["ours"] > result["peer"] > 0
    assert result["details"]["rows"] == 400
    assert all(result["details"][f"{stage}_seconds"] > 0 for stage in ("store", "make", "sign"))


def test_the_directory_is_measured_beside_plain_queries_that_find_the_same() -> None:
    command = [sys.executable, str(FOLDER / "directory.py"), "--json", "--achievements=60", "--awards=300", "--questions=10"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HEXMARK_", "DJANGO_"))}
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert list(result) == ["name", "unit", "ours", "peer", "ratio", "peak_mb", "details"]
    assert result["details"]["sqlite"]["questions_answered_otherwise_than_by_the_peer"] == 0
    assert result["ours"] > 0


def test_one_rule_is_asked_of_many_people_faster_than_of_each_alone() -> None:
    command = [sys.executable, str(FOLDER / "rules.py"), "--json", "--people", "2000"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert list(result) == ["name", "unit", "ours", "peer", "ratio", "peak_mb", "details"]
    assert result["ours"] > result["peer"] > 0
    assert 0 < result["details"]["met"] < 2000
    assert result["details"]["rules_for_one_ms"] > 0
