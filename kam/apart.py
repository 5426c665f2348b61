"""Several tables on one sheet told apart: one under the other, with or without a blank row between, and side by side.

Knows cells, header spellings and what each table cannot do without; must not know which table a sheet is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import pyarrow as pa
import pyarrow.compute as pc

from kam import headers, spellings
from kam.layout import HEADER_SEARCH_ROWS, layout, shape
from kam.readers import Sheet
from kam.tables import load_tables

MAX_PLACES = 1000  # blank rows and rows without figures that are looked at
TITLE_ROWS = 8  # between a blank row and the header of the table under it
SAMPLE_ROWS, SAMPLE_COUNT = 50, 3  # the table may end after a few rows
SURE = headers.STRENGTHS["inferred"]


def tables(sheet: Sheet) -> list[Sheet]:
    """The tables of a sheet in reading order; the rows keep their numbers."""
    parts = [part for across in _beside(sheet) for below in _under(across) for part in _beside(below)]
    return [
        part if number == 1 else replace(part, name=f"{sheet.name} ({number})", notes=())
        for number, part in enumerate(parts, start=1)
    ]


# One under the other.


def _under(sheet: Sheet) -> list[Sheet]:
    return [part for block in _cut(sheet, _blank_cuts(sheet.cells)) for part in _cut(block, _bare_cuts(block.cells))]


def _cut(sheet: Sheet, cuts: Iterable[int]) -> list[Sheet]:
    places = [0, *cuts, sheet.cells.num_rows]
    return [_rows(sheet, start, end) for start, end in pairwise(places)] if len(places) > 2 else [sheet]


def _rows(sheet: Sheet, start: int, end: int) -> Sheet:
    depths = None if sheet.depths is None else sheet.depths.slice(start, end - start)
    return replace(sheet, cells=sheet.cells.slice(start, end - start), first_row=sheet.first_row + start, depths=depths)


def _blank_cuts(cells: pa.Table) -> Iterator[int]:
    """The blank row before each further header."""
    known: frozenset[str] = frozenset()
    header = 0
    for blank in _blank_runs(cells)[:MAX_PLACES]:
        reach = HEADER_SEARCH_ROWS if blank < 0 else TITLE_ROWS
        found = _header_below(cells, blank, reach)
        if found is None or found[1] <= known:
            continue  # data, a footer, or the same header on the next page
        if known and header < blank - 1:
            yield blank
        header, known = found


def _header_below(cells: pa.Table, blank: int, reach: int) -> tuple[int, frozenset[str]] | None:
    for position in range(blank + 1, min(blank + 1 + reach, cells.num_rows - 1)):
        texts = _texts(cells, position)
        if not texts:
            return None
        if _names_columns(texts):
            return position, _keys(texts)
    return None


def _texts(cells: pa.Table, position: int) -> list[str]:
    return [text for column in cells.columns if (text := column[position].as_py())]


def _keys(texts: Sequence[str]) -> frozenset[str]:
    return frozenset(headers.key(text) for text in texts)


def _names_columns(texts: Sequence[str]) -> bool:
    known = sum(headers.is_known(text) for text in texts)
    return known >= 2 and known * 2 >= len(texts) and all(shape(text) == "text" for text in texts)


def _blank_runs(cells: pa.Table) -> list[int]:
    """The last blank row of each run of blank rows; -1 stands for what is above the first row."""
    if any(column.null_count == 0 for column in cells.columns):
        return [-1]
    blank = pa.repeat(True, cells.num_rows)
    for column in cells.columns:
        blank = pc.and_(blank, pc.is_null(column).combine_chunks())
    rows = pc.indices_nonzero(blank).to_pylist()
    return [-1, *(row for row, following in pairwise([*rows, -1]) if following != row + 1)]


def _bare_cuts(cells: pa.Table) -> Iterator[int]:
    """A further header among the data: words where the rows above have a date or a figure."""
    header = next((at for at in range(min(HEADER_SEARCH_ROWS, cells.num_rows)) if _names_columns(_texts(cells, at))), None)
    figures = None if header is None else _figures(cells, header)
    if header is None or figures is None:
        return
    known = _keys(_texts(cells, header))
    if not spellings.holds_words(figures.slice(header + 2)):
        return
    wordy = pc.and_(pc.is_valid(figures), pc.invert(pc.match_substring_regex(figures, r"\d")))
    places = [place for place in pc.indices_nonzero(wordy).to_pylist() if place > header + 1]
    for place in places[:MAX_PLACES]:
        texts = _texts(cells, place)
        if place < cells.num_rows - 1 and _names_columns(texts) and not _keys(texts) <= known:
            known = _keys(texts)
            # The name of the table stands alone in the row above its header.
            has_title = len(above := _texts(cells, place - 1)) == 1 and shape(above[0]) == "text"
            yield place - 1 if has_title else place


def _figures(cells: pa.Table, header: int) -> pa.ChunkedArray | None:
    """The fullest column of dates or figures: in its own table it never holds a word of a header."""
    for column in sorted(cells.columns, key=lambda column: column.null_count):
        sample = column.slice(header + 1, SAMPLE_ROWS).drop_null().to_pylist()[:SAMPLE_COUNT]
        if sample and sum(shape(text) in ("date", "number") for text in sample) > len(sample) / 2:
            return column
    return None


# Side by side.


def _beside(sheet: Sheet) -> list[Sheet]:
    """Blocks of columns with a blank column between them, if each has all the headers that some table needs."""
    blocks = list(_blocks(sheet.cells))
    if len(blocks) < 2:
        return [sheet]
    parts = [_columns(sheet, start, end) for start, end in blocks]
    return parts if all(_is_whole(part) for part in parts) else [sheet]


def _blocks(cells: pa.Table) -> Iterator[tuple[int, int]]:
    start = None
    for index, column in enumerate([*cells.columns, None]):
        is_blank = column is None or column.null_count == cells.num_rows
        if is_blank and start is not None:
            yield start, index
        start = None if is_blank else index if start is None else start


def _columns(sheet: Sheet, start: int, end: int) -> Sheet:
    cells = sheet.cells.select(range(start, end)).rename_columns([str(number) for number in range(end - start)])
    depths = sheet.depths if start == 0 else None  # the outline is of what stands in the first column
    return replace(sheet, cells=cells, depths=depths, first_column=sheet.first_column + start)


def _is_whole(sheet: Sheet) -> bool:
    names = list(layout(sheet.cells).headers.values())
    return any(_satisfies(table, names) for table in load_tables())


def _satisfies(table: str, names: Sequence[str]) -> bool:
    spec = load_tables()[table]
    found = [{match.column for match in headers.matches(table, name) if match.score >= SURE} for name in names]
    present = set().union(*found)
    groups = [{name} for name in spec.required] + [set(group) for group in spec.required_any]
    return sum(map(bool, found)) >= 2 and all(present & group for group in groups)
