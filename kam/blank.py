"""The empty dataset: every table, view and macro that the SQL files make, and no row.

Planning some thirty steps over empty tables costs more than a small import's own rows, so it is done once a process:
a draft begins as a copy of this and builds only what its rows reach. Beside kam.build and kam.workspace the third home of
duckdb; knows no workspace.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import duckdb

from kam import queries, scratch, stored
from kam.tables import load_tables

# perfect_ht_threshold: groups by client go through an array while the client keys fit 18 bits, twice as fast.
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "perfect_ht_threshold": "18",
}
# Rows of a table that one core takes at a time: as many as DuckDB has by itself would leave the usual export to one core alone.
ROW_GROUP = 24_576
# What only the build needs stands in a database of its own in memory: the published file has no holes where it stood.
WORK = "work"
_SHEETS = (
    "sheet_id integer, load_id integer, file varchar, file_hash varchar, sheet varchar, table_name varchar, "
    "fingerprint varchar, captured_on date, loaded_at timestamp, is_demo boolean, "
    "covers_from date, covers_to date"
)


@dataclass(frozen=True)
class Blank:
    """`file`: the bytes of the empty dataset; `working`: the statements that make the working tables and views beside it;
    `speaking`: the tables that have a row even where nothing was loaded; `columns`: of every step's table, name → type;
    `kept`: the tables of a published file.
    """

    file: bytes
    working: tuple[str, ...]
    speaking: frozenset[str]
    columns: Mapping[str, Mapping[str, str]]
    kept: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One step of the build: the table to fill, under the name it has while building, what with, and the tables without
    which that has no row. `reads`: every table it reads; `sparse` and `packed`: see queries.Query."""

    table: str
    sql: str
    is_view: bool
    rows_of: frozenset[str]
    reads: frozenset[str]
    sparse: Mapping[str, str]
    packed: tuple[str, ...]


@cache
def blank() -> Blank:
    """The empty dataset of this version of the SQL, made on the first call."""
    with scratch.folder("blank") as folder:
        file = folder / "blank.duckdb"
        with duckdb.connect(str(file), config=CONFIG) as db:
            _create_raw(db)
            attach_work(db)
            for query in queries.build_order(("staging",)):
                db.execute(f"create view {query.name} as {_read_out(query)}")
            for step in _all_steps():
                db.execute(f"create {'view' if step.is_view else 'table'} {step.table} as {step.sql}")
            speaking = frozenset(step.table for step in steps() if db.execute(f"select 1 from {step.table} limit 1").fetchall())
            found = _columns(db)
            columns = {step.table: found[step.table] for step in steps()}
            working = [stored.create(name, kinds, kinds) for name, kinds in columns.items() if name.startswith(f"{WORK}.")]
            working += [f"create view {step.table} as {step.sql}" for step in _all_steps() if step.is_view]
            for step in steps():
                if step.packed:
                    db.execute(f"drop table {step.table}")
                    db.execute(stored.create(step.table, columns[step.table], columns[step.table], step.packed))
            db.execute(f"detach {WORK}")
            db.execute("checkpoint")
            kept = db.execute("select schema_name || '.' || table_name from duckdb_tables() where not internal order by all").fetchall()
        return Blank(file.read_bytes(), tuple(working), speaking, columns, tuple(name for (name,) in kept))


def attach_work(db: duckdb.DuckDBPyConnection) -> None:
    """The database in memory for working tables, empty."""
    db.execute(f"attach ':memory:' as {WORK} (row_group_size {ROW_GROUP})")
    db.execute(f"create schema {WORK}.staging")
    db.execute(f"create schema {WORK}.core")


@cache
def steps() -> tuple[Step, ...]:
    """The steps of the build in their order. Staging and transient core tables are working tables, views are no step."""
    return tuple(step for step in _all_steps() if not step.is_view)


@cache
def _all_steps() -> tuple[Step, ...]:
    """The steps, and the working views among them; a staging view is that of the dataset itself."""
    order = queries.build_order()
    views = {query.name: query for query in order if query.is_view}
    made = [query for query in order if query.is_transient or not query.is_view]
    moved = {query.name: f"{WORK}.{query.name}" for query in made if query.layer == "staging" or query.is_transient}

    def tables(names: frozenset[str]) -> frozenset[str]:
        return frozenset(moved.get(table, table) for name in names for table in (views[name].tables if name in views else (name,)))

    return tuple(
        Step(
            moved.get(query.name, query.name),
            _placed(_read_out(query), moved),
            query.is_view,
            tables(query.rows_of),
            tables(query.tables),
            query.sparse,
            query.packed,
        )
        for query in made
    )


def _read_out(query: queries.Query) -> str:
    """The text of a file, with the styles that a staging file takes from its raw table."""
    spec = load_tables().get(query.stem)
    return stored.with_styles(query.text, spec) if query.layer == "staging" and spec is not None else query.text


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
        db.execute(stored.create_raw(spec, ()))
    for macro in queries.macros():
        db.execute(macro.text)


def _columns(db: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """The columns of every core and working table, by the name it has while building."""
    found = db.execute(
        f"select if(database_name = '{WORK}', '{WORK}.', '') || schema_name || '.' || table_name, column_name, data_type "
        "from duckdb_columns() "
        f"where database_name = '{WORK}' or schema_name = 'core' order by database_oid, table_oid, column_index"
    ).fetchall()
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind in found:
        tables.setdefault(table, {})[column] = kind
    return tables
