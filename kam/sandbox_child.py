"""The child process that runs typed SQL: the order on stdin, the answer on stdout; nothing else goes in or out.

Run by kam.sandbox as a script of its own, isolated, with an empty environment; imports nothing of the product. It limits
itself, opens the dataset read-only, makes the views asked for, locks everything, and only then looks at what was typed.
Even its parsing is done here: a text that takes the parser along takes nothing else along.

Order: a line of JSON, then the tables of ref.* as Arrow streams, one after another. Answer: the line "ready", then a line
of JSON (`error`, or `is_cut`), then the rows as one Arrow stream.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
from datetime import date
from typing import Any, BinaryIO

import duckdb
import pyarrow as pa

UNWANTED_FILES = 3  # stdin, stdout and stderr are open already: no number is left for another
TEXT_LIMIT = 20_000
SCHEMAS = ("raw", "staging", "core", "ref", "marts", "metrics", "checks")
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
# The order matters: external access and the file system are shut when everything is open, the lock comes last.
SETTINGS = (
    "allow_persistent_secrets = false",
    "secret_directory = '/nowhere'",
    "home_directory = '/nowhere'",
    "allow_community_extensions = false",
    "python_enable_replacements = false",
    "memory_limit = '512MB'",
    "threads = 2",
    "temp_directory = ''",
    "max_expression_depth = 250",
    "pivot_limit = 500",
    "max_execution_time = {milliseconds}",
    "errors_as_json = true",
    "enable_external_access = false",
    "disabled_filesystems = 'LocalFileSystem'",
    "lock_configuration = true",
)
_CHANGES = re.compile(r'"type":"(INSERT|UPDATE|DELETE|MERGE_INTO|MERGE)_QUERY_NODE"')
_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,15})?")
# Strings, quoted names, comments, texts in dollars.
_SILENT = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/|\$\$.*?\$\$", re.DOTALL)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class RefusedError(Exception):
    """Why a text is not run: `error` is a word that kam.sandbox has a sentence for."""

    def __init__(self, error: str, **facts: Any) -> None:
        super().__init__(error)
        self.said = {"error": error, **facts}


def limit(memory: int, seconds: float) -> None:
    """Address space, file size nothing, processor time; a system without such limits has the parent's watchdog."""
    try:
        import resource
    except ImportError:  # Windows
        return
    processor = int(seconds * 3) + 30
    wanted = (("RLIMIT_AS", memory), ("RLIMIT_FSIZE", 0), ("RLIMIT_CORE", 0), ("RLIMIT_CPU", processor))
    for name, value in wanted:
        with contextlib.suppress(ValueError, OSError):  # macOS knows the name and refuses some values
            resource.setrlimit(getattr(resource, name), (value, value))
    os.nice(10)  # other sessions come first


def open_no_more() -> None:
    """From here on no file and no socket can be opened, whoever asks for it."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_NOFILE, (UNWANTED_FILES, UNWANTED_FILES))


def opened(order: dict[str, Any], tables: dict[str, pa.Table]) -> duckdb.DuckDBPyConnection:
    """The dataset, what people typed and the views asked for, locked."""
    db = duckdb.connect(":memory:", config=CONFIG)
    db.execute(f"attach '{order['file'].replace(chr(39), chr(39) * 2)}' as dataset (read_only)")
    for schema in SCHEMAS:
        db.execute(f"create schema {schema}")
    for name, table in tables.items():
        db.register("incoming", table)
        db.execute(f"create table {name} as select * from incoming")
        db.unregister("incoming")
    for statement in order["makes"]:
        db.execute(statement)
    for setting in SETTINGS:
        db.execute("set " + setting.format(milliseconds=int(order["seconds"] * 1000)))
    return db


def accepted(db: duckdb.DuckDBPyConnection, text: str) -> tuple[str, int, set[str]]:
    """The one SELECT that a text is, without its semicolon; at which byte of the text it begins; the names of its parameters.

    Raises RefusedError.
    """
    if len(text) > TEXT_LIMIT:
        raise RefusedError("too_long", length=len(text), limit=TEXT_LIMIT)
    statements = db.extract_statements(text)
    if not statements:
        raise RefusedError("blank")
    if len(statements) > 1:
        raise RefusedError("several", count=len(statements))
    (statement,) = statements
    if _kind(statement) != "SELECT":
        raise RefusedError("no_select", kind=_kind(statement))
    if _CHANGES.search(_tree(db, text)):
        raise RefusedError("changes")
    if any(name.isdigit() for name in statement.named_parameters):
        raise RefusedError("unnamed_parameter")
    begins = len(text[: max(text.find(statement.query), 0)].encode())
    return statement.query[: _end(statement.query)], begins, set(statement.named_parameters)


def _kind(statement: duckdb.Statement) -> str:
    try:
        return statement.type.name.replace("_", " ")
    except ValueError:  # DuckDB parses kinds that its Python module has no name for
        return "OTHER"


def spoken(text: str) -> str:
    """The text with everything in quotes and comments blanked out, letter for letter."""
    return _SILENT.sub(lambda found: " " * len(found.group()), text)


def _end(query: str) -> int:
    end = spoken(query).find(";")
    return len(query) if end < 0 else end


def _tree(db: duckdb.DuckDBPyConnection, text: str) -> str:
    """The statement as the parser sees it; text inside it cannot look like a node, its quotes are escaped."""
    return str(db.execute("select json_serialize_sql($text)", {"text": text}).fetchall()[0][0])


def answered(db: duckdb.DuckDBPyConnection, order: dict[str, Any]) -> tuple[dict[str, Any], pa.Table | None]:
    """What is said and the rows, for a text; every failure becomes something said."""
    start = 0  # of the typed text within the one that runs, in bytes
    try:
        query, begins, names = accepted(db, order["text"])
        head = ("EXPLAIN " if order["explains"] else "") + "SELECT * FROM (\n"
        wrapped = f"{head}{query}\n) LIMIT {order['rows'] + 1}"
        start = len(head) - begins
        again = db.extract_statements(wrapped)
        if [_kind(statement) for statement in again] != ["EXPLAIN" if order["explains"] else "SELECT"]:
            raise RefusedError("several", count=len(again))
        return _rows(db, order, wrapped, names)
    except RefusedError as refusal:
        return refusal.said, None
    except duckdb.Error as error:
        return _failure(str(error), order, start), None
    except (MemoryError, pa.ArrowMemoryError):
        return {"error": "memory"}, None
    except pa.ArrowException as error:
        return {"error": "sql", "what": str(error)[:500]}, None


def _rows(db: duckdb.DuckDBPyConnection, order: dict[str, Any], query: str, names: set[str]) -> tuple[dict[str, Any], pa.Table]:
    values = _values(order, names)
    table: pa.Table
    try:
        table = db.execute(query, values).to_arrow_table()
    except duckdb.BinderException:
        # Text stands for any type in a comparison, but not in arithmetic: there a number must come as one.
        guessed = {name: _guess(value) for name, value in values.items()}
        if guessed == values:
            raise
        table = db.execute(query, guessed).to_arrow_table()
    is_cut = table.num_rows > order["rows"] and not order["explains"]
    rows = table.slice(0, order["rows"])
    return {"is_cut": is_cut}, rows.rename_columns(_told_apart(rows.column_names))


def _values(order: dict[str, Any], names: set[str]) -> dict[str, Any]:
    known = {name: value for name, value in order["values"].items() if name in names}
    missing = sorted(names - set(known))
    if missing:
        raise RefusedError("parameter_missing", names=", ".join(missing))
    if known.get("as_of"):
        known["as_of"] = date.fromisoformat(known["as_of"])
    return known


def _guess(value: Any) -> Any:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return float(value) if "." in value else int(value)
    if isinstance(value, str) and _DAY.fullmatch(value):
        with contextlib.suppress(ValueError):
            return date.fromisoformat(value)
    return value


def _told_apart(names: list[str]) -> list[str]:
    """Column names, each once: SQL lets two columns have the same, a table on a screen does not."""
    apart: dict[str, None] = {}
    for name in names:
        fresh, number = name, 2
        while fresh in apart:
            fresh, number = f"{name}_{number}", number + 1
        apart[fresh] = None
    return list(apart)


def _failure(message: str, order: dict[str, Any], start: int) -> dict[str, Any]:
    """What went wrong and where in the typed text: line and column, counted from 1."""
    said = _said(message)
    kind = str(said.get("exception_type", ""))
    if kind.upper() == "INTERRUPT":
        return {"error": "slow"}
    if kind == "Out of Memory":
        return {"error": "memory"}
    what = str(said.get("exception_message", message)).replace(order["file"], "…").strip()
    return {"error": "sql", "what": what[:500]} | _place(order["text"], said.get("position"), start)


def _said(message: str) -> dict[str, Any]:
    try:
        said = json.loads(message[message.index("{") :])
    except ValueError:
        return {"exception_message": message.split("\n\nLINE")[0]}
    return said if isinstance(said, dict) else {}


def _place(text: str, position: Any, start: int) -> dict[str, int]:
    """The position is one of bytes, in the wrapped text; none where it lies outside what was typed."""
    typed = text.encode()
    if position is None or not 0 <= int(position) - start <= len(typed):
        return {}
    before = typed[: int(position) - start].decode(errors="ignore")
    return {"line": before.count("\n") + 1, "column": len(before) - (before.rfind("\n") + 1) + 1}


def take(stream: BinaryIO) -> tuple[dict[str, Any], dict[str, pa.Table]]:
    """The order and the tables that come after it."""
    order = json.loads(stream.readline())
    return order, {name: _table(stream.read(size)) for name, size in order["tables"].items()}


def _table(content: bytes) -> pa.Table:
    return pa.ipc.open_stream(content).read_all()


def give(stream: BinaryIO, said: dict[str, Any], table: pa.Table | None, most: int) -> None:
    """Hands an answer back; one that is too large for the parent is not begun."""
    content = b""
    if table is not None:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        content = sink.getvalue().to_pybytes()
    if len(content) > most:
        said, content = {"error": "large", "size": len(content), "limit": most}, b""
    stream.write(json.dumps(said).encode() + b"\n" + content)
    stream.flush()


def main() -> None:
    """One order, one answer, the end."""
    out = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 1)
    order, tables = take(sys.stdin.buffer)
    limit(order["memory"], order["seconds"])
    db = opened(order, tables)
    open_no_more()
    out.write(b"ready\n")
    out.flush()
    try:
        said, table = answered(db, order)
        give(out, said, table, order["most"])
    except MemoryError:
        give(out, {"error": "memory"}, None, order["most"])
    # The end of the process closes everything; taking a large result apart first would only cost time.
    os._exit(0)


if __name__ == "__main__":
    main()
