"""CSV as people bring it: what is read, what is refused with the line, and what goes out harmless."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.errors import Invalid
from hexmark.files import tables
from hexmark.files.tables import Problem, Row, Table, Unreadable, csv_bytes, read_table
from hexmark.files.text import hides_in_text


def read(text: str | bytes) -> Table:
    """The table of a CSV."""
    return read_table(text.encode() if isinstance(text, str) else text, file_name="people.csv")


def written(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """What goes out."""
    return b"".join(csv_bytes(columns, rows))


def test_a_row_is_read_by_the_names_of_its_columns_with_the_line_it_stands_in() -> None:
    table = read("Name,E-Mail , Start Date\nAmara Osei,amara@x.example,2026-03-01\n\nBen,ben@x.example,\n")
    assert table.columns == ("name", "e-mail", "start_date")
    assert [(row.line, dict(row.values)) for row in table.rows] == [
        (2, {"name": "Amara Osei", "e-mail": "amara@x.example", "start_date": "2026-03-01"}),
        (4, {"name": "Ben", "e-mail": "ben@x.example", "start_date": ""}),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_i04_i05_programs_write_with_different_marks_and_delimiters(encoding: str, delimiter: str) -> None:
    text = f'name{delimiter}note\r\n"Zoë ""Z"" Müller"{delimiter}"two\r\nlines{delimiter} one cell"\r\n李{delimiter}x\r\n'
    table = read(text.encode(encoding))
    assert [row.values["name"] for row in table.rows] == ['Zoë "Z" Müller', "李"]
    assert table.rows[0].values["note"] == f"two\r\nlines{delimiter} one cell"
    # A spreadsheet program shows the cell with two lines as one row.
    assert [row.line for row in table.rows] == [2, 3]


@pytest.mark.parametrize("first", ["sep=;", "SEP=;\r", '"sep=;"'])
def test_a_first_line_that_names_the_delimiter_is_no_heading(first: str) -> None:
    if first.startswith('"'):
        assert read(f"{first}\nname;team\n").columns == ("sep=;",)
    else:
        assert read(f"{first}\nname;team\nA;B\n").rows[0].values == {"name": "A", "team": "B"}


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        ("name\nZoë\nJosé\n".encode("latin-1"), "CSV_ENCODING", 2),
        (b"name\nAda\n" + "Zoë\n".encode("latin-1"), "CSV_ENCODING", 3),
        ("name,team\nA,B\n".encode("utf-16-le"), "CSV_ENCODING", 1),
        (b"\xff\xfen\0a\0m", "CSV_ENCODING", 1),
        (gzip.compress(b"name\nAda\n", mtime=0), "TYPE_NOT_ALLOWED", None),
        (b"%PDF-1.7\n", "TYPE_NOT_ALLOWED", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old Excel", "TYPE_NOT_ALLOWED", None),
        (b"PK\x03\x04 half a zip", "TYPE_NOT_ALLOWED", None),
        (b"", "EMPTY", None),
        (b" \n\n", "EMPTY", None),
        (b",,\n,,\n", "EMPTY", None),
        (b"a,b;c\n1,2;3\n", "CSV_DIALECT", 1),
        (b'name\nAda\n"Ben\n', "CSV_DIALECT", 3),
        (b'name\n"Ada" Lovelace\n', "CSV_DIALECT", 2),
        (b"name,Name\nA,B\n", "DUPLICATE_COLUMN", 1),
        (b"na\x00me,x,y,z,w\nA,1,2,3,4\n", "CSV_UNSAFE_TEXT", 1),
        (b"x" * (tables.MOST_BYTES + 1), "TOO_LARGE", None),
        (b",".join(b"c%d" % n for n in range(101)) + b"\n", "TOO_LARGE", 1),
        (b"name\n" + b"x" * 140_000 + b"\n", "CSV_DIALECT", 2),
    ],
)
def test_i04_i05_i20_a_file_that_cannot_be_read_says_why_and_where(data: bytes, code: str, line: int | None) -> None:
    with pytest.raises(Unreadable) as refused:
        read(data)
    assert (refused.value.code, refused.value.line, refused.value.field) == (code, line, "file")
    assert isinstance(refused.value, Invalid)
    if line and line > 1:
        assert f"Line {line}" in str(refused.value)


def test_a_list_that_is_too_long_is_refused_before_it_is_all_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    assert len(read("name\n" + "A\n" * 3).rows) == 3
    with pytest.raises(Unreadable, match="Line 5"):
        read("name\n" + "A\n" * 4)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("only one", "CSV_ROW"),
        ("one,two,three", "CSV_ROW"),
        ("one," + "x" * 10_001, "CSV_ROW"),
        ("one,\x00", "CSV_UNSAFE_TEXT"),
        ("one,a\x07b", "CSV_UNSAFE_TEXT"),
        ("one,a\u202eb", "CSV_UNSAFE_TEXT"),
    ],
)
def test_i08_i15_a_row_that_is_wrong_is_named_and_the_others_are_read(line: str, code: str) -> None:
    table = read(f"name,team\nAda,Core\n{line}\nBen,Line\n")
    assert [row.values.get("name") for row in table.rows] == ["Ada", None, "Ben"]
    wrong = table.rows[1]
    assert wrong.problem is not None
    assert (wrong.line, wrong.problem.code) == (3, code)
    assert wrong.problem.sentence.endswith(".")
    # What stood there goes back to whoever mends it.
    assert wrong.cells == tuple(line.split(","))


def test_empty_cells_behind_the_last_heading_are_no_fault_but_a_value_there_is() -> None:
    table = read("name,,\nAda,,\nBen,,x\n")
    assert table.columns == ("name",)
    assert table.rows[0].values == {"name": "Ada"}
    assert table.rows[1].problem == Problem("CSV_ROW", "Cell 3 of the row holds something, and its column has no heading.")


def test_a_column_without_a_heading_between_others_is_left_away_where_it_is_empty() -> None:
    table = read("name,,team\nAda,,Core\nBen,x,Line\n")
    assert table.columns == ("name", "team")
    assert table.rows[0] == Row(line=2, values={"name": "Ada", "team": "Core"}, cells=("Ada", "Core"))
    assert table.rows[1].problem is not None


# What goes out -----------------------------------------------------------------------------------------------------------------------

#: Beginnings that spreadsheet programs take for a formula, the wide forms among them.
DANGEROUS = ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", " =", "\u00a0="]


@pytest.mark.parametrize("beginning", DANGEROUS)
def test_i01_i02_nothing_goes_out_that_begins_a_formula(beginning: str) -> None:
    text = f"{beginning}cmd|'/c calc'!A0"
    line = written(["name"], [[text]]).decode("utf-8-sig").split("\r\n", 1)[1]
    assert line.startswith("\"'")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_i03_a_text_stays_one_harmless_cell_whatever_delimiter_the_program_expects(delimiter: str) -> None:
    data = written(["name", "note"], [["x", 'a";=1+1;"'], ["y", "a,@SUM(1)"], ["z", 'a\n=1+1\t"\t+2']])
    if delimiter == ",":
        assert [len(row) for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))] == [2, 2, 2, 2]
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter):
        assert not any(cell.strip(' "\t\r\n')[:1] in tuple("=+-@") for cell in row if cell), row


def test_numbers_go_out_as_numbers_and_nothing_as_nothing() -> None:
    assert written(["a", "b", "c"], [[-5, 1.5, None]]) == b'\xef\xbb\xbf"a","b","c"\r\n-5,1.5,\r\n'


def test_half_a_character_does_not_stop_an_export() -> None:
    assert b"?" in written(["name"], [["\ud800"]])


def readable(text: str) -> bool:
    """What a cell may hold: nothing hidden, and blanks at the ends are nobody's intention."""
    return not hides_in_text(text) and text == text.strip() and len(text) < 10_000


texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf", "Cn", "Co", "Zl", "Zp"]) | st.sampled_from("'\"=+-@,;\n\t"), max_size=40
)


@given(st.lists(st.lists(texts.filter(readable), min_size=2, max_size=2), max_size=5))
def test_every_text_comes_back_as_it_went_out(rows: list[list[str]]) -> None:
    table = read_table(written(["a", "b"], rows), file_name="out.csv")
    assert [[row.values["a"], row.values["b"]] for row in table.rows] == [row for row in rows if any(row)]


@given(st.binary(max_size=300))
def test_whatever_the_bytes_they_are_read_or_refused(data: bytes) -> None:
    try:
        table = read_table(data, file_name="x")
    except Unreadable:
        return
    for row in table.rows:
        assert row.problem or set(row.values) == set(table.columns)


@given(st.text(max_size=200))
def test_whatever_the_text_it_is_read_or_refused(text: str) -> None:
    try:
        read_table(text.encode("utf-8", "replace"), file_name="x")
    except Unreadable:
        return
