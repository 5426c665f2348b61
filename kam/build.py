"""Writes a dataset: raw rows (kam.raw_rows), staging and core built from SQL beside them, the file put to disk and checked.

Beside kam.workspace (which reads) one of the few importers of duckdb: what may write and what may only read stay apart.
Knows nothing of files' formats, headers or screens.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from decimal import Decimal
from graphlib import TopologicalSorter
from pathlib import Path
from threading import Thread

import duckdb
import pyarrow as pa

from kam import blank, queries, stored
from kam.blank import CONFIG, WORK, Step
from kam.loads import Counts
from kam.raw_rows import RawRows
from kam.stored import quote, text
from kam.tables import load_tables

# From so many rows on it pays to leave out the columns of a table that no row can fill.
SPARSE_ROWS = 50_000
HANDS = 2  # steps taken at a time: most have but one other beside them


class Draft:
    """A dataset being written; see `drafting`. `raw`: its raw rows, to be there before it is built."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, part: Path, has_before: bool) -> None:
        self._db = connection
        self._part = part
        self.raw = RawRows(connection, has_before)

    def build(self, progress: Callable[[float], None] = lambda share: None) -> list[Counts]:
        """Makes staging and core anew from raw; returns what became of the rows of each new sheet.

        A step whose sources are empty is passed over: it would give nothing. Steps that need nothing of each other are
        taken side by side, for many of them keep one core alone busy.
        """
        self.raw.hold_all()
        rows = _counted(self._db, [name for name in blank.blank().kept if name.startswith("raw.")])
        filled: dict[str, Collection[str]] = {f"raw.{name}": columns for name, columns in self.raw.written.items()}
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
        for counts in self.raw.new:
            self._count(counts)
        return self.raw.new

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
        counts.rows_rejected = self._db.execute(
            "select count(distinct row_number) from core.rejects where sheet_id = ? and column_name is null",
            [counts.sheet_id],
        ).fetchall()[0][0]
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
        self._db.execute(f"attach {text(str(self._part))} as written (read_only)")
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
        connection.execute(f"attach {text(str(part))} as dataset (row_group_size {blank.ROW_GROUP})")
        connection.execute("use dataset")
        blank.attach_work(connection)
        connection.execute(";".join(empty.working))
        if before is not None:
            connection.execute(f"attach {text(str(before))} as before (read_only)")
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
