"""A sheet of the demo as the bytes of a file: xlsx, or csv as Russian systems write it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime

import pyarrow as pa

from kam.demo.sheets import Cell, DemoFile
from kam.exports import books


def as_bytes(file: DemoFile) -> bytes:
    return _csv(file) if file.name.endswith(".csv") else _xlsx(file)


def _csv(file: DemoFile) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerows([[cell_text(cell) for cell in row] for row in file.rows])
    return buffer.getvalue().encode("cp1251")


def cell_text(cell: Cell) -> str:
    """A cell as the csv exports write it: dd.mm.yyyy, decimal comma."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%d.%m.%Y %H:%M:%S")
    if isinstance(cell, date):
        return cell.strftime("%d.%m.%Y")
    return f"{cell:.2f}".replace(".", ",") if isinstance(cell, float) else str(cell)


def _xlsx(file: DemoFile) -> bytes:
    header, *rows = file.rows
    columns = [_of_one_type(values) for values in zip(*rows, strict=True)]
    kinds = tuple(books.BookColumn(str(name), _kind(values)) for name, values in zip(header, columns, strict=True))
    table = pa.table({str(place): pa.array(values) for place, values in enumerate(columns)})
    return books.book([books.BookSheet(file.sheet, table, kinds)])


def _of_one_type(values: Sequence[Cell]) -> list[Cell]:
    """A column of a table holds one kind of cell: where a planted fault breaks it, all of it is written as text."""
    types = {type(value) for value in values if value is not None}
    is_mixed = str in types and len(types) > 1
    return list(values) if not is_mixed else [None if value is None else cell_text(value) for value in values]


def _kind(values: Sequence[Cell]) -> str:
    filled = next((value for value in values if value is not None), None)
    if isinstance(filled, datetime):
        return "moment"
    if isinstance(filled, date):
        return "day"
    return "decimal" if isinstance(filled, float) else "text" if isinstance(filled, str) else "count"
