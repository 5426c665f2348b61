"""The empty dataset: every table, view and macro that the SQL files make, and no row.

Planning some thirty steps over empty tables costs more than a small import's own rows, so it is done once a process:
a draft begins as a copy of this and builds only what its rows reach. Beside kam.build and kam.workspace the third home of
duckdb; knows no workspace.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import duckdb

from kam import queries, scratch
from kam.tables import TableSpec, load_tables

# perfect_ht_threshold: groups by client go through an array while the client keys fit 18 bits, twice as fast.
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "perfect_ht_threshold": "18",
}
PARSED = ("date", "datetime", "amount", "number")
# What only the build needs stands in a database of its own in memory: the published file has no holes where it stood.
WORK = "work"
_SHEETS = (
    "sheet_id integer, load_id integer, file varchar, file_hash varchar, sheet varchar, table_name varchar, "
    "fingerprint varchar, captured_on date, loaded_at timestamp, is_demo boolean, "
    "covers_from date, covers_to date"
)


@dataclass(frozen=True)
class Blank:
    """`file`: the bytes of the empty dataset; `working`: the statements that make the working tables beside it;
    `speaking`: the tables that have a row even where nothing was loaded.
    """

    file: bytes
    working: tuple[str, ...]
    speaking: frozenset[str]


@dataclass(frozen=True)
class Step:
    """One step of the build: the table to fill, under the name it has while building, what with, and what that reads."""

    table: str
    sql: str
    reads: frozenset[str]


@cache
def blank() -> Blank:
    """The empty dataset of this version of the SQL, made on the first call."""
    with scratch.folder("blank") as folder:
        file = folder / "blank.duckdb"
        with duckdb.connect(str(file), config=CONFIG) as db:
            _create_raw(db)
            attach_work(db)
            for step in steps():
                db.execute(f"create table {step.table} as {step.sql}")
            for query in queries.build_order(("staging",)):
                db.execute(f"create view {query.name} as {query.text}")
            working = tuple(_statements(db))
            speaking = frozenset(step.table for step in steps() if db.execute(f"select 1 from {step.table} limit 1").fetchall())
            db.execute(f"detach {WORK}")
            db.execute("checkpoint")
        return Blank(file.read_bytes(), working, speaking)


def attach_work(db: duckdb.DuckDBPyConnection) -> None:
    """The database in memory for working tables, empty."""
    db.execute(f"attach ':memory:' as {WORK}")
    db.execute(f"create schema {WORK}.staging")
    db.execute(f"create schema {WORK}.core")


@cache
def steps() -> tuple[Step, ...]:
    """The steps of the build in their order. Staging and transient core tables are working tables."""
    order = queries.build_order()
    moved = {query.name: f"{WORK}.{query.name}" for query in order if query.layer == "staging" or query.is_transient}
    return tuple(
        Step(
            moved.get(query.name, query.name),
            _placed(query.text, moved),
            frozenset(moved.get(name, name) for name in query.tables),
        )
        for query in order
    )


def _placed(text: str, moved: dict[str, str]) -> str:
    if not moved:
        return text
    names = re.compile(r"\b(" + "|".join(map(re.escape, moved)) + r")\b")
    return names.sub(lambda found: moved[found[1]], text)


def _create_raw(db: duckdb.DuckDBPyConnection) -> None:
    for layer in ("raw", "staging", "core"):
        db.execute(f"create schema {layer}")
    db.execute(f"create table raw.sheets ({_SHEETS})")
    db.execute("create table raw.settings (key varchar, value varchar)")
    db.execute("create table raw.same_clients (merged varchar, stays varchar)")
    db.execute("create table raw.same_people (merged varchar, stays varchar)")
    for spec in load_tables().values():
        db.execute(f"create table raw.{spec.name} ({_raw_columns(spec)})")
    for macro in queries.macros():
        db.execute(macro.text)


def _raw_columns(spec: TableSpec) -> str:
    parsed = [name for name, kind in spec.columns.items() if kind in PARSED]
    style = ", ".join(f"{quote(name)} varchar" for name in parsed) or "none varchar"
    columns = ", ".join(f"{quote(name)} varchar" for name in spec.columns)
    return f"sheet_id integer, row_number integer, {columns}, style struct({style}), extra map(varchar, varchar)"


def _statements(db: duckdb.DuckDBPyConnection) -> Iterable[str]:
    columns = db.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        f"where database_name = '{WORK}' and not internal order by table_oid, column_index"
    ).fetchall()
    tables: dict[str, list[str]] = {}
    for schema, table, column, kind in columns:
        tables.setdefault(f"{WORK}.{schema}.{table}", []).append(f"{quote(column)} {kind}")
    return (f"create table {name} ({', '.join(parts)})" for name, parts in tables.items())


def quote(name: str) -> str:
    """A name as SQL takes it, whatever stands in it."""
    return '"' + name.replace('"', '""') + '"'
