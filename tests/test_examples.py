"""The examples run as somebody runs them, and what one writes the other reads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"


def run(example: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The example has run to its end, in an interpreter of its own."""
    command = [sys.executable, str(EXAMPLES / example), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def badge(tmp_path: Path) -> Path:
    """A badge that `issue_one` has just written."""
    file = tmp_path / "badge.json"
    issued = run("issue_one.py", file)
    assert issued.returncode == 0, issued.stderr
    return file


def test_the_issued_badge_verifies(badge: Path) -> None:
    verified = run("verify_file.py", badge)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "verified" in verified.stdout
    assert "no domain says who holds it" in verified.stdout


def test_the_issued_badge_names_nobody(badge: Path) -> None:
    text = badge.read_text(encoding="utf-8")
    assert "amara" not in text
    assert json.loads(text)["credentialSubject"]["identifier"][0]["hashed"] is True


def test_two_badges_share_neither_key_nor_ids(badge: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    run("issue_one.py", other)
    one, two = json.loads(badge.read_text(encoding="utf-8")), json.loads(other.read_text(encoding="utf-8"))
    assert one["issuer"]["id"] != two["issuer"]["id"]
    assert one["id"] != two["id"]


def test_an_altered_badge_does_not_verify(badge: Path) -> None:
    badge.write_text(badge.read_text(encoding="utf-8").replace("Open Day Helper", "Open Day Director"), encoding="utf-8")
    verified = run("verify_file.py", badge)
    assert verified.returncode == 1
    assert "not what was signed" in verified.stdout


def test_a_file_that_is_no_badge_is_named_and_the_next_is_still_checked(badge: Path, tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("not a badge", encoding="utf-8")
    verified = run("verify_file.py", other, badge)
    assert verified.returncode == 1
    assert "cannot be read" in verified.stdout
    assert f"{badge}: verified" in verified.stdout


@pytest.mark.parametrize("example", sorted(file.name for file in EXAMPLES.glob("*.py")))
def test_an_example_without_arguments_says_how_to_call_it(example: str) -> None:
    called = run(example)
    assert called.returncode == 1
    assert "usage:" in called.stderr
