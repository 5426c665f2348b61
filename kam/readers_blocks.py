"""A long regular text, read a block of lines at a time by all cores: never whole in memory, decoded where it is not ASCII.

Gives exactly the cells that kam.readers_text gives of the whole text, or nothing where that could differ: quotes that are
never closed, NULs, broken characters, rows wider than the others, lines without end. Knows bytes alone.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

import pyarrow as pa
from pyarrow import csv as arrow_csv

from kam import guard
from kam import readers_rows as rows
from kam.errors import KamError
from kam.readers_encoding import encoding_of

MEBIBYTE = 1024 * 1024
BLOCK_BYTES = MEBIBYTE  # what a core keeps at hand
HEAD_BYTES = 64 * 1024  # a block of its own for the header: below it a column may be nothing but ASCII
LONG_LINE = MEBIBYTE // 2  # bytes; a longer line is looked at by the reader of the whole
UTF8, UTF8_MARK = "utf-8", b"\xef\xbb\xbf"
UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
IRREGULAR = (b"\x00", b"\x1a")
QUOTE = b'"'
SPOILT = "\ufffd"
WORKERS = min(os.cpu_count() or 1, 4)


@dataclass(frozen=True)
class Regular:
    """The cells of a regular text, and how it is written."""

    cells: pa.Table
    encoding: str
    separator: str


@dataclass(frozen=True)
class _Form:
    """How the lines of a text are written."""

    encoding: str
    separator: str
    width: int
    name: str


class _Irregular(Exception):
    """Something that only the reader of the whole text can judge."""


def read(stream: BinaryIO, name: str) -> Regular | None:
    """The cells of the text, by line; None where it is not regular."""
    wide = UTF16.get(stream.read(2))
    stream.seek(0)
    if wide is not None:
        stream = _in_utf8(stream, wide)
    try:
        form = _form(stream, name)
        parts = list(_parsed(stream, form))
        cells = pa.concat_tables([table for table, _ in parts])
        if any(has_odd_rows for _, has_odd_rows in parts):
            _look_for_sparse(cells)
    except (_Irregular, rows.RunawayQuote):
        return None
    return Regular(cells, wide or form.encoding, form.separator)


def _in_utf8(stream: BinaryIO, encoding: str) -> BinaryIO:
    """The same text in utf-8, with its mark."""
    texts = codecs.iterdecode(iter(partial(stream.read, BLOCK_BYTES), b""), encoding, "replace")
    recoded = io.BytesIO()
    recoded.writelines(text.encode() for text in texts)
    recoded.seek(0)
    return recoded


def _form(stream: BinaryIO, name: str) -> _Form:
    head = stream.read(4 * rows.SAMPLE_CHARACTERS)  # bytes: the longest that so many characters can be
    if any(mark in head for mark in IRREGULAR):
        raise _Irregular
    has_mark = head.startswith(UTF8_MARK)
    encoding = UTF8 if has_mark else encoding_of(stream)
    stream.seek(len(UTF8_MARK) * has_mark)
    sample = head[stream.tell() :].decode(encoding, "replace")[: rows.SAMPLE_CHARACTERS]
    if rows.named_separator(sample) is not None:
        raise _Irregular
    separator = rows.find_separator(sample)
    width = rows.width_of(sample, separator)
    if width is None:
        raise _Irregular
    return _Form(encoding, separator, width, name)


def _parsed(stream: BinaryIO, form: _Form) -> Iterator[tuple[pa.Table, bool]]:
    """The cells of each block and whether it has odd rows, in their order; a few blocks are under way at a time."""
    if _length(stream) <= BLOCK_BYTES:
        yield from (_cells(block, form) for block in _blocks(stream))
        return
    waiting: deque[Future[tuple[pa.Table, bool]]] = deque()
    with ThreadPoolExecutor(WORKERS) as pool:
        try:
            for block in _blocks(stream):
                waiting.append(pool.submit(_cells, block, form))
                if len(waiting) > WORKERS:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _length(stream: BinaryIO) -> int:
    at = stream.tell()
    length = stream.seek(0, os.SEEK_END)
    stream.seek(at)
    return length - at


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    """Whole records, HEAD_BYTES of them at first and then about BLOCK_BYTES at a time."""
    rest = b""
    has_lines = True
    size = HEAD_BYTES
    while part := stream.read(size):
        size = BLOCK_BYTES
        block = rest + part
        end = _end_of_records(block)
        has_lines = has_lines and end > 0
        rest = block[end:]
        yield block[:end]
        if len(rest) > LONG_LINE:
            raise _Irregular
    # A text without a line end may have its lines ended by \r alone.
    if b"\r" in rest and not has_lines:
        raise _Irregular
    yield rest


def _end_of_records(block: bytes) -> int:
    """The end of the last line up to which quotes are even: most likely of a record too, which `_refuse_open_end` makes sure of."""
    end = block.rfind(b"\n") + 1
    is_open = block.count(QUOTE, 0, end) % 2 if QUOTE in block else 0
    while is_open:
        after, end = end, block.rfind(b"\n", 0, block.rfind(QUOTE, 0, end)) + 1
        is_open ^= block.count(QUOTE, end, after) % 2
    return end


# One block.


def _cells(block: bytes, form: _Form) -> tuple[pa.Table, bool]:
    _refuse_irregular(block, form)
    is_quoted = QUOTE in block
    try:
        table, has_odd_rows = _even_rows(block, form, is_quoted), False
        table = rows.blank_to_null(rows.on_own_lines(table) if is_quoted else table)
    except pa.ArrowInvalid:
        table, has_odd_rows = _odd_rows(block, form, is_quoted), True
    if is_quoted:
        _refuse_open_end(block, table)
    return table, has_odd_rows


def _refuse_open_end(block: bytes, table: pa.Table) -> None:
    """Make sure that the block ends where a record does: then the next one begins where a record of the whole does.

    A quote that is open at the end has the last line break in its cell, which makes a row too many; or its record is
    shorter than the others, and `_odd_rows` has refused its quotes.
    """
    if table.num_rows != block.count(b"\n") + (not block.endswith(b"\n")):
        raise _Irregular


def _refuse_irregular(block: bytes, form: _Form) -> None:
    ends = range(LONG_LINE, len(block), LONG_LINE)
    is_irregular = (
        any(mark in block for mark in IRREGULAR)
        or block.startswith(UTF8_MARK)  # the parser would take it for its own
        or any(block.find(b"\n", end - LONG_LINE, end) < 0 for end in ends)
        or (form.encoding == UTF8 and not block.isascii() and SPOILT.encode() in block)
    )
    if is_irregular:
        raise _Irregular


def _even_rows(block: bytes, form: _Form, is_quoted: bool) -> pa.Table:
    """The cells of a block of which every row is as wide as the others; pa.ArrowInvalid for any other."""
    if not block:
        return _table([pa.array([], pa.string())] * form.width)
    # One-byte encodings are cut as they are: separators and line ends are ASCII in each of them.
    kind = pa.string() if form.encoding == UTF8 else pa.binary()
    names = [str(number) for number in range(form.width)]
    table = arrow_csv.read_csv(
        pa.BufferReader(block),
        read_options=arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=len(block) + 1),
        parse_options=arrow_csv.ParseOptions(
            delimiter=form.separator,
            quote_char='"' if is_quoted else False,
            double_quote=is_quoted,
            newlines_in_values=is_quoted,
            ignore_empty_lines=False,
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, kind), null_values=[""], strings_can_be_null=True, check_utf8=form.encoding == UTF8
        ),
    )
    return table if form.encoding == UTF8 else _table([_decoded(column.combine_chunks(), form.encoding) for column in table.columns])


def _table(columns: list[pa.Array]) -> pa.Table:
    return pa.table(columns, names=[str(number) for number in range(len(columns))])


def _decoded(column: pa.BinaryArray, encoding: str) -> pa.StringArray:
    """Bytes as text; each spelling is decoded once, and a column of nothing but ASCII is text already."""
    data = column.buffers()[2]
    if data is None or data.to_pybytes().isascii():
        return column.view(pa.string())
    spelt = column.dictionary_encode()
    texts = [text.decode(encoding, "replace") for text in spelt.dictionary.to_pylist()]
    if any(SPOILT in text for text in texts):
        raise _Irregular
    return pa.DictionaryArray.from_arrays(spelt.indices, pa.array(texts, pa.string())).dictionary_decode()


def _odd_rows(block: bytes, form: _Form, is_quoted: bool) -> pa.Table:
    """The cells of a block with rows shorter than the others, or with broken characters."""
    try:
        text = block.decode(form.encoding)
        return rows.parse(text.encode(), form.separator, form.width, is_quoted, form.name, is_part=True)
    except (UnicodeDecodeError, pa.ArrowInvalid, KamError, rows.RunawayQuote, rows.Wider, csv.Error):
        raise _Irregular from None


def _look_for_sparse(cells: pa.Table) -> None:
    filled = sum(cells.num_rows - column.null_count for column in cells.columns)
    try:
        guard.refuse_sparse(guard.SheetFacts(cells=filled, last_row=cells.num_rows, last_column=cells.num_columns), "")
    except KamError:
        raise _Irregular from None
