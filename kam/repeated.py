"""An amount that belongs to the whole order and stands in each of its lines: Bitrix24 and others repeat the deal's sum
beside every product of it. Added up line by line such an order would count as often as it has lines.

Knows recognised rows of orders; must not know files or the workspace.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from kam.conventions import COMMA, number
from kam.recognise import Column, Recognition

ROUNDING = Decimal("0.005")  # of each line


def with_own_amounts(cells: pa.Table, recognition: Recognition) -> tuple[pa.Table, int]:
    """The rows with quantity × price in the place of an amount that is the whole order's, and how many orders that are.

    Only where it is sure: every order of several lines has one amount in all of them, and its lines come to that.
    """
    fields = ("order_id", "amount", "quantity", "price")
    found = [column for name in fields if (column := recognition.column_of(name)) is not None]
    if recognition.table != "orders" or len(found) < len(fields):
        return cells, 0
    order, amount, quantity, price = found
    same = _as_above(cells.column(order.index))
    if not pc.any(same).as_py() or not pc.all(_as_above(cells.column(amount.index)).filter(same)).as_py():
        return cells, 0
    orders = list(_runs(same.to_pylist()))
    rows = list(zip(*(_numbers(cells, column) for column in (amount, quantity, price)), strict=True))
    if not all(_is_sum(rows[start:end]) for start, end in orders):
        return cells, 0
    texts = cells.column(amount.index).to_pylist()
    for start, end in orders:
        texts[start:end] = [_written(_line(row), amount.style) for row in rows[start:end]]
    return cells.set_column(amount.index, cells.field(amount.index), pa.array(texts, pa.string())), len(orders)


def _as_above(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Of each row but the first, whether it says what the row above says."""
    return pc.fill_null(pc.equal(values.slice(1), values.slice(0, max(len(values) - 1, 0))), False)


def _numbers(cells: pa.Table, column: Column) -> list[Decimal | None]:
    return [number(text, column.style) for text in cells.column(column.index).to_pylist()]


def _runs(same: list[bool]) -> Iterator[tuple[int, int]]:
    """The first row of each order of several lines, and the row after its last."""
    start = 0
    for row, is_same in enumerate([*same, False], start=1):
        if not is_same:
            if row - start > 1:
                yield start, row
            start = row


def _is_sum(rows: Sequence[tuple[Decimal | None, ...]]) -> bool:
    whole, lines = rows[0][0], [line for row in rows if (line := _line(row)) is not None]
    return whole is not None and len(lines) == len(rows) and abs(sum(lines) - whole) <= ROUNDING * len(lines)


def _line(row: tuple[Decimal | None, ...]) -> Decimal | None:
    _, quantity, price = row
    return None if quantity is None or price is None else quantity * price


def _written(value: Decimal | None, style: str | None) -> str:
    # With a mark always: "1.234" might be read as thousands, "1.2340" is not.
    return f"{value:.4f}".replace(".", "," if style == COMMA else ".")
