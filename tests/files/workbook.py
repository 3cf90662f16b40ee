"""Workbooks as spreadsheet programs write them, made by hand, so that they can also be made wrong."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
#: Cell formats: 0 as it is, 1 a date.
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
TYPES = (
    f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)


def letters(number: int) -> str:
    """A, B, … Z, AA."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def cell(value: object, row: int, column: int) -> str:
    """One cell. A text beginning with `date:` is a day, counted as spreadsheet programs do; `raw:` is XML as it stands."""
    place = f'r="{letters(column)}{row}"'
    if isinstance(value, bool):
        return f'<c {place} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f"<c {place}><v>{value}</v></c>"
    text = str(value)
    if text.startswith("date:"):
        return f'<c {place} s="1"><v>{text[5:]}</v></c>'
    if text.startswith("raw:"):
        return text[4:]
    return f'<c {place} t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>' if text else ""


def sheet(rows: Sequence[Sequence[object]]) -> str:
    """The part that holds the rows."""
    lines = (
        f'<row r="{number}">{"".join(cell(value, number, place) for place, value in enumerate(row, start=1))}</row>'
        for number, row in enumerate(rows, start=1)
    )
    return f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP of these parts."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return output.getvalue()


def parts(*sheets: str, hidden: Sequence[int] = ()) -> dict[str, str | bytes]:
    """What an .xlsx with these sheets consists of; those with these numbers are hidden."""
    numbers = range(1, len(sheets) + 1)
    state = dict.fromkeys(hidden, ' state="hidden"')
    listed = "".join(f'<sheet name="S{n}" sheetId="{n}"{state.get(n, "")} r:id="rId{n}"/>' for n in numbers)
    relations = "".join(f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers)
    styles = f'<Relationship Id="rId99" Type="{OFFICE}/styles" Target="styles.xml"/>'
    return {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{relations}{styles}</Relationships>',
        "xl/styles.xml": STYLES,
        **{f"xl/worksheets/sheet{n}.xml": content for n, content in zip(numbers, sheets, strict=True)},
    }


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    """An .xlsx with one sheet."""
    return packed(parts(sheet(rows)))
