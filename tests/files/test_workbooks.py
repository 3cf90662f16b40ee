"""Excel's .xlsx: values, lines and days; and archives that were made to do harm."""

from __future__ import annotations

import io
import random
import struct
import time
import zipfile

import pytest
from tests.files.workbook import HEAD, MAIN, cell, packed, parts, sheet, workbook

from hexmark.files import measuring
from hexmark.files.tables import MOST_ROWS, Unreadable, read_table


def refused(data: bytes) -> str:
    """The code with which a file is refused."""
    with pytest.raises(Unreadable) as error:
        read_table(data, file_name="list.xlsx")
    assert "\n" not in str(error.value)
    return error.value.code


def one_sheet(rows: str) -> bytes:
    """A workbook whose rows are this XML."""
    return packed(parts(f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'))


def test_values_are_read_as_people_see_them() -> None:
    table = read_table(
        workbook(
            [
                ["Employee ID", "Name", "Start", "Share", "Active"],
                [7, "Zoë Müller", "date:46082", 0.5, True],
                ["00123", "李", "", 1e15, False],
            ]
        ),
        file_name="list.xlsx",
    )
    assert table.columns == ("employee_id", "name", "start", "share", "active")
    assert [dict(row.values) for row in table.rows] == [
        {"employee_id": "7", "name": "Zoë Müller", "start": "2026-03-01", "share": "0.5", "active": "true"},
        # An id with zeros before it stays what it is when it was typed as text.
        {"employee_id": "00123", "name": "李", "start": "", "share": "1000000000000000.0", "active": "false"},
    ]


def test_lines_are_counted_as_the_program_shows_them_and_the_name_of_the_file_decides_nothing() -> None:
    table = read_table(workbook([[], ["name"], [], ["Ada"]]), file_name="people.csv")
    assert [(row.line, row.values["name"]) for row in table.rows] == [(4, "Ada")]


def test_the_first_visible_sheet_that_holds_something_is_read() -> None:
    data = packed(parts(sheet([["secret"], ["x"]]), sheet([]), sheet([["name"], ["Ada"]]), hidden=[1]))
    assert read_table(data, file_name="x").columns == ("name",)


def test_a_workbook_without_a_row_is_empty() -> None:
    assert refused(workbook([])) == "EMPTY"


def test_cells_without_a_place_stand_beside_the_one_before() -> None:
    data = one_sheet('<row><c t="inlineStr"><is><t>name</t></is></c></row><row><c t="inlineStr"><is><t>Ada</t></is></c></row>')
    assert read_table(data, file_name="x").rows[0].values == {"name": "Ada"}


# I19: what must not be read ------------------------------------------------------------------------------------------------------------


def bomb(name: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A part that unpacks to more than any list holds."""
    content = parts(sheet([["name"]]))
    content[name] = b" " * (measuring.MOST_INFLATED + 1)
    return packed(content)


def lying_bomb() -> bytes:
    """The same, but the archive says that the part unpacks to ten bytes."""
    data, size = bytearray(bomb()), struct.pack("<L", measuring.MOST_INFLATED + 1)
    place = data.rfind(size)
    assert place > 0
    data[place : place + 4] = struct.pack("<L", 10)
    return bytes(data)


@pytest.mark.parametrize("make", [bomb, lying_bomb])
def test_i19_what_unpacks_to_too_much_is_refused_before_it_is_unpacked(make: object) -> None:
    data = make()  # type: ignore[operator]
    assert len(data) < 1_000_000
    started = time.process_time()
    assert refused(data) == "TYPE_NOT_ALLOWED"
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("xl/vbaProject.bin", b"macro"),
        ("xl/macrosheets/sheet1.xml", b"<a/>"),
        ("xl/externalLinks/externalLink1.xml", b"<externalLink/>"),
        ("xl/sharedStrings.xml", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst>&a;</sst>'),
        ("xl/sharedStrings.xml", b"<sst><!-- rows <row> --></sst>"),
        ("xl/sharedStrings.xml", "<sst/>".encode("utf-16")),
        ("xl/media/image1.png", b"<worksheet><sheetData></sheetData></worksheet>"),
    ],
)
def test_i19_a_part_that_no_list_needs_is_refused(name: str, content: bytes) -> None:
    assert refused(packed({**parts(sheet([["name"], ["Ada"]])), name: content})) == "TYPE_NOT_ALLOWED"


@pytest.mark.parametrize(
    "rows",
    [
        f'<row r="1">{cell("name", 1, 1)}</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="XFD1"><v>1</v></c></row>',
        '<row r="900000"><c r="A900000"><v>1</v></c></row>',
        "<row/>" * 200_001 + "<row><c><v>1</v></c></row>",
        "<row>" + "<c/>" * 3000 + "<c><v>1</v></c></row>",
        '<row r="1"/><row r="190000"><c r="DD190000"><v>1</v></c></row>',
    ],
)
def test_two_cells_far_apart_do_not_fill_the_memory(rows: str) -> None:
    assert refused(one_sheet(rows)) == "TOO_LARGE"


@pytest.mark.parametrize(
    "rows",
    [
        "<row r='1'><c r='XFD1048576'><v>1</v></c></row>",
        '<row r="1"><c s=">" r="XFD1048576"><v>1</v></c></row>',
        '<?x <row r="1"> ?><row r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><![CDATA[<row/>]]>',
    ],
)
def test_cells_that_are_written_as_no_program_writes_them_are_refused(rows: str) -> None:
    assert refused(one_sheet(rows)) == "TYPE_NOT_ALLOWED"


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    assert refused(packed({"people.csv": "name\nAda\n"})) == "TYPE_NOT_ALLOWED"


def test_an_archive_with_something_behind_its_end_is_refused() -> None:
    assert refused(workbook([["name"], ["Ada"]]) + b"more") == "TYPE_NOT_ALLOWED"


def test_a_workbook_in_a_thousand_parts_is_refused() -> None:
    many = {f"xl/part{number}.xml": "<a/>" for number in range(measuring.MOST_PARTS)}
    assert refused(packed({**parts(sheet([["name"]])), **many})) == "TYPE_NOT_ALLOWED"


def test_a_part_that_is_packed_in_a_rare_way_is_refused() -> None:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_LZMA) as archive:
        for name, content in parts(sheet([["name"]])).items():
            archive.writestr(name, content)
    assert refused(output.getvalue()) == "TYPE_NOT_ALLOWED"


def test_a_damaged_workbook_is_refused_and_never_an_accident() -> None:
    whole, chance = workbook([["name", "email"], *([f"N{n}", f"n{n}@x.example"] for n in range(30))]), random.Random(7)
    for _ in range(400):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            damaged[chance.randrange(4, len(damaged))] = chance.randrange(256)
        try:
            read_table(bytes(damaged[: chance.choice([len(damaged), chance.randrange(30, len(damaged))])]), file_name="x")
        except Unreadable:
            continue


def test_as_many_rows_as_a_list_may_have_are_read() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="str"><v>N{n}</v></c><c r="B{n}"><v>{n}</v></c></row>' for n in range(1, MOST_ROWS + 2))
    assert len(read_table(one_sheet(rows), file_name="x").rows) == MOST_ROWS
