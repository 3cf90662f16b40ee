"""Files by the SHA-256 of their content: written once, never changed, so that copying the folder is a backup."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from django.conf import settings

_DIGEST = re.compile(r"[0-9a-f]{64}")


def put(data: bytes) -> str:
    """The data is stored; returns its SHA-256 in hex. Storing the same data again changes nothing."""
    digest = hashlib.sha256(data).hexdigest()
    path = _path(digest)
    if path.exists():
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written beside its place and renamed, so that a crash never leaves half a file under a whole file's name.
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(path)
    return digest


def get(digest: str) -> bytes:
    """The data with this SHA-256.

    Raises:
        FileNotFoundError: nothing with this hash is stored.
    """
    return _path(digest).read_bytes()


def _path(digest: str) -> Path:
    if not _DIGEST.fullmatch(digest):
        raise FileNotFoundError(f"{digest!r} is no SHA-256.")
    return Path(settings.DATA_DIR) / "files" / digest[:2] / digest
