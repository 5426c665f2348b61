"""Lines of text as rows of cells, by pyarrow's parser: the separator, quotes, rows longer or shorter than the others.

Knows text alone. Row i of the cells is line i of the text, whatever stands between.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from kam import guard, spellings

MEBIBYTE = 1024 * 1024
SAMPLE_LINES = 300
SAMPLE_CHARACTERS = 256 * 1024
SEPARATORS = ("\t", ";", "|", ",")
HEADER_BONUS = 0.3
BREAK = b"\n"
# The bytes that the spaces of all kinds begin with in utf-8.
SPACES = tuple(bytes([byte]) for byte in b" \t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\xc2\xe1\xe2\xe3")

csv.field_size_limit(2**31 - 1)  # how long a line may be, readers_text says; the module's own limit would end the reading in an error


def named_separator(text: str) -> str | None:
    """The separator that a first line "sep=;" names, which Excel writes and reads."""
    first = text[:100].partition("\n")[0].strip()
    return first[4] if first.lower().startswith("sep=") and len(first) == 5 else None


def find_separator(sample: str) -> str:
    """The separator that cuts most lines of the sample into the same number of cells; ";" when none cuts any."""
    best, best_score = ";", 0.0
    for separator in SEPARATORS:
        rows = [row for row in _sample_rows(sample, separator) if any(row)]
        wide = [len(row) for row in rows if len(row) > 1]
        if not wide:
            continue
        mode = max(set(wide), key=lambda count: (wide.count(count), count))
        first = next(row for row in rows if len(row) == mode)
        # Decimal commas cut as evenly as semicolons, but not the header, which is words; and the earlier separator
        # keeps the place unless clearly beaten.
        score = wide.count(mode) / len(rows) + HEADER_BONUS * (not any(_is_figures(cell) for cell in first))
        if score > best_score + 0.1:
            best, best_score = separator, score
    return best


def _is_figures(cell: str) -> bool:
    return cell.strip()[:1].isdigit()


def _sample_rows(sample: str, separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator):
            rows.append(row)
            if len(rows) >= SAMPLE_LINES:
                break
    except csv.Error:
        pass
    # The last row of a cut sample is cut itself.
    return rows[:-1] if len(rows) > 1 and len(sample) >= SAMPLE_CHARACTERS else rows


def width_of(text: str, separator: str) -> int | None:
    """How many cells most lines at the beginning of the text have; None where none has any."""
    counts = [len(row) for row in _sample_rows(text[:SAMPLE_CHARACTERS], separator) if row]
    return max(set(counts), key=lambda count: (counts.count(count), count)) if counts else None


class RunawayQuote(Exception):
    """A quote that was opened and never closed has swallowed the lines after it."""


class Wider(Exception):
    """A row has more cells than the table may have."""


def parse(data: bytes, separator: str, width: int, is_quoted: bool, name: str, *, is_part: bool = False) -> pa.Table:
    """The cells of lines in utf-8 as text columns "0", "1", …, as many as most lines have or the widest of the others.

    RunawayQuote: a quote that is never closed. KamError: a few cells spread far. Of a part of a longer text also Wider: a
    row is wider than most; csv.Error: a row that is shorter has odd quotes.
    """
    ragged: list[tuple[int | None, str]] = []
    table = _arrow_csv(data, separator, width, is_quoted, ragged, True)
    if ragged:
        # Only the single-threaded parser knows where the odd rows stood.
        ragged.clear()
        table = _arrow_csv(data, separator, width, is_quoted, ragged, False)
        odd = [_without_blank_end(_fields(line, separator, is_quoted, is_part)[: guard.MAX_COLUMNS]) for _, line in ragged]
        if is_part and any(len(row) > width for row in odd):
            raise Wider
        table = _put_back(table, [number for number, _ in ragged], odd, name)
    if is_quoted:
        table = on_own_lines(table)
    return blank_to_null(table)


def _arrow_csv(
    data: bytes, separator: str, width: int, is_quoted: bool, ragged: list[tuple[int | None, str]], use_threads: bool
) -> pa.Table:
    def keep(row: Any) -> str:
        ragged.append((row.number, row.text))
        return "skip"

    names = [str(number) for number in range(width)]
    return arrow_csv.read_csv(
        pa.BufferReader(data),
        read_options=arrow_csv.ReadOptions(column_names=names, use_threads=use_threads, block_size=8 * MEBIBYTE),
        parse_options=arrow_csv.ParseOptions(
            delimiter=separator,
            quote_char='"' if is_quoted else False,
            double_quote=is_quoted,
            newlines_in_values=is_quoted,
            ignore_empty_lines=False,
            invalid_row_handler=keep,
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types={name: pa.string() for name in names}, null_values=[""], strings_can_be_null=True
        ),
    )


def _put_back(table: pa.Table, numbers: Sequence[int | None], rows: Sequence[Sequence[str]], name: str) -> pa.Table:
    """The odd rows among the even ones, at their places; the table grows to the widest of them."""
    width = max(table.num_columns, *(len(row) for row in rows))
    cells = table.num_rows * table.num_columns + sum(map(len, rows))
    guard.refuse_sparse(guard.SheetFacts(cells=cells, last_row=table.num_rows + len(rows), last_column=width), name)
    odd = pa.table({str(n): pa.array([row[n] or None if n < len(row) else None for row in rows], pa.string()) for n in range(width)})
    for number in range(table.num_columns, width):
        table = table.append_column(str(number), pa.nulls(table.num_rows, pa.string()))
    places = pa.array(numbers, pa.int64())
    every = pa.arange(1, table.num_rows + odd.num_rows + 1)
    even_places = every.filter(pc.invert(pc.is_in(every, value_set=places)))
    both = pa.concat_tables([table, odd])
    order = pc.sort_indices(pa.chunked_array([even_places, places]))
    return both.take(order)


def _without_blank_end(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row.pop()
    return row


def _fields(line: str, separator: str, is_quoted: bool, is_strict: bool) -> list[str]:
    return next(csv.reader([line], delimiter=separator, strict=is_strict), []) if is_quoted else line.split(separator)


def on_own_lines(table: pa.Table) -> pa.Table:
    """Blank rows after each record that spans several lines, so that row i is line i of the file."""
    counts = [pc.fill_null(pc.count_substring(column, BREAK), 0) for column in table.columns if _holds(column, [BREAK])]
    breaks = reduce(pc.add, counts) if counts else None
    most = pc.max(breaks).as_py() if counts else 0
    if not most:
        return table
    if most > 500:
        raise RunawayQuote
    ends = pc.cumulative_sum(pc.cast(pc.add(breaks, 1), pa.int64()))
    starts = pc.subtract(ends, pc.cast(breaks, pa.int64()))
    lines = pa.arange(1, ends[-1].as_py() + 1)
    return table.take(pc.index_in(lines, value_set=starts.combine_chunks()))


def blank_to_null(table: pa.Table) -> pa.Table:
    """The table with null for cells that hold nothing but spaces of any kind; the empty ones are null already."""
    columns = [_blank_to_null(column) if _holds(column, SPACES) else column for column in table.columns]
    return pa.table(columns, names=table.column_names)


def _blank_to_null(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.if_else(pc.equal(pc.utf8_trim_whitespace(column), ""), pa.scalar(None, pa.string()), column)


def _holds(column: pa.ChunkedArray, marks: Iterable[bytes]) -> bool:
    """Whether any of the bytes may stand in the column: looked for in all of its text at once, quicker than cell by cell."""
    return any(mark in text for text in spellings.texts(column) for mark in marks)


def unquote(table: pa.Table) -> pa.Table:
    """The table without the quotes around whole cells."""
    columns = [pc.replace_substring_regex(column, '^"(.*)"$', "\\1") for column in table.columns]
    return pa.table(columns, names=table.column_names)
