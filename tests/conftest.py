"""Fixtures that every test may use: rows written as a little table become a real dataset, questions are asked of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from filelock import FileLock

from kam import blank, build, imports, loads
from kam.tables import load_tables
from kam.workspace import Workspace

# Each worker has a core to itself; more threads would only wait for each other.
blank.CONFIG["threads"] = "1"

CAPTURED = date(2026, 1, 1)
REMEMBERED = 4  # built files that a worker keeps: the tests of a file often begin with the same rows
_built: dict[str, tuple[bytes, list[loads.Counts]]] = {}
# A worker takes a file at a time: the long ones come first, so that none is begun while the others have nothing left to do.
LONGEST = ("tests/browser/", "tests/test_torture.py", "tests/test_offline.py", "tests/test_against_oracle.py", "tests/kam/", "tests/pages/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((at for at, place in enumerate(LONGEST) if item.nodeid.startswith(place)), len(LONGEST)))


def parse_rows(text: str) -> pa.Table:
    """`a | b` lines as a table of text cells; the first line names the columns, an empty cell is null."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    header, *rows = ([cell.strip() for cell in line.split("|")] for line in lines)
    columns = {name: [row[at] or None if at < len(row) else None for row in rows] for at, name in enumerate(header)}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


class World:
    """Rows given by a test, built into a dataset by the real build when the first question is asked."""

    def __init__(self, path: Path) -> None:
        self.workspace = Workspace(path)
        self._sheets: list[tuple[str, pa.Table, date]] = []
        self._is_built = False

    def given(self, table: str, rows: str | pa.Table, captured_on: date | str = CAPTURED) -> None:
        """Rows of an accepted table ("orders"), by its canonical columns; several loads have several captured dates."""
        cells = parse_rows(rows) if isinstance(rows, str) else rows
        day = date.fromisoformat(captured_on) if isinstance(captured_on, str) else captured_on
        self._sheets.append((table, cells, day))
        self._is_built = False

    def build(self) -> None:
        rows = repr([(table, cells.to_pydict(), day) for table, cells, day in self._sheets]) + f"{self.workspace.built_by()}{build.SPARSE_ROWS}"
        with self.workspace.datasets.writing() as dataset_id:
            part = self.workspace.datasets.part(dataset_id)
            if rows in _built:
                file, self.counts = _built[rows]
                part.write_bytes(file)
            else:
                self._write(part)
                _built[rows] = part.read_bytes(), self.counts
                if len(_built) > REMEMBERED:
                    del _built[next(iter(_built))]
            self.workspace.datasets.publish(dataset_id, None, is_demo=False, built_by=self.workspace.built_by())
        self._is_built = True

    def _write(self, part: Path) -> None:
        with build.drafting(part, None) as draft:
            draft.raw.begin_load(datetime(2026, 11, 20, 9), is_demo=False)
            self.workspace.tell(draft)
            for number, (table, cells, day) in enumerate(self._sheets, 1):
                draft.raw.add(_sheet(number, table, cells, day))
            self.counts = draft.build()
            draft.finish()

    def fetch(self, name: str, **params: Any) -> pa.Table:
        if not self._is_built:
            self.build()
        if isinstance(params.get("as_of"), str):
            params["as_of"] = date.fromisoformat(params["as_of"])
        return self.workspace.fetch(name, **params)

    def rows(self, name: str, **params: Any) -> list[dict[str, Any]]:
        return self.fetch(name, **params).to_pylist()

    def row(self, name: str, client_id: str, **params: Any) -> dict[str, Any]:
        """The one row of a client."""
        (found,) = [row for row in self.rows(name, **params) if row["client_id"] == client_id]
        return found


def _sheet(number: int, table: str, cells: pa.Table, day: date) -> loads.NewSheet:
    """A sheet whose columns are the table's; others are the user's own, kept with the row."""
    known = load_tables()[table].columns
    return loads.NewSheet(
        file=f"{table}-{number}.csv", file_hash=f"hash-{number}", sheet=table, table=table, fingerprint=table,
        captured_on=day, cells=cells, row_numbers=pa.array(range(2, cells.num_rows + 2)),
        fields={name: name for name in cells.column_names if name in known},
        extra={name: name for name in cells.column_names if name not in known}, styles={},
    )  # fmt: skip


Once = Callable[[str, Callable[[Workspace], object]], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """once(name, load): a workspace that `load` filled, one time for all workers; each worker gets a copy of its own."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(name: str, load: Callable[[Workspace], object]) -> Path:
        kept = shared / f"once-{name}"
        with FileLock(shared / f"once-{name}.lock"):
            if not kept.exists():
                ws = Workspace(shared / f"once-{name}.part")
                load(ws)
                ws.close()
                ws.path.rename(kept)
        return Path(shutil.copytree(kept, tmp_path_factory.mktemp(name) / "workspace"))

    return made


@pytest.fixture(scope="session")
def demo_path(once: Once) -> Path:
    """A workspace with the demo. Tests that write take a copy."""
    return once("demo", imports.load_demo)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "workspace")


@pytest.fixture
def given(world: World) -> Callable[..., None]:
    return world.given


@pytest.fixture
def fetch(world: World) -> Callable[..., pa.Table]:
    return world.fetch
