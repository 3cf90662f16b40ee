"""What an organisation has goes out as plain files, and lists of people, achievements and awards come in, row by row."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.world import World, make_world

from hexmark.cli.main import main
from hexmark.files.tables import read_table
from hexmark.issuing.actions import revoke
from hexmark.issuing.models import Credential

STEWARD, MEMBER = "steward@acme.example", "member@acme.example"


def hexmark(*arguments: object) -> Result:
    """The command line, in this process and on the test's database."""
    return CliRunner().invoke(main, list(map(str, arguments)))


def says(*arguments: object, code: int = 0) -> dict[str, Any]:
    """What a command prints with `--json`, when it ends with this code."""
    done = hexmark(*arguments, "--json")
    assert done.exit_code == code, done.output
    said: dict[str, Any] = json.loads(done.stdout)
    return said


@pytest.fixture
def world(acme: World) -> World:
    """Acme with something published, and strangers beside it."""
    make_world("globex")
    acme.achievement("Mentor")
    return acme


@pytest.fixture
def exported(world: World, credential: Credential, tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    """Acme's export, with one credential that was revoked, and what the command said of it."""
    revoke(credential, actor=world.steward, reason="Awarded in error")
    return tmp_path / "acme", says("export", "acme", tmp_path / "acme")


def write(folder: Path, name: str, text: str) -> Path:
    """A list."""
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


# Out -------------------------------------------------------------------------------------------------------------------------------


def test_every_file_of_an_export_has_the_hash_that_its_manifest_says(exported: tuple[Path, dict[str, Any]]) -> None:
    folder, said = exported
    manifest = json.loads((folder / "manifest.json").read_text())
    held = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {"manifest.json"}
    assert held == set(manifest["files"])
    assert all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256 for name, sha256 in manifest["files"].items())
    assert said["files"] == len(held)
    assert folder.stat().st_mode & 0o077 == 0


def test_signed_files_leave_as_they_were_signed_and_verify_with_what_lies_beside_them(exported: tuple[Path, dict[str, Any]]) -> None:
    folder, said = exported
    files = list((folder / "credentials").iterdir())
    assert len(files) == said["credentials"] == 1
    did = json.loads((folder / "did.json").read_text())
    for file in files:
        document = json.loads(file.read_text())
        assert document["id"].endswith(f"/a/{file.stem}")
        assert document["issuer"]["id"] == did["id"]
        [proof] = document["proof"] if isinstance(document["proof"], list) else [document["proof"]]
        assert proof["verificationMethod"] in {method["id"] for method in did["verificationMethod"]}
    assert {path.name for path in (folder / "status").iterdir()} == {"revocation-1.json", "suspension-1.json"}


def test_lists_of_an_export_are_lists_that_come_back(exported: tuple[Path, dict[str, Any]]) -> None:
    folder, said = exported
    people = says("import", "people", "acme", folder / "people.csv", "--as", STEWARD, "--dry-run")
    assert people["counts"] == {"same": said["people"]}
    achievements = says("import", "achievements", "acme", folder / "achievements.csv", "--as", STEWARD, "--dry-run")
    assert achievements["counts"] == {"exists": 2}


def test_awards_and_events_are_all_there(exported: tuple[Path, dict[str, Any]]) -> None:
    folder, said = exported
    table = read_table((folder / "awards.csv").read_bytes(), file_name="awards.csv")
    assert len(table.rows) == said["awards"] == 1
    revoked = [row for row in table.rows if row.values["revoked_at"]]
    assert [row.values["revocation_reason"] for row in revoked] == ["Awarded in error"]
    events = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    assert len(events) == said["events"]
    assert {"award.made", "credential.issued", "credential.revoked"} <= {event["type"] for event in events}


def test_nothing_of_another_organisation_leaves(exported: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = exported
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"globex" not in everything.lower()


def test_a_directory_that_holds_something_is_refused(world: World, tmp_path: Path) -> None:
    write(tmp_path, "mine.txt", "mine")
    done = hexmark("export", "acme", tmp_path)
    assert done.exit_code == 1
    assert "is not empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_unknown_organisation_is_a_clear_error(world: World, tmp_path: Path) -> None:
    done = hexmark("export", "nobody", tmp_path / "out")
    assert done.exit_code == 1
    assert "No organisation here has the short name 'nobody'" in done.stderr


# In --------------------------------------------------------------------------------------------------------------------------------

PEOPLE = "employee_id,email,name,team\nA1,jo@acme.example,Jo Carter,Kiln\nA2,broken,Nobody,Kiln\nA3,rana@acme.example,Rana Haddad,Kiln\n"


def test_a_dry_run_tells_each_rows_outcome_and_changes_nothing(world: World, tmp_path: Path) -> None:
    given = ("import", "people", "acme", write(tmp_path, "people.csv", PEOPLE), "--as", STEWARD, "--dry-run")
    first, again = says(*given, code=4), says(*given, code=4)
    assert first == again
    assert first["counts"] == {"new": 2, "error": 1}
    assert [row["line"] for row in first["rows"]] == [2, 3, 4]
    assert "broken" in first["rows"][1]["reason"]


def test_the_good_rows_of_a_list_are_run_and_the_bad_ones_named(world: World, tmp_path: Path) -> None:
    file = write(tmp_path, "people.csv", PEOPLE.replace("jo@", "joan@").replace("rana@", "ran@").replace("A1", "B1").replace("A3", "B3"))
    said = says("import", "people", "acme", file, "--as", STEWARD, code=4)
    assert said["counts"] == {"added": 2, "error": 1}
    words = hexmark("import", "people", "acme", file, "--as", STEWARD)
    assert words.exit_code == 4
    assert "2 same" in words.stdout


def test_days_that_could_be_two_are_asked_about(world: World, tmp_path: Path) -> None:
    file = write(tmp_path, "people.csv", "email,name,start\nleif@acme.example,Leif Elliot,03/04/2026\n")
    done = hexmark("import", "people", "acme", file, "--as", STEWARD, "--dry-run")
    assert done.exit_code == 1
    assert "--date-order" in done.stderr
    said = says("import", "people", "acme", file, "--as", STEWARD, "--dry-run", "--date-order", "day_first")
    assert said["rows"][0]["changes"]["start"] == ["", "2026-04-03"]


def test_achievements_become_drafts_once(world: World, tmp_path: Path) -> None:
    text = "name,description,criteria\nKiln Master,Fires without cracks.,Fire ten loads without a crack.\nMentor,,\n"
    file = write(tmp_path, "achievements.csv", text)
    assert says("import", "achievements", "acme", file, "--as", STEWARD, "--dry-run")["counts"] == {"new": 1, "exists": 1}
    assert says("import", "achievements", "acme", file, "--as", STEWARD)["counts"] == {"new": 1, "exists": 1}
    assert says("import", "achievements", "acme", file, "--as", STEWARD)["counts"] == {"exists": 2}


def test_a_list_is_awarded_once_however_often_it_is_brought(world: World, tmp_path: Path) -> None:
    file = write(tmp_path, "awards.csv", f"email,name\n{MEMBER},\nnew.one@acme.example,New One\nnobody(at)x,\n{MEMBER},\n")
    given = ("import", "awards", "mentor", file, "--as", STEWARD)
    assert says(*given, "--dry-run", code=4)["counts"] == {"ready": 1, "new": 1, "mend": 1, "double": 1}
    assert says(*given, "--now", code=4)["counts"] == {"awarded": 2, "mend": 1, "double": 1}
    assert says(*given, code=4)["counts"] == {"held": 2, "mend": 1, "double": 1}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("people", "acme"), "right to edit people"),
        (("achievements", "acme"), "right to edit catalogue"),
        (("awards", "mentor"), "right to award"),
    ],
)
def test_who_may_not_on_the_site_may_not_here(world: World, tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    file = write(tmp_path, "list.csv", "email,name\nsomebody@acme.example,Some Body\n")
    done = hexmark("import", *arguments, file, "--as", MEMBER)
    assert done.exit_code == 1
    assert sentence in done.stderr


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"PK\x03\x04 no workbook", b"email\n\xff\xfe\xfd"])
def test_what_is_no_list_is_refused_in_a_sentence(world: World, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "list.csv").write_bytes(data)
    done = hexmark("import", "people", "acme", tmp_path / "list.csv", "--as", STEWARD, "--dry-run")
    assert done.exit_code in (1, 4)
    assert isinstance(done.exception, SystemExit)
