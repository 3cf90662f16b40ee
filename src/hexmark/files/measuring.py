"""What is inside an .xlsx, measured by unpacking it piece by piece before it is given to the reader.

The reader is fast and trusting: it unpacks whatever an archive holds, and lays out the whole rectangle between the first and the last
cell. So the archive's own words are not believed, and a workbook that is written in a way no program writes is refused.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from hexmark.files.tables import MOST_COLUMNS, MOST_ROWS, Unreadable

MOST_INFLATED = 128 * 1024 * 1024
MOST_PARTS = 500
#: Of the rectangle that holds all cells: two cells far apart would fill the memory.
MOST_CELLS = 2_500_000
#: Empty lines between the rows count here.
LAST_LINE = MOST_ROWS * 2
_PIECE = 256 * 1024
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_END = b"PK\x05\x06"
_END_BYTES = 22
#: Rows and cells, as every program writes them; in any other form they could be counted here one way and be read another.
_TAG = re.compile(rb'<(?:\w{1,20}:)?(row|c)((?:\s+[\w:.-]{1,60}\s*=\s*"[^"<>]*")*)\s*/?>')
_ANY_TAG = re.compile(rb"<(?:\w{1,20}:)?(?:row|c)(?=[\s/>])")
_PLACE = re.compile(rb'\sr\s*=\s*"([A-Za-z]{0,3})([0-9]{0,9})"')
#: What is between such brackets is skipped by the reader: rows in there would be counted in vain.
_INSTRUCTION = re.compile(rb"<\?[\w.-]{1,60}[^<>?]*\?>")


@dataclass(slots=True)
class _Extent:
    """How far a sheet reaches, as far as it was read."""

    row: int = 0
    column: int = 0
    last_row: int = 0
    last_column: int = 0

    def add(self, tag: bytes, place: re.Match[bytes] | None) -> None:
        """One more row or cell, where it says that it stands or beside the one before."""
        if tag == b"row":
            self.row = int(place[2] or 0) if place else self.row + 1
            self.column = 0
        else:
            self.row = max(self.row, int(place[2] or 0)) if place else self.row
            self.column = _number_of(place[1]) if place else self.column + 1
        self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)

    def check(self) -> None:
        """Pass if the sheet is no larger than a list may be."""
        if self.last_row > LAST_LINE or self.last_column > MOST_COLUMNS * 2 or self.last_row * self.last_column > MOST_CELLS:
            raise Unreadable(
                f"The sheet reaches to row {self.last_row:,}, column {self.last_column:,}. Keep at most {MOST_ROWS:,} rows close together.",
                code="TOO_LARGE",
            )


def measure(data: bytes) -> None:
    """Nothing in the archive is larger, or of another kind, than a list needs.

    Raises:
        Unreadable: it is.
    """
    parts = _parts(data)
    names = {part.filename.replace("\\", "/").lower() for part in parts}
    if not any(name.startswith("xl/") for name in names):
        raise Unreadable("This ZIP file is no .xlsx workbook. Upload the list itself.", code="TYPE_NOT_ALLOWED")
    if any("vbaproject" in name or "/macrosheets/" in name for name in names):
        raise Unreadable("The workbook holds macros. Save it as .xlsx, or as CSV.", code="TYPE_NOT_ALLOWED")
    if any("/externallinks/" in name for name in names):
        raise Unreadable("The workbook takes values from other files. Save the list as CSV.", code="TYPE_NOT_ALLOWED")
    left = MOST_INFLATED
    for part in parts:
        left -= _measure_part(data, part, left)


def damaged() -> Unreadable:
    """What is said of a workbook that cannot be read."""
    return Unreadable("The workbook is damaged, or no .xlsx. Save it anew as .xlsx or as CSV, and upload that.", code="TYPE_NOT_ALLOWED")


def _parts(data: bytes) -> list[zipfile.ZipInfo]:
    # With anything behind its end, two readers may take two different places for the archive's directory.
    if data[-_END_BYTES : -_END_BYTES + 4] != _END:
        raise damaged()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error) as error:
        raise damaged() from error
    if len(parts) > MOST_PARTS:
        raise _too_much()
    return parts


def _measure_part(data: bytes, part: zipfile.ZipInfo, left: int) -> int:
    """How many bytes the part unpacks to."""
    start = part.header_offset
    header = data[start : start + _LOCAL_HEADER.size]
    if len(header) < _LOCAL_HEADER.size or part.flag_bits & 1 or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise damaged()
    _, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    start += _LOCAL_HEADER.size + name_length + extra_length
    packed = data[start : start + part.compress_size]
    is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    size, before, extent = 0, b"", _Extent()
    for piece in _pieces(packed, stored=part.compress_type == zipfile.ZIP_STORED):
        size += len(piece)
        if size > left:
            raise _too_much()
        if is_xml:
            before = _look(before + piece, extent)
        elif b"sheetData" in before + piece:
            raise damaged()
        else:
            before = piece[-16:]
    extent.check()
    return size


def _look(text: bytes, extent: _Extent) -> bytes:
    """The rows and cells of whole tags are counted; what is left begins with the tag that was cut."""
    if b"<!" in text or b"\0" in text:
        raise Unreadable("The workbook holds a document type or remarks, which no list needs.", code="TYPE_NOT_ALLOWED")
    cut = text.rfind(b"<") if text.rfind(b"<") > text.rfind(b">") else len(text)
    whole, rest = text[:cut], text[cut:]
    if len(rest) > _PIECE or whole.count(b"<?") != len(_INSTRUCTION.findall(whole)):
        raise damaged()
    tags = _TAG.findall(whole)
    if len(tags) != len(_ANY_TAG.findall(whole)):
        raise damaged()
    for tag, attributes in tags:
        extent.add(tag, _PLACE.search(attributes))
    return rest


def _pieces(packed: bytes, *, stored: bool) -> Iterator[bytes]:
    if stored:
        yield from (packed[place : place + _PIECE] for place in range(0, len(packed), _PIECE))
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while packed and not inflater.eof:
            yield inflater.decompress(packed, _PIECE)
            packed = inflater.unconsumed_tail
    except zlib.error as error:
        raise damaged() from error


def _number_of(column: bytes) -> int:
    number = 0
    for letter in column.upper():
        number = number * 26 + letter - 64
    return number


def _too_much() -> Unreadable:
    return Unreadable("The workbook unpacks to more than a list can hold. Save the list as CSV.", code="TYPE_NOT_ALLOWED")
