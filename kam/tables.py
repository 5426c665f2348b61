"""The tables Ritm accepts, as data/tables.toml names them: kinds, columns, types, what a row cannot do without.

Knows nothing of headers, files or SQL: recognition and imports read their facts about a table here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

TABLES_FILE = Path(__file__).resolve().parent.parent / "data" / "tables.toml"
COLUMN_TYPES = frozenset({"text", "id", "date", "datetime", "amount", "number", "flag"})


@dataclass(frozen=True)
class TableSpec:
    """One accepted table; `columns` maps a column to its type, in the order of the file."""

    name: str
    kind: str  # "state": dated snapshots; "event": rows of a period
    columns: Mapping[str, str]
    required: tuple[str, ...]
    required_any: tuple[tuple[str, ...], ...]
    date: str | None  # event tables: the column that says when
    key: str | None  # event tables: the column that makes a load repeatable
    identity: tuple[tuple[str, ...], ...]  # what tells a row from another in two exports: the first group that is filled
    told_by: tuple[tuple[str, ...], ...]  # event tables: what tells an event of a client's day from others, the first group filled

    def type_of(self, column: str) -> str:
        """The type a column's cells are read as; KeyError for a column that the table does not have."""
        return self.columns[column]


def _spec(name: str, entry: dict[str, Any]) -> TableSpec:
    columns = dict(entry["columns"])
    unknown = set(columns.values()) - COLUMN_TYPES
    if unknown:
        raise ValueError(f"tables.toml: {name} has unknown column types {sorted(unknown)}")
    return TableSpec(
        name=name,
        kind=entry["kind"],
        columns=MappingProxyType(columns),
        required=tuple(entry.get("required", ())),
        required_any=tuple(tuple(group) for group in entry.get("required_any", ())),
        date=entry.get("date"),
        key=entry.get("key"),
        identity=tuple(tuple(group) for group in entry.get("identity", ())),
        told_by=tuple(tuple(group) for group in entry.get("told_by", ())),
    )


@cache
def load_tables() -> Mapping[str, TableSpec]:
    """Every accepted table by name, in the order of data/tables.toml; read once per process."""
    content = tomllib.loads(TABLES_FILE.read_text(encoding="utf-8"))
    return MappingProxyType({name: _spec(name, entry) for name, entry in content.items()})
