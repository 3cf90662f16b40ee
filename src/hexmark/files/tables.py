"""Tables that people bring and take away: rows by the name of their column, from CSV or Excel's .xlsx, and back as safe CSV.

What a list means is the business of the room that asked for it; here is only how it is read and written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hexmark.errors import Invalid
from hexmark.files.formulas import disarmed, rearmed
from hexmark.files.text import hides_in_line, hides_in_text

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 100
LONGEST_CELL = 10_000


class Unreadable(Invalid):
    """A file that cannot be read as a table at all. `code` says why, `line` where, as far as there is a where."""

    def __init__(self, message: str, *, code: str, line: int | None = None) -> None:
        super().__init__(message, field="file")
        self.code = code
        self.line = line


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one row: a code for programs, a sentence for people."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `line` is the number that a spreadsheet program shows beside it.

    A row that cannot be trusted has a `problem` and no values; its `cells` stand as they were, to be handed back for mending.
    """

    line: int
    values: Mapping[str, str]
    cells: tuple[str, ...] = ()
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Columns in their order, lower-cased with `_` for blanks, and rows without those that are empty."""

    columns: tuple[str, ...]
    rows: Sequence[Row]


def read_table(data: bytes, *, file_name: str) -> Table:
    """The first table of a CSV (comma, semicolon or tab; UTF-8, or UTF-16 with its mark) or .xlsx file. It may take seconds.

    The file's own bytes say which of the two it is; the name only helps to say what is wrong.

    Raises:
        Unreadable: it is neither, too large, damaged, or has no headings that can be told apart. Single rows that are wrong do not
            raise: they have a `problem`.
    """
    # Imported here, because both raise what this module defines.
    from hexmark.files import csv_reading, workbooks

    if len(data) > MOST_BYTES:
        raise Unreadable(f"The file is larger than {MOST_BYTES >> 20} MB. Split the list.", code="TOO_LARGE")
    if not data.strip():
        raise Unreadable("The file is empty.", code="EMPTY")
    lines = workbooks.lines(data) if workbooks.is_archive(data) else csv_reading.lines(data, file_name=file_name)
    return _table(lines)


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """A CSV in UTF-8 with its mark, piece by piece; every text in quotes, and none that a spreadsheet would take for a formula.

    Numbers and None pass as they are. `read_table` gives every text back as it was.
    """
    yield b"\xef\xbb\xbf" + _csv_line(columns)
    for row in rows:
        yield _csv_line(row)


def _csv_line(cells: Sequence[object]) -> bytes:
    return (",".join(_csv_cell(cell) for cell in cells) + "\r\n").encode("utf-8", "replace")


def _csv_cell(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return str(cell)
    # Always in quotes: a program that expects semicolons would otherwise cut a text that holds one.
    quoted = disarmed(str(cell)).replace('"', '""')
    return f'"{quoted}"'


def _table(lines: Iterator[tuple[int, list[str]]]) -> Table:
    first = next((line for line in lines if any(cell.strip() for cell in line[1])), None)
    if first is None:
        raise Unreadable("The file is empty.", code="EMPTY")
    columns = _columns(*first)
    rows: list[Row] = []
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) == MOST_ROWS:
            raise Unreadable(f"Line {number}: a list has at most {MOST_ROWS:,} rows. Split it.", code="TOO_LARGE", line=number)
        rows.append(_row(number, columns, [rearmed(cell.strip()) for cell in cells]))
    return Table(columns=tuple(name for name in columns if name), rows=rows)


def _columns(line: int, headings: Sequence[str]) -> tuple[str, ...]:
    """Names of all columns, empty where a column has none; columns without a heading at the end are left away."""
    names = ["_".join(rearmed(heading.strip()).lower().split()) for heading in headings]
    while names and not names[-1]:
        names.pop()
    if len(names) > MOST_COLUMNS:
        raise Unreadable(f"Line {line}: a list has at most {MOST_COLUMNS} columns.", code="TOO_LARGE", line=line)
    for name in names:
        if hides_in_line(name) or len(name) > 200:
            raise Unreadable(f"Line {line}: a heading holds hidden characters or is too long.", code="CSV_UNSAFE_TEXT", line=line)
        if name and names.count(name) > 1:
            raise Unreadable(f"Line {line}: two columns are called “{name}”.", code="DUPLICATE_COLUMN", line=line)
    return tuple(names)


def _row(line: int, columns: Sequence[str], cells: list[str]) -> Row:
    problem = _problem(columns, cells)
    if problem:
        return Row(line=line, values={}, cells=tuple(cells), problem=problem)
    values = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
    return Row(line=line, values=values, cells=tuple(cell for name, cell in zip(columns, cells, strict=False) if name))


def _problem(columns: Sequence[str], cells: Sequence[str]) -> Problem | None:
    if len(cells) < len(columns):
        return Problem("CSV_ROW", f"The row has {len(cells)} cells, and there are {len(columns)} headings.")
    # Spreadsheet programs write empty cells behind the last column; only what says something is too much.
    beyond = next((place for place, cell in enumerate(cells) if cell and (place >= len(columns) or not columns[place])), None)
    if beyond is not None:
        return Problem("CSV_ROW", f"Cell {beyond + 1} of the row holds something, and its column has no heading.")
    if any(len(cell) > LONGEST_CELL for cell in cells):
        return Problem("CSV_ROW", f"A cell of the row holds more than {LONGEST_CELL:,} characters.")
    if any(hides_in_text(cell) for cell in cells):
        return Problem("CSV_UNSAFE_TEXT", "The row holds hidden characters. Type the text again instead of pasting it.")
    return None
