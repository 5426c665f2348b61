"""Merged cells: which columns a merged header cell names, and which rows a merged data cell speaks for.

Knows sheets and what their columns were taken for; must not know files or the workspace.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from kam.readers import Merge, Sheet
from kam.recognise import Recognition
from kam.tables import load_tables

FIGURES = ("amount", "number")


@dataclass(frozen=True)
class Covered:
    """`cells`: the rows with what merged cells say of them; `count`: how many rows took something from a merged cell;
    `idle`: positions whose figures are part of a merged figure above.
    """

    cells: pa.Table
    count: int = 0
    idle: frozenset[int] = frozenset()


def covered(sheet: Sheet, cells: pa.Table, first: int, recognition: Recognition) -> Covered:
    """What the merged cells of `cells`, whose first row is row `first` of the file, say of the rows under them.

    A client merged over its orders is the client of each; an amount merged over the lines of an order counts once.
    """
    spec = load_tables().get(recognition.table or "")
    merges = [merge for merge in sheet.merges if merge.last_row > merge.first_row >= first]
    if spec is None or not merges:
        return Covered(cells)
    kinds = {column.index: spec.type_of(column.field) for column in recognition.columns if column.field}
    amount = recognition.column_of("amount")
    touched: set[int] = set()
    for index, below in _by_column(sheet, merges).items():
        if kinds.get(index, "amount") not in FIGURES:
            cells = _filled_down(cells, index, below, first)
            touched.update(_rows(below, first, cells.num_rows))
    idle = _rows(_by_column(sheet, merges).get(amount.index, ()), first, cells.num_rows) if amount else set()
    return Covered(cells, len(touched - idle), frozenset(idle))


def _by_column(sheet: Sheet, merges: Iterable[Merge]) -> Mapping[int, list[Merge]]:
    found: dict[int, list[Merge]] = {}
    for merge in merges:
        found.setdefault(merge.first_column - sheet.first_column, []).append(merge)
    return found


def _rows(merges: Iterable[Merge], first: int, row_count: int) -> set[int]:
    """Positions of the rows under the first of each merged cell."""
    return {at for merge in merges for at in range(merge.first_row + 1 - first, min(merge.last_row + 1 - first, row_count))}


def _filled_down(cells: pa.Table, index: int, merges: Iterable[Merge], first: int) -> pa.Table:
    texts = cells.column(index).to_pylist()
    for merge in merges:
        for position in _rows([merge], first, len(texts)):
            texts[position] = texts[position] or texts[merge.first_row - first]
    return cells.set_column(index, str(index), pa.array(texts, pa.string()))
