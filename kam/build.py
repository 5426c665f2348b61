"""Writes a dataset: takes the rows of the one before, adds new sheets, builds staging and core from SQL, checks it.

Beside kam.workspace (which reads) the only importer of duckdb: what may write and what may only read stay apart.
Knows nothing of files' formats, headers or screens.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from graphlib import TopologicalSorter
from pathlib import Path
from threading import Thread

import duckdb
import pyarrow as pa

from kam import again, blank, changes, queries, replacing, stored
from kam.blank import CONFIG, WORK, Step
from kam.replacing import MODES
from kam.stored import EXTRA, PARSED, quote
from kam.tables import TableSpec, load_tables

# From so many rows on it pays to leave out the columns of a table that no row can fill.
SPARSE_ROWS = 50_000
HANDS = 2  # steps taken at a time: most have but one other beside them
__all__ = ["CONFIG", "MODES", "PARSED", "Changes", "Counts", "Draft", "NewSheet", "digest", "drafting", "stand_by"]


@dataclass(frozen=True)
class NewSheet:
    """A recognised sheet, ready to be added. `cells`: its data rows as text columns "0", "1", …; `row_numbers`: the row
    of each in the file.

    `fields` maps a canonical column to the column of `cells`; `extra` names the kept columns that map to nothing;
    `styles` how dates and numbers are written, by canonical column ('made': amount is quantity × price).
    `former_fingerprint`: what sheets of the same source may have in the dataset before.
    `period`: the first and last day that the file says it covers, where it says so.
    `is_beside`: another export, whatever rows it shares with others.
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
    former_fingerprint: str | None = None
    is_beside: bool = False


@dataclass(frozen=True)
class Again:
    """Rows that a sheet shares with one that was there or is loaded with it: `found` of its `rows` in the same days.

    `is_same`: they are one export; the rows of these days in the other were replaced, as if it had been loaded before.
    """

    file: str
    sheet: str
    rows: int
    found: int
    is_in_load: bool
    is_same: bool

    @property
    def name(self) -> str:
        """The other sheet, as a person knows it."""
        return self.file if self.sheet in ("", Path(self.file).stem) else f"{self.file}, {self.sheet}"

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

    `changes`: of every sheet of the same source in this load, told by the first of them; so is `again`.
    `given_way`: rows that were replaced by those of another sheet of this load.
    """

    sheet_id: int
    rows_read: int = 0
    rows_rejected: int = 0
    replaced_rows: int = 0
    changes: Changes | None = None
    again: tuple[Again, ...] = ()
    given_way: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def rows_loaded(self) -> int:
        return self.rows_read - self.rows_rejected


class Draft:
    """A dataset being written; see `drafting`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, part: Path, has_before: bool) -> None:
        self._db = connection
        self._part = part
        self._new: list[Counts] = []
        self._beside: set[int] = set()  # sheets that the user said to be other exports
        self._continued: set[str] = set()  # tables of which a source goes on under other headers
        self._written: dict[str, set[str]] = {name: set() for name in load_tables()}  # the columns written in each raw table
        self._before = self._look_before() if has_before else {}

    def begin_load(self, loaded_at: datetime, is_demo: bool) -> None:
        """The sheets added from now on are one load, of that moment (UTC)."""
        self.loaded_at, self._is_demo = loaded_at, is_demo
        self._load_id = self._scalar("select coalesce(max(load_id), 0) + 1 from raw.sheets")
        self._new, self._continued = [], set()

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
        self._new.append(Counts(sheet_id, rows_read=sheet.cells.num_rows))
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
        wanted = self._written[table].union(columns, before)
        if wanted != self._written[table]:
            self._rewrite(spec, wanted)
        if before:
            self._copy(spec, before, f"before.raw.{table}")

    def _hold_all(self) -> None:
        for table in list(self._before):
            self._hold(table)

    def _rewrite(self, spec: TableSpec, columns: set[str]) -> None:
        """Makes the raw table anew so that these columns are written in it."""
        self._db.execute(f"alter table raw.{spec.name} rename to narrower")
        self._db.execute(stored.create_raw(spec, columns))
        if self._scalar("select count(*) from raw.narrower"):
            self._copy(spec, self._written[spec.name], "raw.narrower")
        self._db.execute("drop table raw.narrower")
        self._written[spec.name] = columns

    def _copy(self, spec: TableSpec, columns: Iterable[str], rows: str) -> None:
        there = {name: str(kind) for name, kind, *_ in self._db.execute(f"select * from {rows} limit 0").description or ()}
        code = "style_code" if "style_code" in there else f"{stored.coded(spec, there['style'])} as style_code"
        names = ", ".join(map(quote, sorted(columns)))
        self._db.execute(f"insert into raw.{spec.name} by name select sheet_id, row_number, {code}, {names} from {rows}")

    def replace_older(self, mode: str) -> None:
        """Takes out the rows that the new sheets replace (INPUTS, loading). Sheets of one load replace each other only where
        they hold the same rows."""
        self._hold_all()
        new_ids = [counts.sheet_id for counts in self._new]
        self._look_again(mode, new_ids)
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
        return next(counts for counts in self._new if counts.sheet_id == sheet_id)

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

    def build(self, progress: Callable[[float], None] = lambda share: None) -> list[Counts]:
        """Makes staging and core anew from raw; returns what became of the rows of each new sheet.

        A step whose sources are empty is passed over: it would give nothing. Steps that need nothing of each other are
        taken side by side, for many of them keep one core alone busy.
        """
        self._hold_all()
        rows = _counted(self._db, [name for name in blank.blank().kept if name.startswith("raw.")])
        filled: dict[str, Collection[str]] = {f"raw.{name}": columns for name, columns in self._written.items()}
        steps = {step.table: step for step in blank.steps()}
        order = TopologicalSorter({table: step.reads & steps.keys() for table, step in steps.items()})
        order.prepare()
        with ThreadPoolExecutor(HANDS) as hands:
            running: dict[Future[tuple[int, Collection[str]]], str] = {}
            while order.is_active():
                running |= {hands.submit(self._take, steps[table], rows, filled): table for table in order.get_ready()}
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    table = running.pop(future)
                    rows[table], filled[table] = future.result()
                    order.done(table)
                    del steps[table]
                    self._let_go(steps.values(), rows)
                    progress(1 - len(steps) / len(blank.steps()))
        for counts in self._new:
            self._count(counts)
        return self._new

    def _take(self, step: Step, rows: Mapping[str, int], filled: Mapping[str, Collection[str]]) -> tuple[int, Collection[str]]:
        """Takes a step by a cursor of its own; returns how many rows it gave, and the columns that are written in its table.

        `rows` and `filled`: the rows of the tables that it reads, and the columns written in them.
        """
        source_rows = max(rows[table] for table in step.rows_of)
        with self._db.cursor() as hand:
            hand.execute("use dataset")
            if step.table in blank.blank().speaking:
                hand.execute(f"delete from {step.table}")
            elif not source_rows:
                return 0, ()
            columns = written = list(blank.blank().columns[step.table])
            if step.sparse and source_rows >= SPARSE_ROWS:
                there = {name for table in step.reads for name in filled.get(table, ())}
                written = [name for name in columns if step.sparse.get(name) in {None, *there}]
                hand.execute(f"drop table {step.table}")
                hand.execute(stored.create(step.table, blank.blank().columns[step.table], written, step.packed))
            names = ", ".join(map(quote, written))
            ((count,),) = hand.execute(f"insert into {step.table} ({names}) select {names} from ({step.sql})").fetchall()
        return count, written

    def _let_go(self, ahead: Collection[Step], rows: dict[str, int]) -> None:
        """Drops the large working tables that none of the steps ahead reads."""
        read = {table for step in ahead for table in step.reads}
        for table in [table for table, count in rows.items() if table.startswith(f"{WORK}.") and count >= SPARSE_ROWS and table not in read]:
            self._db.execute(f"drop table {table}")
            del rows[table]

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
        """Lets go of what only the build needed, puts the rest to disk, and sees that the file can be opened and read."""
        self._db.execute(f"detach {WORK}")
        self._db.execute("checkpoint dataset")
        self._db.execute("use memory")
        self._db.execute("detach dataset")
        self._db.execute(f"attach {_text(str(self._part))} as written (read_only)")
        _counted(self._db, [f"written.{name}" for name in blank.blank().kept])


_ready: deque[duckdb.DuckDBPyConnection] = deque()


def stand_by() -> None:
    """Has a connection at hand for the next draft, made beside the caller: that takes as long as the rows of a small import."""
    if not _ready:
        Thread(target=lambda: _ready.append(duckdb.connect(config=CONFIG))).start()


def _connection() -> duckdb.DuckDBPyConnection:
    try:
        return _ready.pop()
    except IndexError:
        return duckdb.connect(config=CONFIG)


@contextmanager
def drafting(part: Path, before: Path | None) -> Iterator[Draft]:
    """A dataset being written at `part`, beginning with the rows of `before`; closed at the end, removed on failure."""
    empty = blank.blank()
    part.write_bytes(empty.file)
    connection = _connection()
    try:
        connection.execute(f"attach {_text(str(part))} as dataset (row_group_size {blank.ROW_GROUP})")
        connection.execute("use dataset")
        blank.attach_work(connection)
        connection.execute(";".join(empty.working))
        if before is not None:
            connection.execute(f"attach {_text(str(before))} as before (read_only)")
        yield Draft(connection, part, before is not None)
    except BaseException:
        connection.close()
        for leaving in (part, part.with_name(part.name + ".wal")):
            leaving.unlink(missing_ok=True)
        raise
    connection.close()


def digest() -> str:
    """What tells a dataset of this version of the product from one that must be built anew."""
    return queries.build_digest() + "-" + "-".join(f"{name}{len(spec.columns)}" for name, spec in load_tables().items())


def _counted(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> dict[str, int]:
    return dict(connection.execute(" union all ".join(f"select '{name}', count(*) from {name}" for name in tables)).fetchall())


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _select_body(sheet: NewSheet, sheet_id: int) -> str:
    fields = [f"{quote(column)} as {quote(name)}" for name, column in sheet.fields.items()]
    code = stored.style_code(load_tables()[sheet.table], sheet.styles)
    extra = [_extra(sheet)] if sheet.extra else []
    return f"select {', '.join([f'{sheet_id} as sheet_id', 'row_number', *fields, f'{code} as style_code', *extra])} from body"


def _extra(sheet: NewSheet) -> str:
    keys = ", ".join(_text(header) for header in sheet.extra)
    values = ", ".join(quote(column) for column in sheet.extra.values())
    return f"map([{keys}], [{values}]) as {EXTRA}"
