"""How long badge art takes to write, and how large it is. `python benchmarks/art.py --json` prints one object.

Times are processor time of the best of several rounds, so that a busy machine says the same as an idle one. The peer rasterises the same
drawing with CairoSVG or librsvg where one is installed: art has no other generator to be compared with.
"""

import argparse
import dataclasses
import importlib.util
import json
import shutil
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable

from resvg_py import svg_to_bytes

from hexmark.pressout import Body, Cell, Domain, Heading, Recipe, Rim, State, compact_badge, flat_badge, full_badge, sheet

RIM = Rim("Northwind", "Leadership", "2026", "Level 4")
RECIPES = [
    Recipe("Data Steward", 4, Domain.DATA, "database", 2, rim=RIM),
    Recipe("Safety Champion", 1, Domain.SAFETY, "hard-hat", 2, Body.MESH, rim=RIM),
    Recipe("Net Zero Lead", 3, Domain.SUSTAINABILITY, "leaf", 2, rim=RIM, arc="Measured result"),
    Recipe("Inclusive Team Builder", 2, Domain.LEADERSHIP, "users-three", 2, rim=RIM),
    Recipe("Master Craft", 5, Domain.CRAFT, "gear-six", 2, Body.SPUN, rim=RIM),
]
STATES = [State.EARNED] * 5 + [State.PROGRESS] * 4 + [State.AVAILABLE] * 3 + [State.LOCKED, State.RENEW]
LIMITS = {"full_ms": 15, "compact_ms": 5, "full_bytes": 80_000, "sheet_bytes": 500_000}


def best_ms(work: Callable[[], object], rounds: int) -> float:
    """Processor time of the fastest round, in milliseconds."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(1000 * (time.process_time() - start))
    return min(times)


def fourteen() -> str:
    cells = [Cell(dataclasses.replace(RECIPES[place % 5]), state, 2, 5) for place, state in enumerate(STATES)]
    return sheet(cells, Heading("Digital & Operations Pathway", "Six sides, six steps", "Amara Osei", "Sheet 04"))


def peer(svg: str) -> tuple[float | None, str]:
    """Milliseconds in which another renderer makes 512 pixels of the drawing, or the reason why none did."""
    if importlib.util.find_spec("cairosvg"):
        import cairosvg

        return best_ms(lambda: cairosvg.svg2png(bytestring=svg.encode(), output_width=512, output_height=512), 3), "CairoSVG, 512 px"
    if program := shutil.which("rsvg-convert"):
        start = time.perf_counter()
        subprocess.run([program, "-w", "512"], input=svg.encode(), capture_output=True, check=True)  # noqa: S603
        return 1000 * (time.perf_counter() - start), "librsvg, 512 px, with its start"
    return None, "neither CairoSVG nor librsvg is installed"


def measure(rounds: int) -> dict[str, object]:
    """The figures of this machine."""
    full = [full_badge(recipe) for recipe in RECIPES]
    details: dict[str, float | str | bool] = {
        "full_ms": max(best_ms(lambda recipe=recipe: full_badge(recipe), rounds) for recipe in RECIPES),
        "full_median_ms": statistics.median(best_ms(lambda recipe=recipe: full_badge(recipe), rounds) for recipe in RECIPES),
        "compact_ms": max(best_ms(lambda recipe=recipe: compact_badge(recipe), rounds) for recipe in RECIPES),
        "flat_ms": max(best_ms(lambda recipe=recipe: flat_badge(recipe), rounds) for recipe in RECIPES),
        "sheet_ms": best_ms(fourteen, max(1, rounds // 5)),
        "full_bytes": max(len(svg.encode()) for svg in full),
        "compact_bytes": max(len(compact_badge(recipe).encode()) for recipe in RECIPES),
        "sheet_bytes": len(fourteen().encode()),
        "resvg_512_ms": best_ms(lambda: svg_to_bytes(svg_string=full[0], width=512, height=512), 3),
    }
    details["within_limits"] = all(float(details[name]) <= limit for name, limit in LIMITS.items())
    other, details["peer"] = peer(full[0])
    tracemalloc.start()
    fourteen()
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    raster = float(details["resvg_512_ms"])
    return {
        "name": "art",
        "unit": "ms",
        "ours": round(float(details["full_ms"]), 2),
        "peer": other and round(other, 1),
        "ratio": other and round(raster / other, 2),
        "peak_mb": round(peak, 2),
        "details": {name: round(value, 2) if isinstance(value, float) else value for name, value in details.items()},
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true", help="one JSON object on standard output")
    options.add_argument("--rounds", type=int, default=20)
    chosen = options.parse_args()
    figures = measure(chosen.rounds)
    sys.stdout.write(json.dumps(figures, indent=None if chosen.json else 2) + "\n")


if __name__ == "__main__":
    main()
