"""Writes a dataset: takes the rows of the one before, adds new sheets, builds staging and core from SQL, checks it.

Beside kam.workspace (which reads) the only importer of duckdb: what may write and what may only read stay apart.
Knows nothing of files' formats, headers or screens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa

from kam import queries
from kam.tables import TableSpec, load_tables

# perfect_ht_threshold: groups by client go through an array while the client keys fit 18 bits, twice as fast.
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "perfect_ht_threshold": "18",
}
PARSED = ("date", "datetime", "amount", "number")
MODES = ("replace-period", "add", "replace-all")
_SHEETS = (
    "sheet_id integer, load_id integer, file varchar, file_hash varchar, sheet varchar, table_name varchar, "
    "fingerprint varchar, captured_on date, loaded_at timestamp, is_demo boolean, "
    "covers_from date, covers_to date"
)


@dataclass(frozen=True)
class NewSheet:
    """A recognised sheet, ready to be added. `cells`: its data rows as text columns "0", "1", …; `row_numbers`: the row
    of each in the file.

    `fields` maps a canonical column to the column of `cells`; `extra` names the kept columns that map to nothing;
    `styles` how dates and numbers are written, by canonical column ('made': amount is quantity × price).
    `period`: the first and last day that the file says it covers, where it says so.
    """

    file: str
    file_hash: str
    sheet: str
    table: str
    fingerprint: str
    captured_on: date
    cells: pa.Table
    row_numbers: pa.Array
    fields: Mapping[str, str]
    extra: Mapping[str, str]
    styles: Mapping[str, str]
    period: tuple[date, date] | None = None


@dataclass
class Counts:
    """What became of a sheet's rows. `reasons`: rejected rows and, under cell_unreadable, cells by reason."""

    sheet_id: int
    rows_read: int = 0
    rows_rejected: int = 0
    replaced_rows: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def rows_loaded(self) -> int:
        return self.rows_read - self.rows_rejected


class Draft:
    """A dataset being written; see `drafting`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, is_demo: bool, has_before: bool) -> None:
        self._db = connection
        self._is_demo = is_demo
        self._now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        self._create_raw()
        self._take_before(has_before)
        self._load_id = self._scalar("select coalesce(max(load_id), 0) + 1 from raw.sheets")
        self._new: list[Counts] = []

    def _scalar(self, sql: str, values: Sequence[object] = ()) -> int:
        found: int = self._db.execute(sql, values).fetchall()[0][0]
        return found

    def _create_raw(self) -> None:
        for layer in ("raw", "staging", "core"):
            self._db.execute(f"create schema {layer}")
        self._db.execute(f"create table raw.sheets ({_SHEETS})")
        self._db.execute("create table raw.settings (key varchar, value varchar)")
        for spec in load_tables().values():
            self._db.execute(f"create table raw.{spec.name} ({_raw_columns(spec)})")
        for macro in queries.macros():
            self._db.execute(macro.text)

    def _take_before(self, has_before: bool) -> None:
        if not has_before:
            return
        for table in ("sheets", *load_tables()):
            if self._scalar("select count(*) from duckdb_tables() where database_name = 'before' "
                            "and schema_name = 'raw' and table_name = ?", [table]):  # fmt: skip
                self._db.execute(f"insert into raw.{table} by name select * from before.raw.{table}")
        self._db.execute("detach before")

    def setting(self, key: str, value: str) -> None:
        """A setting that the build itself reads."""
        self._db.execute("insert into raw.settings values (?, ?)", [key, value])

    def add(self, sheet: NewSheet) -> int:
        """Adds the sheet's rows as text; returns its sheet_id."""
        sheet_id = self._scalar("select coalesce(max(sheet_id), 0) + 1 from raw.sheets")
        self._db.execute(
            "insert into raw.sheets values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [sheet_id, self._load_id, sheet.file, sheet.file_hash, sheet.sheet, sheet.table, sheet.fingerprint,
             sheet.captured_on, self._now, self._is_demo, *(sheet.period or (None, None))],
        )  # fmt: skip
        self._db.register("body", sheet.cells.append_column("row_number", sheet.row_numbers))
        self._db.execute(f"insert into raw.{sheet.table} by name {_select_body(sheet, sheet_id)}")
        self._db.unregister("body")
        self._new.append(Counts(sheet_id, rows_read=sheet.cells.num_rows))
        return sheet_id

    def drop(self, sheet_ids: Sequence[int]) -> None:
        """Takes sheets out again, rows and all."""
        for table in ("sheets", *load_tables()):
            self._db.execute(f"delete from raw.{table} where sheet_id in (select unnest(?::integer[]))", [list(sheet_ids)])
        self._new = [counts for counts in self._new if counts.sheet_id not in sheet_ids]

    def replace_older(self, mode: str) -> None:
        """Takes out the rows that the new sheets replace (INPUTS, loading). Sheets of one load never replace each other."""
        new_ids = [counts.sheet_id for counts in self._new]
        for spec in load_tables().values():
            for condition in _replaced(spec, mode):
                self._count_replaced(spec, condition, new_ids)
                self._db.execute(f"delete from raw.{spec.name} as old where {condition}", {"new": new_ids})
        kept = " union all ".join(f"select sheet_id from raw.{name}" for name in load_tables())
        self._db.execute(f"delete from raw.sheets where sheet_id not in ({kept}) and not list_contains($new, sheet_id)",
                         {"new": new_ids})  # fmt: skip

    def _count_replaced(self, spec: TableSpec, condition: str, new_ids: list[int]) -> None:
        sources = dict(self._db.execute(
            "select fingerprint, min(sheet_id) from raw.sheets where table_name = $table "
            "and list_contains($new, sheet_id) group by fingerprint",
            {"table": spec.name, "new": new_ids}).fetchall())  # fmt: skip
        if not sources:
            return
        replaced = self._db.execute(
            f"select sheets.fingerprint, count(*) from raw.{spec.name} as old inner join raw.sheets using (sheet_id) "
            f"where {condition} group by all", {"new": new_ids}).fetchall()  # fmt: skip
        for fingerprint, count in replaced:
            sheet_id = sources.get(fingerprint, min(sources.values()))
            next(counts for counts in self._new if counts.sheet_id == sheet_id).replaced_rows += count

    def build(self, progress: Callable[[float], None] = lambda share: None) -> list[Counts]:
        """Makes staging and core anew from raw; returns what became of the rows of each new sheet.

        Staging stands as tables while building: several core tables read it, and its cells are parsed once.
        """
        steps = queries.build_order()
        for done, query in enumerate(steps):
            self._db.execute(f"create or replace table {query.name} as {query.text}")
            progress((done + 1) / len(steps))
        for counts in self._new:
            self._count(counts)
        return self._new

    def _count(self, counts: Counts) -> None:
        counts.rows_rejected = self._scalar(
            "select count(distinct row_number) from core.rejects where sheet_id = ? and column_name is null",
            [counts.sheet_id],
        )
        counts.reasons = dict(self._db.execute(
            "select reason, count(*) from core.rejects where sheet_id = ? group by reason order by count(*) desc, reason",
            [counts.sheet_id]).fetchall())  # fmt: skip

    def rejects(self, sheet_id: int) -> pa.Table:
        """The rejected rows and unreadable cells of a sheet, in the order of the file."""
        return self._db.sql(
            "select row_number, reason, column_name, value from core.rejects where sheet_id = $sheet order by row_number",
            params={"sheet": sheet_id},
        ).to_arrow_table()

    def amount(self, sheet_id: int) -> Decimal:
        """The sum of the order lines of a sheet that count."""
        sums = self._db.execute("select sum(amount) from core.order_lines where sheet_id = ?", [sheet_id]).fetchall()
        return Decimal(sums[0][0] or 0)

    def finish(self) -> None:
        """Drops what only the build needed, so that the file holds what questions need and no more."""
        for query in queries.build_order():
            if query.layer == "staging" or query.is_transient:
                self._db.execute(f"drop table {query.name}")
        for query in queries.build_order(("staging",)):
            self._db.execute(f"create view {query.name} as {query.text}")
        self._db.execute("checkpoint")


@contextmanager
def drafting(part: Path, before: Path | None, is_demo: bool) -> Iterator[Draft]:
    """A dataset being written at `part`, beginning with the rows of `before`; closed at the end, removed on failure."""
    connection = duckdb.connect(str(part), config=CONFIG)
    try:
        if before is not None:
            connection.execute(f"attach '{str(before).replace(chr(39), chr(39) * 2)}' as before (read_only)")
        yield Draft(connection, is_demo, before is not None)
    except BaseException:
        connection.close()
        for leaving in (part, part.with_name(part.name + ".wal")):
            leaving.unlink(missing_ok=True)
        raise
    connection.close()


def digest() -> str:
    """What tells a dataset of this version of the product from one that must be built anew."""
    return queries.build_digest() + "-" + "-".join(f"{name}{len(spec.columns)}" for name, spec in load_tables().items())


def verify(part: Path) -> dict[str, int]:
    """Opens the finished file read-only and counts every table: what was written can be read."""
    with duckdb.connect(str(part), read_only=True, config=CONFIG) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where not internal order by all"
        ).fetchall()
        return {name: connection.execute(f"select count(*) from {name}").fetchall()[0][0] for (name,) in tables}


def _raw_columns(spec: TableSpec) -> str:
    parsed = [name for name, kind in spec.columns.items() if kind in PARSED]
    style = ", ".join(f"{_quote(name)} varchar" for name in parsed) or "none varchar"
    columns = ", ".join(f"{_quote(name)} varchar" for name in spec.columns)
    return f"sheet_id integer, row_number integer, {columns}, style struct({style}), extra map(varchar, varchar)"


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _select_body(sheet: NewSheet, sheet_id: int) -> str:
    fields = [f"{_quote(column)} as {_quote(name)}" for name, column in sheet.fields.items()]
    selected = [f"{sheet_id} as sheet_id", "row_number", *fields, _style(load_tables()[sheet.table], sheet), _extra(sheet)]
    return f"select {', '.join(selected)} from body"


def _style(spec: TableSpec, sheet: NewSheet) -> str:
    parsed = [name for name, kind in spec.columns.items() if kind in PARSED] or ["none"]
    styles = (f"{_text(name)}: {_text(sheet.styles[name]) if name in sheet.styles else 'null::varchar'}" for name in parsed)
    return f"{{{', '.join(styles)}}} as style"


def _extra(sheet: NewSheet) -> str:
    if not sheet.extra:
        return "null::map(varchar, varchar) as extra"
    keys = ", ".join(_text(header) for header in sheet.extra)
    values = ", ".join(_quote(column) for column in sheet.extra.values())
    return f"map([{keys}], [{values}]) as extra"


def _replaced(spec: TableSpec, mode: str) -> list[str]:
    """Conditions on `old` rows of the table that a load in this mode takes out; $new: the sheet ids of the load."""
    older = "not list_contains($new, old.sheet_id)"
    mine = f"select * from raw.sheets where table_name = {_text(spec.name)} and list_contains($new, sheet_id)"
    if mode == "replace-all":
        return [f"{older} and exists ({mine})"]
    same_file = (
        f"{older} and old.sheet_id in (select other.sheet_id from raw.sheets as other inner join ({mine}) as mine "
        "on other.file_hash = mine.file_hash and other.sheet = mine.sheet"
        f"{' and other.captured_on = mine.captured_on' if spec.kind == 'state' else ''})"
    )
    if spec.kind == "state":
        return [same_file]
    return [same_file, _same_key(spec, older, mine), *([_same_period(spec, older, mine)] if mode == "replace-period" else [])]


def _same_key(spec: TableSpec, older: str, mine: str) -> str:
    source = "(select fingerprint from raw.sheets where raw.sheets.sheet_id = old.sheet_id)"
    return (
        f"{older} and old.{spec.key} is not null and (old.{spec.key}, {source}) in "
        f"(select fresh.{spec.key}, mine.fingerprint from raw.{spec.name} as fresh "
        f"inner join ({mine}) as mine using (sheet_id) where fresh.{spec.key} is not null)"
    )


def _same_period(spec: TableSpec, older: str, mine: str) -> str:
    day = f"parse_date({{0}}.{_quote(spec.date or '')}, {{0}}.style.{_quote(spec.date or '')})"
    period = (
        # A file may say that it covers more days than its rows have: those gone from it are gone.
        f"select mine.fingerprint, least(min({day.format('fresh')}), min(mine.covers_from)) as starts_on, "
        f"greatest(max({day.format('fresh')}), max(mine.covers_to)) as ends_on "
        f"from raw.{spec.name} as fresh inner join ({mine}) as mine using (sheet_id) group by mine.fingerprint"
    )
    inside = f"{day.format('old')} between period.starts_on and period.ends_on"
    return (
        f"{older} and exists (select 1 from ({period}) as period "
        f"inner join raw.sheets as source on source.fingerprint = period.fingerprint "
        f"where source.sheet_id = old.sheet_id and coalesce({inside}, {day.format('old')} is null))"
    )
