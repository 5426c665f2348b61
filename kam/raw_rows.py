"""The raw rows of a dataset being written: those of the dataset before, those of a load, and which of them give way.

One of the few homes of duckdb, a part of kam.build. Knows nothing of staging or core.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import duckdb
import pyarrow as pa

from kam import again, blank, changes, replacing, stored
from kam.blank import WORK
from kam.loads import Again, Changes, Counts, NewSheet
from kam.stored import EXTRA, quote, text
from kam.tables import TableSpec, load_tables


class RawRows:
    """The raw tables of a dataset being written. `new`: what became of the sheets of this load; `written`: the columns that are
    written in each table."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, has_before: bool) -> None:
        self._db = connection
        self.new: list[Counts] = []
        self._beside: set[int] = set()  # sheets that the user said to be other exports
        self._continued: set[str] = set()  # tables of which a source goes on under other headers
        self.written: dict[str, set[str]] = {name: set() for name in load_tables()}
        self._before = self._look_before() if has_before else {}

    def begin_load(self, loaded_at: datetime, is_demo: bool) -> None:
        """The sheets added from now on are one load, of that moment (UTC)."""
        self.loaded_at, self._is_demo = loaded_at, is_demo
        self._load_id = self._scalar("select coalesce(max(load_id), 0) + 1 from raw.sheets")
        self.new, self._continued = [], set()

    def _scalar(self, sql: str, values: Sequence[object] = ()) -> int:
        found: int = self._db.execute(sql, values).fetchall()[0][0]
        return found

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
        self._db.execute("update raw.sheets set fingerprint = ? where fingerprint = ?", [sheet.fingerprint, sheet.former_fingerprint])
        self._db.execute(
            "insert into raw.sheets values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [sheet_id, self._load_id, sheet.file, sheet.file_hash, sheet.sheet, sheet.table, sheet.fingerprint,
             sheet.captured_on, self.loaded_at, self._is_demo, *(sheet.period or (None, None))],
        )  # fmt: skip
        self._hold(sheet.table, {*sheet.fields, *([EXTRA] if sheet.extra else [])})
        rows = sheet.cells.append_column("row_number", sheet.row_numbers)
        self._db.register("body", pa.Table.from_batches(rows.to_batches(max_chunksize=blank.ROW_GROUP), rows.schema))
        self._db.execute(f"insert into raw.{sheet.table} by name {_select_body(sheet, sheet_id)}")
        self._db.unregister("body")
        self.new.append(Counts(sheet_id, rows_read=sheet.cells.num_rows))
        if sheet.is_beside:
            self._beside.add(sheet_id)
        return sheet_id

    def clear(self) -> None:
        """Takes every row out again: own data take the place of the demo, and the demo begins anew."""
        self._before = {}
        for table in ("sheets", *load_tables()):
            self._db.execute(f"delete from raw.{table}")

    # Raw rows. Those of the dataset before are copied when the first new sheet of their table says which columns it brings.

    def _look_before(self) -> dict[str, set[str]]:
        """The raw tables of the dataset before that have rows, with the columns that some row fills. Its sheets are taken."""
        columns: dict[str, list[str]] = dict(self._db.execute(
            "select table_name, list(column_name) from duckdb_columns() "
            "where database_name = 'before' and schema_name = 'raw' and not is_generated group by table_name").fetchall())  # fmt: skip
        if "sheets" in columns:
            self._db.execute("insert into raw.sheets by name select * from before.raw.sheets")
        found = ((spec, {*spec.columns, EXTRA}.intersection(columns.get(name, ()))) for name, spec in load_tables().items())
        return {spec.name: filled for spec, known in found if known and (filled := self._filled(f"before.raw.{spec.name}", known))}

    def _filled(self, rows: str, columns: Iterable[str]) -> set[str]:
        """Those of the columns that have a value in any of the rows."""
        known = list(columns)
        (counts,) = self._db.execute(f"select {', '.join(f'count({quote(name)})' for name in known)} from {rows}").fetchall()
        return {name for name, count in zip(known, counts, strict=True) if count}

    def _hold(self, table: str, columns: Iterable[str] = ()) -> None:
        """Lets raw.<table> hold these columns, and takes the rows of the dataset before if they are still to be taken."""
        spec, before = load_tables()[table], self._before.pop(table, set())
        wanted = self.written[table].union(columns, before)
        if wanted != self.written[table]:
            self._rewrite(spec, wanted)
        if before:
            self._copy(spec, before, f"before.raw.{table}")

    def hold_all(self) -> None:
        """Takes the rows of the dataset before into every table."""
        for table in list(self._before):
            self._hold(table)

    def _rewrite(self, spec: TableSpec, columns: set[str]) -> None:
        """Makes the raw table anew so that these columns are written in it."""
        self._db.execute(f"alter table raw.{spec.name} rename to narrower")
        self._db.execute(stored.create_raw(spec, columns))
        if self._scalar("select count(*) from raw.narrower"):
            self._copy(spec, self.written[spec.name], "raw.narrower")
        self._db.execute("drop table raw.narrower")
        self.written[spec.name] = columns

    def _copy(self, spec: TableSpec, columns: Iterable[str], rows: str) -> None:
        there = {name: str(kind) for name, kind, *_ in self._db.execute(f"select * from {rows} limit 0").description or ()}
        code = "style_code" if "style_code" in there else f"{stored.coded(spec, there['style'])} as style_code"
        names = ", ".join(map(quote, sorted(columns)))
        self._db.execute(f"insert into raw.{spec.name} by name select sheet_id, row_number, {code}, {names} from {rows}")

    def replace_older(self, mode: str) -> None:
        """Takes out the rows that the new sheets replace (INPUTS, loading). Sheets of one load replace each other only where
        they hold the same rows."""
        self.hold_all()
        new_ids = [counts.sheet_id for counts in self.new]
        self._look_again(mode, new_ids)
        touched = self._db.execute(
            "select table_name from raw.sheets group by table_name "
            "having bool_or(list_contains($new, sheet_id)) and not bool_and(list_contains($new, sheet_id))", {"new": new_ids},
        ).fetchall()  # fmt: skip
        for (name,) in touched:
            self._take_out(load_tables()[name], mode, new_ids)
        if touched:
            self._forget_emptied(new_ids)
        for counts in self.new:
            if counts.changes is None:
                counts.changes = Changes(new=counts.rows_read - counts.given_way)

    def _look_again(self, mode: str, new_ids: list[int]) -> None:
        """Finds rows of events that the load shares with what is there; the same export under other headers is one source."""
        counts: dict[str, int] = dict(self._db.execute(
            "select table_name, count(*) filter (where list_contains($new, sheet_id)) from raw.sheets group by table_name "
            "having count(*) > 1", {"new": new_ids}).fetchall())  # fmt: skip
        for spec in (load_tables()[name] for name, count in counts.items() if count and load_tables()[name].kind == "event"):
            if mode != "replace-all":
                self._note_again(spec, again.OLD_SOURCES, again.NEW_SOURCES, mode, new_ids)
            if counts[spec.name] > 1:
                self._note_again(spec, again.NEW_SHEETS, again.NEW_SHEETS, mode, new_ids)

    def _note_again(self, spec: TableSpec, before: str, new: str, mode: str, new_ids: list[int]) -> None:
        for later, earlier, *days, rows, found in self._db.execute(again.found_again(spec, before, new), {"new": new_ids}).fetchall():
            if later in self._beside or found < again.SAID_SHARE * rows:
                continue
            is_same, is_in_load = mode != "add" and found >= again.SAME_SHARE * rows, earlier in new_ids
            file, sheet = self._db.execute("select file, sheet from raw.sheets where sheet_id = ?", [earlier]).fetchall()[0]
            self._counts(later).again += (Again(file, sheet, rows, found, is_in_load, is_same),)
            if is_same and is_in_load:
                self._counts(earlier).given_way += self._scalar(
                    f"delete from raw.{spec.name} where sheet_id = ? and {again.of_days(spec)}", [earlier, *days])  # fmt: skip
            elif is_same:
                source = "(select fingerprint from raw.sheets where sheet_id = ?)"
                self._db.execute(f"update raw.sheets set fingerprint = {source} where fingerprint = {source}", [later, earlier])
                self._continued.add(spec.name)

    def _counts(self, sheet_id: int) -> Counts:
        return next(counts for counts in self.new if counts.sheet_id == sheet_id)

    def _take_out(self, spec: TableSpec, mode: str, new_ids: list[int]) -> None:
        new = {"new": new_ids}
        self._db.execute(f"create or replace table {WORK}.taken as select * from raw.{spec.name} limit 0")
        for condition in replacing.conditions(spec, mode):
            self._db.execute(f"insert into {WORK}.taken select * from raw.{spec.name} as old where {condition}", new)
            self._db.execute(f"delete from raw.{spec.name} as old where {condition}", new)
        self._db.execute(f"create or replace table {WORK}.prints as {changes.prints(spec, self._compared(spec, new_ids))}", new)
        self._db.execute(f"create or replace table {WORK}.balance as {changes.balance()}")
        self._db.execute(f"create or replace table {WORK}.differences as {changes.differences()}")
        self._note_changes(spec, new_ids)

    def _compared(self, spec: TableSpec, new_ids: list[int]) -> Collection[str]:
        """The columns by which rows of the load are held against those before: where headers changed, those of both."""
        everything = {*spec.columns, EXTRA}
        if spec.name not in self._continued:
            return everything
        fresh = self._filled(f"(from raw.{spec.name} where sheet_id in ({', '.join(map(str, new_ids))}))", everything)
        return fresh.intersection(self._filled(f"{WORK}.taken", everything)) - {EXTRA}

    def _note_changes(self, spec: TableSpec, new_ids: list[int]) -> None:
        """What the load changed, told by the first of its sheets from each source."""
        sheets = self._db.execute(
            "select sheet_id, fingerprint from raw.sheets where table_name = $table and list_contains($new, sheet_id) "
            "order by sheet_id", {"table": spec.name, "new": new_ids}).fetchall()  # fmt: skip
        told: set[str] = set()
        for sheet_id, source in sheets:
            counts = self._counts(sheet_id)
            counts.changes = Changes() if source in told else self._changes(spec, source, new_ids)
            counts.replaced_rows = 0 if source in told else self._taken(source)
            told.add(source)
        # Where everything is replaced, rows of other sources go as well: the first sheet tells of them.
        others = self._scalar(
            f"select count(*) from {WORK}.taken inner join raw.sheets using (sheet_id) "
            "where not list_contains(?::varchar[], fingerprint)", [list(told)])  # fmt: skip
        first = self._counts(sheets[0][0])
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


def _select_body(sheet: NewSheet, sheet_id: int) -> str:
    fields = [f"{quote(column)} as {quote(name)}" for name, column in sheet.fields.items()]
    code = stored.style_code(load_tables()[sheet.table], sheet.styles)
    extra = [_extra(sheet)] if sheet.extra else []
    return f"select {', '.join([f'{sheet_id} as sheet_id', 'row_number', *fields, f'{code} as style_code', *extra])} from body"


def _extra(sheet: NewSheet) -> str:
    keys = ", ".join(text(header) for header in sheet.extra)
    values = ", ".join(quote(column) for column in sheet.extra.values())
    return f"map([{keys}], [{values}]) as {EXTRA}"
