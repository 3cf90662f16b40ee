"""Tar as narrow as it can be: regular files with short names, nothing else.

Written here instead of with the standard library's reader, because that one follows links, long names, sparse files and
headers of any size, all of which an archive of ours never holds and a hostile one may. (Threat T10 of docs/explanation/security.md.)
"""

from __future__ import annotations

import errno
import gzip
import os
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self

BLOCK = 512
CHUNK = 1 << 20
#: Eleven octal digits hold no more.
LARGEST_MEMBER = 8**11 - 1
#: Tar programs fill up the last record; more than that is not filling.
LONGEST_FILLING = 1 << 20
COMPRESSION = 6
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,99}")
_ENDED = "The archive is damaged or was cut off"


class Source(Protocol):
    """What can be read."""

    def read(self, size: int, /) -> bytes: ...


class Unsound(Exception):
    """This is no archive of ours, or no longer the one that was written; the sentence says where."""


class Writer:
    """Members, one after the other, in a gzipped tar that stands under its name only once it is whole."""

    def __init__(self, target: Path, *, made_at: int) -> None:
        self._target = target
        self._beside = target.with_name(f"{target.name}.part")
        self._made_at = made_at

    def __enter__(self) -> Self:
        self._beside.unlink(missing_ok=True)
        # People's addresses are in it: for whoever makes the backup alone.
        self._beside.touch(mode=0o600)
        self._raw = self._beside.open("wb")
        self._zip = gzip.GzipFile(filename="", fileobj=self._raw, mode="wb", compresslevel=COMPRESSION, mtime=self._made_at)
        return self

    def add(self, name: str, data: bytes) -> None:
        """A member with this content is written."""
        self._begin(name, len(data))
        self._zip.write(data)
        self._zip.write(_filling(len(data)))

    def add_file(self, name: str, file: IO[bytes], size: int) -> None:
        """A member with the next `size` bytes of the file is written.

        Raises:
            Unsound: the file has become shorter.
        """
        self._begin(name, size)
        left = size
        while left:
            piece = file.read(min(CHUNK, left))
            if not piece:
                raise Unsound(f"{name} became shorter while it was read.")
            self._zip.write(piece)
            left -= len(piece)
        self._zip.write(_filling(size))

    def _begin(self, name: str, size: int) -> None:
        if size > LARGEST_MEMBER:
            raise OSError(errno.EFBIG, f"{name} has {size} bytes, and a part of an archive at most {LARGEST_MEMBER}")
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, self._made_at
        self._zip.write(info.tobuf(format=tarfile.USTAR_FORMAT))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None:
            self._zip.write(bytes(2 * BLOCK))
            self._zip.close()
            self._raw.flush()
            os.fsync(self._raw.fileno())
            self._raw.close()
            self._beside.replace(self._target)
            return
        with suppress(OSError):
            self._zip.close()
        self._raw.close()
        self._beside.unlink(missing_ok=True)


@dataclass(slots=True)
class Member:
    """One file of the archive, to be read before the next."""

    name: str
    size: int
    _source: Source
    _left: int

    def chunks(self) -> Iterator[bytes]:
        """Its content, at most a mebibyte at a time.

        Raises:
            Unsound: the archive ends before the member does.
        """
        while self._left:
            piece = _read(self._source, min(CHUNK, self._left))
            self._left -= len(piece)
            yield piece

    def skip_rest(self) -> None:
        """The reader stands at the next member."""
        for _ in self.chunks():
            pass
        if _read(self._source, len(_filling(self.size))).strip(b"\0"):
            raise Unsound(f"Something stands where {self.name} is only filled up.")


def members(archive: Path, *, at: Callable[[int, int], None] = lambda done, total: None) -> Iterator[Member]:
    """The members of the archive in order, with bounded memory however it was made; `at` is told how many bytes of it were read.

    Raises:
        Unsound: it is no gzipped tar of plain files, it is damaged or cut off.
    """
    with archive.open("rb") as raw, gzip.GzipFile(fileobj=raw, mode="rb") as source:
        total = archive.stat().st_size
        while (header := _read(source, BLOCK)).strip(b"\0"):
            member = _member(header, source)
            yield member
            member.skip_rest()
            at(raw.tell(), total)
        _require_end(source)


def _member(header: bytes, source: Source) -> Member:
    if header[257:265] != b"ustar\x0000" and header[257:265] != b"ustar  \0":
        raise Unsound("This is no tar archive.")
    counted = 8 * 0x20 + sum(header[:148]) + sum(header[156:])
    if _octal(header[148:156]) != counted:
        raise Unsound(f"{_ENDED}: the sum of a header is wrong.")
    name = header[:100].rstrip(b"\0").decode("ascii", "replace")
    if header[156:157] not in (b"0", b"\0"):
        raise Unsound(f"{name!r} is no plain file.")
    if header[157:257].strip(b"\0") or header[345:500].strip(b"\0") or not _NAME.fullmatch(name) or ".." in name:
        raise Unsound(f"{name!r} is no name of a backup's part.")
    size = _octal(header[124:136])
    return Member(name=name, size=size, _source=source, _left=size)


def _octal(field: bytes) -> int:
    digits = field.strip(b"\0 ")
    if not re.fullmatch(rb"[0-7]{1,11}", digits):
        raise Unsound(f"{_ENDED}: a number in a header is none.")
    return int(digits, 8)


def _read(source: Source, size: int) -> bytes:
    """Exactly so many bytes."""
    data = _up_to(source, size)
    if len(data) < size:
        raise Unsound(f"{_ENDED}: it ends too early.")
    return data


def _up_to(source: Source, size: int) -> bytes:
    try:
        return source.read(size)
    except (OSError, EOFError, zlib.error) as error:
        raise Unsound(f"{_ENDED}: {error}.") from error


def _require_end(source: Source) -> None:
    rest = _up_to(source, LONGEST_FILLING + 1)
    if len(rest) < BLOCK or len(rest) > LONGEST_FILLING or rest.strip(b"\0"):
        raise Unsound(f"{_ENDED}: something stands behind its end.")


def _filling(size: int) -> bytes:
    return bytes(-size % BLOCK)
