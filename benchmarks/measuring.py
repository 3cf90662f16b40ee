"""How the benchmarks measure and what they print.

Speeds are in processor time, so that other work on the machine counts little, on one core, best of several slices: the best is the
one that was disturbed least. Peers run in the same process and run, on the same documents, measured the same way.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Speed:
    """Calls a second of processor time: in the best slice, and over all."""

    best: float
    mean: float


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to measure: so many slices of so many seconds for each contender."""

    slices: int
    seconds: float
    as_json: bool


def plan(description: str) -> Plan:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument("--slices", type=int, default=5, help="slices for each contender (default 5)")
    parser.add_argument("--seconds", type=float, default=1.0, help="processor seconds a slice (default 1)")
    given = parser.parse_args()
    return Plan(given.slices, given.seconds, given.json)


def speed(work: Callable[[int], object], plan: Plan, *, step: int) -> Speed:
    """How fast `work(0)`, `work(1)`, … is; the clock is looked at after every `step` calls."""
    rates, number, spent = [], 0, 0.0
    for _ in range(plan.slices):
        begins, first = time.process_time(), number
        while (seconds := time.process_time() - begins) < plan.seconds or number == first:
            for _ in range(step):
                work(number)
                number += 1
        rates.append((number - first) / seconds)
        spent += seconds
    return Speed(round(max(rates), 1), round(number / spent, 1))


def show(plan: Plan, *, name: str, unit: str, ours: Speed, peer: Speed, details: dict[str, object]) -> None:
    """The figures are printed; `ratio` is ours to the peer's, best to best."""
    figures = {"ours_mean": ours.mean, "peer_mean": peer.mean, **details}
    result = {
        "name": name,
        "unit": unit,
        "ours": ours.best,
        "peer": peer.best,
        "ratio": round(ours.best / peer.best, 1),
        "peak_mb": peak_mb(),
        "details": {**figures, "python": platform.python_version(), "slices": plan.slices, "slice_seconds": plan.seconds},
    }
    if plan.as_json:
        lines = [json.dumps(result)]
    else:
        lines = [f"{name}: {ours.best:,.0f} {unit}, {result['ratio']} times the peer's {peer.best:,.0f}; {result['peak_mb']} MB"]
        lines += [f"  {word}: {value}" for word, value in figures.items()]
    sys.stdout.write("\n".join(lines) + "\n")


def peak_mb() -> float:
    status = Path("/proc/self/status")
    if status.exists():
        # Of this program alone: what getrusage tells on Linux includes the process that started it.
        return round(int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0]) / 1024, 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Kilobytes, on macOS bytes.
    return round(peak / 1024 / (1024 if sys.platform == "darwin" else 1), 1)
