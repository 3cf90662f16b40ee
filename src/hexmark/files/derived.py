"""Files that can be made again at any time: pictures in other sizes, cards, certificates. Kept by what they were made from.

The folder may be emptied at any time and needs no backup. What nobody has asked for in a month goes by itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

FOLDER = "derived"
KEEP_SECONDS = 30 * 24 * 3600
#: Asked for again, a file is marked as needed at most this often.
MARK_SECONDS = 24 * 3600


def made(kind: str, *facts: str | int | None, make: Callable[[], bytes]) -> bytes:
    """What `make` makes of these facts, made once. The facts must name everything that the bytes depend on; content goes in as its hash.

    `make` may take seconds: never inside a transaction.
    """
    key = hashlib.sha256(json.dumps([kind, *facts]).encode()).hexdigest()
    path = Path(settings.DATA_DIR) / FOLDER / key[:2] / key
    with contextlib.suppress(FileNotFoundError):
        if time.time() - path.stat().st_mtime > MARK_SECONDS:
            path.touch()
        return path.read_bytes()
    data = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written beside its place and renamed, so that nobody ever reads half a file. It need not survive a power cut.
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(temporary).replace(path)
    return data


def forget_unused(*, now: float | None = None) -> int:
    """Files that nobody has asked for in a month are gone; returns how many."""
    before = (time.time() if now is None else now) - KEEP_SECONDS
    gone = 0
    for path in (Path(settings.DATA_DIR) / FOLDER).glob("??/*"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                path.unlink()
                gone += 1
    return gone
