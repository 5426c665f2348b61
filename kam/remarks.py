"""What is made of the figures of a sheet beside reading them, and the remark that tells the user so.

Knows recognised rows and the report they are told in; the rules themselves are in kam.implied, kam.moments, kam.repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from kam.implied import returns, scaled_money, with_implied, with_money_of_clients, without_signs
from kam.moments import milliseconds_guessed
from kam.readers import Note, Sheet
from kam.recognise import Recognition
from kam.repeated import repeated_sums, with_own_amounts
from kam.reports import SheetReport


@dataclass(frozen=True)
class Figures:
    """The rows of a sheet as they count; `fields`: what was filled beside its own columns, and in which column of `cells`."""

    cells: pa.Table
    fields: Mapping[str, str]
    are_returns: bool  # by the name of sheet or file


def figures_of(report: SheetReport, sheet: Sheet, recognition: Recognition, cells: pa.Table) -> Figures:
    """The rows with all that is made of their figures; each thing that was made is noted in the report."""
    cells, implied = with_implied(without_signs(cells, recognition), recognition)
    _note_currencies(report, cells, implied)
    cells, foreign = with_money_of_clients(cells, recognition)
    if foreign:
        _note(report, Note("recognise.currencies_of_clients", {"currencies": ", ".join(foreign)}))
    if scaled := scaled_money(recognition):
        _note(report, Note("recognise.scaled_left_out", {"columns": ", ".join(f"«{header}»" for header in scaled)}))
    if recognition.table == "touches" and (header := milliseconds_guessed(cells, recognition.columns)):
        _note(report, Note("recognise.milliseconds", {"column": header}))
    name = None if "document_type" in implied else returns(cells, recognition, _names_of(sheet))
    if name is not None:
        cells, implied = cells.append_column("document_type", _throughout(name, cells)), implied | {"document_type": "document_type"}
        report.totals = tuple(-total for total in report.totals)  # the file adds up what is taken back
        _note(report, Note("recognise.returns_by_name", {"name": name}))
    return Figures(_with_amounts_of_lines(report, cells, recognition), implied, name is not None)


def _with_amounts_of_lines(report: SheetReport, cells: pa.Table, recognition: Recognition) -> pa.Table:
    cells, order_count = with_own_amounts(cells, recognition)
    if order_count:
        _note(report, Note("recognise.amounts_of_orders", {"count": order_count}))
    if repeated := repeated_sums(cells, recognition):
        _note(report, Note("recognise.amounts_alike", repeated.facts))
    return cells


def _names_of(sheet: Sheet) -> list[str]:
    """What the sheet is called, and the file: without the archive it came in, whose name is of all its files."""
    return [name.rpartition(" › ")[2] for name in (sheet.name, Path(sheet.file).stem)]


def _throughout(text: str, cells: pa.Table) -> pa.ChunkedArray:
    return pa.chunked_array([pa.repeat(text, cells.num_rows).dictionary_encode()])


def _note_currencies(report: SheetReport, cells: pa.Table, implied: Mapping[str, str]) -> None:
    """Says that some amounts name a currency and others none: those are taken for the workspace's."""
    said = cells.column(implied["currency"]) if "currency" in implied else None
    if said is not None and said.null_count > 0:
        names = ", ".join(sorted(pc.unique(said.drop_null()).to_pylist()))
        _note(report, Note("recognise.some_currencies", {"currencies": names, "count": said.null_count}))


def _note(report: SheetReport, note: Note) -> None:
    # A draft may begin anew: said once all the same.
    report.notes = (*(kept for kept in report.notes if kept.key != note.key), note)
