"""What the first page costs somebody who has never been here: bytes, time to see something, and whether anything jumps.

    python benchmarks/page.py --json
    python benchmarks/page.py --url https://badges.example.org/a/…

Without an address it makes the small demo and opens the page of a badge in it. A new browser, no cache, a processor four times slower,
a window 412 pixels wide, over loopback: figures of a laboratory, like Lighthouse's, and worth comparing with themselves only. The median of
several rounds. There is no peer: the limits are our own.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

LIMITS = {"transferred_kb": 140.0, "first_contentful_paint_ms": 1000.0, "layout_shift": 0.0}
SLOWER = 4
WINDOW = {"width": 412, "height": 915}
#: Runs before anything of the page does, by the browser's own hand: the page's policy does not concern it.
WATCH = """
  window.seen = { shift: 0, largest: 0, blocked: 0 };
  const watch = (type, note) => new PerformanceObserver(list => list.getEntries().forEach(note)).observe({ type, buffered: true });
  watch("layout-shift", one => { if (!one.hadRecentInput) seen.shift += one.value; });
  watch("largest-contentful-paint", one => { seen.largest = one.startTime; });
  watch("longtask", one => { seen.blocked += Math.max(0, one.duration - 50); });
"""
FIGURES = """() => ({ ...seen,
  first: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
  fonts: [...document.fonts].filter(one => one.status === "loaded").length,
})"""


def look(browser: Browser, url: str, *, slower: int = SLOWER) -> dict[str, Any]:
    """The figures of one visit by somebody who has nothing of the site in their browser yet."""
    context = browser.new_context(viewport=WINDOW, device_scale_factor=2)  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script(WATCH)
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    line.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    addresses: dict[str, str] = {}
    bytes_of: dict[str, int] = {}
    line.on("Network.requestWillBeSent", lambda told: addresses.__setitem__(told["requestId"], told["request"]["url"]))
    line.on("Network.loadingFinished", lambda told: bytes_of.__setitem__(addresses[told["requestId"]], int(told["encodedDataLength"])))
    page.goto(url, wait_until="load")
    page.evaluate("document.fonts.ready.then(() => new Promise(done => setTimeout(done, 300)))")
    seen = page.evaluate(FIGURES)
    context.close()
    parts = {address: size for address, size in bytes_of.items() if not address.startswith("data:")}
    return {
        "transferred_kb": round(sum(parts.values()) / 1000, 1),
        "requests": len(parts),
        "first_contentful_paint_ms": round(seen["first"]),
        "largest_contentful_paint_ms": round(seen["largest"]),
        "blocked_ms": round(seen["blocked"]),
        "layout_shift": round(seen["shift"], 4),
        "fonts": seen["fonts"],
        "parts": dict(sorted(((re.sub(r"^https?://[^/]+", "", one), size) for one, size in parts.items()), key=lambda one: -one[1])),
    }


def median_of(visits: list[dict[str, Any]]) -> dict[str, Any]:
    """The middle of every figure, and the parts of the last visit."""
    figures = {name: statistics.median(visit[name] for visit in visits) for name in visits[0] if name != "parts"}
    return figures | {"parts": visits[-1]["parts"]}


def within(figures: dict[str, Any]) -> bool:
    """Whether all limits are kept."""
    return all(figures[name] <= limit for name, limit in LIMITS.items())


@contextmanager
def demo() -> Iterator[str]:
    """The address of a badge's page in a demo that runs meanwhile."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="hexmark-page-"))
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HEXMARK_", "DJANGO_"))}
    command = [sys.executable, "-m", "hexmark", "demo", "--small", "--data-dir", str(folder), "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        _wait_for(f"http://localhost:{port}/healthz", process)
        yield f"http://localhost:{port}/a/{_shown_badge(folder)}"
    finally:
        process.terminate()
        process.wait(timeout=60)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + 300
    while time.monotonic() < ends and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The demo did not start.")


def _shown_badge(folder: Path) -> str:
    select = (
        "SELECT award.public_id FROM passport_entry AS entry JOIN issuing_credential AS credential ON credential.id = entry.credential_id "
        "JOIN awarding_award AS award ON award.id = credential.award_id WHERE entry.audience = 'public' AND entry.accepted_at IS NOT NULL "
        "AND credential.revoked_at IS NULL AND credential.paused_at IS NULL ORDER BY entry.id LIMIT 1"
    )
    with sqlite3.connect(f"file:{folder / 'hexmark.sqlite3'}?mode=ro", uri=True) as base:
        return str(base.execute(select).fetchone()[0])


def measure(url: str, rounds: int) -> dict[str, Any]:
    """The figures of this machine."""
    with sync_playwright() as driver:
        program = os.environ.get("HEXMARK_CHROMIUM", "/usr/bin/chromium")
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        # The first visit also has the server draw what nobody has asked for yet.
        look(browser, url)
        figures = median_of([look(browser, url) for _ in range(rounds)])
        browser.close()
    load = round(os.getloadavg()[0], 2)
    details = figures | {"processor_slowed": SLOWER, "rounds": rounds, "load": load, "limits": LIMITS, "within_limits": within(figures)}
    return {
        "name": "page: the first page somebody opens, with one badge and all fonts",
        "unit": "kB transferred",
        "ours": figures["transferred_kb"],
        "peer": None,
        "ratio": None,
        "peak_mb": None,
        "details": details,
    }


def main() -> None:
    """The figures are printed."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--json", action="store_true", help="one JSON object on standard output")
    options.add_argument("--url", help="a page that is served already")
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    if given.url:
        figures = measure(given.url, given.rounds)
    else:
        with demo() as url:
            figures = measure(url, given.rounds)
    sys.stdout.write(json.dumps(figures, indent=None if given.json else 2) + "\n")


if __name__ == "__main__":
    main()
