"""Any table comes back as it was written: cell for cell from every format, value for value from every locale."""

from __future__ import annotations

import csv
import html
import io
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from kam import guard, queries
from kam.conventions import date_convention, number, number_convention
from kam.readers import Sheet
from kam.readers_books import read_book
from kam.readers_html import read_html
from kam.readers_text import read_text
from tests.kam import books

WORD = st.text(alphabet="абвгдежзиклмнопрстуё АБВГДxyzAZ019.,-()%", min_size=1, max_size=12)
CELL = st.one_of(
    WORD,
    st.just(""),
    st.sampled_from(["0007", "7701234567", "12345678901234567890", "NA", "TRUE", "1E5", "=А1", "итого", "Ёлка №1"]),
    st.integers(-(10**7), 10**7).map(str),
)
Table = list[list[str]]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A header of words and up to fifteen rows, the first of them full, so that no edge of the grid is blank."""
    width = draw(st.integers(2, 6))
    rows = draw(st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=15))
    return [[f"Поле {n}" for n in range(width)], *rows, [f"конец {n}" for n in range(width)]]


def cells(sheet: Sheet) -> list[list[str | None]]:
    return [list(row.values()) for row in sheet.cells.to_pylist()]


def blanks(table: Table) -> list[list[str | None]]:
    return [[cell if cell.strip() else None for cell in row] for row in table]


@settings(max_examples=250, derandomize=True, deadline=None)
@given(table=tables())
def test_a_book_comes_back_cell_for_cell(table: Table) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        book = xlsxwriter.Workbook(path)
        sheet = book.add_worksheet()
        for row, texts in enumerate(table):
            for column, text in enumerate(texts):
                sheet.write_string(row, column, text)
        book.close()
        (found,) = read_book(path, "a.xlsx", guard.XLSX)
    assert cells(found) == blanks(table)


WRITERS = {guard.ODS: books.ods, guard.XLS: books.xls, guard.XLSB: books.xlsb}


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=60, derandomize=True, deadline=None)
@given(table=tables())
def test_a_book_of_any_other_format_comes_back_cell_for_cell(form: str, table: Table) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{form}"
        path.write_bytes(WRITERS[form](table))
        assert guard.identify(path, path.name).format == form
        (found,) = read_book(path, path.name, form)
    assert cells(found) == blanks(table)


@settings(max_examples=250, derandomize=True, deadline=None)
@given(table=tables(), encoding=st.sampled_from(["utf-8", "cp1251"]))
def test_a_page_comes_back_cell_for_cell(table: Table, encoding: str) -> None:
    rows = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in table)
    page = f'<html><meta charset="{encoding}"><table>{rows}</table></html>'.encode(encoding)
    (found,) = read_html(page, "a.xls")
    # HTML itself folds runs of spaces.
    folded = [[" ".join(cell.split()) for cell in row] for row in table]
    assert cells(found) == blanks(folded)


WORDS = ["Контрагент", "Менеджер", "Ответственный", "Сумма", "Реализация товаров", "Москва", "Ромашка", "Иванов", "Пётр"]


@settings(max_examples=250, derandomize=True, deadline=None)
@given(
    rows=st.lists(st.tuples(st.sampled_from(WORDS), CELL, st.sampled_from(WORDS)), min_size=3, max_size=15),
    separator=st.sampled_from(";,\t|"),
    encoding=st.sampled_from(["cp1251", "cp866", "koi8_r", "utf-16-le", "utf-8"]),
)
def test_a_text_in_an_encoding_that_says_nothing_of_itself_comes_back(
    rows: list[tuple[str, str, str]], separator: str, encoding: str
) -> None:
    # cp866 and koi8-r have no number sign of their own in every table of codes.
    table = [["Контрагент", "Примечание", "Ответственный"], *([cell.replace("№", "N") for cell in row] for row in rows)]
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=separator, lineterminator="\n").writerows(table)
    (found,) = read_text(target.getvalue().encode(encoding), "a.csv")
    assert cells(found) == blanks(table)


# Locales: the convention is told from the column, and every value reads as what was written.

AMOUNTS = st.lists(st.integers(-(10**9), 10**9), min_size=3, max_size=20).map(lambda whole: [Decimal(n) / 100 for n in whole])
GROUPS = {"": "", "space": " ", "no-break": "\u00a0", "thin": "\u2009", "narrow": "\u202f"}


def written(amount: Decimal, group: str, mark: str) -> str:
    return f"{amount:,.2f}".replace(",", "\0").replace(".", mark).replace("\0", group)


@pytest.fixture(scope="module")
def macros() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for macro in queries.macros():
        connection.execute(macro.text)
    return connection


@settings(max_examples=250, derandomize=True, deadline=None)
@given(amounts=AMOUNTS, group=st.sampled_from([*GROUPS.values(), "other"]), mark=st.sampled_from(",."))
def test_amounts_of_every_locale_are_what_was_written(
    macros: duckdb.DuckDBPyConnection, amounts: list[Decimal], group: str, mark: str
) -> None:
    separator = {",": ".", ".": ","}[mark] if group == "other" else group
    texts = [written(amount, separator, mark) for amount in amounts]
    style = number_convention(_column(texts)).style
    assert style == ("comma" if mark == "," else "dot")
    read = macros.execute("select parse_number(unnest($texts), $style)", {"texts": texts, "style": style}).fetchall()
    assert [value for (value,) in read] == amounts
    assert [number(text, style) for text in texts] == amounts


DAYS = st.dates(date(2000, 1, 1), date(2069, 12, 31))
FORMATS = {"%d.%m.%Y": "dmy", "%Y-%m-%d": "dmy", "%d/%m/%Y": "dmy", "%m/%d/%Y": "mdy", "%d.%m.%Y 12:30": "dmy", "%d.%m.%y": "dmy"}


@settings(max_examples=250, derandomize=True, deadline=None)
@given(days=st.lists(DAYS, min_size=1, max_size=20), form=st.sampled_from(list(FORMATS)))
def test_dates_of_every_locale_are_what_was_written(macros: duckdb.DuckDBPyConnection, days: list[date], form: str) -> None:
    days = [*days, date(2026, 3, 31)]  # one day above twelve tells the order
    texts = [day.strftime(form) for day in days]
    style = date_convention(_column(texts)).style
    assert style == FORMATS[form]
    read = macros.execute("select parse_date(unnest($texts), $style)", {"texts": texts, "style": style}).fetchall()
    assert [value for (value,) in read] == days


def _column(texts: list[str]) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(texts, pa.string())])
