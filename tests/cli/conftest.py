"""An installation with credentials, and its backup, for the tests of backup and restore."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
URL = "https://badges.acme.example"
KEY = "dGVzdHMgb25seTogdGhpcnR5LXR3byBieXRlcyBvZiA="


@dataclass(frozen=True, slots=True)
class Place:
    """A data directory, perhaps with a database of its own, and what its processes are told."""

    data_dir: Path
    database_url: str = ""

    def environment(self, **own: str) -> dict[str, str]:
        """The variables of its processes."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("HEXMARK_", "DJANGO_"))}
        return clean | {
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
            "DJANGO_SETTINGS_MODULE": "hexmark.project.settings",
            "HEXMARK_DATA_DIR": str(self.data_dir),
            "HEXMARK_DATABASE_URL": self.database_url,
            "HEXMARK_PUBLIC_URL": URL,
            "HEXMARK_SECRET_KEY": "only for tests, and long enough to be taken seriously",
            "HEXMARK_KEY_ENCRYPTION_KEY": KEY,
        } | own  # fmt: skip

    def hexmark(self, *arguments: object, **own: str) -> subprocess.CompletedProcess[str]:
        """The command line."""
        return self._run("hexmark", *map(str, arguments), **own)

    def says(self, *arguments: object, code: int = 0, **own: str) -> dict[str, Any]:
        """What a command prints with `--json`, when it ends with this code."""
        done = self.hexmark(*arguments, "--json", **own)
        assert done.returncode == code, done.stdout + done.stderr
        said: dict[str, Any] = json.loads(done.stdout)
        return said

    def scene(self, *arguments: object) -> str:
        """What `tests.cli.scene` does there."""
        done = self._run("tests.cli.scene", *map(str, arguments))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def begin(self, *arguments: object) -> subprocess.Popen[str]:
        """The same, beside us."""
        command = [sys.executable, "-m", "tests.cli.scene", *map(str, arguments)]
        return subprocess.Popen(command, env=self.environment(), stdout=subprocess.PIPE, text=True)

    def _run(self, module: str, *arguments: str, **own: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.run(command, env=self.environment(**own), capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="session")
def acme_place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """An installation with two organisations and three credentials. Tests leave it as it is."""
    place = Place(tmp_path_factory.mktemp("installation") / "data")
    assert place.hexmark("init").returncode == 0
    place.scene("found")
    return place


@pytest.fixture(scope="session")
def archive(acme_place: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its backup."""
    target = tmp_path_factory.mktemp("archive") / "acme.tar.gz"
    done = acme_place.hexmark("backup", target)
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture
def elsewhere(tmp_path: Path) -> Place:
    """Where nothing is yet."""
    return Place(tmp_path / "elsewhere")


@pytest.fixture
def postgresql() -> Iterator[str]:
    """The address of an empty database of its own."""
    server = os.environ.get("HEXMARK_TEST_DATABASE_URL", "")
    if "postgres" not in server:
        pytest.skip("HEXMARK_TEST_DATABASE_URL names no PostgreSQL.")
    from tests.faults.installation import installation

    with installation(Path("/nowhere")) as made:
        yield made.database_url
