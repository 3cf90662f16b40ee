"""The manifest: what an archive holds, with a hash of each part, and the seal over it."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import orjson

from hexmark.cli.archive.tape import Unsound

FORMAT = "hexmark-backup"
VERSION = 1
LARGEST_MANIFEST = 64 * 1024 * 1024
MANIFEST, SEAL, KEY = "manifest.json", "manifest.hmac", "key-encryption-key"
_MODEL = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a table, as lines of JSON arrays."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One table: its model, its columns in the order of each line, and its parts in order."""

    model: str
    columns: tuple[str, ...]
    rows: int
    #: The last key that the table gave out, also to rows that are gone: no key is given out twice. 0 where it gives out none.
    last_key: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class FilesEntry:
    """The stored files together: their names are their hashes."""

    count: int
    size: int
    #: SHA-256 over the names in order, a line each.
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that an archive says about itself."""

    hexmark: str
    made_at: str
    public_url: str
    database: str
    migrations: tuple[tuple[str, str], ...]
    tables: tuple[TableEntry, ...]
    files: FilesEntry
    counts: Mapping[str, int]
    #: Tells which key-encryption key opens the signing keys, without telling anything about it.
    key_id: str
    with_key: bool = False
    #: Stored files that were damaged when the backup was made, by the hash that they should have had.
    damaged: tuple[str, ...] = field(default=())

    def to_bytes(self) -> bytes:
        """As it stands in the archive."""
        return orjson.dumps({"format": FORMAT, "version": VERSION, **asdict(self)}, option=orjson.OPT_INDENT_2)


def read_manifest(data: bytes) -> Manifest:
    """The manifest that these bytes are.

    Raises:
        Unsound: they are none, or one of a later form.
    """
    try:
        found = orjson.loads(data)
        if found["format"] != FORMAT:
            raise Unsound("The manifest is none of a Hexmark backup.")
        if found["version"] != VERSION:
            raise Unsound(f"The archive is of form {found['version']}, which this version of Hexmark does not read. Install a newer one.")
        return _manifest(found)
    except (orjson.JSONDecodeError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise Unsound(f"The manifest cannot be read: {error.__class__.__name__}.") from error


def _manifest(found: Mapping[str, Any]) -> Manifest:
    files = found["files"]
    datetime.fromisoformat(found["made_at"])
    return Manifest(
        hexmark=_text(found["hexmark"]),
        made_at=_text(found["made_at"]),
        public_url=_text(found["public_url"]),
        database=_text(found["database"]),
        migrations=tuple((_text(app), _text(name)) for app, name in found["migrations"]),
        tables=tuple(map(_table, found["tables"])),
        files=FilesEntry(count=_number(files["count"]), size=_number(files["size"]), sha256=_match(_SHA256, files["sha256"])),
        counts={_text(name): _number(count) for name, count in found["counts"].items()},
        key_id=_text(found["key_id"]),
        with_key=bool(found["with_key"]),
        damaged=tuple(_match(_SHA256, digest) for digest in found["damaged"]),
    )


def _table(found: Mapping[str, Any]) -> TableEntry:
    parts = tuple(
        Part(name=_text(part["name"]), size=_number(part["size"]), sha256=_match(_SHA256, part["sha256"])) for part in found["parts"]
    )
    return TableEntry(
        model=_match(_MODEL, found["model"]),
        columns=tuple(map(_text, found["columns"])),
        rows=_number(found["rows"]),
        last_key=_number(found["last_key"]),
        parts=parts,
    )


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 500:
        raise ValueError("no text")
    return value


def _match(pattern: re.Pattern[str], value: Any) -> str:
    if not pattern.fullmatch(_text(value)):
        raise ValueError("no such text")
    return str(value)


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("no number")
    return value


def seal_of(manifest: bytes, key_encryption_key: bytes) -> str:
    """A code over the manifest that only whoever holds the key-encryption key can make."""
    return _code(key_encryption_key, b"hexmark backup seal\n" + manifest)


def key_id_of(key_encryption_key: bytes) -> str:
    """Which key-encryption key this is."""
    return _code(key_encryption_key, b"hexmark backup key id")[:32]


def _code(key_encryption_key: bytes, message: bytes) -> str:
    # A key of its own, so that what wraps the signing keys is used for nothing else.
    own = hmac.new(key_encryption_key, b"hexmark backup", hashlib.sha256).digest()
    return hmac.new(own, message, hashlib.sha256).hexdigest()
