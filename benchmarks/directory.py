"""The directory with 10,000 achievements and 1,000,000 awards: how long a question with facets takes, on SQLite and on PostgreSQL.

    python benchmarks/directory.py --json
    HEXMARK_TEST_DATABASE_URL=postgresql://… python benchmarks/directory.py --json

Each database is built anew, in a temporary folder or as a database of its own, which is dropped afterwards. A question has up to three
filters and up to two words; what is measured is everything that the page asks: the matches, all eight groups with their counts and labels,
and a page of cards with their earners. The peer asks the same without the table that we keep for it. Times are of the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

#: What a page may take (the promise of the directory).
PROMISED_MS = 150
_DATABASE = "hexmark_benchmark_directory"


def main() -> None:
    """The figures are printed."""
    parser = argparse.ArgumentParser(description="Ask the directory.")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument("--achievements", type=int, default=10_000)
    parser.add_argument("--awards", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=200, help="questions to us (the peer gets a tenth of them)")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        sys.stdout.write(json.dumps(_measure(given)))
        return
    found = {"sqlite": _in_its_own_process(given, "")}
    if url := os.environ.get("HEXMARK_TEST_DATABASE_URL"):
        with _fresh_database(url) as own:
            found["postgresql"] = _in_its_own_process(given, own)
    _show(given, found)


def _in_its_own_process(given: argparse.Namespace, url: str) -> dict[str, Any]:
    """The figures of one database: the framework is set up once in a process."""
    sizes = [f"--{name}={getattr(given, name)}" for name in ("achievements", "awards", "questions")]
    with tempfile.TemporaryDirectory(prefix="hexmark-directory-") as folder:
        settings = {"HEXMARK_DATA_DIR": folder, "HEXMARK_DATABASE_URL": url, "HEXMARK_PUBLIC_URL": "https://benchmark.example"}
        secret = {"HEXMARK_SECRET_KEY": "only for a benchmark, and long enough to be taken seriously"}
        done = subprocess.run(  # noqa: S603 (this very file)
            [sys.executable, __file__, "--measure", *sizes], env=os.environ | settings | secret, capture_output=True, text=True, check=False
        )
    if done.returncode:
        sys.exit(done.stderr)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@contextmanager
def _fresh_database(url: str) -> Iterator[str]:
    """A database of our own on the same server."""
    import psycopg

    name = f"{_DATABASE}_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield re.sub(r"/[^/?]*(?=\?|$)", f"/{name}", url)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _measure(given: argparse.Namespace) -> dict[str, Any]:
    from hexmark.cli import framework

    framework.start()
    framework.migrate()
    import directory_peer
    from directory_world import Words, build
    from measuring import peak_mb

    from hexmark.catalogue import directory, listing
    from hexmark.catalogue.facets import Group, Selection
    from hexmark.issuing.earners import count_marked

    words = Words(1923)
    built_in = _seconds(lambda: build(words, achievements=given.achievements, awards=given.awards))
    listed_in, counted_in = _seconds(listing.rebuild), _seconds(count_marked)
    values = {
        Group.ROLE: [role.lower() for role in words.roles],
        Group.LEVEL: ["1", "2", "3", "4", "5"],
        Group.SUBJECT: [subject.lower() for subject in words.subjects],
        Group.KIND: ["assessed", "unassessed"],
        Group.ASSURANCE: ["a2", "a3", "a4"],
        Group.LANGUAGE: ["en", "de"],
        Group.EFFORT: ["under-1h", "1-4h"],
    }

    def question(number: int) -> Selection:
        draw = words.random
        groups = draw.sample(list(values), number % 4)
        chosen = {group: tuple(sorted(draw.sample(values[group], min(len(values[group]), draw.randint(1, 2))))) for group in groups}
        return Selection(search=" ".join(draw.choices(words.all, k=number // 4 % 3)), chosen=chosen)

    def ours(asked: Selection) -> int:
        found = directory.find(asked)
        directory.entries_of(found.ids[:24])
        return found.total

    questions = [question(number) for number in range(given.questions)]
    ours(questions[0])
    same = [one for one in questions[: max(1, given.questions // 10)] if not one.words]
    differing = sum(ours(one) != directory_peer.ask(one) for one in same)
    return {
        "ours": _times(ours, questions),
        "peer": _times(directory_peer.ask, questions[: max(1, given.questions // 10)]),
        "questions_answered_otherwise_than_by_the_peer": differing,
        "build_seconds": built_in,
        "list_seconds": listed_in,
        "count_earners_seconds": counted_in,
        "peak_mb": peak_mb(),
    }


def _times(ask: Callable[[Any], int], questions: list[Any]) -> dict[str, float]:
    """Of the clock, and of this process alone, which other work on the machine does not lengthen: on SQLite it is all there is."""
    times, own = [], []
    for one in questions:
        begins, began = time.perf_counter(), time.process_time()
        ask(one)
        times.append((time.perf_counter() - begins) * 1000)
        own.append((time.process_time() - began) * 1000)
    return {
        "median_ms": _at(times, 0.5),
        "p95_ms": _at(times, 0.95),
        "most_ms": _at(times, 1),
        "processor_median_ms": _at(own, 0.5),
        "processor_p95_ms": _at(own, 0.95),
    }


def _at(times: list[float], share: float) -> float:
    return round(sorted(times)[min(len(times) - 1, int(len(times) * share))], 1)


def _seconds(work: Callable[[], object]) -> float:
    begins = time.perf_counter()
    work()
    return round(time.perf_counter() - begins, 1)


def _show(given: argparse.Namespace, found: dict[str, dict[str, Any]]) -> None:
    ours, peer = found["sqlite"]["ours"]["p95_ms"], found["sqlite"]["peer"]["p95_ms"]
    result = {
        "name": "directory: answer a question with facets",
        "unit": "milliseconds at the 95th percentile, SQLite",
        "ours": ours,
        "peer": peer,
        "ratio": round(peer / ours, 1),
        "peak_mb": max(one["peak_mb"] for one in found.values()),
        "details": {
            "achievements": given.achievements,
            "awards": given.awards,
            "questions": given.questions,
            "promised_ms": PROMISED_MS,
            "kept": all(one["ours"]["p95_ms"] <= PROMISED_MS for one in found.values()),
            **found,
            "peer": "LIKE, COUNT and GROUP BY over the catalogue's own tables",
            "python": platform.python_version(),
        },
    }
    if given.json:
        sys.stdout.write(json.dumps(result) + "\n")
        return
    for database, one in found.items():
        sys.stdout.write(f"{database}: {one['ours']} (peer {one['peer']})\n")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main()
