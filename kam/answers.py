"""The answer of a typed question as a plain table that can be shown and written, and as texts that a frozen review holds.

Knows Arrow; no question, no screen.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.types as kinds


@dataclass(frozen=True)
class Column:
    """A column of an answer. kind: the name of its type, as `_type` reads it; values: as text, None where there is none."""

    name: str
    kind: str
    values: tuple[str | None, ...]


@dataclass(frozen=True)
class Rows:
    """The rows of an answer, by columns: what frozen dataclasses can hold, exact to the last digit."""

    columns: tuple[Column, ...] = ()

    @property
    def count(self) -> int:
        return len(self.columns[0].values) if self.columns else 0

    def table(self) -> pa.Table:
        """The rows as Arrow."""
        arrays = [pa.array(one.values, pa.string()).cast(_type(one.kind)) for one in self.columns]
        return pa.table(arrays, names=[one.name for one in self.columns])


def plain(table: pa.Table) -> pa.Table:
    """An answer of whatever types as a table that can be shown and written: lists and the like as text, whole sums as counts."""
    for position, name in enumerate(table.column_names):
        table = table.set_column(position, name, _plain(table.column(name)))
    return table


def kept(table: pa.Table) -> Rows:
    """A plain table as rows to keep; two columns of one name stay two."""
    columns = (
        Column(name, _kind(column.type), tuple(column.cast(pa.string()).to_pylist()))
        for name, column in zip(table.column_names, table.columns, strict=True)
    )
    return Rows(tuple(columns))


def of_clients(rows: Rows, clients: Collection[str]) -> Rows | None:
    """The rows that are of some clients, by their client_id; None where an answer names no client: a sum cannot be cut."""
    ids = next((one.values for one in rows.columns if one.name == "client_id"), None)
    if ids is None:
        return None
    places = [place for place, client in enumerate(ids) if client in clients]
    return Rows(tuple(replace(one, values=tuple(one.values[place] for place in places)) for one in rows.columns))


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if kinds.is_timestamp(kind):
        return column.cast(pa.timestamp("us"), safe=False)
    if kinds.is_decimal(kind) and kind.scale == 0:
        return column.cast(pa.float64())
    simple = (kinds.is_integer, kinds.is_floating, kinds.is_decimal, kinds.is_boolean, kinds.is_date32, kinds.is_string)
    if any(is_kind(kind) for is_kind in simple):
        return column
    return pa.chunked_array([pa.array([None if value is None else str(value) for value in column.to_pylist()], pa.string())])


def _kind(type_: pa.DataType) -> str:
    return f"decimal {type_.precision} {type_.scale}" if kinds.is_decimal(type_) else str(type_)


def _type(kind: str) -> pa.DataType:
    name, *sizes = kind.split(" ")
    return pa.decimal128(*map(int, sizes)) if name == "decimal" else pa.type_for_alias(kind)
