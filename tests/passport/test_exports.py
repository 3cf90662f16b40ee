"""Taking everything with one: complete, checkable without this installation, for its owner alone."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.utils import timezone
from tests.web.pages import Visitor, text_of
from tests.world import World, accepted, run_jobs

from hexmark.awarding.actions import award
from hexmark.cli.verify import verify
from hexmark.errors import Conflict, NotPermitted
from hexmark.issuing.actions import revoke
from hexmark.issuing.models import Credential
from hexmark.jobs import run
from hexmark.passport.collections import make_collection, put_into
from hexmark.passport.exporting import write_archive
from hexmark.passport.exports import ask_export, forget_old_exports, make_export, path_of, unmade_exports
from hexmark.passport.models import Entry, Export
from hexmark.passport.shares import make_share
from hexmark.people.models import Account


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    """Archives lie in a folder of this test's own; pictures stay where they are."""
    files = Path(settings.DATA_DIR) / "files"
    files.mkdir(exist_ok=True)
    settings.DATA_DIR = tmp_path
    (tmp_path / "files").symlink_to(files)


def unpacked(path: Path, folder: Path) -> Path:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return folder


def test_an_archive_holds_everything_and_verifies_without_us(
    acme: World, credential: Credential, entry: Entry, account: Account, tmp_path: Path
) -> None:
    collection = make_collection(account, name="Mine", actor=acme.member)
    put_into(collection, [entry], actor=acme.member)
    make_share(account, entries=[entry], name="Somebody", days=3, actor=acme.member)
    assert write_archive(account, tmp_path / "a.zip") == 1
    folder = unpacked(tmp_path / "a.zip", tmp_path / "a")
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    award_id = credential.award.public_id
    assert names == [
        "README.txt",
        f"badges/{award_id}.png",
        f"credentials/{award_id}.json",
        "index.html",
        "index.json",
        "issuers/acme/did.json",
        "issuers/acme/profile.json",
        "issuers/acme/status-revocation-1.json",
        "issuers/acme/status-suspension-1.json",
        "sources.json",
    ]
    index = json.loads((folder / "index.json").read_text())
    assert index["account"]["addresses"] == ["member@acme.example"]
    assert index["known_as"][0]["organisation"] == "Acme"
    assert index["collections"][0]["credentials"] == [credential.url]
    assert index["shares"][0]["name"] == "Somebody"
    assert "Safety Champion" in (folder / "index.html").read_text()
    for file in (f"credentials/{award_id}.json", f"badges/{award_id}.png"):
        checked = CliRunner().invoke(verify, ["--json", "--sources", str(folder / "sources.json"), str(folder / file)])
        assert checked.exit_code == 0, checked.output
        assert json.loads(checked.stdout)["verdict"] == "verified"
        assert CliRunner().invoke(verify, ["--offline", str(folder / file)]).exit_code == 2


def test_the_archive_says_what_was_revoked(acme: World, credential: Credential, entry: Entry, account: Account, tmp_path: Path) -> None:
    revoke(credential, actor=acme.steward, reason="It was somebody else.")
    run_jobs()
    write_archive(account, tmp_path / "a.zip")
    folder = unpacked(tmp_path / "a.zip", tmp_path / "a")
    line = json.loads((folder / "index.json").read_text())["credentials"][0]
    assert line["revocation_reason"] == "It was somebody else."
    checked = CliRunner().invoke(verify, ["--json", "--sources", str(folder / "sources.json"), str(folder / line["credential"])])
    assert json.loads(checked.stdout)["verdict"] == "not valid"


def test_sources_lead_nowhere_else(entry: Entry, account: Account, tmp_path: Path) -> None:
    write_archive(account, tmp_path / "a.zip")
    folder = unpacked(tmp_path / "a.zip", tmp_path / "a")
    sources = json.loads((folder / "sources.json").read_text())
    (tmp_path / "outside.json").write_bytes((folder / "issuers/acme/did.json").read_bytes())
    sources["https://badges.acme.example/o/acme/did.json"] = "../outside.json"
    (folder / "sources.json").write_text(json.dumps(sources))
    [file] = (folder / "credentials").iterdir()
    assert CliRunner().invoke(verify, ["--sources", str(folder / "sources.json"), str(file)]).exit_code == 2
    (folder / "sources.json").write_text("[1]")
    assert CliRunner().invoke(verify, ["--sources", str(folder / "sources.json"), str(file)]).exit_code == 64


def test_a_large_passport_needs_no_more_memory_than_a_small_one(acme: World, account: Account, tmp_path: Path) -> None:
    def peak(path: Path) -> int:
        tracemalloc.start()
        write_archive(account, path)
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    def hold(numbers: range) -> None:
        for number in numbers:
            award(acme.achievement(f"Subject {number}"), to=[acme.member_person], actor=acme.system)
        run_jobs()
        for credential in Credential.objects.filter(entry__isnull=True).select_related("award__person"):
            accepted(credential)

    hold(range(5))
    peak(tmp_path / "first.zip")
    small = peak(tmp_path / "small.zip")
    hold(range(5, 45))
    assert peak(tmp_path / "large.zip") < small + 3 * 1024 * 1024


def test_a_small_archive_is_ready_at_once_and_only_its_owner_has_it(acme: World, globex: World, entry: Entry) -> None:
    visitor = Visitor(acme.member_person)
    assert "Make the archive" in text_of(visitor.get("/me/export"))
    visitor.post("/me/export")
    export = Export.objects.get()
    assert "1 signed file" in text_of(visitor.get("/me/export"))
    answer = visitor.get(f"/me/export/{export.public_id}")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="my-badges-')
    assert zipfile.is_zipfile(io.BytesIO(b"".join(answer)))  # type: ignore[call-overload]
    for stranger in (Visitor(acme.steward_person), Visitor(globex.member_person)):
        assert stranger.get(f"/me/export/{export.public_id}").status_code == 404
    assert Visitor().get(f"/me/export/{export.public_id}").status_code == 302
    assert path_of(export).stat().st_mode & 0o077 == 0


def test_only_one_is_made_at_a_time(acme: World, account: Account) -> None:
    ask_export(account, actor=acme.member)
    with pytest.raises(Conflict, match="being made already"):
        ask_export(account, actor=acme.member)


def test_a_second_process_does_not_make_the_same_archive(acme: World, account: Account, entry: Entry) -> None:
    export = ask_export(account, actor=acme.member)
    Export.objects.update(begun_at=timezone.now())
    assert not make_export(export)
    assert unmade_exports() == []
    Export.objects.update(begun_at=timezone.now() - timedelta(hours=1))
    assert unmade_exports() == [export.pk]
    assert make_export(export)
    assert not make_export(export)


def test_a_new_archive_replaces_the_old_one(acme: World, account: Account, entry: Entry) -> None:
    first = ask_export(account, actor=acme.member)
    run("passport.export", first.pk)
    second = ask_export(account, actor=acme.member)
    run("passport.export", second.pk)
    assert [path_of(export).is_file() for export in (first, second)] == [False, True]
    assert list(Export.objects.all()) == [second]


def test_old_archives_and_strays_are_forgotten(acme: World, account: Account, entry: Entry) -> None:
    export = ask_export(account, actor=acme.member)
    make_export(export)
    stray = path_of(export).with_name("a" * 26 + ".zip")
    stray.write_bytes(b"left by a crash")
    forget_old_exports()
    assert (path_of(export).is_file(), stray.exists()) == (True, False)
    Export.objects.update(asked_at=timezone.now() - timedelta(days=8))
    forget_old_exports()
    assert not path_of(export).exists()
    assert not Export.objects.exists()


def test_nobody_asks_for_anothers_archive(acme: World, account: Account) -> None:
    with pytest.raises(NotPermitted):
        ask_export(account, actor=acme.steward)


def test_asking_again_and_again_is_slowed_down(acme: World, entry: Entry) -> None:
    visitor = Visitor(acme.member_person)
    assert [visitor.post("/me/export").status_code for _ in range(11)][-1] == 429
