"""Workbooks as sheets of text cells: xlsx, xlsm, xlsb, xls, ods, by the fast reader.

Knows the file formats alone. Reader and guard look at the same bytes at the same time, so this runs in the child
process only: a hostile book may take the process along before the guard has seen it to the end.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import fastexcel
import pyarrow as pa

from kam import guard, readers_ods
from kam.errors import KamError
from kam.readers import Merge, Note, Sheet
from kam.readers_money import with_currencies
from kam.readers_outline import sheet_members, with_depths


def read_book(path: Path, name: str, file_format: str) -> list[Sheet]:
    """Every sheet with cells of the book; KamError for one that is damaged, unsafe or locked."""
    if file_format == guard.XLS:
        return _book_sheets(path, name, 0)
    # Scan and reader look at the same bytes at the same time: the reader works without the interpreter's lock.
    reading = _Reading(path, name)
    reading.start()
    facts = guard.scan(path, name)  # what the guard has to say comes first, and does not wait for the reader
    sheets = reading.finish()
    if file_format == guard.ODS:
        return readers_ods.with_currencies(path, name, sheets, facts)
    if file_format != guard.XLSX:
        return sheets
    return with_depths(path, name, with_currencies(path, name, _with_facts(path, name, sheets, facts), facts), facts)


class _Reading(threading.Thread):
    """The reader beside the guard's scan; a book that the guard refuses ends the process with the reader in it."""

    def __init__(self, path: Path, title: str) -> None:
        super().__init__(daemon=True)
        self.path, self.title = path, title
        self.sheets: list[Sheet] | None = None
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self.sheets = _book_sheets(self.path, self.title, _chart_count(self.path, self.title))
        except Exception as error:  # carried over to the thread that waits
            self.error = error

    def finish(self) -> list[Sheet]:
        """Wait for the reader and give its sheets, or raise what it raised."""
        self.join()
        if self.sheets is None:
            raise self.error or RuntimeError("the reader ended without a result")
        return self.sheets


def _chart_count(path: Path, name: str) -> int:
    with guard.open_archive(path, name) as archive:
        members = (guard.member_path(member).lower() for member in archive.namelist())
        return sum(m.startswith("xl/chartsheets/") and "/_rels/" not in m for m in members)


def _book_sheets(path: Path, name: str, chart_count: int) -> list[Sheet]:
    try:
        book = fastexcel.read_excel(path.read_bytes())
    except fastexcel.FastExcelError as error:
        raise KamError("errors.encrypted" if "assword" in str(error) else "errors.damaged", file=name) from None
    sheets: list[Sheet] = []
    skipped: list[str] = []
    for index, title in enumerate(book.sheet_names):
        try:
            sheet = _book_sheet(book, index, title, name)
        except fastexcel.FastExcelError:
            chart_count -= 1  # a chart sheet of an xlsb has no cells to load; more failures than charts are damage
            if chart_count < 0:
                raise KamError("errors.damaged", file=name) from None
            sheet = None
        if sheet is None:
            skipped.append(title)
        else:
            sheets.append(sheet)
    if skipped and sheets:
        sheets[0] = replace(sheets[0], notes=(*sheets[0].notes, Note("readers.empty_sheets", {"sheets": ", ".join(skipped)})))
    return sheets


def _book_sheet(book: Any, index: int, title: str, name: str) -> Sheet | None:
    loaded = book.load_sheet(
        index, header_row=None, skip_rows=0, dtypes="string", whitespace_as_null=True, skip_whitespace_tail_rows=True
    )
    cells = pa.Table.from_batches([loaded.to_arrow()])
    if cells.num_rows == 0 or cells.num_columns == 0:
        return None
    cells = cells.rename_columns([str(number) for number in range(cells.num_columns)])
    is_hidden = loaded.visible != "visible"
    notes = (Note("readers.hidden_sheet"),) if is_hidden else ()
    return Sheet(name, title, index + 1, is_hidden, cells, 1, notes, first_column=loaded.selected_columns[0].absolute_index + 1)


def _with_facts(path: Path, name: str, sheets: list[Sheet], facts: guard.ScanFacts) -> list[Sheet]:
    """The sheets with what the scan saw and the reader does not tell: lost cells and merged ones."""
    if not any(sheet.error_cells or sheet.empty_formulas or sheet.merges for sheet in facts.sheets.values()):
        return sheets
    members = sheet_members(path, name)
    found = ((sheet, facts.sheets.get(members.get(sheet.name, ""), guard.SheetFacts())) for sheet in sheets)
    return [
        replace(sheet, notes=sheet.notes + _losses(seen), merges=tuple(Merge(*edges) for edges in seen.merges))
        for sheet, seen in found
    ]


def _losses(facts: guard.SheetFacts) -> tuple[Note, ...]:
    # Readers turn #N/A and formulas without a stored value into nothing: say so, by sheet.
    counts = (("readers.error_cells", facts.error_cells), ("readers.empty_formulas", facts.empty_formulas))
    return tuple(Note(key, {"count": count}) for key, count in counts if count)
