"""A real installation in processes of its own, and a real browser to look at it with."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHROMIUM = Path(os.environ.get("HEXMARK_CHROMIUM", "/usr/bin/chromium"))
#: Chromium as it must be started in a container, quiet and without calls of its own to anywhere.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Site:
    """A running installation."""

    url: str
    data_dir: Path
    #: The demo's one password; empty elsewhere.
    password: str = ""
    #: Where a new installation is set up; empty elsewhere.
    set_up_url: str = ""


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(**own: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("HEXMARK_", "DJANGO_"))}
    return clean | own


@contextmanager
def _running(command: list[str], *, url: str, environment: dict[str, str], log: Path) -> Iterator[None]:
    """The command runs and its site answers; afterwards it has ended, with all that it started."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    try:
        _wait_for(url, process, log)
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=45)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"The site did not start:\n{log.read_text(errors='replace')[-3000:]}")


@contextmanager
def demo(folder: Path, *, port: int = 0, small: bool = True) -> Iterator[Site]:
    """The demo's organisations, few of their people unless all are wanted, served at any free port unless one is given."""
    port, log = port or free_port(), folder / "demo.log"
    url, data_dir = f"http://localhost:{port}", folder / "demo"
    command = [sys.executable, "-m", "hexmark", "demo", "--data-dir", str(data_dir), "--port", str(port), *(["--small"] if small else [])]
    with _running(command, url=url, environment=_environment(), log=log):
        password = re.search(r"Password for each\s+(\S+)", log.read_text())
        assert password, log.read_text()
        yield Site(url, data_dir, password=password[1])


def environment_of(site: Site) -> dict[str, str]:
    """What a new installation's own processes find in their environment."""
    return _environment(
        DJANGO_SETTINGS_MODULE="hexmark.project.settings",
        HEXMARK_PUBLIC_URL=site.url,
        HEXMARK_DATA_DIR=str(site.data_dir),
        HEXMARK_SECRET_KEY="only for this test, and long enough to be taken seriously",
        HEXMARK_KEY_ENCRYPTION_KEY="dGVzdHMgb25seTogdGhpcnR5LXR3byBieXRlcyBvZiA=",
    )


@contextmanager
def new_installation(folder: Path) -> Iterator[Site]:
    """An installation that nobody has set up yet, served, with its link."""
    port = free_port()
    url, data_dir = f"http://localhost:{port}", folder / "new"
    environment = environment_of(Site(url, data_dir))
    begun = subprocess.run([sys.executable, "-m", "hexmark", "init"], env=environment, capture_output=True, text=True, check=False)
    link = re.search(rf"{re.escape(url)}/setup\?token=\S+", begun.stdout)
    assert link, begun.stdout + begun.stderr
    command = [sys.executable, "-m", "hexmark", "serve", "--port", str(port)]
    with _running(command, url=url, environment=environment, log=folder / "serve.log"):
        yield Site(url, data_dir, set_up_url=link[0])
