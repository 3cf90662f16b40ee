"""A running demo: started, asked over HTTP and acted upon as anybody could, with nothing of the tests' own process."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import unquote

PATIENCE_SECONDS = 60
# Whatever proxy the environment names is not for the loopback.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass
class Site:
    """Where the demo answers and keeps its data."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def fetch(self, url: str, accept: str = "*/*") -> bytes:
        """What the site answers; did:web always says https, the demo serves http."""
        own = url.replace(f"https://localhost:{self.port}/", f"{self.url}/", 1)
        assert own.startswith(f"{self.url}/"), f"a foreign verifier asked for {url}, which is not ours"
        with OPENER.open(urllib.request.Request(own, headers={"Accept": accept}), timeout=10) as answer:
            assert answer.status == HTTPStatus.OK
            body: bytes = answer.read()
            return body

    def credential(self, award_id: str) -> str:
        """The signed file as it is served."""
        return self.fetch(f"{self.url}/a/{award_id}", accept="application/vc").decode()

    def is_signed(self, award_id: str) -> bool:
        """Whether the award's file is served yet."""
        try:
            return bool(self.credential(award_id))
        except HTTPError:
            return False

    def picture(self, award_id: str, form: str = "png") -> bytes:
        """The badge with its credential inside."""
        return self.fetch(f"{self.url}/a/{award_id}.{form}")

    def documents_about(self, credential: dict[str, Any]) -> dict[str, Any]:
        """DID document and status lists of this credential, as served, by the names that the credential has for them."""
        issuer = credential["issuer"]["id"]
        host, *path = [unquote(part) for part in issuer.removeprefix("did:web:").split(":")]
        lists = {entry["statusListCredential"] for entry in credential["credentialStatus"]}
        served = {issuer: f"https://{host}/{'/'.join(path)}/did.json"} | {url: url for url in lists}
        return {name: json.loads(self.fetch(url)) for name, url in served.items()}

    def act(self, *arguments: str) -> str:
        """What an administrator does in the running demo; returns the award's public id."""
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("acts.py")), *arguments],
            env=self.environment(), capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def environment(self) -> dict[str, str]:
        """The demo's configuration, for a process beside it."""
        kept = json.loads((self.folder / "demo-secrets.json").read_text(encoding="utf-8"))
        return plain_environment() | {
            "HEXMARK_DATA_DIR": str(self.folder),
            "HEXMARK_DEMO": "1",
            "HEXMARK_PUBLIC_URL": self.url,
            "HEXMARK_SECRET_KEY": kept["secret_key"],
            "HEXMARK_KEY_ENCRYPTION_KEY": kept["key_encryption_key"],
        }

    def verify(self, badge: str | bytes, *options: str) -> dict[str, Any]:
        """The report of `hexmark verify --json` on these bytes, with the demo's address allowed."""
        done = subprocess.run(
            [sys.executable, "-m", "hexmark", "verify", "--json", *options, "-"],
            env=plain_environment() | {"HEXMARK_ALLOW_LOCAL_ORIGIN": self.url},
            input=badge if isinstance(badge, bytes) else badge.encode(), capture_output=True, timeout=PATIENCE_SECONDS, check=False,
        )  # fmt: skip
        report: dict[str, Any] = json.loads(done.stdout)
        return report


def wait_until(happened: Callable[[], bool], what: str) -> None:
    """It has happened; fails after a minute."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < deadline, f"waited a minute for {what}"
        time.sleep(0.1)


def plain_environment() -> dict[str, str]:
    """The environment without what the tests put there."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("HEXMARK_", "DJANGO_"))}


@contextmanager
def running_demo(folder: Path) -> Iterator[Site]:
    """A demo built with `--once`, then served."""
    site = Site(folder=folder / "world", port=_free_port())
    command = [sys.executable, "-m", "hexmark", "demo", "--data-dir", str(site.folder), "--port", str(site.port)]
    built = subprocess.run(
        [*command, "--once", "--small", "--json"], env=plain_environment(), capture_output=True, text=True, timeout=300, check=False
    )
    assert built.returncode == 0, built.stderr
    with (folder / "site.log").open("w") as log, subprocess.Popen(command, env=plain_environment(), stdout=log, stderr=log) as process:
        try:
            wait_until(lambda: _answers(site), "the demo to answer")
            yield site
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE_SECONDS)


def _answers(site: Site) -> bool:
    try:
        return bool(site.fetch(f"{site.url}/healthz"))
    except (URLError, ConnectionError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
