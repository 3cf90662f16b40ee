"""Files that are made once, by what they are made from."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from hexmark.files import derived


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """A data directory of its own."""
    settings.DATA_DIR = tmp_path
    return tmp_path / derived.FOLDER


def counted() -> bytes:
    """Makes something, and notes that it did."""
    calls.append(1)
    return b"made"


calls: list[int] = []


@pytest.fixture(autouse=True)
def _nothing_made() -> None:
    calls.clear()


def test_the_same_facts_are_made_once(folder: Path) -> None:
    assert [derived.made("card", "a", 1, None, make=counted) for _ in range(3)] == [b"made"] * 3
    assert len(calls) == 1


def test_other_facts_another_kind_and_other_bounds_between_them_are_made_anew(folder: Path) -> None:
    for kind, facts in (("card", ("a", "b")), ("card", ("ab",)), ("page", ("a", "b")), ("card", ("a", "b", 1))):
        derived.made(kind, *facts, make=counted)
    assert len(calls) == 4


def test_what_fails_leaves_nothing_behind(folder: Path) -> None:
    def fails() -> bytes:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 (our own, from above)
        derived.made("card", make=fails)
    assert not folder.exists() or not list(folder.rglob("*"))
    assert derived.made("card", make=counted) == b"made"


def test_what_nobody_asked_for_in_a_month_goes_and_is_made_again(folder: Path) -> None:
    derived.made("card", "old", make=counted)
    derived.made("card", "new", make=counted)
    old = next(path for path in folder.glob("??/*"))
    os.utime(old, (0, 0))
    assert derived.forget_unused() == 1
    derived.made("card", "old", make=counted)
    derived.made("card", "new", make=counted)
    assert len(calls) == 3


def test_asking_keeps_a_file(folder: Path) -> None:
    derived.made("card", make=counted)
    path = next(folder.glob("??/*"))
    month_ago = path.stat().st_mtime - derived.KEEP_SECONDS - 1
    os.utime(path, (month_ago, month_ago))
    derived.made("card", make=counted)
    assert derived.forget_unused() == 0
    assert len(calls) == 1
