"""What the optional columns of the accepted tables are good for: data/column_uses.csv beside data/tables.toml.

A column that no figure rests on has the use "none". Knows no data and no screen.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from kam.tables import TABLES_FILE, load_tables

USES_FILE = TABLES_FILE.with_name("column_uses.csv")
NO_USE = "none"


@cache
def uses() -> Mapping[tuple[str, str], str]:
    """(table, column) → the code of what it gives (words under quality.uses), for every optional column."""
    with USES_FILE.open(encoding="utf-8", newline="") as file:
        given = {(row["table"], row["column"]): row["use"] for row in csv.DictReader(file)}
    return MappingProxyType(
        {
            (spec.name, column): given.get((spec.name, column), NO_USE)
            for spec in load_tables().values()
            for column in spec.columns
            if column not in spec.required
        }
    )
