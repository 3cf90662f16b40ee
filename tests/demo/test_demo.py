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


def hexmark(*arguments: str, folder: Path, **own: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own, with nothing of the tests' environment."""
    command = [sys.executable, "-m", "hexmark", *arguments]
    return subprocess.run(command, cwd=folder, env=clean() | own, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """A demo's data directory, and what `--once --json` said about it."""
    folder = tmp_path_factory.mktemp("demo")
    done = hexmark("demo", "--once", "--small", "--json", "--port", PORT, "--data-dir", "world", folder=folder)
    assert done.returncode == 0, done.stderr
    summary: dict[str, object] = json.loads(done.stdout)
    return folder, summary


def test_once_prints_one_object_and_every_credential_verified(built: tuple[Path, dict[str, object]]) -> None:
    _, summary = built
    assert summary["organisations"] == 4
    assert isinstance(summary["people"], int)
    assert summary["people"] >= 120
    assert isinstance(summary["achievements"], int)
    assert summary["achievements"] >= 15
    assert isinstance(summary["credentials_issued"], int)
    assert summary["credentials_issued"] >= 200
    assert summary["credentials_verified"] == summary["credentials_issued"]
    states = [summary[f"credentials_{state}"] for state in ("valid", "expired", "paused", "revoked")]
    assert all(isinstance(count, int) and count > 0 for count in states)
    assert sum(states) == summary["credentials_issued"]  # type: ignore[arg-type]
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


@pytest.mark.slow
def test_a_build_that_was_interrupted_begins_anew(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hexmark", "demo", "--once", "--small", "--port", PORT, "--data-dir", str(tmp_path)]
    begun = subprocess.Popen(command, env=clean())
    until(lambda: count(tmp_path, "people_person") > 0)
    begun.kill()
    begun.wait()
    assert not (tmp_path / "samples").exists()
    done = hexmark("demo", "--once", "--small", "--json", "--port", PORT, "--data-dir", str(tmp_path), folder=tmp_path)
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert summary["credentials_verified"] == summary["credentials_issued"] >= 200
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


def test_who_can_sign_in_is_written_down_with_what_there_is_to_see(built: tuple[Path, dict[str, object]]) -> None:
    folder, _ = built
    file = folder / "world" / "demo-sign-ins.txt"
    text = file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for email in ("bea.fenwick@hexham.example", "amina.hall@hexham.example", "priya.okafor@post.example", "maeve.forster@register.example"):
        assert email in text
    assert "lin.zhao" not in text


SCENES = {
    "Priya left in spring and signs in with an address of her own": (
        "SELECT account.email FROM people_person AS person JOIN people_account AS account ON account.id = person.account_id "
        "WHERE person.name = 'Priya Okafor' AND person.left_at < datetime('now', '-1 day') AND account.email = 'priya.okafor@post.example'"
    ),
    "what Lin was given waits for an answer": (
        "SELECT entry.id FROM passport_entry AS entry JOIN issuing_credential AS credential ON credential.id = entry.credential_id "
        "JOIN awarding_award AS award ON award.id = credential.award_id JOIN people_person AS person ON person.id = award.person_id "
        "WHERE person.name = 'Lin Zhao' AND entry.accepted_at IS NULL AND person.account_id IS NULL"
    ),
    "Lin was written to": "SELECT id FROM mail_message WHERE \"to\" LIKE 'lin.zhao@%'",
    "a run waits out its hold": "SELECT id FROM awarding_awardrun WHERE release_at > datetime('now')",
    "a run was stopped": "SELECT id FROM awarding_awardrun WHERE paused_at IS NOT NULL",
    "a list has rows to mend": "SELECT id FROM awarding_batchrow WHERE outcome = 'mend'",
    "Callum's Developer has lapsed": (
        "SELECT credential.id FROM issuing_credential AS credential JOIN awarding_award AS award ON award.id = credential.award_id "
        "JOIN people_person AS person ON person.id = award.person_id JOIN catalogue_achievementversion AS version "
        "ON version.id = award.version_id WHERE person.name = 'Callum Marsh' AND version.name = 'Test Systems Developer' "
        "AND credential.valid_until < datetime('now')"
    ),
    "somebody shares some of it": "SELECT id FROM passport_share WHERE expires_at > datetime('now')",
    "a collection is public": "SELECT id FROM passport_collection WHERE published_at IS NOT NULL",
    "customers' engineers stand in the register": (
        "SELECT entry.id FROM passport_entry AS entry JOIN issuing_credential AS credential ON credential.id = entry.credential_id "
        "JOIN awarding_award AS award ON award.id = credential.award_id JOIN people_person AS person ON person.id = award.person_id "
        "WHERE person.kind = 'customer' AND entry.audience = 'public'"
    ),
    "a draft is being written": "SELECT id FROM catalogue_achievementversion WHERE state = 'draft'",
    "an organisation has words of its own": "SELECT id FROM organisations_organisation WHERE word_badge = 'micro-credential'",
}


@pytest.mark.parametrize("scene", SCENES)
def test_the_world_shows(built: tuple[Path, dict[str, object]], scene: str) -> None:
    folder, _ = built
    with sqlite3.connect(folder / "world" / "hexmark.sqlite3") as database:
        assert database.execute(SCENES[scene]).fetchone() is not None


def test_nothing_is_left_to_be_woken(built: tuple[Path, dict[str, object]]) -> None:
    folder, _ = built
    assert count(folder / "world", "django_tasks_database_dbtaskresult") == 0


def test_no_private_key_stands_in_the_database(built: tuple[Path, dict[str, object]]) -> None:
    folder, _ = built
    with sqlite3.connect(folder / "world" / "hexmark.sqlite3") as database:
        rows = list(database.execute("SELECT length(sealed_seed), length(wrapped_data_key) FROM signing_keys_storedkey"))
    # Nonce, seed and tag; the wrapped data key: no column is as long as a bare seed.
    assert rows == [(12 + 32 + 16, 40)] * 4


def test_a_backup_of_the_world_restored_elsewhere_verifies_every_credential(built: tuple[Path, dict[str, object]]) -> None:
    folder, summary = built
    kept = json.loads((folder / "world" / "demo-secrets.json").read_text())
    own = {
        "HEXMARK_PUBLIC_URL": kept["public_url"],
        "HEXMARK_SECRET_KEY": kept["secret_key"],
        "HEXMARK_KEY_ENCRYPTION_KEY": kept["key_encryption_key"],
        "HEXMARK_DATA_DIR": str(folder / "world"),
    }
    made = hexmark("backup", "world.tar.gz", "--json", folder=folder, **own)
    assert made.returncode == 0, made.stderr
    done = hexmark("restore", "world.tar.gz", "--into", "elsewhere", "--json", folder=folder, **own)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["verification"]
    assert found["hold"] == found["examined"] == summary["credentials_issued"]
    for state in ("valid", "expired", "paused", "revoked"):
        assert found[state] == summary[f"credentials_{state}"]
