"""Hostile files cost no more than their real cells: they are read or refused in the memory that a small honest file needs."""

from __future__ import annotations

import io
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from kam import readers
from kam.errors import KamError
from kam.readers import read_file
from tests.kam import books
from tests.kam.test_hostile import SHEET, rebuilt

# Address space, of which mapped libraries and the stacks of threads take 275 MiB before the first cell is read.
LIMIT = 448 * readers.MEBIBYTE
SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
CELL = '<c r="A1"><v>1</v></c>'


def xlsx(body: str, before: str = "") -> bytes:
    """A book around the XML of the rows of its only sheet."""
    return rebuilt({SHEET: f'<worksheet xmlns="{SPACE}">{before}<sheetData>{body}</sheetData></worksheet>'.encode()})


def wide() -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.add_worksheet().write_row(0, 0, [f"к{number}" for number in range(16_384)])
    book.close()
    return target.getvalue()


def blank_rows() -> bytes:
    rows = (f'<row r="{n}" s="1" customFormat="1"><c r="A{n}" s="1"/><c r="B{n}" s="1"/></row>' for n in range(2, 1_000_001))
    return xlsx(f'<row r="1">{CELL}</row>{"".join(rows)}')


def far_xlsb() -> bytes:
    row = struct.pack("<I", 19_999) + bytes(13)
    far = books._wide_record(0, row) + books._xlsb_cell(999, "b")
    return books.xlsb_of(books._wide_record(0, bytes(17)) + books._xlsb_cell(0, "a") + far, 1, 1)


def repeated_ods() -> bytes:
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    return books.ods_of(f'<table:table table:name="a">{row}</table:table>')


SPANS = f'<table><tr>{"<td rowspan=1000 colspan=1000>a</td>" * 50}</tr>{"<tr><td>x</td></tr>" * 900}</table>'
LINES = "Клиент;Дата;Сумма\n" + "А;15.01.2026;1\n" * 20_000

# name → its bytes, and what becomes of it: rows and columns, or why it is refused.
FILES: dict[str, tuple[Callable[[], bytes], tuple[int, int] | str]] = {
    "размер солгал.xlsx": (lambda: xlsx(f'<row r="1">{CELL}</row>', '<dimension ref="A1:XFD1048576"/>'), (1, 1)),
    "16384 столбца.xlsx": (wide, (1, 16_384)),
    "миллион пустых строк.xlsx": (blank_rows, (1, 1)),
    "ячейки без места.xlsx": (lambda: xlsx(f"<row>{'<c><v>1</v></c>' * 4_000_000}</row>"), "errors.extent"),
    "пробелы.xlsx": (lambda: xlsx(f'<row r="1">{CELL}</row>{" " * 90_000_000}'), "errors.bomb"),
    "далёкая ячейка.xlsb": (far_xlsb, "errors.extent"),
    "повторы.ods": (repeated_ods, "errors.damaged"),
    "растянутые ячейки.xls": (lambda: SPANS.encode(), "errors.extent"),
    "разделители в конце.csv": (lambda: (LINES + ";" * 16_383).encode(), (20_002, 3)),
    "длинная последняя строка.csv": (lambda: (LINES + "1;" * 16_383).encode(), "errors.extent"),
}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux holds a process to its memory")
@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_needs_no_more_memory_than_an_honest_one(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, outcome = FILES[name]
    path = tmp_path / "file"
    path.write_bytes(write())
    monkeypatch.setattr(readers, "BASE_MEMORY_BYTES", LIMIT)
    monkeypatch.setattr(readers, "MEMORY_PER_BYTE", 0)
    try:
        (sheet,) = read_file(path, name)
        found: tuple[int, int] | str = (sheet.cells.num_rows, sheet.cells.num_columns)
    except KamError as error:
        found = error.key
    assert found == outcome
