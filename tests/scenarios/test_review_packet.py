"""HX-3: a closed review leaves a file that anybody can check, then and now, with and without a network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.performance.reviewing import a_review, closed
from tests.web.pages import Visitor
from tests.world import World, run_jobs

from hexmark.cli import verify as command
from hexmark.cli.inspect import inspect
from hexmark.issuing.actions import revoke
from hexmark.issuing.models import Credential
from hexmark.issuing.reports import fetch_for_site
from hexmark.performance.packets import key_of


@pytest.fixture
def file(acme: World, credential: Credential, tmp_path: Path) -> Path:
    """The packet of the member's closed review, as the member took it away."""
    review = a_review(acme)
    closed(acme, review)
    taken = Visitor(acme.member_person).get(f"/reviews/{review.public_id}/packet")
    path = tmp_path / "review.packet.jwt"
    path.write_bytes(taken.content)
    return path


def verified(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command.verify, [str(each) for each in arguments])


def test_HX_3_review_packet(acme: World, credential: Credential, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: N802
    key = key_of(file.read_text())

    # On a machine without the database and without a network, with the key that stands in the letter.
    offline = verified("--offline", "--key", key, file)
    assert offline.exit_code == 0, offline.output
    assert "The packet is unchanged since it was signed." in offline.output
    assert "“Safety Champion” was verified on" in offline.output

    # Nobody can know offline whose key it is: without it the answer is unknown, and says what to do.
    unknown = verified("--offline", file)
    assert unknown.exit_code == 2
    assert key in unknown.output

    # Both sides have the same file.
    assert Visitor(acme.manager_person).get(address_of(file)).content == file.read_bytes()

    # Online: the issuer's own key is asked for, and what changed since is named.
    monkeypatch.setattr(command, "fetch_for", lambda *, offline: fetch_for_site)
    assert "Nothing changed since then" in verified(file).output
    revoke(credential, actor=acme.steward, reason="Awarded in error")
    run_jobs()
    now = verified("--json", file)
    assert now.exit_code == 0
    assert "is revoked now" in json.loads(now.output)["warnings"][0]

    # One altered byte fails, wherever it is.
    data = file.read_bytes()
    for place in (3, len(data) // 2, len(data) - 3):
        altered = file.with_name(f"altered-{place}.jwt")
        altered.write_bytes(data[:place] + (b"A" if data[place : place + 1] != b"A" else b"B") + data[place + 1 :])
        assert verified("--offline", "--key", key, altered).exit_code in (1, 3), place


def address_of(file: Path) -> str:
    """Where the packet is taken, as it says itself."""
    shown = CliRunner().invoke(inspect, [str(file)]).output
    line = next(line for line in shown.splitlines() if "/reviews/" in line)
    return f"/reviews/{line.rpartition('/reviews/')[2].strip()}/packet"


def test_inspect_shows_what_a_packet_holds_and_nobodys_words(file: Path) -> None:
    shown = CliRunner().invoke(inspect, [str(file)]).output
    for words in ("review packet", "FY 2026", "Acme Member", "Safety Champion (verified then)", "did.json"):
        assert words in shown
    assert "Steady, and a help to others." not in shown
