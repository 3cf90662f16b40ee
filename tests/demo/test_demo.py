"""The demo as a user gets it: a process of its own, a data directory of its own, no network."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

PORT = "8765"


def clean() -> dict[str, str]:
    """The environment without anything of Hexmark's or the framework's."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("HEXMARK_", "DJANGO_"))}


def count(data_dir: Path, table: str) -> int:
    """How many rows the table has now; 0 while there is no such table."""
    try:
        with sqlite3.connect(f"file:{data_dir / 'hexmark.sqlite3'}?mode=ro", uri=True) as database:
            return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def until(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    """The condition holds.

    Raises:
        AssertionError: it did not come true in time.
    """
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.02)


def hexmark(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own, with nothing of the tests' environment."""
    command = [sys.executable, "-m", "hexmark", *arguments]
    return subprocess.run(command, cwd=folder, env=clean(), capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """A demo's data directory, and what `--once --json` said about it."""
    folder = tmp_path_factory.mktemp("demo")
    done = hexmark("demo", "--once", "--json", "--port", PORT, "--data-dir", "world", folder=folder)
    assert done.returncode == 0, done.stderr
    summary: dict[str, object] = json.loads(done.stdout)
    return folder, summary


def test_once_prints_one_object_and_every_credential_verified(built: tuple[Path, dict[str, object]]) -> None:
    _, summary = built
    assert summary["organisations"] == 1
    assert isinstance(summary["people"], int)
    assert summary["people"] >= 120
    assert isinstance(summary["achievements"], int)
    assert summary["achievements"] >= 8
    assert isinstance(summary["credentials_issued"], int)
    assert summary["credentials_issued"] >= 300
    assert summary["credentials_verified"] == summary["credentials_issued"]
    assert isinstance(summary["seconds"], float)


def test_samples_are_left_in_every_form(built: tuple[Path, dict[str, object]]) -> None:
    folder, _ = built
    samples = folder / "world" / "samples"
    assert {file.name for file in samples.iterdir()} == {"credential.json", "credential.png", "credential.svg", "did.json"}
    document = json.loads((samples / "credential.json").read_text())
    assert document["issuer"]["id"] == json.loads((samples / "did.json").read_text())["id"] == f"did:web:localhost%3A{PORT}:o:hexham"


@pytest.mark.parametrize("name", ["credential.json", "credential.png", "credential.svg"])
def test_each_sample_is_unchanged_and_without_the_server_the_rest_is_unknown(built: tuple[Path, dict[str, object]], name: str) -> None:
    folder, _ = built
    done = hexmark("verify", "--json", "--offline", f"world/samples/{name}", folder=folder)
    report = json.loads(done.stdout)
    outcomes = {check["axis"]: check["outcome"] for check in report["checks"]}
    assert done.returncode == 2
    assert outcomes["integrity"] == "passed"
    assert outcomes["issuer"] == outcomes["status"] == "unknown"


def test_the_signed_files_name_nobody(built: tuple[Path, dict[str, object]]) -> None:
    folder, _ = built
    with sqlite3.connect(folder / "world" / "hexmark.sqlite3") as database:
        documents = "".join(row[0] for row in database.execute("SELECT document FROM issuing_credential"))
        people = list(database.execute("SELECT name, email FROM people_person"))
    assert len(people) >= 120
    assert not [name for name, email in people if name in documents or email in documents]


def test_a_second_start_builds_nothing_and_keeps_everything(built: tuple[Path, dict[str, object]]) -> None:
    folder, summary = built
    again = hexmark("demo", "--once", "--json", "--port", PORT, "--data-dir", "world", folder=folder)
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["credentials_issued"] == summary["credentials_issued"]
    assert "credentials_verified" not in json.loads(again.stdout)


def test_a_build_that_was_interrupted_begins_anew(tmp_path: Path) -> None:
    begun = subprocess.Popen([sys.executable, "-m", "hexmark", "demo", "--once", "--port", PORT, "--data-dir", str(tmp_path)], env=clean())
    until(lambda: count(tmp_path, "issuing_credential") > 0)
    begun.kill()
    begun.wait()
    assert not (tmp_path / "samples").exists()
    done = hexmark("demo", "--once", "--json", "--port", PORT, "--data-dir", str(tmp_path), folder=tmp_path)
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert summary["credentials_verified"] == summary["credentials_issued"] >= 300
    assert (tmp_path / "samples" / "credential.png").exists()


def test_another_port_is_refused_because_the_address_is_signed(built: tuple[Path, dict[str, object]]) -> None:
    folder, _ = built
    refused = hexmark("demo", "--once", "--port", "8766", "--data-dir", "world", folder=folder)
    assert refused.returncode == 1
    assert "built for http://localhost:8765" in refused.stderr


def test_the_demos_secrets_are_readable_by_their_owner_only(built: tuple[Path, dict[str, object]]) -> None:
    folder, _ = built
    mode = (folder / "world" / "demo-secrets.json").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_no_private_key_stands_in_the_database(built: tuple[Path, dict[str, object]]) -> None:
    folder, _ = built
    with sqlite3.connect(folder / "world" / "hexmark.sqlite3") as database:
        rows = list(database.execute("SELECT length(sealed_seed), length(wrapped_data_key) FROM signing_keys_storedkey"))
    # Nonce, seed and tag; the wrapped data key: no column is as long as a bare seed.
    assert rows == [(12 + 32 + 16, 40)]
