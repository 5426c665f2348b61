"""Datasets survive: importers at once, torn files, other versions. Killed importers: tests/torture.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kam import build, imports
from kam.datasets import KEPT
from kam.errors import KamError
from kam.imports import Upload
from kam.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]


def orders_file(folder: Path, name: str, amount: int, rows: int = 200) -> Path:
    """Orders of one client that add up to amount × rows; each file is a source of its own by its amount column's header."""
    path = folder / name
    lines = ["order_id,client,date,amount", *(f"{name}-{row},Альфа,2026-01-{row % 28 + 1:02d},{amount}" for row in range(rows))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def revenue(ws: Workspace) -> int:
    (row,) = ws.fetch("marts.client_classes").to_pylist()
    return int(row["revenue"])


def start_import(workspace: Path, file: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "kam", "--workspace", str(workspace), "import", str(file)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


@pytest.mark.slow  # tests/torture.py has two importers at once among its rounds
def test_two_importers_at_once_both_get_through(tmp_path: Path, ws: Workspace) -> None:
    processes = [start_import(ws.path, orders_file(tmp_path, f"{n}.csv", n)) for n in (1, 2)]
    assert [process.wait() for process in processes] == [0, 0]
    # Same headers, same period: one source, so the later replaces the earlier, whichever that is.
    assert revenue(ws) in (200, 400)
    assert len(imports.history(ws)) == 2


def test_a_torn_dataset_is_noticed_and_the_one_before_is_a_step_back(tmp_path: Path, ws: Workspace) -> None:
    imports.load(ws, [Upload("1.csv", orders_file(tmp_path, "1.csv", 1))])
    imports.load(ws, [Upload("2.csv", orders_file(tmp_path, "2.csv", 2))])
    damaged = ws.datasets.path(ws.dataset_id or "")
    damaged.write_bytes(damaged.read_bytes()[:-100])
    with pytest.raises(KamError) as caught:
        Workspace(ws.path).fetch("marts.client_classes")
    assert caught.value.key == "errors.dataset_damaged"
    imports.undo(ws)
    assert revenue(ws) == 200


def test_a_dataset_with_a_stray_log_is_refused(tmp_path: Path, ws: Workspace) -> None:
    imports.load(ws, [Upload("1.csv", orders_file(tmp_path, "1.csv", 1))])
    file = ws.datasets.path(ws.dataset_id or "")
    file.with_name(file.name + ".wal").write_bytes(b"x")
    with pytest.raises(KamError) as caught:
        revenue(Workspace(ws.path))
    assert caught.value.key == "errors.dataset_damaged"


def test_a_folder_in_which_no_database_can_be_opened_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(KamError) as refused:
        Workspace(tmp_path / "отчёт?" / "папка")
    assert refused.value.key == "errors.workspace_path" and not list(tmp_path.iterdir())


def test_five_datasets_before_the_current_one_are_kept(tmp_path: Path, ws: Workspace) -> None:
    for number in range(KEPT + 3):
        imports.load(ws, [Upload(f"{number}.csv", orders_file(tmp_path, f"{number}.csv", number + 1, rows=2))])
    assert len(list(ws.datasets.root.glob("ds-*.duckdb"))) == KEPT + 1
    for _ in range(KEPT):
        imports.undo(ws)
    with pytest.raises(KamError):
        imports.undo(ws)
    assert revenue(ws) == 2 * 3


def test_a_dataset_of_another_version_is_built_anew_when_it_is_opened(
    tmp_path: Path, ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports.load(ws, [Upload("1.csv", orders_file(tmp_path, "1.csv", 1))])
    with monkeypatch.context() as patch:
        patch.setattr(build, "digest", lambda: "older")
        imports.load(ws, [Upload("2.csv", orders_file(tmp_path, "2.csv", 2))])
    older = ws.dataset_id
    assert revenue(ws) == 400
    assert ws.dataset_id != older
    imports.undo(ws)
    assert revenue(ws) == 200
