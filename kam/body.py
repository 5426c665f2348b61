"""Which rows of a recognised sheet are data: not the preamble, not totals, footers, repeated headers or blank rows.

A total or a footer is known by a whole cell ("Итого:", "Grand Totals (5700 records)"), never by a part of it: a product
may be called "Итого вкусный товар". What a total row says is handed over as text: loaded rows are held against it.
Which rows are sums of others, and which go on with the row above, kam.groups tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from kam import groups, headers, spellings
from kam.covers import covered
from kam.currencies import BESIDE
from kam.readers import Sheet
from kam.recognise import Recognition

TAIL_ROWS = 60  # footers and totals with a count of records stand at the end
_RECORDS = re.compile(r"\s*\(\s*[\d\s,.]+\s*(records?|rows?|записей|записи|строк[аи]?)?\s*\)$", re.IGNORECASE)
_NUMBER = re.compile(
    rf"(?:{BESIDE})?\s*[-−(]?\s*(?:{BESIDE})?\d[\d\s'’.,]*\)?-?\s*(?:%|(?:{BESIDE})\.?)?|[—–-]", re.IGNORECASE
)
# "Итого за январь 2026 г.", "Всего по отчёту", folded: the whole cell again, of words for a stretch of time or of the report.
_STRETCH = re.compile(
    r"(?:итого|итог|всего|total|subtotal)\s(?:за|по|на|for)\s"
    r"(?:январ[ьюя]|феврал[ьюя]|март[уа]?|апрел[ьюя]|ма[йюя]|июн[ьюя]|июл[ьюя]|август[уа]?|(?:сентя|октя|ноя|дека)бр[ьюя]"
    r"|january|february|march|april|may|june|july|august|(?:septem|octo|novem|decem)ber"
    r"|период|месяц|квартал|год|день|отчету?|странице|листу|документу|всем|the period|[1-4ivх]+[ -]?(?:й )?(?:кв|квартал|полугодие)|(?=\d))"
    r"[\s.\d/–-]*(?:г|год|года)?\.?"
)
_BEGINS = r"^\s*(?i:итого?|всего|total|subtotal)\s"
_BEGIN_LETTERS = ("тог", "ТОГ", "сего", "СЕГО", "otal", "OTAL")


@dataclass(frozen=True)
class LeftOut:
    """A row that is no data: kind "total", "group", "footer", "header" or "continued" (the rest of the row above).

    `sums`: the numbers of a total row as text by column index.
    """

    row_number: int
    kind: str
    label: str
    sums: dict[int, str]


@dataclass(frozen=True)
class Body:
    """The data rows of a sheet: `cells` as in Sheet.cells, `row_numbers` int64 beside them, and what was left out.

    `continued`: rows that took what they leave blank from the row above.
    """

    cells: pa.Table
    row_numbers: pa.Array
    left_out: tuple[LeftOut, ...]
    continued: int = 0


def body(sheet: Sheet, recognition: Recognition) -> Body:
    """The rows under the header without blank ones, totals, footers and repeated headers, numbered as in the file."""
    start = max(recognition.header_row - sheet.first_row + 1, 0)
    cells = sheet.cells.slice(start)
    first = sheet.first_row + start
    marked = list(_left_out(cells, first, recognition))
    merged = covered(sheet, cells, first, recognition)
    depths = None if sheet.depths is None else sheet.depths.slice(start)
    unfolded = groups.unfold(merged.cells, recognition, frozenset(row.row_number - first for row in marked) | merged.idle, depths)
    marked += (_set_aside(cells, first, position, "group") for position in unfolded.groups)
    marked += (_set_aside(cells, first, position, "continued") for position in unfolded.idle | merged.idle)
    left_out = tuple(sorted(marked, key=lambda row: row.row_number))
    continued = merged.count + unfolded.continued - len(unfolded.idle)
    numbers = pa.arange(first, first + cells.num_rows)
    keep = _filled(cells)
    if left_out:
        dropped = pa.array([row.row_number for row in left_out], pa.int64())
        keep = pc.and_(keep, pc.invert(pc.is_in(numbers, value_set=dropped)))
    if pc.all(keep).as_py():
        return Body(unfolded.cells, numbers, left_out, continued)
    return Body(unfolded.cells.filter(keep), numbers.filter(keep), left_out, continued)


def _set_aside(cells: pa.Table, first: int, position: int, kind: str) -> LeftOut:
    row = (column[position].as_py() for column in cells.columns)
    label = next((text.strip() for text in row if text and not _NUMBER.fullmatch(text.strip())), "")
    return LeftOut(first + position, kind, label, {})


def _filled(cells: pa.Table) -> pa.Array:
    if any(column.null_count == 0 for column in cells.columns):
        return pa.repeat(True, cells.num_rows)
    filled = pa.repeat(False, cells.num_rows)
    for column in cells.columns:
        filled = pc.or_(filled, pc.is_valid(column).combine_chunks())
    return filled


def _left_out(cells: pa.Table, first: int, recognition: Recognition) -> Iterator[LeftOut]:
    for position in sorted(_suspects(cells, recognition)):
        row = {i: text for i, column in enumerate(cells.columns) if (text := column[position].as_py()) is not None}
        kind = _kind(row, recognition)
        if kind is not None:
            label = next((text for text in row.values() if not _NUMBER.fullmatch(text.strip())), "")
            sums = {i: text for i, text in row.items() if _NUMBER.fullmatch(text.strip())}
            yield LeftOut(first + position, kind, label.strip(), sums if kind == "total" else {})


def _suspects(cells: pa.Table, recognition: Recognition) -> set[int]:
    """Positions worth a closer look: a marking cell anywhere, a repeated header, the last rows."""
    suspects = set(range(max(cells.num_rows - TAIL_ROWS, 0), cells.num_rows))
    marks = pa.array(sorted(_mark_spellings()), pa.string())
    for column in cells.columns:
        if spellings.holds(column, _telling_letters()):
            suspects.update(_positions(pc.is_in(column, value_set=marks)))
            if spellings.holds(column, _BEGIN_LETTERS):
                suspects.update(_positions(pc.match_substring_regex(column, _BEGINS)))
    named = [column for column in recognition.columns if not column.header.startswith("#")][:1]
    for column in named:
        suspects.update(_positions(pc.equal(cells.column(column.index), column.header)))
    return suspects


def _positions(mask: pa.ChunkedArray) -> list[int]:
    found: list[int] = pc.indices_nonzero(mask).to_pylist()
    return found


def _kind(row: dict[int, str], recognition: Recognition) -> str | None:
    dates = {column.index for column in recognition.columns if column.style in ("dmy", "mdy")}
    texts = [text.strip() for text in row.values() if not _NUMBER.fullmatch(text.strip())]
    # The day of a total is none of its names ("Итого за январь" beside "январь 2026"), unless the total stands in its column.
    names = [text.strip() for i, text in row.items() if i not in dates and not _NUMBER.fullmatch(text.strip())] or texts
    headings = {column.index: column.header for column in recognition.columns}
    if len(row) > 1 and all(headers.fold(headings.get(i, "")) == headers.fold(text) for i, text in row.items()):
        return "header"
    # A total row names nothing but itself: other words beside it make it a row of data.
    if len(names) == 1 and _is_total(names[0]):
        return "total"
    if texts and all(_is_footer(text) for text in texts):
        return "footer"
    return None


def _is_total(text: str) -> bool:
    folded = headers.fold(_RECORDS.sub("", text))
    return folded in _folded("totals") or _STRETCH.fullmatch(folded) is not None


def _is_footer(text: str) -> bool:
    folded = headers.fold(text)
    return folded in _folded("footers") or folded.startswith(tuple(_folded("footer_starts")))


@cache
def _folded(kind: str) -> frozenset[str]:
    return frozenset(headers.fold(text) for text in headers.load_dictionary().rows[kind])


@cache
def _mark_spellings() -> frozenset[str]:
    # Exact spellings, so that a column is searched in one pass without folding every cell.
    rows = headers.load_dictionary().rows
    words = {text.rstrip(":") for kind in ("totals", "footers") for text in rows[kind]}
    cases = {form for word in words for form in (word, word.lower(), word.upper(), word.capitalize())}
    return frozenset(form + end for form in cases for end in ("", ":", " :", " "))


@cache
def _telling_letters() -> tuple[str, ...]:
    """Letters of which every mark has one, as few as may be: a column without them holds no mark."""
    chosen: list[str] = []
    left = set(_mark_spellings())
    while left:
        chosen.append(max(sorted(set("".join(left))), key=lambda letter: sum(letter in mark for mark in left) * letter.isalpha()))
        left = {mark for mark in left if chosen[-1] not in mark}
    return tuple(chosen)
