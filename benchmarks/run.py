"""`python -m benchmarks.run`: how the product's time compares with the same work done by hand, in ratios of one run.

Marts: warm, at a million orders and forty thousand clients, against the pandas of benchmarks/by_hand.py on frames that
lie in memory; both must give the same rows before a second is counted. Import: books and a csv through kam.imports, against
the bare read of the same bytes (benchmarks/importing.py). Medians of alternating runs.
"""

from __future__ import annotations

import argparse
import platform
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import by_hand, frames, generate, importing, load
from benchmarks.timing import alternating, show
from kam.workspace import Workspace

MARTS = ("client_cycles", "client_classes", "client_stages", "touch_compliance", "promise_states")
CLOSE = 1e-4  # money is kept to ten-thousandths, shares and days are far from it


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints one line for each comparison."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__.splitlines()[0])
    parser.add_argument("--orders", type=int, default=1_000_000, help="order lines of the company (10 000 to 1 000 000)")
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 500_000], help="rows of the imported books")
    parser.add_argument("--csv-rows", type=int, default=1_000_000, help="rows of the imported csv")
    parser.add_argument("--runs", type=int, default=7, help="runs of each side")
    parser.add_argument("--only", choices=("marts", "import"), help="one of the two parts")
    parser.add_argument("--keep", type=Path, help="a folder that keeps the company's workspace for the next run")
    options = parser.parse_args(arguments)
    print(f"{platform.machine()}, Python {platform.python_version()}, pandas {pd.__version__}, medians of {options.runs} runs")
    with tempfile.TemporaryDirectory(prefix="ritm-benchmark-") as folder:
        if options.only != "import":
            _marts(options.keep or Path(folder) / "company", options.orders, options.runs)
        if options.only != "marts":
            importing.compare(Path(folder), options.rows, options.csv_rows, max(options.runs // 2, 3))


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
    show(mart, *alternating(product, pandas, runs))


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


if __name__ == "__main__":
    main()
