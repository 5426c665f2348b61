"""Imports against the bare read of the same bytes: seconds, and memory over the idle process.

Books: fastexcel into Arrow text columns, and pandas with openpyxl. A csv in cp1251 with decimal commas: DuckDB's own read of
the file decoded beforehand, into memory and into a file. Memory: each side in a process of its own, the peak of the process
with its children.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb
import fastexcel
import pandas as pd

from benchmarks import generate
from benchmarks.timing import alternating, show
from kam import imports
from kam.workspace import Workspace

SAMPLE_SECONDS = 0.02


def compare(folder: Path, book_rows: Sequence[int], csv_rows: int, runs: int) -> None:
    """Prints the ratios of books of so many rows and of one csv."""
    warm_up()
    for rows in book_rows:
        _books(folder, rows, runs)
    _csv(folder, csv_rows, runs)


def _books(folder: Path, rows: int, runs: int) -> None:
    book = folder / f"orders-{rows}.xlsx"
    book.write_bytes(generate.book(rows))
    assert _loaded(book) == rows
    show(f"xlsx, {rows:,} rows", *alternating(lambda: _loaded(book), lambda: bare_book(book), runs))
    if rows == min(100_000, rows):  # openpyxl takes minutes over the bigger one
        show("  pandas with openpyxl", *alternating(lambda: _loaded(book), lambda: pd.read_excel(book), runs))
    _memory(f"xlsx, {rows:,} rows", book, "bare_book")


def _csv(folder: Path, rows: int, runs: int) -> None:
    table = folder / f"orders-{rows}.csv"
    text = generate.csv(rows)
    table.write_bytes(text.encode("cp1251"))
    decoded = folder / "decoded.csv"
    decoded.write_text(text, encoding="utf-8")
    assert _loaded(table) == rows
    show(f"csv cp1251, {rows:,} rows", *alternating(lambda: _loaded(table), lambda: bare_csv(decoded), runs))
    show("  DuckDB into a file", *alternating(lambda: _loaded(table), lambda: filed_csv(decoded), runs))
    _memory(f"csv cp1251, {rows:,} rows", table, "bare_csv", decoded)


def _loaded(path: Path) -> int:
    """Imports the file into a workspace of its own and returns the rows loaded."""
    workspace = Workspace(Path(tempfile.mkdtemp(dir=path.parent)))
    (report,) = imports.load(workspace, [imports.Upload(path.name, path)])
    workspace.close()
    assert report.error is None, report.error
    return report.rows_loaded


def bare_book(path: Path) -> int:
    """The same bytes by the same reader, as text."""
    return int(fastexcel.read_excel(path.read_bytes()).load_sheet(0, dtypes="string").to_arrow().num_rows)


def bare_csv(path: Path) -> int:
    """DuckDB's own reader over the decoded file, into a table in memory."""
    return _taken_in(path, ":memory:")


def filed_csv(path: Path) -> int:
    """The same into a table on disk."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        return _taken_in(path, f"{folder}/orders.duckdb")


def _taken_in(path: Path, database: str) -> int:
    with duckdb.connect(database) as connection:
        connection.execute(f"create table orders as select * from read_csv('{path}', delim = ';', decimal_separator = ',')")
        return int(connection.execute("select count(*) from orders").fetchall()[0][0])


# Memory


def _memory(what: str, path: Path, bare: str, other: Path | None = None) -> None:
    product = _peak("_loaded", path)
    plain = _peak(bare, other or path)
    print(f"{what:26} {product:9.0f} MB  against {plain:9.0f} MB   ratio {product / plain:5.2f}   (peak over idle)", flush=True)


def _peak(work: str, path: Path) -> float:
    """Megabytes over the idle process at the peak of a process that does the work, its children counted with it."""
    code = (
        "import sys; from pathlib import Path; from benchmarks import importing; importing.warm_up(); print('idle', flush=True); "
        f"sys.stdin.readline(); importing.{work}(Path(sys.argv[1]))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None and process.stdout is not None
    process.stdout.readline()
    idle = peak = _resident(process.pid)
    process.stdin.write("go\n")
    process.stdin.flush()
    while process.poll() is None:
        peak = max(peak, _resident(process.pid))
        time.sleep(SAMPLE_SECONDS)
    assert process.returncode == 0
    return peak - idle


def warm_up() -> None:
    """What a running app has done already: the libraries are there, the blank dataset, and the server of reading processes."""
    from kam.blank import blank
    from kam.readers import read_file

    blank()
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(b"a;b\n1;2\n")
        file.flush()
        read_file(Path(file.name), "a.csv")


def _resident(pid: int) -> float:
    """Megabytes held by a process and all that it started (Linux); pages that they share count in each."""
    total = 0.0
    for one in _family(pid):
        try:
            lines = Path(f"/proc/{one}/status").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)
    return total


def _family(pid: int) -> list[int]:
    return [pid, *(other for child in _children(pid) for other in _family(child))]


def _children(pid: int) -> list[int]:
    try:
        named = Path(f"/proc/{pid}/task").glob("*/children")
        return [int(child) for file in named for child in file.read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
