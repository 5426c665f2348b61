"""What the processes of tests/torture.py do: one runs a command and may be killed on the way, one looks at a workspace.

They are forked from a server that has imported the product already and opened nothing.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from kam import audit, cli, imports
from kam.errors import KamError
from kam.workspace import Workspace

# What changes a folder: before each of these a process may be killed. Kinds of sys.audit.
STEPS = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.copyfile", "sqlite3.connect")
SUMS = "select strftime(ordered_on, '%Y-%m') as month, count(*) as lines, sum(amount)::bigint as amount from asked group by all order by all"
Months = tuple[tuple[str, int, int], ...]


class Seen(NamedTuple):
    """A workspace as its user sees it: lines and money by month, the imports in force by the log, the currency as set."""

    months: Months
    log: tuple[str, ...]
    currency: str


def act(root: Path, commands: list[list[str]], said: Path, fatal_step: int | None) -> None:
    """Runs commands of the product; writes what they print, their exit code and the steps taken to `said`.

    `fatal_step`: before this change of the workspace's folder the process kills itself.
    """
    out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    steps = _watch(root, fatal_step)
    code = next((code for command in commands if (code := _run(root, command))), 0)
    sys.stdout.flush()
    os.write(1, f"\n{json.dumps({'code': code, 'steps': steps[0]})}".encode())


def _run(root: Path, command: list[str]) -> int:
    if command != ["renew"]:
        return cli.main(["--workspace", str(root), "--lang", "en", *command])
    ws = Workspace(root)  # what the next question asked does
    ws.renew()
    ws.close()
    return 0


def _watch(root: Path, fatal_step: int | None) -> list[int]:
    steps = [0]

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event in STEPS and any(str(root) in str(argument) for argument in arguments[:2]):
            steps[0] += 1
            if steps[0] == fatal_step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(note)
    return steps


def look(root: Path) -> Seen:
    """Opens the workspace as a new process does and reads all of it."""
    ws = Workspace(root)
    try:
        past = [one for one in reversed(imports.history(ws)) if one.undone_at is None]
        return Seen(sums(ws), tuple(str(one.files[0]["file"]) for one in past), ws.currency_setting())
    finally:
        ws.close()


def sums(ws: Workspace) -> Months:
    """Lines and money by month; nothing in an empty workspace."""
    try:
        rows = ws.fetch_over("marts.explore_orders", SUMS, {}).to_pylist()
    except KamError as error:
        if error.key != "errors.workspace_empty":
            raise
        return ()
    return tuple((row["month"], row["lines"], row["amount"]) for row in rows)


def read_whole(file: Path) -> None:
    with duckdb.connect(str(file), read_only=True) as connection:
        for (table,) in connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall():
            connection.execute(f"select * from {table}").fetchall()


def leavings(root: Path, temporary: Path) -> list[str]:
    """What stands in the workspace, or beside it for a while, and belongs to nothing in force. Opens every dataset that is kept."""
    ws = Workspace(root)
    try:
        manifest, chain = ws.datasets.current(), []
        while manifest is not None:
            read_whole(ws.datasets.path(manifest.dataset_id))
            chain.append(manifest.dataset_id)
            before = manifest.before_id
            manifest = ws.datasets.manifest(before) if before and (ws.datasets.root / f"ds-{before}.json").exists() else None
        hashes = {sheet["hash"] for one in ws.journal.imports() for sheet in one.files}
    finally:
        ws.close()
    known = {"CURRENT", "lock", "journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm"}
    known |= {f"datasets/ds-{dataset_id}.{kind}" for dataset_id in chain for kind in ("duckdb", "json")}
    known |= {f"files/{one}.csv" for one in hashes}
    known |= {f"{audit.FOLDER}/lock", *(path.relative_to(root).as_posix() for path in audit.files(root))}
    there = {path.relative_to(root).as_posix() for path in root.rglob("*")} - {"datasets", "files", audit.FOLDER}
    return sorted(there - known) + sorted(path.name for path in temporary.glob("ritm-*"))


def read_on(root: Path, answers: Path, over: Path, opens_anew: bool) -> None:
    """Reads again and again until the file `over` is there; a line of `answers` for each answer, or for what went wrong."""
    ws = Workspace(root)
    with answers.open("w", encoding="utf-8") as out:
        while not over.exists():
            try:
                answer: object = sums(ws)
            except Exception as error:
                answer = f"{type(error).__name__}: {error}"
            out.write(json.dumps(answer) + "\n")
            if opens_anew:
                ws.close()
                ws = Workspace(root)
            time.sleep(0.002)
    ws.close()
