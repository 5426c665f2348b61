"""Reports made flat: one column that holds several levels is cut into a column a level, and a document's date, which
stands in its name only ("Реализация 0000-000031 от 15.07.2026 12:00:00"), gets a column beside it.

Knows cells, header spellings and row depths; must not know which table a sheet is. Rows stay where they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from kam import headers
from kam.layout import Layout, layout, merged_ends, shape
from kam.readers import Sheet

MAX_LEVELS = 6
SAMPLE_ROWS = 500
DATE_HEADER = "Дата документа"
_DOCUMENT = r"\sот\s\d{1,2}\.\d{1,2}\.\d{4}(?:\s|$)"
_DATE = r"^.*\sот\s(?P<day>\d{1,2}\.\d{1,2}\.\d{4}(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?).*$"


def flatten(sheet: Sheet) -> Sheet:
    """The same sheet with a column for every level of its row names and for the dates inside document names."""
    found = layout(sheet.cells, merged_ends(sheet))
    if found.bottom < 0:
        return sheet
    column = min(found.headers)
    if names := _level_names(sheet.cells, found, column):
        sheet = _by_levels(sheet, found, column, names)
    return _dated(sheet, found.bottom)


# Levels: "Контрагент" over "Документ" in one column, each row indented to its own.


def _level_names(cells: pa.Table, found: Layout, column: int) -> list[str]:
    """The names of the levels, the outermost first; empty when the column has only one."""
    group, name = found.levels.get(column, ("", ""))
    names = [group, name] if name else [str(found.headers[column])]
    if name and sum(1 for levels in found.levels.values() if levels[0] == group) > 1:
        return []
    for position in range(found.bottom + 1, min(found.bottom + MAX_LEVELS, cells.num_rows)):
        row = {i: text for i, values in enumerate(cells.columns) if (text := values[position].as_py())}
        if set(row) != {column} or not headers.is_known(row[column]):
            break
        names.append(" ".join(row[column].split()))
    return names if len(names) > 1 and all(headers.is_known(text) for text in names) else []


def _by_levels(sheet: Sheet, found: Layout, column: int, names: Sequence[str]) -> Sheet:
    start = found.bottom + 1 + (len(names) - (2 if column in found.levels else 1))
    texts = sheet.cells.column(column).to_pylist()
    levels = _levels(sheet, texts, start, len(names))
    if levels is None:
        return sheet
    columns: list[list[str | None]] = [[None] * len(texts) for _ in names]
    current: list[str | None] = [None] * len(names)
    for position in range(start, len(texts)):
        level, text = levels[position - start], texts[position]
        if text is None:
            continue
        current[level:] = [text, *[None] * (len(names) - level - 1)]
        # A total is a row of its own, under no group.
        shown = [text] if shape(text) == "text" and level == 0 else current[: level + 1]
        for number, said in enumerate(shown):
            columns[number][position] = said
    for number, name in enumerate(names):
        columns[number][found.bottom] = name
    columns[0][: found.top] = texts[: found.top]
    cells = sheet.cells.set_column(column, str(column), pa.array(columns[0], pa.string()))
    for values in columns[1:]:
        cells = cells.append_column(str(cells.num_columns), pa.array(values, pa.string()))
    return replace(sheet, cells=_joined_header(cells, found, column, names))


def _joined_header(cells: pa.Table, found: Layout, column: int, names: Sequence[str]) -> pa.Table:
    """One header row in the place of the last: what the levels leave of the rows above it would be a level again."""
    width = cells.num_columns - len(names) + 1
    for index in range(width):
        if index != column:
            values = cells.column(index).to_pylist()
            values[found.top : found.bottom + 1] = [None] * (found.bottom - found.top) + [found.headers.get(index)]
            cells = cells.set_column(index, str(index), pa.array(values, pa.string()))
    return cells


def _levels(sheet: Sheet, texts: Sequence[str | None], start: int, count: int) -> list[int] | None:
    """Each row's level from its outline or indent, else from its look: documents are the innermost of two levels."""
    if sheet.depths is not None:
        depths = sheet.depths.to_pylist()[start:]
        said = sorted({depth for depth, text in zip(depths, texts[start:], strict=True) if text is not None})
        if len(said) == count:
            return [said.index(depth) if depth in said else 0 for depth in depths]
        if len(said) > count:
            return None  # a level whose name nobody knows: documents would stand as clients
    is_document = pc.match_substring_regex(pa.array(texts[start:], pa.string()), _DOCUMENT)
    found = pc.sum(is_document).as_py() or 0
    return [1 if document else 0 for document in is_document.to_pylist()] if count == 2 and found else None


# Dates inside the names of documents.


def _dated(sheet: Sheet, header: int) -> Sheet:
    samples = [column.slice(header + 1, SAMPLE_ROWS).drop_null() for column in sheet.cells.columns]
    documents = [i for i, sample in enumerate(samples) if _is_mostly(sample, _DOCUMENT, 0.9)]
    if len(documents) != 1 or any(_is_mostly(sample, r"^\s*\d{1,4}[./-]\d{1,2}[./-]\d{2,4}", 0.5) for sample in samples):
        return sheet
    named = sheet.cells.column(documents[0])
    is_document = pc.match_substring_regex(named, _DOCUMENT)
    days = pc.struct_field(pc.extract_regex(named, _DATE), "day")
    blank = pa.scalar(None, pa.string())
    dates = pc.if_else(is_document, days, blank)
    position = pa.chunked_array([pa.arange(0, sheet.cells.num_rows)])
    dates = pc.if_else(pc.equal(position, header), pa.scalar(DATE_HEADER), dates)
    return replace(sheet, cells=sheet.cells.append_column(str(sheet.cells.num_columns), dates))


def _is_mostly(sample: pa.ChunkedArray, pattern: str, share: float) -> bool:
    hits = (pc.sum(pc.match_substring_regex(sample, pattern)).as_py() or 0) if len(sample) else 0
    return hits > 0 and hits >= share * len(sample)
