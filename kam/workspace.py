"""The workspace: where the data lies, the dataset in force, and questions asked of it as of a date.

Everybody reads read-only: a question runs on its own cursor over one connection per dataset and process, with what people
typed (norms, rules, the calendar) held beside it in memory as ref.*. Writing is for kam.build under kam.datasets' lock.
"""

from __future__ import annotations

import csv
import hashlib
import os
import threading
import warnings
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from kam import build, queries, restoring
from kam import norms as norms_of
from kam.access import User
from kam.blank import CONFIG
from kam.datasets import Datasets, Manifest
from kam.errors import KamError
from kam.journal import Journal
from kam.workdays import working_index

# execute() plans a question once where sql() plans it twice; the copy that duckdb warns of costs less than the planning.
warnings.filterwarnings("ignore", message="Arrow output on a DB-API result")

DATA = Path(__file__).resolve().parent.parent / "data"
CALENDAR = (date(2000, 1, 1), date(2040, 12, 31))
DICTIONARIES = ("touch_rules", "reasons", "titles", "key_list", "key_criteria", "annual_words")


def default_path() -> Path:
    """KAM_WORKSPACE, else data/workspace."""
    return Path(os.environ.get("KAM_WORKSPACE") or DATA / "workspace")


@dataclass
class _Open:
    """A dataset held open: its connection, the state of the journal that ref.* was made from, and the queries/ref/ made so far."""

    dataset_id: str
    connection: duckdb.DuckDBPyConnection
    made_from: tuple[object, ...] = ()
    made: set[str] = field(default_factory=set)


class Workspace:
    """One workspace. Cheap to make; safe to share between threads.

    Raises KamError for a folder in which no database can be opened.
    user: who asks (None: nobody signs in here); scope: whose clients alone are seen (None: everybody's); kam.seen has both.
    """

    user: User | None = None

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or default_path()
        if "?" in str(self.path.absolute()):  # DuckDB takes it for the query of an address and looks for its log elsewhere
            raise KamError("errors.workspace_path", path=str(self.path.absolute()))
        self.path.mkdir(parents=True, exist_ok=True)
        self.datasets = Datasets(self.path, self._mend)
        self.journal = Journal(self.path / "journal.sqlite")
        self._lock = threading.RLock()
        self._open: _Open | None = None
        self._norms: tuple[object, dict[str, norms_of.Value]] | None = None
        self._said: tuple[int, str] | None = None
        self.kept: dict[tuple[object, ...], Any] = {}  # what views of this workspace found out of a dataset
        self.settle()

    def close(self) -> None:
        with self._lock:
            if self._open is not None:
                self._open.connection.close()
                self._open = None
        self.journal.close()

    # What there is

    @property
    def scope(self) -> str | None:
        return None

    @property
    def key(self) -> str:
        """What tells the answers of this workspace from others' in a cache that sessions share."""
        return str(self.path)

    @property
    def manifest(self) -> Manifest | None:
        """The dataset in force; None while nothing was loaded."""
        self.settle()
        return self.datasets.current()

    def settle(self) -> None:
        """Waits for a restore that is coming in force, or finishes one that was killed: no half of one is ever read."""
        if (self.path / restoring.READY).exists():
            with self.datasets.writing():
                pass

    @property
    def dataset_id(self) -> str | None:
        manifest = self.manifest
        return manifest.dataset_id if manifest else None

    @property
    def is_demo(self) -> bool:
        manifest = self.manifest
        return bool(manifest and manifest.is_demo)

    def default_as_of(self) -> date | None:
        """The latest order or touch date in the data (METHOD 0.1); None where there is neither."""
        return _latest(self._opened())

    def extent(self) -> dict[str, Any]:
        """The row of marts.data_extent: which tables hold rows, the date to begin with, the currency."""
        row: dict[str, Any] = self.fetch("marts.data_extent").to_pylist()[0]
        return row

    def norms(self, trial: Mapping[str, str] | None = None) -> dict[str, norms_of.Value]:
        """The norms in force, or as they would be with the trial values (text)."""
        version = self.journal.version
        if self._norms is None or self._norms[0] != version:
            self._norms = (version, norms_of.values(self.journal.norms()))
        return norms_of.values({**self.journal.norms(), **trial}) if trial else self._norms[1]

    def currency_setting(self) -> str:
        """The workspace's currency as set; empty: the one that most order lines name."""
        return str(self.norms()["currency"] or "")

    def built_by(self) -> str:
        """What a dataset must be built by to be in force: this version of the product, in this currency, with these merges and people."""
        version = self.journal.version
        if self._said is None or self._said[0] != version:
            told = [sorted(pairs.items()) for pairs in (self.journal.merges(), self.journal.people())]
            said = hashlib.sha256(repr(told).encode()).hexdigest()[:16] if any(told) else ""
            self._said = (version, f"{self.currency_setting()}-{said}")
        return f"{build.digest()}-{self._said[1]}"

    def tell(self, draft: build.Draft) -> None:
        """Tells a draft what people typed that shapes a dataset: the currency, which clients and which of our people are one."""
        draft.raw.setting("currency", self.currency_setting())
        draft.raw.merges(self.journal.merges())
        draft.raw.people(self.journal.people())

    def renew(self, progress: Callable[[float], None] = lambda share: None) -> None:
        """Builds the dataset in force anew where what people typed is newer; the next question would do so without a word."""
        with self._lock:
            manifest = self.manifest
            if manifest is not None and manifest.built_by != self.built_by():
                self._build_anew(progress)

    def dictionary(self, name: str) -> list[dict[str, str]]:
        """An editable dictionary's rows: as edited, else as shipped."""
        return self.journal.dictionary(name) or shipped_dictionary(name)

    # Questions

    def fetch(self, name: str, *, norms: Mapping[str, str] | None = None, **params: object) -> pa.Table:
        """The rows of `name` ("marts.client_classes"), whole, as Arrow.

        Parameters left out are null, as_of the latest date in the data. `norms`: values to try instead of those in force.
        Raises KamError while nothing was loaded, and for a query or parameter that does not exist.
        """
        compiled, opened = self._compiled(name, params), self._opened()
        _date(opened, compiled, params)
        return self._run(compiled, self._values(compiled, params, norms), opened)

    def fetch_over(self, name: str, text: str, values: Mapping[str, object], **params: object) -> pa.Table:
        """What is asked of the rows of `name`: SQL that goes on after `with asked as (…),`, with the values it binds."""
        compiled, opened = self._compiled(name, params), self._opened()
        over = replace(compiled, sql=f"with asked as (\n{compiled.sql}\n),\n{text}")
        _date(opened, compiled, params)
        return self._run(over, {**values, **self._values(compiled, params, None)}, opened)

    def _values(
        self, compiled: queries.Compiled, params: dict[str, object], norms: Mapping[str, str] | None
    ) -> dict[str, object]:
        in_force = self.norms(norms)
        return {key: params.get(key) for key in compiled.params} | {f"norm_{key}": in_force[key] for key in compiled.norms}

    def _compiled(self, name: str, params: Mapping[str, object]) -> queries.Compiled:
        try:
            compiled = queries.compile_query(name)
        except KeyError:
            raise KamError("errors.mart_unknown", mart=name) from None
        for key in params:
            if key not in compiled.params:
                raise KamError("errors.param_unknown", param=key, mart=name, known=", ".join(sorted(compiled.params)))
        return compiled

    def _run(self, compiled: queries.Compiled, values: dict[str, object], opened: _Open | None = None) -> pa.Table:
        opened = opened or self._opened()
        if wanted := {table for table in compiled.tables if table.startswith("ref.")}:
            self._renew(opened, wanted)
        cursor = opened.connection.cursor()
        try:
            cursor.execute("use dataset")
            return cursor.execute(compiled.sql, values).to_arrow_table()
        finally:
            cursor.close()

    def _opened(self) -> _Open:
        with self._lock:
            manifest = self.manifest
            if manifest is not None and manifest.built_by != self.built_by():
                manifest = self._build_anew()
            if manifest is None:
                raise KamError("errors.workspace_empty")
            if self._open is not None and self._open.dataset_id == manifest.dataset_id:
                return self._open
            try:
                self._open = _connect(manifest.dataset_id, self.datasets.path(manifest.dataset_id))
            except duckdb.IOException:
                if self.datasets.pointed() == manifest.dataset_id:
                    raise
                return self._opened()  # replaced and taken away between two looks
            return self._open

    def _build_anew(self, progress: Callable[[float], None] = lambda share: None) -> Manifest | None:
        """Builds a dataset of another version, currency or merges anew from its raw rows; it takes the old one's place.

        What another process built or loaded while this one waited for its turn is not lost.
        """
        built_by = self.built_by()  # what is typed meanwhile makes the next one
        with self.datasets.writing() as dataset_id:
            old = self.datasets.current()
            if old is None or old.built_by == built_by:
                return old
            part = self.datasets.part(dataset_id)
            with build.drafting(part, self.datasets.path(old.dataset_id)) as draft:
                self.tell(draft)
                draft.build(progress)
                draft.finish()
            return self.datasets.publish(dataset_id, old.before_id, old.is_demo, built_by, old.import_id)

    def _mend(self) -> None:
        """What killed writers left half done: a restore is finished, the log of imports agrees with CURRENT again."""
        restoring.finish(self.path, self.datasets, self.journal)
        last = self.datasets.last_import()
        if last is not None:
            self.journal.strike_out_after(last or None)

    def beside(self) -> tuple[Path, dict[str, pa.Table]]:
        """The file of the dataset in force and every table of ref.*: what another process needs to answer a question."""
        opened = self._opened()
        self._renew(opened, {query.name for query in queries.build_order(("ref",))})
        cursor = opened.connection.cursor()
        try:
            names = cursor.execute("select 'ref.' || table_name from duckdb_tables() where database_name = 'ref'").fetchall()
            tables = {name: cursor.execute(f"from {name}").to_arrow_table() for (name,) in names}
        finally:
            cursor.close()
        return self.datasets.path(opened.dataset_id).resolve(), tables

    def own_clients(self) -> frozenset[str] | None:
        """The ids of the clients that whoever asks may see; None: of all."""
        return None

    def stored(self) -> frozenset[str] | None:
        """The tables that the file of `beside` holds; None: all that the product makes."""
        return None

    # What people typed, beside the data

    def _renew(self, opened: _Open, wanted: Set[str]) -> None:
        """Makes ref.* anew when a dictionary, the country or an answer about two clients or people was changed since it was made.

        What queries/ref/ makes of them waits for the first question that wants it, and is then kept up with the rest.
        """
        with self._lock:
            rows = {name: self.dictionary(name) for name in DICTIONARIES}
            country = str(self.norms()["country"])
            distinct = {"distinct_pairs": sorted(self.journal.distinct()), "distinct_people": sorted(self.journal.distinct_people())}
            made_from = (country, repr(rows), repr(distinct))
            is_old = opened.made_from != made_from
            missing = queries.reached(wanted, ("ref",)) - opened.made
            if not (is_old or missing):
                return
            cursor = opened.connection.cursor()
            cursor.execute("use dataset")
            cursor.execute("begin")
            if is_old:
                _put(cursor, "calendar", _calendar(country))
                for name, pairs in distinct.items():
                    _put(cursor, name, pa.table({"pair": pa.array(pairs, pa.string())}))
                for name in DICTIONARIES:
                    _put(cursor, name, _as_table(name, rows[name]))
                missing |= opened.made
            for query in queries.build_order(("ref",)):
                if query.name in missing:
                    cursor.execute(f"create or replace table {query.name} as {query.text}")
            cursor.execute("commit")
            cursor.close()
            opened.made_from = made_from
            opened.made |= missing


def _connect(dataset_id: str, file: Path) -> _Open:
    connection = duckdb.connect(":memory:", config=CONFIG)
    connection.execute(f"attach '{str(file).replace(chr(39), chr(39) * 2)}' as dataset (read_only)")
    connection.execute("attach ':memory:' as ref")
    return _Open(dataset_id, connection)


def _latest(opened: _Open) -> date | None:
    cursor = opened.connection.cursor()
    try:
        cursor.execute("use dataset")
        rows = cursor.execute(f"select default_as_of from ({queries.compile_query('marts.data_extent').sql})").fetchall()
    finally:
        cursor.close()
    latest: date | None = rows[0][0]
    return latest


def _date(opened: _Open, compiled: queries.Compiled, params: dict[str, object]) -> None:
    """Where no date is given: the latest of the very rows that are asked, whatever is loaded meanwhile."""
    if compiled.params.get("as_of") and params.get("as_of") is None:
        params["as_of"] = _latest(opened)


def _put(cursor: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    cursor.register("incoming", table)
    cursor.execute(f"create or replace table ref.{name} as select * from incoming")
    cursor.unregister("incoming")


@lru_cache(maxsize=4)
def _calendar(country: str) -> pa.Table:
    days = working_index(country, *CALENDAR)
    return pa.table({"day": [day for day, _ in days], "working_index": pa.array([n for _, n in days], pa.int32())})


@lru_cache(maxsize=8)
def _shipped(name: str) -> tuple[tuple[str, ...], tuple[dict[str, str], ...]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = tuple(dict(row) for row in reader)
        return tuple(reader.fieldnames or ()), rows


def shipped_dictionary(name: str) -> list[dict[str, str]]:
    """A dictionary's rows as shipped in data/<name>.csv."""
    return [dict(row) for row in _shipped(name)[1]]


def _as_table(name: str, rows: list[dict[str, str]]) -> pa.Table:
    columns = _shipped(name)[0]
    return pa.table({column: pa.array([row.get(column) or None for row in rows], pa.string()) for column in columns})
