"""Files by the hash of their content: written once, whole or not at all, and found only by a hash."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import Any

import pytest

from hexmark.files import store


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    """An empty data directory."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "files"


def test_what_is_stored_is_found_by_its_hash() -> None:
    digest = store.put(b"a picture")
    assert digest == hashlib.sha256(b"a picture").hexdigest()
    assert store.get(digest) == b"a picture"


def test_storing_the_same_twice_keeps_one_file(folder: Path) -> None:
    assert store.put(b"same") == store.put(b"same")
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1


def test_nothing_is_nothing_too() -> None:
    assert store.get(store.put(b"")) == b""


def test_a_file_lies_under_the_first_two_characters_of_its_hash(folder: Path) -> None:
    digest = store.put(b"a picture")
    assert (folder / digest[:2] / digest).read_bytes() == b"a picture"


def test_no_half_written_file_is_left_beside_it(folder: Path) -> None:
    for number in range(20):
        store.put(bytes([number]) * 1000)
    assert all(len(path.name) == 64 for path in folder.rglob("*") if path.is_file())


def test_many_writers_of_one_file_agree(folder: Path) -> None:
    data = b"x" * 300_000
    threads = [threading.Thread(target=store.put, args=[data]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.get(hashlib.sha256(data).hexdigest()) == data
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    "name",
    [
        "",
        "0" * 63,
        "0" * 65,
        "G" * 64,
        "A" * 64,
        "../" * 21 + "x",
        "/etc/passwd",
        "0" * 64 + "\n",
        "..\\" * 21 + "x",
        "0" * 62 + "/x",
        "\x00" * 64,
    ],
)
def test_nothing_but_a_hash_leads_to_a_file(name: str) -> None:
    with pytest.raises(FileNotFoundError):
        store.get(name)


def test_an_unknown_hash_is_not_found() -> None:
    with pytest.raises(FileNotFoundError):
        store.get("0" * 64)
