"""xlsx books read back: types, headings, and text that must stay text."""

import csv
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import fastexcel
import pyarrow as pa
import pytest

from kam.exports.books import BookColumn, BookSheet, book, csv_cell, csv_file, sheet_name


def read(content, sheet=0):
    return fastexcel.read_excel(content).load_sheet(sheet).to_arrow()


def one_column(values, kind, type_=None):
    return book([BookSheet("t", pa.table({"x": pa.array(values, type_)}), (BookColumn("X", kind),))])


def test_cells_keep_their_types():
    table = pa.table(
        {
            "day": [date(2026, 3, 31)],
            "money": pa.array([Decimal("12.3456")], pa.decimal128(18, 4)),
            "share": [0.79],
            "flag": [True],
            "name": ["0007"],
        }
    )
    kinds = ("day", "money", "percent", "flag", "text")
    columns = tuple(BookColumn(name, kind) for name, kind in zip(table.column_names, kinds, strict=True))
    back = read(book([BookSheet("Лист", table, columns)]))
    row = back.to_pylist()[0]
    assert row["day"] in (date(2026, 3, 31), datetime(2026, 3, 31))
    assert (row["money"], row["share"], row["flag"], row["name"]) == (12.3456, 0.79, True, "0007")


def test_text_that_looks_like_a_formula_stays_text():
    hostile = ["=1+1", "+1", "-1", "@SUM(A1)", "http://evil", "\t=1"]
    content = one_column(hostile, "text")
    assert read(content).column(0).to_pylist() == hostile
    xml = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml and "hyperlink" not in xml


def test_heading_is_frozen_and_filtered():
    xml = zipfile.ZipFile(io.BytesIO(one_column([1, 2], "count"))).read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in xml and '<autoFilter ref="A1:A3"/>' in xml


def test_unknown_is_an_empty_cell_and_old_dates_are_text():
    assert read(one_column([1.0, None, float("nan"), 2.0], "decimal")).column(0).to_pylist() == [1.0, None, None, 2.0]
    assert read(one_column([date(1812, 9, 7)], "day")).column(0).to_pylist() == ["1812-09-07"]


def test_empty_table_still_makes_a_book():
    assert read(one_column([], "text", pa.string())).num_rows == 0


def test_sheet_names_are_such_as_excel_takes():
    taken: set[str] = set()
    assert sheet_name("a/b:c", taken) == "a b c"
    assert sheet_name("A B C", taken) == "A B C (2)"
    assert len(sheet_name("x" * 40, taken)) == 31
    assert sheet_name("''", taken) == "1"


def test_csv_is_read_back_as_it_was_and_no_text_becomes_a_formula():
    table = pa.table({"who": ["=1+1", "Иванов; Пётр", None], "due_on": [date(2026, 11, 20), None, date(2026, 1, 2)], "count": [-1, 2, 3]})
    columns = (BookColumn("Кто"), BookColumn("Срок", "day"), BookColumn("Сколько", "count"))
    content = csv_file(BookSheet("решения", table, columns))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert rows == [
        ["Кто", "Срок", "Сколько"], ["'=1+1", "2026-11-20", "-1"], ["Иванов; Пётр", "", "2"], ["", "2026-01-02", "3"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"), ("+7 495", "'+7 495"), ("-2", "'-2"), ("@SUM(A1)", "'@SUM(A1)"), (" =1", " '=1"), ("＝1", "'＝1"),
        ("a,=2+2", "a,'=2+2"), ("a; @b", "a; '@b"), ("a\n=1", "a\n'=1"), ("\t=1", "\t'=1"),
        ("a=b", "a=b"), ("1 - 2", "1 - 2"), ("Иванов, Пётр", "Иванов, Пётр"), ("'=1", "'=1"), ("", ""),
        (-5, -5), (Decimal("-1.5"), Decimal("-1.5")), (None, None),
    ],
)  # fmt: skip
def test_csv_cell_that_a_spreadsheet_would_run_has_an_apostrophe_before_it(text, written):
    assert csv_cell(text) == written
