"""`python -m benchmarks.run`: how the product's time compares with the same work done by hand, in ratios of one run.

Marts: warm, at a million orders and forty thousand clients, against the pandas of benchmarks/by_hand.py on frames that
lie in memory; both must give the same rows before a second is counted. Import: a book of a hundred thousand order lines
through kam.imports, against the bare read of the same bytes by the same reader. Medians of alternating runs.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import fastexcel
import numpy as np
import pandas as pd

from benchmarks import by_hand, frames, generate, load
from kam import imports
from kam.workspace import Workspace

MARTS = ("client_cycles", "client_classes", "client_stages", "touch_compliance", "promise_states")
CLOSE = 1e-4  # money is kept to ten-thousandths, shares and days are far from it


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints one line for each comparison."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__.splitlines()[0])
    parser.add_argument("--orders", type=int, default=1_000_000, help="order lines of the company (10 000 to 1 000 000)")
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the imported book")
    parser.add_argument("--runs", type=int, default=7, help="runs of each side")
    parser.add_argument("--only", choices=("marts", "import"), help="one of the two parts")
    parser.add_argument("--keep", type=Path, help="a folder that keeps the company's workspace for the next run")
    options = parser.parse_args(arguments)
    print(f"{platform.machine()}, Python {platform.python_version()}, pandas {pd.__version__}, medians of {options.runs} runs")
    with tempfile.TemporaryDirectory(prefix="ritm-benchmark-") as folder:
        if options.only != "import":
            _marts(options.keep or Path(folder) / "company", options.orders, options.runs)
        if options.only != "marts":
            _import(Path(folder), options.rows, max(options.runs // 2, 3))


# Marts


def _marts(path: Path, orders: int, runs: int) -> None:
    workspace = _company(path, orders)
    started = time.perf_counter()
    workspace.fetch("marts.touch_compliance", as_of=generate.LAST_DAY)
    print(f"first question after opening, rules asked of every wording: {time.perf_counter() - started:.1f} s")
    held = frames.frames(workspace)
    print(f"{len(held.orders):,} order lines, {len(held.clients):,} clients, {len(held.touches):,} touches")
    for mart in MARTS:
        _compare(mart, workspace, held, runs)
    workspace.close()


def _company(path: Path, orders: int) -> Workspace:
    kept = path / f"{orders}"
    if (kept / "CURRENT").exists():
        return Workspace(kept)
    started = time.perf_counter()
    company = generate.company(orders)
    made = time.perf_counter()
    workspace = load.workspace(kept, company)
    print(f"company made in {made - started:.1f} s, dataset built in {time.perf_counter() - made:.1f} s")
    return workspace


def _compare(mart: str, workspace: Workspace, held: by_hand.Frames, runs: int) -> None:
    def product() -> object:
        return workspace.fetch(f"marts.{mart}", as_of=generate.LAST_DAY)

    def pandas() -> pd.DataFrame:
        return getattr(by_hand, mart)(held, generate.LAST_DAY)

    _agree(mart, frames.typed(workspace.fetch(f"marts.{mart}", as_of=generate.LAST_DAY)), pandas())
    _print(mart, *alternating(product, pandas, runs))


def _agree(mart: str, found: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Every shared column of every row is the same. AssertionError names the first that is not."""
    key = "promise_id" if mart == "promise_states" else "client_id"
    found = found.astype({key: object}).sort_values(key).reset_index(drop=True)
    expected = expected.astype({key: object}).sort_values(key).reset_index(drop=True)
    assert len(found) == len(expected), f"{mart}: {len(found)} rows, {len(expected)} by hand"
    for column in expected.columns.intersection(found.columns):
        same = _same(found[column], expected[column])
        assert same.all(), f"{mart}.{column} differs in {(~same).sum()} rows, first {found[key][~same].iloc[0]}"


def _same(left: pd.Series, right: pd.Series) -> pd.Series:
    if left.dtype.kind in "fiu" or right.dtype.kind in "fiu":
        close = np.isclose(left.astype(float), right.astype(float), rtol=1e-9, atol=CLOSE, equal_nan=True)
        return pd.Series(close, left.index)
    return (left.astype(object) == right.astype(object)) | (left.isna() & right.isna())


# Import


def _import(folder: Path, rows: int, runs: int) -> None:
    book = folder / "orders.xlsx"
    book.write_bytes(generate.book(rows))
    content = book.read_bytes()
    places = iter(range(10_000))

    def product() -> object:
        workspace = Workspace(folder / f"workspace-{next(places)}")
        report = imports.load(workspace, [imports.Upload(book.name, book)])
        workspace.close()
        return report

    def bare() -> object:
        return fastexcel.read_excel(content).load_sheet(0, dtypes="string").to_arrow()

    (report,) = product()
    assert (report.rows_loaded, report.rows_rejected) == (rows, 0), report
    _print(f"import of {rows:,} rows", *alternating(product, bare, runs))


# Time


def alternating(first: Callable[[], object], second: Callable[[], object], runs: int) -> tuple[float, float]:
    """The medians of both in seconds, run in turns so that a busy machine disturbs both alike."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(runs + 1):
        for side, work in enumerate((first, second)):
            started = time.perf_counter()
            work()
            if turn:  # the first turn warms up
                times[side].append(time.perf_counter() - started)
    return statistics.median(times[0]), statistics.median(times[1])


def _print(what: str, product: float, other: float) -> None:
    print(f"{what:26} {product * 1000:9.0f} ms  against {other * 1000:9.0f} ms   ratio {product / other:5.2f}", flush=True)


if __name__ == "__main__":
    main()
