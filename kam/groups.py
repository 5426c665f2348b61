"""Rows that hold the sum of the rows under or above them, folders of a tree of clients, and rows that go on with the row above:
told by what they say.

Knows a recognised sheet's rows and its columns; must not know files, words for totals or the workspace. Both kinds name
for others what those leave blank: a client stands in its group row alone, an order's number in its first line alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from kam.conventions import number
from kam.recognise import Column, Recognition
from kam.tables import load_tables

ROUNDING = Decimal("0.005")  # of each child: reports round what they add up
MAX_STEPS = 3_000_000  # additions; a book that needs more has no groups, or only rows without a date
DETAIL = re.compile(r"[^\W\d][^:]*:\s*\S")  # "Реквизит: ИНН"
NAMES_OF_LINES = frozenset(("line", "sku", "product", "category"))
LINE_COLUMNS = NAMES_OF_LINES | {"quantity", "price", "list_price", "amount", "margin", "discount"}


@dataclass(frozen=True)
class Unfolded:
    """`cells`: the rows with what their groups say filled in; `groups`: positions of the rows that are sums;
    `continued`: how many rows took the cells of the row above; `idle`: those of them that have no amount of their own.
    """

    cells: pa.Table
    groups: frozenset[int] = frozenset()
    continued: int = 0
    idle: frozenset[int] = frozenset()


def unfold(cells: pa.Table, recognition: Recognition, aside: frozenset[int], depths: pa.Array | None = None) -> Unfolded:
    """The rows of an event table with its groups found; `aside`: positions known to be totals or footers; `depths`: of
    each row, where the book tells them.
    """
    fields = {column.field: column for column in recognition.columns if column.field}
    if recognition.table == "clients":
        folders = _folders(cells, fields, depths) if depths is not None else frozenset()
        return replace(_with_requisites(cells, recognition, aside), groups=folders)
    spec = load_tables().get(recognition.table or "")
    date, amount = fields.get(spec.date or "" if spec else ""), fields.get("amount")
    if spec is None or spec.kind != "event" or date is None or cells.num_rows == 0:
        return Unfolded(cells)
    undated = pc.is_null(cells.column(date.index))
    # A document over its goods is dated by its name: that it is a group, the outline alone says.
    unsure = undated if depths is None else pc.or_(undated, _over_deeper(depths))
    if not pc.any(unsure).as_py():
        return Unfolded(cells)
    parents = [column.index for name, column in fields.items() if name not in LINE_COLUMNS and column is not date]
    groups: frozenset[int] = frozenset()
    if amount is not None:
        groups = _group_rows(cells, unsure, amount.index, amount.style, parents, aside)
    if groups:
        return Unfolded(_handed_down(cells, groups, parents), groups)
    return _continued(cells, undated, fields, aside)


# Sums.


def _over_deeper(depths: pa.Array) -> pa.Array:
    """Whether the row below each row stands deeper."""
    below = pa.concat_arrays([depths.slice(1), pa.nulls(min(1, len(depths)), depths.type)])
    return pc.fill_null(pc.greater(below, depths), False)


def _group_rows(
    cells: pa.Table, unsure: pa.ChunkedArray, amount: int, style: str | None, parents: Sequence[int], aside: frozenset[int]
) -> frozenset[int]:
    suspects = pc.and_(unsure, pc.is_valid(cells.column(amount)))
    positions = frozenset(pc.indices_nonzero(suspects).to_pylist()) - aside
    if not positions:
        return frozenset()
    amounts = [None if i in aside else number(text, style) for i, text in enumerate(cells.column(amount).to_pylist())]
    rows = [(i, value) for i, value in enumerate(amounts) if value is not None]
    over, under = (_sums(order, positions) for order in (list(reversed(rows)), rows))
    found = over if len(over) >= len(under) else under
    # A lone row that equals its neighbour may be a row that lacks its date: one real sum in the sheet tells them apart.
    is_sure = any(len(children) > 1 or _is_nameless(cells, children[0], parents) for children in found.values())
    return frozenset(found) if is_sure else frozenset()


def _is_nameless(cells: pa.Table, position: int, parents: Sequence[int]) -> bool:
    return any(not cells.column(i)[position].is_valid for i in parents)


def _sums(rows: Iterable[tuple[int, Decimal]], suspects: frozenset[int]) -> dict[int, tuple[int, ...]]:
    """Suspects that are the sum of what came just before them in `rows`, with their direct children."""
    found: dict[int, tuple[int, ...]] = {}
    open_nodes: list[tuple[int, Decimal]] = []
    steps = 0
    for position, value in rows:
        if position in suspects and value:
            total = Decimal(0)
            for count, (_, child) in enumerate(reversed(open_nodes), start=1):
                total += child
                steps += 1
                if abs(total - value) <= ROUNDING * count:
                    found[position] = tuple(child for child, _ in open_nodes[-count:])
                    del open_nodes[-count:]
                    break
                if steps > MAX_STEPS:
                    return {}
        open_nodes.append((position, value))
    return found


def _handed_down(cells: pa.Table, groups: frozenset[int], parents: Sequence[int]) -> pa.Table:
    """What the groups above a row say in columns that the row leaves blank."""
    for index in parents:
        column = cells.column(index)
        if column.null_count:
            said = _of(column, pa.array([i in groups for i in range(cells.num_rows)]))
            cells = cells.set_column(index, cells.field(index), pc.coalesce(column, pc.fill_null_forward(said)))
    return cells


def _of(column: pa.ChunkedArray, mask: pa.Array | pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.if_else(mask, column, pa.scalar(None, pa.string()))


# Lines of one order under its first line.


def _continued(cells: pa.Table, undated: pa.ChunkedArray, fields: Mapping[str, Column], aside: frozenset[int]) -> Unfolded:
    """Rows whose parent cells are all blank belong to the row above, if they name a line: a bare sum is no line."""
    parents = [column.index for name, column in fields.items() if name not in LINE_COLUMNS]
    lines = [column.index for name, column in fields.items() if name in NAMES_OF_LINES]
    if len(parents) < 2 or not lines:
        return Unfolded(cells)
    blank = pc.and_(undated, _all_blank(cells, parents))
    others = pa.array([i not in aside for i in range(cells.num_rows)])
    goes_on = pc.and_(pc.and_(blank, pc.invert(_all_blank(cells, lines))), others)
    amount = fields.get("amount")
    bare = pc.and_(goes_on, pc.is_null(cells.column(amount.index))) if amount else pa.array([False] * cells.num_rows)
    idle = frozenset(pc.indices_nonzero(bare).to_pylist())
    count = pc.sum(goes_on).as_py() or 0
    return Unfolded(_from_above(cells, goes_on, blank, parents), frozenset(), count, idle) if count else Unfolded(cells)


def _from_above(cells: pa.Table, goes_on: pa.ChunkedArray, blank: pa.ChunkedArray, parents: Sequence[int]) -> pa.Table:
    starts = pc.if_else(blank, pa.scalar(None, pa.int64()), pa.chunked_array([pa.arange(0, cells.num_rows)]))
    above = pc.fill_null_forward(starts).combine_chunks()
    for index in parents:
        column = cells.column(index).combine_chunks()
        filled = pc.if_else(goes_on, pa.chunked_array([column.take(above)]), cells.column(index))
        cells = cells.set_column(index, cells.field(index), filled)
    return cells


# Folders of a tree of clients (1C): a row over deeper ones that says nothing of itself but its name and code.


def _folders(cells: pa.Table, fields: Mapping[str, Column], depths: pa.Array) -> frozenset[int]:
    told = [column.index for name, column in fields.items() if name not in ("client_id", "client_name")]
    if not told:
        return frozenset()
    return frozenset(pc.indices_nonzero(pc.and_(_all_blank(cells, told), _over_deeper(depths))).to_pylist())


# Requisites of one client under its first row: Bitrix24 leaves the client's own cells blank there.


def _with_requisites(cells: pa.Table, recognition: Recognition, aside: frozenset[int]) -> Unfolded:
    """Rows that fill only columns named "Part: name" belong to the client above, as its further tax ids do."""
    details = [column.index for column in recognition.columns if DETAIL.match(column.header)]
    parents = [column for column in recognition.columns if column.index not in details]
    if not details or not any(column.field in ("client_id", "client_name") for column in parents):
        return Unfolded(cells)
    blank = _all_blank(cells, [column.index for column in parents])
    others = pa.array([i not in aside for i in range(cells.num_rows)])
    goes_on = pc.and_(pc.and_(blank, pc.invert(_all_blank(cells, details))), others)
    count = pc.sum(goes_on).as_py() or 0
    named = [column.index for column in parents if column.field]
    return Unfolded(_from_above(cells, goes_on, blank, named), frozenset(), count) if count else Unfolded(cells)


def _all_blank(cells: pa.Table, indices: Sequence[int]) -> pa.ChunkedArray:
    blank = pc.is_null(cells.column(indices[0]))
    for index in indices[1:]:
        blank = pc.and_(blank, pc.is_null(cells.column(index)))
    return blank
