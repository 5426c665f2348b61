"""Files of the user as sheets of text cells, read in a child process with limits of memory and time.

Owns what a sheet is and what its reading may take. Guesses no types and knows no tables: a cell is the text that stands
there, a blank one is null, row numbers are the file's own. A file that kills the child kills nothing else.
The formats are next door: readers_books (xlsx, xls, ods …), readers_text (csv), readers_html; readers_child reads by them,
in a process that readers_run gets.
"""

from __future__ import annotations

import mmap
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from kam import guard, readers_run, scratch
from kam.errors import KamError

MEBIBYTE = 1024 * 1024
BASE_MEMORY_BYTES = 768 * MEBIBYTE  # address space: mapped libraries and thread stacks take 275 of it
MEMORY_PER_BYTE = 24  # for every byte of the unpacked file
BASE_SECONDS = 60.0
SECONDS_PER_MEBIBYTE = 0.6
UNPACKED_PER_LOCKED_BYTE = 20  # what a locked book unpacks to is known only inside

DEPTHS = "depths"  # the column beside the cells on their way out of the child


@dataclass(frozen=True)
class Note:
    """Something the reader wants said about a sheet: a locale key and the facts that fill it."""

    key: str
    facts: dict[str, Any] = field(default_factory=dict)


class Merge(NamedTuple):
    """A merged cell: rows and columns of the file, counted from 1, the last ones included."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True)
class Sheet:
    """One sheet of text cells: row i of `cells` is row `first_row` + i of the file, columns are "0", "1", …

    Column "0" is column `first_column` of the file. `merges`: the merged cells, as far as the reader gives them.
    `pages`: where the cells lie, if in a file that is mapped into memory.
    `depths`: how deep each row stands in the outline of the book, or how far its name is indented; None where no row is.
    """

    file: str
    name: str
    number: int
    is_hidden: bool
    cells: pa.Table
    first_row: int
    notes: tuple[Note, ...] = ()
    depths: pa.Array | None = None
    first_column: int = 1
    merges: tuple[Merge, ...] = ()
    pages: mmap.mmap | None = field(default=None, repr=False, compare=False)

    def rest(self) -> None:
        """Gives back the memory that the cells stand in; they come from their file again when somebody asks for them."""
        if self.pages is not None:
            self.pages.madvise(mmap.MADV_DONTNEED)


def read_file(path: Path, name: str, password: str | None = None) -> list[Sheet]:
    """All sheets with cells of the file at `path`, which the user calls `name`; empty and chart sheets are left out.

    KamError: one sentence for a file that is unsafe, damaged, locked or no table at all.
    """
    facts = _identify(path, name, password)
    with scratch.folder("read") as folder:
        order = {
            "path": str(path.resolve()),
            "name": name,
            "format": facts.format,
            "password": password,
            "memory": BASE_MEMORY_BYTES + MEMORY_PER_BYTE * facts.unpacked_bytes,
        }
        seconds = BASE_SECONDS + SECONDS_PER_MEBIBYTE * facts.unpacked_bytes / MEBIBYTE
        answer = readers_run.run(folder, order, seconds)
        if answer is None and facts.format in (guard.XLSX, guard.XLSB, guard.ODS):
            # The reader took its process along: the guard alone can tell why.
            answer = readers_run.run(folder, {**order, "scan_only": True}, seconds)
        if answer is None or "sheets" not in answer:
            raise _error_of(answer, name)
        if not answer["sheets"]:
            raise KamError("errors.no_cells", file=name)
        return [_take_over(entry, folder, name) for entry in answer["sheets"]]


def _identify(path: Path, name: str, password: str | None) -> guard.FileFacts:
    try:
        return guard.identify(path, name)
    except KamError as error:
        if error.key == "errors.encrypted" and password is not None:
            return guard.FileFacts(guard.LOCKED, UNPACKED_PER_LOCKED_BYTE * path.stat().st_size)
        raise


def _error_of(answer: dict[str, Any] | None, name: str) -> KamError:
    if answer is None or "error" not in answer:
        return KamError("errors.reader_died", file=name)
    return KamError(answer["error"], **{"file": name, **answer["facts"]})


def _take_over(entry: dict[str, Any], folder: Path, name: str) -> Sheet:
    pages = None
    with (folder / entry["cells"]).open("rb") as file:
        if os.name == "posix":  # mapped, not copied, where a mapped file may be removed: its pages go when the last cell goes
            pages = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        cells = pa.ipc.open_file(file.read() if pages is None else pa.py_buffer(pages)).read_all()
    notes = tuple(Note(note["key"], note["facts"]) for note in entry["notes"])
    depths = None
    if DEPTHS in cells.column_names:
        depths = cells.column(DEPTHS).combine_chunks()
        cells = cells.drop_columns([DEPTHS])
    return Sheet(
        name, entry["name"], entry["number"], entry["is_hidden"], cells, 1, notes, depths, entry["first_column"],
        tuple(Merge(*edges) for edges in entry["merges"]), pages,
    )  # fmt: skip
