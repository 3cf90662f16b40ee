"""Reading Excel's .xlsx: values only. What is inside the archive is measured before anything of it is unpacked for reading.

Nothing is evaluated and nothing is fetched; a workbook that holds macros or points to other files is refused all the same, so that
nobody relies on what is not read.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from hexmark.files.measuring import damaged, measure
from hexmark.files.tables import Unreadable


def is_archive(data: bytes) -> bool:
    """Whether the bytes begin as a ZIP does; an .xlsx is one."""
    return data.startswith(b"PK\x03\x04")


def lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Every line of the first visible sheet that holds something, with its number, as cells; empty lines too.

    Raises:
        Unreadable: it is no .xlsx, is locked or damaged, unpacks to too much, or holds macros, document types or links to other files.
    """
    measure(data)
    sheet = _first_sheet(data)
    rows = sheet.to_python(skip_empty_area=False) if sheet else []
    return ((number, [_text(value) for value in row]) for number, row in enumerate(rows, start=1))


def _first_sheet(data: bytes) -> CalamineSheet | None:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for number, about in enumerate(workbook.sheets_metadata):
            if about.typ is SheetTypeEnum.WorkSheet and about.visible is SheetVisibleEnum.Visible:
                sheet = workbook.get_sheet_by_index(number)
                if sheet.total_height:
                    return sheet
    except PasswordError as error:
        raise Unreadable("The workbook is locked with a password. Save it without one.", code="TYPE_NOT_ALLOWED") from error
    except (CalamineError, OSError, ValueError) as error:
        raise damaged() from error
    except BaseException as error:
        # A panic of the reader is no Exception.
        if type(error).__name__ == "PanicException":
            raise damaged() from error
        raise
    return None


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
