"""Typed SQL: one SELECT, run in a child process that can read the dataset and nothing else, write nothing, connect nowhere.

Owns how the child is started, what it is given, when it is killed, and the words for its refusals. The dataset, what people
typed (ref.*, with the norms as ref.norms) and the marts, metrics and checks that the text names are handed to it; what was
typed is parsed there, never here. kam.sandbox_child is the child's own half.
"""

from __future__ import annotations

import json
import os
import queue
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa

from kam import norms as norms_of
from kam import queries, sandbox_child, scope
from kam.errors import KamError
from kam.seen import Seen
from kam.tables import load_tables
from kam.workspace import Workspace

SHOWN_ROWS = 1000
EXPORTED_ROWS = 200_000  # "the whole result" as a file: what a spreadsheet still opens without trouble
DEADLINE = 5.0
GRACE = 1.0  # seconds after the deadline until the process is killed
START_SECONDS = 60.0  # opening the dataset on a busy machine; no typed text runs meanwhile
MEMORY = 3 << 30
SHOWN_BYTES = 64 << 20
EXPORTED_BYTES = 512 << 20
AT_ONCE = 2  # questions at a time; others wait, so that the screens keep a processor
WAIT_SECONDS = 15.0
ANSWERS_AT_ONCE = 12  # marts, metrics and checks that one text of a manager may name: each is asked whole before it runs

OFFERED = ("marts.", "core.")  # beside ref.* and raw.*: what is shown as worth asking

_CHILD = Path(sandbox_child.__file__)
_TABLE = re.compile(r'"?\b(' + "|".join(sandbox_child.SCHEMAS) + r')"?\s*\.\s*"?([a-z_][a-z0-9_]*)', re.IGNORECASE)
_PARAMETER = re.compile(r"\$([A-Za-z_]\w*)")
_BOUND = re.compile(r"\$([a-z_][a-z0-9_]*)")
_slots = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Answer:
    """The rows of a typed question; `is_cut`: there are more than were asked for."""

    table: pa.Table
    is_cut: bool
    seconds: float


def ask(
    ws: Workspace,
    text: str,
    as_of: date | None = None,
    values: Mapping[str, str | None] | None = None,
    *,
    rows: int = SHOWN_ROWS,
    seconds: float = DEADLINE,
) -> Answer:
    """The first `rows` rows of a SELECT, types kept. `values`: its $parameters as text; `as_of`: the latest date in the data.

    The marts named take the values of their own parameters from `values` too. Raises KamError for a text that is refused, is
    wrong (with the place), takes too long or too much memory.
    """
    most = SHOWN_BYTES if rows <= SHOWN_ROWS else EXPORTED_BYTES
    return _asked(ws, text, as_of, values or {}, {"rows": rows, "seconds": seconds, "most": most, "explains": False})


def ask_all(ws: Workspace, text: str, as_of: date | None = None, values: Mapping[str, str | None] | None = None) -> Answer:
    """The whole result for an export: EXPORTED_ROWS at most."""
    return ask(ws, text, as_of, values, rows=EXPORTED_ROWS, seconds=4 * DEADLINE)


def explain(ws: Workspace, text: str, as_of: date | None = None, values: Mapping[str, str | None] | None = None) -> str:
    """How the question would be answered: the plan, not run."""
    order = {"rows": SHOWN_ROWS, "seconds": DEADLINE, "most": SHOWN_BYTES, "explains": True}
    plan = _asked(ws, text, as_of, values or {}, order).table
    return "\n".join(str(part) for part in plan.column("explain_value").to_pylist())


def columns(ws: Workspace) -> pa.Table:
    """Every table that can be asked, with its columns and their types: sql_table, sql_column, sql_type."""
    if isinstance(ws, Seen) and ws.scope is not None:
        return _offered(ws, columns(ws.whole))
    tables = [name for name in queries.all_queries() if name.startswith(OFFERED)]
    given = [f"raw.{name}" for name in (*load_tables(), "sheets")] + list(ws.beside()[1]) + ["ref.norms"]
    text = (
        f"/* {' '.join([*tables, *given])} */ "  # what a text names is made
        "select schema_name || '.' || table_name as sql_table, column_name as sql_column, data_type as sql_type "
        "from duckdb_columns() where database_name = 'memory' order by list_position($offered, schema_name), 1, column_index"
    ).replace("$offered", str([layer.removesuffix(".") for layer in (*OFFERED, "ref.", "raw.")]))
    return ask(ws, text, rows=EXPORTED_ROWS, seconds=4 * DEADLINE).table


def _offered(ws: Seen, known: pa.Table) -> pa.Table:
    """Of all columns those that the user's own file, typed tables and answers have."""
    given = (ws.stored() or frozenset()) | {*ws.beside()[1], "ref.norms"}
    pairs = list(zip(known.column("sql_table").to_pylist(), known.column("sql_column").to_pylist(), strict=True))
    of_table: dict[str, list[str]] = {}
    for table, name in pairs:
        of_table.setdefault(table, []).append(name)
    offered = {table for table, names in of_table.items() if table in given or (table.startswith("marts.") and ws.is_offered(table, names))}
    kept = [table in offered and name in scope.OPEN.get(table, (name,)) for table, name in pairs]
    return known.filter(pa.array(kept, pa.bool_()))


def parameters(text: str) -> tuple[str, ...]:
    """The parameters that a text names, as_of aside, in their order."""
    names = dict.fromkeys(_PARAMETER.findall(sandbox_child.spoken(text)))
    return tuple(name for name in names if name != "as_of")


def mart_parameters(text: str) -> dict[str, str]:
    """The parameters with types that the marts, metrics and checks of a text take, as_of aside; left out they are null."""
    taken: dict[str, str] = {}
    for name in _named(text):
        if name in queries.all_queries() and name.split(".")[0] in ("marts", *queries.INLINED):
            taken |= queries.compile_query(name).params
    return {name: kind for name, kind in taken.items() if name not in ("as_of", "scope_manager")}


# What the child is given


def _asked(ws: Workspace, text: str, as_of: date | None, values: Mapping[str, str | None], order: dict[str, Any]) -> Answer:
    if not text.strip():
        raise KamError("errors.sql_blank")
    file, typed = ws.beside()
    as_of = as_of or ws.default_as_of()
    typed |= {"ref.norms": _norms(ws)}
    if ws.scope is None:
        makes, tables = _made(text, ws, as_of, values)
    else:
        makes, answers = _made_for_one(text, ws, as_of, values)
        tables, typed = _named(text) | set(answers), typed | answers
    given = {name: _bytes(typed[name]) for name in sorted(tables) if name in typed}
    order |= {
        "file": str(file),
        "text": text,
        "values": {**{name: value or None for name, value in values.items()}, "as_of": as_of.isoformat() if as_of else None},
        "makes": makes,
        "tables": {name: len(content) for name, content in given.items()},
        "memory": MEMORY,
    }
    started = time.monotonic()
    content = json.dumps(order).encode() + b"\n" + b"".join(given.values())
    said, table = _talk(content, order["seconds"])
    if table is None:
        raise _refusal(said, order["seconds"])
    return Answer(table, bool(said["is_cut"]), time.monotonic() - started)


def _named(text: str) -> set[str]:
    """Whatever in a text may be a table of ours; too many do no harm."""
    return {f"{schema}.{name}".lower() for schema, name in _TABLE.findall(text)}


def _made(text: str, ws: Workspace, as_of: date | None, values: Mapping[str, str | None]) -> tuple[list[str], set[str]]:
    """The statements that make what the text names, and every table that is read by them."""
    tables, views = set(_named(text)), []
    for name in sorted(tables & set(queries.all_queries())):
        if name.split(".")[0] in ("marts", *queries.INLINED):
            compiled = queries.compile_query(name)
            views.append(f"create view {name} as {_with_values(compiled, ws, as_of, values)}")
            tables |= compiled.tables
    stored = [f"create view {name} as select * from dataset.{name}" for name in sorted(tables) if _is_stored(name)]
    return [*(macro.text for macro in queries.macros()), *stored, *views], tables


def _made_for_one(
    text: str, ws: Workspace, as_of: date | None, values: Mapping[str, str | None]
) -> tuple[list[str], dict[str, pa.Table]]:
    """For a manager: the views over the file with own rows, and the answers that the text names, asked here and cut to own
    clients: as views they would need everybody's rows beside them."""
    named, stored = _named(text), ws.stored() or frozenset()
    asked = sorted(name for name in named & set(queries.all_queries()) if name.split(".")[0] in ("marts", *queries.INLINED))
    if len(asked) > ANSWERS_AT_ONCE:
        raise KamError("errors.sql_many_answers", limit=ANSWERS_AT_ONCE)
    answers = {name: ws.fetch(name, norms=None, **_typed_values(name, as_of, values)) for name in asked}
    views = [f"create view {name} as select * from dataset.{name}" for name in sorted(named & stored)]
    return [*(macro.text for macro in queries.macros()), *views], answers


def _typed_values(name: str, as_of: date | None, values: Mapping[str, str | None]) -> dict[str, object]:
    """The values of a mart's parameters as what they are. Raises KamError for a text that is none."""
    params = queries.compile_query(name).params
    found: dict[str, object] = {key: _value(key, text, params[key]) for key, text in values.items() if text and key in params}
    return found | ({"as_of": as_of} if "as_of" in params else {})


def _value(key: str, text: str, kind: str) -> object:
    read: dict[str, Callable[[str], object]] = {"date": date.fromisoformat, "integer": int, "double": float}
    try:
        return read.get(kind, str)(text) if kind != "boolean" else {"true": True, "false": False}[text.lower()]
    except (ValueError, KeyError):
        raise KamError("errors.param_value", param=key, value=text, kind=kind) from None


def _is_stored(table: str) -> bool:
    queries_known = queries.all_queries()
    if table.startswith("raw."):
        return True
    return table in queries_known and table.split(".")[0] in ("staging", "core") and not queries_known[table].is_transient


def _with_values(compiled: queries.Compiled, ws: Workspace, as_of: date | None, values: Mapping[str, str | None]) -> str:
    """A mart as a view: a view has no parameters, so the values stand in its text."""
    known: dict[str, object] = {name: values.get(name) for name in compiled.params}
    if "as_of" in compiled.params:
        known["as_of"] = as_of
    in_force = ws.norms()
    known |= {f"norm_{key}": in_force[key] for key in compiled.norms}
    return _BOUND.sub(lambda found: _literal(known[found.group(1)]), compiled.sql)


def _literal(value: object) -> str:
    if value is None or value == "":
        return "null"
    if isinstance(value, (int, float)):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"


def _norms(ws: Workspace) -> pa.Table:
    """The norms in force: value as text, number where it is one."""
    in_force = ws.norms()
    rows = [
        {"key": norm.key, "value": None if in_force[norm.key] is None else str(in_force[norm.key]),
         "number": in_force[norm.key] if not norm.is_text else None, "unit": norm.unit, "default_value": norm.default}
        for norm in norms_of.load_norms().values()
    ]  # fmt: skip
    names = (("key", pa.string()), ("value", pa.string()), ("number", pa.float64()), ("unit", pa.string()), ("default_value", pa.string()))
    return pa.Table.from_pylist(rows, schema=pa.schema(names))


def _bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


# The child, watched


def _talk(content: bytes, seconds: float) -> tuple[dict[str, Any], pa.Table | None]:
    """Gives the order to a fresh process and takes its answer; kills it when its time or memory is over."""
    if not _slots.acquire(timeout=WAIT_SECONDS):
        raise KamError("errors.sql_busy")
    try:
        child = subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", str(_CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            cwd=_CHILD.anchor,
        )
        try:
            return _heard(child, content, seconds)
        finally:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                with suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]
    finally:
        _slots.release()


def _environment() -> dict[str, str]:
    """Empty; Windows starts no program without its own folder."""
    return {"SYSTEMROOT": os.environ["SYSTEMROOT"]} if os.name == "nt" else {}


def _heard(child: subprocess.Popen[bytes], content: bytes, seconds: float) -> tuple[dict[str, Any], pa.Table | None]:
    assert child.stdin is not None and child.stdout is not None
    stdin, stdout = child.stdin, child.stdout
    heard: queue.Queue[bytes] = queue.Queue()

    def write() -> None:
        with suppress(OSError):  # the child ended early: what it said, or did not, tells why
            stdin.write(content)
            stdin.close()

    def read() -> None:
        with suppress(OSError, ValueError):  # killed meanwhile
            for take in (stdout.readline, stdout.readline, stdout.read):
                heard.put(take())

    for work in (write, read):
        threading.Thread(target=work, daemon=True).start()
    if _next(heard, child, START_SECONDS) != b"ready\n":
        raise KamError("errors.sql_died")
    until = time.monotonic() + seconds + GRACE
    return _understood(lambda: _next(heard, child, until - time.monotonic()), seconds)


def _understood(line: Callable[[], bytes | None], seconds: float) -> tuple[dict[str, Any], pa.Table | None]:
    head, body = line(), line()
    if head is None or body is None:
        return {"error": "slow"}, None
    try:
        said = json.loads(head)
        return said, None if "error" in said else pa.ipc.open_stream(body).read_all()
    except (ValueError, pa.ArrowException):  # it died in the middle of a word
        return {"error": "died"}, None


def _next(heard: queue.Queue[bytes], child: subprocess.Popen[bytes], seconds: float) -> bytes | None:
    """The next thing that the child says; None when the time is over. Its memory is measured meanwhile: on systems that
    limit no address space nothing else would stop it."""
    until = time.monotonic() + seconds
    while True:
        try:
            return heard.get(timeout=max(min(0.1, until - time.monotonic()), 0.001))
        except queue.Empty:
            if _resident(child.pid) > MEMORY:
                child.kill()
                return b'{"error": "memory"}\n'
            if time.monotonic() >= until:
                return None


def _resident(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def _refusal(said: dict[str, Any], seconds: float) -> KamError:
    """What the child said, as a sentence."""
    facts = {name: value for name, value in said.items() if name != "error"}
    kind = said["error"]
    if kind == "sql":
        return KamError("errors.sql_wrong_at" if "line" in facts else "errors.sql_wrong", **facts)
    if kind == "slow":
        return KamError("errors.sql_slow", seconds=round(seconds, 1))
    if kind == "large":
        return KamError("errors.sql_large", limit=facts["limit"] >> 20)
    return KamError(REFUSALS.get(kind, "errors.sql_died"), **facts)


REFUSALS = {
    "too_long": "errors.sql_too_long",
    "blank": "errors.sql_blank",
    "several": "errors.sql_several",
    "no_select": "errors.sql_no_select",
    "changes": "errors.sql_changes",
    "unnamed_parameter": "errors.sql_unnamed_parameter",
    "parameter_missing": "errors.sql_parameter_missing",
    "memory": "errors.sql_memory",
}
