"""Tables as xlsx books: the only importer of xlsxwriter. Knows Arrow and column kinds, no words and no screen.

A cell of data is never a formula: text goes through write_string whatever it begins with.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import xlsxwriter

# Number formats of a book; Excel writes the marks of the reader's own language.
_FORMATS = {
    "money": "#,##0",
    "percent": "0%",
    "count": "#,##0",
    "decimal": "#,##0.0",
    "day": "dd.mm.yyyy",
    "moment": "dd.mm.yyyy hh:mm",
}
_FORMATS_EN = {"day": "d mmm yyyy", "moment": "d mmm yyyy hh:mm"}
_WIDEST = 60
# The wide signs are what Excel takes for formulas in Asian settings.
_FORMULA = re.compile(r"((?:^|[,;\t\r\n])\s*)(?=[=+\-@＝＋－＠])")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True)
class BookColumn:
    """The heading of a column and its kind: money, percent, count, decimal, day, moment, flag or text."""

    heading: str
    kind: str = "text"


@dataclass(frozen=True)
class BookSheet:
    """One sheet: title, the table and a BookColumn for each of its columns."""

    title: str
    table: pa.Table
    columns: tuple[BookColumn, ...]


def sheet_name(title: str, taken: set[str]) -> str:
    """A name that Excel accepts: 31 characters, none of []:*?/\\, not taken (case aside), not blank."""
    base = _FORBIDDEN.sub(" ", title).strip().strip("'")[:31] or "1"
    name, number = base, 2
    while name.casefold() in taken:
        ending = f" ({number})"
        name, number = base[: 31 - len(ending)] + ending, number + 1
    taken.add(name.casefold())
    return name


def book(sheets: Sequence[BookSheet], language: str = "ru") -> bytes:
    """The sheets as one xlsx book: typed cells, heading frozen and filtered, widths by content. → bytes."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "remove_timezone": True}) as workbook:
        masks = _FORMATS | (_FORMATS_EN if language == "en" else {})
        styles = {kind: workbook.add_format({"num_format": mask}) for kind, mask in masks.items()}
        styles["text"] = workbook.add_format()
        heading = workbook.add_format({"bold": True, "bg_color": "#E7ECF2", "text_wrap": True, "valign": "top"})
        taken: set[str] = set()
        for sheet in sheets:
            _write(workbook.add_worksheet(sheet_name(sheet.title, taken)), sheet, styles, heading)
    return buffer.getvalue()


def csv_file(sheet: BookSheet) -> bytes:
    """A sheet as csv for Excel and other programs: UTF-8 with its mark, semicolons, ISO dates, plain numbers.

    What a spreadsheet would run gets an apostrophe (see csv_cell).
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([csv_cell(column.heading) for column in sheet.columns])
    for row in zip(*(column.to_pylist() for column in sheet.table.columns), strict=True):
        writer.writerow([csv_cell(value) for value in row])
    return buffer.getvalue().encode("utf-8-sig")


def csv_cell(value: object) -> object:
    """A value as it may stand in csv: where a spreadsheet would take a text for a formula, an apostrophe before it.

    csv has no other way to say text. After a comma, semicolon or line's end inside a text too: a program that expects
    other separators than ours begins a cell there.
    """
    return _FORMULA.sub(r"\1'", value) if isinstance(value, str) else value


def _write(worksheet: Any, sheet: BookSheet, styles: dict[str, Any], heading: Any) -> None:
    for position, column in enumerate(sheet.columns):
        values = sheet.table.column(position).to_pylist()
        worksheet.write_string(0, position, column.heading, heading)
        worksheet.set_column(position, position, _width(column, values))
        for row, value in enumerate(values, start=1):
            _cell(worksheet, row, position, value, styles.get(column.kind, styles["text"]))
    worksheet.freeze_panes(1, 0)
    if sheet.columns:
        worksheet.autofilter(0, 0, max(sheet.table.num_rows, 1), len(sheet.columns) - 1)


def _cell(worksheet: Any, row: int, position: int, value: object, style: Any) -> None:
    if value is None or value != value:  # not a number is unknown: an empty cell
        return
    if isinstance(value, bool):
        worksheet.write_boolean(row, position, value)
    elif isinstance(value, (date, datetime)) and value.year >= 1900:
        worksheet.write_datetime(row, position, value, style)
    elif isinstance(value, str) or not _is_number(value):
        worksheet.write_string(row, position, str(value)[:32_767])
    else:
        worksheet.write_number(row, position, float(value), style)  # type: ignore[arg-type]


def _is_number(value: object) -> bool:
    try:
        return abs(float(value)) < 1e300  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False


def _width(column: BookColumn, values: Sequence[object]) -> float:
    longest = max((len(str(value)) for value in values[:500] if value is not None), default=0)
    return min(max(longest, len(column.heading) // 2, 9) + 2, _WIDEST)
