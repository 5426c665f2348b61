"""Text as a sheet of text cells: csv and tsv in any encoding, with any separator, by pyarrow's parser.

Knows bytes alone. Row i of the cells is line i of the file, whatever stands between: blank lines, lines inside quotes,
rows longer or shorter than the others.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from kam import guard
from kam.errors import KamError
from kam.readers import Note, Sheet

MEBIBYTE = 1024 * 1024
MAX_RECORD_CHARACTERS = 2 * MEBIBYTE  # one line longer than this is no row of a table
SAMPLE_LINES = 300
SAMPLE_CHARACTERS = 256 * 1024
SAMPLE_BYTES = 64 * 1024
SEPARATORS = ("\t", ";", "|", ",")
HEADER_BONUS = 0.3
SINGLE_BYTE = ("cp1251", "cp866", "koi8_r", "cp1252")


def read_text(content: bytes, name: str) -> list[Sheet]:
    """The one sheet of a csv or tsv file; blank lines and lines inside quotes do not shift the rows after them."""
    text, encoding, broken = decode(content)
    _refuse_endless_line(text, name)
    separator, text = _separator(text)
    cells, is_unquoted = _records(text, separator, name)
    if all(column.null_count == cells.num_rows for column in cells.columns):
        return []
    notes = [Note("readers.text", {"encoding": encoding, "separator": _spoken(separator)})]
    if broken:
        notes.append(Note("readers.broken_characters", {"count": broken}))
    if is_unquoted:
        notes.append(Note("readers.broken_quotes"))
    return [Sheet(name, Path(name).stem, 1, False, cells, 1, tuple(notes))]


def _spoken(separator: str) -> str:
    return "tab" if separator == "\t" else separator


def decode(content: bytes) -> tuple[str, str, int]:
    """Text, the encoding it was in, and how many characters could not be read (they become U+FFFD)."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if content.startswith(mark):
            return _tidy(content[len(mark) :].decode(encoding, "replace"), encoding)
    if (wide := guard.looks_utf16(content)) is not None:
        return _tidy(content.decode(wide, "replace"), wide)
    try:
        return _tidy(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        sample = content[max(error.start - SAMPLE_BYTES // 2, 0) : error.start + SAMPLE_BYTES // 2]
    encoding = "utf-8" if _is_mostly_utf8(sample) else single_byte_encoding(sample)
    return _tidy(content.decode(encoding, "replace"), encoding)


def _is_mostly_utf8(sample: bytes) -> bool:
    # A few spoilt bytes in a long utf-8 text do not make it another encoding.
    text = sample.decode("utf-8", "replace")
    spoilt = text.count("\ufffd")
    readable = len(text) - len(text.encode("ascii", "ignore")) - spoilt
    return spoilt * 20 < readable


def _tidy(text: str, encoding: str) -> tuple[str, str, int]:
    if "\x00" in text or "\x1a" in text:
        text = text.replace("\x00", "").replace("\x1a", "")
    if "\r" in text and "\n" not in text:
        text = text.replace("\r", "\n")
    return text, encoding, text.count("\ufffd")


def single_byte_encoding(content: bytes) -> str:
    """Which of the one-byte encodings of Russian and western texts reads most like words."""
    words = bytes(byte for byte in content[:SAMPLE_BYTES] if byte >= 0x80 or byte == 32 or chr(byte).isalpha())
    return max(SINGLE_BYTE, key=lambda encoding: _likeness(words.decode(encoding, "replace")))


def _likeness(text: str) -> float:
    # Words are one alphabet and one case after the first letter; а о е и н т are half of Russian.
    score = 0.0
    for before, letter in zip(" " + text, text, strict=False):
        if "а" <= letter.lower() <= "я" or letter in "ёЁ№«»—":
            score += 1.0 + (letter.lower() in "аоеинтср") * 0.5
            score -= 2.0 * (before.islower() and letter.isupper()) + 2.0 * (before.isascii() and before.isalpha())
        elif not letter.isascii():
            score += 0.4 if letter.isalpha() and before.isascii() and before.isalpha() else -1.0
    return score


def _refuse_endless_line(text: str, name: str) -> None:
    for start in range(0, len(text) - MAX_RECORD_CHARACTERS, MAX_RECORD_CHARACTERS // 2):
        if text.find("\n", start, start + MAX_RECORD_CHARACTERS) < 0:
            raise KamError("errors.endless_line", file=name)


def _separator(text: str) -> tuple[str, str]:
    first = text[:100].partition("\n")[0].strip()
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4], text[text.index("\n") :] if "\n" in text else ""
    return find_separator(text[:SAMPLE_CHARACTERS]), text


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


def _records(text: str, separator: str, name: str) -> tuple[pa.Table, bool]:
    """Cells by line of the file, and whether quotes had to be taken as letters because one was never closed."""
    counts = [len(row) for row in _sample_rows(text[:SAMPLE_CHARACTERS], separator) if row]
    if not counts:
        return pa.table({}), False
    width = max(set(counts), key=lambda count: (counts.count(count), count))
    data = text.encode()
    if '"' not in text:
        return _parse(data, separator, width, False, name), False
    try:
        cells = _parse(data, separator, width, True, name)
    except (pa.ArrowInvalid, _RunawayQuote):
        return _unquote(_parse(data, separator, width, False, name)), True
    return cells, False


class _RunawayQuote(Exception):
    """A quote that was opened and never closed has swallowed the lines after it."""


def _parse(data: bytes, separator: str, width: int, is_quoted: bool, name: str) -> pa.Table:
    ragged: list[tuple[int | None, str]] = []
    table = _arrow_csv(data, separator, width, is_quoted, ragged, True)
    if ragged:
        # Only the single-threaded parser knows where the odd rows stood.
        ragged.clear()
        table = _arrow_csv(data, separator, width, is_quoted, ragged, False)
        table = _put_back(table, ragged, separator, is_quoted, name)
    if is_quoted:
        table = _on_own_lines(table)
    return _blank_to_null(table)


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


def _put_back(
    table: pa.Table, ragged: Sequence[tuple[int | None, str]], separator: str, is_quoted: bool, name: str
) -> pa.Table:
    """The odd rows among the even ones, at their places; the table grows to the widest of them."""
    rows = [_without_blank_end(_fields(line, separator, is_quoted)[: guard.MAX_COLUMNS]) for _, line in ragged]
    width = max(table.num_columns, *(len(row) for row in rows))
    cells = table.num_rows * table.num_columns + sum(map(len, rows))
    guard.refuse_sparse(guard.SheetFacts(cells=cells, last_row=table.num_rows + len(rows), last_column=width), name)
    odd = pa.table({str(n): pa.array([row[n] if n < len(row) else None for row in rows], pa.string()) for n in range(width)})
    for number in range(table.num_columns, width):
        table = table.append_column(str(number), pa.nulls(table.num_rows, pa.string()))
    places = pa.array([number for number, _ in ragged], pa.int64())
    every = pa.arange(1, table.num_rows + odd.num_rows + 1)
    even_places = every.filter(pc.invert(pc.is_in(every, value_set=places)))
    both = pa.concat_tables([table, odd])
    order = pc.sort_indices(pa.chunked_array([even_places, places]))
    return both.take(order)


def _without_blank_end(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row.pop()
    return row


def _fields(line: str, separator: str, is_quoted: bool) -> list[str]:
    return next(csv.reader([line], delimiter=separator), []) if is_quoted else line.split(separator)


def _on_own_lines(table: pa.Table) -> pa.Table:
    """Blank rows after each record that spans several lines, so that row i is line i of the file."""
    breaks = None
    for column in table.columns:
        count = pc.fill_null(pc.count_substring(column, "\n"), 0)
        breaks = count if breaks is None else pc.add(breaks, count)
    most = pc.max(breaks).as_py() if breaks is not None else 0
    if not most:
        return table
    if most > 500:
        raise _RunawayQuote
    ends = pc.cumulative_sum(pc.cast(pc.add(breaks, 1), pa.int64()))
    starts = pc.subtract(ends, pc.cast(breaks, pa.int64()))
    lines = pa.arange(1, ends[-1].as_py() + 1)
    return table.take(pc.index_in(lines, value_set=starts.combine_chunks()))


def _blank_to_null(table: pa.Table) -> pa.Table:
    blank = pa.scalar(None, pa.string())
    columns = [pc.if_else(pc.equal(pc.utf8_trim_whitespace(column), ""), blank, column) for column in table.columns]
    return pa.table(columns, names=table.column_names)


def _unquote(table: pa.Table) -> pa.Table:
    columns = [pc.replace_substring_regex(column, '^"(.*)"$', "\\1") for column in table.columns]
    return pa.table(columns, names=table.column_names)
