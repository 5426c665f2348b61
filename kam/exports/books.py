"""Tables as xlsx books and csv: the only importer of xlsxwriter. Knows Arrow and column kinds, no words and no screen.

A cell of data is never a formula: text goes through write_string whatever it begins with. A link leads within the book alone.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import xlsxwriter

# Number formats of a book; Excel writes the marks of the reader's own language. A change says its sign; points are
# percentage points.
_FORMATS = {
    "money": "#,##0",
    "percent": "0%",
    "count": "#,##0",
    "decimal": "#,##0.0",
    "day": "dd.mm.yyyy",
    "moment": "dd.mm.yyyy hh:mm",
    "change": "+#,##0;-#,##0;0",
    "points": '+0.0" п. п.";-0.0" п. п.";0',
}
_FORMATS_EN = {"day": "d mmm yyyy", "moment": "d mmm yyyy hh:mm", "points": '+0.0" pp";-0.0" pp";0'}
_ROLES: Mapping[str, dict[str, Any]] = {"total": {"bold": True, "top": 1}, "link": {"font_color": "#1f5fa8", "underline": 1}}
_WIDEST = 60
_LONGEST_CELL, _LONGEST_HEADER = 32_767, 120
# The wide signs are what Excel takes for formulas in Asian settings.
_FORMULA = re.compile(r"((?:^|[,;\t\r\n])\s*)(?=[=+\-@＝＋－＠])")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_CONTROLS = re.compile(r"[\x00-\x1f\ufffe\uffff]+")  # in headers of pages they would break the file
_A4 = 9
_MARGINS = {"left": 0.4, "right": 0.4, "top": 0.6, "bottom": 0.6}  # inches


@dataclass(frozen=True)
class Place:
    """Where a cell leads to: a sheet of the same book by its title, and a row of its table, counted from 0."""

    sheet: str
    row: int = 0


@dataclass(frozen=True)
class BookColumn:
    """The heading of a column and its kind: money, percent, count, decimal, day, moment, change, points, flag or text.

    width: in characters, by content unless told; text then goes on in the next line. kinds: those of single cells, where
    they differ. links: where single cells lead. is_summed: stands in the row of totals.
    """

    heading: str
    kind: str = "text"
    width: float | None = None
    kinds: Sequence[str] = ()
    links: Sequence[Place | None] = ()
    is_summed: bool = False


@dataclass(frozen=True)
class BookSheet:
    """One sheet: title, the table and a BookColumn for each of its columns.

    above: lines over the heading; total: what the row of totals is called, none without; head: printed over each page, the
    title unless told; below: more tables under the first, their titles over them; frozen: so many columns stay in sight.
    """

    title: str
    table: pa.Table
    columns: tuple[BookColumn, ...]
    above: tuple[str, ...] = ()
    total: str = ""
    head: str = ""
    below: tuple[BookSheet, ...] = ()
    frozen: int = 0


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
    """The sheets as one xlsx book: typed cells, heading frozen and filtered, widths by content, A4 across. → bytes."""
    buffer = io.BytesIO()
    taken: set[str] = set()
    names = [sheet_name(sheet.title, taken) for sheet in sheets]
    places = {sheet.title: (name, 1 + _lines_above(sheet)) for sheet, name in zip(sheets, names, strict=True)}
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "remove_timezone": True}) as workbook:
        styles = _Styles(workbook, language, places)
        for sheet, name in zip(sheets, names, strict=True):
            _write(workbook.add_worksheet(name), sheet, styles)
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


class _Styles:
    """The cell formats of one book, each made when it is first asked for, and where its sheets begin."""

    def __init__(self, workbook: Any, language: str, places: Mapping[str, tuple[str, int]]) -> None:
        self._workbook, self._places = workbook, places
        self._masks = _FORMATS | (_FORMATS_EN if language == "en" else {})
        self._made: dict[tuple[str, bool, str], Any] = {}
        self.heading = workbook.add_format({"bold": True, "bg_color": "#E7ECF2", "text_wrap": True, "valign": "top"})
        self.title = workbook.add_format({"bold": True, "font_size": 14})
        self.subtitle = workbook.add_format({"bold": True, "font_size": 12})

    def of(self, kind: str, wraps: bool = False, role: str = "") -> Any:
        """The format of a kind; role: total or link."""
        key = (kind if kind in self._masks else "text", wraps, role)
        if key not in self._made:
            look: dict[str, Any] = {"valign": "top", "text_wrap": wraps}
            look |= {"num_format": self._masks[key[0]]} if key[0] in self._masks else {}
            look |= _ROLES.get(role, {})
            self._made[key] = self._workbook.add_format(look)
        return self._made[key]

    def address(self, place: Place) -> str:
        """A place as Excel names it within the book."""
        name, first = self._places[place.sheet]
        quoted = name.replace("'", "''")
        return f"internal:'{quoted}'!A{first + place.row + 1}"


def _lines_above(sheet: BookSheet) -> int:
    return len(sheet.above) + 1 if sheet.above else 0


def _write(worksheet: Any, sheet: BookSheet, styles: _Styles) -> None:
    for row, text in enumerate(sheet.above):
        worksheet.write_string(row, 0, text[:_LONGEST_CELL], styles.title if row == 0 else styles.of("text"))
    heading = _lines_above(sheet)
    last = _table(worksheet, sheet, heading, styles)
    worksheet.freeze_panes(heading + 1, sheet.frozen)
    if sheet.columns:
        worksheet.autofilter(heading, 0, heading + max(sheet.table.num_rows, 1), len(sheet.columns) - 1)
    for more in sheet.below:
        worksheet.write_string(last + 2, 0, more.title, styles.subtitle)
        last = _table(worksheet, more, last + 3, styles)
    widest = max((len(one.columns) for one in (sheet, *sheet.below)), default=1)
    _set_widths(worksheet, sheet)
    _paper(worksheet, sheet, heading, last, max(widest, 1) - 1)


def _table(worksheet: Any, sheet: BookSheet, heading: int, styles: _Styles) -> int:
    """Writes the heading, the rows and the totals; gives the last row written."""
    last = heading + int(sheet.table.num_rows)
    for position, column in enumerate(sheet.columns):
        values = sheet.table.column(position).to_pylist()
        worksheet.write_string(heading, position, column.heading, styles.heading)
        for number, value in enumerate(values):
            kind = column.kinds[number] if column.kinds else column.kind
            link = column.links[number] if column.links else None
            _cell(worksheet, heading + 1 + number, position, value, kind, column, link, styles)
        if sheet.total:
            total = sheet.total if position == 0 else _sum(values) if column.is_summed else None
            style = styles.of(column.kind, role="total")
            worksheet.write_blank(last + 1, position, None, style)
            _value(worksheet, last + 1, position, total, style)
    return last + bool(sheet.total)


def _sum(values: Sequence[Any]) -> float:
    """Added up as they are written, so that kopecks do not gather dust."""
    return float(sum((Decimal(str(value)) for value in values if value is not None), Decimal(0)))


def _cell(
    worksheet: Any, row: int, position: int, value: object, kind: str, column: BookColumn, link: Place | None, styles: _Styles
) -> None:
    wraps = column.width is not None
    if link is not None and isinstance(value, str):
        style = styles.of(kind, wraps, "link")
        # The text is written after the link: the link would repeat it in an attribute, where control marks break the file.
        # Excel takes 65,530 links a sheet; what comes after them is text alone.
        is_linked = worksheet.write_url(row, position, styles.address(link), style) == 0
        _value(worksheet, row, position, value, style if is_linked else styles.of(kind, wraps))
        return
    _value(worksheet, row, position, value, styles.of(kind, wraps))


def _value(worksheet: Any, row: int, position: int, value: object, style: Any) -> None:
    if value is None or value != value:  # not a number is unknown: an empty cell
        return
    if isinstance(value, bool):
        worksheet.write_boolean(row, position, value, style)
    elif isinstance(value, (date, datetime)) and value.year >= 1900:
        worksheet.write_datetime(row, position, value, style)
    elif isinstance(value, str) or not _is_number(value):
        worksheet.write_string(row, position, str(value)[:_LONGEST_CELL], style)
    else:
        worksheet.write_number(row, position, float(value), style)  # type: ignore[arg-type]


def _is_number(value: object) -> bool:
    try:
        return abs(float(value)) < 1e300  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False


def _set_widths(worksheet: Any, sheet: BookSheet) -> None:
    for position, column in enumerate(sheet.columns):
        width = column.width or _width(column, sheet.table.column(position).to_pylist())
        worksheet.set_column(position, position, width)


def _width(column: BookColumn, values: Sequence[object]) -> float:
    longest = max((len(str(value)) for value in values[:500] if value is not None), default=0)
    return min(max(longest, len(column.heading) // 2, 9) + 2, _WIDEST)


def _paper(worksheet: Any, sheet: BookSheet, heading: int, last_row: int, last_column: int) -> None:
    """How the sheet prints: A4 across, as wide as the page, the heading on each page, page numbers at the foot."""
    worksheet.set_landscape()
    worksheet.set_paper(_A4)
    worksheet.fit_to_pages(1, 0)
    worksheet.set_margins(**_MARGINS)
    worksheet.hide_gridlines(0)
    worksheet.print_area(0, 0, max(last_row, heading), last_column)
    if not sheet.below:
        worksheet.repeat_rows(heading)
    head = _CONTROLS.sub(" ", sheet.head or sheet.title)[:_LONGEST_HEADER].replace("&", "&&")
    worksheet.set_header(f"&L{head}")
    worksheet.set_footer("&R&P / &N")
