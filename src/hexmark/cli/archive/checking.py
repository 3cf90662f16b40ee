"""Reading an archive without writing anything: whether it is whole, and exactly what was written."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hexmark.cli.archive.manifest import KEY, LARGEST_MANIFEST, MANIFEST, SEAL, Manifest, Part, key_id_of, read_manifest, seal_of
from hexmark.cli.archive.tape import Member, Unsound, members

#: Larger than any part that is written; a part is read into memory.
LARGEST_PART = 128 * 1024 * 1024
TABLE_PART = re.compile(r"tables/([a-z0-9_]+\.[a-z0-9_]+)/([0-9]{6})\.jsonl")
STORED_FILE = re.compile(r"files/([0-9a-f]{2})/(\1[0-9a-f]{62})")


@dataclass(frozen=True, slots=True)
class Checked:
    """A sound archive: its manifest, the key-encryption key if it holds one, and whether our own key sealed it."""

    manifest: Manifest
    key: str
    #: None: it was sealed under another key-encryption key, or there is none here, so nobody can tell who made it.
    sealed_by_us: bool | None


@dataclass(slots=True)
class _Found:
    """What was seen on the way."""

    parts: dict[str, tuple[Part, int]] = field(default_factory=dict)
    files: int = 0
    files_size: int = 0
    last_file: str = ""
    key: str = ""


def check(archive: Path, *, key_encryption_key: bytes | None, at: Callable[[int, int], None] = lambda done, total: None) -> Checked:
    """The archive is whole, and each part is what the manifest says.

    Raises:
        Unsound: it is not; the sentence says what is wrong.
    """
    reading = members(archive, at=at)
    found, names = _Found(), hashlib.sha256()
    for member in reading:
        if member.name == MANIFEST:
            return _concluded(member, reading, found, names.hexdigest(), key_encryption_key)
        _take(member, found, names)
    raise Unsound("The archive holds no manifest: it was cut off, or is none of a Hexmark backup.")


def read_part(member: Member) -> bytes:
    """A table's part or another small member, whole.

    Raises:
        Unsound: it is larger than any that is written.
    """
    if member.size > LARGEST_PART:
        raise Unsound(f"{member.name} is larger than any part of a backup.")
    return b"".join(member.chunks())


def _take(member: Member, found: _Found, names: hashlib._Hash) -> None:
    if TABLE_PART.fullmatch(member.name) and not found.files and not found.key:
        data = read_part(member)
        if member.name in found.parts:
            raise Unsound(f"{member.name} stands in the archive twice.")
        found.parts[member.name] = (Part(member.name, len(data), hashlib.sha256(data).hexdigest()), data.count(b"\n"))
    elif (match := STORED_FILE.fullmatch(member.name)) and not found.key:
        if match[2] <= found.last_file:
            raise Unsound(f"{member.name} stands in the wrong place.")
        if digest_of(member) != match[2]:
            raise Unsound(f"{member.name} is not the file that was stored.")
        found.files, found.files_size, found.last_file = found.files + 1, found.files_size + member.size, match[2]
        names.update(f"{match[2]}\n".encode())
    elif member.name == KEY and not found.key and member.size <= 200:
        found.key = read_part(member).decode("ascii", "replace").strip()
    else:
        raise Unsound(f"{member.name} does not belong there in a backup.")


def digest_of(member: Member) -> str:
    """The SHA-256 of its content."""
    digest = hashlib.sha256()
    for piece in member.chunks():
        digest.update(piece)
    return digest.hexdigest()


def _concluded(member: Member, reading: Iterator[Member], found: _Found, names: str, key_encryption_key: bytes | None) -> Checked:
    if member.size > LARGEST_MANIFEST:
        raise Unsound("The manifest is larger than any.")
    written = read_part(member)
    manifest = read_manifest(written)
    seal = next(reading, None)
    if seal is None or seal.name != SEAL or seal.size != 64:
        raise Unsound("The seal over the manifest is missing.")
    given = read_part(seal)
    if next(reading, None) is not None:
        raise Unsound("Something stands behind the manifest.")
    _compare(manifest, found, names)
    return Checked(manifest=manifest, key=found.key, sealed_by_us=_sealed(manifest, written, given, key_encryption_key))


def _compare(manifest: Manifest, found: _Found, names: str) -> None:
    listed = [part for table in manifest.tables for part in table.parts]
    if [part for part, _ in found.parts.values()] != listed:
        raise Unsound("The tables are not those that the manifest lists.")
    for table in manifest.tables:
        if sum(found.parts[part.name][1] for part in table.parts) != table.rows:
            raise Unsound(f"The table {table.model} has not as many rows as the manifest says.")
        if any(not part.name.startswith(f"tables/{table.model}/") for part in table.parts):
            raise Unsound(f"The table {table.model} names parts of another.")
    files = manifest.files
    if (files.count, files.size, files.sha256) != (found.files, found.files_size, names):
        raise Unsound("The stored files are not those that the manifest lists.")
    if bool(found.key) != manifest.with_key:
        raise Unsound("The manifest and the archive differ on whether the key is inside.")


def _sealed(manifest: Manifest, written: bytes, given: bytes, key_encryption_key: bytes | None) -> bool | None:
    if key_encryption_key is None or key_id_of(key_encryption_key) != manifest.key_id:
        return None
    if not hmac.compare_digest(seal_of(written, key_encryption_key).encode(), given):
        raise Unsound("The seal does not fit: somebody without the key-encryption key changed the archive.")
    return True
