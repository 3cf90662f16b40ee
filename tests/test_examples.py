"""The examples run as somebody runs them, and what one writes the other reads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from hexmark.access import Scope
from hexmark.awarding.models import Award
from hexmark.organisations.actions import make_api_key
from tests.world import make_world

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"


def run(example: str, *arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """The example has run to its end, in an interpreter of its own, with these variables beside the usual ones."""
    command = [sys.executable, str(EXAMPLES / example), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=os.environ | variables)


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


@pytest.mark.django_db(transaction=True)
def test_awarding_over_the_api_from_another_program(live_server: LiveServer) -> None:
    acme = make_world("acme")
    acme.achievement()
    key = make_api_key(acme.organisation, label="Example", scopes=[Scope.BADGE_AWARD, Scope.BADGE_READ], actor=acme.steward).token
    arguments = (live_server.url, "safety-champion", "member@acme.example")
    first = run("award_over_the_api.py", *arguments, API_KEY=key)
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith(f"Acme Member: {live_server.url}/a/{Award.objects.get().public_id}")
    again = run("award_over_the_api.py", *arguments, API_KEY=key)
    assert (again.returncode, again.stderr) == (1, "/to: Everybody named here holds this already.\n")
    assert "opens nothing" in run("award_over_the_api.py", *arguments, API_KEY="hxm_old").stderr
