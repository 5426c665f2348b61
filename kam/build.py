"""Writes a dataset: takes the rows of the one before, adds new sheets, builds staging and core from SQL, checks it.

Beside kam.workspace (which reads) the only importer of duckdb: what may write and what may only read stay apart.
Knows nothing of files' formats, headers or screens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa

from kam import blank, changes, queries, replacing
from kam.blank import CONFIG, PARSED, WORK, quote
from kam.replacing import MODES
from kam.tables import TableSpec, load_tables

__all__ = ["CONFIG", "MODES", "PARSED", "Changes", "Counts", "Draft", "NewSheet", "digest", "drafting", "verify"]


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


@dataclass(frozen=True)
class Changes:
    """How the rows of a load stand to those before it: equal, changed, new, and gone from the export.

    Gone rows of an event table are taken out; a state table keeps them, under the day of the export that had them.
    `rows`: the changes, a line each, as kam.changes.shown gives them; None where nothing was there before.
    """

    new: int = 0
    changed: int = 0
    gone: int = 0
    same: int = 0
    rows: pa.Table | None = None


@dataclass
class Counts:
    """What became of a sheet's rows. `reasons`: rejected rows and, under cell_unreadable, cells by reason.

    `changes`: of every sheet of the same source in this load, told by the first of them.
    """

    sheet_id: int
    rows_read: int = 0
    rows_rejected: int = 0
    replaced_rows: int = 0
    changes: Changes | None = None
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def rows_loaded(self) -> int:
        return self.rows_read - self.rows_rejected


class Draft:
    """A dataset being written; see `drafting`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, has_before: bool) -> None:
        self._db = connection
        self._take_before(has_before)
        self._new: list[Counts] = []

    def begin_load(self, loaded_at: datetime, is_demo: bool) -> None:
        """The sheets added from now on are one load, of that moment (UTC)."""
        self.loaded_at, self._is_demo = loaded_at, is_demo
        self._load_id = self._scalar("select coalesce(max(load_id), 0) + 1 from raw.sheets")
        self._new = []

    def _scalar(self, sql: str, values: Sequence[object] = ()) -> int:
        found: int = self._db.execute(sql, values).fetchall()[0][0]
        return found

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

    def merges(self, pairs: Mapping[str, str]) -> None:
        """What the user said to be one client: name or id of the one that goes → of the one that stays."""
        if pairs:
            self._db.executemany("insert into raw.same_clients values (?, ?)", list(pairs.items()))

    def people(self, pairs: Mapping[str, str]) -> None:
        """What the user said to be one of our people: the name that goes → the name that stays."""
        if pairs:
            self._db.executemany("insert into raw.same_people values (?, ?)", list(pairs.items()))

    def add(self, sheet: NewSheet) -> int:
        """Adds the sheet's rows as text; returns its sheet_id."""
        sheet_id = self._scalar("select coalesce(max(sheet_id), 0) + 1 from raw.sheets")
        self._db.execute(
            "insert into raw.sheets values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [sheet_id, self._load_id, sheet.file, sheet.file_hash, sheet.sheet, sheet.table, sheet.fingerprint,
             sheet.captured_on, self.loaded_at, self._is_demo, *(sheet.period or (None, None))],
        )  # fmt: skip
        self._db.register("body", sheet.cells.append_column("row_number", sheet.row_numbers))
        self._db.execute(f"insert into raw.{sheet.table} by name {_select_body(sheet, sheet_id)}")
        self._db.unregister("body")
        self._new.append(Counts(sheet_id, rows_read=sheet.cells.num_rows))
        return sheet_id

    def clear(self) -> None:
        """Takes every row out again: own data take the place of the demo, and the demo begins anew."""
        for table in ("sheets", *load_tables()):
            self._db.execute(f"delete from raw.{table}")

    def replace_older(self, mode: str) -> None:
        """Takes out the rows that the new sheets replace (INPUTS, loading). Sheets of one load never replace each other."""
        new_ids = [counts.sheet_id for counts in self._new]
        touched = self._db.execute(
            "select table_name from raw.sheets group by table_name "
            "having bool_or(list_contains($new, sheet_id)) and not bool_and(list_contains($new, sheet_id))", {"new": new_ids},
        ).fetchall()  # fmt: skip
        for (name,) in touched:
            self._take_out(load_tables()[name], mode, new_ids)
        if touched:
            self._forget_emptied(new_ids)
        for counts in self._new:
            if counts.changes is None:
                counts.changes = Changes(new=counts.rows_read)

    def _take_out(self, spec: TableSpec, mode: str, new_ids: list[int]) -> None:
        new = {"new": new_ids}
        self._db.execute(f"create or replace table {WORK}.taken as select * from raw.{spec.name} limit 0")
        for condition in replacing.conditions(spec, mode):
            self._db.execute(f"insert into {WORK}.taken select * from raw.{spec.name} as old where {condition}", new)
            self._db.execute(f"delete from raw.{spec.name} as old where {condition}", new)
        self._db.execute(f"create or replace table {WORK}.prints as {changes.prints(spec)}", new)
        self._db.execute(f"create or replace table {WORK}.balance as {changes.balance()}")
        self._db.execute(f"create or replace table {WORK}.differences as {changes.differences()}")
        self._note_changes(spec, new_ids)

    def _note_changes(self, spec: TableSpec, new_ids: list[int]) -> None:
        """What the load changed, told by the first of its sheets from each source."""
        sheets = self._db.execute(
            "select sheet_id, fingerprint from raw.sheets where table_name = $table and list_contains($new, sheet_id) "
            "order by sheet_id", {"table": spec.name, "new": new_ids}).fetchall()  # fmt: skip
        told: set[str] = set()
        for sheet_id, source in sheets:
            counts = next(counts for counts in self._new if counts.sheet_id == sheet_id)
            counts.changes = Changes() if source in told else self._changes(spec, source, new_ids)
            counts.replaced_rows = 0 if source in told else self._taken(source)
            told.add(source)
        # Where everything is replaced, rows of other sources go as well: the first sheet tells of them.
        others = self._scalar(
            f"select count(*) from {WORK}.taken inner join raw.sheets using (sheet_id) "
            "where not list_contains(?::varchar[], fingerprint)", [list(told)])  # fmt: skip
        first = next(counts for counts in self._new if counts.sheet_id == sheets[0][0])
        first.replaced_rows += others
        if first.changes is not None and spec.kind == "event":
            first.changes = replace(first.changes, gone=first.changes.gone + others)

    def _changes(self, spec: TableSpec, source: str, new_ids: list[int]) -> Changes:
        counted = dict(self._db.execute(
            f"select change, count(*) from {WORK}.differences where fingerprint = $source group by change",
            {"source": source}).fetchall())  # fmt: skip
        same = self._scalar(
            f"select coalesce(sum(least(fresh_count, old_count)), 0)::bigint from {WORK}.balance where fingerprint = ?", [source]
        )
        values: dict[str, object] = {"fingerprint": source} | ({"new": new_ids} if spec.kind == "state" else {})
        return Changes(**counted, same=same, rows=self._db.execute(changes.shown(spec), values).to_arrow_table())

    def _taken(self, source: str) -> int:
        return self._scalar(f"select count(*) from {WORK}.taken inner join raw.sheets using (sheet_id) where fingerprint = ?", [source])

    def _forget_emptied(self, new_ids: list[int]) -> None:
        kept = " union all ".join(f"select sheet_id from raw.{name}" for name in load_tables())
        self._db.execute(f"delete from raw.sheets where sheet_id not in ({kept}) and not list_contains($new, sheet_id)",
                         {"new": new_ids})  # fmt: skip

    def build(self, progress: Callable[[float], None] = lambda share: None) -> list[Counts]:
        """Makes staging and core anew from raw; returns what became of the rows of each new sheet.

        Staging stands as tables while building: several core tables read it, and its cells are parsed once.
        A step whose sources are all empty is passed over: it would give nothing.
        """
        for step in blank.steps():
            self._db.execute(f"delete from {step.table}")
        raw = ("sheets", "settings", "same_clients", "same_people", *load_tables())
        filled = {f"raw.{name}" for name in raw if self._has_rows(f"raw.{name}")}
        steps, speaking = blank.steps(), blank.blank().speaking
        for done, step in enumerate(steps):
            if filled & step.reads or step.table in speaking:
                self._db.execute(f"insert into {step.table} {step.sql}")
                if self._has_rows(step.table):
                    filled.add(step.table)
            progress((done + 1) / len(steps))
        for counts in self._new:
            self._count(counts)
        return self._new

    def _has_rows(self, table: str) -> bool:
        return bool(self._db.execute(f"select 1 from {table} limit 1").fetchall())

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
        """Lets go of what only the build needed, and puts the rest to disk."""
        self._db.execute(f"detach {WORK}")
        self._db.execute("checkpoint")


@contextmanager
def drafting(part: Path, before: Path | None) -> Iterator[Draft]:
    """A dataset being written at `part`, beginning with the rows of `before`; closed at the end, removed on failure."""
    empty = blank.blank()
    part.write_bytes(empty.file)
    connection = duckdb.connect(str(part), config=CONFIG)
    try:
        blank.attach_work(connection)
        connection.execute(";".join(empty.working))
        if before is not None:
            connection.execute(f"attach '{str(before).replace(chr(39), chr(39) * 2)}' as before (read_only)")
        yield Draft(connection, before is not None)
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
        tables = connection.execute("select schema_name || '.' || table_name from duckdb_tables() where not internal order by all").fetchall()
        return {name: connection.execute(f"select count(*) from {name}").fetchall()[0][0] for (name,) in tables}


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _select_body(sheet: NewSheet, sheet_id: int) -> str:
    fields = [f"{quote(column)} as {quote(name)}" for name, column in sheet.fields.items()]
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
    values = ", ".join(quote(column) for column in sheet.extra.values())
    return f"map([{keys}], [{values}]) as extra"
