"""An amount that belongs to the whole order and stands in each of its lines: Bitrix24 and others repeat the deal's sum
beside every product of it. Added up line by line such an order would count as often as it has lines. Quantity and price
prove it; without them it can only be suspected, and said.

Knows recognised rows of orders; must not know files or the workspace.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from kam.conventions import COMMA, number
from kam.recognise import Column, Recognition

ROUNDING = Decimal("0.005")  # of each line
MIN_ORDERS, MIN_AMOUNTS = 5, 2  # fewer orders, or one price for all of them, are alike by chance


@dataclass(frozen=True)
class Repeated:
    """Orders whose lines all have one amount: how many, what their lines come to, and what they do if it is the whole order's."""

    orders: int
    counted: Decimal
    whole: Decimal

    @property
    def facts(self) -> dict[str, Decimal | int]:
        """What a sentence says of it."""
        return {"count": self.orders, "counted": self.counted, "whole": self.whole}


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


def repeated_sums(cells: pa.Table, recognition: Recognition) -> Repeated | None:
    """Orders that seem to repeat their sum in each line, where nothing can prove it; None where a single one does not."""
    order, amount = recognition.column_of("order_id"), recognition.column_of("amount")
    can_be_proved = recognition.column_of("quantity") is not None and recognition.column_of("price") is not None
    if recognition.table != "orders" or order is None or amount is None or can_be_proved:
        return None
    texts = cells.column(amount.index)
    orders = _orders_alike(cells, recognition, order, amount)
    sums = [(end - start, value) for start, end in orders if (value := number(texts[start].as_py(), amount.style))]
    if len(sums) < MIN_ORDERS or len({value for _, value in sums}) < MIN_AMOUNTS:
        return None
    return Repeated(len(sums), sum((count * value for count, value in sums), Decimal(0)), sum((value for _, value in sums), Decimal(0)))


def _orders_alike(cells: pa.Table, recognition: Recognition, order: Column, amount: Column) -> list[tuple[int, int]]:
    """The orders of several lines, if each has one amount and one day throughout and no product twice; empty otherwise."""
    same = _as_above(cells.column(order.index))
    date, product = recognition.column_of("date"), recognition.column_of("product") or recognition.column_of("sku")
    alike = [amount.index, *([date.index] if date else [])]  # instalments have days of their own
    if not pc.any(same).as_py() or not all(pc.all(_as_above(cells.column(index)).filter(same)).as_py() for index in alike):
        return []
    orders = list(_runs(same.to_pylist()))
    goods = cells.column(product.index).to_pylist() if product else range(cells.num_rows)
    return orders if all(len(set(goods[start:end])) == end - start for start, end in orders) else []


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
