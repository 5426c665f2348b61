"""What people typed: changed norms, edited dictionaries, corrections of headers, the log of imports, the tables of kam.minutes.

The only importer of sqlite3. One small transaction a change; a version that moves with every change, so that what is
held in memory elsewhere knows when to renew itself. Holds no client's data but what people typed.
"""

from __future__ import annotations

import copy
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kam import audit
from kam.errors import KamError

_SCHEMA = """
create table if not exists entries (
    kind text not null, key text not null, value text not null, changed_at text not null, primary key (kind, key)
);
create table if not exists changes (
    id integer primary key autoincrement, kind text not null, key text not null,
    before text, after text, changed_at text not null, who text
);
create table if not exists reviews (
    id integer primary key autoincrement, held_on text not null, as_of text not null, manager text,
    closed_at text not null, figures blob not null, lines blob not null, is_demo integer not null default 0
);
create table if not exists decisions (
    id integer primary key autoincrement, review_id integer references reviews, manager text,
    client_id text, client_name text, item_id text, made_on text not null,
    what text not null, who text not null, due_on text not null, history text not null,
    is_demo integer not null default 0
);
create table if not exists set_asides (
    item_id text not null, set_on text not null, until text not null, reason text not null,
    is_demo integer not null default 0, primary key (item_id, is_demo)
);
create table if not exists asked (
    id integer primary key autoincrement, text text not null, given text not null, row_count integer, asked_at text not null, who text
);
create table if not exists imports (
    id integer primary key autoincrement, dataset_id text not null, before_id text,
    mode text not null, is_demo integer not null default 0,
    files text not null, imported_at text not null, undone_at text
);
"""

SAID = ("review", "decision", "set_aside")
QUESTIONS = ("question", "pinned", "agenda")
ASKED_KEPT = 200
# What a change is called in the audit log, by its kind here.
ACTIONS = {
    "norm": "norm", "dictionary": "dictionary", "correction": "correction", "merge": "match", "distinct": "match", "person": "match",
    "distinct_person": "match", "question": "question", "pinned": "question", "agenda": "question", "decision": "decision",
    "set_aside": "set_aside", "review": "close_review",
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One thing that somebody changed: None before or after means the shipped value."""

    kind: str
    key: str
    before: str | None
    after: str | None
    changed_at: str


@dataclass(frozen=True)
class Import:
    """One import of the log: `files` is what was loaded, as kam.imports wrote it down, enough to load it again."""

    number: int
    dataset_id: str
    before_id: str | None
    mode: str
    files: list[dict[str, Any]]
    imported_at: str
    undone_at: str | None
    is_demo: bool


@dataclass(frozen=True)
class Asked:
    """One question of the history: its text, the values of its parameters, the rows shown (None: it was refused)."""

    number: int
    text: str
    values: dict[str, str]
    row_count: int | None
    asked_at: str


class Journal:
    """The journal of one workspace; safe to share between threads and beside other processes."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._workspace = path.parent
        self._who: str | None = None
        self._is_locked = False
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
        self._db.execute("pragma journal_mode = wal")
        self._db.executescript(_SCHEMA)
        self._bring_up_to_date()

    def of(self, who: str, is_locked: bool) -> Journal:
        """The same journal in a user's hands: what is typed bears the name. is_locked: every change raises KamError but those
        that the caller of `change` says are the user's own."""
        found = copy.copy(self)
        found._who, found._is_locked = who, is_locked
        return found

    @property
    def who(self) -> str | None:
        """In whose hands the journal is; None where nobody signs in."""
        return self._who

    @property
    def is_locked(self) -> bool:
        """Whether these hands may not change what belongs to all."""
        return self._is_locked

    def told(self, action: str, what: str = "", **facts: Any) -> None:
        """Writes into the audit log what whoever holds this journal did (kam.audit)."""
        audit.note(self._workspace, self._who, action, what, **facts)

    def _bring_up_to_date(self) -> None:
        """A journal of an earlier version did not say who typed what, nor what belongs to the demo: all it holds counts as
        one's own."""
        for table in ("changes", "asked"):
            if "who" not in {row[1] for row in self._db.execute(f"pragma table_info({table})")}:
                self._db.execute(f"alter table {table} add column who text")
        for table in ("imports", "reviews", "decisions", "set_asides"):
            if "is_demo" not in {row[1] for row in self._db.execute(f"pragma table_info({table})")}:
                self._db.execute(f"alter table {table} add column is_demo integer not null default 0")
        if self._db.execute("select count(*) from pragma_table_info('set_asides') where pk > 0").fetchone() == (1,):
            self._db.executescript(f"""
                begin immediate;
                alter table set_asides rename to set_asides_before;
                {_SCHEMA}
                insert into set_asides select * from set_asides_before;
                drop table set_asides_before;
                commit;
            """)
        for table in ("set_asides", "decisions"):
            self._tidy_items(table)

    def _tidy_items(self, table: str) -> None:
        """Promises that are known by client and text had stray spaces in their ids: what was said of them stays with them."""
        stray = "(instr(item_id, ': ') = instr(item_id, ':') and instr(item_id, ':') > 0 or instr(item_id, '  · ') > 0)"
        if self._db.execute(f"select 1 from {table} where {stray} limit 1").fetchone():
            section, promise = "substr(item_id, 1, instr(item_id, ':'))", "ltrim(substr(item_id, instr(item_id, ':') + 1))"
            tidy = f"{section} || replace(replace({promise}, '  ', ' '), '  ', ' ')"
            self._db.execute(f"update or replace {table} set item_id = {tidy} where {stray}")

    def close(self) -> None:
        with self._lock:
            self._db.close()

    # The whole of it, for backups

    def copy_to(self, file: Path) -> None:
        """Writes a whole copy as of this moment, while others go on reading and writing."""
        with self._lock, closing(sqlite3.connect(file)) as copy:
            self._db.backup(copy)
            copy.execute("pragma journal_mode = delete")

    def take_over(self, file: Path, made_at: str) -> None:
        """Puts what a copy holds in the place of everything, in one step that other processes see whole.

        The version moves on beyond both: nobody may take an answer from before for one from now.
        """
        with self._lock, closing(sqlite3.connect(file)) as copy:
            before = self._newest()
            copy.backup(self._db)
            self._db.executescript(_SCHEMA)
            self._bring_up_to_date()
            with self.change() as db:
                now = datetime.now(UTC).isoformat(timespec="seconds")
                db.execute(
                    "insert into changes (id, kind, key, before, after, changed_at) values (?, 'restored', 'backup', null, ?, ?)",
                    (max(before, self._newest()) + 1, made_at, now),
                )

    def _newest(self) -> int:
        return int(self.rows("select coalesce(max(id), 0) from changes")[0][0])

    @staticmethod
    def is_whole(file: Path) -> bool:
        """Whether a file is a journal that can be read to its end."""
        try:
            with closing(sqlite3.connect(file)) as db:
                tables = {row[0] for row in db.execute("select name from sqlite_master")}
                return {"entries", "changes", "imports"} <= tables and db.execute("pragma quick_check").fetchall() == [("ok",)]
        except sqlite3.DatabaseError:
            return False

    @contextmanager
    def change(self, is_own: bool = False) -> Iterator[sqlite3.Connection]:
        """One small transaction: all of it is kept, or nothing. is_own: it is whoever's own matter and needs no leave.

        Raises KamError for a user who may not change what belongs to all."""
        if self._is_locked and not is_own:
            raise KamError("errors.not_allowed")
        with self._lock:
            self._db.execute("begin immediate")
            try:
                yield self._db
            except BaseException:
                self._db.execute("rollback")
                raise
            self._db.execute("commit")

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a question finds, whole."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def note(self, db: sqlite3.Connection, kind: str, key: str, before: str | None, after: str | None) -> None:
        """Writes down what became of what, within the transaction that changes it: here, and in the audit log."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        values = (kind, key, before, after, now, self._who)
        db.execute("insert into changes (kind, key, before, after, changed_at, who) values (?, ?, ?, ?, ?, ?)", values)
        self.told(ACTIONS[kind], key, kind=kind if ACTIONS[kind] in ("match", "question") else None, **_told(kind, before, after))

    def author(self, kind: str, key: str) -> str | None:
        """Who typed a thing first; None where nobody signed in, and for what is not there."""
        rows = self.rows("select who from changes where kind = ? and key = ? order by id limit 1", kind, key)
        return rows[0][0] if rows else None

    # What is typed: (kind, key) → text

    def _get(self, kind: str, key: str) -> str | None:
        rows = self.rows("select value from entries where kind = ? and key = ?", kind, key)
        return rows[0][0] if rows else None

    def _set(self, kind: str, key: str, value: str | None) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self.change() as db:
            before = self._get(kind, key)
            if before == value:
                return
            if value is None:
                db.execute("delete from entries where kind = ? and key = ?", (kind, key))
            else:
                db.execute("insert or replace into entries values (?, ?, ?, ?)", (kind, key, value, now))
            self.note(db, kind, key, before, value)

    @property
    def version(self) -> int:
        """Moves with every change of a norm, a dictionary or a correction; 0 while nothing was typed.

        What is said at reviews changes no answer of the data, nor does a saved question, and neither moves it.
        """
        return self.newest_change(but=(*SAID, *QUESTIONS))

    def newest_change(self, only: tuple[str, ...] = (), but: tuple[str, ...] = ()) -> int:
        """The number of the newest change, of some kinds only or of all but some; 0 where there is none."""
        kinds, how = (only, "in") if only else (but, "not in")
        marks = ", ".join("?" * len(kinds))
        return int(self.rows(f"select coalesce(max(id), 0) from changes where kind {how} ({marks})", *kinds)[0][0])

    def changes(self, kind: str | None = None, limit: int = 200) -> list[Change]:
        """The newest changes first."""
        rows = self.rows(
            "select kind, key, before, after, changed_at from changes where ? is null or kind = ? order by id desc limit ?",
            kind, kind, limit,
        )  # fmt: skip
        return [Change(*row) for row in rows]

    def norms(self) -> dict[str, str]:
        """The norms that differ from their defaults, as text."""
        return dict(self.rows("select key, value from entries where kind = 'norm'"))

    def set_norm(self, key: str, value: str | None) -> None:
        """Keeps a norm's new value; None goes back to the default. Checking it is the caller's (kam.norms)."""
        self._set("norm", key, value)

    def dictionary(self, name: str) -> list[dict[str, str]] | None:
        """An edited dictionary's rows; None while the shipped one is in force."""
        text = self._get("dictionary", name)
        return None if text is None else json.loads(text)

    def set_dictionary(self, name: str, rows: list[dict[str, str]] | None) -> None:
        self._set("dictionary", name, None if rows is None else json.dumps(rows, ensure_ascii=False))

    def correction(self, fingerprint: str) -> dict[str, Any] | None:
        """What the user said about sheets with these headers, or None."""
        text = self._get("correction", fingerprint)
        return None if text is None else json.loads(text)

    def set_correction(self, fingerprint: str, correction: dict[str, Any] | None) -> None:
        text = None if correction is None else json.dumps(correction, ensure_ascii=False)
        self._set("correction", fingerprint, text)

    # Which clients are one: the name or id of the one that goes → of the one that stays

    def merges(self) -> dict[str, str]:
        return dict(self.rows("select key, value from entries where kind = 'merge' order by key"))

    def set_merge(self, merged: str, stays: str | None) -> None:
        """Keeps that one client is another; None takes it back. Refusing rings is the caller's (kam.merges)."""
        self._set("merge", merged, stays)

    def distinct(self) -> set[str]:
        """The pairs that the user said to be two clients, as checks.near_clients names each."""
        return {key for (key,) in self.rows("select key from entries where kind = 'distinct'")}

    def set_distinct(self, pair: str, names: str | None) -> None:
        """Keeps that a pair is two clients, with their names as they were shown; None takes it back."""
        self._set("distinct", pair, names)

    # Which of our people are one: the name that goes → the name that stays

    def people(self) -> dict[str, str]:
        return dict(self.rows("select key, value from entries where kind = 'person' order by key"))

    def set_person(self, merged: str, stays: str | None) -> None:
        """Keeps that one name is another's; None takes it back. Refusing rings is the caller's (kam.people)."""
        self._set("person", merged, stays)

    def distinct_people(self) -> set[str]:
        """The pairs that the user said to be two people, as checks.near_people names each."""
        return {key for (key,) in self.rows("select key from entries where kind = 'distinct_person'")}

    def set_distinct_people(self, pair: str, names: str | None) -> None:
        """Keeps that a pair is two people, with their names as they were shown; None takes it back."""
        self._set("distinct_person", pair, names)

    def answers(self, kind: str) -> list[Change]:
        """What is kept of a kind, the newest first: `key` → `after`."""
        rows = self.rows("select kind, key, null, value, changed_at from entries where kind = ? order by rowid desc", kind)
        return [Change(*row) for row in rows]

    # Questions saved and pinned, and the history of what was asked

    def questions(self) -> dict[str, str]:
        """Saved questions by their code, the oldest first; what is in them is for kam.questions."""
        return dict(self.rows("select key, value from entries where kind = 'question' order by rowid"))

    def set_question(self, code: str, value: str | None) -> None:
        self._set("question", code, value)

    def pinned(self) -> list[str]:
        """The codes of the questions on the home page, in the order in which they were pinned."""
        return [key for (key,) in self.rows("select key from entries where kind = 'pinned' order by rowid")]

    def set_pinned(self, code: str, is_pinned: bool) -> None:
        self._set("pinned", code, "1" if is_pinned else None)

    def on_agenda(self) -> list[str]:
        """The codes of the questions on the weekly agenda, in the order in which they were put there."""
        return [key for (key,) in self.rows("select key from entries where kind = 'agenda' order by rowid")]

    def set_on_agenda(self, code: str, is_there: bool) -> None:
        self._set("agenda", code, "1" if is_there else None)

    def add_asked(self, text: str, values: dict[str, str], row_count: int | None) -> None:
        """Keeps a question in the history, the last of its kind only; None rows: it was refused."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        given = json.dumps(values, ensure_ascii=False)
        with self.change(is_own=True) as db:
            db.execute("delete from asked where text = ? and given = ? and who is ?", (text, given, self._who))
            db.execute(
                "insert into asked (text, given, row_count, asked_at, who) values (?, ?, ?, ?, ?)", (text, given, row_count, now, self._who)
            )
            db.execute(
                "delete from asked where who is ? and id not in (select id from asked where who is ? order by id desc limit ?)",
                (self._who, self._who, ASKED_KEPT),
            )

    def asked(self) -> list[Asked]:
        """The history of whoever holds the journal, the newest first."""
        rows = self.rows("select id, text, given, row_count, asked_at from asked where who is ? order by id desc", self._who)
        return [Asked(row[0], row[1], json.loads(row[2]), row[3], row[4]) for row in rows]

    # The log of imports

    def add_import(self, dataset_id: str, before_id: str | None, mode: str, is_demo: bool, files: list[dict[str, Any]]) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self.change() as db:
            db.execute(
                "insert into imports (dataset_id, before_id, mode, is_demo, files, imported_at) values (?, ?, ?, ?, ?, ?)",
                (dataset_id, before_id, mode, is_demo, json.dumps(files, ensure_ascii=False), now),
            )
            for file in files:
                rows = {"table": file["table"], "sheet": file["sheet"], "rows": file["rows_loaded"], "rejected": file["rows_rejected"]}
                self.told("load", str(file["file"]), mode=mode, **rows, demo=is_demo or None)

    def strike_out_after(self, dataset_id: str | None) -> None:
        """Marks as undone what was imported after that dataset's import: what was undone, or killed before it came in force.

        None: everything. A dataset that the log does not know strikes out nothing.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self.change() as db:
            db.execute(
                "update imports set undone_at = ?1 where undone_at is null "
                "and id > iif(?2 is null, 0, (select max(id) from imports where dataset_id = ?2))",
                (now, dataset_id),
            )

    def imports(self) -> list[Import]:
        """Every import, the newest first."""
        rows = self.rows("select id, dataset_id, before_id, mode, files, imported_at, undone_at, is_demo from imports order by id desc")
        return [Import(row[0], row[1], row[2], row[3], json.loads(row[4]), row[5], row[6], bool(row[7])) for row in rows]


def _told(kind: str, before: str | None, after: str | None) -> dict[str, str | int | None]:
    """What the audit log says of a change: small things whole, of a dictionary the rows that came and went."""
    if kind == "dictionary" and (before is None or after is None):
        return {"rows": None if after is None else len(json.loads(after)), "after": "shipped" if after is None else None}
    if kind == "dictionary":
        old, new = (_rows_of(text) for text in (before, after))
        came, went = ([row for row in one if row not in other] for one, other in ((new, old), (old, new)))
        return {"added": "; ".join(came) or None, "removed": "; ".join(went) or None}
    if kind in ("correction", "question"):
        return {"after": "removed" if after is None else None}
    if kind == "decision":
        return {"before": _decided(before), "after": _decided(after) or "removed"}
    if kind == "norm":
        return {"before": before or "shipped", "after": after or "shipped"}
    return {"before": before, "after": after}


def _rows_of(text: str | None) -> list[str]:
    rows = json.loads(text) if text else []
    return [" · ".join(str(value) for value in row.values() if value) for row in rows]


def _decided(text: str | None) -> str | None:
    """A decision as it reads; of its steps the last."""
    if text is None or not text.startswith("["):
        return text
    steps = json.loads(text)
    return " ".join(str(steps[-1][name]) for name in ("status", "day", "reason") if steps[-1][name]) if steps else "open"
