"""A backup holds everything as it stood at one moment; restored, every credential verifies, and signing goes on."""

from __future__ import annotations

import json
import sqlite3
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.cli.archives import rewritten
from tests.cli.conftest import KEY, URL, Place

from hexmark.cli.archive.checking import check
from hexmark.cli.archive.manifest import Manifest
from hexmark.cli.archive.tape import members
from hexmark.keys.sealing import parse_key_encryption_key

AWARDED, ISSUED = "award.made", "credential.issued"
KEK = parse_key_encryption_key(KEY)


def tables(data_dir: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that a backup holds."""
    with sqlite3.connect(f"file:{data_dir / 'hexmark.sqlite3'}?mode=ro", uri=True) as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        left_out = ("sqlite_", "django_", "auth_", "cache")
        return {name: sorted(database.execute(f"SELECT * FROM {name}"), key=repr) for name in names if not name.startswith(left_out)}


def restored(archive: Path, place: Place, *arguments: object, code: int = 0, **own: str) -> dict[str, Any]:
    """What `restore` says of an archive there."""
    return place.says("restore", archive, "--into", place.data_dir, *arguments, code=code, **own)


def test_everything_comes_back_as_it_was(acme_place: Place, archive: Path, elsewhere: Place) -> None:
    said = restored(archive, elsewhere)
    assert said["verification"] == {"examined": 3, "hold": 3, "valid": 2, "revoked": 1, "paused": 0, "expired": 0, "problems": []}
    assert {path.name for path in elsewhere.data_dir.iterdir()} == {"hexmark.sqlite3", "files"}
    before, after = tables(acme_place.data_dir), tables(elsewhere.data_dir)
    # The registers are closed, see below.
    registers = {data.pop("issuing_statusregister")[0][0] for data in (before, after)}
    assert len(registers) == 1
    assert after == before
    stored = {path.relative_to(acme_place.data_dir): path.read_bytes() for path in (acme_place.data_dir / "files").rglob("*/*")}
    assert stored == {path.relative_to(elsewhere.data_dir): path.read_bytes() for path in (elsewhere.data_dir / "files").rglob("*/*")}
    assert elsewhere.data_dir.stat().st_mode & 0o077 == 0


def test_what_must_not_outlive_the_machine_is_not_inside(archive: Path) -> None:
    manifest = check(archive, key_encryption_key=KEK).manifest
    models = {table.model for table in manifest.tables}
    assert {"people.person", "issuing.credential", "signing_keys.storedkey", "events.event", "account.emailaddress"} <= models
    assert not {"sessions.session", "django_tasks_database.dbtaskresult"} & models
    held = b"".join(b"".join(member.chunks()) for member in members(archive))
    assert KEY.rstrip("=").encode() not in held


def test_a_good_backup_is_noted_for_the_checklist(acme_place: Place, archive: Path) -> None:
    noted = json.loads((acme_place.data_dir / "last-backup.json").read_text())
    assert set(noted) == {"at", "sha256", "credentials"}
    assert noted["credentials"] == 3


def test_a_backup_is_never_written_over_another(acme_place: Place, archive: Path) -> None:
    before = archive.read_bytes()
    done = acme_place.hexmark("backup", archive)
    assert done.returncode == 1
    assert "there already" in done.stderr
    assert archive.read_bytes() == before


def test_a_backup_of_another_form_is_refused_by_its_name(acme_place: Place, tmp_path: Path) -> None:
    done = acme_place.hexmark("backup", tmp_path / "acme.zip")
    assert done.returncode == 1
    assert "must end in .tar.gz" in done.stderr


@pytest.mark.slow
def test_while_credentials_are_signed_each_backup_is_of_one_moment(tmp_path: Path) -> None:
    busy, stop = Place(tmp_path / "busy"), tmp_path / "stop"
    assert busy.hexmark("init").returncode == 0
    busy.scene("found")
    signing = busy.begin("issue_until", stop)
    assert signing.stdout is not None
    assert signing.stdout.readline() == "begun\n"
    counts = []
    try:
        for number in range(3):
            time.sleep(0.5)
            made = busy.says("backup", tmp_path / f"{number}.tar.gz")
            counts.append(made["credentials"])
    finally:
        stop.touch()
        signing.communicate(timeout=60)
    assert counts == sorted(set(counts)), "nothing was signed between the backups"
    for number, count in enumerate(counts):
        place = Place(tmp_path / f"restored-{number}")
        said = restored(tmp_path / f"{number}.tar.gz", place)
        assert said["verification"]["hold"] == said["verification"]["examined"] == count
        now = tables(place.data_dir)
        # People are added, awarded and signed in transactions of their own; what belongs to one transaction is there together.
        assert sum(1 for row in now["events_event"] if ISSUED in row) == count
        assert sum(1 for row in now["events_event"] if AWARDED in row) == len(now["awarding_award"])


@pytest.mark.slow
def test_a_restored_server_signs_on_without_using_an_index_twice(tmp_path: Path, archive: Path, elsewhere: Place) -> None:
    restored(archive, elsewhere)
    lost = Place(tmp_path / "lost")
    restored(archive, lost)
    # What is signed after the backup is lost with the server, but not for those who hold it.
    lost.scene("issue", 40, "Lost")
    elsewhere.scene("issue", 40, "Later")
    old, new = json.loads(lost.scene("places")), json.loads(elsewhere.scene("places"))
    assert len(new) == 43
    used = {tuple(place[:3]) for place in new}
    assert len(used) == 43
    backed_up = {tuple(place[:3]) for place in new[:3]}
    assert elsewhere.hexmark("check").returncode == 0
    assert len(old) == 43
    assert not {(slug, number) for slug, number, _ in used - backed_up} & {(slug, number) for slug, number, _ in backed_up}


@pytest.mark.parametrize("held", ["hexmark.sqlite3", "something-else"])
def test_a_target_that_is_not_empty_is_left_as_it_is(archive: Path, elsewhere: Place, held: str) -> None:
    elsewhere.data_dir.mkdir()
    (elsewhere.data_dir / held).write_text("mine")
    done = elsewhere.hexmark("restore", archive, "--into", elsewhere.data_dir)
    assert done.returncode == 1
    assert "is not empty" in done.stderr
    assert [path.name for path in elsewhere.data_dir.iterdir()] == [held]


@pytest.mark.slow
def test_what_a_restore_that_was_killed_left_is_no_hindrance(archive: Path, elsewhere: Place) -> None:
    (elsewhere.data_dir / ".restoring").mkdir(parents=True)
    (elsewhere.data_dir / ".restoring" / "hexmark.sqlite3").write_text("half")
    restored(archive, elsewhere)
    assert not (elsewhere.data_dir / ".restoring").exists()


def test_another_address_is_refused_and_the_right_one_named(archive: Path, elsewhere: Place) -> None:
    done = elsewhere.hexmark("restore", archive, HEXMARK_PUBLIC_URL="https://other.example")
    assert done.returncode == 1
    assert f"Set it to {URL}" in done.stderr
    assert not elsewhere.data_dir.exists()


def test_check_writes_nothing_and_needs_no_configuration(archive: Path, elsewhere: Place) -> None:
    said = elsewhere.says("restore", archive, "--check", HEXMARK_KEY_ENCRYPTION_KEY="", HEXMARK_SECRET_KEY="")
    assert said["credentials"] == 3
    assert said["sealed_by_us"] is None
    assert "verification" not in said
    assert not elsewhere.data_dir.exists()


@pytest.mark.parametrize("at", [0.5, 0.9])
def test_a_damaged_archive_is_refused_and_nothing_written(archive: Path, elsewhere: Place, tmp_path: Path, at: float) -> None:
    data = bytearray(archive.read_bytes())
    data[int(len(data) * at)] ^= 0xFF
    (tmp_path / "damaged.tar.gz").write_bytes(data)
    done = elsewhere.hexmark("restore", tmp_path / "damaged.tar.gz")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert not elsewhere.data_dir.exists()


def unchanged(name: str, data: bytes) -> bytes:
    """The part as it is."""
    return data


def true(manifest: Manifest) -> Manifest:
    """The manifest as it is."""
    return manifest


def test_a_row_that_names_nobody_undoes_the_whole_restore(archive: Path, elsewhere: Place, tmp_path: Path) -> None:
    def orphan(name: str, data: bytes) -> bytes:
        return data if not name.startswith("tables/organisations.organisation/") else b""

    broken = rewritten(archive, tmp_path / "orphans.tar.gz", key=KEK, change=orphan, manifest=true)
    done = elsewhere.hexmark("restore", broken)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "Nothing was restored" in done.stderr
    assert list(elsewhere.data_dir.iterdir()) == []


@pytest.mark.slow
def test_a_credential_that_somebody_altered_is_found_even_if_they_had_every_key(archive: Path, elsewhere: Place, tmp_path: Path) -> None:
    def alter(name: str, data: bytes) -> bytes:
        return data.replace(b"Safety Champion", b"Safety Champiom", 1) if name.startswith("tables/issuing.credential/") else data

    said = restored(rewritten(archive, tmp_path / "altered.tar.gz", key=KEK, change=alter, manifest=true), elsewhere, code=4)
    assert said["verification"]["examined"] - said["verification"]["hold"] == 1
    assert "not the one that was signed" in said["verification"]["problems"][0][1]


@pytest.mark.slow
def test_an_archive_of_a_newer_version_names_the_version_that_is_needed(archive: Path, elsewhere: Place, tmp_path: Path) -> None:
    def newer(manifest: Manifest) -> Manifest:
        return replace(manifest, hexmark="9.9", migrations=(*manifest.migrations, ("people", "9999_from_the_future")))

    done = elsewhere.hexmark("restore", rewritten(archive, tmp_path / "newer.tar.gz", key=KEK, change=unchanged, manifest=newer))
    assert done.returncode == 1
    assert "Hexmark 9.9" in done.stderr
    assert list(elsewhere.data_dir.iterdir()) == []


@pytest.mark.slow
def test_an_archive_of_an_older_version_is_brought_up_to_date(archive: Path, elsewhere: Place, tmp_path: Path) -> None:
    def older(manifest: Manifest) -> Manifest:
        last = ("events", "0002_begin_before_restored_events")
        assert last in manifest.migrations
        return replace(manifest, migrations=tuple(one for one in manifest.migrations if one != last))

    said = restored(rewritten(archive, tmp_path / "older.tar.gz", key=KEK, change=unchanged, manifest=older), elsewhere)
    assert said["verification"]["hold"] == 3
    assert elsewhere.hexmark("check").returncode == 0


@pytest.mark.slow
def test_without_its_key_everything_is_restored_and_it_says_that_nothing_can_be_signed(archive: Path, elsewhere: Place) -> None:
    other = "b3RoZXIga2V5LCBhbHNvIHRoaXJ0eS10d28gYnl0ZXM="
    done = elsewhere.hexmark("restore", archive, HEXMARK_KEY_ENCRYPTION_KEY=other)
    assert done.returncode == 4, done.stderr
    assert "3 of 3 credentials hold" in done.stdout
    assert "Nothing can be signed for acme, globex" in done.stderr


@pytest.mark.slow
def test_the_key_comes_along_only_when_asked_for_and_loudly(acme_place: Place, elsewhere: Place, tmp_path: Path) -> None:
    done = acme_place.hexmark("backup", tmp_path / "with.tar.gz", "--with-key")
    assert done.returncode == 0
    assert "can sign in your name" in done.stderr
    said = restored(tmp_path / "with.tar.gz", elsewhere, code=4, HEXMARK_KEY_ENCRYPTION_KEY="")
    kept = Path(said["key_in"])
    assert kept.read_text().strip() == KEY
    assert kept.stat().st_mode & 0o077 == 0
    assert elsewhere.hexmark("check", HEXMARK_KEY_ENCRYPTION_KEY="", HEXMARK_KEY_ENCRYPTION_KEY_FILE=str(kept)).returncode == 0


@pytest.mark.slow
def test_a_stored_file_that_rotted_is_named_and_the_rest_is_kept(archive: Path, elsewhere: Place, tmp_path: Path) -> None:
    restored(archive, elsewhere)
    rotten = next((elsewhere.data_dir / "files").glob("*/*"))
    rotten.write_bytes(b"rotten")
    said = elsewhere.says("backup", tmp_path / "rotten.tar.gz", code=4)
    assert said["damaged"] == [rotten.name]
    again = Place(tmp_path / "again")
    said = restored(tmp_path / "rotten.tar.gz", again, code=4)
    assert said["pictures_missing"] == 1
    assert said["verification"]["hold"] == 3


@pytest.mark.slow
def test_keys_of_rows_that_are_gone_are_not_given_out_again(archive: Path, elsewhere: Place) -> None:
    manifest = check(archive, key_encryption_key=KEK).manifest
    restored(archive, elsewhere)
    with sqlite3.connect(elsewhere.data_dir / "hexmark.sqlite3") as database:
        counted = dict(database.execute("SELECT name, seq FROM sqlite_sequence"))
    people = next(table for table in manifest.tables if table.model == "people.person")
    assert counted["people_person"] == people.last_key >= people.rows


@pytest.mark.database
def test_postgresql_takes_what_sqlite_wrote_and_gives_it_back(archive: Path, elsewhere: Place, tmp_path: Path, postgresql: str) -> None:
    on_postgresql = Place(elsewhere.data_dir, postgresql)
    assert restored(archive, on_postgresql)["verification"]["hold"] == 3
    on_postgresql.scene("issue", 5, "Postgres")
    refused = Place(tmp_path / "full", postgresql).hexmark("restore", archive)
    assert refused.returncode == 1
    assert "has tables already" in refused.stderr
    on_postgresql.says("backup", tmp_path / "postgresql.tar.gz")
    back = Place(tmp_path / "back")
    assert restored(tmp_path / "postgresql.tar.gz", back)["verification"]["hold"] == 8
    back.scene("issue", 5, "Sqlite")
    with sqlite3.connect(back.data_dir / "hexmark.sqlite3") as database:
        orders = database.execute("SELECT transaction_id, id FROM events_event ORDER BY id").fetchall()
    assert orders == sorted(orders), "what is recorded after a restore comes after everything that was there"
