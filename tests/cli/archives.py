"""Archives for tests: made without a database, and made again with something changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import orjson

from hexmark.cli.archive.manifest import MANIFEST, SEAL, FilesEntry, Manifest, Part, TableEntry, key_id_of, read_manifest, seal_of
from hexmark.cli.archive.tape import Writer, members

KEK = bytes(range(32))
PEOPLE = b'[1,"Ewa"]\n[2,"Moira"]\n'
PICTURES = (b"a picture", b"another picture, which is longer" * 100)


def digest(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def small_manifest() -> Manifest:
    """The manifest of an archive with one table of two rows and two files."""
    part = Part("tables/people.person/000000.jsonl", len(PEOPLE), digest(PEOPLE))
    names = "".join(f"{name}\n" for name in sorted(map(digest, PICTURES)))
    return Manifest(
        hexmark="0.1.0",
        made_at="2026-03-31T12:00:00+00:00",
        public_url="https://badges.acme.example",
        database="sqlite",
        migrations=(("people", "0001_initial"),),
        tables=(TableEntry("people.person", ("id", "name"), 2, 7, (part,)),),
        files=FilesEntry(2, sum(map(len, PICTURES)), digest(names.encode())),
        counts={"people": 2, "credentials": 0, "events": 0},
        key_id=key_id_of(KEK),
    )


def small_members(manifest: Manifest | None = None) -> list[tuple[str, bytes]]:
    """Names and contents of a sound archive."""
    written = (manifest or small_manifest()).to_bytes()
    pictures = sorted((digest(data), data) for data in PICTURES)
    return [
        ("tables/people.person/000000.jsonl", PEOPLE),
        *((f"files/{name[:2]}/{name}", data) for name, data in pictures),
        (MANIFEST, written),
        (SEAL, seal_of(written, KEK).encode()),
    ]


def write(target: Path, parts: Iterable[tuple[str, bytes]]) -> Path:
    """The archive of these members."""
    with Writer(target, made_at=1_774_958_400) as writer:
        for name, data in parts:
            writer.add(name, data)
    return target


def rewritten(
    source: Path, target: Path, *, key: bytes, change: Callable[[str, bytes], bytes], manifest: Callable[[Manifest], Manifest]
) -> Path:
    """The archive with changed parts, whose manifest is true of them and sealed again: only whoever has the key can make it."""
    held = {member.name: b"".join(member.chunks()) for member in members(source)}
    parts = {name: change(name, data) for name, data in held.items() if name not in (MANIFEST, SEAL)}
    old = read_manifest(held[MANIFEST])

    def counted(table: TableEntry) -> TableEntry:
        now = tuple(Part(part.name, len(parts[part.name]), digest(parts[part.name])) for part in table.parts)
        return replace(table, parts=now, rows=sum(parts[part.name].count(b"\n") for part in table.parts))

    written = manifest(replace(old, tables=tuple(map(counted, old.tables)))).to_bytes()
    return write(target, [*parts.items(), (MANIFEST, written), (SEAL, seal_of(written, key).encode())])


def rows(data: bytes) -> list[list[object]]:
    """The rows of a table's part."""
    return [orjson.loads(line) for line in data.splitlines()]
