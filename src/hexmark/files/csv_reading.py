"""Reading CSV as spreadsheet programs write it: which encoding, which delimiter, which lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from hexmark.files.tables import Unreadable

DELIMITERS = ",;\t"
#: First bytes of what is no text: gzip, old Excel and Word, PDF, PNG, JPEG, 7z, xz, bzip2, SQLite.
_OTHER_FILES = (
    b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"7z\xbc\xaf",
    b"\xfd7zXZ",
    b"BZh",
    b"SQLite format 3",
)
_SAVE_AS = "Save the list as “CSV UTF-8” or as .xlsx and upload that."


def lines(data: bytes, *, file_name: str) -> Iterator[tuple[int, list[str]]]:
    """Every line with its number, as cells; empty lines too.

    Raises:
        Unreadable: it is not text, not in an encoding that is known, or its quotes or delimiters are broken.
    """
    if data.startswith(_OTHER_FILES):
        raise Unreadable(f"“{file_name[-80:]}” is neither a CSV nor an .xlsx file. {_SAVE_AS}", code="TYPE_NOT_ALLOWED")
    text = _text(data)
    text, delimiter = _declared(text)
    return _cells(text, delimiter or _guessed(text))


def _text(data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encoding = "utf-16" if wide else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        name = "UTF-16" if wide else "UTF-8"
        raise Unreadable(f"Line {line} is not written in {name}. {_SAVE_AS}", code="CSV_ENCODING", line=line) from error
    # Every other byte of Latin text in UTF-16 is zero; without its mark nothing says so.
    if text.count("\0") > len(text) // 4:
        raise Unreadable(f"The file is not written in UTF-8. {_SAVE_AS}", code="CSV_ENCODING", line=1)
    return text


def _declared(text: str) -> tuple[str, str]:
    """The text without a first line such as `sep=;`, which some programs write, and what it says."""
    first, _, rest = text.partition("\n")
    said = first.strip().lower()
    if said.startswith("sep=") and said[4:] in tuple(DELIMITERS):
        return rest, said[4:]
    # A tab is stripped away with the blanks.
    return (rest, "\t") if first.rstrip("\r").lower() == "sep=\t" else (text, "")


def _guessed(text: str) -> str:
    """The delimiter that cuts the headings into the most columns."""
    widths = {delimiter: _width_of_headings(text, delimiter) for delimiter in DELIMITERS}
    widest = max(widths.values())
    found = [delimiter for delimiter, width in widths.items() if width == widest]
    if widest > 1 and len(found) > 1:
        raise Unreadable("The headings can be cut at more than one sign. Use commas alone.", code="CSV_DIALECT", line=1)
    return found[0]


def _width_of_headings(text: str, delimiter: str) -> int:
    try:
        return next((len(cells) for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if cells), 1)
    except csv.Error:
        return 1


def _cells(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        begins = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            where = f"Line {number}" if begins == number else f"Line {number} (line {begins} of the text)"
            raise Unreadable(f"{where}: its quotes or signs are broken. {_SAVE_AS}", code="CSV_DIALECT", line=number) from error
        yield number, cells
