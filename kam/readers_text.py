"""Text as a sheet of text cells: csv and tsv in any encoding, with any separator.

Knows bytes alone. Row i of the cells is line i of the file, whatever stands between: blank lines, lines inside quotes,
rows longer or shorter than the others.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from kam import readers_blocks
from kam import readers_rows as rows
from kam.errors import KamError
from kam.readers import Note, Sheet
from kam.readers_encoding import decode

MEBIBYTE = 1024 * 1024
MAX_RECORD_CHARACTERS = 2 * MEBIBYTE  # one line longer than this is no row of a table


def read_text(content: bytes, name: str) -> list[Sheet]:
    """The one sheet of a csv or tsv file; blank lines and lines inside quotes do not shift the rows after them."""
    return read_stream(io.BytesIO(content), name)


def read_stream(stream: BinaryIO, name: str) -> list[Sheet]:
    """The same of a file that is open, read a block at a time where its lines allow that."""
    found = readers_blocks.read(stream, name)
    if found is not None:
        return _sheets(found.cells, name, [_how(found.encoding, found.separator)])
    stream.seek(0)
    return _read_whole(stream.read(), name)


def _read_whole(content: bytes, name: str) -> list[Sheet]:
    text, encoding, broken = decode(content)
    _refuse_endless_line(text, name)
    separator, text = _separator(text)
    cells, is_unquoted = _records(text, separator, name)
    notes = [_how(encoding, separator)]
    if broken:
        notes.append(Note("readers.broken_characters", {"count": broken}))
    if is_unquoted:
        notes.append(Note("readers.broken_quotes"))
    return _sheets(cells, name, notes)


def _sheets(cells: pa.Table, name: str, notes: Sequence[Note]) -> list[Sheet]:
    if all(column.null_count == cells.num_rows for column in cells.columns):
        return []
    return [Sheet(name, Path(name).stem, 1, False, cells, 1, tuple(notes))]


def _how(encoding: str, separator: str) -> Note:
    return Note("readers.text", {"encoding": encoding, "separator": "tab" if separator == "\t" else separator})


def _refuse_endless_line(text: str, name: str) -> None:
    for start in range(0, len(text) - MAX_RECORD_CHARACTERS, MAX_RECORD_CHARACTERS // 2):
        if text.find("\n", start, start + MAX_RECORD_CHARACTERS) < 0:
            raise KamError("errors.endless_line", file=name)


def _separator(text: str) -> tuple[str, str]:
    if (named := rows.named_separator(text)) is not None:
        return named, text[text.index("\n") :] if "\n" in text else ""
    return rows.find_separator(text[: rows.SAMPLE_CHARACTERS]), text


def _records(text: str, separator: str, name: str) -> tuple[pa.Table, bool]:
    """Cells by line of the file, and whether quotes had to be taken as letters because one was never closed."""
    width = rows.width_of(text, separator)
    if width is None:
        return pa.table({}), False
    data = text.encode()
    if '"' not in text:
        return rows.parse(data, separator, width, False, name), False
    try:
        cells = rows.parse(data, separator, width, True, name)
    except (pa.ArrowInvalid, rows.RunawayQuote):
        return rows.unquote(rows.parse(data, separator, width, False, name)), True
    return cells, False
