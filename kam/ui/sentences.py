"""A column of sentences made from the facts of each row, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa


def with_sentence(table: pa.Table, name: str, make: Callable[[dict[str, Any]], str]) -> pa.Table:
    """The table with a text column `name`, made from each row by `make`."""
    return table.append_column(name, pa.array([make(row) for row in table.to_pylist()], pa.string()))
